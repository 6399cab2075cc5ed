"""Whom a name, a part of it or a role means: speakers by whatever they are called in the store."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from quotes.folding import readings, stem, words
from quotes.search.index import Called
from quotes.search.indexing import NAME
from quotes.search.matching import search_words


def read_name(name: str) -> list[list[str]]:
    """The folded words of a name or description that tell, with hyphens parting and joining them.

    Articles do not tell, unless there is nothing else.
    """
    return [
        [word for word in asked if word not in search_words("openers")] or asked for asked in readings(name) if asked
    ]


def meant(asked: Sequence[str], candidates: Iterable[Called]) -> list[str]:
    """The canonical names of those whom the words mean, in the order of the candidates.

    Whose own name holds all words is meant, and then nobody else: *Putin* is no *Putins Sprecher*. Else all who are
    described so (*der Kremlchef*), by the noun itself and not by its attributes: *Kremlchef* is no *Sprecher des
    Kremlchefs*. Else all in whose description the words occur anywhere (*Statistik*: *Amt für Statistik*).
    """
    candidates = list(candidates)
    by_name = [c for c in candidates if c.what == NAME and _holds(_core(c.form), asked, of=None)]
    described = [c for c in candidates if _holds(_core(c.form), asked, of=c.speaker)]
    if any(c.named for c in by_name):
        chosen = by_name
    else:
        chosen = [*by_name, *described] or [c for c in candidates if _holds(c.form.split(), asked, of=c.speaker)]
    return list(dict.fromkeys(c.speaker for c in chosen))


def _core(form: str) -> list[str]:
    """The words of a description up to the attributes behind its noun."""
    told = form.split()
    while len(told) > 1 and told[0] in search_words("openers"):
        told = told[1:]
    end = next((at for at, word in enumerate(told) if at and word in search_words("attributes")), len(told))
    return told[:end]


def _holds(form: Sequence[str], asked: Sequence[str], *, of: str | None) -> bool:
    """Whether a form holds all words: as they are, and inflected unless they are part of the name ``of`` its bearer."""
    own = frozenset(words(of)) if of is not None else frozenset(form)
    last = len(form) - 1
    return all(
        any(_is(word, told, inflected=told not in own, last=at == last) for at, told in enumerate(form))
        for word in asked
    )


def _is(word: str, told: str, *, inflected: bool, last: bool) -> bool:
    if word == told or word == told + "s":
        return True
    # A genitive before its noun is somebody else: Putins Sprecher.
    return inflected and stem(word) == stem(told) and (last or told != word + "s")
