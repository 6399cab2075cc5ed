"""Guards on clauses that say the same: their modal verbs, quantities and tenses, their conditions and questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from quotes.statements.matching import Alignment
from quotes.statements.reading import Reading, Word, has_infinitive, is_participle
from quotes.statements.side import Side, clauses, sentences
from quotes.statements.vocabulary import vocabulary

# Forms that make a verbatim sentence unreal; an indirect rendering has them for its mood alone.
_UNREAL = frozenset("waere waeren haette haetten wuerde wuerden koennte koennten".split())
# Words before a condition that make it none (auch wenn, selbst wenn).
_CONCESSIVE = ("auch", "selbst", "als")
# Infinitives that carry no content of their own (wird fair sein).
_INFINITIVES = ("sein", "haben")
_OPEN_CONDITIONS = ("sollte", "sollten")


def modal(found: Alignment, a: Side, b: Side) -> bool:
    """Whether one says *kann* and the other *muss*, or one *kann* and the other that it is so."""
    if a.nominal or b.nominal:
        return False
    classes = vocabulary().modals
    for one, other in clauses(found):
        if _is_to_be_done(a.reading, one) or _is_to_be_done(b.reading, other):
            continue
        ours, theirs = _classes(a.reading, one, classes), _classes(b.reading, other, classes)
        if ours and theirs and not ours & theirs:
            return True
        if ("can" in ours) != ("can" in theirs):
            return True
    return False


def _is_to_be_done(reading: Reading, clause: int) -> bool:
    """*Ist zu retten* says that it can or must be: no modal verb contradicts it."""
    known = vocabulary()
    words = reading.clause(clause)
    copula = any(known.tenses.get(w.text) == "copula" for w in words)
    return copula and any(w.text == "zu" and n.text.endswith("n") for w, n in pairwise(words))


def quantity(found: Alignment, a: Side, b: Side) -> bool:
    """Whether one says *alle* and the other *einige*."""
    classes = vocabulary().quantities
    for one, other in clauses(found):
        ours, theirs = _classes(a.reading, one, classes), _classes(b.reading, other, classes)
        if ours and theirs and not ours & theirs:
            return True
    return False


def _classes(reading: Reading, clause: int, classes: Mapping[str, str]) -> frozenset[str]:
    found: set[str] = set()
    words = reading.clause(clause)
    at = 0
    while at < len(words):
        following = words[at + 1] if at + 1 < len(words) else None
        # Two words say something of their own: fast alle are not alle.
        pair = f"{words[at].text}_{'#' if following.kind == 'number' else following.text}" if following else ""
        name = classes.get(pair) or classes.get(words[at].text)
        found.update((name,) if name else ())
        at += 2 if pair in classes else 1
    return frozenset(found)


def condition(found: Alignment, a: Side, b: Side) -> bool:
    """Whether one says it under a condition and the other does not."""
    if a.nominal or b.nominal:
        return False
    verbatim = a.verbatim and b.verbatim
    return _conditional(sentences(found, 0), a, verbatim=verbatim) != _conditional(
        sentences(found, 1), b, verbatim=verbatim
    )


def _conditional(places: set[int], side: Side, *, verbatim: bool) -> bool:
    openings = vocabulary().openings.get("condition", frozenset())
    for word in side.reading.words:
        if word.sentence not in places:
            continue
        if word.text in openings and not word.noun and word.before not in _CONCESSIVE:
            return True
        if word.first and word.text in _OPEN_CONDITIONS and word.sentence not in side.reading.questions:
            return True
        if verbatim and word.text in _UNREAL:
            return True
    return False


def question(found: Alignment, a: Side, b: Side) -> bool:
    """Whether one asks what the other says."""
    return _asks(sentences(found, 0), a) != _asks(sentences(found, 1), b)


def _asks(places: set[int], side: Side) -> bool:
    if side.asked or places & side.reading.questions:
        return True
    return bool(side.reading.words) and side.reading.words[0].text == "ob"


def tense(found: Alignment, a: Side, b: Side) -> bool:
    """Whether one is over where the other goes on or is to come: *hat geliefert, wird liefern*; *ist, war*."""
    if a.nominal or b.nominal:
        return False
    for one, other in clauses(found):
        ours, theirs = _time(a.reading, one), _time(b.reading, other)
        if _apart(ours, theirs) or _apart(theirs, ours):
            return True
    return False


@dataclass(frozen=True, slots=True)
class _Time:
    """The time of a clause: its class, the root of its participle, and the roots of its verbs in the present."""

    name: str
    participle: str
    present: frozenset[str]


def _apart(one: _Time, other: _Time) -> bool:
    if one.name in ("past", "perfect") and other.name == "future":
        return True
    if one.name == "past" and other.name in ("copula", "passive"):
        return one.participle == other.participle
    return one.name == "perfect" and not other.name and one.participle in other.present


def _time(reading: Reading, clause: int) -> _Time:
    known = vocabulary()
    words = reading.clause(clause)
    classes = {known.tenses[w.text] for w in words if w.text in known.tenses}
    participle: Word | None = next((w for w in reversed(words) if is_participle(w, known)), None)
    key = participle.key if participle else ""
    present = frozenset(w.key for w in words if _is_present(w))
    name = "copula" if "copula" in classes else ""
    if "past" in classes:
        name = "past"
    elif "perfect" in classes and participle:
        name = "perfect"
    elif "future" in classes and participle:
        name = "passive"
    elif "future" in classes and (has_infinitive(words, known) or words[-1].text in _INFINITIVES):
        name = "future"
    return _Time(name, key, present)


def _is_present(word: Word) -> bool:
    """Whether a verb has the vowel of its infinitive and no ending of the past: *sinkt*, not *sank*, *lenkte*."""
    if word.kind not in ("other", "light") or word.noun or word.text.endswith("te"):
        return False
    # What ends in -en may be an infinitive.
    return word.text.startswith(word.key) and word.text.endswith(("t", "e"))
