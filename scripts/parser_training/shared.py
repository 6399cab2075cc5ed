"""One pass of the encoder a step, with its gradient, for tagger and parser; and targets that are not learnt."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

import torch

# The very pass that the product makes when it parses, so that heads learn on the vectors they will see.
from quotes.parse.encoder import GROUP_PIECES, LAYERS, SharedEncoder, encode, in_half

__all__ = ["LAYERS", "TrainedEncoder", "Unsure"]


# Wordpieces in one group on a GPU, which is the quicker the more it is given at once.
GPU_PIECES = 16384


class TrainedEncoder(SharedEncoder):
    """Stands in for Stanza's extraction of vectors, with gradients; half precision is for learning alone."""

    def _encoded(
        self, model: Any, tokenizer: Any, sentences: Sequence[tuple[str, ...]], device: Any
    ) -> list[torch.Tensor]:
        """The layers in single precision, with their gradients where gradients are kept."""
        on_cpu = torch.device(device).type == "cpu"
        # Figures are read in single precision.
        with in_half(device, self._half and torch.is_grad_enabled()):
            found = encode(model, tokenizer, sentences, device, most=GROUP_PIECES if on_cpu else GPU_PIECES)
        return [layers.float() for layers in found]


class Unsure(torch.nn.Module):
    """A criterion that leaves the words out whose head and relation are known to be noise.

    Stanza's parser calls it with one target a word, sentence after sentence, each padded to the longest. Its loss by
    distance is a sum of its own and keeps such words.
    """

    def __init__(self, inner: torch.nn.Module) -> None:
        super().__init__()
        self.inner = inner
        self._left_out: torch.Tensor | None = None

    def mark(self, unsure: Sequence[Sequence[bool]], device: torch.device) -> None:
        """Say for each word of the next batch, in its order, whether it is unsure."""
        width = max(map(len, unsure))
        rows = [[*row, *[False] * (width - len(row))] for row in unsure]
        self._left_out = torch.tensor(rows, dtype=torch.bool, device=device).view(-1)

    def forget(self) -> None:
        """The next batch is another one."""
        self._left_out = None

    def forward(self, scores: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        """The inner criterion's loss without the unsure words: -1 is what it ignores."""
        if self._left_out is not None:
            target = target.masked_fill(self._left_out, -1)
        loss: torch.Tensor = self.inner(scores, target)
        return loss


@contextlib.contextmanager
def threads(count: int) -> Iterator[None]:
    """Torch on so many cores inside the block; sums depend on it in their last digits."""
    kept = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(kept)
