"""Bytes to text: decoding, the one normalisation, paragraphs.

Text is decoded and normalised here once, when it is read, and never again: every offset in the package counts
code points of what :func:`normalise` returned.
"""

from __future__ import annotations

import codecs
import hashlib
import re
import unicodedata
from datetime import datetime
from itertools import pairwise
from typing import Any

from quotes.errors import DocumentError
from quotes.language import is_german
from quotes.model import Document, Span

# Share of control characters above which bytes are no text; real articles have none at all.
MOST_CONTROLS = 0.02
# Hard-wrapped text has lines of about these lengths (mail and plain-text habits: 60 to 80 columns, at most 100).
WRAPPED_LINE = range(40, 101)
# This share of such lines must run on in lower case (in wrapped German about half do, since half its words are lower
# case; in text with a paragraph a line next to none), and there must be some to count.
WRAPPED_SHARE = 0.25
WRAPPED_LINES = 3
# A break was free, not forced, if the next word would have fitted into the line with this much to spare.
RAGGED = 10

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# ASCII codes that are never in text: all C0 controls but tab, line feed, vertical tab, form feed, return, escape.
_CONTROLS = bytes(c for c in range(32) if c not in b"\t\n\x0b\x0c\r\x1b")
_FINAL = re.compile(r"[.!?:…;](?:[\"'“”„»«›‹’)\]]*)$")


