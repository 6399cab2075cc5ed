"""The running mean of the weights."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from parser_training.averaging import RunningMean, write_mean
from safetensors.torch import load_file, save_file
from torch.nn import Parameter

from quotes.parse.models import ENCODER_FILES, ENCODER_NAME


def parameters() -> list[Parameter]:
    return [Parameter(torch.zeros(2, 3)), Parameter(torch.zeros(4))]


def walk(mean: RunningMean, weights: list[Parameter], values: list[float]) -> None:
    """As many steps as values; each sets the weights to its value."""
    for value in values:
        with torch.no_grad():
            for number, parameter in enumerate(weights):
                parameter.fill_(value + number)
        mean.add()


def test_the_last_steps_count_most_and_the_zeros_of_the_start_nothing() -> None:
    weights = parameters()
    mean = RunningMean(weights, 0.5)
    walk(mean, weights, [1.0, 3.0, 8.0])
    assert weights[0].unique().tolist() == [8.0]  # gathering leaves the weights alone
    mean.apply()
    wanted = (1 * 1.0 + 2 * 3.0 + 4 * 8.0) / (1 + 2 + 4)
    assert torch.allclose(weights[0], torch.full((2, 3), wanted))
    assert torch.allclose(weights[1], torch.full((4,), wanted + 1))
    assert all(parameter.requires_grad for parameter in weights)


@pytest.mark.parametrize("steps", [1, 2, 50])
def test_the_mean_of_weights_that_stay_is_they_themselves(steps: int) -> None:
    weights = parameters()
    mean = RunningMean(weights, 0.995)
    walk(mean, weights, [2.0] * steps)
    mean.apply()
    assert torch.allclose(weights[0], torch.full((2, 3), 2.0))


def test_without_a_step_the_weights_stay() -> None:
    weights = [Parameter(torch.full((2,), 7.0))]
    RunningMean(weights, 0.9).apply()
    assert weights[0].tolist() == [7.0, 7.0]


def test_a_mean_that_was_taken_back_goes_on_as_one_that_was_not_interrupted() -> None:
    whole, resumed = parameters(), parameters()
    mean, first = RunningMean(whole, 0.9), RunningMean(resumed, 0.9)
    walk(mean, whole, [1.0, 5.0, -2.0, 4.0])
    walk(first, resumed, [1.0, 5.0])
    kept = first.state()
    second = RunningMean(resumed, 0.9)
    second.restore(kept)
    walk(second, resumed, [-2.0, 4.0])
    for found in (mean, second):
        found.apply()
    assert all(torch.equal(one, other) for one, other in zip(whole, resumed, strict=True))


def test_a_restored_state_is_a_copy() -> None:
    weights = parameters()
    mean, other = RunningMean(weights, 0.9), RunningMean(weights, 0.9)
    walk(mean, weights, [1.0])
    other.restore(mean.state())
    walk(other, weights, [9.0])
    mean.apply()
    assert torch.allclose(weights[0], torch.full((2, 3), 1.0))


def test_means_of_other_weights_are_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        RunningMean(parameters(), 0.9).restore(RunningMean(parameters()[:1], 0.9).state())


@pytest.mark.parametrize("stays", [0.0, 1.0, -0.1, 1.5])
def test_a_share_that_leaves_nothing_or_all_is_refused(stays: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        RunningMean(parameters(), stays)


def models(folder: Path, value: float, *, vocab: str = "v") -> Path:
    (folder / ENCODER_NAME).mkdir(parents=True)
    for name in ENCODER_FILES:
        (folder / ENCODER_NAME / name).write_text(f"{folder.name}")
    save_file({"layer": torch.full((2,), value)}, folder / ENCODER_NAME / "model.safetensors")
    model = {"w": torch.full((3,), 10 * value), "n": torch.tensor([7])}
    torch.save({"model": model, "vocab": vocab, "config": {"of": folder.name}}, folder / "parser.pt")
    return folder


def test_the_mean_of_several_models(tmp_path: Path) -> None:
    members = [models(tmp_path / name, value) for name, value in (("a", 1.0), ("b", 2.0), ("c", 6.0))]
    write_mean(members, tmp_path / "mean", heads=["parser.pt"])
    assert load_file(tmp_path / "mean" / ENCODER_NAME / "model.safetensors")["layer"].tolist() == [3.0, 3.0]
    saved = torch.load(tmp_path / "mean" / "parser.pt", weights_only=True)
    assert saved["model"]["w"].tolist() == [30.0] * 3
    assert saved["model"]["n"].tolist() == [7]
    assert saved["config"] == {"of": "a"}
    assert (tmp_path / "mean" / ENCODER_NAME / "config.json").read_text() == "a"


def test_no_mean_of_nothing_or_of_other_words(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="needs a member"):
        write_mean([], tmp_path / "mean", heads=[])
    members = [models(tmp_path / "a", 1.0), models(tmp_path / "b", 1.0, vocab="other")]
    with pytest.raises(ValueError, match=r"parser\.pt: the members"):
        write_mean(members, tmp_path / "mean", heads=["parser.pt"])
