"""Repairs between tokenizer and tagger: sentences that were split too early are joined, endless ones cut."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from quotes.batches import in_batches

# Words. The parser's arc scores grow with the square of the sentence; no sentence of prose is that long
# (the longest of 9,900 in GSD has 118 words), so what is longer is a list or a lost full stop, and is cut.
LONGEST_SENTENCE = 200
# A closing mark without a final mark before it ends no sentence: Ein "robustes" Mandat.
_OPEN_END = re.compile(r"[^\s.!?…:;\"“”‘’')\]][\"“”‘’')\]]*[\"“”‘’']$")
# Titles and abbreviations that stand before a name or number and so never end a sentence.
_ABBREVIATED = re.compile(
    r"(?:^|[\s(])"
    r"(?:Prof|Dr|Mag|Dipl|Ing|St|Hl|Nr|Abs|Art|Bgm|Abg|LAbg|bzw|ca|geb|vgl|Univ|Frhr|u\. a|z\. B)\.$"
)


def repair(document: Any) -> None:
    """Put the sentences of a tokenised Stanza document right."""
    from stanza.models.common.doc import Document as StanzaDocument

    kept: list[Any] = []
    for group in _groups(document.sentences, document.text):
        if len(group) == 1 and len(group[0].words) <= LONGEST_SENTENCE:
            kept += group
        else:
            tokens = [token for sentence in group for token in sentence.tokens]
            short = in_batches(tokens, lambda token: len(token.words), LONGEST_SENTENCE)
            kept += StanzaDocument([_entries(piece) for piece in short], text=document.text).sentences
    document.sentences = kept
    document.num_tokens = sum(len(sentence.tokens) for sentence in kept)
    document.num_words = sum(len(sentence.words) for sentence in kept)


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
    """Whether the sentence that ends there ended at a closing mark or an abbreviation alone, within its paragraph."""
    if "\n" in text[end:start]:
        return False
    return bool(_OPEN_END.search(text[max(0, end - 6) : end]) or _ABBREVIATED.search(text[max(0, end - 12) : end]))


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
