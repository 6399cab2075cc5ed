"""The treebanks: what is trained on, what decides during development, and what no training sees.

UD German-GSD's dev and test files, UD German-PUD (https://universaldependencies.org), and our own news clauses.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from treebank import NOT_LEARNT, OF_OTHER_HABIT

from parser_training.tables import rows
from parser_training.trees import Tree, Word, feature_column, read_trees, with_words

GSD_DEV, GSD_TEST, PUD = "de_gsd-ud-dev.conllu", "de_gsd-ud-test.conllu", "de_pud-ud-test.conllu"
# Sentences: the published figures of the bootstrap models stand on this very split.
DEV_SENTENCES, HELD_OUT = 150, 400
# The seed of the draw of the development sentences; it is part of the split, not of a training.
SPLIT_SEED = 7
# Tags of Penn style that PUD has in XPOS, which say more than its features.
_PARTICIPLE, _INFINITIVE, _FINITE, _POSITIVE = "VBN", "VB", "VBC", "JJ"


@dataclass(frozen=True, slots=True)
class Split:
    """Sentences by what they are for. ``dev`` and ``test`` are in ``train`` only if all gold is trained on.

    ``native`` is what of ``train`` was annotated in GSD's manner to begin with: all but PUD.
    """

    train: tuple[Tree, ...]
    native: tuple[Tree, ...]
    dev: tuple[Tree, ...]
    test: tuple[Tree, ...]


def source_files(treebanks: Path, fixtures: Path) -> list[Path]:
    """The files that a split is made of.

    Raises:
        FileNotFoundError: one is not there.
    """
    paths = [treebanks / name for name in (GSD_DEV, GSD_TEST, PUD)]
    paths += sorted(fixtures.glob("*.conllu"))
    for path in paths:
        if not path.is_file():
            raise FileNotFoundError(path)
    return paths


def make_split(treebanks: Path, fixtures: Path, *, all_gold: bool = False) -> Split:
    """The split. ``all_gold``: development and held-out sentences of GSD are trained on too, ours never are.

    Raises:
        FileNotFoundError: a file is not there.
        ValueError: a file is no CoNLL-U.
    """
    source_files(treebanks, fixtures)
    gsd_dev, gsd_test = ([harmonised(tree) for tree in read_trees(treebanks / name)] for name in (GSD_DEV, GSD_TEST))
    ours = [harmonised(t) for path in sorted(fixtures.glob("*.conllu")) for t in read_trees(path) if t.part == "train"]
    dev_numbers = drawn(len(gsd_dev))
    dev = [tree for number, tree in enumerate(gsd_dev) if number in dev_numbers]
    test = gsd_test[-HELD_OUT:]
    gsd = [tree for number, tree in enumerate(gsd_dev) if number not in dev_numbers] + gsd_test[:-HELD_OUT]
    if all_gold:
        gsd += dev + test
    tags = tags_by_form(gsd)
    pud = [pud_as_gsd(tree, tags) for tree in read_trees(treebanks / PUD)]
    kept = {tree.text for tree in (*dev, *test)} if not all_gold else set()
    # A sentence that stands in both parts of the treebank is no longer unseen.
    train, native = (
        tuple(tree for tree in part if tree.text not in kept) for part in ((*gsd, *pud, *ours), (*gsd, *ours))
    )
    return Split(train=train, native=native, dev=tuple(dev), test=tuple(test))


def drawn(sentences: int) -> frozenset[int]:
    """Which of GSD's dev sentences, by number from 0, are the development set."""
    numbers = list(range(sentences))
    random.Random(SPLIT_SEED).shuffle(numbers)
    return frozenset(numbers[:DEV_SENTENCES])


def tags_by_form(trees: Iterable[Tree]) -> Mapping[str, Counter[str]]:
    """How often each form, in small letters, has which tag."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for tree in trees:
        for word in tree.words:
            found[word.form.lower()][word.upos] += 1
    return found


def harmonised(tree: Tree) -> Tree:
    """The tree with the relations and features that the models tell apart, without XPOS."""
    return with_words(tree, [_harmonised(word) for word in tree.words])


def _harmonised(word: Word) -> Word:
    features = {k: v for k, v in word.features().items() if k not in NOT_LEARNT and word.upos != "PUNCT"}
    relation = OF_OTHER_HABIT.get(word.deprel, word.deprel)
    return replace(word, deprel=relation, feats=feature_column(features), xpos="_")


def pud_as_gsd(tree: Tree, gsd_tags: Mapping[str, Counter[str]]) -> Tree:
    """A sentence of PUD brought to GSD's habits: relations, forms of verbs, tags of closed sets of words.

    Words with a hyphen stay three tokens: both treebanks have them so.
    """
    months = {row["word"].lower() for row in rows("calendar.tsv")}
    words = [_verb_as_gsd(word) for word in tree.words]
    words = [_word_as_gsd(word, after, months, gsd_tags) for word, after in zip(words, _followers(words), strict=True)]
    return harmonised(with_words(tree, words))


def _followers(words: Sequence[Word]) -> list[str]:
    return [word.form.lower() for word in words[1:]] + [""]


def _verb_as_gsd(word: Word) -> Word:
    """PUD leaves VerbForm to XPOS, and Voice to the relation."""
    if word.upos not in ("VERB", "AUX"):
        return word
    features = word.features()
    form = features.get("VerbForm")
    if "Mood" in features or word.xpos == _FINITE:
        features["VerbForm"] = "Fin"
    elif word.xpos == _PARTICIPLE or form == "Part":
        features = {"VerbForm": "Part"}
    elif word.xpos == _INFINITIVE or form == "Inf":
        features = {"VerbForm": "Inf"}
    elif not features or "Tense" in features:
        # Neither says what it is: German participles begin with ge- or end in -t, infinitives end in -n.
        part = word.form.lower().startswith("ge") or word.form.endswith("t")
        features = {"VerbForm": "Part" if part else "Inf"}
    if word.deprel == "aux:pass":
        features["Voice"] = "Pass"
    return replace(word, feats=feature_column(features))


def _word_as_gsd(word: Word, after: str, months: set[str], gsd_tags: Mapping[str, Counter[str]]) -> Word:
    features = word.features()
    form, upos, relation = word.form.lower(), word.upos, word.deprel
    if upos == "ADV":
        features.pop("Degree", None)
    if upos == "ADJ" and word.xpos == _POSITIVE:
        features.setdefault("Degree", "Pos")
    if features.get("Gender[psor]") in ("Masc", "Neut"):
        features["Gender[psor]"] = "Masc,Neut"
    if features.get("Number[psor]") == "Plur":
        features.pop("Gender[psor]", None)  # ihr of several: whose gender is not said
    if upos == "PRON" and "Person" in features:
        features.setdefault("PronType", "Prs")  # ich and mich have none in PUD
    seen = gsd_tags.get(form, Counter())
    if form in ("als", "wie") and relation == "cc" and after != "auch":
        relation, upos = "case", "ADP" if form == "als" else "CCONJ"
    if form in months and upos == "NOUN":
        upos = "PROPN"
    elif upos == "ADV" and seen["ADJ"] and not seen["ADV"]:
        # Adjectives used as adverbs: GSD calls them ADJ.
        upos = "ADJ"
        features.setdefault("Degree", "Pos")
    elif form in ("als", "wie") and upos in ("CCONJ", "SCONJ") and relation == "case":
        upos = "ADP"
    return replace(word, upos=upos, deprel=relation, feats=feature_column(features))
