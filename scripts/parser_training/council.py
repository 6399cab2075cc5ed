"""A council: several models of one recipe that read the same sentences, and what they say together.

They begin from other random heads and see the sentences in other orders, so they err at other places: the mean of
their probabilities is right more often than any of them (Surdeanu and Manning 2010), and a single model that learns
from the trees of that mean comes near to it (Kuncoro et al. 2016).
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from parser_training.reading import scores, stanza_document, tags
from parser_training.shared import TrainedEncoder
from parser_training.trees import Tree, with_words
from quotes.parse.arcs import LONGEST_REPAIRED, repaired
from quotes.parse.models import ENCODER_NAME
from quotes.parse.moods import settled
from quotes.parse.spanning import best_tree

log = logging.getLogger(__name__)
# Sentences that are read together: their labels' probabilities take some hundred megabytes.
SENTENCES_AT_ONCE = 1500
# An arc that the council believes in less than this is no target of a training.
BELIEVED = 0.5


def judged(members: Sequence[Path], trees: Sequence[Tree], *, folder: Path) -> list[Tree]:
    """The sentences with the heads, relations, tags and features that the council gives them.

    ``members`` are folders of trained models; ``folder`` takes what lies between. The mean of the members'
    probabilities makes the tree; tags and features have the most votes, those of the first members where they are even.

    Raises:
        ValueError: there is no member, or they have other relations.
    """
    if not members:
        raise ValueError("a council needs a member")
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    loaded = [_Member(path, device) for path in members]
    if any(set(member.relations) != set(loaded[0].relations) for member in loaded):
        raise ValueError("the members of the council know other relations: train them on the same gold")
    found: list[Tree] = []
    for at in range(0, len(trees), SENTENCES_AT_ONCE):
        part = trees[at : at + SENTENCES_AT_ONCE]
        found += _judged(loaded, part, stanza_document(part, folder, "sentences"))
        log.info("council of %d: %d sentences", len(loaded), len(found))
    return found


class _Member:
    """A trained tagger and parser with their encoder."""

    def __init__(self, folder: Path, device: torch.device) -> None:
        from stanza.models.common.foundation_cache import FoundationCache
        from stanza.models.common.vocab import VOCAB_PREFIX_SIZE
        from stanza.models.depparse.trainer import GraphTrainer
        from stanza.models.pos.trainer import Trainer as TaggerTrainer

        cache = FoundationCache(local_files_only=True)
        cache.load_bert(str(folder / ENCODER_NAME))
        # The saved models name their encoder by this word.
        cache.bert[ENCODER_NAME] = cache.bert.pop(str(folder / ENCODER_NAME))
        self._parser = GraphTrainer.load(str(folder / "parser.pt"), None, foundation_cache=cache, device=device)
        self._tagger = TaggerTrainer(
            model_file=str(folder / "tagger.pt"), pretrain=None, device=device, foundation_cache=cache
        )
        self._parser.model.bert_model.eval()
        self._encoder = TrainedEncoder(half=False)

        self.vocabulary = self._parser.vocab["deprel"]
        # The relations in the order of their scores.
        self.relations: list[str] = self.vocabulary.unmap(range(VOCAB_PREFIX_SIZE, len(self.vocabulary)))

    def read(self, document: Any) -> tuple[list[tuple[torch.Tensor, torch.Tensor]], list[list[tuple[str, str]]]]:
        with torch.no_grad(), self._encoder.installed():
            return scores(self._parser, document), tags(self._tagger, document)


def _judged(members: Sequence[_Member], trees: Sequence[Tree], document: Any) -> Iterator[Tree]:
    arcs: list[Any] = [0.0] * len(trees)
    labels: list[Any] = [0.0] * len(trees)
    votes: list[list[tuple[Counter[str], Counter[str]]]] = [[(Counter(), Counter()) for _ in t.words] for t in trees]
    names = members[0].relations
    for member in members:
        order = [member.relations.index(name) for name in names]
        opinions, columns = member.read(document)
        for number, ((heads, relations), words) in enumerate(zip(opinions, columns, strict=True)):
            arcs[number] = arcs[number] + heads / len(members)
            labels[number] = labels[number] + heads.unsqueeze(2) * relations[..., order] / len(members)
            for vote, choices in zip(votes[number], words, strict=True):
                for counter, choice in zip(vote, choices, strict=True):
                    counter[choice] += 1
    for number, tree in enumerate(trees):
        belief, heads, relations = _tree(arcs[number], labels[number], members[0])
        chosen = [tuple(counter.most_common(1)[0][0] for counter in vote) for vote in votes[number]]
        yield _with(tree, heads, relations, chosen, [share < BELIEVED for share in belief])


def _tree(arcs: torch.Tensor, labels: torch.Tensor, first: _Member) -> tuple[list[float], list[int], list[str]]:
    """How much each word's arc is believed in, the heads, 0 for the root's, and the relations."""
    from stanza.models.depparse.head_constraints import find_head_constraint_violations

    names = first.relations
    log_arcs, log_labels = (np.log(values.numpy() + 1e-9) for values in (arcs, labels))
    heads = best_tree(log_arcs)
    ids = [int(log_labels[word, heads[word]].argmax()) for word in range(1, len(heads))]

    if len(ids) <= LONGEST_REPAIRED and find_head_constraint_violations(heads, [names[number] for number in ids]):
        heads, ids = repaired(log_arcs, log_labels - log_arcs[:, :, None], heads, first.vocabulary)
    belief = [float(arcs[word, heads[word]]) for word in range(1, len(heads))]
    return belief, [int(head) for head in heads[1:]], [names[int(number)] for number in ids]


def _with(
    tree: Tree, heads: list[int], relations: list[str], columns: Sequence[tuple[str, ...]], unsure: Sequence[bool]
) -> Tree:
    """The tree with other annotations, the moods that forms settle put right."""
    forms, lemmas = [word.form for word in tree.words], [word.lemma for word in tree.words]
    upos = [column[0] for column in columns]
    feats = settled(forms, lemmas, upos, [column[1] for column in columns], [head - 1 for head in heads], relations)
    return with_words(
        tree,
        [
            replace(word, upos=upos[n], feats=feats[n], head=heads[n], deprel=relations[n], unsure=unsure[n])
            for n, word in enumerate(tree.words)
        ],
    )
