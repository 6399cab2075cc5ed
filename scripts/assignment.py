"""One-to-one matching of greatest total weight, exactly, in pure Python."""

from __future__ import annotations

from collections.abc import Sequence

INFINITE = float("inf")


def assign(weights: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """Pairs (row, column) whose weights have the greatest sum; each row and column at most once, weight 0 never.

    The Hungarian method with potentials, row by row: O(rows² · columns). Weights must not be negative.
    """
    if not weights or not weights[0]:
        return []
    if len(weights) > len(weights[0]):
        return sorted((row, column) for column, row in assign([list(column) for column in zip(*weights, strict=True)]))
    rows, columns = len(weights), len(weights[0])
    # Classic form with cost = -weight; index 0 is a sentinel, match[c] is the row that holds column c.
    row_potential, column_potential = [0.0] * (rows + 1), [0.0] * (columns + 1)
    match = [0] * (columns + 1)
    for row in range(1, rows + 1):
        match[0] = row
        least = [INFINITE] * (columns + 1)
        came_from = [0] * (columns + 1)
        done = [False] * (columns + 1)
        column = 0
        while match[column]:
            done[column] = True
            holder, step, following = match[column], INFINITE, 0
            for other in range(1, columns + 1):
                if done[other]:
                    continue
                slack = -weights[holder - 1][other - 1] - row_potential[holder] - column_potential[other]
                if slack < least[other]:
                    least[other], came_from[other] = slack, column
                if least[other] < step:
                    step, following = least[other], other
            for other in range(columns + 1):
                if done[other]:
                    row_potential[match[other]] += step
                    column_potential[other] -= step
                else:
                    least[other] -= step
            column = following
        while column:
            match[column] = match[came_from[column]]
            column = came_from[column]
    pairs = ((match[column] - 1, column - 1) for column in range(1, columns + 1) if match[column])
    return sorted((row, column) for row, column in pairs if weights[row][column] > 0)
