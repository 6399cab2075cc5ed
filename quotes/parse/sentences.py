"""Repairs between tokenizer and tagger: sentences that were split too early are joined, endless ones cut."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

# Words. The parser's arc scores grow with the square of the sentence; no sentence of prose is that long
# (the longest of 9,900 in GSD has 118 words), so what is longer is a list or a lost full stop, and is cut.
LONGEST_SENTENCE = 200
# A closing mark without a final mark before it ends no sentence: Ein "robustes" Mandat.
_OPEN_END = re.compile(r"[^\s.!?…:;][\"“”‘’']$")


def repaired(document: Any) -> Any:
    """A tokenised Stanza document with its sentences put right; the same document if all of them are."""
    from stanza.models.common.doc import Document as StanzaDocument

    sentences = [sentence.tokens for sentence in document.sentences]
    joined = list(_joined(sentences, document.text))
    if len(joined) == len(sentences) and all(len(s.words) <= LONGEST_SENTENCE for s in document.sentences):
        return document
    pieces = [_entries(piece) for tokens in joined for piece in _short(tokens)]
    return StanzaDocument(pieces, text=document.text)


def _joined(sentences: list[list[Any]], text: str) -> Iterator[list[Any]]:
    held: list[Any] = []
    for tokens in sentences:
        if held and not _goes_on(held, tokens, text):
            yield held
            held = []
        held = held + tokens
    if held:
        yield held


def _goes_on(earlier: list[Any], later: list[Any], text: str) -> bool:
    """Whether the sentence before ended at a closing mark alone, within its paragraph."""
    end, start = earlier[-1].end_char, later[0].start_char
    return "\n" not in text[end:start] and bool(_OPEN_END.search(text[max(0, end - 2) : end]))


def _short(tokens: list[Any]) -> Iterator[list[Any]]:
    piece: list[Any] = []
    count = 0
    for token in tokens:
        if piece and count + len(token.words) > LONGEST_SENTENCE:
            yield piece
            piece, count = [], 0
        piece.append(token)
        count += len(token.words)
    yield piece


def _entries(tokens: list[Any]) -> list[dict[str, Any]]:
    """One sentence as Stanza reads it: an entry a word, one more before the words of a multi-word token."""
    entries: list[dict[str, Any]] = []
    count = 0
    for token in tokens:
        first = count + 1
        count += len(token.words)
        place = {"start_char": token.start_char, "end_char": token.end_char}
        if len(token.words) > 1:
            entries.append({"id": (first, count), "text": token.text, **place})
            entries += [{"id": first + i, "text": word.text} for i, word in enumerate(token.words)]
        else:
            entries.append({"id": first, "text": token.text, **place})
    return entries
