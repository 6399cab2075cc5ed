"""Moods that a form settles, and forms that leave a choice."""

from __future__ import annotations

import pytest

from quotes import tables
from quotes.parse.moods import settled
from quotes.tables import word_list, word_set

FINITE = "Mood={}|Number={}|Person=3|Tense={}|VerbForm=Fin"


def mood(form: str, *, subject: str = "er", lemma: str = "", was: str = "Ind", number: str = "Sing") -> str:
    """The mood and tense of a verb behind its subject."""
    tense = "Past" if was == "Sub" else "Pres"
    columns = settled(
        [subject, form], [subject, lemma or "x"], ["PRON", "VERB"],
        ["_", FINITE.format(was, number, tense)], [1, -1], ["nsubj", "root"],
    )  # fmt: skip
    found = dict(part.split("=") for part in columns[1].split("|"))
    return f"{found['Mood']} {found['Tense']}"


@pytest.mark.parametrize(
    ("form", "more", "found"),
    [
        ("sei", {}, "Sub Pres"),
        ("seien", {"number": "Plur"}, "Sub Pres"),
        ("wäre", {}, "Sub Past"),
        ("Hätte", {}, "Sub Past"),
        ("ließe", {}, "Sub Past"),
        ("nähmen", {"number": "Plur"}, "Sub Past"),
        ("könne", {}, "Sub Pres"),
        ("habe", {}, "Sub Pres"),
        ("habe", {"subject": "ich"}, "Ind Pres"),
        ("fehle", {"lemma": "fehlen"}, "Sub Pres"),
        ("fehle", {"lemma": "fehlen", "subject": "ich"}, "Ind Pres"),
        ("kündige", {"lemma": "ankündigen"}, "Sub Pres"),
        ("arbeite", {"lemma": "arbeiten"}, "Sub Pres"),
        # a weak past, whatever the lemma
        ("spülte", {"lemma": "spülten"}, "Ind Pres"),
        ("hat", {"was": "Sub"}, "Ind Past"),
        ("kam", {"was": "Sub"}, "Ind Past"),
        ("wurden", {"was": "Sub", "number": "Plur"}, "Ind Past"),
        # both moods have these
        ("sollte", {"was": "Sub"}, "Sub Past"),
        ("sollte", {}, "Ind Pres"),
        ("gingen", {"was": "Sub", "number": "Plur"}, "Sub Past"),
    ],
)
def test_the_mood_of_a_form(form: str, more: dict[str, str], found: str) -> None:
    assert mood(form, **more) == found


def test_an_auxiliary_has_the_subject_of_its_verb() -> None:
    forms, lemmas, tags = ["ich", "habe", "geschlafen"], ["ich", "haben", "schlafen"], ["PRON", "AUX", "VERB"]
    feats = ["_", FINITE.format("Ind", "Sing", "Pres"), "VerbForm=Part"]
    assert settled(forms, lemmas, tags, feats, [2, 2, -1], ["nsubj", "aux", "root"]) == feats
    forms[0] = "sie"
    assert settled(forms, lemmas, tags, feats, [2, 2, -1], ["nsubj", "aux", "root"])[1].startswith("Mood=Sub")


def test_only_finite_verbs_are_looked_at() -> None:
    assert settled(["Wäre"], ["Wäre"], ["NOUN"], ["_"], [-1], ["root"]) == ["_"]
    assert settled(["werde"], ["werden"], ["AUX"], ["VerbForm=Inf"], [-1], ["root"]) == ["VerbForm=Inf"]


@pytest.mark.usefixtures("fresh_lists")
@pytest.mark.parametrize(
    ("name", "form", "more"),
    [
        ("konjunktiv_1", "sei", {}),
        ("konjunktiv_1_or_own", "habe", {"subject": "ich"}),
        ("konjunktiv_2", "wäre", {}),
        ("strong_konjunktiv_2", "nähmen", {"number": "Plur"}),
        ("only_konjunktiv_2", "ließe", {}),
        ("indicative_only", "wurden", {"was": "Sub", "number": "Plur"}),
        ("stems_in_t", "arbeite", {"lemma": "arbeiten"}),
    ],
)
def test_an_emptied_list_is_missed(name: str, form: str, more: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    full = mood(form, **more)
    names = {"konjunktiv_1", "konjunktiv_1_or_own", "konjunktiv_2", "strong_konjunktiv_2", "only_konjunktiv_2"}
    lists = {other: word_list(other) for other in names | {"indicative_only", "stems_in_t"}}
    word_set.cache_clear()
    monkeypatch.setattr(tables, "_word_lists", lambda: {**lists, name: ()})
    assert mood(form, **more) != full


def test_habe_without_a_subject_at_the_beginning_is_the_writers_own() -> None:
    # Habe mich beschwert. Er sagte, habe … is not: there something stands before it.
    feats = ["Mood=Sub|Number=Sing|Person=3|Tense=Pres|VerbForm=Fin", "_", "VerbForm=Part"]
    tags, relations = ["AUX", "PRON", "VERB"], ["aux", "obj", "root"]
    found = settled(["Habe", "mich", "beschwert"], ["haben", "ich", "beschweren"], tags, feats, [2, 2, -1], relations)
    assert found[0].startswith("Mood=Ind")
    asked = settled(
        ["Habe", "er", "gefragt"], ["haben", "er", "fragen"], tags, feats, [2, 2, -1], ["aux", "nsubj", "root"]
    )
    assert asked[0].startswith("Mood=Sub")
