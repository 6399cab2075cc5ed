"""Successive things taken together up to a size: documents, pieces of text, words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

_Thing = TypeVar("_Thing")


def in_batches(things: Iterable[_Thing], size: Callable[[_Thing], int], most: int) -> Iterator[list[_Thing]]:
    """Lists of successive things whose sizes add up to ``most`` or less; one that is larger alone stands alone."""
    batch: list[_Thing] = []
    total = 0
    for thing in things:
        if batch and total + size(thing) > most:
            yield batch
            batch, total = [], 0
        batch.append(thing)
        total += size(thing)
    if batch:
        yield batch
