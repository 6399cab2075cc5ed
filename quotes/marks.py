"""Quotation marks: which pairs of marks enclose what, over the text and not over the sentence.

German texts mix „…“ »…« «…» "…" “…” and the single ‚…‘ ›…‹ ‹…› '…' ‘…’; marks nest, stay open, and reopen at
each paragraph of a long quotation. An unbalanced mark costs at most its own paragraph.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from quotes.model import Span

DOUBLE = '„“”»«"‟'
SINGLE = "‚‘’›‹'‛"
ALL_MARKS = DOUBLE + SINGLE
# What may stand directly before an opening mark, and directly behind a closing one, besides blanks.
BEFORE_OPENING = "([{–—-:/…" + ALL_MARKS
BEHIND_CLOSING = ".,;:!?)]}–—-…/" + ALL_MARKS
# Which marks can close a pair that this one opened, in German, Swiss, English and web use.
CLOSERS = {
    "„": '“”"‟«',
    "“": '”"“»',
    "”": '”"',
    "»": '«»"“”',
    "«": '»"“”',
    '"': '""“”«',
    "‟": "”",
    "‚": "‘’'",
    "‘": "’'",
    "›": "‹›",
    "‹": "›",
    "'": "'’‘",
    "’": "’",
    "‛": "’",
}


# Marks open at once; text nests them three deep, and thousands of lost ones must not cost the square of their number.
MOST_OPEN = 32


@dataclass(frozen=True, slots=True)
class Quoted:
    """Text between two marks. ``inner`` leaves the marks out, ``outer`` has them; ``depth`` 0 is outermost.

    ``closed`` is false where the closing mark is missing and the end of the paragraph stands in for it.
    """

    outer: Span
    inner: Span
    depth: int = 0
    closed: bool = True


@dataclass(slots=True)
class _Open:
    mark: str
    at: int
    length: int = 1


def find_quoted(text: str, paragraphs: Sequence[Span]) -> tuple[Quoted, ...]:
    """All quoted stretches, outermost and nested, in order of their start.

    Args:
        text: the document's text.
        paragraphs: its paragraphs, in order (code points).
    """
    found: list[Quoted] = []
    carried: list[Quoted] = []  # open to the end of the paragraph before
    for number, paragraph in enumerate(paragraphs):
        closed, left_open, strays = _pair(text, paragraph)
        found += closed
        if carried and strays and (not left_open or strays[0] < left_open[0].at):
            # The long quotation opened in an earlier paragraph closes here.
            first = carried[0]
            whole = Span(first.outer.start, strays[0] + 1)
            found = [q for q in found if not whole.overlaps(q.outer) or (whole.covers(q.outer) and q is not first)]
            found.append(Quoted(whole, Span(first.inner.start, strays[0])))
            carried = []
            continue
        carried = []
        for opening in left_open[:1]:
            if _reopens(text, paragraphs, number, opening.mark) or _sets_off(text, paragraph, opening.at):
                end = paragraph.end
                quoted = Quoted(Span(opening.at, end), Span(opening.at + 1, end), closed=False)
                if _closes_later(text, paragraphs, number, opening.mark):
                    carried = [quoted]
                found.append(quoted)
    return _with_depths(found, text)


def _pair(text: str, paragraph: Span) -> tuple[list[Quoted], list[_Open], list[int]]:
    """Pairs inside one paragraph, openers left over, closers left over."""
    closed: list[Quoted] = []
    stack: list[_Open] = []
    strays: list[int] = []
    for at in range(paragraph.start, paragraph.end):
        if len(stack) > MOST_OPEN:
            del stack[1]  # the first one may open a quotation of many paragraphs
        mark = text[at]
        if mark == "," and text[at : at + 2] == ",," and text[at + 2 : at + 3].isalnum():
            stack.append(_Open("„", at, 2))  # typed with two commas, closed with two apostrophes
            continue
        if mark == "'" and text[at : at + 2] == "''" and any(o.length == 2 for o in stack):
            opening = next(o for o in stack if o.length == 2)
            del stack[stack.index(opening) :]
            closed.append(Quoted(Span(opening.at, at + 2), Span(opening.at + 2, at)))
            continue
        if mark not in ALL_MARKS:
            continue
        before = text[at - 1] if at > paragraph.start else " "
        behind = text[at + 1] if at + 1 < paragraph.end else " "
        if _is_apostrophe(mark, before, behind, stack):
            continue
        can_open = (before.isspace() or before in BEFORE_OPENING) and not behind.isspace()
        if (
            mark == "«"
            and behind.isspace()
            and (before.isspace() or before in BEFORE_OPENING)
            and " »" in text[at : paragraph.end]
        ):
            can_open = True  # French spacing: « Bonjour »
        spaced = mark == "»" and before.isspace() and any(o.mark == "«" and text[o.at + 1].isspace() for o in stack)
        can_close = spaced or (
            (behind.isspace() or behind in BEHIND_CLOSING or behind.isalpha()) and not before.isspace()
        )
        partner = next((i for i in range(len(stack) - 1, -1, -1) if mark in CLOSERS[stack[i].mark]), None)
        if mark == "„" or mark == "‚":
            stack.append(_Open(mark, at))
        elif (
            partner is not None
            and can_close
            and not (can_open and not spaced and _opens_anew(text, at, paragraph, stack[partner]))
        ):
            opening = stack[partner]
            del stack[partner:]
            if at > opening.at + 1:
                closed.append(Quoted(Span(opening.at, at + 1), Span(opening.at + 1, at)))
        elif can_open and mark != "’":
            stack.append(_Open(mark, at))
        elif can_close and mark in DOUBLE and not before.isdigit():
            strays.append(at)
    return closed, [o for o in stack if o.mark in DOUBLE], strays


def _is_apostrophe(mark: str, before: str, behind: str, stack: list[_Open]) -> bool:
    """*geht's*, *Chan’s*, *90'* and *6"*: letters on both sides, a digit before, or nothing to close."""
    if mark in "'’‘" and before.isalnum() and behind.isalnum():
        return True
    if mark in "'’" and not any(mark in CLOSERS[o.mark] for o in stack):
        return before.isalnum() or (before.isspace() and behind.isdigit())
    return mark == '"' and before.isdigit() and not any(mark in CLOSERS[o.mark] for o in stack)


