"""Which words of two contents are the same word, a form of it, a part of a compound or a paraphrase."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from quotes.statements.reading import Word
from quotes.statements.vocabulary import PART, Vocabulary, vocabulary

# How far two words agree, from 0 to 1: set on the dev part of fixtures/statements/pairs.jsonl.
PARAPHRASE, SPELLING, COMPOUND, PARTICLE, BASE = 0.9, 0.9, 0.75, 0.8, 0.6
# Least likeness (rapidfuzz.fuzz.ratio, 0 to 100) and letters for two spellings of one word.
_ALIKE, _LETTERS = 86, 6


@dataclass(frozen=True, slots=True)
class Alignment:
    """Words of two contents paired one to one.

    Attributes:
        a, b: the content words compared. pairs: their indices in both, in the order of ``a``, with their strength.
        lost_a, lost_b: the indices without a partner.
    """

    a: tuple[Word, ...]
    b: tuple[Word, ...]
    pairs: tuple[tuple[int, int, float], ...]
    lost_a: tuple[int, ...]
    lost_b: tuple[int, ...]

    @property
    def index_pairs(self) -> tuple[tuple[int, int], ...]:
        """The pairs without their strength."""
        return tuple((i, j) for i, j, _ in self.pairs)

    @property
    def shared(self) -> float:
        """What the paired words count for."""
        return sum(s * min(self.a[i].weight, self.b[j].weight) for i, j, s in self.pairs)

    @property
    def substance(self) -> float:
        """What the paired words count for that say something of their own."""
        pairs = [(self.a[i], self.b[j], s) for i, j, s in self.pairs]
        return sum(s * min(x.weight, y.weight) for x, y, s in pairs if "light" not in (x.kind, y.kind))

    @property
    def cover_a(self) -> float:
        """The share of ``a`` that ``b`` has, 0 to 1."""
        return _share(sum(s * self.a[i].weight for i, _, s in self.pairs), self.a)

    @property
    def cover_b(self) -> float:
        """The share of ``b`` that ``a`` has, 0 to 1."""
        return _share(sum(s * self.b[j].weight for _, j, s in self.pairs), self.b)


def _share(part: float, words: Sequence[Word]) -> float:
    whole = sum(w.weight for w in words)
    return part / whole if whole else 0.0


def align(a: Sequence[Word], b: Sequence[Word]) -> Alignment:
    """Pair the words of two contents: equal roots first, in their order, then the most alike."""
    waiting: dict[str, list[int]] = defaultdict(list)
    for j, word in enumerate(b):
        waiting[word.key].append(j)
    pairs: list[tuple[int, int, float]] = []
    free_a: list[int] = []
    for i, word in enumerate(a):
        found = waiting.get(word.key)
        if found:
            pairs.append((i, found.pop(0), 1.0))
        else:
            free_a.append(i)
    free_b = sorted(j for rest in waiting.values() for j in rest)
    likely = sorted((-strength, abs(i - j), i, j) for i in free_a for j in free_b if (strength := likeness(a[i], b[j])))
    taken_a: set[int] = set()
    taken_b: set[int] = set()
    for strength, _, i, j in likely:
        if i not in taken_a and j not in taken_b:
            taken_a.add(i)
            taken_b.add(j)
            pairs.append((i, j, -strength))
    return Alignment(
        tuple(a),
        tuple(b),
        tuple(sorted(pairs)),
        tuple(i for i in free_a if i not in taken_a),
        tuple(j for j in free_b if j not in taken_b),
    )


def likeness(a: Word, b: Word) -> float:
    """How far two words agree, 0 to 1; numbers and countries agree wholly or not at all."""
    if a.kind == "number" or b.kind == "number":
        return 1.0 if equal_numbers(a, b) else 0.0
    if a.kind == "country" or b.kind == "country":
        return 1.0 if a.key == b.key else 0.0
    return _likeness(a.text, a.key, b.text, b.key)


def equal_numbers(a: Word, b: Word) -> bool:
    """Whether two numbers say the same, with or without %, or in units of each other (2 Jahre, 24 Monate)."""
    if not a.value or not b.value:
        return False
    if a.amount and b.amount:
        return a.amount == b.amount
    return a.value.rstrip("%") == b.value.rstrip("%")


@lru_cache(maxsize=200_000)
def _likeness(text_a: str, key_a: str, text_b: str, key_b: str) -> float:
    if key_a == key_b:
        return 1.0
    known = vocabulary()
    if contrary(key_a, key_b):
        return 0.0
    units = known.units.get(key_a), known.units.get(key_b)
    if units[0] and units[1]:
        return PARAPHRASE if units[0][0] == units[1][0] else 0.0
    if meanings(key_a) & meanings(key_b):
        return PARAPHRASE
    if _same_prefix(key_a, key_b, known):
        return PARAPHRASE
    if denies(text_a, text_b) or denies(text_b, text_a):
        return PARAPHRASE
    if _short_for(text_a, text_b) or _short_for(text_b, text_a):
        return SPELLING
    short, long = sorted((key_a, key_b), key=len)
    if len(short) >= PART - 1 and long.endswith(short) and long.removesuffix(short) in known.particles:
        return PARTICLE
    base_a, base_b = _base(key_a, known), _base(key_b, known)
    if base_a == base_b and len(base_a) >= PART - 1:
        return BASE
    if min(len(text_a), len(text_b)) >= _LETTERS and fuzz.ratio(text_a, text_b) >= _ALIKE:
        return SPELLING
    return COMPOUND if _part_shared(text_a, key_a, text_b, key_b) else 0.0


def _same_prefix(key_a: str, key_b: str, known: Vocabulary) -> bool:
    """Whether two verbs of one particle have bases of one meaning (zusehen, zuschauen)."""
    for prefix in known.prefixes:
        if key_a.startswith(prefix) and key_b.startswith(prefix):
            return bool(meanings(key_a.removeprefix(prefix)) & meanings(key_b.removeprefix(prefix)))
    return False


def denies(word: str, other: str) -> bool:
    """Whether a folded word says *un-* of the other (unmöglich, möglich; unverändert, verändern)."""
    if not says_un(word):
        return False
    bare = word[2:]
    return bare == other or _common(bare, other) >= max(PART, len(bare) - 4)


def says_un(word: str) -> bool:
    """Whether a folded word begins with the *un-* that denies the rest (not unter, Union, Ungarn)."""
    return (
        word.startswith("un")
        and len(word) >= _LETTERS
        and not word.startswith(("unter", "uni", "uns"))
        and word not in vocabulary().plain
    )


def _short_for(short: str, long: str) -> bool:
    """Whether a short word has letters of a long one in their order (BVerfG: Bundesverfassungsgericht)."""
    if not 3 <= len(short) <= 6 or len(long) < 3 * len(short) or short[0] != long[0] or long.startswith(short):
        return False
    letters = iter(long)
    return sum(c in "aeiou" for c in short) <= 1 and all(c in letters for c in short)


def meanings(key: str) -> frozenset[int]:
    """The rows of the paraphrases that a root stands in."""
    return vocabulary().paraphrases.get(key, frozenset())


@lru_cache(maxsize=200_000)
def contrary(key_a: str, key_b: str) -> bool:
    """Whether one root says the contrary of the other, also as the heads of two compounds of one first part."""
    contraries = vocabulary().contraries
    if key_b in contraries.get(key_a, ()):
        return True
    first = _common(key_a, key_b)
    if first < PART - 1:
        return False
    # The first parts may share a letter with the heads (Steuererhöhung, Steuerermäßigung).
    return any(
        key_b[at:] in contraries.get(key_a[at:], ()) for at in range(first, PART - 2, -1) if key_a[at:] in contraries
    )


def _base(key: str, known: Vocabulary) -> str:
    """A root without the prefix of its verb (belügen, anlügen)."""
    for prefix in known.prefixes:
        if key.startswith(prefix) and len(key) - len(prefix) >= PART - 1:
            return key.removeprefix(prefix)
    return key


def _part_shared(text_a: str, key_a: str, text_b: str, key_b: str) -> bool:
    """Whether two compounds share their first part, or one word is the head or the first part of the other."""
    if _common(text_a, text_b) >= max(PART, 0.4 * min(len(text_a), len(text_b))):
        return True
    short, long = sorted((key_a, key_b), key=len)
    return len(short) >= PART and long.endswith(short)


def _common(a: str, b: str) -> int:
    count = 0
    for x, y in zip(a, b, strict=False):
        if x != y:
            break
        count += 1
    return count
