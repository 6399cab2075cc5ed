"""The loop of a training: its course, its resumption, what is no target; and steps that are done once."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from parser_training.loop import Course, train
from parser_training.shared import Unsure
from parser_training.steps import Steps


class Toy:
    """A small network with dropout and a memory in its optimizer; it can be made to stop at a step."""

    def __init__(self, stop_at: int | None = None) -> None:
        torch.manual_seed(0)
        self.net = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.Dropout(0.5), torch.nn.Linear(8, 1))
        self.optimizer = torch.optim.AdamW(self.net.parameters(), lr=0.1)
        self.stop_at, self.seen = stop_at, []

    def learn(self, batch: int, *, share: float, chance: random.Random) -> dict[str, float]:
        if len(self.seen) == self.stop_at:
            raise KeyboardInterrupt
        self.seen.append(batch)
        self.optimizer.param_groups[0]["lr"] = 0.1 * share
        inputs = torch.full((3, 4), batch / 10 + chance.random())
        loss = self.net(inputs).square().mean()
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return {"loss": float(loss.detach())}

    def state(self) -> dict[str, Any]:
        return {"net": self.net.state_dict(), "optimizer": self.optimizer.state_dict()}

    def restore(self, state: dict[str, Any]) -> None:
        self.net.load_state_dict(state["net"])
        self.optimizer.load_state_dict(state["optimizer"])


def plan(epoch: int) -> Sequence[int]:
    return random.Random(f"p{epoch}").sample(range(100), 7)


COURSE = Course(steps=20, warm=3, seed=5, every=3, inputs="one")


def test_a_training_that_was_interrupted_ends_as_one_that_was_not(tmp_path: Path) -> None:
    whole = Toy()
    train(whole, plan, COURSE, tmp_path / "a.pt")
    interrupted = Toy(stop_at=11)
    with pytest.raises(KeyboardInterrupt):
        train(interrupted, plan, COURSE, tmp_path / "b.pt")
    resumed = Toy()
    assert train(resumed, plan, COURSE, tmp_path / "b.pt") == 9
    assert resumed.seen == whole.seen[9:]
    for one, other in zip(whole.net.parameters(), resumed.net.parameters(), strict=True):
        assert torch.equal(one, other)


def test_a_checkpoint_of_other_inputs_is_void(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        train(Toy(stop_at=11), plan, COURSE, tmp_path / "b.pt")
    assert train(Toy(), plan, replace(COURSE, inputs="two"), tmp_path / "b.pt") == 0


def test_the_rate_rises_and_falls_to_nothing() -> None:
    shares = [COURSE.share(step) for step in range(COURSE.steps)]
    assert shares.index(max(shares)) == COURSE.warm - 1
    assert shares[0] < 0.4
    assert 0 < shares[-1] < 1.001 / COURSE.steps


def test_words_that_are_noise_are_no_target() -> None:
    inner = torch.nn.CrossEntropyLoss(ignore_index=-1, reduction="sum")
    criterion = Unsure(inner)
    scores, target = torch.randn(4, 3), torch.tensor([0, 2, 1, -1])
    criterion.mark([[True, False], [False]], torch.device("cpu"))
    assert torch.isclose(criterion(scores, target), inner(scores[1:], target[1:]))
    criterion.forget()
    assert torch.isclose(criterion(scores, target), inner(scores, target))


def test_a_step_is_done_again_only_if_something_changed(tmp_path: Path) -> None:
    source, output = tmp_path / "in", tmp_path / "work" / "out"
    source.write_text("1")
    times = []

    def once(numbers: int = 1, **options: Any) -> bool:
        def work(_: str) -> None:
            times.append(1)
            output.write_text("done")

        return Steps(tmp_path / "work", **options).run("s", work, files=[source], numbers=numbers, outputs=[output])

    assert [once(), once(), once(numbers=2), once(numbers=2)] == [True, False, True, False]
    source.write_text("2")
    assert once(numbers=2)
    output.write_text("damaged")
    assert once(numbers=2)
    assert once(numbers=2, again=["s"])
    assert len(times) == 5


def test_what_a_step_took_stands_with_the_machine_it_ran_on(tmp_path: Path) -> None:
    output = tmp_path / "o"
    for machine, name in (("one", "a"), ("two", "b")):
        Steps(tmp_path, machine=machine).run(name, lambda _: output.touch(), files=[], numbers=1, outputs=[output])
    found = Steps(tmp_path).seconds(["a", "b", "never"])
    assert {machine: list(steps) for machine, steps in found.items()} == {"one": ["a"], "two": ["b"]}
    assert not Steps(tmp_path).run("a", lambda _: None, files=[], numbers=1, outputs=[output])
