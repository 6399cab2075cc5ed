"""Recognising a source phrase by its words: *laut X*, *nach Angaben von X*, *X zufolge*, and whose words they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from quotes import tree
from quotes.constructions.candidate import Source
from quotes.constructions.channels import known_channel
from quotes.constructions.context import Context
from quotes.constructions.roles import may_speak, phrase_source
from quotes.model import Sentence
from quotes.tables import word_set
from quotes.word_forms import fold

_BEFORE = frozenset({"laut", "nach", "gemäß", "gemäss", "aus", "entsprechend"})
_BEHIND = frozenset({"zufolge", "nach", "gemäß", "gemäss", "entsprechend"})
_OWN = frozenset({"eigen", "eigener", "eigene", "eigenen"})
# How many tokens whoever a noun of speech belongs to may take before *zufolge*.
_LONGEST_OWNER = 9
# Words right behind a noun of speech that open its genitive or *von* phrase.
_OPENS_OWNER = frozenset({"von", "vom", "der", "des", "eines", "einer"})


@dataclass(frozen=True, slots=True)
class Phrase:
    """A source phrase: its tokens, its cue tokens, and whom it names."""

    sentence: Sentence
    tokens: tuple[int, ...]
    cue: tuple[int, ...]
    source: Source | None


def phrases_in(context: Context, sentence: Sentence) -> Iterator[Phrase]:
    """All source phrases of a sentence, in order."""
    taken = -1
    for token in sentence.tokens:
        if token.index <= taken:
            continue
        word = token.text.lower()
        phrase = None
        if word in _BEHIND:
            phrase = _postposed(context, sentence, token.index, word)
        if phrase is None and word in _BEFORE:
            phrase = _preposed(context, sentence, token.index, word)
        if phrase is None and word == "für":
            phrase = _in_the_eyes_of(context, sentence, token.index)
        if phrase is not None:
            phrase = _closed(sentence, phrase)
            taken = max(phrase.tokens)
            yield phrase


def _closed(sentence: Sentence, phrase: Phrase) -> Phrase:
    """The phrase with the bracket that it opens and does not close (*der Behörden in Gaza (Stadt)*)."""
    words = [sentence.tokens[i].text for i in phrase.tokens]
    if words.count("(") <= words.count(")"):
        return phrase
    for index in range(max(phrase.tokens) + 1, min(max(phrase.tokens) + 9, len(sentence.tokens))):
        if sentence.tokens[index].text == ")":
            return replace(phrase, tokens=tuple(range(min(phrase.tokens), index + 1)))
    return phrase


def _uses(context: Context, sentence: Sentence, index: int) -> frozenset[str]:
    """How a noun of speech can be used, nothing for other words."""
    noun = context.lexicon.noun(sentence.tokens[index].lemma, sentence.tokens[index].text)
    return noun.uses if noun is not None else frozenset()


def _is_source_noun(context: Context, sentence: Sentence, index: int) -> bool:
    return sentence.tokens[index].upos in ("NOUN", "PROPN") and "source" in _uses(context, sentence, index)


def _is_document(context: Context, sentence: Sentence, index: int) -> bool:
    return context.lexicon.is_document(sentence.tokens[index].lemma, sentence.tokens[index].text)


def _preposed(context: Context, sentence: Sentence, at: int, word: str) -> Phrase | None:
    """*laut der Polizei*, *nach Angaben des Sprechers*, *aus Sicht der Kritiker*."""
    head = _nominal_behind(sentence, at)
    if head is None:
        return None
    token = sentence.tokens[head]
    if {fold(token.lemma), fold(token.text)} & word_set("laid_down"):
        return None
    number = sentence.tokens[head + 1 : head + 2]
    if fold(token.lemma) == "artikel" and any(t.upos == "NUM" for t in number):
        return None  # *gemäß Artikel 5* is law, *laut einem Artikel der „Zeit“* is not
    source_noun = _is_source_noun(context, sentence, head)
    if source_noun or (word == "nach" and _indefinite_document(context, sentence, head, at)):
        if word == "aus" and fold(token.lemma) not in ("sicht", "perspektive", "blickwinkel"):
            return None
        if word == "nach" and _is_after(context, sentence, head):
            return None
        return _noun_phrase_source(context, sentence, head, at)
    document = _is_document(context, sentence, head)
    if word == "laut" or (word in ("gemäß", "gemäss") and (document or _is_somebody(context, sentence, head))):
        if any(sentence.tokens[i].upos == "NUM" for i in range(at + 1, head + 1)):
            return None
        source = phrase_source(context, sentence, head)
        source = replace(source, first=max(at + 1, source.first))
        return Phrase(sentence, tuple(range(at, source.last + 1)), (at,), source)
    return None


def _in_the_eyes_of(context: Context, sentence: Sentence, at: int) -> Phrase | None:
    """*Für die Ministerin ist das „ein Skandal“*: a predicate in marks is somebody's judgement."""
    head = _nominal_behind(sentence, at)
    if head is None or not _is_somebody(context, sentence, head, named=True):
        return None
    source = phrase_source(context, sentence, head)
    clause = tree.clause_head(sentence, head)
    copula = tree.children(sentence, clause, "cop")
    quoted = context.quoted_around(tree.span_of(sentence, clause, clause))
    if not copula or quoted is None or not context.text[quoted.inner.start].islower():
        return None
    if source.last + 1 not in copula and clause != source.last + 2:
        return None
    source = replace(source, first=max(at + 1, source.first))
    return Phrase(sentence, tuple(range(at, source.last + 1)), (at,), source)


