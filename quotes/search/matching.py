"""Which words of a text a word that is asked for means: its inflections and the compounds it is a part of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

from quotes.errors import UsageError
from quotes.folding import stem, words
from quotes.tables import read_table

_TABLE = "use/search_words.tsv"
# Not inside of a phrase, nor in 1,5.
_COMMA = re.compile(r'[,;](?!\d)(?=(?:[^"„“”«»]*["„“”«»][^"„“”«»]*["„“”«»])*[^"„“”«»]*$)')
_PHRASE = re.compile(r'["„“”«»]([^"„“”«»]*)["„“”«»]')
# Letters of a word that may be any part of a compound; a shorter one only beside a word that the store knows, since
# Gas is in Vegas and Rat in Apparat.
_LONG = 5
_SHORTEST = 3
# Letters that the other part of a compound has at least.
_PART = 3


@cache
def search_words(name: str) -> frozenset[str]:
    """A list of ``search_words.tsv``; empty if there is none of that name."""
    rows = (row for row in read_table(_TABLE) if row["list"] == name)
    return frozenset(word for row in rows for word in row["words"].split())


@dataclass(frozen=True, slots=True)
class Asked:
    """What a text must hold: each of the words in some form, each of the phrases word by word. All are folded."""

    words: tuple[str, ...]
    phrases: tuple[tuple[str, ...], ...]


def read_question(about: str) -> tuple[Asked, ...]:
    """Alternatives from what was typed, parted by commas: *heiliger Krieg, "großer Sieg"*.

    In each, articles and the like are passed over outside of phrases, unless nothing else is asked for.

    Raises:
        UsageError: there is no word in it.
    """
    alternatives = [asked for part in _COMMA.split(about) if (asked := _read_alternative(part)) is not None]
    if not alternatives:
        raise UsageError(f"there is no word in {about!r}", remedy="Ask for words, or leave --about out")
    return tuple(dict.fromkeys(alternatives))


def _read_alternative(part: str) -> Asked | None:
    phrases = tuple(found for match in _PHRASE.finditer(part) if (found := tuple(words(match[1]))))
    asked = tuple(dict.fromkeys(words(_PHRASE.sub(" ", part))))
    telling = tuple(word for word in asked if word not in search_words("passed_over"))
    if not telling and not phrases:
        telling = asked
    return Asked(telling, phrases) if telling or phrases else None


def forms_of(word: str, terms: Iterable[str], known: Callable[[str], bool]) -> list[str]:
    """Those of the folded terms that a folded word means.

    Args:
        word: what is asked for.
        terms: folded words that may be meant; see :func:`traces` for what they have in common.
        known: whether something is a word of its own in the store's texts.
    """
    return [term for term in terms if means(word, term, known)]


def traces(word: str) -> tuple[str, ...]:
    """Strings one of which stands in ``term stem(term)`` for each term that a word may mean as part of a compound."""
    return tuple(dict.fromkeys(trace for trace in (word, _root(word), stem(word)) if len(trace) >= _SHORTEST))


def means(word: str, term: str, known: Callable[[str], bool]) -> bool:
    """Whether a term is a word, an inflection of it, or a compound with it (*Kanzler*: *Bundeskanzlerin*)."""
    if word == term or (stem(word) == stem(term) and not _has_digit(word)):
        return True
    if len(word) < _SHORTEST or _has_digit(word):
        return False
    # The stem of a plural with an umlaut is that of the singular: Bundesländer ends in Land by its stem alone.
    readings = [(word, term), (_root(word), term), (stem(word), stem(term))]
    return any(_in_compound(part, whole, known, last=part == stem(word) != word) for part, whole in readings)


def _root(word: str) -> str:
    """A plural as compounds have it before another part is read off it (*Raketen*: *Raketentechnik* has *Rakete*)."""
    for ending in ("innen", "en", "n", "e", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= _LONG:
            return word.removesuffix(ending)
    return word


def _in_compound(part: str, whole: str, known: Callable[[str], bool], *, last: bool) -> bool:
    """Whether ``part`` is a part of the compound ``whole``; ``last``: only as the last one."""
    if len(part) < _SHORTEST:
        return False
    at = whole.find(part)
    while at >= 0:
        left, right = whole[:at], whole[at + len(part) :]
        ends = not right or right in search_words("endings")
        if (ends or not last) and _parts(left, right, ends=ends, short=len(part) < _LONG, known=known):
            return True
        at = whole.find(part, at + 1)
    return False


def _parts(left: str, right: str, *, ends: bool, short: bool, known: Callable[[str], bool]) -> bool:
    """Whether what stands left and right of a part are parts of a compound, or nothing and an ending."""
    if not left and ends:
        return False  # an inflection, which stems tell, or another word (Türke, Türkei)
    if left and (len(left) < _PART or left in search_words("verbal_prefixes")):
        return False
    if left and short and not any(known(word) for word in _without_joint(left, at_end=True)):
        return False
    if ends:
        return True
    rests = [rest for rest in _without_joint(right, at_end=False) if len(rest) >= _PART]
    rests = [rest for rest in rests if rest not in search_words("derivations")]
    # Where a joint may have been cut off, what is left must still be no derivation: Satellit-en-bild.
    if right in search_words("derivations") or not rests:
        return False
    return not short or any(known(rest) for rest in rests)


def _without_joint(part: str, *, at_end: bool) -> list[str]:
    """A part as it stands and without the joint on one side."""
    found = [part]
    for joint in search_words("joints"):
        bare = part.removesuffix(joint) if at_end else part.removeprefix(joint)
        if bare != part and len(bare) >= _PART:
            found.append(bare)
    return found


def _has_digit(word: str) -> bool:
    return any(c.isdigit() for c in word)
