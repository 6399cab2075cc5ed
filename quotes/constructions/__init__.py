"""One room per construction of reported speech. Each yields candidates; none knows of the others.

``FRAMED`` names the frame or the layout that attributes the content; ``UNFRAMED`` needs to know what these have
found, since it carries their speaker on. Which of two overlapping candidates stays is decided in
:mod:`quotes.attribution`, by :data:`ORDER` and not by the order of calls.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from quotes.constructions import (
    anaphoric,
    block_quotation,
    colon,
    complement_clause,
    continuation,
    embedded_konjunktiv,
    hearsay,
    interview,
    inverted_frame,
    nested,
    noun_frame,
    reported_act,
    so_frame,
    source_phrase,
    wie_frame,
)
from quotes.constructions.candidate import Candidate
from quotes.constructions.context import Context

FRAMED: tuple[Callable[[Context], Iterator[Candidate]], ...] = (
    interview.find,
    block_quotation.find,
    colon.find,
    inverted_frame.find,
    so_frame.find,
    complement_clause.find,
    source_phrase.find,
    wie_frame.find,
    anaphoric.find,
    noun_frame.find,
    reported_act.find,
    hearsay.find,
)
UNFRAMED: tuple[Callable[[Context, Sequence[Candidate]], Iterator[Candidate]], ...] = (
    continuation.find_marks,
    continuation.find_konjunktiv,
    embedded_konjunktiv.find,
    nested.find,
)
# Earlier wins where two contents overlap.
ORDER = (
    interview.RULE,
    block_quotation.RULE,
    colon.RULE,
    inverted_frame.INTERRUPTED,
    inverted_frame.RULE,
    so_frame.RULE,
    colon.LABEL,
    complement_clause.RULE,
    source_phrase.RULE,
    wie_frame.RULE,
    noun_frame.RULE,
    anaphoric.RULE,
    reported_act.FRAGMENT,
    reported_act.RULE,
    hearsay.RULE,
    continuation.DIRECT,
    continuation.INDIRECT,
    embedded_konjunktiv.RULE,
    nested.RULE,
)
