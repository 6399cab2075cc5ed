"""A running mean of a model's weights: it lies in flatter ground than the last step's weights and errs less.

Polyak and Juditsky 1992; with a share that stays, so that the first steps are soon forgotten.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch


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
