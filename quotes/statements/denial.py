"""Which words of a content are denied, and whether two contents differ in it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from quotes.statements.matching import Alignment, denies, says_un
from quotes.statements.reading import Word
from quotes.statements.side import CLAUSE_WEIGHT, Side
from quotes.statements.vocabulary import vocabulary

# A clause is compared where at least this share of its words has a partner.
_SHARE = 0.5
# What a pair counts for: un- against the word without it decides most, then what is done, then with what.
_UN, _DONE, _WITH = 2.4, 1.2, 0.6
_ARTICLES = ("der", "die", "das", "den", "dem", "des", "ein", "eine", "einen", "einem", "einer", "eines")
_DETERMINERS = ("kein", "keine", "keinen", "keinem", "keiner", "keines", "keinerlei")
_ADJECTIVE = ("e", "en", "er", "es", "em")


def negation(found: Alignment, a: Side, b: Side) -> bool:
    """Whether what one side denies the other affirms.

    A word that denies in one rendering (*der Beweis fehlt*) may tell something of its own in another: the sides differ
    only if they do in every reading.
    """
    if _same_denials(found, Denials(a, weak=False), Denials(b, weak=False)):
        return False
    return all(
        _differ(found, Denials(a, weak=one), Denials(b, weak=other)) for one in (False, True) for other in (False, True)
    )


def _same_denials(found: Alignment, ours: Denials, theirs: Denials) -> bool:
    """Whether each denied clause of either side says what a denied clause of the other says.

    Then the other words may stand in one clause or two: *Die Wartezeit beträgt elf Wochen, das ist nicht zumutbar. Elf
    Wochen sind nicht zumutbar.*
    """
    shared: dict[tuple[int, int], list[Word]] = {}
    for i, j in found.index_pairs:
        x, y = found.a[i], found.b[j]
        if denies(x.text, y.text) or denies(y.text, x.text):
            return False
        shared.setdefault((x.clause, y.clause), []).append(x)
    matched = [{key[side] for key in shared} for side in (0, 1)]
    denied = [{c for c in matched[side] if (ours, theirs)[side].denied(c)} for side in (0, 1)]
    if not denied[0] or not denied[1]:
        return False
    told = {
        key
        for key, words in shared.items()
        if key[0] in denied[0] and key[1] in denied[1] and (len(words) > 1 or any(w.kind == "other" for w in words))
    }
    return all(denied[side] == {key[side] for key in told} for side in (0, 1))


def _differ(found: Alignment, ours: Denials, theirs: Denials) -> bool:
    done = any(found.a[i].kind == "other" for i, _, _ in found.pairs)
    for words, place in ((found.a, 0), (found.b, 1)):
        weights: dict[int, float] = {}
        for word in words:
            weights[word.clause] = weights.get(word.clause, 0.0) + word.weight
        for clause, weight in weights.items():
            equal = other = matched = 0.0
            # Es sei kein Fehler gewesen: a clause of nouns alone has no other predicate.
            predicate = not done or not any(w.kind == "other" and w.clause == clause for w in words)
            for pair in found.index_pairs:
                x, y = found.a[pair[0]], found.b[pair[1]]
                if words[pair[place]].clause != clause:
                    continue
                predicate = predicate or x.kind == "other"
                matched += words[pair[place]].weight
                un = denies(x.text, y.text) or denies(y.text, x.text)
                counts = _UN if un else _DONE if x.kind == "other" else _WITH
                if ours.of(x) == theirs.of(y):
                    equal += counts
                else:
                    other += counts
            if predicate and other > equal and matched >= max(_SHARE * weight, CLAUSE_WEIGHT):
                return True
    return False


class Denials:
    """Which words of a content are denied: those with an odd number of negations over them."""

    def __init__(self, side: Side, *, weak: bool) -> None:
        self._clauses: dict[int, bool] = {}
        self._own: set[int] = set()
        clauses: dict[int, list[Word]] = {}
        for word in side.reading.words:
            clauses.setdefault(word.clause, []).append(word)
        sentence, previous = -1, False
        for number, words in clauses.items():
            denied = side.denied ^ self._odd(words, weak=weak)
            if words[0].sentence == sentence and previous != side.denied and _depends(words):
                denied = not denied
            self._clauses[number] = denied
            # Es sei unmöglich, das zu tun: what depends on it is denied as well.
            sentence, previous = words[0].sentence, denied ^ any(says_un(w.text) and not w.capital for w in words)

    def denied(self, clause: int) -> bool:
        """Whether the clause of this number is denied."""
        return self._clauses[clause]

    def of(self, word: Word) -> bool:
        """Whether the word is denied."""
        return self._clauses[word.clause] ^ (word.start in self._own or says_un(word.text))

    def _odd(self, words: Sequence[Word], *, weak: bool) -> bool:
        known = vocabulary()
        denying = known.denying | known.weakly_denying if weak else known.denying
        odd = False
        for at, word in enumerate(words):
            following = words[at + 1] if at + 1 < len(words) else None
            if word.text in known.negators:
                if following is not None and following.text in known.not_negating:
                    continue
                # Not kein: keine einzige Antwort denies the clause.
                if word.text not in _DETERMINERS and following is not None and _is_attribute(words, at + 1):
                    self._own.add(following.start)
                else:
                    odd = not odd
            elif word.root in denying:
                odd = not odd
        return odd


def _is_attribute(words: Sequence[Word], at: int) -> bool:
    """Whether the word is an adjective between an article and its noun (das nicht rechtskräftige Urteil)."""
    if at < 2 or at + 1 >= len(words) or not words[at].text.endswith(_ADJECTIVE) or words[at].capital:
        return False
    return any(w.text in _ARTICLES for w in words[max(0, at - 3) : at - 1]) and words[at + 1].capital


def _depends(words: Sequence[Word]) -> bool:
    """Whether a clause stands under the clause before it: dass-clauses and infinitives, but not those of purpose."""
    opening = words[0].text
    if opening in vocabulary().openings.get("subordinate", ()):
        return opening != "um"
    return any(w.text == "zu" and n.text.endswith("n") for w, n in pairwise(words))
