"""Models that parse together: the mean of what they hold likely, whatever the order of their labels."""

from __future__ import annotations

import numpy as np
import pytest
from parser_training import council
from parser_training.council import Council, decided, in_order, mean

from quotes.parse import StanzaParser, choose_model
from quotes.parse.models import EMBEDDED
from quotes.text import make_document


def test_the_mean_is_of_probabilities_and_not_of_their_logarithms() -> None:
    sure, unsure = np.log([0.98, 0.02]), np.log([0.4, 0.6])
    assert np.exp(mean([sure, unsure])) == pytest.approx([0.69, 0.31])


def test_labels_are_put_in_the_order_of_the_first() -> None:
    scores = np.array([[1.0, 2.0, 3.0]])
    assert in_order(scores, ["obj", "nsubj", "det"], ["det", "obj", "iobj"]).tolist() == [[3.0, 1.0, council.UNKNOWN]]


class Vocabulary:
    """As much of Stanza's as a decision asks for."""

    labels = ("root", "nsubj", "obj")

    def unmap(self, ids: list[int]) -> list[str]:
        return [self.labels[i - 4] for i in ids]


def test_a_decision_is_a_tree_with_the_likeliest_label_of_each_arc() -> None:
    # *Anna lacht*: row = dependent, column = head.
    arcs = np.log(np.array([[1.0, 1e-9, 1e-9], [0.3, 1e-9, 0.7], [0.6, 0.4, 1e-9]]))
    labels = np.log(np.full((3, 3, 3), 0.1))
    labels[1, 2, 1] = labels[2, 0, 0] = np.log(0.8)
    assert decided(arcs, labels, Vocabulary.labels, {"deprel": Vocabulary()}) == [[2, "nsubj"], [0, "root"]]


@pytest.mark.model
def test_a_council_of_equals_parses_as_each_of_them() -> None:
    text = "„Der Vertrag gilt“, sagte die Ministerin Anna Kern am Montag, bevor sie nach Bonn fuhr."
    alone = StanzaParser(choose_model("embedded"), exact=True, whole=True)
    together = Council([EMBEDDED, EMBEDDED])
    one, other = (parser.parse([make_document(text, source="x")])[0].sentences for parser in (alone, together))
    assert [(t.text, t.head, t.deprel, t.feats) for s in one for t in s.tokens] == [
        (t.text, t.head, t.deprel, t.feats) for s in other for t in s.tokens
    ]


@pytest.mark.model
def test_each_member_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[int] = []
    scores = council.Member.scores
    monkeypatch.setattr(
        council.Member, "scores", lambda self, inputs: [heard.append(id(self)), scores(self, inputs)][1]
    )
    Council([EMBEDDED, EMBEDDED, EMBEDDED]).parse([make_document("Der Zug kommt.", source="x")])
    assert len(set(heard)) == 3
