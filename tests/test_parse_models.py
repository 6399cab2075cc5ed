"""Which models are asked for, and what is said where they are missing, damaged or out of reach."""

from __future__ import annotations

import logging
import time
from pathlib import Path

import pytest

from quotes.errors import ModelError, UsageError
from quotes.parse import StanzaParser, choose_model
from quotes.parse.models import EMBEDDED, ENCODER_NAME, MODEL_FILES


def folder_with(target: Path, **contents: bytes) -> Path:
    """A model folder: the embedded files, but for those given by their step."""
    target.mkdir()
    for step, name in MODEL_FILES.items():
        if step in contents:
            (target / name).write_bytes(contents[step])
        else:
            (target / name).symlink_to(EMBEDDED / name)
    (target / ENCODER_NAME).symlink_to(EMBEDDED / ENCODER_NAME, target_is_directory=True)
    return target


def test_the_name_tells_the_models_apart(tmp_path: Path) -> None:
    embedded = choose_model("embedded")
    assert embedded.name.startswith("embedded@")
    assert len(embedded.name) == len("embedded@") + 12
    same, other = folder_with(tmp_path / "same"), folder_with(tmp_path / "other", mwt=b"other")
    assert choose_model(str(same)).name == embedded.name.replace("embedded", "same")
    assert choose_model(str(other)).name.partition("@")[2] != embedded.name.partition("@")[2]


def test_stanza_and_its_packages() -> None:
    assert choose_model("stanza").name == "stanza:default"
    assert choose_model("stanza:hdt").name == "stanza:hdt"
    assert StanzaParser(choose_model("stanza:hdt")).name == "stanza:hdt"


def test_what_is_no_model_is_a_wrong_call(tmp_path: Path) -> None:
    for wanted in (str(tmp_path / "nothing"), "embeded"):
        with pytest.raises(UsageError, match="neither 'embedded'") as caught:
            choose_model(wanted)
        assert "tokenizer.pt" in caught.value.remedy


def test_missing_and_empty_files_are_named(tmp_path: Path) -> None:
    folder = folder_with(tmp_path / "models", pos=b"")
    with pytest.raises(ModelError, match="is empty") as caught:
        choose_model(str(folder))
    assert caught.value.source == str(folder / "tagger.pt")
    (folder / "tagger.pt").unlink()
    with pytest.raises(ModelError, match="cannot be read") as caught:
        choose_model(str(folder))
    assert caught.value.source == str(folder / "tagger.pt")
    assert "--model" in caught.value.remedy


@pytest.mark.model
@pytest.mark.parametrize("step", ["tokenize", "depparse"])
def test_a_damaged_file_is_named(step: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folder = folder_with(tmp_path / "models", **{step: b"garbage" * 1000})
    with pytest.raises(ModelError, match="cannot be loaded") as caught:
        StanzaParser(choose_model(str(folder))).load()
    assert caught.value.source == str(folder / MODEL_FILES[step])
    assert "--model" in caught.value.remedy
    assert capfd.readouterr() == ("", "")


@pytest.mark.model
def test_a_file_of_another_build_is_an_error_without_a_traceback(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    import torch

    torch.save({"config": {"lang": "de"}, "state": 1}, tmp_path / "old.pt")
    folder = folder_with(tmp_path / "models", lemma=(tmp_path / "old.pt").read_bytes())
    with pytest.raises(ModelError, match="cannot be loaded") as caught:
        StanzaParser(choose_model(str(folder))).load()
    assert str(folder) in caught.value.source
    assert capfd.readouterr() == ("", "")


@pytest.mark.model
def test_a_damaged_encoder_is_named(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folder = folder_with(tmp_path / "models")
    (folder / ENCODER_NAME).unlink()
    (folder / ENCODER_NAME).mkdir()
    for path in (EMBEDDED / ENCODER_NAME).iterdir():
        (folder / ENCODER_NAME / path.name).symlink_to(path)
    weights = folder / ENCODER_NAME / "model.safetensors"
    weights.unlink()
    weights.write_bytes(b"version https://git-lfs.github.com/spec/v1\n")
    with pytest.raises(ModelError, match="cannot be loaded") as caught:
        StanzaParser(choose_model(str(folder))).load()
    assert caught.value.source == str(weights)
    assert capfd.readouterr() == ("", "")


@pytest.mark.model
def test_without_a_network_the_official_models_are_an_error_that_comes_soon(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    import requests
    import stanza

    def nothing_here(**options: object) -> None:
        assert options["download_method"] is None, "must not try to download before the server has answered"
        raise FileNotFoundError("resources.json")

    def no_answer(*_: object, timeout: float, **__: object) -> None:
        assert timeout <= 10
        raise requests.exceptions.ConnectTimeout

    monkeypatch.setattr(stanza, "Pipeline", nothing_here)
    monkeypatch.setattr(requests, "head", no_answer)
    level = logging.getLogger("stanza").level
    started = time.perf_counter()
    with pytest.raises(ModelError, match=r"'hdt' are not on this machine.*ConnectTimeout") as caught:
        StanzaParser(choose_model("stanza:hdt")).load()
    assert time.perf_counter() - started < 20
    assert "--model embedded" in caught.value.remedy
    assert capfd.readouterr() == ("", "")
    assert logging.getLogger("stanza").level == level
