"""Public offices by date: who *der russische Präsident* was on the day of an article.

``offices.tsv`` holds what is known for certain; a user's own terms come before it. Where a country, a date or a
holder is in doubt, nobody is named.
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from quotes.errors import DataError
from quotes.lexicon import Lexicon
from quotes.model import Sentence
from quotes.speakers.role_nouns import Role
from quotes.tables import read_table, word_list, word_set
from quotes.word_forms import fold

# Countries whose papers leave out the country of their own offices (*die Außenministerin*), and say *Bundes-*.
HOMES = ("Deutschland", "Österreich", "Schweiz")
_FEDERAL = "bundes"
# How likely a holder is right where the country is named, and where it was inferred. Set before counting: the
# confidences of the rows are calibrated anyway.
NAMED_COUNTRY, INFERRED_COUNTRY = 0.9, 0.7


@dataclass(frozen=True, slots=True)
class Term:
    """One holder's time in an office; both days belong to it."""

    office: str
    body: str
    holder: str
    gender: str
    first: date
    last: date


class Offices:
    """Terms by body and noun. Terms given first win over later ones of the same office at the same time."""

    def __init__(self, terms: Sequence[Term], lexicon: Lexicon) -> None:
        self._by_noun: dict[tuple[str, str], list[Term]] = {}
        self._by_class: dict[tuple[str, str], list[Term]] = {}
        self._heads: dict[str, list[Term]] = {}
        states = {body: lexicon.country_of(body) is not None for body in {term.body for term in terms}}
        leading = word_list("head_offices")
        for term in terms:
            office = fold(term.office)
            for form in _forms(office):
                self._by_noun.setdefault((term.body, form), []).append(term)
            kind = lexicon.role_class(office)
            if kind is not None:
                self._by_class.setdefault((term.body, kind), []).append(term)
            if office in leading and not states[term.body]:
                self._heads.setdefault(term.body, []).append(term)

    def holder(self, role: Role, body: str, on: date) -> Term | None:
        """Who held the office that a role noun means, at a body, on a day; ``None`` where the table does not say."""
        found = [t for t in self._meant(role, body) if t.first <= on <= t.last]
        exact = [t for t in found if fold(t.office) in (role.core, role.noun)] or found
        first = exact[0] if exact else None
        if first is None or any(fold(t.office) != fold(first.office) for t in exact):
            return None  # two offices could be meant
        return first if not role.gender or role.gender == first.gender else None

    def knows(self, role: Role, body: str) -> bool:
        """Whether the table has the office at that body at any time."""
        return bool(self._meant(role, body))

    def _meant(self, role: Role, body: str) -> list[Term]:
        """The terms of the offices at a body that a role noun may mean, each once."""
        found = [*self._by_noun.get((body, role.core), ()), *self._by_noun.get((body, role.noun), ())]
        if role.kind is not None:
            found += self._by_class.get((body, role.kind), ())
        if role.core in word_list("head_nouns"):
            found += self._heads.get(body, ())
        return list(dict.fromkeys(found))


def _forms(office: str) -> tuple[str, ...]:
    """A folded office in both genders: *minister* and *ministerin*, *beauftragter* and *beauftragte*."""
    if office.endswith(word_list("declined_nouns")):
        return office, office.removesuffix("r")
    return office, office + "in", office.removesuffix("mann") + "frau"


class Incumbents:
    """The offices as an article sees them: on its day, from the countries that it speaks of."""

    def __init__(
        self, offices: Offices | None, on: date | None, sentences: Sequence[Sentence], lexicon: Lexicon
    ) -> None:
        self._offices = offices
        self._on = on
        self._countries = _countries(sentences, lexicon) if offices is not None and on is not None else frozenset()

    def holder(self, role: Role) -> tuple[Term, float] | None:
        """Who holds the office of a role on the day of the article, with the probability; ``None`` where in doubt."""
        if self._offices is None or self._on is None or not role.current:
            return None
        if role.country is not None and not role.noun.startswith(_FEDERAL):
            term = self._offices.holder(role, role.country, self._on)
            return (term, NAMED_COUNTRY) if term is not None else None
        named = self._countries & set(HOMES)
        if role.noun.startswith(_FEDERAL):
            candidates = named or set(HOMES)
        else:
            candidates = self._countries if named else self._countries | set(HOMES)
        known = [c for c in candidates if self._offices.knows(role, c)]
        terms = [t for c in known if (t := self._offices.holder(role, c, self._on)) is not None]
        silent = [c for c in candidates - set(known) if c not in HOMES]
        if len(terms) != 1 or silent:
            return None
        return terms[0], INFERRED_COUNTRY


def _countries(sentences: Sequence[Sentence], lexicon: Lexicon) -> frozenset[str]:
    """The countries that an article names: by their names, capitals, adjectives, regions and parties."""
    found: set[str] = set()
    for sentence in sentences:
        for token in sentence.tokens:
            if token.upos not in ("PROPN", "ADJ", "NOUN", "X"):
                continue
            body = lexicon.office_body(token.text) if token.upos == "PROPN" else None
            seat = lexicon.country_of(token.text) or body
            if seat is not None:
                found.add(lexicon.home_of(seat) or seat)
    unions = word_set("no_states")
    return frozenset(c for c in found if lexicon.country_of(c) is not None and fold(c).partition(" ")[0] not in unions)


def read_term(row: dict[str, str], *, source: str) -> Term:
    """A line of the table as a value; a month or year stands for the days that are certainly inside the term.

    Raises:
        DataError: a date is none, the gender is neither m nor f, or the term ends before it begins.
    """
    try:
        first, last = _first_day(row["from"]), _last_day(row["to"])
    except ValueError as error:
        raise DataError(
            f"{row['holder']}: {error}", source=source, remedy="Write YYYY-MM-DD, YYYY-MM or YYYY"
        ) from None
    if row["gender"] not in ("m", "f"):
        raise DataError(f"{row['holder']}: gender {row['gender']!r} is neither m nor f", source=source)
    if first > last:
        raise DataError(f"{row['holder']}: the term ends before it begins", source=source)
    return Term(row["office"], row["body"], row["holder"], row["gender"], first, last)


def _first_day(text: str) -> date:
    """The first day that is certainly in a term: the day itself, or the day behind the month or year."""
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 1:
        return date(parts[0] + 1, 1, 1)
    if len(parts) == 2:
        return date(parts[0] + parts[1] // 12, parts[1] % 12 + 1, 1)
    return date(*parts)


def _last_day(text: str) -> date:
    """The last day that is certainly in a term: the day itself, or the day before the month or year."""
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 1:
        return date(parts[0] - 1, 12, 31)
    if len(parts) == 2:
        year, month = (parts[0], parts[1] - 1) if parts[1] > 1 else (parts[0] - 1, 12)
        return date(year, month, calendar.monthrange(year, month)[1])
    return date(*parts)


@lru_cache(maxsize=1)
def known_terms() -> tuple[Term, ...]:
    """The package's own terms of office, read once."""
    return tuple(read_term(row, source="offices.tsv") for row in read_table("offices.tsv"))
