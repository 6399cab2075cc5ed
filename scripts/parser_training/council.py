"""Several trained models that parse together: for each arc and each label the mean of what they hold likely.

Such a council errs less than its best member (on the development sentences by 0.7 points of LAS with two members), and
its trees teach the model that is shipped. Members may differ in everything but the way words are cut.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import MethodType
from typing import Any

import numpy as np

from quotes.parse import StanzaParser, choose_model
from quotes.parse.arcs import LONGEST_REPAIRED
from quotes.parse.encoder import SharedEncoder
from quotes.parse.loading import build_pipeline
from quotes.parse.spanning import best_tree

# What a member gives a label that it does not know, as the logarithm of a probability.
UNKNOWN = -30.0


class Council(StanzaParser):
    """Parses as its first member does, by whose tags and lemmas too, but hangs and labels words by the mean of all."""

    def __init__(self, folders: Sequence[Path]) -> None:
        """``folders``: the packed models of each member."""
        first, *others = (choose_model(str(folder)) for folder in folders)
        super().__init__(first, exact=True, whole=True)
        self._others = others

    def load(self) -> None:
        """Load all members.

        Raises:
            ModelError: the models of one are missing or damaged.
        """
        if self._pipeline is not None:
            return
        super().load()
        head = self._pipeline.processors["depparse"].trainer.model
        # Late labels are of no use here: all members' scores are wanted at once.
        head.deprel = head.deprel.scorer
        members = [Member(head, None)]
        for choice in self._others:
            pipeline, encoder = build_pipeline(choice)
            members.append(Member(pipeline.processors["depparse"].trainer.model, encoder))
        head.predict = MethodType(_together(members), head)


class Member:
    """One model's scores. ``encoder``: its own pass, none for the model whose pass is installed already."""

    def __init__(self, model: Any, encoder: SharedEncoder | None) -> None:
        from stanza.models.common.vocab import VOCAB_PREFIX_SIZE

        model.eval()
        self.model = model
        self._encoder = encoder
        self.labels = [str(unit) for unit in model.vocab["deprel"]._id2unit[VOCAB_PREFIX_SIZE:]]

    def scores(self, inputs: Sequence[Any]) -> tuple[np.ndarray, np.ndarray]:
        """Logarithms of probabilities: [sentences, dependents, heads], and the same with labels behind."""
        import torch

        if self._encoder is None:
            arcs, labels = self.model.forward_scores(*inputs)[:2]
        else:
            with self._encoder.installed():
                arcs, labels = self.model.forward_scores(*inputs)[:2]
        return torch.log_softmax(arcs, 2).numpy(), torch.log_softmax(labels, 3).numpy()


def _together(members: Sequence[Member]) -> Any:
    names = members[0].labels

    def predict(model: Any, *inputs: Any, **_options: Any) -> list[list[list[Any]]]:
        """Stand in for ``GraphParser.predict``: ``[head, relation]`` for each word of each sentence."""
        found = [member.scores(inputs) for member in members]
        arcs = mean([scores for scores, _ in found])
        labels = mean([in_order(scores, m.labels, names) for m, (_, scores) in zip(members, found, strict=True)])
        # The thirteenth input holds the lengths of the sentences, with the root counted.
        lengths = [int(length) for length in inputs[12]]
        return [decided(arcs[n, :k, :k], labels[n, :k, :k], names, model.vocab) for n, k in enumerate(lengths)]

    return predict


def mean(scores: Sequence[np.ndarray]) -> np.ndarray:
    """The logarithm of the mean of probabilities that are given by their logarithms."""
    return np.logaddexp.reduce(scores, axis=0) - np.log(len(scores))


def in_order(scores: np.ndarray, labels: Sequence[str], wanted: Sequence[str]) -> np.ndarray:
    """Scores by label, the last axis, in the order of other labels; what is not among them is unlikely."""
    places = {label: at for at, label in enumerate(labels)}
    unknown = np.full(scores.shape[:-1], UNKNOWN, dtype=scores.dtype)
    return np.stack([scores[..., places[label]] if label in places else unknown for label in wanted], axis=-1)


def decided(arcs: np.ndarray, labels: np.ndarray, names: Sequence[str], vocab: Any) -> list[list[Any]]:
    """``[head, relation]`` for each word of a sentence, no verb with two subjects."""
    from stanza.models.common.vocab import VOCAB_PREFIX_SIZE
    from stanza.models.depparse.head_constraints import (
        find_head_constraint_violations,
        resolve_head_constraint_violations,
    )

    tree = best_tree(arcs)
    own = [names[labels[at, tree[at]].argmax()] for at in range(1, len(tree))]
    if len(own) <= LONGEST_REPAIRED and find_head_constraint_violations(tree, own):
        tree, ids = resolve_head_constraint_violations(arcs, labels, tree, vocab["deprel"])
        own = vocab["deprel"].unmap([int(i) + VOCAB_PREFIX_SIZE for i in ids])
    return [[int(head), label] for head, label in zip(tree[1:], own, strict=True)]
