"""Maximum spanning trees, against all trees of few words and against Stanza's of many."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
import pytest

from quotes.parse.spanning import best_tree, greedy_tree


def drawn(random: np.random.Generator, size: int) -> np.ndarray:
    """Logarithms of probabilities of heads, as uneven as a parser's."""
    scores = np.log(random.dirichlet(np.full(size + 1, 0.4), size + 1) + 1e-9).astype(np.float32)
    np.fill_diagonal(scores, -np.inf)
    return scores


def trees(size: int) -> Iterator[tuple[int, ...]]:
    """All ways to give words 1..size heads so that they form a tree with one root."""
    for heads in itertools.product(range(size + 1), repeat=size):
        if heads.count(0) != 1:
            continue
        for word in range(1, size + 1):
            at, steps = word, 0
            while at and steps <= size:
                at, steps = heads[at - 1], steps + 1
            if at:
                break
        else:
            yield heads


def test_the_best_tree_is_the_best_of_all_trees() -> None:
    random = np.random.default_rng(1)
    searched = 0
    for size in (1, 2, 3, 4):
        every = list(trees(size))
        for _ in range(100):
            scores = drawn(random, size)
            sums = [sum(scores[i, head] for i, head in enumerate(heads, start=1)) for heads in every]
            found = best_tree(scores)
            searched += bool((np.argmax(scores[1:], axis=1) != found[1:]).any())
            assert tuple(found[1:].tolist()) == every[int(np.argmax(sums))]
    assert searched > 50, "the greedy heads were always a tree, so that nothing was searched"


@pytest.mark.parametrize("size", [5, 12, 40, 90])
def test_the_best_tree_of_a_long_sentence_is_stanzas(size: int) -> None:
    from stanza.models.common.chuliu_edmonds import chuliu_edmonds_one_root

    random = np.random.default_rng(size)
    searched = 0
    for _ in range(25):
        scores = drawn(random, size)
        searched += greedy_tree(scores) is None
        expected = chuliu_edmonds_one_root(scores.copy().astype(np.float64))
        assert best_tree(scores).tolist() == expected.tolist()
    assert searched > 15
