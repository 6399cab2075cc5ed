"""The edges of a quotation's content."""

from __future__ import annotations

import pytest

from quotes.constructions.content import is_stamp, outline, trim
from quotes.constructions.context import Context
from quotes.lexicon import load_lexicon
from quotes.model import ParsedDocument, Span
from quotes.text import make_document


@pytest.mark.parametrize(
    ("text", "content"),
    [
        (" – das sei falsch, ", "das sei falsch"),
        ("- 5 Prozent seien es -", "5 Prozent seien es"),
        # The sign of a number is part of what was said.
        ("-5 Prozent sind es", "-5 Prozent sind es"),
        (", –12 Grad", "–12 Grad"),
        ("+3 Punkte", "+3 Punkte"),
        ("das Ziel, -", "das Ziel"),
    ],
)
def test_trim(text: str, content: str) -> None:
    start, end = trim(text, Span(0, len(text)))
    assert text[start:end] == content


@pytest.mark.parametrize(
    ("before", "line", "found"),
    [
        ("", "18:45 Uhr: Die Lage sei ruhig", "Die Lage sei ruhig"),
        ("Sturm\n\n+++ ", "9.07 +++ Die Lage sei ruhig", "Die Lage sei ruhig"),
        ("", "16:05 – Die Lage sei ruhig", "Die Lage sei ruhig"),
        ("", "18:45 Uhr sei die Lage ruhig gewesen", "18:45 Uhr sei die Lage ruhig gewesen"),
        ("Er sagte, um ", "18:45: Die Lage sei ruhig", "18:45: Die Lage sei ruhig"),
    ],
)
def test_the_time_of_a_ticker_is_no_content(before: str, line: str, found: str) -> None:
    context = Context(ParsedDocument(make_document(before + line, source="x"), (), "none"), load_lexicon())
    [span] = outline(context, [Span(len(before), len(before) + len(line))])
    assert context.text[slice(*span)] == found


def test_a_time_alone_is_a_stamp_at_the_start_of_a_line_only() -> None:
    assert is_stamp("Sturm\n\n+++ 9:07 Uhr +++ Laut Polizei", Span(11, 19))
    assert not is_stamp("Um 9:07 Uhr", Span(3, 11))