def _is_somebody(context: Context, sentence: Sentence, head: int, *, named: bool = False) -> bool:
    """*gemäß einem Sprecher*, *gemäß der Netzzeitung*: a person, a body or a medium; *gemäß* alone mostly cites law.

    ``named``: a proper noun will do as well.
    """
    token, lexicon = sentence.tokens[head], context.lexicon
    if not may_speak(sentence, head, lexicon):
        return False
    if named and token.upos == "PROPN" and lexicon.country_of(token.text) is None:
        return True
    known = lexicon.role(token.lemma, token.text) or lexicon.organisation(token.lemma, token.text)
    return bool(known) or lexicon.is_channel_noun(token.lemma) or known_channel(context, sentence, head) is not None


def _indefinite_document(context: Context, sentence: Sentence, head: int, at: int) -> bool:
    """*nach einer Studie*, *nach einer Umfrage der Zeitung*: a document that the text introduces, no point in time."""
    articles = [t.text.lower() for t in sentence.tokens[at + 1 : head] if t.upos == "DET"]
    told = {"document", "source"} <= _uses(context, sentence, head)
    return told and bool(articles) and articles[0] in ("einer", "einem", "eines")


def _is_after(context: Context, sentence: Sentence, head: int) -> bool:
    """*Nach den Worten des Ministers klatschte …* is a source; *nach der Rede*, *nach dem Bericht* tell the time.

    *nach* with a document needs the plural without an article or a word of saying; with an article in the singular
    it is temporal.
    """
    if not _is_document(context, sentence, head):
        return False
    definite = any(
        sentence.tokens[d].text.lower() in ("der", "dem", "die", "das", "den", "dieser", "diesem", "seinem", "ihrem")
        for d in tree.children(sentence, head, "det")
    )
    if not definite or sentence.tokens[head].feats.get("Number") == "Plur":
        return False
    clause = tree.clause_head(sentence, head)
    return tree.mood_of(sentence, clause) not in ("sollen", "konjunktiv_1", "konjunktiv_2")


