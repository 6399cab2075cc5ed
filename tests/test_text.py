"""Decoding, normalisation and paragraphs."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotes.errors import DocumentError
from quotes.text import decode, make_document, normalise, one_line, paragraphs

GERMAN = "Die Ministerin sagte: „Das heißt für uns, dass wir später prüfen müssen.“ – Änderungen folgen."


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("cp1252", "cp1252"),
    ],
)
def test_every_encoding_gives_the_same_text(encoding: str, name: str) -> None:
    assert decode(GERMAN.encode(encoding)) == (GERMAN, name)


def test_marked_big_endian_utf16() -> None:
    assert decode(b"\xfe\xff" + GERMAN.encode("utf-16-be")) == (GERMAN, "utf-16")


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)),
        b"%PDF-1.4\n" + b"\x00\x01\x02" * 50,
        b"abc\x01\x02\x03\x04",
        b"\x1f\x8b\x08\x00\x00\x00\x00\x00",
    ],
)
def test_binary_is_refused_with_a_remedy(data: bytes) -> None:
    with pytest.raises(DocumentError, match="binary") as caught:
        decode(data, source="a.bin")
    assert caught.value.remedy
    assert caught.value.source == "a.bin"


def test_a_few_damaged_bytes_cost_no_article() -> None:
    text, _ = decode((GERMAN * 9).encode() + b"\x81")
    assert text.startswith(GERMAN)


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("13.\u00a0September", "13. September"),
        ("a\u2009b\u202fc\td", "a b c d"),
        ("Atom\u00adwaffen", "Atomwaffen"),
        ("Fre\u200bund\u2060schaft\ufeff", "Freundschaft"),
        ("\u202arechts\u202c\u200e", "rechts"),
        ("U\u0308bung", "Übung"),
        ("eins\r\nzwei\rdrei\x0bvier\u2028fünf", "eins\nzwei\ndrei\nvier\nfünf"),
        ("Atom\u2011U\u2011Boot", "Atom-U-Boot"),
        ("\x1b[31mrot\x07", "[31mrot"),
        ("halb \ud83d", "halb \ufffd"),
        ("U\u200b\u0308bung", "Übung"),
    ],
)
def test_normalise(raw: str, clean: str) -> None:
    assert normalise(raw) == clean


ODD = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("\u00a0\u00ad\u200b\u0308\u2028\r\n\t äu\u2011\ufeff\ud800"),
    )
)


@given(ODD)
def test_normalise_is_idempotent_and_storable(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert once.encode("utf-8").decode("utf-8") == once
    assert unicodedata.is_normalized("NFC", once)
    assert not any(unicodedata.category(c) in ("Cc", "Zl", "Zp") and c != "\n" for c in once)
    assert not any(unicodedata.category(c) == "Zs" and c != " " for c in once)


@given(ODD)
def test_paragraphs_cover_every_printed_character_once(text: str) -> None:
    normal = normalise(text)
    spans = paragraphs(normal)
    inside = "".join(normal[s:e] for s, e in spans)
    assert "".join(inside.split()) == "".join(normal.split())
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert all(normal[s:e] == normal[s:e].strip() and s < e for s, e in spans)


def test_each_line_is_a_paragraph() -> None:
    text = "Kopf\n\n  Eingerückter Absatz.  \nNoch einer.\n   \n"
    assert [text[s:e] for s, e in paragraphs(text)] == ["Kopf", "Eingerückter Absatz.", "Noch einer."]


WRAPPED = """\
Bonn (dpa) - Die Ministerin hat am Montag in Bonn erklärt, dass die
Verhandlungen über den neuen Vertrag noch in dieser Woche beginnen
sollen. Sie sagte, es gebe auf beiden Seiten den festen Willen, zu
einem Ergebnis zu kommen.

Die Opposition forderte dagegen, den Vertrag erst nach der Wahl zu
verhandeln. Das Parlament müsse beteiligt werden.
Auch die Länder wollen mitreden.
"""


def test_wrapped_lines_are_joined() -> None:
    found = [" ".join(WRAPPED[s:e].split()) for s, e in paragraphs(WRAPPED)]
    assert len(found) == 3
    assert found[0].startswith("Bonn (dpa)")
    assert found[0].endswith("einem Ergebnis zu kommen.")
    # The last break was not forced by the width: the next word would have fitted.
    assert found[2] == "Auch die Länder wollen mitreden."


def test_seeds_are_not_taken_for_wrapped() -> None:
    lines = "Die Ministerin sagte am Montag in Bonn etwas.\nDas Parlament will nun beraten, hieß es dort.\n" * 5
    assert len(paragraphs(lines)) == 10


def test_documents_with_the_same_text_share_their_id() -> None:
    one = make_document("Grüße\r\n", source="a")
    two = make_document("Gru\u0308ße\n", source="b", title="  Ein\nTitel ", author="")
    assert one.doc_id == two.doc_id
    assert two.title == "Ein Titel"
    assert two.author is None


@pytest.mark.parametrize("text", ["", " \n\t", "\u200b\u00a0"])
def test_empty_text_is_refused(text: str) -> None:
    with pytest.raises(DocumentError, match="no text"):
        make_document(text, source="leer.txt")


def test_metadata_that_is_no_text_is_unknown() -> None:
    assert one_line({"name": "x"}) is None
    assert one_line(["Anna", "Bert"]) == "Anna, Bert"
    assert one_line(3) is None
