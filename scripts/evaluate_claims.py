"""How well ``quotes.desk.worth`` finds what is worth checking, on the judged claims in ``fixtures/claims``.

    python scripts/evaluate_claims.py                   figures of both parts; 1 if one is below its floor
    python scripts/evaluate_claims.py --raise-floors    keep figures that rose
    python scripts/evaluate_claims.py --lower-floors    take all figures as they are now
    python scripts/evaluate_claims.py --fit             lines for quotes/data/use/worth_weights.tsv, fitted anew

Precision, recall and F1 are those of the rows at or above the threshold of ``worth_weights.tsv``; average precision is
the mean of the precisions at each row that is worth checking, from the highest score down. For a category, the share of
its rows that are judged right. Weights are fitted on part ``dev`` and on ``fitting.tsv``; ``test`` is only measured.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from floors import Floors, drops, raised, read_floors, write_floors

from quotes.desk import worth

FOLDER = Path(__file__).resolve().parent.parent / "fixtures" / "claims"
CLAIMS, FITTING, FLOORS = FOLDER / "claims.jsonl", FOLDER / "fitting.tsv", FOLDER / "floors.json"
PARTS = ("dev", "test")
# How hard weights are drawn to 0 (ridge), the least rows a feature needs, and the folds that choose the threshold.
RIDGE, LEAST, FOLDS = 1.0, 2, 10
# Features without a weight of their own: some only serve others in worth_words.tsv; whether a claim is denied or
# doubted and how long it is does not decide by the guideline, and a duration stands in facts and plans alike.
UNWEIGHED = (
    *("auxiliary", "than", "to", "werden"),
    *("polarity:affirmed", "polarity:denied", "polarity:questioned"),
    *("duration", "small_number", "long", "family"),
)

Claim = Mapping[str, Any]


def claims(part: str) -> list[Claim]:
    """The judged claims of a part."""
    rows = [json.loads(line) for line in CLAIMS.read_text(encoding="utf-8").splitlines()]
    return [row for row in rows if row["part"] == part]


def fitting() -> list[Claim]:
    """The further claims that only weights are fitted on."""
    head, *lines = FITTING.read_text(encoding="utf-8").splitlines()
    columns = head.removeprefix("# ").split("\t")
    rows = [dict(zip(columns, line.split("\t"), strict=True)) for line in lines if not line.startswith("#")]
    return [{**row, "check_worthy": row["check_worthy"] == "1"} for row in rows]


def digest(part: str) -> str:
    """The sha256 of a part's rows: texts, judgements and all."""
    return hashlib.sha256(json.dumps(claims(part), sort_keys=True).encode()).hexdigest()


def figures(rows: Sequence[Claim], scores: Sequence[float], threshold: float) -> dict[str, float]:
    """The figures of scored rows, each between 0 and 1."""
    right = [row["check_worthy"] for row in rows]
    taken = [score >= threshold for score in scores]
    hits = sum(r and t for r, t in zip(right, taken, strict=True))
    precision, recall = hits / max(1, sum(taken)), hits / max(1, sum(right))
    by_category = defaultdict(list)
    for row, r, t in zip(rows, right, taken, strict=True):
        by_category[row["category"]].append(r == t)
    found = {
        "precision": precision,
        "recall": recall,
        "f1": 2 * hits / max(1, sum(taken) + sum(right)),
        "average precision": average_precision(right, scores),
    }
    found |= {f"{name} right": sum(good) / len(good) for name, good in sorted(by_category.items())}
    return {name: round(value, 4) for name, value in found.items()}


def average_precision(right: Sequence[bool], scores: Sequence[float]) -> float:
    """The mean precision at each right row; rows with one score count as if the wrong ones came first."""
    order = sorted(range(len(right)), key=lambda i: (-scores[i], right[i]))
    hits, total = 0, 0.0
    for place, i in enumerate(order, start=1):
        if right[i]:
            hits += 1
            total += hits / place
    return total / max(1, hits)


def measure() -> Floors:
    """Both parts as they are now."""
    measured: Floors = {}
    for part in PARTS:
        rows = claims(part)
        scores = [worth.score(row).score for row in rows]
        measured[part] = {"sha256": digest(part), "figures": figures(rows, scores, worth.threshold())}
    return measured


def fit(rows: Sequence[Claim]) -> tuple[dict[str, float], float, float]:
    """Weights by logistic regression with a ridge, the bias, and the threshold with the best F1 out of fold."""
    counted = [worth.counts(row) for row in rows]
    often = Counter(name for counts in counted for name in counts)
    names = sorted(name for name in often if often[name] >= LEAST and name not in UNWEIGHED)
    x = np.array([[1.0, *(counts.get(name, 0) for name in names)] for counts in counted])
    y = np.array([float(row["check_worthy"]) for row in rows])
    out = np.zeros(len(y))
    order = np.random.default_rng(0).permutation(len(y))
    for fold in range(FOLDS):
        held = order[fold::FOLDS]
        rest = np.setdiff1d(order, held)
        out[held] = 1 / (1 + np.exp(-x[held] @ _logistic(x[rest], y[rest])))
    best = max(np.round(np.arange(0.2, 0.8, 0.01), 2), key=lambda t: (_f1(y, out >= t), -abs(t - 0.5)))
    weights = _logistic(x, y)
    return dict(zip(names, map(float, weights[1:]), strict=True)), float(weights[0]), float(best)


def _logistic(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    weights = np.zeros(x.shape[1])
    ridge = np.eye(len(weights)) * RIDGE
    ridge[0, 0] = 1e-6
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ weights))
        step = np.linalg.solve(x.T @ (x * (p * (1 - p))[:, None]) + ridge, x.T @ (p - y) + ridge @ weights)
        weights -= step
        if np.abs(step).max() < 1e-9:
            break
    return weights


def _f1(y: np.ndarray, taken: np.ndarray) -> float:
    return float(2 * (taken * y).sum() / max(1.0, taken.sum() + y.sum()))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="How well what is worth checking is found.")
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--raise-floors", action="store_true")
    choice.add_argument("--lower-floors", action="store_true")
    choice.add_argument("--fit", action="store_true")
    asked = parser.parse_args(arguments)
    if asked.fit:
        weights, bias, best = fit([*claims("dev"), *fitting()])
        print(f"bias\t{bias:.2f}\nthreshold\t{best:.2f}")
        for name, weight in sorted(weights.items(), key=lambda item: -item[1]):
            print(f"{name}\t{weight:.2f}")
        return 0
    measured, kept = measure(), read_floors(FLOORS)
    if asked.raise_floors or asked.lower_floors:
        write_floors(measured if asked.lower_floors else raised(kept, measured), FLOORS)
    print(f"threshold {worth.threshold()}")
    for name in measured["dev"]["figures"]:
        told = "  ".join(f"{part} {100 * measured[part]['figures'].get(name, 0.0):5.1f}" for part in PARTS)
        print(f"{name:24} {told}")
    found = drops(read_floors(FLOORS), measured)
    print(*found, sep="\n", end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
