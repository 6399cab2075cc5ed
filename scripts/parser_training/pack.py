"""The folder of models as ``quotes`` loads it: five files and the encoder, all in half precision.

They are loaded in single precision. With the bootstrap models' five files so stored, no word of the five seed articles
(3,041 words) is parsed or tagged otherwise, and 12 MB are saved.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from parser_training.encoder import SETTINGS
from quotes.parse.models import ENCODER_NAME, MODEL_FILES

# What the models may take in an installation, in bytes (60 MB, MB = 10^6 bytes).
LARGEST = 60_000_000
# Options of a training that name files or machines, or what was measured during it: the loader needs none.
_PRIVATE = ("_file", "_dir", "_name", "_gold")


def pack(parts: Mapping[str, Path], folder: Path) -> int:
    """Write the models: ``parts`` names each step of ``MODEL_FILES`` and the encoder; return their size in bytes.

    The encoder is stored in half precision and loaded in single, as its ``config.json`` says.

    Raises:
        FileNotFoundError: a part is missing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for step, name in MODEL_FILES.items():
        _write_model(parts[step], folder / name)
    _write_encoder(parts[ENCODER_NAME], folder / ENCODER_NAME)
    (folder / "resources.json").write_text("{}")
    return size(folder)


def size(folder: Path) -> int:
    """The bytes of all files of a folder of models."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _write_model(source: Path, target: Path) -> None:
    import torch

    saved: dict[str, Any] = torch.load(source, map_location="cpu", weights_only=True)
    saved["config"] = {name: _public(name, value) for name, value in saved["config"].items()}
    if saved["model"] is not None:  # the expansion of contractions is a dictionary alone
        saved["model"] = {k: v.half() if v.is_floating_point() else v for k, v in saved["model"].items()}
    # Not the older form, which Stanza writes: its bytes hold addresses of memory and differ from run to run.
    torch.save(saved, target)


def _public(name: str, value: Any) -> Any:
    """A path of the training's machine is of no use to others; its last part says what it was."""
    return Path(value).name if name.endswith(_PRIVATE) and isinstance(value, str) and "/" in value else value


def _write_encoder(source: Path, target: Path) -> None:
    from safetensors.torch import load_file, save_file

    target.mkdir(exist_ok=True)
    tensors = load_file(source / "model.safetensors")
    halves = {name: tensor.half() for name, tensor in tensors.items()}
    save_file(halves, target / "model.safetensors", metadata={"format": "pt"})
    config = json.loads((source / "config.json").read_text(encoding="utf-8"))
    # The training sets the attention's dropout to nothing; it plays no part in use.
    config |= {"dtype": "float32", "attention_probs_dropout_prob": 0.1}
    (target / "config.json").write_text(json.dumps(config, indent=1, sort_keys=True), encoding="utf-8")
    for name in SETTINGS:
        shutil.copyfile(source / name, target / name)
