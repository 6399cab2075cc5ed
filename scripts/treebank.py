"""Treebanks: reading CoNLL-U, what a sentence of ours must be like, and raw text made of sentences.

Our own sentences (``fixtures/treebank``) are annotated as UD German-GSD is; the closed lists below say which
relations and features that means. Each sentence has ``# sent_id``, ``# text`` and ``# part``: ``train`` or ``test``.
Format: https://universaldependencies.org/format.html
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "fixtures" / "treebank"
PARTS = ("train", "test")

TAGS = frozenset("ADJ ADP ADV AUX CCONJ DET INTJ NOUN NUM PART PRON PROPN PUNCT SCONJ SYM VERB X".split())
# What GSD has at least four times in dev and test, save variants of another relation here (see OF_OTHER_HABIT).
RELATIONS = frozenset(
    "acl advcl advmod amod appos aux aux:pass case cc ccomp compound compound:prt conj cop csubj dep det det:poss"
    " discourse expl expl:pv fixed flat mark nmod nsubj nsubj:pass nummod obj obl obl:agent obl:arg parataxis punct"
    " root vocative xcomp".split()
)
# The values of GSD's features. Rcp stands in PUD alone: GSD's dev and test have no *einander*.
FEATURES = {
    "Abbr": "Yes",
    "Case": "Acc Dat Gen Nom",
    "Definite": "Def Ind",
    "Degree": "Cmp Pos Sup",
    "ExtPos": "ADP ADV CCONJ DET SCONJ",
    "Foreign": "Yes",
    "Gender": "Fem Masc Neut",
    "Gender[psor]": "Fem Masc,Neut",
    "Mood": "Imp Ind Sub",
    "NumType": "Card Ord",
    "Number": "Plur Sing",
    "Number[psor]": "Plur Sing",
    "Person": "1 2 3",
    "Polarity": "Neg",
    "Polite": "Form",
    "Poss": "Yes",
    "PronType": "Art Dem Dem,Rel Emp Ind Int Int,Rel Neg Prs Rcp Tot",
    "Reflex": "Yes",
    "Tense": "Past Pres",
    "VerbForm": "Fin Inf Part",
    "Voice": "Pass",
}
# Rare in GSD, or the other treebanks' way: training reads them as GSD mostly has them, and so does the measuring.
OF_OTHER_HABIT = {
    "acl:relcl": "acl",
    "cc:preconj": "cc",
    "csubj:pass": "csubj",
    "flat:name": "flat",
    "iobj": "obl:arg",
    "nmod:poss": "nmod",
    "nsubj:outer": "nsubj",
    "obl:tmod": "obl",
    "orphan": "dep",
}
# Features too rare, or set too unevenly, to be learnt: the models do not give them.
NOT_LEARNT = frozenset("Abbr AdpType ExtPos Foreign Polite Typo".split())
# A sentence that ends so can be followed by another in its paragraph; others are headlines, labels or captions.
_FINAL = re.compile(r"[.!?…][\"“”»«›‹‘’')\]]*$")


@dataclass(frozen=True, slots=True)
class Word:
    """A syntactic word. ``head`` counts the sentence's words from 1, 0 is the root.

    ``start`` and ``end``: the place of its printed token, in characters that are not blank, from the sentence's or
    the text's start. ``shares``: its token has further words (*zum*: *zu dem*).
    """

    form: str
    lemma: str
    upos: str
    feats: frozenset[str]
    head: int
    deprel: str
    start: int
    end: int
    shares: bool = False


@dataclass(frozen=True, slots=True)
class Tree:
    """A sentence of a treebank. ``printed`` is its text as the tokens and their ``SpaceAfter`` give it."""

    sent_id: str
    text: str
    part: str
    words: tuple[Word, ...]
    printed: str
    # Features as they stand in the file, a string a word.
    columns: tuple[str, ...]

    @property
    def length(self) -> int:
        """Characters that are not blank."""
        return self.words[-1].end


def read_treebank(path: Path) -> list[Tree]:
    """The sentences of a CoNLL-U file in their order.

    Raises:
        ValueError: a line that is not CoNLL-U; file and line are named.
    """
    trees = []
    comments: dict[str, str] = {}
    rows: list[tuple[int, list[str]]] = []
    for number, line in enumerate([*path.read_text(encoding="utf-8").split("\n"), ""], start=1):
        if line.startswith("#"):
            key, equals, value = line[1:].partition("=")
            if equals:
                comments[key.strip()] = value.strip()
        elif line.strip():
            fields = line.rstrip("\r").split("\t")
            if len(fields) != 10:
                raise ValueError(f"{path.name}:{number}: {len(fields)} fields, not 10")
            rows.append((number, fields))
        elif rows:
            trees.append(_tree(comments, rows, path.name))
            comments, rows = {}, []
    return trees


def _tree(comments: dict[str, str], rows: list[tuple[int, list[str]]], name: str) -> Tree:
    words: list[Word] = []
    columns: list[str] = []
    printed = ""
    # The place of the printed token at hand, and the number of its last word if it has several.
    start = end = several_until = 0
    for number, (key, form, lemma, upos, _, feats, head, deprel, _, misc) in rows:
        first, dash, final = key.partition("-")
        if "." in key:
            continue  # an empty node of enhanced dependencies
        if first != str(len(words) + 1) or (dash and not final.isdecimal()):
            raise ValueError(f"{name}:{number}: {key!r} where word {len(words) + 1} is due")
        shares = int(first) <= several_until
        if not shares:
            start, end = end, end + len("".join(form.split()))
            printed += form + ("" if "SpaceAfter=No" in misc.split("|") else " ")
        if dash:
            several_until = int(final)
            continue
        if not head.isdecimal():
            raise ValueError(f"{name}:{number}: head {head!r} is no number")
        words.append(Word(form, lemma, upos, _features(feats), int(head), deprel, start, end, shares))
        columns.append(feats)
    sent_id, text, part = (comments.get(key, "") for key in ("sent_id", "text", "part"))
    return Tree(sent_id, text, part, tuple(words), printed.rstrip(" "), tuple(columns))


def _features(column: str) -> frozenset[str]:
    return frozenset() if column == "_" else frozenset(column.split("|"))


def harmonised(tree: Tree) -> Tree:
    """The tree as training reads it: relations and features that the models do not tell apart are made alike."""
    words = tuple(
        replace(
            word,
            deprel=OF_OTHER_HABIT.get(word.deprel, word.deprel),
            feats=frozenset(f for f in word.feats if word.upos != "PUNCT" and f.partition("=")[0] not in NOT_LEARNT),
        )
        for word in tree.words
    )
    return replace(tree, words=words)


def faults(trees: Sequence[Tree]) -> Iterator[str]:
    """What is wrong with the sentences of a file of ours, a line each."""
    for sent_id, times in Counter(tree.sent_id for tree in trees).items():
        if times > 1:
            yield f"{sent_id}: stands {times} times"
    for tree in trees:
        for fault in _tree_faults(tree):
            yield f"{tree.sent_id or tree.text[:30]}: {fault}"


def _tree_faults(tree: Tree) -> Iterator[str]:
    if not tree.sent_id:
        yield "no sent_id"
    if tree.part not in PARTS:
        yield f"part {tree.part!r} is none of {', '.join(PARTS)}"
    if tree.text != tree.printed:
        yield f"the text is {tree.text!r}, its tokens give {tree.printed!r}"
    roots = [word.form for word in tree.words if word.head == 0]
    if len(roots) != 1:
        yield f"{len(roots)} roots: {', '.join(roots)}"
    if any(word.head > len(tree.words) for word in tree.words):
        yield "a head outside the sentence"
    elif cycle := _word_in_cycle(tree):
        yield f"a cycle at {cycle}"
    for word, column in zip(tree.words, tree.columns, strict=True):
        for fault in _word_faults(word, column):
            yield f"{word.form}: {fault}"


def _word_in_cycle(tree: Tree) -> str:
    for word in tree.words:
        at, steps = word, 0
        while at.head:
            at, steps = tree.words[at.head - 1], steps + 1
            if steps > len(tree.words):
                return word.form
    return ""


def _word_faults(word: Word, column: str) -> Iterator[str]:
    if not word.lemma or word.lemma == "_" != word.form:
        yield "no lemma"
    if word.upos not in TAGS:
        yield f"tag {word.upos}"
    if word.deprel not in RELATIONS:
        yield f"relation {word.deprel}"
    if (word.deprel == "root") != (word.head == 0):
        yield f"relation {word.deprel} with head {word.head}"
    features = [] if column == "_" else column.split("|")
    names = [feature.partition("=")[0] for feature in features]
    for feature in features:
        name, _, value = feature.partition("=")
        if value not in FEATURES.get(name, "").split():
            yield f"feature {feature}"
    if len(set(names)) < len(names):
        yield f"a feature twice in {column}"
    if names != sorted(names, key=str.lower):
        yield f"features not in the order of the alphabet: {column}"
    if any(name in names for name in ("Mood", "Tense")) and "VerbForm" not in names:
        yield f"Mood or Tense without VerbForm in {column}"


def fixture_files(folder: Path = FOLDER) -> list[Path]:
    """Our treebank's files, by name."""
    return sorted(folder.glob("*.conllu"))


def paragraphs(trees: Iterable[Tree], *, most: int, seed: int) -> str:
    """Raw text: 1 to ``most`` sentences a paragraph, as many as chance has it; empty lines between paragraphs.

    A sentence without a final mark stands alone, as headlines and labels do in print.
    """
    chance = random.Random(seed)
    found: list[str] = []
    room = 0
    for tree in trees:
        alone = not _FINAL.search(tree.printed)
        if alone or not room:
            found.append(tree.printed)
            room = 0 if alone else chance.randint(1, most) - 1
        else:
            found[-1] += f" {tree.printed}"
            room -= 1
    return "\n\n".join(found)


def in_fives(trees: Sequence[Tree]) -> str:
    """Raw text of five sentences a paragraph, whatever they end with."""
    printed = [tree.printed for tree in trees]
    return "\n\n".join(" ".join(printed[at : at + 5]) for at in range(0, len(printed), 5))
