"""The tokenizer with its sentence splitter, and the words of contractions: data with frames and marks, and training.

Stanza's tokenizer reads paragraphs and a digit for each character: 0 inside a token, 1 its end, 2 the end of a
sentence, 3 and 4 the same for a token of several words.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from parser_training.augment import mark_pairs, swap_marks
from parser_training.tables import rows
from parser_training.trees import Contraction, Token, Tree, Word, write_trees

# Sentences of a paragraph at most, readings of the whole data, and shares by chance, all from the bootstrap models:
# of paragraphs that get a frame, a third for each kind; of pairs of words that are contracted.
MOST_TOGETHER, READINGS, FRAMED, CONTRACTED = 8, 3, 0.45, 0.3
# Sentences of a paragraph of the development text.
DEV_TOGETHER = 5
_FINAL = frozenset(".!?")
Sentence = list[Token]


def contract(tokens: Sequence[Token], chance: random.Random) -> Sentence:
    """The tokens with some pairs of preposition and article contracted: treebanks have few *fürs* and *übers*."""
    table = {(row["preposition"], row["article"]): row["form"] for row in rows("contractions.tsv")}
    found: Sentence = []
    at = 0
    while at < len(tokens):
        pair = tokens[at : at + 2]
        form = table.get((pair[0].form, pair[1].form)) if len(pair) == 2 and pair[0].space_after else None
        if form and pair[0].words == pair[1].words == 1 and chance.random() < CONTRACTED:
            found.append(Token(form, 2, pair[1].space_after))
            at += 2
        else:
            found.append(tokens[at])
            at += 1
    return found


def _swapped(tokens: Sequence[Token], chance: random.Random) -> Sentence:
    forms = swap_marks([t.form for t in tokens], [t.space_after for t in tokens], chance)
    return [replace(token, form=form) for token, form in zip(tokens, forms, strict=True)]


def _has_marks(tokens: Sequence[Token]) -> bool:
    return any(token.form in '„“”"»«‚‘' or token.form == "''" for token in tokens)


def framed(paragraph: Sequence[Sentence], names: Sequence[str], chance: random.Random) -> list[Sentence]:
    """The paragraph, by chance with a quotation of one to three of its sentences, with or without a frame.

    *„A. B.“*, *„A. B“, sagte N.* or *N sagte: „A. B.“*: the ends of the sentences inside stay ends.
    """
    found = [_swapped(contract(sentence, chance), chance) for sentence in paragraph]
    kind = chance.random()
    plain = [n for n, s in enumerate(found) if len(s) > 3 and s[-1].form in _FINAL and not _has_marks(s)]
    if not plain or kind >= FRAMED:
        return found
    first = last = chance.choice(plain)
    while last + 1 in plain and last - first < 2 and chance.random() < 0.5:
        last += 1
    pairs, weights = mark_pairs()
    open_mark, close_mark = chance.choices(pairs, weights)[0]
    speaker = [Token(chance.choice(names), 1, True) for _ in range(chance.choice((1, 1, 2)))]
    words = {
        row["place"]: [r["word"] for r in rows("frames.tsv") if r["place"] == row["place"]]
        for row in rows("frames.tsv")
    }
    before: Sentence = [Token(open_mark, 1, False)]
    after: Sentence = [Token(close_mark, 1, True)]
    if FRAMED / 3 <= kind < 2 * FRAMED / 3:
        if found[last][-1].form == ".":
            found[last].pop()
        after = [Token(close_mark, 1, False), Token(",", 1, True), Token(chance.choice(words["inside"]), 1, True)]
        after += [*speaker[:-1], replace(speaker[-1], space_after=False), Token(".", 1, True)]
    elif kind >= 2 * FRAMED / 3:
        before = [*speaker, Token(chance.choice(words["before"]), 1, False), Token(":", 1, True), *before]
    found[last][-1] = replace(found[last][-1], space_after=False)
    found[last] += after
    found[first] = before + found[first]
    return found


def labelled(paragraph: Sequence[Sentence]) -> tuple[str, str]:
    """The paragraph's text and a digit for each of its characters."""
    text = digits = ""
    for number, sentence in enumerate(paragraph):
        for at, token in enumerate(sentence):
            final = at == len(sentence) - 1
            text += token.form
            end = (4 if final else 3) if token.words > 1 else (2 if final else 1)
            digits += "0" * (len(token.form) - 1) + str(end)
            if (final and number < len(paragraph) - 1) or (not final and token.space_after):
                text += " "
                digits += "0"
    return text, digits


