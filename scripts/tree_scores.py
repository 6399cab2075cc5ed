"""Scores of a parse against a treebank, as in the CoNLL 2018 shared task: words are aligned by their characters.

https://universaldependencies.org/conll18/evaluation.html; on its figures the two agree (see the tests).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from treebank import Word

# Relations measured by themselves: who speaks and what is said hang on them.
RELATIONS = ("nsubj", "ccomp")
# Figures given as precision and recall; of the others it is F1, which on gold tokens is the share that is right.
APART = ("Mood=Sub", *RELATIONS)


@dataclass(frozen=True, slots=True)
class Count:
    """Things in the gold, things in the parse, and those that are right."""

    gold: int
    system: int
    right: int

    @property
    def precision(self) -> float:
        return self.right / self.system if self.system else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.gold + self.system) if self.gold + self.system else 0.0


@dataclass(frozen=True, slots=True)
class Text:
    """Sentences in a row. ``heads`` are numbers of words in the whole text, -1 for a root; ``sentences`` are places."""

    words: tuple[Word, ...]
    heads: tuple[int, ...]
    sentences: frozenset[tuple[int, int]]

    @property
    def tokens(self) -> frozenset[tuple[int, int]]:
        """The places of the printed tokens."""
        return frozenset((word.start, word.end) for word in self.words)


def joined(sentences: Iterable[Sequence[Word]]) -> Text:
    """Sentences, whose places count from the text's start, as one text."""
    words: list[Word] = []
    heads: list[int] = []
    places = set()
    for sentence in sentences:
        first = len(words)
        words += sentence
        heads += [first + word.head - 1 if word.head else -1 for word in sentence]
        places.add((sentence[0].start, sentence[-1].end))
    return Text(tuple(words), tuple(heads), frozenset(places))


def align(gold: Sequence[Word], system: Sequence[Word]) -> list[tuple[int, int]]:
    """Pairs of words that are the same, as numbers in both texts.

    Words that are tokens by themselves: those at the same place. Where tokens of several words stand, on either side,
    the forms are compared: the longest common subsequence within the stretch that such tokens cover together. So the
    task describes it; its program also takes such tokens together that only follow one another, which hardly matters.
    """
    places = {(word.start, word.end): at for at, word in enumerate(system) if not word.shares}
    pairs = [
        (at, places[word.start, word.end])
        for at, word in enumerate(gold)
        if not word.shares and (word.start, word.end) in places
    ]
    for start, end in _stretches([*gold, *system]):
        ours, theirs = _within(gold, start, end), _within(system, start, end)
        forms = [gold[i].form.lower() for i in ours], [system[i].form.lower() for i in theirs]
        pairs += [(ours[i], theirs[j]) for i, j in _common(*forms)]
    return sorted(pairs)


def _stretches(words: Iterable[Word]) -> Iterator[tuple[int, int]]:
    """Where tokens of several words stand; those that overlap are one stretch."""
    start = end = 0
    for place in sorted({(word.start, word.end) for word in words if word.shares}):
        if place[0] >= end:
            if end:
                yield start, end
            start, end = place
        end = max(end, place[1])
    if end:
        yield start, end


def _within(words: Sequence[Word], start: int, end: int) -> list[int]:
    first = bisect_left(words, start, key=lambda word: word.start)
    last = bisect_left(words, end, key=lambda word: word.start)
    return [at for at in range(first, last) if words[at].end <= end]


def _common(left: Sequence[str], right: Sequence[str]) -> list[tuple[int, int]]:
    """The longest common subsequence, as pairs of places."""
    longest: list[list[list[tuple[int, int]]]] = [[[] for _ in range(len(right) + 1)] for _ in range(len(left) + 1)]
    for i in reversed(range(len(left))):
        for j in reversed(range(len(right))):
            if left[i] == right[j]:
                longest[i][j] = [(i, j), *longest[i + 1][j + 1]]
            else:
                longest[i][j] = max(longest[i + 1][j], longest[i][j + 1], key=len)
    return longest[0][0]


def score(gold: Text, system: Text) -> dict[str, Count]:
    """All figures of a parse."""
    pairs = align(gold.words, system.words)
    # Heads are compared as words of the gold: -1 is the root, None a word that has no partner.
    partner: dict[int, int | None] = {-1: -1, **{theirs: ours for ours, theirs in pairs}}
    linked = {ours for ours, theirs in pairs if partner.get(system.heads[theirs]) == gold.heads[ours]}

    def counted(right: Callable[[int, Word, Word], bool], among: Callable[[Word], bool] = lambda _: True) -> Count:
        return Count(
            sum(map(among, gold.words)),
            sum(map(among, system.words)),
            sum(
                among(gold.words[i]) and among(system.words[j]) and right(i, gold.words[i], system.words[j])
                for i, j in pairs
            ),
        )

    return {
        "tokens": _shared(gold.tokens, system.tokens),
        "sentences": _shared(gold.sentences, system.sentences),
        "words": counted(lambda *_: True),
        "UPOS": counted(lambda _, a, b: a.upos == b.upos),
        "FEATS": counted(lambda _, a, b: a.feats == b.feats),
        "lemmas": counted(lambda _, a, b: a.lemma == b.lemma),
        "UAS": counted(lambda i, _a, _b: i in linked),
        "LAS": counted(lambda i, a, b: i in linked and a.deprel == b.deprel),
        "LAS universal": counted(lambda i, a, b: i in linked and _universal(a) == _universal(b)),
        "Mood=Sub": counted(lambda *_: True, lambda word: "Mood=Sub" in word.feats),
        **{name: counted(lambda i, _a, _b: i in linked, _having(name)) for name in RELATIONS},
    }


def _universal(word: Word) -> str:
    return word.deprel.partition(":")[0]


def _having(relation: str) -> Callable[[Word], bool]:
    return lambda word: word.deprel == relation


def _shared(gold: frozenset[tuple[int, int]], system: frozenset[tuple[int, int]]) -> Count:
    return Count(len(gold), len(system), len(gold & system))


def shares(counts: Mapping[str, Count], *, allowed: int = 0) -> Iterator[tuple[str, float]]:
    """The figures as shares: F1, or precision and recall for what is given so.

    ``allowed``: cases of each figure that are counted as right though they are not, where there are so many.
    """
    for name, count in counts.items():
        count = replace(count, right=min(count.right + allowed, count.gold, count.system))
        if name in APART:
            yield f"{name} precision", count.precision
            yield f"{name} recall", count.recall
        else:
            yield name, count.f1
