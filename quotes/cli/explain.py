"""``quotes explain``: the dependency tree of a sentence and the rule that fired, for someone who asks why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from quotes.cli import output
from quotes.cli.options import CONTEXT, exact_option, format_option, model_option, store_option
from quotes.errors import UsageError

if TYPE_CHECKING:
    from quotes.model import ParsedDocument, Quotation, Sentence


@click.command(
    context_settings=CONTEXT,
    epilog="Example: quotes explain seeds/000_b290009d49df3ff8.txt --sentence 3 --store store",
)
@click.argument("source")
@click.option("--quote", metavar="QUOTE_ID", help="Only the quotation with this quote_id (or its beginning).")
@click.option("--sentence", type=click.IntRange(1), help="Only this sentence, counted from 1.")
@store_option
@model_option
@exact_option
@format_option("text")
def explain(
    source: str, quote: str | None, sentence: int | None, store: str, model: str, exact: bool, form: str
) -> None:
    """Print trees and the rules that fired, and who else was weighed as the speaker.

    One dependency tree for each sentence with a quotation. SOURCE is an article in the store, named as for quotes
    show; its text is parsed anew.
    """
    from quotes.extract import extract
    from quotes.parse import StanzaParser, choose_model
    from quotes.schema import quote_id
    from quotes.search.articles import find_document, to_document
    from quotes.store import open_store

    document = to_document(find_document(open_store(store), source))
    parsed = StanzaParser(choose_model(model), exact=exact).parse([document])[0]
    found = [(quote_id(document.doc_id, quotation), quotation) for quotation in extract(parsed)]
    if quote is not None:
        found = [(name, quotation) for name, quotation in found if name.startswith(quote.lower())]
        if not found:
            raise UsageError(f"no quotation {quote} is found now", source=source, remedy="quotes show names them")
    if sentence is not None and sentence > len(parsed.sentences):
        raise UsageError(f"has {len(parsed.sentences)} sentences, not {sentence}", source=source)
    chosen = [
        (tree, here)
        for tree in parsed.sentences
        if (here := [(name, q) for name, q in found if _stands_in(q, tree)]) or sentence is not None
        if sentence is None or tree.index + 1 == sentence
    ]
    if output.wants_json(form):
        output.write_json_lines(_as_json(parsed, tree, here) for tree, here in chosen)
        return
    lines = [line for tree, here in chosen for line in explanation(parsed, tree, here)]
    output.show(*(output.plain(line, style) for line, style in lines), wrap=False)


def _stands_in(quotation: Quotation, sentence: Sentence) -> bool:
    spans = (*quotation.quote_spans, *quotation.cue_spans, *quotation.frame_spans)
    return any(sentence.span.overlaps(span) for span in spans)


def explanation(
    parsed: ParsedDocument, sentence: Sentence, found: Sequence[tuple[str, Quotation]]
) -> Iterator[tuple[str, str]]:
    """Lines with their style: the sentence, its words as a table, then each quotation with its rule and trace."""
    text = parsed.document.text
    printed = " ".join(text[sentence.start : sentence.end].split())
    yield f"Sentence {sentence.index + 1} (paragraph {sentence.paragraph + 1}): {printed}", "bold"
    header = ("id", "form", "lemma", "upos", "head", "deprel", "feats")
    words = [
        (
            str(token.index + 1),
            token.text,
            token.lemma,
            token.upos,
            str(token.head + 1),
            token.deprel,
            "|".join(f"{key}={value}" for key, value in token.feats.items()) or "_",
        )
        for token in sentence.tokens
    ]
    widths = [max(len(row[column]) for row in [header, *words]) for column in range(len(header))]
    for row in (header, *words):
        cells = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield f"  {cells.rstrip()}", "dim" if row is header else ""
    for name, quotation in found:
        speaker = quotation.speaker
        who = f"{speaker.name or 'nobody named'} ({speaker.resolution}, {speaker.confidence:.2f})"
        yield f"  {name}: rule {quotation.rule}, {quotation.kind}, {quotation.confidence:.2f}; speaker {who}", "green"
        content = " […] ".join(" ".join(text[start:end].split()) for start, end in quotation.quote_spans)
        yield f"    content: {content}", ""
        for label, spans in (("cue", quotation.cue_spans), ("frame", quotation.frame_spans)):
            if spans:
                yield f"    {label}: " + " […] ".join(text[start:end] for start, end in spans), ""
        for line in quotation.trace:
            yield f"    {line}", ""
        for number, reading in enumerate(speaker.considered):
            label = "speaker might be" if number else "speaker weighed"
            yield f"    {label}: {reading.name} {reading.score:.1f} ({'; '.join(reading.reasons)})", ""
    yield "", ""


def _as_json(parsed: ParsedDocument, sentence: Sentence, found: Sequence[tuple[str, Quotation]]) -> dict[str, Any]:
    document = parsed.document
    return {
        "doc_id": document.doc_id,
        "source": document.source,
        "sentence": sentence.index + 1,
        "paragraph": sentence.paragraph,
        "text": document.text[sentence.start : sentence.end],
        "tokens": [
            {
                "id": token.index + 1,
                "form": token.text,
                "lemma": token.lemma,
                "upos": token.upos,
                "feats": dict(token.feats),
                "head": token.head + 1,
                "deprel": token.deprel,
                "start": token.start,
                "end": token.end,
            }
            for token in sentence.tokens
        ],
        "quotations": [
            {
                "quote_id": name,
                "rule": quotation.rule,
                "kind": quotation.kind,
                "speaker": quotation.speaker.name,
                "resolution": quotation.speaker.resolution,
                "speaker_confidence": round(quotation.speaker.confidence, 4),
                "considered": [
                    {"name": c.name, "score": c.score, "reasons": list(c.reasons)} for c in quotation.speaker.considered
                ],
                "quote_spans": [{"start": start, "end": end} for start, end in quotation.quote_spans],
                "trace": list(quotation.trace),
            }
            for name, quotation in found
        ],
    }
