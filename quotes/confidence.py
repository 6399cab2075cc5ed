"""Confidence: how often rows like this one are right.

The shares were counted on annotated articles that nobody fitted a rule to (``confidence.tsv``, written by
``scripts/calibrate.py``). A construction with few counted rows leans on the share of all; the evidence that it states
for one row (a strong verb, marks, a Konjunktiv) moves the row up or down within its construction. For speakers the
stated prior leads, and the count of that way to a speaker moves it. Both are means of a beta distribution; their
constants gave the best likelihood when each calibration article was left out in turn.
"""

from __future__ import annotations

from functools import lru_cache

from quotes.tables import read_table

# How many counted rows the share of all is worth, and the stated prior of a speaker.
SHARED_ROWS, SPEAKER_ROWS = 20, 40
# How much of the difference between a row's evidence and that of its construction's other rows counts.
EVIDENCE = 0.5
_LOWEST, _HIGHEST = 0.05, 0.99


def row_confidence(rule: str, evidence: float) -> float:
    """The probability that a row is a quotation.

    Args:
        rule: the construction that found it.
        evidence: what the construction states for this row (0 to 1); without counts it is the result.
    """
    counts = _counts("row")
    total = sum(rows for rows, _, _ in counts.values())
    if not total:
        return evidence
    share = sum(right for _, right, _ in counts.values()) / total
    rows, right, usual = counts.get(rule, (0, 0, evidence))
    mean = (right + SHARED_ROWS * share) / (rows + SHARED_ROWS)
    return min(_HIGHEST, max(_LOWEST, mean + EVIDENCE * (evidence - usual)))


def speaker_confidence(resolution: str, kind: str | None, prior: float) -> float:
    """The probability that a speaker of this kind found this way is the right one; 0 where nobody is named."""
    rows, right, _ = _counts("speaker").get(f"{resolution} {kind}", (0, 0, prior))
    return (right + SPEAKER_ROWS * prior) / (rows + SPEAKER_ROWS) if prior > 0 else 0.0


@lru_cache(maxsize=2)
def _counts(what: str) -> dict[str, tuple[int, int, float]]:
    """Counted rows, right rows and mean evidence by name."""
    return {
        r["name"]: (int(r["rows"]), int(r["right"]), float(r["evidence"]))
        for r in read_table("confidence.tsv")
        if r["what"] == what
    }
