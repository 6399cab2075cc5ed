"""The whole way, with the parser inside the package."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from quotes.cli import main

pytestmark = pytest.mark.model

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
# Every kind of odd character stands inside or beside a quotation here.
ODD = (
    "\ufeffDie Minis\u00adterin sagte am\u00a0Montag: „Wir pru\u0308fen den\u2009Vertrag \U0001f600 noch.“\r\n"
    "Der Ver\u200btrag sei wichtig, erkla\u0308rte Anna\u00a0Beispiel am\u202fDienstag in Bonn.\r\n"
)


def extract(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[dict[str, object]], str]:
    code = main(["extract", *arguments])
    out, err = capsys.readouterr()
    return code, [json.loads(line) for line in out.splitlines()], err


def test_the_seeds_go_into_a_store_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = str(tmp_path / "s")
    code, rows, err = extract(capsys, str(SEEDS), "--store", store)
    assert code == 0
    assert "5 documents" in err
    assert {row["source"] for row in rows} == {str(path) for path in SEEDS.glob("*.txt")}
    before = {path: path.read_bytes() for path in (tmp_path / "s").rglob("*") if path.is_file()}
    code, again, err = extract(capsys, str(SEEDS), "--store", store)
    assert (code, again) == (0, rows)
    assert "0 new, 5 unchanged" in err
    assert {path: path.read_bytes() for path in (tmp_path / "s").rglob("*") if path.is_file()} == before
    assert main(["show", "001", "--store", store]) == 0
    article = json.loads(capsys.readouterr().out)
    for row in article["quotations"]:
        assert article["text"][row["start"] : row["end"]] == row["text"]


def test_odd_characters_break_neither_tokens_nor_offsets(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "odd.txt").write_text(ODD, encoding="utf-8", newline="")
    code, rows, _ = extract(capsys, str(tmp_path / "odd.txt"), "--store", str(tmp_path / "s"))
    assert code == 0
    assert [row["text"] for row in rows] == ["Wir prüfen den Vertrag \U0001f600 noch.", "Der Vertrag sei wichtig"]
    assert rows[1]["speaker"] == "Anna Beispiel"


def test_hopeless_texts_cost_no_other_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    articles = tmp_path / "articles"
    articles.mkdir()
    texts = {
        "giant": "und das ging immer so weiter ohne ein Ende " * 2400,
        "words": "Die Ministerin sagte, " + "dass der Hafen und der Kai und " * 830 + "der Steg schließt.",
        "digits": "1 2 3 4 5 6 7 8 9 0 " * 50,
        "emoji": "\U0001f600\U0001f44d" * 200,
        "controls": "\x01\x02\x07" * 100,
        "english": "The minister said on Monday that he would review the contract before the end of the year. " * 6,
        "good": "„Wir prüfen das“, sagte Anna Beispiel.",
    }
    for name, text in texts.items():
        (articles / f"{name}.txt").write_text(text, encoding="utf-8")
    code, rows, err = extract(capsys, str(articles), "--store", str(tmp_path / "s"))
    assert code == 3
    assert ("Wir prüfen das", "Anna Beispiel") in {(row["text"], row["speaker"]) for row in rows}
    lines = err.splitlines()
    assert any("giant.txt" in line and "5000 characters without a full stop were cut" in line for line in lines)
    assert any("words.txt" in line and "over 200 words was cut" in line for line in lines)
    assert {line.split(":")[1].rpartition("/")[2] for line in lines if line.startswith("Failed")} == {
        "controls.txt",
        "english.txt",
    }


def test_an_endless_sentence_is_cut_and_noted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "long.txt").write_text("Die Ministerin sagte, " + "dass sie das Haus und den Hof und " * 150 + "sieht.")
    (tmp_path / "good.txt").write_text("„Wir prüfen das“, sagte Anna Beispiel.")
    code, rows, err = extract(capsys, str(tmp_path), "--store", str(tmp_path / "s"))
    assert code == 0
    assert "Anna Beispiel" in {row["speaker"] for row in rows}
    assert "was cut" in err
