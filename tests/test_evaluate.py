"""The command line of scripts/evaluate.py."""

from __future__ import annotations

import json
from pathlib import Path

import evaluate
import pytest
from corpus_metric import read_corpus
from fake_parser import FakeParser, fake_extract
from gold import FIXTURES, PARTS, gold_paths

from quotes.parse.conllu import write_conllu

TEXT = "„Ja“, sagte Holm."
RECORD = {
    "documentName": "one",
    "originalText": TEXT,
    "tokens": [
        {"charBegin": start, "charEnd": end} for start, end in ((0, 1), (1, 3), (3, 4), (4, 5), (6, 11), (12, 16))
    ],
    "annotations": [
        {
            "type": "Direct",
            "medium": "Speech",
            "quote": {"tokenIds": [0, 1, 2]},
            "addressee": {"tokenIds": []},
            "cue": {"tokenIds": [4]},
            "frame": {"tokenIds": [4, 5]},
            "speaker": {"tokenIds": [5]},
        }
    ],
}


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A corpus of one article beside its stored parse, with an extractor that finds what stands in marks."""
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps(RECORD) + "\n", encoding="utf-8")
    documents = [record.document for record in read_corpus(path)]
    path.with_suffix(".conllu").write_text("".join(write_conllu(FakeParser().parse(documents))), encoding="utf-8")
    monkeypatch.setattr(evaluate, "extract", fake_extract)
    return path


def test_a_corpus_file_is_measured_with_its_stored_parse(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate.main([str(corpus), "--parses", str(corpus.with_suffix(".conllu")), "--json"]) == 0
    measured = json.loads(capsys.readouterr().out)
    assert measured["messages"] == {"precision": 1, "recall": 1, "f1": 1}
    assert measured["each_role"]["speaker"]["f1"] == 1
    assert measured["each_role"]["cue"] == {"precision": 0, "recall": 0, "f1": 0}


def test_a_stored_parse_that_lacks_an_article_is_refused(corpus: Path) -> None:
    corpus.with_suffix(".conllu").write_text("# newdoc id = other\n", encoding="utf-8")
    with pytest.raises(LookupError, match="lacks 1 articles"):
        evaluate.main([str(corpus), "--parses", str(corpus.with_suffix(".conllu"))])


def test_the_errors_of_a_corpus_are_listed_in_groups(
    corpus: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evaluate, "extract", lambda parsed: [])
    assert evaluate.main([str(corpus), "--parses", str(corpus.with_suffix(".conllu")), "--errors"]) == 0
    out = capsys.readouterr().out
    assert "messages                          0.000" in out
    assert "missed Direct (1)\n  one: „ Ja “ | cue sagte" in out


@pytest.mark.parametrize("target", ["gold", "cases"])
def test_our_own_sets(target: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate.main([str(FIXTURES / target), "--json"]) == 0
    summaries = json.loads(capsys.readouterr().out)
    assert set(summaries) == ({"cases"} if target == "cases" else set(PARTS))
    figures = {"precision", "recall", "f1", "right", "wrong_name", "null", "kinds", "rules", "resolutions"}
    assert all(figures <= set(summary) for summary in summaries.values())


def test_errors_of_the_unseen_articles_are_never_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate.main([str(FIXTURES / "gold"), "--errors"]) == 0
    out = capsys.readouterr().out
    assert "unseen: " in out
    listed = {part: any(path.name in out for path in gold_paths(part)) for part in PARTS}
    assert listed == {"development": True, "calibration": False, "unseen": False}


@pytest.mark.parametrize("target", ["fixtures/parses", "no such thing", "gold"])
def test_another_target_is_wrong_usage(target: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate.main([target]) == 2
    assert "give a .jsonl file" in capsys.readouterr().err