def _nominal_behind(sentence: Sentence, at: int) -> int | None:
    """The head of the noun phrase behind a preposition: by the tree, else by position."""
    above = sentence.tokens[at].head
    nominal = above > at and sentence.tokens[above].upos in ("NOUN", "PROPN", "PRON", "ADJ", "NUM", "X")
    if nominal and not any(t.text in (",", ":") for t in sentence.tokens[at:above]):
        return above
    return _noun_within(sentence, at + 1, at + 6, ("DET", "ADJ", "ADV", "NUM", "PUNCT"))


def _noun_within(sentence: Sentence, first: int, stop: int, passing: tuple[str, ...]) -> int | None:
    """The first noun or name from ``first`` on, before ``stop``, with nothing but these parts of speech before it."""
    for index in range(first, min(stop, len(sentence.tokens))):
        if sentence.tokens[index].upos in ("NOUN", "PROPN"):
            return index
        if sentence.tokens[index].upos not in passing:
            return None
    return None


def _noun_phrase_source(context: Context, sentence: Sentence, head: int, at: int) -> Phrase:
    """A source noun with whoever it belongs to: genitive, *von* X, a possessive, *eigen*, a compound's first part."""
    start = at + 1 if at < head else tree.noun_phrase(sentence, head)[0]
    tokens = tuple(range(min(start, at), max(head, at) + 1))
    for index in range(start, head):
        if sentence.tokens[index].lemma.lower() in _OWN or fold(sentence.tokens[index].text) in _OWN:
            return Phrase(sentence, tokens, (at,), Source(sentence.index, head, head, head, "own"))
    for child in sentence.children[head]:
        owner = sentence.tokens[child]
        if owner.deprel == "det:poss" or (owner.upos in ("DET", "PRON") and owner.feats.get("Poss") == "Yes"):
            return Phrase(sentence, tokens, (at,), Source(sentence.index, child, child, child, "possessive"))
    owner_head = _owner(sentence, head)
    if owner_head is not None:
        source = phrase_source(context, sentence, owner_head)
        if source.first <= head <= source.last:
            behind = source.head > head
            source = replace(source, first=head + 1) if behind else replace(source, last=head - 1)
        tokens = tuple(range(min(tokens[0], source.first), max(source.last, tokens[-1]) + 1))
        return Phrase(sentence, tokens, (at,), source)
    prefix = _compound_owner(context, sentence.tokens[head].text)
    if prefix:
        return Phrase(sentence, tokens, (at,), Source(sentence.index, head, head, head, "compound", prefix))
    return Phrase(sentence, tokens, (at,), Source(sentence.index, head, start, head, "document"))


def _owner(sentence: Sentence, head: int) -> int | None:
    """Whose statement: a genitive or *von* phrase right behind the noun, or a genitive name before it."""
    for child in sentence.children[head]:
        token = sentence.tokens[child]
        if token.relation not in ("nmod", "obl", "appos", "obj", "flat"):
            continue
        if token.upos not in ("NOUN", "PROPN", "ADJ", "PRON", "X"):
            continue
        cases = {sentence.tokens[c].text.lower() for c in tree.children(sentence, child, "case")}
        if fold(token.lemma) in word_set("calendar_names"):
            continue  # *Angaben vom Mittwoch*
        if child > head:
            if cases and not cases & {"von", "vom", "aus", "seitens", "der"}:
                continue
            between = sentence.tokens[head + 1 : child]
            if any(t.text in (",", ":") for t in between):
                continue
            return child
        if not cases and token.upos == "PROPN":
            return child
    index = head + 1
    if index < len(sentence.tokens) and sentence.tokens[index].text.lower() in _OPENS_OWNER:
        return _noun_within(sentence, index + 1, index + 7, ("DET", "ADJ", "ADV", "NUM", "ADP"))
    return None


