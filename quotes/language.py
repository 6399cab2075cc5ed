"""Is this text German? Told by the share of German function words, with no model."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from quotes.errors import DocumentError

# Words. Shorter texts (headlines, captions) say too little.
FEWEST_WORDS = 20
# Share of the listed function words. Of 850 German news articles two have less (tables of sports results), and one of
# them has no sentence that has more; sample texts in eight other languages stay under half of it.
GERMAN_SHARE = 0.15
# Words in the window that slides over a text: one German sentence in it keeps a text from being refused.
WINDOW = 30
# Letters outside the Latin script; a German article about Russia has a name or two in it.
MOST_FOREIGN_LETTERS = 0.5

_WORD = re.compile(r"[^\W\d_]+")


@cache
def function_words() -> frozenset[str]:
    """The listed German function words, in lower case."""
    lines = files("quotes").joinpath("data", "function_words.txt").read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def german_share(text: str) -> float:
    """The share of German function words among the words of a text; 0 without words."""
    words = _WORD.findall(text.lower())
    known = function_words()
    return sum(word in known for word in words) / len(words) if words else 0.0


def is_german(text: str) -> bool | None:
    """``True`` or ``False`` where the text shows it, ``None`` where it is too short or mixed to tell."""
    letters = sum(c.isalpha() for c in text)
    foreign = sum(c.isalpha() and ord(c) > 0x24F for c in text)
    if letters >= 5 * FEWEST_WORDS and foreign > MOST_FOREIGN_LETTERS * letters:
        return False
    words = _WORD.findall(text.lower())
    if len(words) < FEWEST_WORDS:
        return None
    if german_share(text) >= GERMAN_SHARE:
        return True
    hits = [word in function_words() for word in words]
    best = max(sum(hits[at : at + WINDOW]) for at in range(0, max(len(hits) - WINDOW, 0) + 1, WINDOW // 3))
    return False if best < GERMAN_SHARE * min(WINDOW, len(hits)) else None


def require_german(text: str, *, source: str = "") -> None:
    """Pass over German, mixed and short texts in silence.

    Raises:
        DocumentError: the text is clearly not German.
    """
    if is_german(text) is False:
        raise DocumentError("is not German", source=source, remedy="Only German articles can be read; leave it out")