def training_paragraphs(trees: Sequence[Tree], *, seed: int) -> list[list[Sentence]]:
    """Paragraphs of one to eight sentences; the first reading as the treebanks are, the others with frames."""
    chance = random.Random(seed)
    printed = [tree.tokens() for tree in trees]
    names = sorted(
        {w.form for tree in trees for w in tree.words if w.upos == "PROPN" and w.form[:1].isupper() and len(w.form) > 3}
    ) or ["Sie"]
    paragraphs = []
    for reading in range(READINGS):
        order = list(range(len(printed)))
        chance.shuffle(order)
        while order:
            size = chance.randint(1, MOST_TOGETHER)
            paragraph = [printed[number] for number in order[:size]]
            del order[:size]
            paragraphs.append(framed(paragraph, names, chance) if reading else [list(s) for s in paragraph])
    chance.shuffle(paragraphs)
    return paragraphs


def _write_labelled(paragraphs: Iterable[Sequence[Sentence]], text: Path, digits: Path) -> None:
    pairs = [labelled(paragraph) for paragraph in paragraphs]
    text.write_text("".join(f"{printed}\n\n" for printed, _ in pairs), encoding="utf-8")
    digits.write_text("".join(f"{marks}\n\n" for _, marks in pairs), encoding="utf-8")


def contraction_trees(trees: Iterable[Tree]) -> list[Tree]:
    """The sentences with contractions, and one for each German contraction in small letters and with a capital.

    A contraction before a full stop is an abbreviation of two words (*z.T.*), which the expansion could not know.
    """
    found = [t for t in trees if t.contractions and not any(c.form.endswith(".") for c in t.contractions)]
    for row in rows("contractions.tsv"):
        for form, preposition in (
            (row["form"], row["preposition"]),
            (row["form"].capitalize(), row["preposition"].capitalize()),
        ):
            words = (
                Word(preposition, row["preposition"], "ADP", "_", "_", 3, "case"),
                Word(row["article"], "der", "DET", "_", "_", 3, "det"),
                Word("Haus", "Haus", "NOUN", "_", "_", 0, "root"),
            )
            found.append(Tree(form, words, (Contraction(1, 2, form, True),)))
    return found


def train_tokenizer(train: Sequence[Tree], dev: Sequence[Tree], folder: Path, *, steps: int, seed: int) -> None:
    """Write ``tokenizer.pt`` and ``mwt.pt`` into the folder; their data stays in ``data`` inside it."""
    from stanza.models import mwt_expander, tokenizer

    data = folder / "data"
    data.mkdir(parents=True, exist_ok=True)
    _write_labelled(training_paragraphs(train, seed=seed), data / "train.txt", data / "train.digits")
    printed = [tree.tokens() for tree in dev]
    fives = [printed[at : at + DEV_TOGETHER] for at in range(0, len(printed), DEV_TOGETHER)]
    _write_labelled(fives, data / "dev.txt", data / "dev.digits")
    expanded = contraction_trees(train)
    write_trees(expanded, data / "contractions.conllu")
    write_trees(dev, data / "dev.conllu")
    counts: Counter[tuple[str, tuple[str, ...]]] = Counter()
    for tree in expanded:
        for c in tree.contractions:
            counts[c.form, tuple(word.form for word in tree.words[c.first - 1 : c.last])] += 1
    (data / "mwt.json").write_text(json.dumps([[k, n] for k, n in counts.most_common()], ensure_ascii=False))
    common = f"--lang de --shorthand de_gsd --cpu --seed {seed}".split()
    files = {"txt_file": "train.txt", "label_file": "train.digits", "dev_txt_file": "dev.txt"}
    files |= {"dev_label_file": "dev.digits", "dev_conll_gold": "dev.conllu", "mwt_json_file": "mwt.json"}
    numbers = f"--conv_res 1 --max_seqlen 200 --steps {steps} --eval_steps {max(1, steps // 2)} --anneal 0.8"
    tokenizer.main(
        [
            *(part for option, name in files.items() for part in (f"--{option}", str(data / name))),
            *f"{numbers} --anneal_after 600 --use_mwt".split(),
            *common,
            *("--save_dir", str(folder), "--save_name", "tokenizer.pt"),
        ]
    )
    gold = str(data / "dev.conllu")
    mwt_expander.main(
        [
            *("--train_file", str(data / "contractions.conllu"), "--eval_file", gold, "--gold_file", gold),
            *("--dict_only", "--save_dir", str(folder), "--save_name", "mwt.pt", "--num_layers", "1"),
            *common,
        ]
    )