def _compound_owner(context: Context, form: str) -> str | None:
    """*Polizeiangaben* → *Polizei*, *Ministeriumsangaben* → *Ministerium*; no part, no owner."""
    folded = fold(form)
    for start in range(3, len(folded) - 3):
        tail = context.lexicon.nouns.get(folded[start:]) or context.lexicon.nouns.get(folded[start:].removesuffix("n"))
        if tail is None or "document" in tail.uses:
            continue
        for prefix in (form[:start], form[:start].removesuffix("s"), form[:start].removesuffix("-")):
            body = len(prefix) > 3 and context.lexicon.organisation(prefix)
            if body or context.lexicon.role(prefix):
                return prefix.rstrip("-")
    return None


def _postposed(context: Context, sentence: Sentence, at: int, word: str) -> Phrase | None:
    """*X zufolge*, *ihm zufolge*, *eigenen Angaben nach*, *seiner Meinung nach*."""
    if at == 0:
        return None
    previous = sentence.tokens[at - 1]
    if word == "zufolge":
        head = sentence.tokens[at].head
        if not 0 <= head < at:
            head = at - 1
            while head > 0 and sentence.tokens[head].upos == "PUNCT":
                head -= 1
        if sentence.tokens[head].upos not in ("NOUN", "PROPN", "PRON", "ADJ", "NUM", "DET", "X"):
            return None
        head = _noun_to_the_left(context, sentence, head)
        if _is_source_noun(context, sentence, head) and not _is_document(context, sentence, head):
            found = _noun_phrase_source(context, sentence, head, at)
            first = min(found.tokens[0], _phrase_first(sentence, head))
            return replace(found, tokens=tuple(range(first, at + 1)))
        first, last = tree.noun_phrase(sentence, head)
        if sentence.tokens[head].upos == "NOUN":
            first = min(first, _phrase_first(sentence, head))
        source = Source(sentence.index, head, first, max(head, min(last, at - 1)))
        return Phrase(sentence, tuple(range(first, at + 1)), (at,), source)
    if word == "nach" and previous.text == "Vernehmen":
        first = _phrase_first(sentence, previous.index)
        return Phrase(sentence, tuple(range(first, at + 1)), (at,), None)
    if not _is_source_noun(context, sentence, previous.index):
        return None
    first = _phrase_first(sentence, previous.index)
    opening = sentence.tokens[first]
    owned = opening.feats.get("Poss") == "Yes" or fold(opening.lemma) in _OWN or fold(opening.text) in _OWN
    if first > 0 and sentence.tokens[first - 1].upos == "ADP":
        return None
    if not owned:
        genitive = opening.upos in ("DET", "PROPN") and opening.feats.get("Case") in ("Dat", "Gen")
        if word != "nach" or not genitive:
            return None
        if at + 1 < len(sentence.tokens) and not 0 <= sentence.tokens[at].head < at:
            return None  # *nach* governs what stands behind it
    return _noun_phrase_source(context, sentence, previous.index, at)


def _noun_to_the_left(context: Context, sentence: Sentence, head: int) -> int:
    """*Angaben des Versorgers zufolge*, *einem Bericht des „Handelsblatts“ zufolge*: the noun that *zufolge* governs
    stands before its own genitive or prepositional phrase; the parse often takes the nearest one.
    """
    if _is_source_noun(context, sentence, head) or _is_document(context, sentence, head):
        return head
    for index in range(head - 1, max(-1, head - _LONGEST_OWNER), -1):
        token = sentence.tokens[index]
        if token.upos not in ("NOUN", "PROPN", "DET", "ADJ", "ADP", "NUM", "PUNCT") or token.text in (",", ";", ":"):
            break
        if token.upos == "NOUN" and (
            _is_source_noun(context, sentence, index) or _is_document(context, sentence, index)
        ):
            return index
    return head


def _phrase_first(sentence: Sentence, head: int) -> int:
    """The first token of the noun phrase that ends in ``head``: its articles and adjectives by position."""
    first = head
    while first > 0 and sentence.tokens[first - 1].upos in ("DET", "ADJ"):
        first -= 1
    if first > 0 and sentence.tokens[first - 1].upos == "PROPN" and sentence.tokens[first - 1].head == head:
        first -= 1
    return first
