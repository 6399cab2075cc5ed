"""The judged pairs: no figure may drop below its floor, and no pair may change without its floors."""

from __future__ import annotations

import json
from pathlib import Path

import evaluate_statements
import pytest
from evaluate_statements import FLOORS, PARTS, count, load_pairs, main, measure, report
from floors import drops, read_floors


def test_no_figure_on_the_pairs_is_below_its_floor() -> None:
    kept, measured = read_floors(FLOORS), measure()
    assert set(kept) == set(PARTS)
    assert drops(kept, measured) == []
    assert all(set(kept[part]["figures"]) == {"precision", "recall"} for part in PARTS)


def pair(a: str, b: str, *, same: bool, **more: str) -> dict[str, object]:
    side = {"speaker": "Wiltrud Kammer", "kind": "indirect", "published": None, "outlet": None, "via": []}
    return {"same": same, "category": "c", "a": side | {"text": a}, "b": side | {"text": b}, **more}


def test_right_and_wrong_decisions_are_counted() -> None:
    copied, other = "die Stadt verkaufe den Schlachthof", "der Zug halte nicht mehr in der Vorstadt"
    found = count(
        [
            pair(copied, copied, same=True),
            pair(copied, copied, same=False),
            pair(copied, other, same=True),
            pair(copied, other, same=False),
            pair(copied, copied, same=True),
        ]
    )
    assert (found.hits, found.wrong, found.missed, found.kept_apart) == (2, 1, 1, 1)
    assert (found.precision, found.recall) == (pytest.approx(2 / 3), pytest.approx(2 / 3))
    assert "precision 0.667 (2 of 3)" in report("dev", found)
    assert "3 of   5 right" in report("dev", found)


def test_times_of_pairs_are_read(tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    one = pair("x", "y", same=True)
    one["a"] = one["a"] | {"published": "2024-05-06T08:30:00"}  # type: ignore[operator]
    path.write_text(json.dumps(one) + "\n", encoding="utf-8")
    (read,) = load_pairs(path)
    assert (read["a"]["published"].year, read["b"]["published"]) == (2024, None)


def test_only_the_explicit_flag_lowers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path, figures = tmp_path / "floors.json", {"precision": 0.5, "recall": 0.5}
    old = {"dev": {"sha256": "a", "figures": {"precision": 0.9, "recall": 0.4}}}
    monkeypatch.setattr(evaluate_statements, "FLOORS", path)
    monkeypatch.setattr(evaluate_statements, "load_part", lambda part: [])
    monkeypatch.setattr(evaluate_statements, "measure", lambda: {"dev": {"sha256": "a", "figures": figures}})
    path.write_text(json.dumps(old), encoding="utf-8")
    main(["--raise-floors"])
    assert read_floors(path)["dev"]["figures"] == {"precision": 0.9, "recall": 0.5}
    main(["--lower-floors"])
    assert read_floors(path)["dev"]["figures"] == figures
