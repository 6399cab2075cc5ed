"""What the models read in place of a paragraph: the same text, length for length, with marks they know.

The models learnt their marks from text with „…“ and "…". On «…», ‹…›, ‚…‘ and '…' the tokenizer leaves marks on words,
and the same sentence gets another tree; so paired marks of all kinds are read as „…“. (On 131 sentences with marks
from UD German, «…» for theirs costs 1.2 points of token recall and 1.7 of LAS; read as „…“ it costs nothing.)
Paragraphs that would take Stanza time and memory with the square of their length are read in pieces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from quotes.marks import ALL_MARKS, BEFORE_OPENING, find_quoted
from quotes.model import Span

# Characters read at once: far more than a paragraph of prose has, and little enough for Stanza's tokenizer.
LONGEST_PIECE = 5000
# The end of a sentence for sure: a word of three letters or more, its final mark, and a capital.
_SENTENCE_END = re.compile(r"[a-zäöüß]{3}[.!?…][\"“”»«›‹‘’')\]]*\s+(?=[\"„“»«›‹‚‘'(\[–-]*[A-ZÄÖÜ])")
# A place or none, a date or none, agencies in brackets or none, then a dash or a stroke and the first word of the
# article: read as one sentence, the place becomes the subject. An article or preposition begins no dateline.
_DATELINE = re.compile(
    r"(?:(?!(?:Der|Die|Das|Ein|Eine|Er|Sie|Es|Im|In|Am|Auf|Mit|Für|Nach|Wer|Was|Wie)\b)"
    r"[A-ZÄÖÜ][\w.]+(?:[ /-][A-ZÄÖÜa-z][\w.]+){0,3})?"
    r"(?:,\s\d{1,2}\.\s\w{3,9}(?:\s\d{4})?)?(?:\s?\([\w./ -]{2,30}\))?\s?[.:]?\s?"
    r"(?:[–—-]{1,2}|\|)\s(?=[\"„«»“(]?[A-ZÄÖÜ])"
)
# Characters of a paragraph that can open an article; shorter ones with a dash are headlines and scores.
SHORTEST_WITH_DATELINE = 80
# Characters of a dateline, so that no giant paragraph is searched.
LONGEST_DATELINE = 150


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
        if self.read[max(0, start - 1) : end] == " „" and self.printed[start - 1 : end] == ",,":
            return start - 1, end
        if self.read[start : end + 1] == "“ " and self.printed[start : end + 1] == "''":
            return start, end + 1
        return start, end


def pieces(paragraph: str) -> Iterator[Piece]:
    """A paragraph as the models read it, nearly always in one piece."""
    start, cut = _dateline_end(paragraph), False
    if start:
        yield Piece(0, paragraph[:start], known_marks(paragraph[:start]))
    while len(paragraph) - start > LONGEST_PIECE:
        window = paragraph[start : start + LONGEST_PIECE]
        ends = [match.end() for match in _SENTENCE_END.finditer(window)]
        blank = max(window.rfind(" "), window.rfind("\n")) + 1
        length = ends[-1] if ends else blank or LONGEST_PIECE
        yield Piece(start, window[:length], known_marks(window[:length]), cut)
        start, cut = start + length, not ends
    rest = paragraph[start:]
    yield Piece(start, rest, known_marks(rest), cut)


def _dateline_end(paragraph: str) -> int:
    """Where the first sentence begins behind *Wien (APA) –*; 0 without a dateline. Headlines have none."""
    if len(paragraph) < SHORTEST_WITH_DATELINE:
        return 0
    found = _DATELINE.match(paragraph[:LONGEST_DATELINE])
    return found.end() if found else 0


def known_marks(text: str) -> str:
    """The text, length for length, with plain blanks and with quotation marks that the models know."""
    text = text.replace("\n", " ")
    if not any(mark in text for mark in ALL_MARKS):
        return text
    read = list(text)
    for at, mark in enumerate(text):
        if mark in "«»‹›":
            before = text[at - 1] if at else " "
            read[at] = "„" if before.isspace() or before in BEFORE_OPENING else "“"
    found = find_quoted(text, [Span(0, len(text))])
    # Marks of two signs last: the second of '' is no mark of its own.
    for quoted in sorted(found, key=lambda q: text[q.outer.start] == ","):
        opening, closing = quoted.outer.start, quoted.outer.end - 1
        if text[opening] == ",":
            read[opening : opening + 2] = " „"
            if text[closing - 1 : closing + 1] == "''":
                read[closing - 1 : closing + 1] = "“ "
        elif text[opening] != '"' or text[closing] != '"':
            read[opening] = "„"
            if quoted.closed:
                read[closing] = "“"
    return "".join(read)
