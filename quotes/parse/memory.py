"""What the parser said of sentences seen before: agency copy and boilerplate are parsed once in a run.

Tagger, lemmatizer and parser look at one sentence at a time and at nothing but its words, so equal words have equal
trees wherever they stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

# Words kept in each of two generations: about 100 articles, and as many before them.
MOST_WORDS = 40_000
Words = tuple[str, ...]


class Annotation(NamedTuple):
    """What the models say of a word; ``head`` is an index within the sentence, -1 for the root."""

    lemma: str
    upos: str
    feats: str
    head: int
    deprel: str


class SentenceMemory:
    """Annotations by the words of a sentence. What was not asked for during two generations is forgotten."""

    def __init__(self, most_words: int = MOST_WORDS) -> None:
        self._most = most_words
        self._size = 0
        self._young: dict[Words, Sequence[Annotation]] = {}
        self._old: dict[Words, Sequence[Annotation]] = {}

    def recall(self, words: Words) -> Sequence[Annotation] | None:
        """The annotations of a sentence, ``None`` if it was not seen or is forgotten."""
        found = self._young.get(words)
        if found is None and (found := self._old.pop(words, None)) is not None:
            self.keep(words, found)
        return found

    def keep(self, words: Words, annotations: Sequence[Annotation]) -> None:
        """Remember a sentence; a full generation becomes the old one."""
        if self._size + len(words) > self._most:
            self._old, self._young, self._size = self._young, {}, 0
        self._young[words] = annotations
        self._size += len(words)


def unparsed(words: Words) -> list[Annotation]:
    """What is said of a sentence that needs no parse: a flat tree of words of no known class."""
    return [Annotation(word, "X", "_", -1 if at == 0 else 0, "dep" if at else "root") for at, word in enumerate(words)]
