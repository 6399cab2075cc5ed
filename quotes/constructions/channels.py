"""Channels: the agencies, papers and platforms that a statement came through, and media that were told it."""

from __future__ import annotations

from collections.abc import Iterable

from quotes import tree
from quotes.constructions.candidate import Source
from quotes.constructions.context import Context
from quotes.model import Sentence
from quotes.tables import word_list, word_set
from quotes.word_forms import fold

# Prepositions before a channel (*im ZDF*, *auf X*, *bei CNN*, *gegenüber der dpa*, *via Telegram*).
_PREPOSITIONS = frozenset({"in", "auf", "bei", "gegenüber", "via", "über", "von", "mit", "für", "laut", "nach", "zu"})
# Words of a channel's name, at most, and how far behind its article a medium's noun may stand.
_LONGEST_NAME = 6
_REACH = 5


def known_channel(context: Context, sentence: Sentence, index: int) -> tuple[int, str] | None:
    """A channel of the lexicon that begins at a token: last token and canonical name.

    A name that is also a word (*Welt*, *Bild*, *X*) counts only inside quotation marks, as a proper noun of
    the parse, or behind a noun for media.
    """
    lexicon = context.lexicon
    for last in range(min(index + _LONGEST_NAME - 1, len(sentence.tokens) - 1), index - 1, -1):
        printed = context.text[sentence.tokens[index].start : sentence.tokens[last].end]
        found = lexicon.channels.get(fold(printed)) or lexicon.channels.get(fold(_nominative(printed)))
        if found is None:
            continue
        if last == index and not _stands_as_name(context, sentence, index):
            continue
        return last, found[0]
    return None


def _nominative(name: str) -> str:
    """*Rheinischen Post* as it is listed: *Rheinische Post*."""
    first, _, rest = name.partition(" ")
    return f"{first.removesuffix('n')} {rest}" if rest and first.endswith("en") else name


def _stands_as_name(context: Context, sentence: Sentence, index: int) -> bool:
    token = sentence.tokens[index]
    if not token.text[:1].isalnum() or (token.text.islower() and len(token.text) > 4):
        return False
    if token.text.islower() and token.upos not in ("PROPN", "NOUN", "X"):
        return False  # *für mehr Sachlichkeit* names no agency *Mehr*
    if context.is_quoted_token(sentence, index):
        return True
    before = sentence.tokens[index - 1] if index else None
    if fold(token.text) in word_set("calendar_names"):
        return False  # *am Freitag* is a day, *der „Freitag“* a paper
    if len(token.text) == 1:
        return before is not None and before.text.lower() in ("auf", "bei", "plattform", "netzwerk", "dienst")
    if before is not None and context.lexicon.is_channel_noun(before.lemma):
        return True
    return token.upos == "PROPN" or token.text.isupper() or (token.text.islower() and len(token.text) <= 4)


def channels_in(
    context: Context, sentence: Sentence, indices: Iterable[int], *, without: Source | None
) -> tuple[Source, ...]:
    """The channels named among some tokens of a sentence: *im ZDF*, *auf Telegram*, *der Nachrichtenagentur AFP*."""
    allowed = set(indices)
    if without and without.sentence == sentence.index:
        allowed -= set(range(without.first, without.last + 1))
    found: list[Source] = []
    index = 0
    while index < len(sentence.tokens):
        if index not in allowed:
            index += 1
            continue
        known = known_channel(context, sentence, index)
        if known is not None and _introduced(context, sentence, index):
            found.append(_channel(sentence, index, *known))
            index = known[0] + 1
            while index + 1 < len(sentence.tokens) and sentence.tokens[index].text in ("und", "sowie", ","):
                known = known_channel(context, sentence, index + 1)
                if known is None:
                    break
                found.append(_channel(sentence, index + 1, *known))
                index = known[0] + 1
            continue
        token = sentence.tokens[index]
        if (
            context.lexicon.is_channel_noun(token.lemma)
            and token.upos == "NOUN"
            and _introduced(context, sentence, index)
        ):
            named = _name_behind(context, sentence, index)
            if named is not None:
                found += named
                index = named[-1].last + 1
                continue
        index += 1
    return tuple(found)


