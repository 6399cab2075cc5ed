"""The edges of a quotation's content."""

from __future__ import annotations

import pytest

from quotes.constructions.content import trim
from quotes.model import Span


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
