"""Which candidates stand in a sentence: looked up by sentence, so that long articles cost no more a row than short."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from quotes.constructions.candidate import Candidate
from quotes.constructions.context import Context

Claims = Mapping[int, tuple[Candidate, ...]]


def claims(context: Context, candidates: Iterable[Candidate]) -> Claims:
    """The candidates by the number of each sentence that their content or their frame touches, in the order given."""
    found: dict[int, list[Candidate]] = {}
    for candidate in candidates:
        places = (*candidate.spans, *candidate.frame)
        touched = {sentence.index for span in places for sentence in context.sentences_over(span)}
        for number in touched:
            found.setdefault(number, []).append(candidate)
    return {number: tuple(group) for number, group in found.items()}
