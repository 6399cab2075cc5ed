"""Rows of the quotations table and small stores for the tests of quote sheets, made by hand."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from quotes.export.lines import Line, build_lines
from quotes.schema import DOCUMENT_COLUMNS, SCHEMA_VERSION, SPAN_COLUMNS, Row
from quotes.store import StoreWriter

WHEN = datetime(2031, 3, 4, 8, 5)


def span(start: int, end: int) -> dict[str, int]:
    return {"start": start, "end": end}


def row(text: str = "Der Deich hält", start: int = 0, **changes: Any) -> dict[str, Any]:
    """A direct quotation; ``changes`` are other columns. Without spans of its own, all of it is verbatim."""
    whole = [span(start, start + len(text))]
    values: dict[str, Any] = {name: [] for name in SPAN_COLUMNS}
    values |= {
        "quote_id": hashlib.sha256(repr((text, start, sorted(changes.items(), key=str))).encode()).hexdigest()[:20],
        "doc_id": "d" * 64,
        "source": "news/deich.txt",
        "title": "Flut am Ohrbach",
        "outlet": "Ohrbacher Bote",
        "author": None,
        "published": WHEN,
        "language": "de",
        "kind": "direct",
        "mood": "indicative",
        "medium": "speech",
        "polarity": "affirmed",
        "text": text,
        "start": start,
        "end": start + len(text),
        "quote_spans": whole,
        "verbatim_spans": whole if changes.get("kind", "direct") == "direct" else [],
        "speaker": "Marta Ohm",
        "speaker_id": "marta-ohm",
        "speaker_kind": "person",
        "speaker_role": "Deichgräfin",
        "speaker_text": "Marta Ohm",
        "speaker_in_article": "Marta Ohm",
        "resolution": "name",
        "cue": "sagte",
        "addressee": None,
        "via": ["dpa"],
        "prefix": "",
        "suffix": "",
        "paragraph": 0,
        "rule": "marks",
        "confidence": 0.97,
        "speaker_confidence": 0.93,
        "extractor_version": "1",
        "model": "fake@1",
        "lexicon_hash": "l",
        "schema_version": SCHEMA_VERSION,
    }
    return values | changes


def line(text: str = "Der Deich hält", *, document: Mapping[str, Any] | None = None, **changes: Any) -> Line:
    """The line of such a row."""
    made = row(text, **changes)
    return next(build_lines([made], {(made["doc_id"], made["source"]): document or {}}, {}))


def document(text: str, source: str = "news/deich.txt", **changes: Any) -> dict[str, Any]:
    """A row of the documents table."""
    values: dict[str, Any] = dict.fromkeys(DOCUMENT_COLUMNS)
    values |= {
        "doc_id": hashlib.sha256(text.encode("utf-8", "replace")).hexdigest(),
        "source": source,
        "text": text,
        "notes": [],
        "extractor_version": "1",
        "model": "fake@1",
        "lexicon_hash": "l",
        "schema_version": SCHEMA_VERSION,
    }
    return values | changes


def put(path: Path, article: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> Path:
    """Store an article with the rows that it has; the store's folder."""
    with StoreWriter(path) as writer:
        named = {"doc_id": article["doc_id"], "source": article["source"]}
        named |= {name: article[name] for name in ("title", "outlet", "published") if article[name] is not None}
        writer.commit([article], [Row(**dict(values) | named) for values in rows])
    return path


def found(article: Mapping[str, Any], text: str, **changes: Any) -> dict[str, Any]:
    """The row of a quotation that stands in an article."""
    at = article["text"].index(text)
    return row(text, at, **{"quote_id": hashlib.sha256(f"{article['doc_id']}{at}".encode()).hexdigest()[:20]} | changes)


# What articles may hold to fool a program; none of it may come to life in any form.
NASTY = (
    '=HYPERLINK("http://fremd.example";"Klick")',
    "+49 30 123",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    " \u00a0=1+1",
    '"=1+1"',
    "„=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠A1",
    "{=1+1}",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style></head><svg onload=alert(1)>",
    "{{ 7 * 7 }}{% raw %}",
    "[Klick](javascript:alert(1)) ![x](http://fremd.example/x.png) <http://fremd.example>",
    "# Kopf\n- Punkt\n1. Eins\n> Zitat\n```\ncode\n```",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "\ud83d allein \udc00",
    "a\u202egnp.exe\u202c",
    "\x00\x01\x1b[31m\x7f\x85\x9f",
    "\ufffe\uffff\U0001ffff",
    "_x0041_ _x000D_",
    "&amp; &#60;b&#62;",
    "[]:*?/\\'History'",
    "x" * 40_000,
    "👩🏽\u200d🚒" * 9_000,
    "e\u0301" * 20_000,
)
