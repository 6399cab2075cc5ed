"""The sentences that the parser is trained on: their split, their habits, their files."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from parser_training import sources
from parser_training.trees import Contraction, Tree, Word, read_trees, write_trees
from training_inputs import tree, word, write_treebanks


@pytest.fixture
def treebanks(tmp_path: Path) -> tuple[Path, Path]:
    return write_treebanks(tmp_path)


def test_the_parts_of_the_split_have_no_sentence_in_common(treebanks: tuple[Path, Path]) -> None:
    split = sources.make_split(*treebanks)
    train_set, dev, test = ({t.text for t in part} for part in (split.train, split.dev, split.test))
    assert (len(dev), len(test)) == (sources.DEV_SENTENCES, sources.HELD_OUT)
    assert [train_set & dev, train_set & test, dev & test] == [set(), set(), set()]
    # What is left of GSD's dev, the sentences before the last 400 of its test, PUD without the common one, one of ours.
    assert len(train_set) == 30 + 31 + 5 + 1
    assert {t.text for t in split.native} == {t for t in train_set if not t.startswith("de_pud")}
    assert len(split.native) == 30 + 31 + 1
    gsd_test = read_trees(treebanks[0] / sources.GSD_TEST)
    assert [t.text for t in split.test] == [t.text for t in gsd_test[-400:]]


def test_all_gold_takes_the_held_out_part_in_but_never_our_test_part(treebanks: tuple[Path, Path]) -> None:
    split = sources.make_split(*treebanks, all_gold=True)
    texts = {t.text for t in split.train}
    assert {t.text for t in (*split.dev, *split.test)} < texts
    assert "Unser erster Satz" in texts
    assert "Unser zweiter Satz" not in texts


def test_the_draw_of_the_development_sentences_is_fixed() -> None:
    assert sources.drawn(799) == sources.drawn(799)
    assert sorted(sources.drawn(799))[:3] == [6, 15, 16]


def test_a_missing_treebank_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="de_gsd-ud-dev"):
        sources.make_split(tmp_path, tmp_path)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (word("gebaut", "bauen", xpos="VBN"), ("VERB", "VerbForm=Part", "root")),
        (word("bauen", "bauen", xpos="VB"), ("VERB", "VerbForm=Inf", "root")),
        (word("baut", "bauen", feats="Mood=Ind"), ("VERB", "Mood=Ind|VerbForm=Fin", "root")),
        (
            word("worden", "werden", "AUX", xpos="VBN", deprel="aux:pass"),
            ("AUX", "VerbForm=Part|Voice=Pass", "aux:pass"),
        ),
        (word("Montag", "Montag", "NOUN", deprel="obl:tmod"), ("PROPN", "_", "obl")),
        (word("Haus", "Haus", "NOUN", deprel="nmod:poss"), ("NOUN", "_", "nmod")),
        (word("Brenn", "Brenn", "PROPN", deprel="flat:name"), ("PROPN", "_", "flat")),
        (word("schnell", "schnell", "ADV", deprel="advmod"), ("ADJ", "Degree=Pos", "advmod")),
        (word("als", "als", "CCONJ", deprel="cc"), ("ADP", "_", "case")),
        (word("sein", "sein", "DET", "Gender[psor]=Masc|Polite=Form"), ("DET", "Gender[psor]=Masc,Neut", "root")),
        (word("ihr", "ihr", "DET", "Gender[psor]=Fem|Number[psor]=Plur"), ("DET", "Number[psor]=Plur", "root")),
        (word("ich", "ich", "PRON", "Person=1"), ("PRON", "Person=1|PronType=Prs", "root")),
    ],
)
def test_pud_is_brought_to_the_habits_of_gsd(before: Word, after: tuple[str, str, str]) -> None:
    [found] = sources.pud_as_gsd(Tree("p", (before,)), {"schnell": Counter(ADJ=3)}).words
    assert (found.upos, found.feats, found.deprel) == after


def test_a_word_with_hyphens_of_pud_stays_three_tokens() -> None:
    words = (
        Word("Hafen", "Hafen", "NOUN", "NN", "_", 3, "compound", False),
        Word("-", "-", "PUNCT", "$(", "_", 3, "punct", False),
        Word("Fest", "Fest", "NOUN", "NN", "_", 0, "root"),
    )
    found = sources.pud_as_gsd(Tree("p", words), {})
    assert [(w.form, w.head, w.deprel) for w in found.words] == [(w.form, w.head, w.deprel) for w in words]
    assert found.text == "Hafen-Fest"


def test_trees_are_written_as_they_are_read(tmp_path: Path) -> None:
    contracted = Tree(
        "b",
        (replace(word("zu", "zu", "ADP"), unsure=True), word("dem", "der", "DET"), word("See", "See", "NOUN")),
        (Contraction(1, 2, "zum", True),),
    )
    write_trees([tree(), contracted], tmp_path / "x.conllu")
    assert read_trees(tmp_path / "x.conllu") == [tree(), contracted]
    assert (tree().text, contracted.text) == ("„Der Zug kommt“, sagt Olga Brenn.", "zum See")


def test_a_line_that_is_no_conllu_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.conllu").write_text("1\tHaus\n\n")
    with pytest.raises(ValueError, match=r"x\.conllu:1"):
        read_trees(tmp_path / "x.conllu")
