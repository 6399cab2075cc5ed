"""Taggers and parsers that read nothing but the encoder's vectors, run without what they do not read.

Stanza makes numbers of all forms, letters, lemmas and tags for each batch, whether a model looks at them or not, and
gives each word a list of edges that nobody here asks for. That took a third of the tagger's and the parser's time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import torch

from quotes.batches import in_batches
from quotes.parse.arcs import arcs_of

# Words that are tagged together, as in Stanza's settings.
TAGGED_WORDS = 5000
# Words that are parsed together, the root of each sentence counted: each is weighed as the head of each.
PARSED_WORDS = 1500
# The inputs of both models that stay away.
UNREAD = ("word_mask", "wordchars", "wordchars_mask", "pretrained", "word_orig_idx", "wordlens")


class VectorTagger:
    """Runs a tagger of Stanza's on sentences of words."""

    def __init__(self, processor: Any) -> None:
        self._model = processor.trainer.model.eval()
        self._vocab = processor.trainer.vocab
        self._said: dict[tuple[str, Any], str] = {}

    @staticmethod
    def suits(processor: Any) -> bool:
        """Whether the tagger reads nothing but vectors."""
        return _reads_vectors_alone(processor.trainer.args)

    def annotate(self, document: Any) -> None:
        """Set the tags of every word of a Stanza document."""
        for group in _by_length(document, TAGGED_WORDS):
            lengths = [len(sentence.words) for sentence in group]
            texts = [[word.text for word in sentence.words] for sentence in group]
            unread = dict.fromkeys((*UNREAD, "tags"))
            # The forms are asked for the number of sentences.
            forms = torch.empty((len(group), 0))
            _, columns = self._model(word=forms, sentlens=lengths, text=texts, **unread)
            for column, rows_of_numbers in zip(self._model.tag_columns, columns, strict=True):
                if column.output:
                    for sentence, numbers in zip(group, rows_of_numbers.tolist(), strict=True):
                        for word, number in zip(sentence.words, numbers, strict=False):  # the rest is padding
                            setattr(word, column.field, self._unmapped(column.name, number))

    def _unmapped(self, name: str, number: int | list[int]) -> str:
        """The tag, or the features, of a column's number or numbers."""
        key = name, number if isinstance(number, int) else tuple(number)
        said = self._said.get(key)
        if said is None:
            (said,) = self._vocab[name].unmap([number])
            self._said[key] = said
        return said


class VectorParser:
    """Runs a graph parser of Stanza's on sentences of words."""

    def __init__(self, processor: Any) -> None:
        self._model = processor.trainer.model.eval()

    @staticmethod
    def suits(processor: Any) -> bool:
        """Whether the parser is a graph parser of the plain build that reads nothing but vectors, left to right."""
        from stanza.models.depparse.model import GraphParser

        trainer = processor.trainer
        other = any(trainer.args.get(name) for name in ("tag_emb_dim", "use_arc_embedding", "reversed"))
        return type(trainer.model) is GraphParser and _reads_vectors_alone(trainer.args) and not other

    def annotate(self, document: Any) -> None:
        """Set the head and the relation of every word of a Stanza document."""
        for group in _by_length(document, PARSED_WORDS):
            lengths = [len(sentence.words) + 1 for sentence in group]
            texts = [[word.text for word in sentence.words] for sentence in group]
            unread = dict.fromkeys((*UNREAD, "upos", "xpos", "ufeats", "lemma", "deprel"))
            # The forms are asked for the number of sentences and words, the heads for that of words without the root.
            forms, heads = (torch.empty((len(group), max(lengths) - root)) for root in (0, 1))
            scores = self._model.forward_scores(word=forms, head=heads, sentlens=lengths, text=texts, **unread)[0]
            for sentence, arcs in zip(group, arcs_of(self._model, scores, lengths), strict=True):
                for word, (head, relation) in zip(sentence.words, arcs, strict=True):
                    word.head, word.deprel = head, relation


def _reads_vectors_alone(args: Any) -> bool:
    return bool(args.get("bert_model")) and not any(args.get(name) for name in ("word_emb_dim", "pretrain", "char"))


def _by_length(document: Any, most: int) -> Iterator[Sequence[Any]]:
    """A document's sentences in groups of up to ``most`` words, the longest first, as torch packs them."""
    sentences = sorted((s for s in document.sentences if s.words), key=lambda s: -len(s.words))
    return in_batches(sentences, lambda sentence: len(sentence.words) + 1, most)
