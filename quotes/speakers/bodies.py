"""Bodies of an article: which noun stood with which name, and whom *das Unternehmen*, *die Behörde* mean later.

Everything is read once, so that looking up costs the same at the end of a long article as at its beginning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from quotes.lexicon import Lexicon, fold
from quotes.model import Sentence, Token
from quotes.speakers.cast import Cast, Person
from quotes.speakers.forms import nominative


@dataclass(frozen=True, slots=True)
class Body:
    """A body with a name: its bearer in the cast, or ``None`` where a compound noun is the name."""

    name: str
    person: Person | None


@dataclass(slots=True)
class _Seen:
    """The bodies one noun or class has stood for, each with the sentence it was first met in."""

    bodies: dict[str, tuple[int, Body]] = field(default_factory=dict)

    def add(self, sentence: int, body: Body) -> None:
        self.bodies.setdefault(body.name, (sentence, body))

    def only(self, before: int) -> Body | None:
        """The one body met before a sentence, ``None`` if there are none or several."""
        known = [body for first, body in self.bodies.values() if first < before]
        return known[0] if len(known) == 1 else None


class Bodies:
    """The named bodies of an article by noun and by class."""

    def __init__(self, sentences: Sequence[Sentence], cast: Cast, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._by_noun: dict[str, _Seen] = {}
        self._by_class: dict[str, _Seen] = {}
        self._compounds: dict[str, _Seen] = {}
        self._unnamed: dict[str, int] = {}
        for sentence in sentences:
            for token in sentence.tokens:
                if token.upos == "NOUN":
                    self._read(sentence, token, cast)

    def _read(self, sentence: Sentence, token: Token, cast: Cast) -> None:
        bearer = cast.at(sentence.index, token.index + 1)
        if bearer is None:
            self._unnamed.setdefault(token.lemma, sentence.index)
            own = cast.at(sentence.index, token.index)
            if own is None:
                self._read_compound(sentence, token)
            return
        if bearer.human:
            return
        body = Body(bearer.name, bearer)
        self._by_noun.setdefault(token.lemma, _Seen()).add(sentence.index, body)
        kind = self._lexicon.body_class(token.lemma) or self._lexicon.body_class(token.text)
        if kind and self._lexicon.country_of(bearer.name) is None:
            self._by_class.setdefault(kind, _Seen()).add(sentence.index, body)

    def _read_compound(self, sentence: Sentence, token: Token) -> None:
        """*Hausärzteverband*: a compound is a name to the bare noun it ends in."""
        found = self._lexicon.body_noun(token.text) or self._lexicon.body_noun(token.lemma)
        bare = found in (fold(token.text), fold(token.lemma), fold(nominative(token)))
        if found is None or bare or token.feats.get("Number") == "Plur":
            return
        body = Body(nominative(token), None)
        self._compounds.setdefault(found, _Seen()).add(sentence.index, body)

    def meant(self, head: Token, sentence: int) -> Body | None:
        """The body that a definite noun means in a sentence: by the same noun, by a compound of it, by its class."""
        seen = self._by_noun.get(head.lemma)
        if seen is not None and seen.bodies:
            return seen.only(sentence)
        compound = self._compounds.get(fold(head.text)) or self._compounds.get(fold(head.lemma))
        if compound is not None:
            return compound.only(sentence)
        kind = self._lexicon.body_class(head.lemma) or self._lexicon.body_class(head.text)
        found = self._by_class.get(kind) if kind else None
        return found.only(sentence) if found is not None else None

    def stood_unnamed(self, lemma: str, sentence: int) -> bool:
        """Whether the noun has stood for somebody without a name before a sentence (*ein Sprecher*)."""
        return self._unnamed.get(lemma, sentence) < sentence
