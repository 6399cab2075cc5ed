"""A statement inside a direct quotation: *„Der Arzt sagte, ich müsse warten“, erzählt Vera Holm.*

The inner speaker answers for the inner content; the outer row stays as it is. The marks are those of the outer
speaker: nothing in the inner content is verbatim. The Wikinews corpus annotates both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from quotes.constructions import complement_clause
from quotes.constructions.candidate import Candidate
from quotes.constructions.context import Context

RULE = "nested"
_OWN = frozenset({"ich", "wir", "man", "du", "ihr", "wer", "niemand"})


def find(context: Context, settled: Sequence[Candidate]) -> Iterator[Candidate]:
    """One candidate for each strong frame with a complement clause, both inside one direct quotation."""
    for outer in settled:
        if outer.kind != "direct":
            continue
        for sentence in context.sentences_over(outer.span):
            for frame in context.frames(sentence):
                if frame.entry is None or frame.entry.strength != "strong" or frame.subject is None:
                    continue
                if sentence.tokens[frame.subject].text.lower() in _OWN:
                    continue
                inner = complement_clause.complement(context, frame)
                if inner is None or inner.source is None or inner.mood == "none":
                    continue  # an infinitive tells what somebody did (*Japan hat aufgefordert, … zu …*)
                if _inside(inner, outer):
                    yield replace(inner, rule=RULE, kind="indirect", base=min(inner.base, 0.7), channels=())


def _inside(inner: Candidate, outer: Candidate) -> bool:
    """Whether content and frame stand in one part of the outer content."""
    return any(
        part.covers(inner.span) and all(part.covers(span) for span in (*inner.cue, *inner.frame))
        for part in outer.spans
    )
