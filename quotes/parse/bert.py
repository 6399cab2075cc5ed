"""The encoder's forward pass: the layers of BERT (Devlin et al. 2019) and nothing that parsing does not use.

``transformers`` has the same model, but its import alone takes longer than loading all models (2.4 s against 0.7), and
its half precision casts every matrix again in each call. A test holds the two against each other.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch.nn import functional

from quotes.parse.products import Dense, Precision, WholeDense, dense

# Pieces are padded to a multiple of this: oneDNN keeps a plan of some 200 KB for each size of a product, and were each
# group's size its own, its plans would fill hundreds of MB before the first were forgotten.
SIZES = 128
# The kind of encoder that is read here, as its config.json calls it.
MODEL_TYPE = "bert"


class Config(NamedTuple):
    """What the pass must know of the folder's ``config.json``; sizes are numbers of units."""

    hidden_size: int
    num_hidden_layers: int
    num_attention_heads: int
    layer_norm_eps: float
    max_position_embeddings: int
    pad_token_id: int


class Output(NamedTuple):
    """The vectors after the embeddings and after each layer, each [sentences, pieces, hidden], in single precision."""

    hidden_states: tuple[torch.Tensor, ...]


class Bert(torch.nn.Module):  # type: ignore[misc]
    """The encoder with its weights, for reading alone: nothing here has a gradient."""

    def __init__(self, config: Config, tensors: Mapping[str, torch.Tensor], precision: Precision) -> None:
        """``precision``: that of products; sums and norms are always single."""
        super().__init__()
        self.config = config
        named = {name: tensor.float() for name, tensor in tensors.items()}
        self._words = named["embeddings.word_embeddings.weight"]
        self._places = (
            named["embeddings.position_embeddings.weight"] + named["embeddings.token_type_embeddings.weight"][0]
        )
        self._norm = _norm(named, "embeddings")
        self._layers = [_Layer(config, named, f"encoder.layer.{n}", precision) for n in range(config.num_hidden_layers)]

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor, **_options: Any) -> Output:
        """Both inputs are [sentences, pieces]; the mask is 1 for pieces and 0 for padding."""
        eps = self.config.layer_norm_eps
        width = input_ids.shape[1]
        vectors = self._words[input_ids] + self._places[:width]
        vectors = functional.layer_norm(vectors, vectors.shape[-1:], *self._norm, eps)
        shape = vectors.shape
        vectors = vectors.flatten(0, 1)
        vectors = functional.pad(vectors, (0, 0, 0, -len(vectors) % SIZES))
        # Without padding no mask is needed, and attention takes a quicker way.
        mask = None if bool(attention_mask.all()) else attention_mask[:, None, None, :].bool()
        states = [vectors]
        for layer in self._layers:
            states.append(layer(states[-1], shape, mask, eps))
        return Output(tuple(state[: input_ids.numel()].view(shape) for state in states))


class _Layer:
    """One layer: attention and two dense layers, each with its sum and norm."""

    def __init__(self, config: Config, named: Mapping[str, torch.Tensor], name: str, precision: Precision) -> None:
        parts = [f"{name}.attention.self.{part}" for part in ("query", "key", "value")]
        self._heads = config.num_attention_heads
        # Queries, keys and values in one product.
        weight, bias = (torch.cat([named[f"{part}.{end}"] for part in parts]) for end in ("weight", "bias"))
        self._asks = dense(weight, bias, precision)
        self._joins = _dense(named, f"{name}.attention.output.dense", precision)
        self._first_norm = _norm(named, f"{name}.attention.output")
        self._widens = _dense(named, f"{name}.intermediate.dense", precision)
        self._narrows = _dense(named, f"{name}.output.dense", precision)
        self._second_norm = _norm(named, f"{name}.output")

    def __call__(self, vectors: torch.Tensor, shape: torch.Size, mask: torch.Tensor | None, eps: float) -> torch.Tensor:
        """``vectors`` is [pieces, hidden] with the padding to a size; ``shape`` is [sentences, pieces, hidden]."""
        rows, width, hidden = shape
        asked = self._asks(vectors)[: rows * width]
        query, key, value = asked.view(rows, width, 3, self._heads, -1).permute(2, 0, 3, 1, 4)
        attended = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        attended = attended.transpose(1, 2).reshape(rows * width, hidden)
        attended = self._joins(functional.pad(attended, (0, 0, 0, -len(attended) % SIZES)))
        vectors = functional.layer_norm(vectors + attended, (hidden,), *self._first_norm, eps)
        narrowed = self._narrows(functional.gelu(self._widens(vectors)))
        return functional.layer_norm(vectors + narrowed, (hidden,), *self._second_norm, eps)


def _dense(named: Mapping[str, torch.Tensor], name: str, precision: Precision) -> Dense | WholeDense:
    return dense(named[f"{name}.weight"], named[f"{name}.bias"], precision)


def _norm(named: Mapping[str, torch.Tensor], name: str) -> tuple[torch.Tensor, torch.Tensor]:
    return named[f"{name}.LayerNorm.weight"], named[f"{name}.LayerNorm.bias"]


def is_bert(folder: Path) -> bool:
    """Whether the folder holds an encoder of the kind that is read here."""
    config = json.loads((folder / "config.json").read_bytes())
    return bool(config.get("model_type") == MODEL_TYPE and config.get("hidden_act") == "gelu")


def load_bert(folder: Path, precision: Precision) -> tuple[Bert, Any]:
    """The encoder of a folder and its tokenizer (``tokenizers.Tokenizer``).

    Raises:
        OSError, ValueError, KeyError: a file is missing, damaged, or lacks a weight.
    """
    from safetensors.torch import load_file
    from tokenizers import Tokenizer

    settings = json.loads((folder / "config.json").read_bytes())
    config = Config(**{name: settings[name] for name in Config._fields})
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    return Bert(config, load_file(folder / "model.safetensors"), precision), tokenizer