def decode(data: bytes, *, source: str = "") -> tuple[str, str]:
    """Text and the name of its encoding: a byte order mark, UTF-8, UTF-16 without a mark, else Windows-1252.

    Raises:
        DocumentError: the bytes are not text.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            try:
                return data.decode(encoding), encoding
            except UnicodeDecodeError:
                break
    wide = _utf16_without_mark(data)
    if wide:
        return data.decode(wide), wide
    controls = len(data) - len(data.translate(None, _CONTROLS))
    if b"\0" in data or controls > MOST_CONTROLS * len(data):
        raise DocumentError("is binary, not text", source=source, remedy="Give .txt, .html or .jsonl files")
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _decode_legacy(data, source)


def _utf16_without_mark(data: bytes) -> str | None:
    """UTF-16 shows itself by zero bytes at every second place, nearly everywhere in Latin script."""
    if len(data) < 4 or len(data) % 2:
        return None
    half = len(data) // 2
    even, odd = data[::2].count(0), data[1::2].count(0)
    for zeros, others, encoding in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        if zeros > 0.7 * half and others < 0.05 * half:
            try:
                text = data.decode(encoding)
            except UnicodeDecodeError:
                continue
            if sum(c.isprintable() or c.isspace() for c in text) > 0.95 * len(text):
                return encoding
    return None


def _decode_legacy(data: bytes, source: str) -> tuple[str, str]:
    """Windows-1252 where it gives German letters and marks; otherwise what charset-normalizer finds."""
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        text = ""
    if text and _looks_german(text):
        return text, "cp1252"
    from charset_normalizer import from_bytes

    best = from_bytes(data, preemptive_behaviour=False).best()
    if best is not None and best.encoding not in ("ascii", "utf_8") and _looks_german(str(best)):
        return str(best), best.encoding
    if text:
        return text, "cp1252"
    # A few bad bytes in good UTF-8 (a cut file, a spliced one) are no reason to lose the article.
    text = data.decode("utf-8", errors="replace")
    if text.count("\ufffd") <= 0.01 * len(text):
        return text, "utf-8 (damaged)"
    if best is None:
        raise DocumentError("has no known text encoding", source=source, remedy="Save it as UTF-8")
    return str(best), best.encoding


def _looks_german(text: str) -> bool:
    """Whether nearly all characters outside ASCII are such as German print has."""
    rare = [c for c in text if ord(c) > 126]
    german = sum(c in "äöüÄÖÜß„“”‚‘’»«›‹–—…§€éèêàáâçñôóíîïëúåøæØÉ°·•²³½\xa0\xad" for c in rare)
    return german >= 0.8 * len(rare)


_SPACES = (0x09, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)
_LINE_ENDS = (0x0A, 0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029)
_INVISIBLE = (0xAD, 0x61C, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF)
_TABLE: dict[int, str | None] = {
    **dict.fromkeys((*range(0x20), *range(0x7F, 0xA0), *_INVISIBLE), None),
    **dict.fromkeys(_SPACES, " "),
    **dict.fromkeys(_LINE_ENDS, "\n"),
    # Hyphen and no-break hyphen: the parser knows the plain one.
    **dict.fromkeys((0x2010, 0x2011), "-"),
    # Half a surrogate pair, as broken JSON escapes have it, cannot be stored.
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),
}


def normalise(text: str) -> str:
    """The form in which text is stored and counted. Idempotent.

    Composed letters (NFC); line ends of every kind are ``\\n``; spaces of every kind and tabs are a plain space; soft
    hyphens, zero-width characters, direction marks and other controls are gone; no-break hyphens are plain ones.
    """
    if text.isascii() and text.isprintable():
        return text
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").translate(_TABLE))


def one_line(value: object) -> str | None:
    """A metadata value as one normalised line, ``None`` if nothing is left of it or it is no text."""
    if isinstance(value, (list, tuple)):
        value = ", ".join(v for v in value if isinstance(v, str))
    return " ".join(normalise(value).split()) or None if isinstance(value, str) else None


def paragraphs(text: str) -> tuple[Span, ...]:
    """The paragraphs of a normalised text, without outer blanks.

    Each line with something in it is one; in hard-wrapped text a paragraph runs on across its line breaks.
    """
    lines = [Span(*m.span()) for m in re.finditer(r"[^\n]+", text)]
    stripped = [_strip(text, line) for line in lines]
    found = [(line, inner) for line, inner in zip(lines, stripped, strict=True) if inner.start < inner.end]
    # Neighbours: the next line follows directly, with no blank line between.
    follows = [later[0].start == earlier[0].end + 1 for earlier, later in pairwise(found)]
    inners = [inner for _, inner in found]
    if not _is_wrapped(text, inners, follows):
        return tuple(inners)
    width = max(span.end - span.start for span in inners)
    joined: list[Span] = []
    for number, span in enumerate(inners):
        if number and follows[number - 1] and _runs_on(text, inners[number - 1], span, width):
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return tuple(joined)


def _strip(text: str, line: Span) -> Span:
    part = text[line.start : line.end]
    start = line.start + len(part) - len(part.lstrip())
    return Span(start, start + len(part.strip()))


def _is_wrapped(text: str, lines: list[Span], follows: list[bool]) -> bool:
    if not lines or max(span.end - span.start for span in lines) > WRAPPED_LINE[-1]:
        return False
    pairs = [
        (text[a.start : a.end], text[b.start])
        for a, b, near in zip(lines, lines[1:], follows, strict=False)
        if near and a.end - a.start in WRAPPED_LINE
    ]
    broken = sum(first.islower() and not _FINAL.search(line) for line, first in pairs)
    return broken >= WRAPPED_LINES and broken >= WRAPPED_SHARE * len(pairs)


def _runs_on(text: str, line: Span, following: Span, width: int) -> bool:
    """Whether the break between two lines of wrapped text was forced by the width."""
    if text[following.start].islower():
        return True
    first_word = len(text[following.start : following.end].split(" ", 1)[0])
    return line.end - line.start + 1 + first_word > width - RAGGED


def make_document(
    text: str,
    *,
    source: str,
    encoding: str | None = None,
    title: object = None,
    outlet: object = None,
    url: object = None,
    author: object = None,
    published: datetime | None = None,
) -> Document:
    """Normalise a text and make a document of it; metadata is put on one line each, empty values become ``None``.

    Raises:
        DocumentError: the text is empty.
    """
    normal = normalise(text)
    spans = paragraphs(normal)
    if not spans:
        raise DocumentError("holds no text", source=source, remedy="Give a document with text in it")
    metadata: dict[str, Any] = {"title": title, "outlet": outlet, "url": url, "author": author}
    return Document(
        doc_id=hashlib.sha256(normal.encode("utf-8")).hexdigest(),
        source=source,
        text=normal,
        paragraphs=spans,
        published=published,
        language="de" if is_german(normal) else None,
        encoding=encoding,
        **{key: one_line(value) for key, value in metadata.items()},
    )
