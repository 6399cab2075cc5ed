"""Whether two contents have the same parts played by others: *X hilft Y*, *Y hilft X*."""

from __future__ import annotations

from quotes.statements.matching import Alignment
from quotes.statements.reading import Word
from quotes.statements.side import Side
from quotes.statements.vocabulary import vocabulary

# Least cover of both sides: a change of parts is told by order and articles alone.
_COVER = 0.7
# What stands before a noun: none or an article that a subject may have; one that only an object has; an agent.
_SUBJECT = frozenset(("", "der", "die", "das", "ein", "eine", "kein", "keine"))
_OBJECT = frozenset(("den", "dem", "einen", "einem", "einer"))
_AGENT = frozenset(("von", "vom"))
_GENITIVE = frozenset(("der", "des", "eines", "einer"))
_JOINED = frozenset(("und", "oder", "sowie", "der", "des", "die", "das", "den", "dem"))


def swapped(found: Alignment, a: Side, b: Side) -> bool:
    """Whether two partners change parts, in the order and the articles or between active and passive."""
    if min(found.cover_a, found.cover_b) < _COVER:
        return False
    nouns = [(found.a[i], found.b[j]) for i, j, _ in found.pairs if found.a[i].capital and found.b[j].capital]
    for at, (x, x_there) in enumerate(nouns):
        for y, y_there in nouns[at + 1 :]:
            if x.clause != y.clause or x_there.clause != y_there.clause:
                continue
            if _joined(x, y, a) or _joined(x_there, y_there, b):
                continue
            ours, theirs = (_part(x, a), _part(y, a)), (_part(x_there, b), _part(y_there, b))
            same_order = x_there.start < y_there.start
            if _passive(ours, theirs) if same_order else _exchanged(ours, theirs):
                return True
    return False


def _exchanged(ours: tuple[str, str], theirs: tuple[str, str]) -> bool:
    """Of two nouns in another order whether each has the other's part: the first of both may be the subject."""
    if ours == (theirs[1], theirs[0]):
        return True
    free = _SUBJECT | _OBJECT
    return ours[0] in _SUBJECT and theirs[1] in _SUBJECT and ours[1] in free and theirs[0] in free


def _passive(ours: tuple[str, str], theirs: tuple[str, str]) -> bool:
    """Of two nouns in the same order whether the object of one side is the agent of the other."""
    free = _SUBJECT | _OBJECT
    return any(
        one[0] in _SUBJECT and one[1] in free and other[0] in _SUBJECT and other[1] in _AGENT
        for one, other in ((ours, theirs), (theirs, ours))
    )


def _part(word: Word, side: Side) -> str:
    """The article or preposition before a noun, looked for behind its adjectives; empty where there is none."""
    own = side.reading.clause(word.clause)
    at = next((i for i, w in enumerate(own) if w.start == word.start), 0) - 1
    while (
        at >= 0
        and own[at].kind in ("other", "light", "number")
        and own[at].text.endswith(("e", "en", "er", "es", "em"))
    ):
        at -= 1
    if at < 0:
        return ""
    prepositions = vocabulary().prepositions
    for place in (at, at - 1):
        if place >= 0 and own[place].text in prepositions:
            return own[place].text
    article = own[at].text
    if article in _GENITIVE and at and own[at - 1].capital and not own[at - 1].first:
        return "of"
    return article if article in _SUBJECT | _OBJECT | _GENITIVE else ""


def _joined(x: Word, y: Word, side: Side) -> bool:
    """Whether two nouns are joined: by *und*, or as one in the genitive of the other (der Zuschuss der Stadt)."""
    first, second = sorted((x, y), key=lambda w: w.start)
    between = side.reading.text[first.end : second.start].split()
    return set(between) <= _JOINED or (between[0] in _GENITIVE and len(between) <= 2)
