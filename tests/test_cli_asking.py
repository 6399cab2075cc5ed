"""The commands that ask a store: what they say of damage, of dates that are missing, and of limits."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from quotes.cli import main


def test_who(here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    main(["extract", "news", "--store", "s"])
    capsys.readouterr()
    monkeypatch.setenv("QUOTES_STORE", "s")
    assert main(["who", "mueller", "--about", "strasse"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line)["speaker"] == "Müller"
    assert main(["who", "Muller"]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert "Did you mean Müller?" in err


def test_damage_is_named_and_the_exit_code_says_so(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["extract", "news", "--store", "s"])
    (shard,) = (here / "s" / "quotations").iterdir()
    shard.write_bytes(shard.read_bytes()[:50])
    capsys.readouterr()
    for command in (["who"], ["who", "Müller"], ["speakers"], ["show", "a.txt"], ["statements"], ["feed"]):
        assert main([*command, "--store", "s"]) == 3, command
        assert f"Damaged: {Path('s', 'quotations', shard.name)} is cut off" in capsys.readouterr().err
    assert main(["extract", "news", "--store", "s"]) == 0
    out, err = capsys.readouterr()
    assert len(out.splitlines()) == 2
    assert "was set aside. Extract its articles again: news/a.txt" in err
    assert main(["who", "--store", "s"]) == 0


def test_days_go_into_json(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = {"id": "1", "text": "„Ja“, sagte Ada.", "published": "2024-05-06T10:00:00Z"}
    (here / "c.jsonl").write_text(json.dumps(record))
    assert main(["extract", "c.jsonl", "-q", "--store", "s"]) == 0
    capsys.readouterr()
    assert main(["speakers", "--store", "s"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line)["first"] == "2024-05-06"


def test_quotations_without_a_date_are_counted_where_days_are_asked_for(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["extract", "news", "--store", "s"])
    capsys.readouterr()
    for command in (["who"], ["statements"], ["feed"], ["sheet", "-o", "x.csv"]):
        assert main([*command, "Müller", "--since", "2024-01-01", "--store", "s"]) == 0
        assert "1 more quotation has no date and answers" in capsys.readouterr().err, command
    assert main(["who", "Müller", "--store", "s"]) == 0
    assert "no date" not in capsys.readouterr().err


def test_a_limit(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["extract", "news", "--store", "s"])
    capsys.readouterr()
    assert main(["who", "--limit", "1", "--store", "s"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1
