"""Stored parses: what is written comes back, and a bad line is named."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotes.errors import DataError
from quotes.model import Document, ParsedDocument, Token, build_sentence
from quotes.parse import read_conllu, write_conllu
from quotes.text import make_document

Row = tuple[str, str, str, Mapping[str, str], int, str]


def parsed(text: str, *sentences: list[tuple[int, int, str, int]], source: str = "a.txt") -> ParsedDocument:
    """A document whose sentences are given as (start, end, word or "" for the printed form, head)."""
    document = make_document(text, source=source)
    built = []
    for number, words in enumerate(sentences):
        tokens = tuple(
            Token(i, form or text[start:end], "Wort", "NOUN", {"Case": "Nom"}, head, "dep", start, end)
            for i, (start, end, form, head) in enumerate(words)
        )
        built.append(build_sentence(number, 0, tokens))
    return ParsedDocument(document, tuple(built), "model@1")


def back(*items: ParsedDocument) -> list[ParsedDocument]:
    return read_conllu("".join(write_conllu(items)), {item.document.doc_id: item.document for item in items})


def test_what_is_written_comes_back() -> None:
    zum = parsed(
        "Er geht zum Haus. Ja!",
        [(0, 2, "", 1), (3, 7, "", -1), (8, 11, "zu", 4), (8, 11, "dem", 4), (12, 16, "", 1), (16, 17, "", 1)],
        [(18, 20, "", -1), (20, 21, "", 0)],
    )
    other = parsed("Nein", [(0, 4, "", -1)], source="b\nc.txt")
    text = "".join(write_conllu([zum, other]))
    assert "3-4\tzum\t_\t_\t_\t_\t_\t_\t_\tstart_char=8|end_char=11" in text
    assert "3\tzu\tWort\tNOUN\t_\tCase=Nom\t5\tdep\t_\t_" in text
    assert back(zum, other) == [zum, other]
    assert back(zum, other)[0].sentences[0].children == zum.sentences[0].children


def test_a_form_over_a_line_break_keeps_the_format_and_comes_back() -> None:
    item = parsed("13.09.\n2023 kam", [(0, 11, "", 1), (12, 15, "", -1)])
    text = "".join(write_conllu([item]))
    assert [len(line.split("\t")) for line in text.splitlines() if line and line[0] != "#"] == [10, 10]
    assert back(item) == [item]


@given(st.data())
def test_any_words_at_any_places_come_back(data: st.DataObject) -> None:
    words = data.draw(
        st.lists(st.text(alphabet="aß„“«»'\"#\U0001f600|=_-.1", min_size=1, max_size=8), min_size=1, max_size=8)
    )
    places, at = [], 0
    for word in words:
        places.append((at, at + len(word)))
        at += len(word) + 1
    heads = [data.draw(st.integers(-1, len(words) - 1)) for _ in words]
    item = parsed(" ".join(words), [(*p, "", h) for p, h in zip(places, heads, strict=True)])
    assert back(item) == [item]


def test_documents_that_are_not_wanted_are_passed_over() -> None:
    first, second = parsed("Ja", [(0, 2, "", -1)]), parsed("Nein", [(0, 4, "", -1)])
    text = "".join(write_conllu([first, second]))
    assert read_conllu(text, {second.document.doc_id: second.document}) == [second]
    assert read_conllu("", {}) == []


GOOD = "1\tJa\tja\tINTJ\t_\t_\t0\troot\t_\tstart_char=0|end_char=2"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("1\tJa", "2 fields"),
        (GOOD.replace("start_char=0|", ""), "no word with offsets"),
        (GOOD.replace("start_char=0", "start_char=x"), "no word with offsets"),
        (GOOD.replace("\t0\troot", "\t_\troot"), "no word with offsets"),
        (GOOD.replace("end_char=2", "end_char=9"), "outside the document"),
        (GOOD.replace("end_char=2", "end_char=0"), "outside the document"),
        (GOOD.replace("\t0\troot", "\t7\troot"), "head outside the sentence"),
        (GOOD.replace("1\tJa", "2\tJa"), "is word 2, not word 1"),
        (GOOD.replace("1\tJa", "1.1\tJa"), "no word with offsets"),
        ("# paragraph = two", "names no paragraph"),
    ],
)
def test_a_bad_line_is_named(line: str, message: str) -> None:
    document: Document = make_document("Ja", source="a.txt")
    with pytest.raises(DataError, match=message) as caught:
        read_conllu(
            f"# newdoc id = {document.doc_id}\n# paragraph = 0\n{line}\n",
            {document.doc_id: document},
            source="x.conllu",
        )
    assert caught.value.source == "x.conllu"
    assert "line 3" in caught.value.message


def test_features_are_sorted_as_ud_sorts_them() -> None:
    feats = {"NumType": "Card", "Number": "Plur", "Case": "Nom"}
    token = Token(0, "drei", "drei", "NUM", feats, -1, "root", 0, 4)
    document = make_document("drei", source="x")
    only = ParsedDocument(document, (build_sentence(0, 0, (token,)),), "m")
    assert "\tCase=Nom|Number=Plur|NumType=Card\t" in "".join(write_conllu([only]))
