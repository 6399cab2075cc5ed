"""What keeps two contents apart however alike they are: a negation, a number, a name, a contrary, a condition.

A number or name that only one side has is no difference, since the other may be shortened; one that stands against
another is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from quotes.statements.clauses import condition, modal, quantity, question, tense
from quotes.statements.denial import negation
from quotes.statements.matching import Alignment, contrary, equal_numbers
from quotes.statements.names import names
from quotes.statements.numbers import ONE, number_at
from quotes.statements.reading import Reading, Word
from quotes.statements.roles import swapped
from quotes.statements.side import Side
from quotes.statements.vocabulary import vocabulary

# Where this share of both sides is paired, two words that stand for each other are an exchange; what is shared counts
# for less than _MUCH (a long sentence with one other word is an altered copy).
_CLOSE, _MUCH = 0.5, 5.0
# What a number's preposition tells: of 5 auf 3 and von 5 the 5 is two things.
_DIRECTIONS = (("auf", "um", "von"), ("ueber", "unter"), ("bis", "ab"), ("mindestens", "hoechstens"))
# Prepositions that have an article in them.
_FUSED = frozenset("im am zum zur beim vom ins ans".split())
# Numbers that are read as years.
_YEARS = range(1900, 2100)


def conflict(found: Alignment, a: Side, b: Side) -> str | None:
    """Why two contents are not the same statement, in one word; none if nothing speaks against it.

    What :func:`exchanged` finds is no such reason, only a doubt.
    """
    return next((name for name, guard in _GUARDS if guard(found, a, b)), None)


def _numbers(found: Alignment, _a: Side, _b: Side) -> bool:
    ours, theirs = ([w for w in words if w.kind == "number"] for words in (found.a, found.b))
    lost_a = {_number_kind(w.value) for w in ours if not any(equal_numbers(w, other) for other in theirs)}
    lost_b = {_number_kind(w.value) for w in theirs if not any(equal_numbers(w, other) for other in ours)}
    return bool(lost_a & lost_b) or _numbers_exchanged(found) or _one_against_many(found)


def _one_against_many(found: Alignment) -> bool:
    """*einen Täter* against *zwei Täter*."""
    for i, j in found.index_pairs:
        x, y = found.a[i], found.b[j]
        for one, other in ((x.before, y.before), (y.before, x.before)):
            number = number_at([other]) if one in ONE and other else None
            if x.noun and y.noun and number is not None and number.value != "1":
                return True
    return False


def _number_kind(value: str) -> str:
    """Years and places in an order are no amounts: one of each is no difference."""
    if value.endswith("."):
        return "place"
    return "year" if value.isdigit() and int(value) in _YEARS else "amount"


def _numbers_exchanged(found: Alignment) -> bool:
    followers = [_followers(words) for words in (found.a, found.b)]
    for i, j, _ in found.pairs:
        ours, theirs = found.a[i], found.b[j]
        if ours.kind != "number":
            continue
        if any(ours.before in row and theirs.before in row and ours.before != theirs.before for row in _DIRECTIONS):
            return True
        one, other = followers[0].get(ours.value), followers[1].get(theirs.value)
        if one and other and one != other and one in followers[1].values() and other in followers[0].values():
            return True
    return False


def _followers(words: Sequence[Word]) -> dict[str, str]:
    return {w.value: n.key for w, n in pairwise(words) if w.kind == "number" and n.kind == "noun"}


def _names(found: Alignment, a: Side, b: Side) -> bool:
    paired_a, paired_b = {i for i, _, _ in found.pairs}, {j for _, j, _ in found.pairs}
    ours, theirs = names(found.a, a.reading.text), names(found.b, b.reading.text)
    keys_a, keys_b = {(n.kind, n.key) for n in ours}, {(n.kind, n.key) for n in theirs}
    lost_a = {n.kind for n in ours if (n.kind, n.key) not in keys_b and not paired_a.issuperset(n.places)}
    lost_b = {n.kind for n in theirs if (n.kind, n.key) not in keys_a and not paired_b.issuperset(n.places)}
    return bool(lost_a & lost_b)


def _contraries(found: Alignment, a: Side, b: Side) -> bool:
    lost_a, lost_b = [found.a[i] for i in found.lost_a], [found.b[j] for j in found.lost_b]
    if any(contrary(x.key, y.key) for x in lost_a for y in lost_b):
        return True
    partners = {(found.a[i].start, found.b[j].start) for i, j, _ in found.pairs}
    keys_a, keys_b = ({w.key for w in side.reading.words} for side in (a, b))
    return any(
        # What both sides have tells nothing: mit Brot und ohne Wein.
        not (x.key in keys_b and y.key in keys_a)
        and contrary(x.key, y.key)
        and (next_a.start, next_b.start) in partners
        for x, next_a in _before_content(a.reading)
        for y, next_b in _before_content(b.reading)
    )


def _before_content(reading: Reading) -> list[tuple[Word, Word]]:
    """The words that have a contrary (mit, ohne), each with the content word behind it."""
    contraries = vocabulary().contraries
    found = []
    for at, word in enumerate(reading.words):
        if word.key in contraries:
            behind = next((w for w in reading.words[at + 1 :] if w.kind != "empty" and w.clause == word.clause), None)
            if behind:
                found.append((word, behind))
    return found


def exchanged(found: Alignment, a: Side, b: Side) -> bool:
    """One word of each side that stands in the place of the other's, where all around is the same.

    What the two words mean decides, and no table knows it: they may be two names of one thing. So it is no yes.
    """
    if min(found.cover_a, found.cover_b) < _CLOSE:
        return False
    x, y = _alone(found.a, found.lost_a), _alone(found.b, found.lost_b)
    if x is None or y is None or "number" in (x.kind, y.kind):
        return False
    # What stands in another clause than all that is shared stands in nothing's place.
    if all(found.a[i].clause != x.clause or found.b[j].clause != y.clause for i, j in found.index_pairs):
        return False
    if (a.nominal or b.nominal) and not x.capital:
        return False
    if found.shared >= _MUCH and not (_is_bare(x) and _is_bare(y)):
        return False
    return x.capital == y.capital and not x.kind == y.kind == "light"


def _is_bare(word: Word) -> bool:
    """Whether a noun stands as names do, without an article (zwischen X und Y)."""
    known = vocabulary()
    alone = known.prepositions - _FUSED | known.openings.get("joining", frozenset())
    return word.noun and word.before in alone


def _alone(words: Sequence[Word], lost: Sequence[int]) -> Word | None:
    """The one word without a partner, if there is but one that says something."""
    left = [words[i] for i in lost]
    denying = vocabulary().denying | vocabulary().weakly_denying
    left = [w for w in left if w.root not in denying]
    telling = [w for w in left if w.kind != "light"] or left
    return telling[0] if len(telling) == 1 else None


_GUARDS: tuple[tuple[str, Callable[[Alignment, Side, Side], bool]], ...] = (
    ("number", _numbers),
    ("name", _names),
    ("contrary", _contraries),
    ("negation", negation),
    ("condition", condition),
    ("question", question),
    ("modal", modal),
    ("quantity", quantity),
    ("roles", swapped),
    ("tense", tense),
)
