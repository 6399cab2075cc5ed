"""Means of weights: they lie in flatter ground than the last step's weights and err less.

Over the steps of a training: Polyak and Juditsky 1992; with a share that stays, so that the first steps are soon
forgotten. Over several trainings that began at the same weights: Wortsman et al. 2022.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch

from quotes.parse.models import ENCODER_FILES, ENCODER_NAME


class RunningMean:
    """The mean of some parameters over the steps, the last ones counting most."""

    def __init__(self, parameters: Sequence[torch.nn.Parameter], stays: float) -> None:
        """``stays``: the share of the mean that a step leaves; 0.995 looks back about 200 steps.

        Raises:
            ValueError: the share is not between 0 and 1.
        """
        if not 0 < stays < 1:
            raise ValueError(f"a share between 0 and 1, not {stays}")
        self._parameters = list(parameters)
        self._stays = stays
        self._steps = 0
        self._mean = [torch.zeros_like(p, requires_grad=False) for p in self._parameters]

    def add(self) -> None:
        """Take the weights as they are now into the mean."""
        self._steps += 1
        with torch.no_grad():
            torch._foreach_lerp_(self._mean, [p.detach() for p in self._parameters], 1 - self._stays)

    def apply(self) -> None:
        """Put the mean in the place of the weights. The zeros that it began with are taken out of it."""
        if not self._steps:
            return
        share = 1 - self._stays**self._steps
        with torch.no_grad():
            for parameter, mean in zip(self._parameters, self._mean, strict=True):
                parameter.copy_(mean / share)

    def state(self) -> dict[str, Any]:
        """The mean and how many steps are in it."""
        return {"steps": self._steps, "mean": self._mean}

    def restore(self, state: dict[str, Any]) -> None:
        """Take a state back."""
        self._steps = int(state["steps"])
        for kept, mean in zip(self._mean, state["mean"], strict=True):
            kept.copy_(mean)


def write_mean(members: Sequence[Path], folder: Path, *, heads: Sequence[str]) -> None:
    """Write models whose weights are the mean of the members', which began at the same weights.

    Each folder holds the files ``heads``, as Stanza saves them, and the encoder; all else is the first member's.

    Raises:
        ValueError: there is no member, or their vocabularies are not the same.
    """
    from safetensors.torch import load_file, save_file

    if not members:
        raise ValueError("a mean needs a member")
    target = folder / ENCODER_NAME
    target.mkdir(parents=True, exist_ok=True)
    for name in ENCODER_FILES:
        if not name.endswith(".safetensors"):
            shutil.copyfile(members[0] / ENCODER_NAME / name, target / name)
            continue
        states = [load_file(member / ENCODER_NAME / name) for member in members]
        save_file(_mean(states), target / name, metadata={"format": "pt"})
    for name in heads:
        saved = [torch.load(member / name, map_location="cpu", weights_only=True) for member in members]
        if any(one["vocab"] != saved[0]["vocab"] for one in saved):
            raise ValueError(f"{name}: the members have other vocabularies")
        torch.save({**saved[0], "model": _mean([one["model"] for one in saved])}, folder / name)


def _mean(states: Sequence[Mapping[str, torch.Tensor]]) -> dict[str, torch.Tensor]:
    """The mean of each tensor of numbers; whole numbers are the first state's."""
    return {
        name: torch.stack([state[name] for state in states]).mean(0) if value.is_floating_point() else value
        for name, value in states[0].items()
    }
