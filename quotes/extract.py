"""The composition: a parsed article in, its quotations out."""

from __future__ import annotations

from quotes.attribution import attribute
from quotes.constructions import content
from quotes.constructions.candidate import Candidate
from quotes.constructions.context import Context
from quotes.lexicon import Lexicon, load_lexicon
from quotes.model import ParsedDocument, Quotation, Span, Speaker
from quotes.speakers.resolve import Resolver


def extract(parsed: ParsedDocument, lexicon: Lexicon | None = None) -> list[Quotation]:
    """All quotations of an article, in text order.

    Args:
        parsed: the article with its dependency trees.
        lexicon: the words of reported speech; the package's own if left out.
    """
    context = Context(parsed, lexicon or load_lexicon())
    candidates = attribute(context)
    resolver = Resolver(context)
    resolver.settled = candidates
    resolved = resolver.resolve(candidates)
    rows = [_quotation(context, c, speaker, via) for c, (speaker, via) in zip(candidates, resolved, strict=True)]
    return [row for row in rows if row.quote_spans]


def _quotation(context: Context, candidate: Candidate, speaker: Speaker, via: tuple[str, ...]) -> Quotation:
    kind, spans, verbatim = content.settle(context, candidate.spans)
    if candidate.kind == "direct" and kind != "direct":
        # Set off as a block or by a label: what stands there is the quotation, marks or none.
        kind = "direct"
        spans = content.outline(context, candidate.spans, full_stop=False)
        verbatim = spans
    elif candidate.kind in ("reported", "free_indirect") or (candidate.kind == "mixed" and kind == "direct"):
        spans = content.outline(context, candidate.spans)
        kind = candidate.kind
    source = candidate.source
    speaker_spans: tuple[Span, ...] = ()
    if source is not None and source.how not in ("compound", "document", "own"):
        tokens = context.sentences[source.sentence].tokens
        speaker_spans = (Span(tokens[source.first].start, tokens[source.last].end),)
    elif source is not None:
        tokens = context.sentences[source.sentence].tokens
        speaker_spans = (Span(tokens[source.head].start, tokens[source.head].end),)
    via_spans = []
    for channel in candidate.channels:
        tokens = context.sentences[channel.sentence].tokens
        via_spans.append(Span(tokens[channel.first].start, tokens[channel.last].end))
    return Quotation(
        kind=kind,
        quote_spans=spans,
        rule=candidate.rule,
        mood=candidate.mood,
        medium=candidate.medium if candidate.medium in ("speech", "writing", "thought") else "unknown",
        polarity=candidate.polarity,
        verbatim_spans=verbatim,
        cue_spans=candidate.cue,
        frame_spans=candidate.frame,
        speaker_spans=speaker_spans,
        addressee_spans=candidate.addressee,
        via_spans=tuple(via_spans),
        speaker=speaker,
        via=via,
        confidence=candidate.base,
        trace=(f"rule {candidate.rule}", *candidate.notes, f"speaker by {speaker.resolution}"),
    )
