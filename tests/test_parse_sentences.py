"""What is put right between tokenizer and tagger: sentences and words that were cut, marks that were left on words."""

from __future__ import annotations

from typing import Any

import pytest
from stanza.models.common.doc import Document

from quotes.parse.sentences import LONGEST_SENTENCE, repair


def tokenised(text: str, *sentences: str) -> Any:
    """A tokenised Stanza document; the sentences are given by their tokens with blanks between."""
    at = 0
    entries = []
    for sentence in sentences:
        words = []
        for number, word in enumerate(sentence.split(), start=1):
            at = text.index(word, at)
            words.append({"id": number, "text": word, "start_char": at, "end_char": at + len(word)})
            at += len(word)
        entries.append(words)
    return Document(entries, text=text)


def repaired(text: str, *sentences: str) -> list[str]:
    document = tokenised(text, *sentences)
    repair(document)
    for sentence in document.sentences:
        for token in sentence.tokens:
            assert text[token.start_char : token.end_char] == token.text
    assert document.num_words == sum(len(sentence.words) for sentence in document.sentences)
    return [" ".join(token.text for token in sentence.tokens) for sentence in document.sentences]


@pytest.mark.parametrize(
    ("text", "found", "expected"),
    [
        # the sentence ends at a word, a comma, a title, a mark alone
        ("Das sagte der Chef Urs Hefti.", ["Das sagte der Chef", "Urs Hefti ."], ["Das sagte der Chef Urs Hefti ."]),
        ("Er ging, Sie blieb.", ["Er ging ,", "Sie blieb ."], ["Er ging , Sie blieb ."]),
        ("Sie rief Dr. Hefti.", ["Sie rief Dr.", "Hefti ."], ["Sie rief Dr. Hefti ."]),
        ("Ein „robustes“ Mandat.", ["Ein „ robustes “", "Mandat ."], ["Ein „ robustes “ Mandat ."]),
        # it ends
        ("Er ging. Sie blieb.", ["Er ging .", "Sie blieb ."], ["Er ging .", "Sie blieb ."]),
        ("Bern (sda) Er ging.", ["Bern ( sda )", "Er ging ."], ["Bern ( sda )", "Er ging ."]),
        ("Titel\n\nEr ging.", ["Titel", "Er ging ."], ["Titel", "Er ging ."]),
        # a word that was cut, and signs that were left on one
        ("Per WhatsApp.", ["Per Whats App ."], ["Per WhatsApp ."]),
        ("Ihr Enkel (6) und (noch) er.", ["Ihr Enkel (6 ) und (noch) er ."], ["Ihr Enkel ( 6 ) und (noch) er ."]),
        ("Die „U 27“ sank.", ["Die „U 27“ sank ."], ["Die „ U 27 “ sank ."]),
        # a platform with its full stop, an ordinal with its own
        (
            "Er schrieb auf X. Sie rief an.",
            ["Er schrieb auf X. Sie rief an ."],
            ["Er schrieb auf X .", "Sie rief an ."],
        ),
        ("Er schrieb auf X.", ["Er schrieb auf X."], ["Er schrieb auf X ."]),
        ("Ludwig X. Er starb.", ["Ludwig X. Er starb ."], ["Ludwig X. Er starb ."]),
        ("Die 27-jährige Frau.", ["Die 27 - jährige Frau ."], ["Die 27 - jährige Frau ."]),
    ],
)
def test_what_is_put_right_and_what_stays(text: str, found: list[str], expected: list[str]) -> None:
    assert repaired(text, *found) == expected


def test_endless_sentences_are_cut() -> None:
    text = " ".join(["Wort"] * (2 * LONGEST_SENTENCE + 5))
    lengths = [len(sentence.split()) for sentence in repaired(text, text)]
    assert lengths == [LONGEST_SENTENCE, LONGEST_SENTENCE, 5]


def test_nothing_is_made_of_nothing() -> None:
    assert repaired("") == []
