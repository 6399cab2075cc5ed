"""The names in a content, by what they stand for: countries, days and months, people, bodies, places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from quotes.folding import fold
from quotes.statements.reading import Word
from quotes.statements.vocabulary import TABLES
from quotes.tables import read_table

# Letters of an acronym at most (a word in capitals alone).
_ACRONYM = 5
_CALENDAR = ("day", "month", "season")
_SIGNS = (*_CALENDAR, "title", "local", "noun_ending", "place_ending")


@dataclass(frozen=True, slots=True)
class Name:
    """A name: its class (country, day, month, season, person, body, place), what stands for it, the words it takes."""

    kind: str
    key: str
    places: tuple[int, ...]


def names(words: Sequence[Word], text: str) -> tuple[Name, ...]:
    """The names among words, in their order; a word belongs to one name at most.

    A place is a capitalised word behind a local preposition without an article; a person bears a given name or title.
    What is only capitalised may be any noun and is no name.
    """
    return tuple(_names(words, text))


def _names(words: Sequence[Word], text: str) -> Iterator[Name]:
    signs = _signs()
    at = 0
    while at < len(words):
        name = _name(words, at, text, signs)
        if name is None:
            at += 1
            continue
        yield name
        at = name.places[-1] + 1


def _name(words: Sequence[Word], at: int, text: str, signs: Mapping[str, frozenset[str]]) -> Name | None:
    word = words[at]
    if word.kind == "country":
        return Name("country", word.key, (at,))
    for kind in _CALENDAR:
        day = next((d for d in (word.text, word.text.removesuffix("s")) if d in signs[kind]), None)
        if day:
            return Name(kind, day, (at,))
    if not word.capital or word.kind == "number":
        return None
    printed = text[word.start : word.end]
    if printed.isupper() and 1 < len(printed) <= _ACRONYM:
        return Name("body", word.text, (at,))
    follows = words[at + 1] if at + 1 < len(words) and words[at + 1].start - word.end <= 2 else None
    if (
        follows is not None
        and follows.kind == "noun"
        and (word.text in _given() or (word.text in signs["title"] and not _is_noun(follows.text, signs)))
    ):
        return Name("person", _bare(follows.text), (at, at + 1))
    if _is_noun(word.text, signs) or word.first:
        return None
    if word.before in signs["local"] or (not word.before and word.text.endswith(tuple(signs["place_ending"]))):
        return Name("place", _bare(word.text), (at,))
    return None


def _is_noun(word: str, signs: Mapping[str, frozenset[str]]) -> bool:
    return word.endswith(tuple(signs["noun_ending"]))


def _bare(word: str) -> str:
    return word.removesuffix("s") if len(word) > len("Paris") else word


@cache
def _signs() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {kind: set() for kind in _SIGNS}
    for row in read_table(TABLES + "name_signs.tsv"):
        found[row["kind"]].update(fold(w) for w in row["words"].split())
    return {kind: frozenset(listed) for kind, listed in found.items()}


@cache
def _given() -> frozenset[str]:
    tables = ("given_names_berlin.tsv", "given_names_extra.tsv")
    return frozenset(fold(row["name"]) for table in tables for row in read_table(table))