def _channel(sentence: Sentence, first: int, last: int, name: str) -> Source:
    return Source(sentence.index, first, first, last, "channel", name)


def _name_behind(context: Context, sentence: Sentence, noun: int) -> list[Source] | None:
    """The names that follow a noun for media (*Nachrichtenagenturen Tass und Ria Nowosti*)."""
    found: list[Source] = []
    index = noun + 1
    while index < len(sentence.tokens):
        if sentence.tokens[index].upos == "PUNCT" and context.is_quoted_token(sentence, index):
            index += 1
            continue
        known = known_channel(context, sentence, index)
        if known is not None:
            found.append(_channel(sentence, index, *known))
            index = known[0] + 1
        elif sentence.tokens[index].upos == "PROPN" or (
            context.is_quoted_token(sentence, index) and sentence.tokens[index].upos != "PUNCT"
        ):
            last = index
            while last + 1 < len(sentence.tokens) and _same_name(context, sentence, index, last + 1):
                last += 1
            name = context.text[sentence.tokens[index].start : sentence.tokens[last].end]
            found.append(_channel(sentence, index, last, name))
            index = last + 1
        else:
            break
        joined = index + 1 < len(sentence.tokens) and sentence.tokens[index].text == "und"
        if not joined or sentence.tokens[index + 1].upos != "PROPN":
            break
        index += 1
    return found or None


def _same_name(context: Context, sentence: Sentence, first: int, index: int) -> bool:
    token = sentence.tokens[index]
    if context.is_quoted_token(sentence, first):
        return context.is_quoted_token(sentence, index) and token.text not in '“”"»«'
    return token.upos == "PROPN"


def _introduced(context: Context, sentence: Sentence, index: int) -> bool:
    """Whether a channel is said to carry the statement: behind a preposition, a dative article or a medium noun."""
    at = index - 1
    while at >= 0 and (
        sentence.tokens[at].upos in ("DET", "ADJ", "PUNCT")
        or context.lexicon.is_channel_noun(sentence.tokens[at].lemma)
    ):
        if sentence.tokens[at].upos == "PUNCT" and sentence.tokens[at].text in (".", ":", ";", ")"):
            return False
        at -= 1
    if at < 0:
        return False
    before = sentence.tokens[at]
    articles = [t.text.lower() for t in sentence.tokens[at + 1 : index] if t.upos == "DET"]
    if before.upos == "ADP":
        return before.text.lower() in _PREPOSITIONS or before.lemma in _PREPOSITIONS
    return any(a in ("der", "dem", "den") for a in articles)


def begins_medium(context: Context, sentence: Sentence, index: int) -> bool:
    """*…, der Nachrichtenagentur AFP*, *der „Bild“*: a dative article and a medium behind the speaker."""
    token = sentence.tokens[index]
    if token.text.lower() not in ("der", "dem", "den"):
        return False
    noun = index + 1
    while noun < len(sentence.tokens) and sentence.tokens[noun].upos in ("ADJ", "PUNCT") and noun < index + _REACH:
        noun += 1
    if noun >= len(sentence.tokens):
        return False
    medium = sentence.tokens[noun]
    known = any(known_channel(context, sentence, at) is not None for at in range(index + 1, noun + 1))
    if not context.lexicon.is_channel_noun(medium.lemma) and not known:
        return False
    before = sentence.tokens[index - 1]
    if before.text == ",":
        return True
    return not (before.upos == "NOUN" and fold(before.lemma).endswith(word_list("media_roles")))


def medium_end(context: Context, sentence: Sentence, first: int) -> int:
    """The last token of *der Nachrichtenagentur AFP*, *der „Bild am Sonntag“*."""
    known = known_channel(context, sentence, first + 1)
    if known is not None:
        return known[0]
    last = first + 1
    while last + 1 < len(sentence.tokens):
        token = sentence.tokens[last + 1]
        if tree.hyphen_joins(sentence, last + 1):
            last += 2
            continue
        quoted = context.is_quoted_token(sentence, last + 1)
        if not (token.upos in ("PROPN", "ADJ") or quoted or context.lexicon.is_channel_noun(token.lemma)):
            break
        last += 1
    return last
