"""Whom somebody says something to: *gegenüber Journalisten*, *der Nachrichtenagentur AFP*, *forderte die Armee auf*."""

from __future__ import annotations

from quotes import tree
from quotes.constructions.candidate import Source
from quotes.constructions.channels import begins_medium, medium_end
from quotes.constructions.context import Context
from quotes.constructions.frame import Frame
from quotes.constructions.roles import may_speak
from quotes.model import Sentence, Span
from quotes.tables import word_list, word_set
from quotes.word_forms import fold

# Verbs of these classes have whom they urge as their object.
_URGING = frozenset({"demand", "ask", "advise", "warn"})


def addressee_of(context: Context, frame: Frame, source: Source | None) -> tuple[Span, ...]:
    """*gegenüber Journalisten*, *vor Reportern*, *zu Putin*, *der Nachrichtenagentur AFP*: as printed."""
    return tuple(_with_closing_mark(context, span) for span in _told_to(context, frame, source))


def _with_closing_mark(context: Context, span: Span) -> Span:
    """*gegenüber der „Welt“*, though the noun phrase ends at its last word."""
    quoted = context.quoted_around(Span(span.end - 1, span.end))
    closes = quoted is not None and span.covers(Span(quoted.outer.start, quoted.inner.end))
    return Span(span.start, quoted.outer.end) if closes and quoted is not None else span


def _told_to(context: Context, frame: Frame, source: Source | None) -> tuple[Span, ...]:
    sentence = frame.sentence
    taken = range(0)
    if source is not None and source.sentence == sentence.index:
        taken = range(source.first, source.last + 1)
        after = source.last + 1
        if after < len(sentence.tokens) and sentence.tokens[after].text == ",":
            after += 1
        if after < len(sentence.tokens) and begins_medium(context, sentence, after):
            last = medium_end(context, sentence, after)
            return (tree.span_of(sentence, after, last),)
    objects = tree.children(sentence, frame.verb, "obj")
    misread = [name for obj in objects if (name := tree.misread_dative(sentence, obj)) is not None]
    for child in (*sentence.children[frame.verb], *misread):
        token = sentence.tokens[child]
        urged = frame.passive and token.deprel == "nsubj:pass"
        if child in taken or (token.relation not in ("obl", "iobj", "obj", "nmod") and not urged):
            continue
        if token.upos == "PRON" and token.lemma == "sich":
            continue
        cases = [sentence.tokens[c] for c in tree.children(sentence, child, "case")]
        # *sagt An Chan-il*: with a capital inside a sentence it is no preposition.
        words = {c.text.lower() for c in cases if c.text.islower() or c.index == 0}
        thanked = words & {"bei"} and frame.entry is not None and frame.entry.kind == "thank"
        if thanked and _is_person(context, sentence, child):
            words = {"zu"}
        if "gegenüber" in words or (words & {"vor", "zu", "an"} and _is_person(context, sentence, child)):
            first, last = tree.noun_phrase(sentence, child)
            first = min([first, *(c.index for c in cases)])
            if any(c.index == last + 1 for c in cases):
                last += 1
            return (tree.span_of(sentence, first, last),)
        dative = token.feats.get("Case") == "Dat" and not cases and token.upos in ("NOUN", "PROPN")
        dative = dative and (token.upos == "PROPN" or bool(tree.children(sentence, child, "det")))
        # The names of *danken*, *anbieten*, *versprechen* show no case: the parse takes the one thanked for an object.
        given = frame.entry is not None and frame.entry.kind in ("thank", "promise") and token.upos == "PROPN"
        taken_for = token.deprel in ("obj", "obl:arg") or child in misread
        dative = (dative and token.relation != "nmod") or (given and not cases and taken_for)
        if (dative or _is_urged(context, frame, child)) and may_speak(sentence, child, context.lexicon):
            return (tree.span_of(sentence, *tree.noun_phrase(sentence, child)),)
    return ()


def _is_urged(context: Context, frame: Frame, child: int) -> bool:
    """*forderte die Armee auf, …*, *Anwohner wurden gebeten, …*: whom one urges; whom one accuses is not addressed."""
    token = frame.sentence.tokens[child]
    if frame.entry is None or frame.entry.kind not in _URGING or token.upos not in ("NOUN", "PROPN"):
        return False
    if tree.children(frame.sentence, child, "case"):
        return False
    thing = fold(token.text).endswith(word_list("act_endings"))
    if thing and context.lexicon.organisation(token.lemma, token.text) is None:
        return False  # *verlangte eine Untersuchung: „…“*: what one asks for
    return token.deprel == "nsubj:pass" if frame.passive else token.relation in ("obj", "iobj")


def _is_person(context: Context, sentence: Sentence, index: int) -> bool:
    token = sentence.tokens[index]
    if context.lexicon.role(token.lemma, token.text) is not None:
        return True
    return token.upos == "PROPN" and token.text.lower() not in word_set("calendar_names")
