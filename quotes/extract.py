"""The composition: a parsed article in, its quotations out."""

from __future__ import annotations

from quotes import tree
from quotes.attribution import attribute
from quotes.constructions import content, nested
from quotes.constructions.candidate import Candidate, Source
from quotes.constructions.context import Context
from quotes.lexicon import Lexicon, load_lexicon
from quotes.medium import medium_of
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
    resolved = Resolver(context).resolve(candidates)
    rows = [_quotation(context, c, speaker, via) for c, (speaker, via) in zip(candidates, resolved, strict=True)]
    return [row for row in rows if row.quote_spans]


def _quotation(context: Context, candidate: Candidate, speaker: Speaker, via: tuple[str, ...]) -> Quotation:
    kind, spans, verbatim = content.settle(context, candidate.spans)
    if candidate.rule == nested.RULE:
        kind, spans, verbatim = candidate.kind, content.outline(context, candidate.spans), ()
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
    return tree.span_of(sentence, source.first, source.last)
