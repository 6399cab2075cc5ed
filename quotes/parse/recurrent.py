"""The recurrent layers of tagger and parser in half precision."""

from __future__ import annotations

from typing import Any

import torch
from torch.nn.utils.rnn import PackedSequence


class HalfLSTM(torch.nn.Module):  # type: ignore[misc]
    """An LSTM over packed sequences in half precision; what comes in and goes out is in single precision."""

    def __init__(self, lstm: Any) -> None:
        super().__init__()
        self._lstm = lstm.bfloat16()

    def forward(self, packed: PackedSequence, states: Any = None) -> tuple[PackedSequence, Any]:
        """The sequences after the layer and its last states."""
        halves = None if states is None else tuple(state.bfloat16() for state in states)
        found, last = self._lstm(packed.to(torch.bfloat16), halves)
        return found.to(torch.float32), tuple(state.float() for state in last)


def halve(model: Any) -> None:
    """Let the recurrent layers of a loaded tagger or parser of Stanza's compute in half precision."""
    for name in ("taggerlstm", "parserlstm"):
        for layer in getattr(getattr(model, name, None), "lstm", ()):
            if isinstance(layer.lstm, torch.nn.LSTM):
                layer.lstm = HalfLSTM(layer.lstm)
