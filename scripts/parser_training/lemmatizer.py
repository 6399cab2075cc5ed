"""The lemmatizer: Stanza's, trained on a list of forms with tags, not on running text."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from parser_training.trees import Tree, Word, write_trees

# Entries written as one sentence of the list; Stanza reads only files of sentences.
TOGETHER = 25
Entry = tuple[str, str, str]


def entries(trees: Iterable[Tree]) -> list[Entry]:
    """Form, tag and the lemma that the form mostly has with that tag, in the order of the first sight.

    The infinitive of each verb is there too, and its stem with -e: forms of the Konjunktiv I are rare in treebanks.
    """
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for tree in trees:
        for word in tree.words:
            if word.lemma != "_" or word.form == "_":
                counts[word.form, word.upos][word.lemma] += 1
    verbs = {
        lemma: None
        for (_, upos), lemmas in counts.items()
        for lemma in lemmas
        if upos == "VERB" and lemma.endswith("en") and lemma.islower()
    }
    for lemma in verbs:
        for form in (lemma[:-1], lemma):
            counts.setdefault((form, "VERB"), Counter({lemma: 1}))
    return [(form, upos, lemmas.most_common(1)[0][0]) for (form, upos), lemmas in counts.items()]


def _as_trees(found: Sequence[Entry]) -> list[Tree]:
    trees = []
    for at in range(0, len(found), TOGETHER):
        group = found[at : at + TOGETHER]
        words = [
            Word(form, lemma, upos, "_", "_", 1 if number else 0, "dep" if number else "root")
            for number, (form, upos, lemma) in enumerate(group)
        ]
        trees.append(Tree(f"list-{at}", tuple(words)))
    return trees


def train_lemmatizer(
    train: Sequence[Tree], dev: Sequence[Tree], folder: Path, *, epochs: int, most: int | None, seed: int
) -> None:
    """Write ``lemmatizer.pt`` into the folder; ``most``: so many entries at most, drawn by chance."""
    from stanza.models import lemmatizer

    found = entries(train)
    if most is not None and most < len(found):
        found = random.Random(seed).sample(found, most)
    data = folder / "data"
    write_trees(_as_trees(found), data / "list.conllu")
    write_trees(dev, data / "dev.conllu")
    numbers = f"--hidden_dim 150 --emb_dim 50 --emb_dropout 0.3 --dropout 0.3 --lr 2e-3 --num_epoch {epochs}"
    numbers += f" --decay_epoch 8 --batch_size 100 --log_step 200 --cpu --seed {seed} --shorthand de_gsd"
    lemmatizer.main(
        [
            *("--train_file", str(data / "list.conllu"), "--eval_file", str(data / "dev.conllu")),
            *numbers.split(),
            *("--save_dir", str(folder), "--save_name", "lemmatizer.pt"),
        ]
    )
