"""One pass of the encoder for tagger and parser.

Stanza runs the encoder once in the tagger and once more in the parser. Both ask for the same thing, the last
layers at each word, so the first pass is kept and the second reads it. Sentences are encoded in groups of like
length. The vectors equal those of ``stanza.models.common.bert_embedding.extract_base_embeddings``.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import torch

# Stanza's German models mix the last four layers (``bert_hidden_layers`` in the saved arguments).
LAYERS = 4
# Wordpieces in one group: what more of them leave between two layers does not stay in the CPU's own memory, and the
# pass takes a tenth longer with 1,500 (measured on news).
GROUP_PIECES = 512


class SharedEncoder:
    """Remembers the encoder's output for the sentences of the current batch."""

    def __init__(self, *, half: bool = False) -> None:
        """``half``: make the pass in half precision; the vectors it gives are single all the same."""
        self._kept: dict[tuple[str, ...], torch.Tensor] = {}
        self._half = half
        # Seconds spent in the pass itself, which Stanza's tagger asks for and whose time would count as the tagger's.
        self.seconds = 0.0

    def forget(self) -> None:
        """Drop what is kept; call it after each batch so that memory stays bounded."""
        self._kept.clear()

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
        """Stand in for Stanza's ``extract_bert_embeddings``: one [words, hidden] tensor a sentence."""
        keys = [tuple(words) for words in data]
        missing = [key for key in dict.fromkeys(keys) if key not in self._kept]
        if missing:
            started = time.perf_counter()
            self._kept.update(zip(missing, self._encoded(model, tokenizer, missing, device), strict=True))
            self.seconds += time.perf_counter() - started
        if bert_layer_mix is None:
            mixed = [self._kept[key][: LAYERS - 1].sum(0) / LAYERS for key in keys]
        else:
            used = bert_layer_mix.in_features
            weights = (bert_layer_mix.weight[0] + 1.0 / used).view(-1, 1, 1)
            mixed = [(self._kept[key][-used:] * weights).sum(0) for key in keys]
        return mixed if keep_endpoints else [vectors[1:-1] for vectors in mixed]

    def _encoded(
        self, model: Any, tokenizer: Any, sentences: Sequence[tuple[str, ...]], device: Any
    ) -> list[torch.Tensor]:
        """The layers at each word of sentences that are not kept yet; without gradients, for nothing is learnt here."""
        with torch.inference_mode(), in_half(device, self._half):
            return [layers.float() for layers in encode(model, tokenizer, sentences, device)]

    @contextmanager
    def installed(self) -> Iterator[None]:
        """Let Stanza's tagger and parser use this encoder pass inside the block."""
        import stanza.models.depparse.model as parser
        import stanza.models.pos.model as tagger

        kept = tagger.extract_bert_embeddings, parser.extract_bert_embeddings
        tagger.extract_bert_embeddings = self.extract
        parser.extract_bert_embeddings = self.extract
        try:
            yield
        finally:
            tagger.extract_bert_embeddings, parser.extract_bert_embeddings = kept
            self.forget()


def in_half(device: Any, half: bool) -> AbstractContextManager[Any]:
    """A block whose products of matrices are made in half precision, if ``half``."""
    return torch.autocast(torch.device(device).type, dtype=torch.bfloat16) if half else nullcontext()


def encode(
    model: Any, tokenizer: Any, sentences: Sequence[tuple[str, ...]], device: Any, *, most: int = GROUP_PIECES
) -> list[torch.Tensor]:
    """Encode sentences; one [layers, words + 2, hidden] tensor each, taken at each word's last piece.

    ``most``: wordpieces of a group, padding counted.
    """
    backend = getattr(tokenizer, "backend_tokenizer", tokenizer)  # that of transformers wraps one of tokenizers
    encoded = backend.encode_batch([list(words) for words in sentences], is_pretokenized=True)
    ids = [sentence.ids for sentence in encoded]
    # What is beyond the encoder's limit is cut below.
    limit = getattr(tokenizer, "model_max_length", model.config.max_position_embeddings)
    order = sorted(range(len(sentences)), key=lambda i: len(ids[i]))
    result: list[torch.Tensor | None] = [None] * len(sentences)
    at = 0
    while at < len(order):
        end = at + 1
        while end < len(order) and (end - at + 1) * len(ids[order[end]]) <= most:
            end += 1
        group = order[at:end]
        at = end
        width = min(len(ids[group[-1]]), limit)
        pieces = torch.full((len(group), width), model.config.pad_token_id, dtype=torch.long)
        mask = torch.zeros((len(group), width), dtype=torch.long)
        for row, number in enumerate(group):
            length = min(len(ids[number]), width)
            pieces[row, :length] = torch.tensor(ids[number][:length])
            mask[row, :length] = 1
        output = model(input_ids=pieces.to(device), attention_mask=mask.to(device), output_hidden_states=True)
        hidden = torch.stack(output.hidden_states[-LAYERS:])
        for row, number in enumerate(group):
            places = _word_places(encoded[number].word_ids[:width], len(sentences[number]))
            result[number] = hidden[:, row, places]
    return [vectors for vectors in result if vectors is not None]


def _word_places(word_ids: Sequence[int | None], words: int) -> list[int]:
    """Piece positions of the start mark, each word's last piece, and the end mark.

    A word that has no piece (only control characters, or beyond the encoder's limit) takes its predecessor's.
    """
    last: list[int | None] = [0] + [None] * words
    for place, word in enumerate(word_ids):
        if word is not None:
            last[word + 1] = place
    places: list[int] = []
    for found in last:
        places.append(places[-1] if found is None else found)
    places.append(min(max(places) + 1, len(word_ids) - 1))
    return places
