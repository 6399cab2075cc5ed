"""What a guard sees: two contents, how their words are paired, and which of their clauses say the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from quotes.statements.matching import Alignment
from quotes.statements.reading import Reading

# What the shared words of two clauses must count for before they are compared.
CLAUSE_WEIGHT = 0.8


@dataclass(frozen=True, slots=True)
class Side:
    """One content at a guard: how it was read, and what its row says of it.

    Attributes:
        denied, asked: the row's polarity. verbatim: a direct quotation. nominal: a reported act, which has no clause.
    """

    reading: Reading
    denied: bool = False
    asked: bool = False
    verbatim: bool = False
    nominal: bool = False


def sentences(found: Alignment, side: int) -> set[int]:
    """The sentences of one side (0 or 1) that have a paired word."""
    words = (found.a, found.b)[side]
    return {words[pair[side]].sentence for pair in found.index_pairs}


def clauses(found: Alignment) -> Iterator[tuple[int, int]]:
    """Clauses of both sides that say the same: each with the one it shares most with."""
    shared: dict[tuple[int, int], float] = {}
    for i, j, strength in found.pairs:
        key = (found.a[i].clause, found.b[j].clause)
        shared[key] = shared.get(key, 0.0) + strength * found.a[i].weight
    seen_a: set[int] = set()
    seen_b: set[int] = set()
    for one, other in sorted(shared, key=lambda key: (-shared[key], key)):
        if one not in seen_a and other not in seen_b and shared[one, other] >= CLAUSE_WEIGHT:
            seen_a.add(one)
            seen_b.add(other)
            yield one, other
