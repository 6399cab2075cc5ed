"""Numbers in a text by their value: *drei, 3*; *2,5 Millionen, 2 500 000*; *fünfzig Prozent, 50 %, die Hälfte*."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from quotes.folding import fold
from quotes.statements.vocabulary import root, vocabulary

# Tokens that a number takes at most (eine halbe Million Euro: three of four).
WINDOW = 5
_GROUPED = re.compile(r"\d{1,3}(?:[.\s]\d{3})+(?:,\d+)?")
_DIGITS = re.compile(r"[\d.,:\s]+")
# From this value on, and with Dutzend, a word multiplies the number before it.
_LEAST_FACTOR = 100
_PERCENT = ("%", "prozent")
_COUNTED = ("prozent", "prozentpunkt", "million", "milliarde", "billion", "drittel", "viertel", "fuenftel", "zehntel")
# Forms of the article that count one.
ONE = ("ein", "eine", "einer", "einem", "einen")
# Endings that an ordinal adds to its form in -e (zweiten: zweite).
_ENDINGS = ("n", "r", "s", "m")
_KEPT = 100_000


class Number(NamedTuple):
    """A number: ``value`` as a canonical text (``50%``, ``x2``, ``2.``), and how many tokens it takes."""

    value: str
    tokens: int


def number_at(tokens: Sequence[str]) -> Number | None:
    """The number that begins at the first of the tokens, else none.

    *ein* counts only before *Prozent*, *Million*, a unit and the like, *halb* only before a unit or a multiplier.
    """
    first = fold(tokens[0])
    following = fold(tokens[1]) if len(tokens) > 1 else ""
    measured = root(following) in vocabulary().units
    if first in ONE:
        value: str | None = "1" if following in _COUNTED or measured else None
    else:
        value = _value(first)
        if value == "0.5" and not (measured or _factor(following)):
            return None
    if value is None:
        return None
    amount = _decimal(value)
    if amount is None:
        share = _share(Fraction(value)) if "/" in value else value
        return Number(share, 1)
    taken = 1
    while taken < len(tokens):
        word = fold(tokens[taken])
        if word == "." and taken + 1 < len(tokens) and fold(tokens[taken - 1]) in vocabulary().long:
            break
        if word == "." and fold(tokens[taken - 1]) in ("mio", "mrd"):
            taken += 1
            continue
        factor = _factor(word)
        if factor is None:
            break
        amount *= factor
        taken += 1
    after = fold(tokens[taken]) if taken < len(tokens) else ""
    part = _value(after) or ""
    if after in _PERCENT:
        return Number(f"{_plain(amount)}%", taken + 1)
    if "/" in part:
        return Number(_share(Fraction(amount) * Fraction(part)), taken + 1)
    if after == "uhr":
        return Number(value.removesuffix(":00"), taken)
    return Number(_plain(amount), taken)


def amount_of(value: str, unit: str) -> str:
    """A number with its unit turned into the base unit (*2 Jahre*: ``24 monat``); empty where the unit is no known one.

    ``unit`` is the root of the word behind the number.
    """
    known = vocabulary().units.get(unit)
    number = _decimal(value)
    return f"{_plain(number * known[1])} {known[0]}" if known and number is not None else ""


def one_of(value: str) -> str | None:
    """*jeder fünfte* as a share: ``20%`` for ``5.``; none for what is no ordinal."""
    number = _decimal(value.removesuffix(".")) if value.endswith(".") else None
    return _share(1 / Fraction(number)) if number else None


def _share(part: Fraction) -> str:
    """A fraction in per cent, rounded to whole ones: news rounds them itself."""
    return f"{round(part * 100)}%"


@lru_cache(maxsize=_KEPT)
def _value(word: str) -> str | None:
    if word[:1].isdigit():
        return _written(word)
    values = vocabulary().values
    place = values.get(word[:-1], "") if word.endswith(_ENDINGS) else ""
    return values.get(word) or (place if place.endswith(".") else None) or _composed(word)


def _factor(word: str) -> Decimal | None:
    """What a word multiplies the number before it by: Dutzend, Tausend, Millionen."""
    if not word[:1].isalpha():
        return None
    factor = _decimal(vocabulary().values.get(word, ""))
    return factor if factor is not None and (word == "dutzend" or factor >= _LEAST_FACTOR) else None


def _written(digits: str) -> str | None:
    if not _DIGITS.fullmatch(digits):
        return None
    if ":" in digits:
        return digits.removesuffix(":00")
    plain = re.sub(r"[.\s]", "", digits) if _GROUPED.fullmatch(digits) else digits
    parts = plain.replace(",", ".").split(".")
    return plain if len(parts) > 2 else _plain(Decimal(".".join(parts)))


def _composed(word: str) -> str | None:
    """*siebenundzwanzig, dreihundert, zweitausendfünfhundert*."""
    values = vocabulary().values
    for middle, factor in (("tausend", 1000), ("hundert", 100)):
        head, found, rest = word.partition(middle)
        if not found or (not head and not rest):
            continue
        many = _whole(head) if head else 1
        more = _whole(rest.removeprefix("und")) if rest else 0
        if many is None or more is None:
            return None
        return str(many * factor + more)
    unit, found, ten = word.partition("und")
    if not found:
        return None
    low = "1" if unit == "ein" else values.get(unit, "")
    high = values.get(ten, "")
    if low.isdigit() and high.isdigit() and int(low) < 10 <= int(high) < 100 and int(high) % 10 == 0:
        return str(int(low) + int(high))
    return None


def _whole(word: str) -> int | None:
    if word == "ein":
        return 1
    value = _value(word)
    return int(value) if value is not None and value.isdigit() else None


def _decimal(value: str) -> Decimal | None:
    return Decimal(value) if value and re.fullmatch(r"\d+(?:\.\d+)?", value) else None


def _plain(amount: Decimal) -> str:
    return f"{amount.normalize():f}"
