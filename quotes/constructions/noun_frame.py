"""*die Forderung der Gewerkschaft, die Löhne zu erhöhen*; *seine Aussage, dass …*; *der Vorwurf Müllers, er habe …*.

The genitive, the possessive or a *von* phrase is the speaker; without one the row has none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from quotes import tree
from quotes.constructions import clauses, content
from quotes.constructions.candidate import Candidate, Source
from quotes.constructions.context import Context
from quotes.constructions.frame import Frame
from quotes.constructions.framed import cue_spans, framed, is_reported, region_spans
from quotes.constructions.roles import may_speak, phrase_source, source_of
from quotes.model import Sentence

RULE = "noun_frame"
# Nouns of these classes tell a statement though nobody owns it (*Gerüchte, dass …*, *der Vorwurf, … zu haben*).
_TELLING = frozenset({"claim", "criticise", "report", "demand", "warn"})
# Verbs of these classes make the noun behind them the cue's second half (*äußerte seine Bereitschaft, …*).
_UTTERING = frozenset({"say", "feel", "announce"})
# How far, in tokens, an owner stands from its noun; a subject farther away is no part of the noun's phrase.
_NEAR = 8
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
            owner = _owner(context, sentence, token.index) or _speaker_with(context, sentence, token.index)
            first, last = clause
            span = tree.span_of(sentence, first, last)
            if owner is None and content.mood(context, [span]) != "konjunktiv_1" and noun.kind not in _TELLING:
                continue
            fronted = _fronted(context, sentence, token.index, last)
            if fronted is not None:
                frame, speaker = fronted
                region = [i for i in range(last + 1, len(sentence.tokens)) if sentence.tokens[i].upos != "PUNCT"]
                yield framed(context, frame, [span], region, rule=RULE, base=0.75, source=speaker)
                continue
            told = _told_by(context, sentence, token.index)
            if told is not None:
                source = source_of(context, told)
                region = [i for i in range(told.first, first) if sentence.tokens[i].upos != "PUNCT"]
                yield framed(context, told, [span], region, rule=RULE, base=0.75, source=source or owner)
                continue
            region = [token.index]
            if owner is not None and owner.last < first and abs(owner.head - token.index) < _NEAR:
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


def _told_by(context: Context, sentence: Sentence, noun: int) -> Frame | None:
    """*äußerte seine Bereitschaft, … zu …*: the phrase of a verb and its noun is the cue."""
    for frame in context.frames(sentence):
        if frame.entry is None or frame.finite is None or frame.first > noun or is_reported(frame):
            continue
        phrase = " " in frame.entry.lemma and noun in frame.cue
        uttered = sentence.tokens[noun].head == frame.verb and sentence.tokens[noun].relation == "obj"
        if phrase or (uttered and frame.entry.kind in _UTTERING and frame.entry.takes("np")):
            return frame if phrase else replace(frame, cue=tuple(sorted({*frame.cue, noun})))
    return None


def _fronted(context: Context, sentence: Sentence, noun: int, last: int) -> tuple[Frame, Source] | None:
    """*Den Vorwurf, er habe gelogen, wies der Minister zurück*: the frame right behind the clause, and who speaks.

    The noun stands first and is what is denied or raised (*Den Vorwurf, …, erhebt die Opposition*), whatever relation
    the parse gives it; its clause ends at ``last``.
    """
    if any(t.upos not in ("DET", "ADJ", "ADP", "ADV") for t in sentence.tokens[:noun]):
        return None
    for frame in context.frames(sentence):
        if frame.entry is None or frame.finite is None or frame.finite != last + 2:
            continue
        phrase = " " in frame.entry.lemma and noun in frame.cue
        if frame.entry.polarity != "denied" and not phrase:
            continue
        for child in sorted(tree.children(sentence, frame.verb, "nsubj", "obj", "obl")):
            token = sentence.tokens[child]
            behind = child > frame.finite and token.feats.get("Case", "Nom") == "Nom"
            if behind and not tree.children(sentence, child, "case") and may_speak(sentence, child, context.lexicon):
                return frame, phrase_source(context, sentence, child)
    return None


def _speaker_with(context: Context, sentence: Sentence, noun: int) -> Source | None:
    """*begründete das mit dem Hinweis, dass …*, *wandte sich mit der Aufforderung an …*: the subject says so."""
    cases = {sentence.tokens[c].text.lower() for c in tree.children(sentence, noun, "case")}
    if "mit" not in cases:
        return None
    verb = tree.clause_head(sentence, noun)
    subject = tree.subject_of(sentence, verb)
    if subject is None or tree.is_passive(sentence, verb) or not may_speak(sentence, subject, context.lexicon):
        return None
    return phrase_source(context, sentence, subject)


def _clause(sentence: Sentence, noun: int) -> tuple[int, int] | None:
    for child in sentence.children[noun]:
        token = sentence.tokens[child]
        if child < noun or token.relation not in ("acl", "ccomp", "xcomp", "advcl"):
            continue
        first, last = tree.extent(sentence, tree.descendants(sentence, child))
        if first <= noun or sentence.tokens[first - 1].text != ",":
            continue
        if token.relation == "acl" and tree.is_relative(sentence, first):
            return None
        opening = sentence.tokens[first]
        infinitive = tree.finite_of(sentence, child) is None and any(
            sentence.tokens[c].text.lower() == "zu" for c in sentence.children[child]
        )
        konjunktiv = tree.mood_of(sentence, child) == "konjunktiv_1" and opening.upos not in ("SCONJ", "ADV")
        konjunktiv = konjunktiv and opening.feats.get("PronType") not in ("Rel", "Int")
        if opening.text.lower() == "dass" or infinitive or konjunktiv:
            return first, last
    comma = _comma_behind(sentence, noun)
    if comma is None or tree.mood_of(sentence, tree.clause_head(sentence, noun)) == "konjunktiv_1":
        return None  # *Die Quote sei ein Urteil, der Minister habe …*: the noun is reported itself
    found = clauses.statement_behind(sentence, comma) or clauses.infinitive_behind(sentence, comma)
    return found[1:] if found is not None else None


def _comma_behind(sentence: Sentence, noun: int) -> int | None:
    """The comma that closes the noun's phrase: only its genitive or prepositional phrases may stand between."""
    for index in range(noun + 1, min(noun + 1 + _NEAR, len(sentence.tokens))):
        token = sentence.tokens[index]
        if token.text == ",":
            return index
        inside = token.upos in ("DET", "ADJ", "NOUN", "PROPN", "ADP")
        if not inside or token.deprel == "compound:prt":
            return None
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
