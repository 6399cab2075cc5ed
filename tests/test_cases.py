"""Every line of the case tables: content, kind, speaker, channels and polarity, and no row that nobody expects."""

from __future__ import annotations

from functools import lru_cache

import pytest
from evaluate import CASE_IGNORES, KNOWN_FAILURES
from gold import load_cases
from scoring import complaints

from quotes.extract import extract

ARTICLES = load_cases()
PLACES = [place for a in ARTICLES for place in (*(e.place for e in a.expected), f"{a.source}/extra")]
KNOWN = [line for line in KNOWN_FAILURES.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]


@lru_cache(maxsize=1)
def verdicts() -> dict[str, tuple[str, list[str]]]:
    return {
        place: (a.text, faults)
        for a in ARTICLES
        for place, faults in complaints(a, extract(a.parsed), CASE_IGNORES).items()
    }


@pytest.mark.parametrize("place", PLACES)
def test_case(place: str) -> None:
    text, faults = verdicts()[place]
    if place in KNOWN:
        assert faults, f"passes now: run python scripts/evaluate.py --write-known-failures\n{text}"
    else:
        assert faults == [], text


def test_the_known_failures_are_cases() -> None:
    assert sorted(set(KNOWN)) == KNOWN
    assert set(KNOWN) <= set(PLACES)


def test_there_are_enough_cases_for_each_construction() -> None:
    assert sum(len(a.expected) for a in ARTICLES) >= 150
    tables: dict[str, int] = {}
    for article in ARTICLES:
        table = article.source.partition("#")[0]
        tables[table] = tables.get(table, 0) + 1
    assert len(tables) >= 20
    assert min(tables.values()) >= 8
