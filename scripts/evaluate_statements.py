"""How well two rows are judged to carry the same statement: precision and recall on the judged pairs, by category.

    python scripts/evaluate_statements.py [--errors] [--raise-floors | --lower-floors]

The parts: dev and test of pairs.jsonl, and hard (more_pairs.jsonl): claims on one subject that share many words, and
translations that share few. ``--errors`` lists the wrong decisions of dev and hard only: test is for measuring.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from floors import Floors, drops, raised, read_floors, write_floors

from quotes.statements.agreement import Verdict, compare, prepare

FOLDER = Path(__file__).resolve().parent.parent / "fixtures" / "statements"
PAIRS, MORE, FLOORS = FOLDER / "pairs.jsonl", FOLDER / "more_pairs.jsonl", FOLDER / "floors.json"
PARTS = ("dev", "hard", "test")


@dataclass(slots=True)
class Count:
    """Decisions on pairs: right and wrong yes, right and wrong no."""

    hits: int = 0
    wrong: int = 0
    missed: int = 0
    kept_apart: int = 0
    categories: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))

    @property
    def precision(self) -> float:
        """Of the pairs that were joined, the share that is one statement."""
        return self.hits / (self.hits + self.wrong) if self.hits + self.wrong else 0.0

    @property
    def recall(self) -> float:
        """Of the pairs that are one statement, the share that was joined."""
        return self.hits / (self.hits + self.missed) if self.hits + self.missed else 0.0


def load_pairs(path: Path = PAIRS) -> list[dict[str, Any]]:
    """The judged pairs, times read."""
    pairs = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    for pair in pairs:
        for side in ("a", "b"):
            published = pair[side]["published"]
            pair[side]["published"] = datetime.fromisoformat(published) if published else None
    return pairs


def file_of(part: str) -> Path:
    """The file of a part."""
    return MORE if part == "hard" else PAIRS


def load_part(part: str) -> list[dict[str, Any]]:
    """The pairs of one of :data:`PARTS`."""
    return [pair for pair in load_pairs(file_of(part)) if part == "hard" or pair["part"] == part]


def judge(pair: dict[str, Any]) -> Verdict:
    """The decision on a pair."""
    return compare(prepare(pair["a"]), prepare(pair["b"]))


def count(pairs: Sequence[dict[str, Any]]) -> Count:
    """The decisions on pairs, counted."""
    found = Count()
    for pair in pairs:
        same = judge(pair).same
        found.categories[pair["category"]].append(same == pair["same"])
        if pair["same"]:
            found.hits += same
            found.missed += not same
        else:
            found.wrong += same
            found.kept_apart += not same
    return found


def measure() -> Floors:
    """All parts as they are now, with the hash of their file."""
    figures = {part: count(load_part(part)) for part in PARTS}
    return {
        part: {
            "sha256": hashlib.sha256(file_of(part).read_bytes()).hexdigest(),
            "figures": {"precision": round(found.precision, 4), "recall": round(found.recall, 4)},
        }
        for part, found in figures.items()
    }


def report(part: str, found: Count) -> str:
    """The figures of a part as text."""
    precision = f"precision {found.precision:.3f} ({found.hits} of {found.hits + found.wrong})"
    recall = f"recall {found.recall:.3f} ({found.hits} of {found.hits + found.missed})"
    categories = sorted(found.categories.items())
    lines = [f"  {category:18} {sum(right):3} of {len(right):3} right" for category, right in categories]
    return "\n".join([f"{part}: {precision}, {recall}", *lines])


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures, or write the floors."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--errors", action="store_true", help="list the wrong decisions of dev and hard")
    parser.add_argument("--raise-floors", action="store_true", help="write floors that rose")
    parser.add_argument("--lower-floors", action="store_true", help="write all floors as they are now")
    options = parser.parse_args(arguments)
    for part in PARTS:
        print(report(part, count(load_part(part))))
    if options.errors:
        for pair in (*load_part("dev"), *load_part("hard")):
            verdict = judge(pair)
            if verdict.same != pair["same"]:
                print(f"\n{pair['id']} {pair['category']}: {verdict.reason} {verdict.score:.2f}; {pair['why']}")
                print(f"  {pair['a']['text']}\n  {pair['b']['text']}")
    if options.raise_floors or options.lower_floors:
        measured = measure()
        write_floors(measured if options.lower_floors else raised(read_floors(FLOORS), measured), FLOORS)
    elif FLOORS.exists():
        print("\n".join(drops(read_floors(FLOORS), measure())))


if __name__ == "__main__":
    main()
