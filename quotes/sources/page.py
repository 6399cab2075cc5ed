"""HTML pages: the article and its metadata, through trafilatura. Nothing is fetched."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import Any

from quotes.errors import DocumentError
from quotes.text import decode

_LOOKS_LIKE_HTML = re.compile(
    rb"\s*(?:<!--.*?-->\s*|<\?xml[^>]*>\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.I)
_XML_HEADER = re.compile(r"\s*<\?xml[^>]*\?>")
# What browsers read when a page says this (WHATWG encoding standard).
_BROWSER = {"iso8859-1": "cp1252", "ascii": "cp1252", "latin-1": "cp1252"}


@dataclass(frozen=True, slots=True)
class Page:
    """What a page holds; unknown values are ``None``. ``published`` is still as printed."""

    text: str
    title: str | None
    author: str | None
    published: str | None
    outlet: str | None
    url: str | None


def looks_like_html(head: bytes) -> bool:
    """Whether data of unknown kind begins like a web page."""
    return _LOOKS_LIKE_HTML.match(head.removeprefix(codecs.BOM_UTF8)) is not None


def decode_html(data: bytes, *, source: str = "") -> tuple[str, str]:
    """Like :func:`quotes.text.decode`, but a page that is not UTF-8 is believed what its meta element says."""
    text, encoding = decode(data, source=source)
    declared = _CHARSET.search(data[:4096])
    if declared and not encoding.startswith("utf"):
        try:
            name = codecs.lookup(declared[1].decode("ascii")).name
            name = _BROWSER.get(name, name)
            return data.decode(name), name
        except (LookupError, UnicodeError):
            return text, encoding
    return text, encoding


def read_page(html: str, *, source: str) -> Page:
    """The article of a page: all its text, block quotations with their name lines, without the readers' comments.

    Raises:
        DocumentError: trafilatura is not installed, or finds no article.
    """
    try:
        import trafilatura
    except ImportError as error:
        raise DocumentError(
            f"is HTML, and the package to read it is not installed ({error})",
            source=source,
            remedy="pip install 'german-quotes[html]'",
        ) from error
    try:
        found: Any = trafilatura.bare_extraction(
            # lxml refuses text that also names its encoding in an XML header.
            _XML_HEADER.sub("", html, count=1),
            favor_recall=True,
            include_comments=False,
            with_metadata=True,
            # Only what the metadata state: dates guessed from the prose would be invented ones.
            date_extraction_params={
                "extensive_search": False,
                "original_date": True,
                "outputformat": "%Y-%m-%dT%H:%M:%S%z",
            },
        )
    except Exception as error:  # lxml and trafilatura raise of every kind on broken pages
        raise DocumentError(
            f"is HTML that cannot be read ({type(error).__name__})", source=source, remedy="Save the page again"
        ) from error
    if found is None or not (found.text or "").strip():
        raise DocumentError(
            "is a page without an article in it", source=source, remedy="Save the text of the article as .txt"
        )
    return Page(found.text, found.title, found.author, found.date, found.sitename, found.url)
