"""How wordings differ: what the relation is called, the pieces and their places, and what is flagged."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotes.statements import differ


def row(text: str, kind: str = "direct", **more: Any) -> dict[str, Any]:
    return {"text": text, "kind": kind, **more}


def mixed(text: str) -> dict[str, Any]:
    """A mixed quotation: what stands in „…“ is verbatim."""
    spans = [{"start": m.start(1), "end": m.end(1)} for m in re.finditer("„(.*?)“", text)]
    return row(text, "mixed", start=0, verbatim_spans=spans)


def marked(reference: dict[str, Any], other: dict[str, Any]) -> str:
    signs = {
        "same": "{0.now}",
        "missing": "[-{0.was}-]",
        "added": "{{+{0.now}+}}",
        "replaced": "[-{0.was}-]{{+{0.now}+}}",
    }
    return " ".join(signs[p.kind].format(p) for p in differ(reference, other).pieces)


FULL = "Die Mole ist alt. Wir reparieren sie im Herbst, und zwar gründlich."


@pytest.mark.parametrize(
    ("reference", "other", "relation", "differs"),
    [
        (row(FULL), row(FULL), "identical", False),
        (row("Die Straße ist zu!"), row("Die Strasse ist zu"), "identical", False),
        (row(FULL), row("Wir reparieren sie im Herbst"), "shortened", False),
        (row(FULL), row("Die Mole ist alt. Wir reparieren sie gründlich."), "shortened", True),
        (row(FULL), row("Die Mole ist alt […] und zwar gründlich."), "shortened", False),
        (row("Wir reparieren sie im Herbst"), row(FULL), "longer", False),
        (row("Wir reparieren sie im Herbst"), row("Wir reparieren sie schon im Herbst"), "longer", True),
        (row(FULL), row("Die Mole ist morsch. Wir reparieren sie im Herbst, und zwar gründlich."), "altered", True),
        (row(FULL), row("die Mole sei alt", "indirect"), "rendered", False),
        (row("die Mole sei alt", "indirect"), row("die Mole sei alt", "indirect"), "identical", False),
        (row("die Mole sei alt", "indirect"), row("alt sei die Mole", "indirect"), "rendered", False),
        (mixed("die Mole sei „seit Jahren morsch“"), mixed("die Mole sei „seit langem morsch“"), "rendered", True),
        (mixed("die Mole sei „seit Jahren morsch“"), mixed("die Kaimauer sei „seit Jahren morsch“"), "rendered", False),
        (row("Die Mole ist seit Jahren morsch"), mixed("die Mole sei „seit Jahren morsch“"), "rendered", False),
        (row("Die Mole ist seit Jahren morsch"), mixed("die Mole sei „seit Monaten morsch“"), "rendered", True),
    ],
)
def test_what_a_wording_is_to_the_reference(
    reference: dict[str, Any], other: dict[str, Any], relation: str, differs: bool
) -> None:
    found = differ(reference, other)
    assert (found.relation, found.verbatim_differs) == (relation, differs)


def test_the_pieces_in_signs() -> None:
    other = row("Die Mole ist morsch. Wir reparieren sie schon im Herbst.")
    assert marked(row(FULL), other) == (
        "Die Mole ist [-alt-]{+morsch+} Wir reparieren sie {+schon+} im Herbst [-und zwar gründlich-]"
    )


def test_the_frame_inside_an_interrupted_quotation_is_no_difference() -> None:
    plain = row("Der Keller ist trocken und das Dach ist dicht")
    text = "Der Keller ist trocken“, sagte Kammer, „und das Dach ist dicht"
    at = text.index("und das")
    spans = [{"start": 50, "end": 72}, {"start": 50 + at, "end": 50 + len(text)}]
    found = differ(plain, row(text, start=50, quote_spans=spans))
    assert found.relation == "identical"
    assert [p.here for p in found.pieces] == [(0, 22), (at, len(text))]
    assert [p.there for p in found.pieces] == [(0, 22), (23, 45)]
    back = differ(row(text, start=50, quote_spans=spans), plain)
    assert "".join(p.was for p in back.pieces) == "Der Keller ist trockenund das Dach ist dicht"


WORDS = st.lists(st.sampled_from("der Kran steht still Öl ÖL Straße strasse nicht 12 ein".split()), max_size=12)


@given(WORDS, WORDS)
def test_the_pieces_are_all_words_of_both_in_their_places(a: list[str], b: list[str]) -> None:
    there, here = row(", ".join(a)), row(" ".join(b))
    found = differ(there, here)
    for side, words, text in (("there", a, there["text"]), ("here", b, here["text"])):
        places = [place for p in found.pieces if (place := getattr(p, side))]
        assert [w for s, e in places for w in re.findall(r"\w+", text[s:e])] == words
        assert places == sorted(places)
    for piece in found.pieces:
        assert (piece.there is None) == (piece.kind == "added") == (not piece.was)
        assert (piece.here is None) == (piece.kind == "missing") == (not piece.now)
    assert (found.relation == "identical") == ({p.kind for p in found.pieces} <= {"same"})
