"""Records of JSON Lines: ``id``, ``text`` or ``html``, and whatever metadata there is."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from quotes.errors import DocumentError
from quotes.model import Document
from quotes.sources.dates import parse_published
from quotes.sources.page import Page, read_page
from quotes.text import decode, make_document, one_line


def parse_line(data: bytes, number: int, *, source: str) -> dict[str, Any] | None:
    """One line as a JSON object, ``None`` for an empty line.

    Raises:
        DocumentError: broken JSON, or no object; the message names the line.
    """
    at = f"{source} line {number}"
    text, _ = decode(data, source=at)
    text = text.lstrip("\ufeff").strip()
    if not text:
        return None
    try:
        record = json.loads(text)
    except RecursionError as error:
        raise DocumentError("nests too deep for JSON", source=at, remedy="Mend or remove the line") from error
    except ValueError as error:
        if number == 1 and text.startswith("["):
            remedy = "This looks like one JSON array: write each article on a line of its own (jq -c '.[]')"
        else:
            remedy = "Mend or remove the line; the other lines were read"
        column = f" at column {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        reason = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
        raise DocumentError(f"is broken JSON ({reason}{column})", source=at, remedy=remedy) from error
    if not isinstance(record, dict):
        raise DocumentError("is JSON, but no object", source=at, remedy='Write {"id": …, "text": …} on each line')
    return record


def record_source(record: dict[str, Any], number: int, *, source: str) -> str:
    """``FILE#ID``, or with the number of the line where the record has no id.

    Raises:
        DocumentError: the id is neither text nor a number.
    """
    name = record.get("id")
    if name is None or name == "":
        return f"{source}#{number}"
    if isinstance(name, bool) or not isinstance(name, (str, int, float)):
        raise DocumentError(
            "has an id that is neither text nor a number", source=f"{source} line {number}", remedy="Mend the id"
        )
    return f"{source}#{one_line(str(name)) or number}"


def read_record(record: dict[str, Any], *, source: str, read: Callable[..., Page] = read_page) -> Document:
    """A document from a record; what the record states goes before what its HTML states.

    Raises:
        DocumentError: the record has no text.
    """
    text, html = record.get("text"), record.get("html")
    page = None
    if not (isinstance(text, str) and text.strip()):
        if not (isinstance(html, str) and html.strip()):
            raise DocumentError(
                "is a record without text", source=source, remedy="Give it a text or html field with the article"
            )
        page = read(html, source=source)
        text = page.text

    def known(key: str) -> object:
        stated = record.get(key)
        return stated if stated not in (None, "", []) or page is None else getattr(page, key)

    return make_document(
        text,
        source=source,
        encoding="utf-8",
        title=known("title"),
        outlet=known("outlet"),
        url=known("url"),
        author=known("author"),
        published=parse_published(known("published")),
    )
