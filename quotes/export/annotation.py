"""Quotations as annotations of their articles, in the W3C Web Annotation Data Model.

Each part of a quotation is a target of its own, with two selectors that mean the same place: its words with those
around it, and its code points in the stored text. ``state.cached`` names that text: the page at ``source`` may have
another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from quotes.desk.claims import Claim, Key
from quotes.export.iris import article_address, digest_iri, iri, speaker_iri
from quotes.export.json_text import to_json
from quotes.schema import CONTEXT as AROUND

CONTEXT = "http://www.w3.org/ns/anno.jsonld"

Row = Mapping[str, Any]
Node = dict[str, Any]


def to_annotations(claims: Sequence[Claim], documents: Mapping[Key, Row], *, now: datetime, version: str) -> bytes:
    """A page of annotations: one for each quotation that is new in a claim, the claims in their order.

    Args:
        claims: with all columns.
        documents: by ``(doc_id, source)``, with ``url`` and ``text``.
        now: with a zone.
        version: of this package.
    """
    items = [
        annotation
        for claim in claims
        for quote_id in dict.fromkeys(row["quote_id"] for row in claim.rows if row["quote_id"] in claim.new)
        for annotation in [_annotation(claim, quote_id, documents, now, version)]
    ]
    page = {
        "@context": CONTEXT,
        "id": digest_iri("annotations", *(item["id"] for item in items)),
        "type": "AnnotationPage",
        "startIndex": 0,
        "items": items,
    }
    return to_json(page, indent=1) + b"\n"


def _annotation(claim: Claim, quote_id: str, documents: Mapping[Key, Row], now: datetime, version: str) -> Node:
    rows = [row for row in claim.rows if row["quote_id"] == quote_id]
    targets = [target for row in rows for target in _targets(row, documents.get((row["doc_id"], row["source"]), {}))]
    return {
        "id": iri("annotation", quote_id),
        "type": "Annotation",
        "motivation": ["identifying", "assessing"],
        "generator": {"id": iri("software", f"quotes-{version}"), "type": "Software", "name": f"quotes {version}"},
        "generated": now.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "body": list(_bodies(rows[0], claim)),
        "target": targets[0] if len(targets) == 1 else targets,
    }


def _bodies(row: Row, claim: Claim) -> Iterator[Node]:
    if row["speaker"]:
        yield {"type": "TextualBody", "purpose": "identifying", "format": "text/plain", "value": row["speaker"]}
        if row["speaker_id"]:
            yield {"type": "SpecificResource", "purpose": "identifying", "source": speaker_iri(row["speaker_id"])}
    # Whoever denies something has not said it: the reader must see that.
    for tag in (row["kind"], *(() if row["polarity"] == "affirmed" else (row["polarity"],))):
        yield {"type": "TextualBody", "purpose": "tagging", "format": "text/plain", "value": tag}
    yield {
        "type": "TextualBody",
        "purpose": "assessing",
        "format": "text/plain",
        "value": f"check-worthiness {claim.worth.score:.2f}",
    }


def _targets(row: Row, document: Row) -> Iterator[Node]:
    for span in row["quote_spans"]:
        start, end = span["start"], span["end"]
        prefix, exact, suffix = _anchors(row, document.get("text"), start, end)
        target: Node = {"source": article_address(document.get("url"), row["doc_id"])}
        target["state"] = {"type": "TimeState", "cached": iri("document", row["doc_id"])}
        target["selector"] = [
            {"type": "TextQuoteSelector", "exact": exact, "prefix": prefix, "suffix": suffix},
            {"type": "TextPositionSelector", "start": start, "end": end},
        ]
        yield target


def _anchors(row: Row, text: str | None, start: int, end: int) -> tuple[str, str, str]:
    """What stands before, in and behind a span: from the article, or from the row where the text is not at hand."""
    base = 0
    if text is None:
        text = row["prefix"] + row["text"] + row["suffix"]
        base = row["start"] - len(row["prefix"])
    a, b = start - base, end - base
    return text[max(0, a - AROUND) : a], text[a:b], text[b : b + AROUND]
