"""From candidates to quotations: channels joined, overlaps resolved by a stated order, roles handed to speakers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from quotes.constructions import FRAMED, ORDER, UNFRAMED, nested, noun_frame, reported_act, source_phrase, wie_frame
from quotes.constructions.candidate import Candidate
from quotes.constructions.context import Context
from quotes.constructions.echoes import with_echoes
from quotes.model import Span

_RANK = {rule: rank for rank, rule in enumerate(ORDER)}
# Code points of a stretch of text in which rivals are looked for, so that long articles cost no more a candidate.
_STRETCH = 500
_HOSTED = (source_phrase.RULE, wie_frame.RULE)


def attribute(context: Context) -> list[Candidate]:
    """The candidates that stay, in text order; no two of them claim the same words."""
    framed = [candidate for find in FRAMED for candidate in find(context)]
    settled = resolve(_with_channels(context, framed))
    for find in UNFRAMED:
        settled = resolve([*settled, *find(context, settled)])
    return with_echoes(context, settled)


def resolve(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Keep the better of two candidates that overlap: by :data:`quotes.constructions.ORDER`, then the longer.

    A candidate whose cue stands inside the content of a better one is a statement within a statement; the outer
    speaker answers for it, and it gets no row of its own, unless :mod:`quotes.constructions.nested` finds it.
    """
    ranked = sorted(candidates, key=lambda c: (_RANK[c.rule], -c.length, c.span))
    kept: list[Candidate] = []
    near: dict[int, list[Candidate]] = {}
    for candidate in ranked:
        stretches = _stretches(candidate)
        if not any(_clashes(candidate, other) for number in stretches for other in near.get(number, ())):
            kept.append(candidate)
            for number in stretches:
                near.setdefault(number, []).append(candidate)
    return sorted(kept, key=lambda c: (c.span.start, c.span.end))


def _stretches(candidate: Candidate) -> set[int]:
    """The stretches of text that a candidate touches: only those in the same stretch can be rivals."""
    return {
        number
        for span in (*candidate.spans, *candidate.cue)
        for number in range(span.start // _STRETCH, span.end // _STRETCH + 1)
    }


def _clashes(candidate: Candidate, better: Candidate) -> bool:
    if (candidate.rule == nested.RULE) != (better.rule == nested.RULE):
        return False
    if _overlap((*candidate.spans, *candidate.cue), better.spans):
        return True
    return candidate.rule in reported_act.ACTS and _overlap(candidate.cue, better.cue)


def _overlap(some: Sequence[Span], others: Sequence[Span]) -> bool:
    return any(a.overlaps(b) for a in some for b in others)


def _with_channels(context: Context, candidates: Sequence[Candidate]) -> list[Candidate]:
    """A source phrase or *wie*-clause around another frame names the channel of that frame's quotation.

    *Der Minister verkündete russischen Nachrichtenagenturen zufolge, dass …*: he speaks, via the agencies. But what a
    document is said to show (*Aus Sicht von Greenpeace zeigt die Studie, dass …*) is the statement of who says so.
    """
    hosted = [(c, c.source) for c in candidates if c.rule in _HOSTED and c.source is not None]
    others = [c for c in candidates if c.rule not in _HOSTED]
    used: set[int] = set()
    result = []
    for other in others:
        channels = other.channels
        hosts = [(number, phrase, source) for number, (phrase, source) in enumerate(hosted) if _hosts(phrase, other)]
        if hosts and _is_document(context, other):
            continue
        for number, _, source in hosts:
            used.add(number)
            if source not in channels:
                channels = (*(c for c in channels if not source.holds(c.sentence, c.head)), source)
        result.append(replace(other, channels=channels))
    result += [phrase for number, (phrase, _) in enumerate(hosted) if number not in used]
    return result + [c for c in candidates if c.rule in _HOSTED and c.source is None]


def _is_document(context: Context, candidate: Candidate) -> bool:
    """Whether a text, and nobody, is the subject of the frame."""
    source = candidate.source
    if source is None:
        return candidate.rule == noun_frame.RULE
    token = context.sentences[source.sentence].tokens[source.head]
    return context.lexicon.is_document(token.lemma, token.text)


def _hosts(phrase: Candidate, candidate: Candidate) -> bool:
    """Whether the phrase stands in the frame of the other candidate, and not in its content."""
    return _overlap(candidate.cue, phrase.spans) and not _overlap(phrase.frame, candidate.spans)
