"""Repairs between tokenizer and tagger: sentences and words that were split too early are joined, endless ones cut."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from quotes.batches import in_batches

# Words. The parser's arc scores grow with the square of the sentence; no sentence of prose is that long
# (the longest of 9,900 in GSD has 118 words), so what is longer is a list or a lost full stop, and is cut.
LONGEST_SENTENCE = 200
# A closing mark without a final mark before it ends no sentence: Ein "robustes" Mandat.
_OPEN_END = re.compile(r"[^\s.!?…:;\"“”‘’')\]][\"“”‘’')\]]*[\"“”‘’']$")
# Neither does a word or a comma: within a paragraph of prose a sentence has a final mark, a colon or a bracket.
_GOES_ON = re.compile(r"[\w,]$")
# Titles and abbreviations that stand before a name or number and so never end a sentence.
_SHORT = "Prof|Dr|DDr|Mag|MMag|Dipl|Ing|St|Hl|Nr|Abs|Art|Bgm|Abg|LAbg|bzw|ca|geb|vgl|Univ|Frhr|u\\. a|z\\. B"
_ABBREVIATED = re.compile(rf"(?:^|[\s(])(?:{_SHORT})\.$")
_SHORT_WORD = re.compile(_SHORT)
# What stands before the name of a platform that the tokenizer takes for a number, with the full stop behind it.
_PLATFORM = frozenset(
    "auf bei Plattform Netzwerk Dienst Kurznachrichtendienst Onlinedienst Onlineplattform Onlinenetzwerk".split()
)
# Austrian titles say that a woman bears them: Mag.a, Dr.in.
_SHORT_END = re.compile(r"\.(?:a|ª|in)?")


def repair(document: Any) -> None:
    """Put the sentences of a tokenised Stanza document right."""
    from stanza.models.common.doc import Document as StanzaDocument

    kept: list[Any] = []
    for group in _groups(document.sentences, document.text):
        sound = len(group) == 1 and len(group[0].words) <= LONGEST_SENTENCE
        tokens = [token for sentence in group for token in sentence.tokens]
        sound = sound and all(_is_whole(token) for token in tokens) and not _cut_words(tokens)
        if sound and not any(_ends_in_x(tokens, place) for place in range(len(tokens))):
            kept += group
        else:
            short = [
                piece
                for part in _parted(tokens)
                for piece in in_batches(part, lambda token: len(token.words), LONGEST_SENTENCE)
            ]
            kept += StanzaDocument([_entries(piece) for piece in short], text=document.text).sentences
    document.sentences = kept
    document.num_tokens = sum(len(sentence.tokens) for sentence in kept)
    document.num_words = sum(len(sentence.words) for sentence in kept)


def _ends_in_x(tokens: list[Any], place: int) -> bool:
    """*auf X.*, *auf der Plattform X.*: a name and the end of a sentence, no number and no initial."""
    return place > 0 and tokens[place].text == "X." and tokens[place - 1].text in _PLATFORM


def _parted(tokens: list[Any]) -> Iterator[list[Any]]:
    """The tokens of one sentence, or of several that the tokenizer did not part behind *X.*"""
    start = 0
    for place in range(len(tokens) - 1):
        if _ends_in_x(tokens, place) and tokens[place + 1].text[:1].isupper():
            yield tokens[start : place + 1]
            start = place + 1
    yield tokens[start:]


def _is_whole(token: Any) -> bool:
    """Whether a token has no bracket or mark that is one of its own (*(6*, *27“*)."""
    return len(token.words) > 1 or len(_parts(token)) == 1


def _cut_words(tokens: list[Any]) -> set[int]:
    """Numbers of the tokens that go on with the word before them: letters beside letters (*Whats*, *App*), and the
    end of an abbreviation (*Mag*, *.*; *Mag*, *.a*) that does not end the sentence."""
    pairs = enumerate(pairwise(tokens), start=1)
    return {
        number
        for number, (one, other) in pairs
        if len(one.words) == len(other.words) == 1 and one.end_char == other.start_char
        if (one.text[-1].isalpha() and other.text[0].isalpha())
        or (_SHORT_END.fullmatch(other.text) and number < len(tokens) - 1 and _SHORT_WORD.fullmatch(one.text))
    }


def _parts(token: Any) -> list[str]:
    """A token's text, with a bracket or opening mark before it and a closing mark behind it parted from it.

    Brackets of which the token has both stay (*Bürger(innen)*, *(a)*).
    """
    text = token.text
    if len(text) != token.end_char - token.start_char:
        return [text]  # printed otherwise than it is read
    front, back = 0, len(text)
    if len(text) > 1 and (text[0] == "„" or (text[0] == "(" and ")" not in text)):
        front = 1
    if back - front > 1 and (text[-1] == "“" or (text[-1] == ")" and "(" not in text)):
        back -= 1
    return [part for part in (text[:front], text[front:back], text[back:]) if part]


def _groups(sentences: list[Any], text: str) -> Iterator[list[Any]]:
    """The sentences, those together that are one."""
    group: list[Any] = []
    for sentence in sentences:
        if group and not _goes_on(group[-1].tokens[-1].end_char, sentence.tokens[0].start_char, text):
            yield group
            group = []
        group.append(sentence)
    if group:
        yield group


def _goes_on(end: int, start: int, text: str) -> bool:
    """Whether the sentence that ends there ended at a word, a closing mark or an abbreviation, within its paragraph."""
    if "\n" in text[end:start]:
        return False
    return bool(
        _GOES_ON.search(text[end - 1 : end])
        or _OPEN_END.search(text[max(0, end - 6) : end])
        or _ABBREVIATED.search(text[max(0, end - 12) : end])
    )


def _entries(tokens: list[Any]) -> list[dict[str, Any]]:
    """One sentence as Stanza reads it: an entry a word, one more before the words of a multi-word token."""
    entries: list[dict[str, Any]] = []
    count = 0
    cut = _cut_words(tokens)
    for place, token in enumerate(tokens):
        if place in cut:
            entries[-1] |= {"text": entries[-1]["text"] + token.text, "end_char": token.end_char}
            continue
        first = count + 1
        count += len(token.words)
        if len(token.words) > 1:
            entries.append(
                {"id": (first, count), "text": token.text, "start_char": token.start_char, "end_char": token.end_char}
            )
            entries += [{"id": first + i, "text": word.text} for i, word in enumerate(token.words)]
        else:
            parts = ["X", "."] if _ends_in_x(tokens, place) else _parts(token)
            start = token.start_char
            for number, part in enumerate(parts):
                end = start + len(part) if len(parts) > 1 else token.end_char
                entries.append({"id": first + number, "text": part, "start_char": start, "end_char": end})
                start = end
            count = first + len(parts) - 1
    return entries
