"""The encoder's own forward pass gives what transformers' gives, and its tokenizer the same pieces."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch

from quotes.parse.bert import is_bert, load_bert
from quotes.parse.encoder import encode
from quotes.parse.models import EMBEDDED, ENCODER_NAME
from quotes.parse.products import EXACT, Precision

pytestmark = pytest.mark.model

FOLDER = EMBEDDED / ENCODER_NAME
SENTENCES = [
    ("„", "Wir", "prüfen", "das", "“", ",", "sagte", "Anna", "Beispiel", "."),
    ("Donaudampfschifffahrtsgesellschaftskapitän", "\u0007", "Käse\u200b", "3,5", "\U0001f600"),
    ("Nein",),
    tuple("Ein sehr langer Satz mit vielen Wörtern".split() * 100),  # beyond the encoder's limit
]


def vectors(model: object, tokenizer: object) -> list[torch.Tensor]:
    with torch.inference_mode():
        return encode(model, tokenizer, SENTENCES, "cpu")


@pytest.fixture(scope="module")
def theirs() -> list[torch.Tensor]:
    from transformers import AutoModel, AutoTokenizer

    return vectors(AutoModel.from_pretrained(FOLDER).eval(), AutoTokenizer.from_pretrained(FOLDER))


def test_the_vectors_are_those_of_transformers(theirs: list[torch.Tensor]) -> None:
    ours = vectors(*load_bert(FOLDER, EXACT))
    for a, b, words in zip(ours, theirs, SENTENCES, strict=True):
        assert a.shape == b.shape
        assert a.shape[1] == len(words) + 2
        assert torch.allclose(a, b, atol=1e-4)


@pytest.mark.parametrize(("dense", "most"), [("half", 0.02), ("int8", 0.08)])
def test_in_less_precision_they_are_nearly_so(theirs: list[torch.Tensor], dense: Any, most: float) -> None:
    ours = vectors(*load_bert(FOLDER, Precision(dense, half=True)))
    for a, b in zip(ours, theirs, strict=True):
        assert a.dtype == torch.float32
        assert 0 < float((a - b).norm() / b.norm()) < most


def test_an_encoder_of_another_kind_is_left_to_transformers(tmp_path: Path) -> None:
    assert is_bert(FOLDER)
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "electra", "hidden_act": "gelu"}))
    assert not is_bert(tmp_path)
