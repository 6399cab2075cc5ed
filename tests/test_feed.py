"""``quotes feed`` as it is called: streams, exit codes, formats, what is sent when, bad files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from desk_store import put, said

from quotes.cli import cli, main
from quotes.cli.feed import feed
from quotes.desk.outbox import Outbox
from quotes.desk.verdicts import read_verdicts
from quotes.model import Quotation
from quotes.store import open_store

FACTS = "Das Deichamt teilte mit, der Deich sei 1974 gebaut worden. Seither habe es keine einzige Prüfung gegeben."
MORE = "Im Juli seien 41 Kähne gesunken. Man hoffe auf Regen. Das Hafenfest sei wunderbar."
ALL = ("der Deich sei 1974 gebaut worden", "Seither habe es keine einzige Prüfung gegeben")


@pytest.fixture(autouse=True)
def registered() -> None:
    if "feed" not in cli.commands:
        cli.add_command(feed)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty working folder with a store of two claims."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("QUOTES_STORE", raising=False)
    put(Path("s"), FACTS, "a.txt", [amt(FACTS, part) for part in ALL], outlet="Deichbote")
    yield tmp_path
    for path in tmp_path.rglob("*"):
        if path.is_dir():
            path.chmod(0o755)


def amt(text: str, *parts: str, **other: Any) -> Quotation:
    return said(text, *parts, **{"speaker": "Deichamt", "speaker_kind": "organisation"} | other)


def more() -> None:
    parts = ("Im Juli seien 41 Kähne gesunken", "Man hoffe auf Regen", "Das Hafenfest sei wunderbar")
    put(Path("s"), MORE, "b.txt", [amt(MORE, part) for part in parts])


def texts(path: str = "claims.jsonl") -> list[str]:
    return [json.loads(line)["text"] for line in Path(path).read_text("utf-8").splitlines()]


def send(*further: str, output: str = "claims.jsonl") -> int:
    return main(["feed", "--since-last", "-o", output, "--store", "s", *further])


def test_without_since_last_it_is_a_query_without_state(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        assert main(["feed", "--store", "s"]) == 0
        out, err = capsys.readouterr()
        assert {json.loads(line)["text"] for line in out.splitlines()} == set(ALL)
        assert "2 claims" in err
    assert not Path("s/feed").exists()


def test_each_run_sends_what_is_new_and_nothing_twice(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert send() == 0
    assert set(texts()) == set(ALL)
    assert "Batch 1: 2 claims" in capsys.readouterr().err
    more()
    assert send() == 0
    assert texts() == ["Im Juli seien 41 Kähne gesunken"]
    assert "2 below" in capsys.readouterr().err
    assert set(texts("claims.1.jsonl")) == set(ALL)
    assert send() == 0
    assert texts() == []
    assert "Nothing new, 2 below" in capsys.readouterr().err
    assert texts("claims.2.jsonl") == ["Im Juli seien 41 Kähne gesunken"]


def test_what_was_passed_over_comes_with_a_lower_score(here: Path) -> None:
    more()
    assert send() == 0
    assert send("--min-score", "0") == 0
    assert set(texts()) == {"Man hoffe auf Regen", "Das Hafenfest sei wunderbar"}


def test_the_rest_waits_behind_the_most(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    more()
    found = []
    for expected in ("2 beyond --top", "1 beyond --top", "Batch 3: 1 claim,", "Nothing new"):
        assert send("--top", "1") == 0
        found += texts()
        assert expected in capsys.readouterr().err
    assert len(found) == len(set(found)) == 3


def test_a_newer_extractor_that_moves_a_span_sends_nothing(here: Path) -> None:
    assert send() == 0
    moved = ("Deich sei 1974 gebaut worden", "habe es keine einzige Prüfung gegeben")
    put(Path("s"), FACTS, "a.txt", [amt(FACTS, part) for part in moved], version="2")
    assert send() == 0
    assert texts() == []


def test_the_same_article_from_another_source_is_not_sent_again(here: Path) -> None:
    assert send() == 0
    put(Path("s"), FACTS, "copy.txt", [amt(FACTS, part) for part in ALL])
    assert send() == 0
    assert texts() == []


def test_a_statement_in_another_article_says_that_it_repeats(here: Path) -> None:
    assert send("--outlet", "Deichbote") == 0
    sent = {json.loads(line)["quote_id"] for line in Path("claims.jsonl").read_text("utf-8").splitlines()}
    copy = "Wie das Deichamt schreibt: Der Deich sei 1974 gebaut worden. Mehr war nicht zu erfahren."
    put(Path("s"), copy, "c.txt", [amt(copy, "Der Deich sei 1974 gebaut worden")], outlet="Marschkurier")
    assert send("--outlet", "Marschkurier") == 0
    (line,) = Path("claims.jsonl").read_text("utf-8").splitlines()
    claim = json.loads(line)
    assert set(claim["repeats"]) < sent
    assert len(claim["repeats"]) == 1
    assert [a["new"] for a in sorted(claim["appearances"], key=lambda a: a["source"])] == [False, True]


def test_a_repetition_is_seen_whoever_else_spoke_and_however_the_name_is_printed(here: Path) -> None:
    text = "Der Turm sei 1901 abgebrannt. Der Turm sei 1902 abgerissen worden. Der Pegel sei um 40 Zentimeter gefallen."
    first = [said(text, "Der Turm sei 1901 abgebrannt", speaker="Ada Ohm")]
    first.append(said(text, "Der Turm sei 1902 abgerissen worden", speaker=None))
    first.append(said(text, "Der Pegel sei um 40 Zentimeter gefallen", speaker="Ole Kuhn"))
    put(Path("s"), text, "t.txt", first, outlet="Deichbote")
    assert send() == 0
    copy = "Laut Ohm gilt: Der Turm sei 1901 abgebrannt."
    put(Path("s"), copy, "u.txt", [said(copy, "Der Turm sei 1901 abgebrannt", speaker="Ohm")], outlet="Marschkurier")
    assert send("--outlet", "Marschkurier") == 0
    (claim,) = map(json.loads, Path("claims.jsonl").read_text("utf-8").splitlines())
    assert len(claim["repeats"]) == 1
    assert {a["source"] for a in claim["appearances"]} == {"t.txt", "u.txt"}


def test_batches_can_be_repeated_byte_for_byte(here: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert send() == 0
    first = Path("claims.jsonl").read_bytes()
    put(Path("s"), FACTS, "a.txt", [amt(FACTS, "Seither")], version="2")
    assert send() == 0
    capsysbinary.readouterr()
    assert main(["feed", "--again", "1", "--store", "s"]) == 0
    assert capsysbinary.readouterr().out == first
    assert main(["feed", "--again", "1", "-o", "again.jsonl", "--store", "s"]) == 0
    assert Path("again.jsonl").read_bytes() == first


def test_an_unknown_batch_is_a_wrong_call(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["feed", "--again", "3", "--store", "s"]) == 2
    assert "no batch 3" in capsys.readouterr().err


def test_a_pending_batch_goes_where_it_was_meant_to_before_anything_new(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("gone").mkdir()
    assert send(output="gone/claims.jsonl") == 0
    more()
    Path("gone/claims.jsonl").unlink()
    Path("gone").rmdir()
    assert send(output="gone/claims.jsonl") == 1
    assert "gone is not there" in capsys.readouterr().err
    assert send() == 1  # still not there: nothing overtakes
    Path("gone").mkdir()
    assert send() == 0
    assert texts("gone/claims.jsonl") == ["Im Juli seien 41 Kähne gesunken"]
    assert texts() == []
    assert "Batch 2" in capsys.readouterr().err


def test_a_pending_batch_can_be_taken_elsewhere(here: Path) -> None:
    Path("gone").mkdir()
    with pytest.MonkeyPatch.context() as context:
        context.setattr("quotes.desk.delivery.replace", lambda *_, **__: (_ for _ in ()).throw(OSError("gone")))
        assert send(output="gone/claims.jsonl") == 1
    assert main(["feed", "--again", "1", "-o", "claims.jsonl", "--store", "s"]) == 0
    assert set(texts()) == set(ALL)
    with Outbox("s") as box:
        assert box.pending() == []
    assert send(output="gone/claims.jsonl") == 0
    assert texts("gone/claims.jsonl") == []


def test_two_runs_at_once_are_refused(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Outbox("s"):
        assert send() == 1
    assert "another run of quotes feed is at work" in capsys.readouterr().err
    assert not Path("claims.jsonl").exists()


def test_a_read_only_output_keeps_the_batch_for_the_next_run(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("claims.jsonl").write_text("old")
    Path("claims.jsonl").chmod(0o444)
    assert send() == 1
    assert "is read-only" in capsys.readouterr().err
    Path("claims.jsonl").chmod(0o644)
    assert send() == 0
    assert Path("claims.0.jsonl").read_text() == "old"
    # The first batch was delivered first; nothing was new after it.
    assert set(texts("claims.1.jsonl")) == set(ALL)
    assert texts() == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--by", "A"], "belong to a decision"),
        (["--note", "x"], "belong to a decision"),
        (["--mark", "aa", "open", "--by", "A", "--since-last"], "--mark goes without --since-last"),
        (["--mark", "aa", "open", "--by", "A", "-o", "x.jsonl"], "--mark goes without -o"),
        (["--mark", "zz", "open", "--by", "A"], "no quotation is called zz"),
        (["--mark", "zz", "open"], "--by NAME"),
        (["--again", "1", "--top", "3"], "--again goes without --top"),
        (["--again", "1", "Deichamt"], "--again goes without a query"),
        (["-o", "claims.txt"], "none of the endings"),
        (["-o", "s/manifest.json"], "is inside the store"),
        (["-o", "s/feed/sent.jsonl", "--since-last"], "is inside the store"),
        (["--since", "2026-02-02", "--until", "2026-02-01"], "nothing can be since"),
    ],
)
def test_wrong_calls_end_with_2_and_a_sentence(
    arguments: list[str], told: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = Path("s/manifest.json").read_bytes()
    assert main(["feed", "--store", "s", *arguments]) == 2
    out, err = capsys.readouterr()
    assert told in err
    assert out == ""
    assert Path("s/manifest.json").read_bytes() == before


def test_decisions_are_written_down_and_shown(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ids = open_store("s").quotations().collect()["quote_id"].to_list()
    marks = ["--mark", ids[0][:8], "false", "--mark", ids[1], "checking"]
    assert main(["feed", *marks, "--by", "Ada Ohm", "--note", "Deichbuch", "--store", "s"]) == 0
    assert read_verdicts("s")[ids[0]].note == "Deichbuch"
    capsys.readouterr()
    assert main(["feed", "--store", "s"]) == 0
    claims = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {c["quote_id"]: c["verdict"]["status"] for c in claims} == {ids[0]: "false", ids[1]: "checking"}
    assert {c["verdict"]["by"] for c in claims} == {"Ada Ohm"}


def test_a_damaged_log_of_decisions_sends_nothing_and_loses_nothing(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("s/desk.jsonl").write_text("{")
    assert send() == 1
    assert "desk.jsonl: line 1 is damaged" in capsys.readouterr().err
    Path("s/desk.jsonl").unlink()
    assert send() == 0
    assert set(texts()) == set(ALL)


@pytest.mark.parametrize(
    ("output", "start"),
    [
        ("c.jsonl", b'{"claim_id"'),
        ("c.atom", b"<?xml"),
        ("c.XML", b"<?xml"),
        ("c.jsonld", b'{\n "@context": "https://schema.org"'),
        ("c.json", b'{\n "@context": "http://www.w3.org/ns/anno.jsonld"'),
    ],
)
def test_the_ending_chooses_the_form(output: str, start: bytes, here: Path) -> None:
    assert main(["feed", "-o", output, "--store", "s"]) == 0
    assert Path(output).read_bytes().startswith(start)
    assert send(output=output) == 0
    assert Path(output).read_bytes().startswith(start)


@pytest.mark.parametrize("output", ["c.atom", "c.jsonld", "c.json"])
def test_runs_without_news_leave_no_heap_of_empty_files(output: str, here: Path) -> None:
    for _ in range(3):
        assert send("--min-score", "1", output=output) == 0
    for _ in range(3):
        assert send(output=output) == 0
    aside = output.replace("c.", "c.1.")
    assert sorted(p.name for p in Path().glob("c.*")) == sorted([output, aside])


def test_the_form_can_be_said(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["feed", "--format", "atom", "--store", "s"]) == 0
    assert capsys.readouterr().out.startswith("<?xml")
    assert main(["feed", "--format", "jsonld", "-o", "claims.txt", "--store", "s"]) == 0
    assert json.loads(Path("claims.txt").read_text())["@context"] == "https://schema.org"


def test_the_query_options_choose(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    more()
    assert main(["feed", "--about", "Kähne", "--store", "s"]) == 0
    assert [json.loads(line)["text"] for line in capsys.readouterr().out.splitlines()] == [
        "Im Juli seien 41 Kähne gesunken"
    ]
    assert main(["feed", "Deichamt", "--outlet", "Deichbote", "--store", "s"]) == 0
    assert {json.loads(line)["text"] for line in capsys.readouterr().out.splitlines()} == set(ALL)
    assert main(["feed", "Niemand", "--store", "s"]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert "Nothing found for Niemand" in err


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_goes_away_gets_the_same_batch_again(
    unbuffered: str, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONUNBUFFERED", unbuffered)
    text = " ".join(f"Im Jahr {year} seien {year} Kähne gesunken." for year in range(1700, 2000))
    parts = [f"Im Jahr {year} seien {year} Kähne gesunken" for year in range(1700, 2000)]
    put(Path("s"), text, "long.txt", [amt(text, part) for part in parts])
    script = "from quotes.cli import cli, run; from quotes.cli.feed import feed; cli.add_command(feed); run()"
    command = [sys.executable, "-c", script, "feed", "--since-last", "--store", "s"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert b"sends the same batch again" in process.stderr.read()
        assert process.wait() == 0
    again = subprocess.run(command, check=True, capture_output=True)
    claims = [json.loads(line) for line in again.stdout.splitlines()]
    assert {claim["batch"] for claim in claims} == {1}
    assert len({claim["quote_id"] for claim in claims}) == len(parts) + len(ALL)
    assert subprocess.run(command, check=True, capture_output=True).stdout == b""


def test_articles_without_days_and_speakers_go_out_too(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "Der Turm sei 1901 abgebrannt, hieß es."
    put(Path("t"), text, "t.txt", [said(text, "Der Turm sei 1901 abgebrannt", speaker=None)])
    assert main(["feed", "--min-score", "0", "--store", "t"]) == 0
    claim = json.loads(capsys.readouterr().out)
    assert claim["speaker"] is None
    assert claim["published"] is None


def test_the_store_is_not_written_by_a_query(here: Path) -> None:
    put(Path("s"), MORE, "b.txt", [], published=datetime(2026, 1, 2, 3, 4))
    before = {p: p.read_bytes() for p in Path("s").rglob("*.parquet")}
    assert main(["feed", "-o", "x.jsonl", "--store", "s"]) == 0
    assert {p: p.read_bytes() for p in Path("s").rglob("*.parquet")} == before
    assert not os.path.exists("s/feed")
