"""Which parser models to use, and whether they are whole: the folder, its files, its fingerprint."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Literal

from quotes.errors import ModelError, UsageError

MODEL_FILES = {
    "tokenize": "tokenizer.pt",
    "mwt": "mwt.pt",
    "pos": "tagger.pt",
    "lemma": "lemmatizer.pt",
    "depparse": "parser.pt",
}
ENCODER_FILES = ("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json")
ENCODER_NAME = "encoder"
EMBEDDED = Path(str(files("quotes").joinpath("models", "de")))
REINSTALL = "Install the package again, or name a whole model folder with --model"


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """What ``--model`` asked for: a folder of models, or a package of Stanza's official ones."""

    kind: Literal["folder", "stanza"]
    name: str
    folder: Path | None = None
    package: str = "default"


def choose_model(wanted: str) -> ModelChoice:
    """Read the value of ``--model``: ``embedded``, ``stanza``, ``stanza:PACKAGE`` or a folder.

    Raises:
        UsageError: the value is none of these.
        ModelError: the folder lacks a file, or holds an empty one.
    """
    if wanted == "embedded":
        return ModelChoice("folder", _fingerprinted("embedded", EMBEDDED), EMBEDDED)
    if wanted == "stanza" or wanted.startswith("stanza:"):
        package = wanted.partition(":")[2] or "default"
        return ModelChoice("stanza", f"stanza:{package}", package=package)
    folder = Path(wanted)
    if not folder.is_dir():
        raise UsageError(
            f"--model {wanted!r} is neither 'embedded' nor 'stanza[:PACKAGE]' nor a folder",
            remedy="Name a folder that holds " + ", ".join(MODEL_FILES.values()),
        )
    return ModelChoice("folder", _fingerprinted(folder.resolve().name, folder), folder)


def _fingerprinted(name: str, folder: Path) -> str:
    """``NAME@HASH`` with the first 12 hex digits of the sha256 over the folder's model files."""
    digest = hashlib.sha256()
    paths = [folder / name for name in MODEL_FILES.values()]
    if (folder / ENCODER_NAME).is_dir():
        paths += [folder / ENCODER_NAME / name for name in ENCODER_FILES]
    for path in paths:
        try:
            with path.open("rb") as handle:
                digest.update(hashlib.file_digest(handle, "sha256").digest())
                size = handle.tell()
        except OSError as error:
            raise ModelError(
                f"the parser model file cannot be read ({error.strerror})",
                source=str(path),
                remedy=REINSTALL,
            ) from error
        if size == 0:
            raise ModelError(
                "the parser model file is empty",
                source=str(path),
                remedy=REINSTALL,
            )
    return f"{name}@{digest.hexdigest()[:12]}"
