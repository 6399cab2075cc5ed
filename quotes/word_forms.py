"""Forms of a word as the tables have it: folded, masculine, without its ending, or the end of a compound."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

_Entry = TypeVar("_Entry")
# Plurals with an umlaut (*Verbände*, *Anwälte*).
_PLAIN = str.maketrans("äöü", "aou")
_NOUN_ENDINGS = ("n", "en", "e", "s", "es", "nen")


@lru_cache(maxsize=20_000)
def fold(word: str) -> str:
    """Lower case, with ss for ß: how words are compared."""
    return word.lower().replace("ß", "ss")


def masculine(noun: str) -> tuple[str, ...]:
    """A folded noun for a person as a table may have it: itself, and what a feminine may be derived from.

    *Ärztin* comes from *Arzt*, *Biologin* from *Biologe*; *Geistliche* stands beside *Geistlicher*.
    """
    word = fold(noun)
    forms = [word, word + "r"]
    if word.endswith("in"):
        stem = word.removesuffix("in")
        forms += [stem, stem + "e", stem.translate(_PLAIN), stem.translate(_PLAIN) + "e"]
    return tuple(dict.fromkeys(forms))


@dataclass(frozen=True, slots=True)
class Endings:
    """Nouns that another is or ends in; of ``whole`` it must be the whole noun."""

    whole: frozenset[str]
    tails: tuple[str, ...]

    @classmethod
    def of(cls, nouns: str) -> Endings:
        """The endings of a table's field: nouns with commas between, ``=`` before those that must be whole."""
        folded = [fold(noun) for noun in nouns.split(",")]
        whole = frozenset(noun.removeprefix("=") for noun in folded if noun.startswith("="))
        return cls(whole, tuple(noun for noun in folded if not noun.startswith("=")))

    def close(self, noun: str) -> bool:
        """Whether a noun, or the masculine it may be derived from, ends in one of these, with hyphens or without."""
        forms = {*masculine(noun), *masculine(noun.replace("-", ""))}
        return any(form in self.whole or form.endswith(self.tails) for form in forms)


def inflected(table: dict[str, _Entry], lemma: str, form: str) -> _Entry | None:
    """The entry of a noun by its lemma, by its form, or, where the lemmatizer fails, without its ending."""
    words = [w for w in (lemma, form) if w]
    for word in words:
        found = _by_ending(table, word)
        if found is not None:
            return found
    for word in words:
        for ending in _NOUN_ENDINGS:
            if word.endswith(ending):
                stem = word.removesuffix(ending)
                found = _by_ending(table, stem) or _by_ending(table, stem.translate(_PLAIN))
                if found is not None:
                    return found
    return None


def _by_ending(table: dict[str, _Entry], word: str) -> _Entry | None:
    """The entry of a word or of the longest entry it ends in; compounds need three letters before that entry."""
    folded = fold(word)
    if folded in table:
        return table[folded]
    for start in range(3, len(folded) - 3):
        if folded[start:] in table:
            return table[folded[start:]]
    return None
