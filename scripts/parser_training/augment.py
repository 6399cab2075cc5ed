"""Changed copies of gold sentences: other quotation marks, and the Konjunktiv that treebanks lack.

Words, heads and the order stay as they are: only forms and features change, and places move with the forms' lengths.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache

from parser_training.tables import rows
from parser_training.trees import Tree, Word, feature_column, with_words

# Shares from the experiment that raised the recall of Mood=Sub from 75.7 to 88.6: of sentences that can be copied,
# of the forms in a copy that are changed, and of readings of a sentence with marks that get other ones.
COPIED, CHANGED, SWAPPED = 0.65, 0.8, 0.6
# Marks that are swapped. Single ones are not: in German they are apostrophes more often.
_MARKS = frozenset('„“”"»«') | {"''", "``"}
# A mark behind one of these opens, as behind a blank.
_OPENERS = frozenset("([{–—/")


@cache
def mark_pairs() -> tuple[tuple[tuple[str, str], ...], tuple[int, ...]]:
    """Pairs of marks and how often each is put in."""
    table = rows("quotation_marks.tsv")
    return tuple((row["open"], row["close"]) for row in table), tuple(int(row["weight"]) for row in table)


def opens(forms: Sequence[str], spaces: Sequence[bool], at: int) -> bool:
    """Whether the mark at ``at`` opens, by the blanks beside it; ``spaces`` says where one follows."""
    free_before = at == 0 or spaces[at - 1] or forms[at - 1] in _OPENERS
    return free_before and not spaces[at]


def swap_marks(forms: Sequence[str], spaces: Sequence[bool], chance: random.Random) -> list[str]:
    """The forms with their quotation marks exchanged for those of one other pair, or, by chance, as they are."""
    places = [at for at, form in enumerate(forms) if form in _MARKS]
    if not places or chance.random() >= SWAPPED:
        return list(forms)
    pairs, weights = mark_pairs()
    pair = chance.choices(pairs, weights)[0]
    changed = list(forms)
    for at in places:
        changed[at] = pair[0] if opens(forms, spaces, at) else pair[1]
    return changed


@cache
def _irregular() -> dict[str, str]:
    return {row["indicative"]: row["subjunctive"] for row in rows("konjunktiv.tsv")}


def konjunktiv(word: Word) -> Word | None:
    """The word in the Konjunktiv I if it is a third person of the present indicative that has a form of its own."""
    features = word.features()
    wanted = {"Mood": "Ind", "Tense": "Pres", "Person": "3"}
    if word.upos not in ("VERB", "AUX") or any(features.get(k) != v for k, v in wanted.items()):
        return None
    form = _konjunktiv_form(word.form.lower(), word.lemma, singular=features.get("Number") == "Sing")
    if form is None:
        return None
    features["Mood"] = "Sub"
    form = form.capitalize() if word.form[0].isupper() else form
    return replace(word, form=form, feats=feature_column(features))


def _konjunktiv_form(form: str, lemma: str, *, singular: bool) -> str | None:
    if form in _irregular():
        return _irregular()[form]
    if not singular or not form.endswith("t"):
        return None
    # The infinitive's stem and -e: fährt, fahren, fahre.
    if lemma.endswith("en") and len(lemma) > 4 and lemma[:2].lower() == form[:2]:
        return lemma[:-1]
    # The lemma holds a particle that stands elsewhere: kündigt ... an, ankündigen.
    if lemma.endswith(form[:-1] + "en") and len(form) > 3:
        return form[:-1] + "e"
    return None


def konjunktiv_copies(trees: Iterable[Tree], *, seed: int) -> Iterator[Tree]:
    """Copies of sentences with verbs of theirs in the Konjunktiv I."""
    for tree in trees:
        forms = [konjunktiv(word) for word in tree.words]
        # By the sentence and not by its number: one more sentence changes no other's copy.
        chance = random.Random(f"{seed}:{tree.sent_id}:{tree.text}")
        if not any(forms) or chance.random() >= COPIED:
            continue
        words = [new if new and chance.random() < CHANGED else old for old, new in zip(tree.words, forms, strict=True)]
        if tuple(words) != tree.words:
            yield with_words(tree, words, name="-konjunktiv")
