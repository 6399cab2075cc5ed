"""Stores of made-up rows, for tests that ask what is said and do not extract it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from quotes.schema import SPAN_COLUMNS, Provenance, Row, SpanRow, document_row
from quotes.speakers.kinds import slug
from quotes.store import StoreWriter
from quotes.text import make_document

PROVENANCE = Provenance("1", "made@1", "l")


def make_article(
    source: str, said: Sequence[Mapping[str, Any]], *, published: datetime | None = None, **known: Any
) -> tuple[dict[str, Any], list[Row]]:
    """An article in which all of ``said`` stands, each with the columns given; ``text`` and ``speaker`` are enough."""
    text = "\n".join(f"„{row['text']}“, sagte {row.get('speaker') or 'jemand'}." for row in said) or "Nichts."
    document = make_document(text, source=source, published=published, **known)
    rows = []
    at = 0
    for number, row in enumerate(said):
        start = document.text.index(row["text"], at)
        at = start + len(row["text"])
        rows.append(_row(document, number, start, dict(row)))
    return document_row(document, PROVENANCE), rows


def _row(document: Any, number: int, start: int, given: dict[str, Any]) -> Row:
    speaker = given.get("speaker")
    span = SpanRow(start=start, end=start + len(given["text"]))
    values: dict[str, Any] = dict.fromkeys(Row.model_fields)
    values |= dict.fromkeys(SPAN_COLUMNS, ()) | {"via": (), "quote_spans": (span,)}
    values |= {name: getattr(document, name) for name in ("doc_id", "source", "title", "outlet", "author", "published")}
    values |= {
        "quote_id": f"{document.doc_id[:12]}{number:08}",
        "kind": "direct",
        "mood": "none",
        "medium": "speech",
        "polarity": "affirmed",
        "start": span.start,
        "end": span.end,
        "verbatim_spans": (span,) if given.get("kind", "direct") == "direct" else (),
        "speaker_id": slug(speaker) if speaker else None,
        "speaker_kind": "person" if speaker else None,
        "speaker_text": speaker,
        "speaker_in_article": speaker,
        "resolution": "name" if speaker else "none",
        "prefix": document.text[max(0, span.start - 64) : span.start],
        "suffix": document.text[span.end : span.end + 64],
        "paragraph": number,
        "rule": "made",
        "confidence": 0.9,
        "speaker_confidence": 0.9,
        "language": "de",
        "extractor_version": PROVENANCE.extractor_version,
        "model": PROVENANCE.model,
        "lexicon_hash": PROVENANCE.lexicon_hash,
        "schema_version": PROVENANCE.schema_version,
    }
    return Row(**(values | given))


def put(path: Path, *articles: tuple[dict[str, Any], list[Row]]) -> None:
    """Store articles in one commit."""
    with StoreWriter(path) as writer:
        writer.commit([document for document, _ in articles], [row for _, rows in articles for row in rows])
