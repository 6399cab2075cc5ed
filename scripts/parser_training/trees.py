"""CoNLL-U as training needs it: all columns of the words, the printed tokens, and the text with its places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Word:
    """A syntactic word. ``head`` counts the sentence's words from 1, 0 is the root.

    ``unsure``: head and relation are known to be noise and are no target of the training; the tags are.
    """

    form: str
    lemma: str
    upos: str
    xpos: str
    feats: str
    head: int
    deprel: str
    space_after: bool = True
    unsure: bool = False

    def features(self) -> dict[str, str]:
        """Features by name."""
        return {} if self.feats == "_" else dict(item.split("=", 1) for item in self.feats.split("|"))


@dataclass(frozen=True, slots=True)
class Contraction:
    """A printed token of several words, by the numbers of its first and last word, from 1."""

    first: int
    last: int
    form: str
    space_after: bool


@dataclass(frozen=True, slots=True)
class Token:
    """A printed token and how many words it has."""

    form: str
    words: int
    space_after: bool


@dataclass(frozen=True, slots=True)
class Tree:
    """A sentence of a treebank."""

    sent_id: str
    words: tuple[Word, ...]
    contractions: tuple[Contraction, ...] = ()
    part: str = ""

    def tokens(self) -> list[Token]:
        """What is printed, in its order."""
        several = {c.first: c for c in self.contractions}
        found = []
        at = 1
        while at <= len(self.words):
            if at in several:
                whole = several[at]
                found.append(Token(whole.form, whole.last - whole.first + 1, whole.space_after))
                at = whole.last + 1
            else:
                word = self.words[at - 1]
                found.append(Token(word.form, 1, word.space_after))
                at += 1
        return found

    @property
    def text(self) -> str:
        """The sentence as it is printed; a token's place in it is the sum of what stands before."""
        return "".join(t.form + (" " if t.space_after else "") for t in self.tokens()).rstrip(" ")


def feature_column(features: dict[str, str]) -> str:
    """Features as CoNLL-U writes them, in the order of the alphabet whatever the case."""
    return "|".join(f"{k}={v}" for k, v in sorted(features.items(), key=lambda item: item[0].lower())) or "_"


def read_trees(path: Path) -> list[Tree]:
    """The sentences of a file in their order.

    Raises:
        ValueError: a line that is not CoNLL-U; file and line are named.
    """
    trees: list[Tree] = []
    comments: dict[str, str] = {}
    rows: list[list[str]] = []
    for number, line in enumerate([*path.read_text(encoding="utf-8").split("\n"), ""], start=1):
        if line.startswith("#"):
            name, _, value = line[1:].partition("=")
            comments[name.strip()] = value.strip()
        elif line.strip():
            fields = line.split("\t")
            if len(fields) != 10:
                raise ValueError(f"{path.name}:{number}: {len(fields)} fields, not 10")
            rows.append(fields)
        elif rows:
            trees.append(_tree(comments, rows))
            comments, rows = {}, []
    return trees


def _tree(comments: dict[str, str], rows: Sequence[Sequence[str]]) -> Tree:
    words: list[Word] = []
    contractions: list[Contraction] = []
    for key, form, lemma, upos, xpos, feats, head, deprel, _, misc in rows:
        notes = misc.split("|")
        space = "SpaceAfter=No" not in notes
        if "." in key:
            continue  # an empty node of enhanced dependencies
        if "-" in key:
            first, last = key.split("-")
            contractions.append(Contraction(int(first), int(last), form, space))
            continue
        # GSD's own mark for relations that a conversion of another treebank left behind: always the first word, dep.
        words.append(Word(form, lemma, upos, xpos, feats, int(head), deprel, space, "FixTigerDep=Yes" in notes))
    return Tree(comments.get("sent_id", ""), tuple(words), tuple(contractions), comments.get("part", ""))


def conllu_lines(tree: Tree) -> Iterator[str]:
    """The sentence as lines of CoNLL-U, the empty one behind it with them."""
    yield f"# sent_id = {tree.sent_id}"
    yield f"# text = {tree.text}"
    several = {c.first: c for c in tree.contractions}
    for number, word in enumerate(tree.words, start=1):
        if number in several:
            whole = several[number]
            misc = "_" if whole.space_after else "SpaceAfter=No"
            yield "\t".join([f"{whole.first}-{whole.last}", whole.form, *"_______", misc])
        misc = "|".join(["SpaceAfter=No"] * (not word.space_after) + ["FixTigerDep=Yes"] * word.unsure) or "_"
        columns = (word.form, word.lemma, word.upos, word.xpos, word.feats, str(word.head), word.deprel, "_", misc)
        yield "\t".join((str(number), *columns))
    yield ""


def write_trees(trees: Iterable[Tree], path: Path) -> None:
    """Write sentences so that :func:`read_trees` gives them back (save ``part``)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{line}\n" for tree in trees for line in conllu_lines(tree)), encoding="utf-8")


def with_words(tree: Tree, words: Sequence[Word], *, name: str = "") -> Tree:
    """The tree with other words at the same places; ``name`` is put behind its ``sent_id``."""
    if len(words) != len(tree.words):
        raise ValueError(f"{tree.sent_id}: {len(words)} words for {len(tree.words)}")
    return replace(tree, words=tuple(words), sent_id=tree.sent_id + name)
