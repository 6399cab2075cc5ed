"""Verdicts: who decided what and when, all or none, the latest holds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from desk_store import put

from quotes.desk.verdicts import DESK, STATUSES, Verdict, from_lines, mark, read_log, read_verdicts, to_lines
from quotes.errors import StoreError, UsageError
from quotes.store import StoreWriter, open_store

NINE = datetime(2026, 2, 3, 9, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    put(tmp_path / "s", "„Ja“, sagte Anna. „Nein“. „Vielleicht“.", "a.txt")
    return tmp_path / "s"


def ids(store: Path) -> list[str]:
    return open_store(store).quotations().sort("start").collect()["quote_id"].to_list()


def test_the_latest_verdict_holds_and_the_log_keeps_all(store: Path) -> None:
    first, second, _ = ids(store)
    mark(store, [(first, "checking"), (second, "false")], by="Redaktion Faktencheck", at=NINE)
    mark(store, [(first, "confirmed")], by="Ö. Grünwald", at=NINE + timedelta(hours=1), note="Protokoll, S. 3")
    verdicts = read_verdicts(store)
    assert verdicts[first] == Verdict(first, "confirmed", "Ö. Grünwald", "2026-02-03T10:00:00+00:00", "Protokoll, S. 3")
    assert verdicts[second].status == "false"
    assert [v.status for v in read_log(store)] == ["checking", "false", "confirmed"]


def test_a_store_nobody_decided_about_has_no_verdicts(store: Path) -> None:
    assert read_verdicts(store) == {}


def test_times_are_written_in_utc(store: Path) -> None:
    here = datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=2)))
    assert mark(store, [(ids(store)[0], "open")], by="A", at=here)[0].at == "2026-07-01T10:00:00+00:00"


def test_a_clear_beginning_is_enough_and_an_unclear_one_is_not(store: Path) -> None:
    known = ids(store)
    wanted = known[0]
    shortest = next(n for n in range(1, 21) if sum(i.startswith(wanted[:n]) for i in known) == 1)
    assert mark(store, [(wanted[:shortest].upper(), "open")], by="A", at=NINE)[0].quote_id == wanted
    with pytest.raises(UsageError, match="no quotation is called"):
        mark(store, [("", "open")], by="A", at=NINE)


def test_ambiguous_and_unknown_ids_name_the_nearest(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = ids(store)
    monkeypatch.setattr(
        "quotes.desk.verdicts.read_log",
        lambda _: [Verdict(known[0][:4] + "f" * 16, "open", "A", "2026-01-01T00:00:00+00:00")],
    )
    with pytest.raises(UsageError, match="2 quotations begin with .*" + known[0]):
        mark(store, [(known[0][:4], "open")], by="A", at=NINE)
    wrong = known[0][:-2] + "zz"
    with pytest.raises(UsageError, match="Did you mean .*" + known[0]):
        mark(store, [(wrong, "open")], by="A", at=NINE)


@pytest.mark.parametrize(
    ("status", "by", "told"),
    [("confirmd", "A", "Did you mean confirmed"), ("xyz", "A", "Choose one of open"), ("open", "  ", "--by NAME")],
)
def test_what_is_no_verdict_is_not_written(status: str, by: str, told: str, store: Path) -> None:
    with pytest.raises(UsageError, match=told):
        mark(store, [(ids(store)[0], status)], by=by, at=NINE)
    assert not (store / DESK).exists()


def test_of_several_marks_all_are_written_or_none(store: Path) -> None:
    with pytest.raises(UsageError):
        mark(store, [(ids(store)[0], "open"), ("zzzz", "open")], by="A", at=NINE)
    assert read_log(store) == []


@pytest.mark.parametrize(
    "line",
    [
        '{"quote_id": "a", "status": "open"',
        '{"quote_id": "a", "status": "wahr", "by": "A", "at": "2026-01-01T00:00:00+00:00"}',
        '{"quote_id": "a", "status": "open", "by": "A", "at": "gestern"}',
        '{"quote_id": "a", "status": "open", "by": "A", "at": "2026-01-01T00:00:00"}',
        '{"quote_id": 7, "status": "open", "by": "A", "at": "2026-01-01T00:00:00+00:00"}',
        '{"quote_id": "a", "status": "open", "by": "A", "at": "2026-01-01T00:00:00+00:00", "mood": "x"}',
        "[]",
        "\x00",
    ],
)
def test_a_damaged_line_is_named_with_a_remedy(line: str, store: Path) -> None:
    good = to_lines([Verdict("a", "open", "A", "2026-01-01T00:00:00+00:00")])
    (store / DESK).write_text(good + "\n" + line + "\n" + good, encoding="utf-8")
    with pytest.raises(StoreError, match=r"desk\.jsonl: line 3 is damaged .*the other lines hold"):
        read_verdicts(store)
    before = (store / DESK).read_bytes()
    with pytest.raises(StoreError):
        mark(store, [(ids(store)[0], "open")], by="A", at=NINE)
    assert (store / DESK).read_bytes() == before


def test_bytes_that_are_no_text_are_an_error(store: Path) -> None:
    (store / DESK).write_bytes(b"\xff\xfe")
    with pytest.raises(StoreError, match="cannot be read"):
        read_verdicts(store)


def test_notes_keep_line_separators_and_lone_surrogates() -> None:
    log = [Verdict("a", "open", "A\u2028B", "2026-01-01T00:00:00+00:00", "x\ny\ud800\u202e<b>")]
    text = to_lines(log)
    text.encode("ascii")
    assert from_lines(text, source="desk.jsonl") == log


def test_a_crash_while_writing_leaves_the_log_as_it_was(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, _ = ids(store)
    mark(store, [(first, "open")], by="A", at=NINE)
    before = (store / DESK).read_bytes()

    def fall(*_: object) -> None:
        raise OSError(28, "No space left on device")

    for name in ("replace", "fsync"):
        with monkeypatch.context() as context:
            context.setattr(f"os.{name}", fall)
            with pytest.raises(StoreError, match="Free some space"):
                mark(store, [(second, "false")], by="A", at=NINE)
        assert (store / DESK).read_bytes() == before
    mark(store, [(second, "false")], by="A", at=NINE)
    assert [v.quote_id for v in read_log(store)] == [first, second]


def test_only_one_may_write(store: Path) -> None:
    with StoreWriter(store), pytest.raises(StoreError, match="another process"):
        mark(store, [(ids(store)[0], "open")], by="A", at=NINE)


def test_nothing_is_marked_where_there_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="holds no store"):
        mark(tmp_path / "none", [("a", "open")], by="A", at=NINE)
    assert not (tmp_path / "none").exists()


def test_the_statuses_are_those_of_the_contract() -> None:
    assert STATUSES == ("open", "checking", "confirmed", "false", "misquoted", "not_checkable")
