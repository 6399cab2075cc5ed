"""What Stanza's trainers read and say of sentences whose words are given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from parser_training.trees import Tree, write_trees

# Words of a batch when sentences are read.
WORDS_AT_ONCE = 2000


def stanza_document(trees: Sequence[Tree], folder: Path, name: str) -> Any:
    """The sentences as Stanza's document; it reads files, so one is written into the folder."""
    from stanza.utils.conll import CoNLL

    path = folder / f"{name}.conllu"
    write_trees(trees, path)
    return CoNLL.conll2doc(input_file=str(path))


def parser_batches(trainer: Any, document: Any) -> Any:
    """Stanza's batches of a document's sentences, by length; an encoder must be installed where they are read."""
    from stanza.models.depparse.data import DataLoader

    return DataLoader(
        document,
        WORDS_AT_ONCE,
        trainer.args,
        None,
        vocab=trainer.vocab,
        evaluation=True,
        sort_during_eval=True,
    )


def tags(trainer: Any, document: Any) -> list[list[tuple[str, str]]]:
    """For each sentence its words' tags and columns of features."""
    from stanza.models.common.utils import unsort
    from stanza.models.pos.data import Dataset

    data = Dataset(document, trainer.args, None, vocab=trainer.vocab, evaluation=True, sort_during_eval=True)
    found: list[list[tuple[str, str]]] = []
    order: list[int] = []
    for batch in data.to_length_limited_loader(batch_size=100, maximum_tokens=WORDS_AT_ONCE):
        order.extend(batch[-1])
        found += [list(_columns(columns)) for columns in trainer.predict(batch)]
    return list(unsort(found, order))


def _columns(words: Any) -> Iterator[tuple[str, str]]:
    for upos, _, feats in words:
        yield upos, feats or "_"
