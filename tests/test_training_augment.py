"""What is made of the sentences: other marks, copies in the Konjunktiv, mended moods."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from parser_training import augment
from parser_training.trees import Tree
from training_inputs import tree, word


def forms_and_spaces(found: Tree) -> tuple[list[str], list[bool]]:
    return [w.form for w in found.words], [w.space_after for w in found.words]


def test_marks_are_swapped_in_pairs_and_nothing_else_is() -> None:
    forms, spaces = forms_and_spaces(tree())
    pairs = set()
    for seed in range(60):
        found = augment.swap_marks(forms, spaces, random.Random(seed))
        pairs.add((found[0], found[4]))
        assert found[1:4] + found[5:] == forms[1:4] + forms[5:]
    assert pairs == {*augment.mark_pairs()[0]}
    assert ("»", "«") in pairs


def test_a_mark_without_a_partner_keeps_its_side() -> None:
    # Das war alles.“ Er ging.
    found = {augment.swap_marks(["alles", ".", "“"], [False, False, True], random.Random(s))[2] for s in range(40)}
    assert found == {close for _, close in augment.mark_pairs()[0]}
    assert augment.opens(["(", "„", "So"], [False, False, True], 1)


def test_places_and_trees_survive_the_swap() -> None:
    original = tree()
    forms = augment.swap_marks(*forms_and_spaces(original), random.Random(4))
    changed = replace(original, words=tuple(replace(w, form=f) for w, f in zip(original.words, forms, strict=True)))
    assert [(w.head, w.deprel, w.upos) for w in changed.words] == [(w.head, w.deprel, w.upos) for w in original.words]
    at = 0
    for token in changed.tokens():
        assert changed.text[at : at + len(token.form)] == token.form
        at += len(token.form) + token.space_after


IND = "Mood=Ind|Number=Sing|Person=3|Tense=Pres|VerbForm=Fin"


@pytest.mark.parametrize(
    ("form", "lemma", "feats", "wanted"),
    [
        ("ist", "sein", IND, "sei"),
        ("Sind", "sein", IND.replace("Sing", "Plur"), "Seien"),
        ("fährt", "fahren", IND, None),
        ("kommt", "kommen", IND, "komme"),
        ("kündigt", "ankündigen", IND, "kündige"),
        ("kommen", "kommen", IND.replace("Sing", "Plur"), None),
        ("kam", "kommen", IND.replace("Pres", "Past"), None),
        ("komme", "kommen", IND.replace("Person=3", "Person=1"), None),
    ],
)
def test_the_konjunktiv_of_a_form(form: str, lemma: str, feats: str, wanted: str | None) -> None:
    found = augment.konjunktiv(word(form, lemma, feats=feats))
    assert (found and found.form) == wanted
    assert found is None or found.features()["Mood"] == "Sub"


def test_copies_in_the_konjunktiv_keep_the_tree() -> None:
    trees = [replace(tree(), sent_id=f"t{n}") for n in range(40)]
    copies = list(augment.konjunktiv_copies(trees, seed=1))
    assert 15 < len(copies) < 35
    assert {w.form for c in copies for w in c.words} >= {"komme", "sage"}
    for copy in copies:
        assert [(w.head, w.deprel, w.lemma) for w in copy.words] == [(w.head, w.deprel, w.lemma) for w in tree().words]
    # One more sentence changes no other's copy.
    assert list(augment.konjunktiv_copies(trees[5:], seed=1)) == [
        c for c in copies if c.sent_id[1:-11] not in {*"01234"}
    ]
