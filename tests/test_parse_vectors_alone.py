"""What runs a tagger and a parser that read vectors alone, and what leaves others to Stanza."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import torch

from quotes.parse import StanzaParser, choose_model
from quotes.parse.vectors_alone import VectorParser, VectorTagger

pytestmark = pytest.mark.model

VECTORS = {"bert_model": "encoder", "word_emb_dim": 0, "pretrain": False, "char": False, "tag_emb_dim": 0}


def processor(model: Any, **args: Any) -> Any:
    return SimpleNamespace(trainer=SimpleNamespace(model=model, args=VECTORS | args))


@pytest.mark.parametrize(
    "more",
    [{"bert_model": None}, {"word_emb_dim": 75}, {"pretrain": True}, {"char": True}],
    ids=lambda more: next(iter(more)),
)
def test_models_that_read_more_are_left_to_stanza(more: dict[str, Any]) -> None:
    from stanza.models.depparse.model import GraphParser

    graph = GraphParser.__new__(GraphParser)
    assert VectorTagger.suits(processor(None))
    assert VectorParser.suits(processor(graph))
    assert not VectorTagger.suits(processor(None, **more))
    assert not VectorParser.suits(processor(graph, **more))


def test_parsers_of_another_build_or_direction_are_left_to_stanza() -> None:
    from stanza.models.depparse.model import GraphParser

    graph = GraphParser.__new__(GraphParser)
    assert not VectorParser.suits(processor(torch.nn.Linear(1, 1)))
    assert not VectorParser.suits(processor(graph, tag_emb_dim=50))
    assert not VectorParser.suits(processor(graph, reversed=True))
    assert not VectorParser.suits(processor(graph, use_arc_embedding=True))


def test_the_embedded_models_suit() -> None:
    parser = StanzaParser(choose_model("embedded"))
    parser.load()
    assert set(parser._own_steps) == {"pos", "lemma", "depparse"}
