"""One pass of the encoder a step, with its gradient, for tagger and parser; and targets that are not learnt."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

import torch

# The very pass that the product makes when it parses, so that heads learn on the vectors they will see.
from quotes.parse.encoder import LAYERS, SharedEncoder, encode

__all__ = ["LAYERS", "TrainedEncoder", "Unsure"]


class TrainedEncoder(SharedEncoder):
    """Stands in for Stanza's extraction of vectors; ``half``: the pass is made in bf16, the vectors are single."""

    def __init__(self, *, half: bool) -> None:
        super().__init__()
        self._half = half

    def extract(
        self,
        _model_name: str,
        tokenizer: Any,
        model: Any,
        data: Sequence[Sequence[str]],
        device: Any,
        *,
        keep_endpoints: bool,
        bert_layer_mix: Any = None,
        **_options: Any,
    ) -> list[torch.Tensor]:
        """One [words, hidden] tensor a sentence, with or without its ends."""
        keys = [tuple(words) for words in data]
        missing = [key for key in dict.fromkeys(keys) if key not in self._kept]
        if missing:
            # Figures are read in single precision: so the product reads.
            half = self._half and torch.is_grad_enabled()
            context = (
                torch.autocast(torch.device(device).type, dtype=torch.bfloat16) if half else contextlib.nullcontext()
            )
            with context:
                found = encode(model, tokenizer, missing, device)
            self._kept.update(zip(missing, (layers.float() for layers in found), strict=True))
        used = bert_layer_mix.in_features
        weights = (bert_layer_mix.weight[0] + 1.0 / used).view(-1, 1, 1)
        mixed = [(self._kept[key][-used:] * weights).sum(0) for key in keys]
        return mixed if keep_endpoints else [vectors[1:-1] for vectors in mixed]


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
