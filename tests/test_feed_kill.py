"""Killed at every instant and run again: each quotation is sent once, none is lost."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from desk_store import put, said

from quotes.errors import QuotesError
from quotes.export.feed import Order, Report, send_new
from quotes.export.files import write_file
from quotes.search import Filters, open_store

ORDER = Order(form="jsonl", min_score=0.0, top=None, version="1", now=datetime(2026, 3, 4, 12, tzinfo=UTC))
# What touches the disk. Each call is a point at which a program can die, before it or after it.
CALLS = ("replace", "fsync", "link", "unlink", "open")
NEWS = "Im Mai seien 41 Boote gesunken, sagte die Hafenmeisterin. Der Kai sei nie saniert worden."
LATER = "Die Werft habe 300 Stellen gestrichen, sagte die Hafenmeisterin."


class KilledError(BaseException):
    """Stands for the end of the program: nothing may catch it."""


def fill(store: Path, text: str, source: str) -> None:
    put(store, text, source, [said(text, part) for part in text.removesuffix(".").split(". ")])


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path, int], None]:
    """Puts a store with one or two articles at a path; copied, since making one costs time."""
    made = [tmp_path_factory.mktemp("stores") / str(number) for number in (1, 2)]
    for number, store in enumerate(made):
        fill(store, NEWS, "a.txt")
        if number:
            fill(store, LATER, "b.txt")

    def lay(path: Path, articles: int) -> None:
        """A store that is there already keeps its outbox."""
        for name in ("documents", "quotations", "manifest.json"):
            source = made[articles - 1] / name
            if source.is_dir():
                shutil.copytree(source, path / name, dirs_exist_ok=True)
            else:
                shutil.copy(source, path / name)

    return lay


def run(store: Path, output: Path | None, out: Callable[[bytes], Any] = bytes) -> Report:
    return send_new(
        open_store(store), Filters(), ORDER, output=output, write_file=write_file, write_out=out, group=lambda _: []
    )


def dying(monkeypatch: pytest.MonkeyPatch, point: int, *, after: bool) -> Iterator[int]:
    """Makes the call number ``point`` the last one, and counts the calls."""
    count = [0]
    for name in CALLS:
        real = getattr(os, name)

        def call(*args: Any, _real: Any = real, **named: Any) -> Any:
            count[0] += 1
            if count[0] == point and not after:
                raise KilledError
            found = _real(*args, **named)
            if count[0] == point:
                raise KilledError
            return found

        monkeypatch.setattr(os, name, call)
    yield 0
    yield count[0]


def sent_in(folder: Path) -> list[str]:
    """All quotations in the output and in what was put aside."""
    files = sorted(folder.glob("claims*.jsonl"))
    return [json.loads(line)["quote_id"] for file in files for line in file.read_text("utf-8").splitlines()]


def stored(store: Path) -> list[str]:
    return open_store(store).quotations().collect()["quote_id"].to_list()


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("second", [False, True])
def test_a_run_that_died_anywhere_is_brought_to_its_end(
    after: bool, second: bool, stores: Callable[[Path, int], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    point, died = 0, 0
    while True:
        point += 1
        folder = tmp_path / str(point)
        store, out = folder / "s", folder / "claims.jsonl"
        stores(store, 1)
        if second:
            run(store, out)
            stores(store, 2)
        with monkeypatch.context() as context:
            calls = dying(context, point, after=after)
            next(calls)
            try:
                run(store, out)
            except KilledError:
                died += 1
            reached = next(calls)
        for _ in range(2):
            run(store, out)
        assert Counter(sent_in(folder)) == Counter(stored(store)), f"killed at call {point}"
        assert not list(folder.glob("**/*.new")), "nothing half-written is left"
        if reached < point:
            break
    # Five files of state and one output, each with several calls; fewer would mean that the calls are not seen.
    assert died > 20


@pytest.mark.parametrize("after", [False, True])
def test_a_run_that_died_while_it_repaired_another_is_repaired_too(
    after: bool, stores: Callable[[Path, int], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for point in range(1, 60, 2):
        folder = tmp_path / str(point)
        store, out = folder / "s", folder / "claims.jsonl"
        stores(store, 1)
        for further in (12, point):
            with monkeypatch.context() as context:
                next(dying(context, further, after=after))
                with contextlib.suppress(KilledError):
                    run(store, out)
            stores(store, 2)
        run(store, out)
        run(store, out)
        assert Counter(sent_in(folder)) == Counter(stored(store)), f"killed at call {point}"


def test_a_full_disk_loses_nothing(
    stores: Callable[[Path, int], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for point in range(1, 60):
        folder = tmp_path / str(point)
        store, out = folder / "s", folder / "claims.jsonl"
        stores(store, 1)
        with monkeypatch.context() as context:
            real, count = os.fsync, [0]

            def full(descriptor: int, count: list[int] = count, point: int = point, real: Any = real) -> None:
                count[0] += 1
                if count[0] >= point:
                    raise OSError(28, "No space left on device")
                real(descriptor)

            context.setattr(os, "fsync", full)
            with contextlib.suppress(QuotesError):
                run(store, out)
        run(store, out)
        assert Counter(sent_in(folder)) == Counter(stored(store)), f"full at fsync {point}"
        if count[0] < point:
            break


def test_standard_output_that_broke_off_is_sent_again_as_the_same_batch(
    stores: Callable[[Path, int], None], tmp_path: Path
) -> None:
    store = tmp_path / "s"
    stores(store, 1)
    first: list[bytes] = []

    def breaks(data: bytes) -> None:
        first.append(data)
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        run(store, None, breaks)
    stores(store, 2)
    second: list[bytes] = []
    report = run(store, None, second.append)
    assert second[0] == first[0]
    assert [b.number for b in report.repeated] == [1]
    batches = [json.loads(line)["batch"] for data in second for line in data.splitlines()]
    assert batches == [1, 1, 2]
    third: list[bytes] = []
    assert run(store, None, third.append).batch is None
    assert third == []


_SCRIPT = """
import os, sys
from pathlib import Path
point, after, store, out = int(sys.argv[1]), sys.argv[2] == "after", sys.argv[3], sys.argv[4]
sys.path.insert(0, sys.argv[5])
from test_feed_kill import CALLS, run
import polars, quotes.export.feed, quotes.desk.worth
quotes.desk.worth.threshold()
count = 0
def wrap(real):
    def call(*args, **named):
        global count
        count += 1
        if count == point and not after:
            os._exit(9)
        found = real(*args, **named)
        if count == point:
            os._exit(9)
        return found
    return call
for name in CALLS:
    setattr(os, name, wrap(getattr(os, name)))
run(Path(store), Path(out))
"""


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_process_that_was_killed_is_brought_to_its_end(
    when: str, stores: Callable[[Path, int], None], tmp_path: Path
) -> None:
    """The same with a real process that ends without any cleaning up; some points, since each costs a start."""
    died = 0
    for point in range(2, 40, 6 if when == "before" else 7):
        folder = tmp_path / str(point)
        store, out = folder / "s", folder / "claims.jsonl"
        stores(store, 1)
        run(store, out)
        stores(store, 2)
        command = [sys.executable, "-c", _SCRIPT, str(point), when, str(store), str(out), str(Path(__file__).parent)]
        died += subprocess.run(command, check=False).returncode == 9
        run(store, out)
        run(store, out)
        assert Counter(sent_in(folder)) == Counter(stored(store)), f"killed at call {point}"
    assert died >= 3
