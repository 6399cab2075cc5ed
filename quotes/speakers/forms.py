"""Citation forms: a noun phrase as it would stand in a list of speakers, without article, in the nominative."""

from __future__ import annotations

import re
from dataclasses import replace

from quotes import tree
from quotes.model import Sentence, Token
from quotes.tables import word_list
from quotes.word_forms import fold

# Strong endings of the nominative: der japanischen Küstenwache -> japanische Küstenwache.
_ENDINGS = {("Masc", "Sing"): "er", ("Fem", "Sing"): "e", ("Neut", "Sing"): "es"}
# Genders as the tables write them, by their value in UD.
GENDERS = {"Masc": "m", "Fem": "f", "Neut": "n"}
_FEATS = {gender: value for value, gender in GENDERS.items()}
_WHERE = frozenset({"an", "am", "auf", "bei", "beim", "vor", "neben", "hinter"})
_STOPS = frozenset({",", "–", "-", ":", ";", "("})


def citation_form(
    sentence: Sentence, first: int, last: int, head: int, *, person: bool = False, gender: str = ""
) -> str:
    """The phrase without article and appositions: *der japanischen Küstenwache* gives *japanische Küstenwache*.

    ``person``: what only describes is left out as well (*ein ranghoher Diplomat*: Diplomat). ``gender``: m, f or n
    where a table knows it better than the parse (*dem Grünen Klub*).
    """
    noun = sentence.tokens[head]
    if noun.feats.get("Number") != "Plur":
        known = _FEATS.get(gender) or _gender_by_article(sentence, noun)
        noun = replace(noun, feats={**noun.feats, "Gender": known}) if known else noun
    named = [t.index for t in sentence.tokens[first:head] if t.upos == "ADJ" and t.text[0].isupper() and t.index > 0]
    if named and not _is_place_adjective(sentence.tokens[named[0]]):
        first = named[0]  # *die staatliche Koreanische Zentrale Nachrichtenagentur*: the name begins with its capital
    first = _behind_attributes(sentence, first, head)
    words: list[str] = []
    previous: Token | None = None
    for token in sentence.tokens[first : last + 1]:
        if token.index > head and token.text in _STOPS and not tree.hyphen_joins(sentence, token.index):
            break
        if token.index > head and token.upos == "ADP" and token.text.lower() in _WHERE:
            break  # *Beobachter am East River*: where they stand is no part of the name
        dropped = (
            (person and _only_describes(token))
            or token.upos in ("DET", "PUNCT", "ADP", "ADV", "PART")
            or token.text.lower() in ("dessen", "deren")
        )
        if token.index < head and dropped and not _is_kept(sentence, token):
            # *"Tatort"-Star*: the mark goes, and the word stays whole.
            joined = (
                previous is not None and previous.end == token.start and tree.hyphen_joins(sentence, token.index + 1)
            )
            previous = token if joined else None
            continue
        if previous is not None and previous.start == token.start and token.start != noun.start:
            previous = token  # second word of a contraction (*vom*): printed once
            continue
        word = _inflected(token, noun) if token.index <= head else token.text
        if words and previous is not None and previous.end == token.start:
            words[-1] += word
        else:
            words.append(word)
        previous = token
    return " ".join(words)


def _gender_by_article(sentence: Sentence, noun: Token) -> str | None:
    """*die Angeklagte*, *laut der Prognose*: feminine whatever the tagger says, by the article."""
    case = noun.feats.get("Case")
    wanted = ("die", "eine") if case in ("Nom", "Acc") else ("der", "einer") if case in ("Dat", "Gen") else ()
    articles = (sentence.tokens[c].text.lower() for c in tree.children(sentence, noun.index, "det"))
    return "Fem" if any(article in wanted for article in articles) else None


def _only_describes(token: Token) -> bool:
    """*ranghoher*, *oppositionelle*: no part of what somebody is called, as *japanisch* or *früher* are."""
    if token.upos != "ADJ" or token.text[:1].isupper():
        return False
    telling = re.search(r"(is|deut)ch(e[rsnm]?)?$", token.text) or token.text.startswith(word_list("former_or_future"))
    return not telling


