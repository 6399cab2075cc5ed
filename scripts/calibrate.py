"""Count how often each construction and each way to a speaker is right, on the calibration part of the gold.

    python scripts/calibrate.py            # writes quotes/data/confidence.tsv

The counts come from articles that nobody fitted a rule to; the unseen third stays unseen and measures the result
(``python scripts/evaluate.py fixtures/gold``, calibration error).
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from statistics import fmean

from gold import ROOT, load_gold
from scoring import Pair, compare

from quotes.extract import extract

TABLE = ROOT / "quotes" / "data" / "confidence.tsv"
HEAD = """# what	name	rows	right	evidence
# How many rows of a construction (row) and of a way to the speaker (speaker) were right among how many, and the mean
# evidence that was stated for them; counted on the calibration part of fixtures/gold by scripts/calibrate.py.
"""


def counts(pairs: Iterable[Pair], stated: Mapping[int, tuple[float, float]]) -> list[tuple[str, str, int, int, float]]:
    """Rows, right rows and mean evidence by what and name.

    A speaker is judged where the row is right and somebody is named. ``stated`` holds the evidence for each row and
    its speaker, by the row's identity.
    """
    judged: dict[tuple[str, str], list[tuple[bool, float]]] = {}
    for pair in pairs:
        row = pair.row
        if row is None:
            continue
        evidence, prior = stated[id(row)]
        judged.setdefault(("row", row.rule), []).append((pair.expected is not None, evidence))
        if pair.expected is not None and row.speaker.name is not None:
            right = "speaker" not in pair.faults
            judged.setdefault(("speaker", f"{row.speaker.resolution} {row.speaker.kind}"), []).append((right, prior))
    return [
        (*key, len(found), sum(right for right, _ in found), fmean(value for _, value in found))
        for key, found in sorted(judged.items())
    ]


def main() -> int:
    """Count and write."""
    pairs: list[Pair] = []
    stated: dict[int, tuple[float, float]] = {}
    for article in load_gold("calibration"):
        rows = extract(article.parsed, calibrated=False)
        stated |= {id(row): (row.confidence, row.speaker.confidence) for row in rows}
        pairs += compare(article, rows)
    found = counts(pairs, stated)
    lines = [f"{what}\t{name}\t{rows}\t{right}\t{evidence:.3f}\n" for what, name, rows, right, evidence in found]
    TABLE.write_text(HEAD + "".join(lines), encoding="utf-8")
    print(f"{len(lines)} lines", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
