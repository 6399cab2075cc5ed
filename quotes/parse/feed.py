"""What the models read in place of a paragraph: the same text, length for length, with marks they know.

The models learnt their marks from text with „…“ and "…". On «…» and ‹…› the tokenizer leaves marks on words, and the
same sentence gets another tree; so paired marks of all kinds are read as „…“ and ‚…‘. Paragraphs that would take
Stanza time and memory with the square of their length are read in pieces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from quotes.marks import BEFORE_OPENING, DOUBLE, find_quoted
from quotes.model import Span

# Characters read at once: far more than a paragraph of prose has, and little enough for Stanza's tokenizer.
LONGEST_PIECE = 5000
# The end of a sentence for sure: a word of three letters or more, its final mark, and a capital.
_SENTENCE_END = re.compile(r"[a-zäöüß]{3}[.!?…][\"“”»«›‹‘’')\]]*\s+(?=[\"„“»«›‹‚‘'(\[–-]*[A-ZÄÖÜ])")
_GUILLEMETS = {"«": "„“", "»": "„“", "‹": "‚‘", "›": "‚‘"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a paragraph that is parsed by itself.

    ``printed`` begins at ``start`` in the paragraph; ``read`` is as long. ``cut``: no sentence ends before it.
    """

    start: int
    printed: str
    read: str
    cut: bool = False

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where a token of ``read`` stands in ``printed``: the same place, but for marks typed as ,, and ''."""
        if end == start + 1:
            if self.read[start] == "„" and self.printed[start] == ",":
                return start - 1, end
            if self.read[start] == "“" and self.printed[start] == "'":
                return start, end + 1
        return start, end


def pieces(paragraph: str) -> Iterator[Piece]:
    """A paragraph as the models read it, nearly always in one piece."""
    start, cut = 0, False
    while len(paragraph) - start > LONGEST_PIECE:
        window = paragraph[start : start + LONGEST_PIECE]
        ends = [match.end() for match in _SENTENCE_END.finditer(window)]
        blank = max(window.rfind(" "), window.rfind("\n")) + 1
        length = ends[-1] if ends else blank or LONGEST_PIECE
        yield Piece(start, window[:length], known_marks(window[:length]), cut)
        start, cut = start + length, not ends
    rest = paragraph[start:]
    yield Piece(start, rest, known_marks(rest), cut)


def known_marks(text: str) -> str:
    """The text, length for length, with plain blanks and with quotation marks that the models know."""
    text = text.replace("\n", " ")
    if not any(mark in text for mark in "“”«»‟‘’‛‹›'"):
        return text
    read = list(text)
    for at, mark in enumerate(text):
        if mark in _GUILLEMETS:
            before = text[at - 1] if at else " "
            read[at] = _GUILLEMETS[mark][not (before.isspace() or before in BEFORE_OPENING)]
    for quoted in find_quoted(text, [Span(0, len(text))]):
        opening, closing = quoted.outer.start, quoted.outer.end - 1
        if text[opening : opening + 2] == ",,":
            read[opening : opening + 2] = " „"
            read[closing - 1 : closing + 1] = "“ "
        elif text[opening] != '"' or text[closing] != '"':
            double = text[opening] in DOUBLE
            read[opening] = "„" if double else "‚"
            if quoted.closed:
                read[closing] = "“" if double else "‘"
    return "".join(read)
