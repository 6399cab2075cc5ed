"""The training loop: steps, the rate's course, checkpoints.

All chance of a step comes from the seed and the step's number, so a run that was interrupted and goes on from its
checkpoint ends exactly as one that was not (on the same machine with the same number of threads).
"""

from __future__ import annotations

import logging
import os
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import torch

log = logging.getLogger(__name__)
# Steps between two lines of the log.
REPORT_STEPS = 50


class Learner(Protocol):
    """What the loop trains."""

    def learn(self, batch: Any, *, share: float, chance: random.Random) -> dict[str, float]:
        """One step on a batch with this share of the full learning rates; its losses by name."""

    def state(self) -> dict[str, Any]:
        """All that the next step depends on."""

    def restore(self, state: dict[str, Any]) -> None:
        """Take a state back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How long a training goes and what drives it. ``inputs`` names all it depends on: another's checkpoint is void."""

    steps: int
    warm: int
    seed: int
    every: int
    inputs: str

    def share(self, step: int) -> float:
        """The share of the full learning rate at a step, from 0: a short rise, then a straight fall to nothing."""
        return min(1.0, (step + 1) / max(1, self.warm)) * (1 - step / self.steps)


def train(
    learner: Learner,
    plan: Callable[[int], Sequence[Any]],
    course: Course,
    checkpoint: Path,
    *,
    after_epoch: Callable[[int], None] | None = None,
) -> int:
    """Train to the end of the course, from the checkpoint if there is one; return the step it began with.

    ``plan(epoch)`` gives an epoch's batches and must depend on the epoch's number alone. ``after_epoch`` must leave
    the learner as it is.
    """
    begun = step = _restore(learner, course, checkpoint)
    epoch, done = 0, 0
    sums: dict[str, float] = {}
    started = time.monotonic()
    while step < course.steps:
        batches = plan(epoch)
        if not batches:
            raise ValueError("there is nothing to train on")
        for number, batch in enumerate(batches):
            if done + number < step:
                continue  # learnt before the interruption
            if step >= course.steps:
                break
            torch.manual_seed(course.seed * 1_000_003 + step)
            losses = learner.learn(batch, share=course.share(step), chance=random.Random(f"{course.seed}:{step}"))
            step += 1
            for name, value in losses.items():
                sums[name] = sums.get(name, 0.0) + value
            if step % REPORT_STEPS == 0:
                means = " ".join(f"{name} {total / REPORT_STEPS:.3f}" for name, total in sums.items())
                pace = (time.monotonic() - started) / (step - begun)
                log.info("step %d of %d, %.2f s a step, %s", step, course.steps, pace, means)
                sums = {}
            if step % course.every == 0 and step < course.steps:
                _save(learner, course, step, checkpoint)
        done += len(batches)
        epoch += 1
        if after_epoch is not None and done <= step:
            after_epoch(epoch)
    return begun


def _save(learner: Learner, course: Course, step: int, path: Path) -> None:
    """Write the checkpoint whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    torch.save({"inputs": course.inputs, "step": step, "learner": learner.state()}, fresh)
    os.replace(fresh, path)
    log.info("checkpoint at step %d", step)


def _restore(learner: Learner, course: Course, path: Path) -> int:
    if not path.is_file():
        return 0
    kept = torch.load(path, map_location="cpu", weights_only=True)
    if kept["inputs"] != course.inputs:
        log.info("the checkpoint belongs to other inputs and is not used")
        return 0
    learner.restore(kept["learner"])
    log.info("going on from step %d", kept["step"])
    return int(kept["step"])
