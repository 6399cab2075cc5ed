"""What the tokenizer and the expansion of contractions are trained on."""

from __future__ import annotations

import random

from parser_training import tokenizer
from parser_training.trees import Contraction, Token, Tree
from training_inputs import word


def test_each_character_has_its_digit() -> None:
    paragraph = [[Token("Am", 2, True), Token("See", 1, False), Token(".", 1, True)], [Token("Ja", 1, True)]]
    assert tokenizer.labelled(paragraph) == ("Am See. Ja", "0300012002")


def test_frames_leave_the_ends_of_sentences_where_they_are() -> None:
    sentence = [
        Token("Das", 1, True),
        Token("Dach", 1, True),
        Token("ist", 1, True),
        Token("dicht", 1, False),
        Token(".", 1, True),
    ]
    seen = set()
    for seed in range(500):
        found = tokenizer.framed([sentence, sentence], ["Brenn"], random.Random(seed))
        text, digits = tokenizer.labelled(found)
        assert len(text) == len(digits)
        assert len(found) == 2 == sum(d in "24" for d in digits)
        assert all("Dach" in {t.form for t in s} for s in found)
        seen.update(kind for kind in ("sagte", "sagte:", "so") if f" {kind} " in f" {text} ")
    assert seen == {"sagte", "sagte:", "so"}


def test_prepositions_and_articles_are_contracted() -> None:
    pair = [Token("für", 1, True), Token("das", 1, False), Token(".", 1, True)]
    found = {tuple(t.form for t in tokenizer.contract(pair, random.Random(s))) for s in range(30)}
    assert found == {("für", "das", "."), ("fürs", ".")}


def test_the_list_of_contractions_has_all_but_abbreviations() -> None:
    abbreviated = Tree("z", (word("zu", "zu"), word("dem", "der")), (Contraction(1, 2, "z.", True),))
    found = tokenizer.contraction_trees([abbreviated])
    pairs = {(t.contractions[0].form, t.words[0].form, t.words[1].form) for t in found}
    assert {("Im", "In", "dem"), ("übers", "über", "das"), ("zur", "zu", "der")} <= pairs
    assert all(form != "z." for form, _, _ in pairs)
