"""What the models read in place of the text, and what becomes of their lemmas; no model is needed."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotes.parse.feed import LONGEST_PIECE, known_marks, pieces
from quotes.parse.lemmas import mended

MARKED = st.text(alphabet="ab .,:-\n„“”\"»«‚‘’›‹'", max_size=60)


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("Er nannte es «dumm».", "Er nannte es „dumm“."),
        ("Er nannte es »dumm«.", "Er nannte es „dumm“."),
        ("die «Bild»-Zeitung, die »Bild«-Zeitung", "die „Bild“-Zeitung, die „Bild“-Zeitung"),
        ("«Das Buch ‹Faust› ist gut.»", "„Das Buch „Faust“ ist gut.“"),
        ("»Das Buch ›Faust‹ ist gut.«", "„Das Buch „Faust“ ist gut.“"),
        ("« Ja », sagte er (und «Nein»).", "„ Ja “, sagte er (und „Nein“)."),
        ("“Ja”, sagte er.", "„Ja“, sagte er."),
        ("„Ja”, sagte er.", "„Ja“, sagte er."),
        ('„Ja", sagte er.', "„Ja“, sagte er."),
        ("'Ja', sagte er.", "„Ja“, sagte er."),
        (",,Ja'', sagte er.", " „Ja“ , sagte er."),
        # What the models know, and what is no quotation mark, stays.
        ('"Ja", sagte er.', '"Ja", sagte er.'),
        ("Peters’ Buch, Hans' Bruder, geht's", "Peters’ Buch, Hans' Bruder, geht's"),
        # A mark whose partner is missing is read by what stands beside it.
        ("Er sagte: «Ich komme.", "Er sagte: „Ich komme."),
        ("So ist das».", "So ist das“."),
        ("zwei\nZeilen", "zwei Zeilen"),
    ],
)
def test_marks_are_read_as_the_models_know_them(printed: str, read: str) -> None:
    assert known_marks(printed) == read


@given(MARKED)
def test_no_place_moves(text: str) -> None:
    read = known_marks(text)
    assert len(read) == len(text)
    assert all(a == b or not a.isalnum() for a, b in zip(text, read, strict=True))
    assert not set(read) & set("«»‹›\n")
    found = list(pieces(text))
    assert "".join(piece.printed for piece in found) == text
    assert all(len(piece.read) == len(piece.printed) and text.startswith(piece.printed, piece.start) for piece in found)


def test_an_open_mark_of_two_signs_costs_no_letter() -> None:
    assert known_marks(",,a'").endswith("a'")


def test_a_mark_of_two_signs_is_one_token() -> None:
    (piece,) = pieces(",,Ja'', sagte er.")
    opening, closing = piece.read.index("„"), piece.read.index("“")
    assert [piece.printed[slice(*piece.place(at, at + 1))] for at in (opening, closing)] == [",,", "''"]


def test_long_paragraphs_are_read_in_pieces_that_end_with_a_sentence() -> None:
    text = " ".join(["Die Ministerin hat den Vertrag mit Dr. Beispiel lange geprüft."] * 400)
    found = list(pieces(text))
    assert len(found) > 3
    assert not any(piece.cut for piece in found)
    assert all(piece.printed.rstrip().endswith("geprüft.") for piece in found)
    assert max(len(piece.printed) for piece in found) <= LONGEST_PIECE


@pytest.mark.parametrize("text", ["dass sie das Haus sieht und " * 1000, "a" * 20_000, "« " * 10_000])
def test_without_sentence_ends_pieces_are_cut_and_say_so(text: str) -> None:
    started = time.perf_counter()
    found = list(pieces(text.strip()))
    assert time.perf_counter() - started < 5
    assert [piece.cut for piece in found] == [False] + [True] * (len(found) - 1)
    assert "".join(piece.printed for piece in found) == text.strip()
    if " " in text.strip():
        assert all(piece.printed.endswith(" ") for piece in found[:-1])


@pytest.mark.parametrize(
    ("lemma", "form", "upos", "feats", "expected"),
    [
        ("Rußland", "Russland", "PROPN", "Case=Nom", "Russland"),
        ("Rußland", "Russlands", "PROPN", "Case=Gen", "Russland"),
        ("oder", "Oder", "PROPN", "Case=Dat", "Oder"),
        ("Berlin", "Berlins", "PROPN", "Case=Gen", "Berlin"),
        ("Berlin", "Berlins", "PROPN", "Case=Nom", "Berlin"),
        ("Artilleriegeschosschosse", "Artilleriegeschosse", "NOUN", "Case=Acc", "Artilleriegeschosse"),
        ("gehen", "geht", "VERB", None, "gehen"),
        ("heißen", "hiess", "VERB", None, "heißen"),
        (None, "x", "X", None, "x"),
        ("", "x", "X", None, "x"),
    ],
)
def test_lemmas_that_cannot_be(lemma: str | None, form: str, upos: str, feats: str | None, expected: str) -> None:
    assert mended(lemma, form, upos, feats) == expected
