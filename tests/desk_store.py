"""Small stores for the tests of the desk, made without a parser."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from fake_parser import FakeParser, fake_extract

from quotes.model import Quotation, Span, Speaker
from quotes.schema import Provenance, document_row, to_row
from quotes.store import StoreWriter
from quotes.text import make_document


def put(
    path: Path,
    text: str,
    source: str,
    quotations: Sequence[Quotation] | None = None,
    *,
    outlet: str | None = None,
    url: str | None = None,
    title: str | None = None,
    author: str | None = None,
    published: datetime | None = None,
    version: str = "1",
) -> str:
    """Store an article with its quotations, by default each „…“ with the word after *sagte*; its doc_id."""
    document = make_document(
        text, source=source, outlet=outlet, url=url, title=title, author=author, published=published
    )
    parsed = FakeParser().parse([document])[0]
    provenance = Provenance(version, parsed.model, "l")
    found = fake_extract(parsed) if quotations is None else quotations
    rows = [to_row(q, parsed, extractor_version=version, lexicon_hash="l") for q in found]
    with StoreWriter(path) as writer:
        writer.commit([document_row(document, provenance)], rows)
    return document.doc_id


def said(
    text: str,
    *contents: str,
    kind: str = "indirect",
    speaker: str | None = "Petra Kampmann",
    speaker_kind: str = "person",
    role: str | None = None,
    mood: str = "konjunktiv_1",
    polarity: str = "affirmed",
) -> Quotation:
    """The quotation whose content stands there in the text, in several parts where the frame interrupts it."""
    spans, at = [], 0
    for content in contents:
        start = text.index(content, at)
        at = start + len(content)
        spans.append(Span(start, at))
    who = Speaker(speaker, f"{speaker}-id", speaker_kind, role, "name", 0.9) if speaker else Speaker()
    return Quotation(
        kind,
        tuple(spans),
        "test",
        verbatim_spans=tuple(spans) if kind == "direct" else (),
        mood=mood,
        polarity=polarity,
        speaker=who,
        confidence=0.8,
    )