def _behind_attributes(sentence: Sentence, first: int, head: int) -> int:
    """The first token behind what only counts or describes: *mehrere*, *23 Jahre alter*, *am Montag eingereichte*.

    A phrase inside the attribute (a preposition, a measure) goes with all before it; so do words that only point.
    """
    start = first
    for token in sentence.tokens[first:head]:
        inner = token.upos == "ADP" and not (token.index > first and sentence.tokens[token.index - 1].text == "-")
        participle = token.upos == "ADJ" and token.text.lower().endswith(word_list("pointing_adjectives"))
        counted = token.upos in ("NUM", "DET")
        measure = token.upos == "NOUN" and token.text in ("Jahre", "Jahren")
        if inner:
            start = _participle_behind(sentence, token.index, head)
        elif participle or counted or measure:
            # *27-jährige* is one word, though it may be three tokens; *52-Jährige* is the noun itself.
            last = tree.word_end(sentence, token.index)
            if last >= head:
                return max(start, token.index)
            start = max(start, last + 1)
        elif token.text.lower() in ("alter", "alte", "alten") and start == token.index:
            start = token.index + 1
    return min(start, head)


def _participle_behind(sentence: Sentence, at: int, head: int) -> int:
    """Behind the participle that closes an attribute with a preposition (*im Netz verbreitete Mitteilung*)."""
    closing = [t.index for t in sentence.tokens[at + 1 : head] if t.upos in ("ADJ", "VERB")]
    return closing[-1] + 1 if closing else head


def _is_kept(sentence: Sentence, token: Token) -> bool:
    if token.text == "-" and token.index > 0 and sentence.tokens[token.index - 1].end == token.start:
        return True  # *Industrie- und Handelskammer*
    if token.upos == "PUNCT" and len(token.text) > 1 and token.text.endswith("-"):
        return True  # *Transvia-* in *Transvia-Sprecher*, which the parse calls punctuation
    return token.upos == "PUNCT" and tree.hyphen_joins(sentence, token.index)


def _inflected(token: Token, noun: Token) -> str:
    if token.index == noun.index:
        return nominative(noun) + ("r" if _wants_strong_ending(noun) else "")
    if token.upos == "ADJ" and token.head == noun.index and not _is_place_adjective(token):
        stem = _stem(token)
        if noun.feats.get("Number") == "Plur":
            return stem + "e"
        return stem + _ENDINGS.get((noun.feats.get("Gender", ""), "Sing"), "e")
    return token.text


def _wants_strong_ending(token: Token) -> bool:
    """*der Beamte*, *der Vorsitzende*: without the article an adjective used as a noun ends in -er."""
    declined = fold(token.text).endswith(tuple(n for n in word_list("declined_nouns") if n.endswith("e")))
    return declined and token.feats.get("Gender") == "Masc" and token.feats.get("Number") != "Plur"


def _is_place_adjective(token: Token) -> bool:
    """*Berliner Polizei*: the adjectives in -er from places do not inflect."""
    return token.text[0].isupper() and token.text.endswith("er")


def _stem(token: Token) -> str:
    for ending in ("en", "em", "er", "es", "e"):
        if token.text.endswith(ending) and len(token.text) > len(ending) + 2:
            return token.text[: -len(ending)]
    return token.text


def _nominative_plural(token: Token) -> str:
    """A plural without the -n of the dative: *Ärzten* → *Ärzte*, *Experten* stays."""
    form, lemma = token.text, token.lemma
    if form.endswith(word_list("dative_plurals")) or (form.endswith("nissen") and token.feats.get("Case") == "Dat"):
        return form[:-1]
    if token.feats.get("Case") != "Dat" or not form.endswith("n") or token.feats.get("Gender") == "Fem":
        return form
    if lemma.lower().endswith(word_list("weak_noun_endings")) and form.startswith(lemma[:3]):
        return form
    if form.endswith(("en", "ern", "eln")) and form != lemma:
        return form[:-1]
    return form


def nominative(token: Token) -> str:
    """A noun in the nominative of its number, from its form: without the -s of the genitive, the -n of weak nouns.

    Lemmas decide only between forms that German grammar allows: in the singular none but masculine and neuter
    genitives and weak masculines differ from the nominative.
    """
    if token.upos != "NOUN" or token.feats.get("Case") in (None, "Nom") or token.relation in ("nsubj", "root"):
        return token.text
    lemma, form = token.lemma, token.text
    if token.feats.get("Number") == "Plur":
        return _nominative_plural(token)
    if token.feats.get("Gender") == "Fem":
        return form
    if token.feats.get("Case") == "Gen" and form.endswith("s") and not form.endswith("ss"):
        return lemma if lemma in (form[:-1], form[:-2]) else form[:-1]
    weak = form.endswith("n") and lemma in (form[:-1], form[:-2]) and token.feats.get("Gender") == "Masc"
    return lemma if weak else form
