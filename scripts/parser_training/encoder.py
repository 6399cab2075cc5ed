"""The encoder: multilingual-e5-small with the vocabulary that German needs, whole or with fewer layers."""

from __future__ import annotations

import copy
import json
import re
import shutil
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from parser_training.weights import Published, bert_state

# Special pieces stand first and last in the published vocabulary.
FIRST_SPECIAL = 4
# Latin pieces kept for their frequency in the published vocabulary, whether our text has them or not. GSD's held-out
# sentences are cut into 3.5 % more pieces than by the whole vocabulary, with 30,000 into 2.5 % more: for 10 MB.
FREQUENT_LATIN = 15_000
# The published model's limit, in pieces.
LONGEST = 512
SETTINGS = ("tokenizer.json", "tokenizer_config.json")
_TOKENIZER_CONFIG = {
    "tokenizer_class": "PreTrainedTokenizerFast",
    "bos_token": "<s>",
    "eos_token": "</s>",
    "unk_token": "<unk>",
    "pad_token": "<pad>",
    "cls_token": "<s>",
    "sep_token": "</s>",
    "mask_token": "<mask>",
    "model_max_length": LONGEST,
    "clean_up_tokenization_spaces": False,
    "model_input_names": ["input_ids", "attention_mask"],
}


def latin(piece: str) -> bool:
    """Whether all characters of a piece are Latin letters, signs of Latin-1, or general punctuation and currencies."""
    return all(c < "\u0250" or "\u2010" <= c <= "\u20bf" for c in piece)


def kept_pieces(vocabulary: Sequence[tuple[str, float]], seen: Iterable[int]) -> list[int]:
    """The numbers of the pieces to keep, in their order; the special ones are the first four and the last.

    Kept are pieces that German text was ``seen`` to use, single Latin characters, pieces with an umlaut or ß, and the
    most frequent Latin ones: ``vocabulary`` is pairs of piece and logarithm of its probability.
    """
    last = len(vocabulary) - 1
    kept = {number for number in seen if FIRST_SPECIAL <= number < last}
    frequent = 0
    for number in sorted(range(FIRST_SPECIAL, last), key=lambda i: -vocabulary[i][1]):
        piece = vocabulary[number][0].replace("▁", "")
        if not latin(piece):
            continue
        if len(piece) > 1 and frequent < FREQUENT_LATIN:
            frequent += 1
        elif len(piece) > 1 and not re.search("[äöüßÄÖÜ]", piece):
            continue
        kept.add(number)
    return [*range(FIRST_SPECIAL), *sorted(kept), last]


def pruned_tokenizer(settings: dict[str, Any], kept: Sequence[int]) -> dict[str, Any]:
    """A ``tokenizer.json`` with only the kept pieces, renumbered in their order."""
    pruned = copy.deepcopy(settings)
    vocabulary = settings["model"]["vocab"]
    pruned["model"]["vocab"] = [vocabulary[number] for number in kept]
    numbers = {old: new for new, old in enumerate(kept)}
    for token in pruned["added_tokens"]:
        token["id"] = numbers[token["id"]]
    return pruned


def pieces_seen(settings: dict[str, Any], texts: Sequence[str]) -> set[int]:
    """The numbers of the pieces that the texts are cut into."""
    from tokenizers import Tokenizer

    counts: Counter[int] = Counter()
    for encoded in Tokenizer.from_str(json.dumps(settings)).encode_batch(list(texts)):
        counts.update(encoded.ids)
    return set(counts)


def build_encoder(published: Published, settings: dict[str, Any], texts: Sequence[str], folder: Path) -> int:
    """Write the encoder with all its layers and a German vocabulary as transformers reads it; return the pieces kept.

    Raises:
        ValueError: weights and tokenizer have different vocabularies.
    """
    import torch
    from transformers import BertConfig, BertModel

    vocabulary = settings["model"]["vocab"]
    # The weights' file has no piece for <mask>, only its vector.
    if [piece for piece, _ in vocabulary[: len(published.pieces)]][FIRST_SPECIAL:-1] != list(published.pieces)[
        FIRST_SPECIAL:-1
    ]:
        raise ValueError("the tokenizer's pieces are not those of the weights")
    kept = kept_pieces([(piece, score) for piece, score in vocabulary], pieces_seen(settings, texts))
    state = bert_state(published)
    state["embeddings.word_embeddings.weight"] = state["embeddings.word_embeddings.weight"][kept]
    size = published.sizes
    config = BertConfig(
        vocab_size=len(kept),
        hidden_size=size.hidden,
        num_hidden_layers=size.layers,
        num_attention_heads=size.heads,
        intermediate_size=size.inner,
        max_position_embeddings=size.positions,
        type_vocab_size=size.types,
        layer_norm_eps=1e-12,
        pad_token_id=1,
        bos_token_id=0,
        eos_token_id=2,
    )
    model = BertModel(config, add_pooling_layer=False)
    model.load_state_dict({name: torch.from_numpy(values) for name, values in state.items()}, strict=True)
    model.save_pretrained(folder)
    _write_json(pruned_tokenizer(settings, kept), folder / "tokenizer.json")
    _write_json(_TOKENIZER_CONFIG, folder / "tokenizer_config.json")
    return len(kept)


def cut_layers(source: Path, folder: Path, layers: int) -> None:
    """Write an encoder with only the first ``layers`` of another's.

    The first layers of a trained teacher served far better as a start than its every second or untrained ones.
    """
    from transformers import BertConfig, BertModel

    whole = BertModel.from_pretrained(source, add_pooling_layer=False)
    config = BertConfig.from_dict({**whole.config.to_dict(), "num_hidden_layers": layers})
    part = BertModel(config, add_pooling_layer=False)
    names = set(part.state_dict())
    part.load_state_dict({name: values for name, values in whole.state_dict().items() if name in names}, strict=True)
    part.save_pretrained(folder)
    for name in SETTINGS:
        shutil.copyfile(source / name, folder / name)


def _write_json(value: dict[str, Any], path: Path) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, sort_keys=False), encoding="utf-8")
