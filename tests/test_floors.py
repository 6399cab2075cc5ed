"""No figure on the gold may drop below its floor, and no gold may change without its floors."""

from __future__ import annotations

import copy
from pathlib import Path

import floors
import pytest
from evaluate import main
from floors import drops, measure, raised, read_floors, write_floors

SAMPLE = {"gold": {"sha256": "a1", "figures": {"precision": 0.9, "recall": 0.8}}}


def changed(**figures: float) -> floors.Floors:
    sample = copy.deepcopy(SAMPLE)
    sample["gold"]["figures"].update(figures)
    return sample


def test_no_figure_is_below_its_floor() -> None:
    measured = measure()
    kept = read_floors()
    assert set(kept) == set(floors.SETS)
    assert drops(kept, measured) == []
    for name in floors.SETS:
        assert set(kept[name]["figures"]) == set(measured[name]["figures"])


def test_a_drop_is_named_and_a_hair_is_not() -> None:
    assert drops(SAMPLE, changed(recall=0.796)) == []
    assert drops(SAMPLE, changed(recall=0.794)) == ["gold: recall is 0.7940, its floor 0.8000"]


def test_changed_gold_is_named_even_if_all_figures_rose() -> None:
    measured = changed(precision=1.0, recall=1.0)
    measured["gold"]["sha256"] = "b2"
    assert "gold changed" in drops(SAMPLE, measured)[0]
    assert raised(SAMPLE, measured) == SAMPLE


def test_a_set_without_floors_is_named() -> None:
    assert drops({}, SAMPLE) == ["gold: no floor"]


def test_floors_rise_figure_by_figure_and_never_fall() -> None:
    assert raised(SAMPLE, changed(precision=0.95, recall=0.5)) == changed(precision=0.95)
    assert raised({}, SAMPLE) == SAMPLE


def test_the_file_keeps_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "floors.json"
    assert read_floors(path) == {}
    write_floors(SAMPLE, path)
    assert read_floors(path) == SAMPLE


@pytest.mark.parametrize(("flag", "recall"), [("--raise-floors", 0.8), ("--lower-floors", 0.5)])
def test_only_the_explicit_flag_lowers(flag: str, recall: float, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[floors.Floors] = []
    monkeypatch.setattr(floors, "measure", lambda: changed(recall=0.5))
    monkeypatch.setattr(floors, "read_floors", lambda: SAMPLE)
    monkeypatch.setattr(floors, "write_floors", written.append)
    main([flag])
    assert written == [changed(recall=recall)]


def test_the_hash_sees_annotation_and_text(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    text, note = tmp_path / "01_a.txt", tmp_path / "01_a.json"
    text.write_text("Text", encoding="utf-8")
    note.write_text("{}", encoding="utf-8")
    monkeypatch.setattr(floors, "gold_paths", lambda part: [text])
    before = floors.gold_digest("unseen")
    note.write_text("[]", encoding="utf-8")
    after = floors.gold_digest("unseen")
    text.write_text("Texte", encoding="utf-8")
    assert len({before, after, floors.gold_digest("unseen")}) == 3
