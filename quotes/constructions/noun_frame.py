"""*die Forderung der Gewerkschaft, die Löhne zu erhöhen*; *seine Aussage, dass …*; *der Vorwurf Müllers, er habe …*.

The genitive, the possessive or a *von* phrase is the speaker; without one the row has none.
"""

from __future__ import annotations

from collections.abc import Iterator

from quotes import tree
from quotes.constructions import content
from quotes.constructions.candidate import Candidate, Source
from quotes.constructions.context import Context
from quotes.constructions.framed import cue_spans, region_spans
from quotes.constructions.roles import may_speak, phrase_source
from quotes.model import Sentence

RULE = "noun_frame"
_POLARITY = {"ask": "questioned", "deny": "denied"}


def find(context: Context) -> Iterator[Candidate]:
    """One candidate for each noun of speech with an owner and a content clause behind it."""
    for sentence in context.sentences:
        for token in sentence.tokens:
            if token.upos != "NOUN" or context.is_quoted_token(sentence, token.index):
                continue
            noun = context.lexicon.noun(token.lemma, token.text)
            if noun is None or "clause" not in noun.uses:
                continue
            clause = _clause(sentence, token.index)
            if clause is None:
                continue
            owner = _owner(context, sentence, token.index)
            if owner is None:
                continue
            first, last = clause
            span = tree.span_of(sentence, first, last)
            region = list(range(min(token.index, owner.first), max(token.index, owner.last) + 1))
            yield Candidate(
                rule=RULE,
                spans=(span,),
                kind=content.settle(context, [span])[0],
                source=owner,
                cue=cue_spans(sentence, [token.index]),
                frame=region_spans(sentence, region),
                medium=noun.medium or "unknown",
                polarity=_POLARITY.get(noun.kind, "affirmed"),
                mood=content.mood(context, [span]),
                base=0.7,
                notes=(f"noun {noun.lemma} with a content clause",),
            )


def _clause(sentence: Sentence, noun: int) -> tuple[int, int] | None:
    for child in sentence.children[noun]:
        token = sentence.tokens[child]
        if child < noun or token.relation not in ("acl", "ccomp", "xcomp", "advcl"):
            continue
        first, last = tree.extent(sentence, tree.descendants(sentence, child))
        if first <= noun or sentence.tokens[first - 1].text != ",":
            continue
        opening = sentence.tokens[first]
        infinitive = tree.finite_of(sentence, child) is None and any(
            sentence.tokens[c].text.lower() == "zu" for c in sentence.children[child]
        )
        konjunktiv = tree.mood_of(sentence, child) == "konjunktiv_1" and opening.upos not in ("SCONJ", "ADV")
        konjunktiv = konjunktiv and opening.feats.get("PronType") not in ("Rel", "Int")
        if opening.text.lower() == "dass" or infinitive or konjunktiv:
            return first, last
    return None


def _owner(context: Context, sentence: Sentence, noun: int) -> Source | None:
    for child in sentence.children[noun]:
        token = sentence.tokens[child]
        if token.feats.get("Poss") == "Yes" or token.deprel == "det:poss":
            return Source(sentence.index, child, child, child, "possessive")
        if token.relation != "nmod" or not may_speak(sentence, child, context.lexicon):
            continue
        cases = {sentence.tokens[c].text.lower() for c in tree.children(sentence, child, "case")}
        if (not cases and token.feats.get("Case", "Gen") == "Gen") or cases & {"von", "vom"}:
            return phrase_source(context, sentence, child)
    return None
