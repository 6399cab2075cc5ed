"""The maximum spanning tree of a sentence's arcs (Chu and Liu 1965, Edmonds 1967), with one root.

``stanza.models.common.chuliu_edmonds`` finds the same tree; it rewrites the scores word by word at each contraction.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def best_tree(scores: Any) -> Any:
    """The tree with one root that has the highest sum of scores: each word's head, 0 for the root.

    ``scores`` is [n, n] with row = dependent, column = head, 0 = root.
    """
    heads = greedy_tree(scores)
    if heads is not None:
        return heads
    scores = scores.astype(np.float64)
    # Arcs to the root are made so dear that a second one never pays (Stanojević and Cohen 2021).
    scores[:, 0] += scores[np.isfinite(scores)].min() * len(scores)
    np.fill_diagonal(scores, -np.inf)
    scores[0] = -np.inf
    contracted = []
    gone = [0]
    while True:
        heads = np.argmax(scores, axis=1)
        heads[gone] = 0
        cycle = _cycle(heads.tolist())
        if not cycle:
            break
        contracted.append((heads, *_contract(scores, heads, np.array(cycle))))
        gone += cycle[1:]
    for earlier, cycle, entries, exits in reversed(contracted):
        above = heads[cycle[0]]
        below = heads == cycle[0]
        heads[below] = exits[below]
        heads[cycle] = earlier[cycle]
        heads[entries[above]] = above
    return heads


def _contract(scores: Any, heads: Any, cycle: Any) -> tuple[Any, Any, Any]:
    """Let the first member of a cycle stand for all, in place.

    Returns the cycle, the member that each possible head would take away from its head within, and the member that
    each possible dependent would hang on.
    """
    into = scores[cycle] - scores[cycle, heads[cycle]][:, None]
    out_of = scores[:, cycle]
    entries, exits = into.argmax(axis=0), out_of.argmax(axis=1)
    whole, rest = cycle[0], cycle[1:]
    scores[whole], scores[:, whole] = into.max(axis=0), out_of.max(axis=1)
    scores[whole, whole] = -np.inf
    scores[0] = -np.inf
    scores[rest] = -np.inf
    scores[:, rest] = -np.inf
    return cycle, cycle[entries], cycle[exits]


def _cycle(heads: list[int]) -> list[int]:
    """The members of one cycle, none if there is no cycle; the root is its own head and no cycle."""
    seen_from = [-1] * len(heads)
    seen_from[0] = 0
    for start in range(1, len(heads)):
        at = start
        while seen_from[at] < 0:
            seen_from[at] = start
            at = heads[at]
        if at and seen_from[at] == start:
            members = [at]
            while heads[members[-1]] != at:
                members.append(heads[members[-1]])
            return members
    return []


def greedy_tree(scores: Any) -> Any:
    """Each word's best head, if these heads form a tree with one root; else ``None``.

    A tree of best heads is the maximum spanning tree, so that no search is needed.
    """
    masked = scores.copy()
    np.fill_diagonal(masked, -np.inf)
    heads = np.argmax(masked, axis=1)
    heads[0] = 0
    if (heads[1:] == 0).sum() != 1:
        return None
    ancestors = heads.copy()
    for _ in range(max(1, len(heads).bit_length())):
        ancestors = ancestors[ancestors]
    return None if ancestors.any() else heads
