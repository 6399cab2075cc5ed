"""The figures that must not drop: measured from stored parses, kept in fixtures/floors.json with the gold's hashes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from gold import FIXTURES, PARTS, Article, case_paths, digest, gold_paths, load_cases, load_gold
from scoring import Pair, compare, summarise

from quotes.extract import extract

FLOORS = FIXTURES / "floors.json"
# Two parses of the same text may differ in a token where the processors differ; one row of 400 is 0.0025.
TOLERANCE = 0.005
SETS = (*PARTS, "cases")

Floors = dict[str, dict[str, Any]]


def articles(name: str) -> list[Article]:
    """The articles of one of :data:`SETS`."""
    return load_cases() if name == "cases" else load_gold(name)


def gold_digest(name: str) -> str:
    """The hash of a set's texts and annotations."""
    if name == "cases":
        return digest(case_paths())
    paths = gold_paths(name)
    return digest([*paths, *(p.with_suffix(".json") for p in paths)])


def run(chosen: Iterable[Article]) -> list[Pair]:
    """Extract from the stored parses and compare."""
    return [pair for article in chosen for pair in compare(article, extract(article.parsed))]


def figures(summary: Mapping[str, Any]) -> dict[str, float]:
    """The figures of a summary that have a floor; for all of them more is better."""
    overall = {name: summary[name] for name in ("precision", "recall", "f1")}
    right = {f"{field} right": share for field, share in summary["right"].items()}
    kinds = {f"{kind} f1": values["f1"] for kind, values in summary["kinds"].items()}
    return {name: round(value, 4) for name, value in {**overall, **right, **kinds}.items()}


def measure() -> Floors:
    """All sets as they are now."""
    return {name: {"sha256": gold_digest(name), "figures": figures(summarise(run(articles(name))))} for name in SETS}


def read_floors(path: Path = FLOORS) -> Floors:
    """The floors, empty where there is no file yet."""
    floors: Floors = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return floors


def write_floors(floors: Floors, path: Path = FLOORS) -> None:
    """Write the file, its keys in the order given."""
    path.write_text(json.dumps(floors, indent=1) + "\n", encoding="utf-8")


def drops(floors: Floors, measured: Floors) -> list[str]:
    """What is below its floor or cannot be compared with it, one line each; empty if all is well."""
    found = []
    for name, now in measured.items():
        if name not in floors:
            found.append(f"{name}: no floor")
        elif floors[name]["sha256"] != now["sha256"]:
            found.append(f"{name}: the gold changed, so its floors say nothing; measure anew with --lower-floors")
        else:
            for figure, floor in floors[name]["figures"].items():
                value = now["figures"].get(figure, 0.0)
                if value < floor - TOLERANCE:
                    found.append(f"{name}: {figure} is {value:.4f}, its floor {floor:.4f}")
    return found


def raised(floors: Floors, measured: Floors) -> Floors:
    """The floors with every figure that rose; a set whose gold changed keeps its floors, since nothing compares."""
    result: Floors = {}
    for name, now in measured.items():
        old = floors.get(name)
        if old is None:
            result[name] = now
        elif old["sha256"] != now["sha256"]:
            result[name] = old
        else:
            best = {f: max(value, old["figures"].get(f, 0.0)) for f, value in now["figures"].items()}
            result[name] = {"sha256": now["sha256"], "figures": best}
    return result
