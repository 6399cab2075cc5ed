"""Trees first, labels second: a quicker way to read a graph parser's scores.

Stanza scores every label for every pair of words and then uses the labels of the tree's own arcs. Here the tree is
found first and only its arcs are labelled, which gives the same labels and costs a fraction. Where a word then has two
subjects or two objects, all labels of that sentence are scored and Stanza's own repair finds the best tree without.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import MethodType
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from quotes.parse.bert import SIZES
from quotes.parse.encoder import in_half
from quotes.parse.spanning import best_tree

# Words of a sentence whose double subjects are repaired: all pairs of its words are labelled for it, which takes a
# second and a half with 200 words.
LONGEST_REPAIRED = 100
# Arcs labelled together: their products take 30 MB.
ARCS_AT_ONCE = 1024


def label_tree_arcs_only(model: Any, *, half: bool = False) -> bool:
    """Make a loaded ``GraphParser`` label only the arcs of its trees; false if it is of another build.

    ``half``: labels are scored in half precision.
    """
    from stanza.models.depparse.model import GraphParser

    if type(model) is not GraphParser or model.args.get("use_arc_embedding"):
        return False
    model.deprel = _LateLabels(model.deprel, half=half)
    model.predict = MethodType(_predict, model)
    return True


def _predict(model: Any, *inputs: Any, **_options: Any) -> list[list[list[Any]]]:
    """Stand in for ``GraphParser.predict``: ``[head, relation]`` for each word of each sentence."""
    # The thirteenth input holds the lengths of the sentences, with the root counted.
    return arcs_of(model, model.forward_scores(*inputs)[0], [int(length) for length in inputs[12]])


def arcs_of(model: Any, scores: Any, lengths: Sequence[int]) -> list[list[list[Any]]]:
    """``[head, relation]`` for each word of each sentence, from what the model has just scored.

    Args:
        model: a parser that labels the arcs of its trees only.
        scores: [sentences, words, words] with the root as first word; row = dependent, column = head.
        lengths: the sentences' numbers of words, with the root.
    """
    from stanza.models.common.vocab import VOCAB_PREFIX_SIZE
    from stanza.models.depparse.head_constraints import find_head_constraint_violations

    scores = torch.log_softmax(scores, 2).numpy()
    trees = [best_tree(scores[row, :length, :length]) for row, length in enumerate(lengths)]
    labels = model.vocab["deprel"].unmap([int(i) + VOCAB_PREFIX_SIZE for i in model.deprel.of_arcs(trees)])
    predicted = []
    at = 0
    for row, tree in enumerate(trees):
        own = labels[at : at + len(tree) - 1]
        at += len(tree) - 1
        if len(own) <= LONGEST_REPAIRED and find_head_constraint_violations(tree, own):
            every = torch.log_softmax(model.deprel.of_all(row, len(tree)), 2).numpy()
            tree, ids = _repaired(scores[row, : len(tree), : len(tree)], every, tree, model.vocab["deprel"])
            own = model.vocab["deprel"].unmap([int(i) + VOCAB_PREFIX_SIZE for i in ids])
        predicted.append([[int(head), label] for head, label in zip(tree[1:], own, strict=True)])
    return predicted


def _repaired(scores: Any, labels: Any, tree: Any, vocab: Any) -> tuple[Any, Any]:
    """Stanza's repair of double subjects and objects, with our search for each tree that it tries."""
    from stanza.models.depparse import head_constraints

    kept = head_constraints.chuliu_edmonds_one_root
    head_constraints.chuliu_edmonds_one_root = best_tree
    try:
        repaired: tuple[Any, Any] = head_constraints.resolve_head_constraint_violations(scores, labels, tree, vocab)
    finally:
        head_constraints.chuliu_edmonds_one_root = kept
    return repaired


class _LateLabels(torch.nn.Module):  # type: ignore[misc]
    """Stands in the place of the label scorer: keeps the words' vectors until the arcs are known."""

    def __init__(self, scorer: Any, *, half: bool) -> None:
        super().__init__()
        self.scorer = scorer
        self._half = half
        self._words: Any = None

    def forward(self, words: Any, _heads: Any) -> None:
        self._words = words

    def of_arcs(self, trees: Sequence[Any]) -> list[int]:
        """The best label of each word's arc to its head, sentence after sentence."""
        rows = np.concatenate([np.full(len(tree) - 1, row) for row, tree in enumerate(trees)])
        dependents = np.concatenate([np.arange(1, len(tree)) for tree in trees])
        heads = np.concatenate([tree[1:] for tree in trees])
        scorer = self.scorer
        bilinear = scorer.scorer.W_bilin
        best: list[int] = []
        for at in range(0, len(rows), ARCS_AT_ONCE):
            part = slice(at, at + ARCS_AT_ONCE)
            first = scorer.hidden_func(scorer.W1(_padded(self._words[rows[part], dependents[part]])))
            second = scorer.hidden_func(scorer.W2(_padded(self._words[rows[part], heads[part]])))
            first, second = (torch.cat([x, x.new_ones(len(x), 1)], 1) for x in (first, second))
            with in_half("cpu", self._half):
                products = first @ bilinear.weight.reshape(first.shape[1], -1)
                products = products.view(len(first), second.shape[1], -1)
                scores = torch.bmm(second.unsqueeze(1), products).squeeze(1) + bilinear.bias
            best += scores[: len(rows[part])].argmax(1).tolist()
        return best

    def of_all(self, row: int, length: int) -> Any:
        """The scores of all labels for all pairs of words in one sentence: dependent, head, label."""
        words = self._words[row : row + 1, :length]
        return self.scorer(words, words)[0]


def _padded(vectors: Any) -> Any:
    """The vectors, [arcs, hidden], with rows of zeros up to one of few sizes, see :data:`quotes.parse.bert.SIZES`."""
    return functional.pad(vectors, (0, 0, 0, -len(vectors) % SIZES))
