"""How likely each figure is meant again at a place: nearness, subjecthood, who spoke, and what speaks against it.

A score is a sum of weights with their reasons, so that the choice can be shown. The weights were set on the pronouns of
the development articles; a sentence of distance costs one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from quotes import tree
from quotes.model import Sentence
from quotes.speakers.figures import BODY, PERSON, Figure, Figures, Mention

# Sentences back in which an antecedent is looked for; the speaker of the row before is remembered a little longer.
REACH = 4
SPEAKER_REACH = 6

HERE = 3.0
_BACK = 1.0
_SUBJECT = 0.8
# Who spoke last, in this sentence or the one before; two sentences back another one may have taken the stage.
_LAST_SPEAKER, _SPEAKER_BEFORE = 1.2, 0.5
_UNKNOWN_GENDER = -0.3
# Whom the sentence itself mentions beside its subject (*Auf die Frage, ob er mit Dobrin plane, sagte er …*).
_MENTIONED_HERE = -0.8
# Who is introduced, alone, in the sentence before (*Kritik kam von dem Astronomen Nwosu. Er …*) is spoken of next.
_NEWCOMER = 1.3
# Whoever the speaker himself mentions by name is not the speaker; whom another one mentions is rarely the next one.
_OWN_CONTENT, _OTHER_CONTENT = -3.0, -1.0
_DEEP = -0.4
_ALONE = 1.2
_BODY = -0.5
# A lead over the next candidate under which the choice is in doubt.
CLEAR, DOUBTFUL = 0.8, 0.3


@dataclass(frozen=True, slots=True)
class Scored:
    """A figure with its score and what makes it up, as ``(reason, weight)``.

    ``evidence`` is the part that the noun itself contributes, and not nearness.
    """

    figure: Figure
    score: float
    reasons: tuple[tuple[str, float], ...]
    evidence: float = 0.0

    def alone(self) -> Scored:
        """The same figure, with what it gains where no other fits."""
        reasons = (*self.reasons, ("nobody else fits", _ALONE))
        return Scored(self.figure, self.score + _ALONE, reasons, self.evidence)

    def by_noun(self, reason: str, weight: float) -> Scored:
        """The same figure, with what the noun that is asked for says for or against it."""
        if not weight:
            return self
        return Scored(self.figure, self.score + weight, (*self.reasons, (reason, weight)), weight)


@dataclass(frozen=True, slots=True)
class Last:
    """The speaker of the row before, and the sentence in which that row ends."""

    figure: Figure
    sentence: int


def salient(
    figures: Figures,
    sentence: Sentence,
    index: int,
    *,
    last: Last | None,
    content: int,
    fits: Callable[[Figure], bool],
    reach: int = REACH,
) -> list[Scored]:
    """The figures that may be meant at a token, the likeliest first.

    Args:
        figures: those met so far.
        sentence: where the token stands.
        index: the token.
        last: the speaker of the row before.
        content: the number of the candidate whose speaker is looked for, -1 for none.
        fits: whether a figure agrees with the word at the token.
        reach: how many sentences are looked back.
    """
    best: dict[int, Scored] = {}
    for mention in figures.before(sentence.index, reach):
        if not fits(mention.figure) or _is_out_of_reach(mention, sentence, index):
            continue
        scored = _score(figures, mention, sentence, last, content)
        known = best.get(id(mention.figure))
        if known is None or scored.score > known.score:
            best[id(mention.figure)] = scored
    if last is not None and id(last.figure) not in best and fits(last.figure):
        back = sentence.index - last.sentence
        if back <= SPEAKER_REACH:
            weight = _LAST_SPEAKER if back <= 1 else _SPEAKER_BEFORE
            reasons = ((_distance(back), HERE - _BACK * back), ("speaker of the row before", weight))
            best[id(last.figure)] = Scored(last.figure, sum(w for _, w in reasons), reasons)
    return ranked(best.values())


def ranked(scored: Iterable[Scored]) -> list[Scored]:
    """The highest score first; of equal ones that which was met first."""
    return sorted(scored, key=lambda s: -s.score)


def lead(scores: Sequence[Scored]) -> float:
    """How far the first is ahead of the second; 2.0 where there is no second."""
    return scores[0].score - scores[1].score if len(scores) > 1 else 2.0


def _is_out_of_reach(mention: Mention, sentence: Sentence, index: int) -> bool:
    """Behind the token, or in its own clause: nobody is *er* beside his own name there."""
    if mention.sentence != sentence.index:
        return False
    if mention.token >= index:
        return True
    return tree.clause_head(sentence, mention.token) == tree.clause_head(sentence, index)


def _score(figures: Figures, mention: Mention, sentence: Sentence, last: Last | None, content: int) -> Scored:
    figure, back = mention.figure, sentence.index - mention.sentence
    reasons = [(_distance(back), HERE - _BACK * back)]
    if mention.subject:
        reasons.append(("subject", _SUBJECT))
    elif back == 0:
        reasons.append(("beside the subject", _MENTIONED_HERE))
    if mention.deep:
        reasons.append(("only in a genitive or attribute", _DEEP))
    if not figure.gender:
        reasons.append(("gender unknown", _UNKNOWN_GENDER))
    if figure.kind == BODY:
        reasons.append(("a body", _BODY))
    if mention.content >= 0 and mention.content == content:
        reasons.append(("named in the quotation itself", _OWN_CONTENT))
    elif last is not None and last.figure is figure and sentence.index - last.sentence <= 2:
        just = sentence.index - last.sentence <= 1
        reasons.append(("speaker of the row before", _LAST_SPEAKER if just else _SPEAKER_BEFORE))
    elif mention.content >= 0:
        reasons.append(("named in a quotation", _OTHER_CONTENT))
    elif back == 1 and mention.first and figure.kind == PERSON and _is_alone(figures, mention):
        reasons.append(("newly introduced", _NEWCOMER))
    return Scored(figure, sum(w for _, w in reasons), tuple(reasons))


def _is_alone(figures: Figures, mention: Mention) -> bool:
    """Whether the sentence of a mention speaks of no other figure of its kind."""
    beside = {id(m.figure) for m in figures.before(mention.sentence, 0) if m.figure.kind == mention.figure.kind}
    return len(beside) == 1


def _distance(back: int) -> str:
    return "same sentence" if back == 0 else "sentence before" if back == 1 else f"{back} sentences before"
