"""The composition: a parsed article in, its quotations out."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from quotes import tree
from quotes.attribution import attribute
from quotes.confidence import row_confidence, speaker_confidence
from quotes.constructions import content, nested
from quotes.constructions.candidate import Candidate, Source
from quotes.constructions.context import Context
from quotes.lexicon import Lexicon, load_lexicon
from quotes.medium import medium_of
from quotes.model import ParsedDocument, Quotation, Span, Speaker
from quotes.speakers.offices import Offices, known_terms
from quotes.speakers.resolve import Resolver


def extract(
    parsed: ParsedDocument,
    lexicon: Lexicon | None = None,
    *,
    offices: Offices | None = None,
    calibrated: bool = True,
) -> list[Quotation]:
    """All quotations of an article, in text order.

    Args:
        parsed: the article with its dependency trees.
        lexicon: the words of reported speech; the package's own if left out.
        offices: who held which office when; the package's own if left out. Only dated articles need it.
        calibrated: give probabilities; else what the constructions state, which calibration starts from.
    """
    if offices is None:
        offices = _own_offices() if lexicon is None else Offices(known_terms(), lexicon)
    context = Context(parsed, lexicon or load_lexicon())
    candidates = attribute(context)
    published = parsed.document.published
    on = published.date() if published is not None else None
    resolved = Resolver(context, offices, on).resolve(candidates)
    rows = [_quotation(context, c, speaker, via) for c, (speaker, via) in zip(candidates, resolved, strict=True)]
    found = [row for row in rows if row.quote_spans]
    return [_calibrated(row) for row in found] if calibrated else found


@cache
def _own_offices() -> Offices:
    """The package's own table of offices, read once."""
    return Offices(known_terms(), load_lexicon())


def _calibrated(row: Quotation) -> Quotation:
    speaker = row.speaker
    confidence = speaker_confidence(speaker.resolution, speaker.kind, speaker.confidence)
    return replace(
        row, speaker=replace(speaker, confidence=confidence), confidence=row_confidence(row.rule, row.confidence)
    )


def _quotation(context: Context, candidate: Candidate, speaker: Speaker, via: tuple[str, ...]) -> Quotation:
    kind, spans, verbatim = content.settle(context, candidate.spans)
    if candidate.rule == nested.RULE:
        kind, spans, verbatim = candidate.kind, content.bare_outline(context, candidate.spans), ()
    elif candidate.kind == "direct" and kind != "direct":
        # Set off as a block or by a label: what stands there is the quotation, marks or none.
        kind = "direct"
        spans = content.outline(context, candidate.spans, full_stop=False)
        verbatim = spans
    elif candidate.kind in ("reported", "free_indirect") or (candidate.kind == "mixed" and kind == "direct"):
        spans = content.outline(context, candidate.spans)
        kind = candidate.kind
    return Quotation(
        kind=kind,
        quote_spans=spans,
        rule=candidate.rule,
        mood=candidate.mood,
        medium=medium_of(context, candidate, speaker),
        polarity=candidate.polarity,
        verbatim_spans=verbatim,
        cue_spans=candidate.cue,
        frame_spans=candidate.frame,
        speaker_spans=() if candidate.source is None else (_place(context, candidate.source),),
        addressee_spans=candidate.addressee,
        via_spans=tuple(tree.span_of(context.sentences[c.sentence], c.first, c.last) for c in candidate.channels),
        speaker=speaker,
        via=via,
        confidence=candidate.base,
        trace=(f"rule {candidate.rule}", *candidate.notes, f"speaker by {speaker.resolution}"),
    )


def _place(context: Context, source: Source) -> Span:
    """Where a speaker is printed: the phrase, or the noun alone that holds it (*Polizeiangaben*)."""
    sentence = context.sentences[source.sentence]
    if source.how in ("compound", "document", "own"):
        return tree.span_of(sentence, source.head, source.head)
    return _closed(context, tree.span_of(sentence, source.first, source.last))


def _closed(context: Context, span: Span) -> Span:
    """The span with the mark or bracket that it leaves open: *die „Süddeutsche Zeitung“*, *Ulla Kern (SPD)*."""
    text, (start, end) = context.text, span
    if text.count("(", start, end) > text.count(")", start, end) and text[end : end + 1] == ")":
        return Span(start, end + 1)
    around = context.quoted_around(Span(end - 1, end))
    if around is None or not around.closed or around.inner.end != end:
        return span
    if start <= around.outer.start or around.inner.start == start:
        return Span(min(start, around.outer.start), around.outer.end)
    return span