def _opens_anew(text: str, at: int, paragraph: Span, opening: _Open) -> bool:
    """Whether a mark with two readings opens: a blank or bracket before it, a letter behind it."""
    before = text[at - 1] if at > paragraph.start else " "
    return text[at] in '"»«“' and (before.isspace() or before in "([{") and opening.at < at - 1


def _sets_off(text: str, paragraph: Span, at: int) -> bool:
    """An opener without a partner still opens where it begins the paragraph or follows a colon."""
    return at == paragraph.start or text[paragraph.start : at].rstrip().endswith(":")


def _reopens(text: str, paragraphs: Sequence[Span], number: int, mark: str) -> bool:
    return number + 1 < len(paragraphs) and text[paragraphs[number + 1].start] == mark


def _closes_later(text: str, paragraphs: Sequence[Span], number: int, mark: str) -> bool:
    """Whether the next paragraph goes on without a new opener and has a closer that nothing in it opened."""
    if number + 1 >= len(paragraphs) or _reopens(text, paragraphs, number, mark):
        return False
    _, left_open, strays = _pair(text, paragraphs[number + 1])
    return bool(strays) and text[strays[0]] in CLOSERS[mark] and (not left_open or strays[0] < left_open[0].at)


def _with_depths(found: list[Quoted], text: str) -> tuple[Quoted, ...]:
    ordered = sorted(set(found), key=lambda q: (q.outer.start, -q.outer.end))
    result: list[Quoted] = []
    around: list[Quoted] = []
    for quoted in ordered:
        while around and around[-1].outer.end <= quoted.outer.start:
            around.pop()
        inner = text[quoted.inner.start : quoted.inner.end]
        if not inner.strip():
            continue
        lead, tail = len(inner) - len(inner.lstrip()), len(inner) - len(inner.rstrip())
        trimmed = Span(quoted.inner.start + lead, quoted.inner.end - tail)
        result.append(Quoted(quoted.outer, trimmed, len(around), quoted.closed))
        around.append(result[-1])
    return tuple(result)
