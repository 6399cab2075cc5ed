"""The parser: documents in batches through one Stanza pipeline, its output turned into our values."""

from __future__ import annotations

import contextlib
import gc
import time
import warnings
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from quotes.batches import in_batches
from quotes.model import Document, ParsedDocument, Sentence, Token, build_sentence
from quotes.parse.conllu import parse_feats
from quotes.parse.feed import LONGEST_PIECE, Piece, pieces
from quotes.parse.models import ModelChoice

if TYPE_CHECKING:
    from quotes.parse.encoder import SharedEncoder
    from quotes.parse.lemmas import LemmaMemory

# Characters that go through the pipeline together: 9,000 words, whose vectors take 60 MB.
GROUP_CHARACTERS = 60_000


class StanzaParser:
    """Parses documents with one Stanza pipeline, which is loaded on first use.

    ``seconds`` counts the time spent in each of its steps: tokenize, mwt, pos (with the encoder), lemma, depparse.
    """

    def __init__(self, choice: ModelChoice) -> None:
        self._choice = choice
        self._pipeline: Any = None
        self._encoder: SharedEncoder | None = None
        self._lemmas: LemmaMemory | None = None
        self.seconds: dict[str, float] = defaultdict(float)

    @property
    def name(self) -> str:
        """What the column ``model`` holds."""
        return self._choice.name

    def load(self) -> None:
        """Load torch, Stanza and the models now rather than with the first document.

        Raises:
            ModelError: the models are missing, damaged or cannot be downloaded.
        """
        if self._pipeline is not None:
            return
        from quotes.parse.arcs import label_tree_arcs_only
        from quotes.parse.lemmas import LemmaMemory
        from quotes.parse.loading import build_pipeline

        pipeline, self._encoder = build_pipeline(self._choice)
        lemmatizer, parser = pipeline.processors["lemma"], pipeline.processors["depparse"]
        if LemmaMemory.suits(lemmatizer):
            self._lemmas = LemmaMemory(lemmatizer)
        if not parser.config.get("resolve_head_constraints", True):
            label_tree_arcs_only(parser.trainer.model)
        self._pipeline = pipeline

    def parse(self, documents: Sequence[Document]) -> list[ParsedDocument]:
        """Parse documents together; each distinct paragraph is parsed once.

        Every token's text is ``document.text[start:end]``, save the words of a multi-word token (*zum*: *zu dem*).

        Raises:
            ModelError: the models are missing, damaged or cannot be downloaded.
        """
        self.load()
        distinct = dict.fromkeys(d.text[p.start : p.end] for d in documents for p in d.paragraphs)
        feed = {paragraph: list(pieces(paragraph)) for paragraph in distinct}
        trees: dict[Piece, list[tuple[_Word, ...]]] = {}
        distinct_pieces = dict.fromkeys(piece for parts in feed.values() for piece in parts)
        for group in in_batches(distinct_pieces, lambda piece: len(piece.read), GROUP_CHARACTERS):
            trees.update(zip(group, self._parse_pieces(group), strict=True))
        return [_place(document, feed, trees, self.name) for document in documents]

    def _parse_pieces(self, group: list[Piece]) -> list[list[tuple[_Word, ...]]]:
        """The sentences of each piece, offsets counted from its start."""
        starts = [0]
        for piece in group:
            # Stanza starts a new sentence at each empty line.
            starts.append(starts[-1] + len(piece.read) + 2)
        found: list[list[tuple[_Word, ...]]] = [[] for _ in group]
        number = 0
        for sentence in self._annotate("\n\n".join(piece.read for piece in group)):
            first = sentence.tokens[0].start_char
            while starts[number + 1] <= first:
                number += 1
            found[number].append(tuple(_words(sentence, group[number], starts[number])))
        return found

    def _annotate(self, text: str) -> Sequence[Any]:
        """Stanza's sentences of a text."""
        import torch
        from stanza.models.common.doc import Document as StanzaDocument

        from quotes.parse.sentences import repair

        parsed = [StanzaDocument([], text=text)]
        sharing = self._encoder.installed() if self._encoder else contextlib.nullcontext()
        with sharing, _collector_paused(), torch.inference_mode(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for step, processor in self._pipeline.processors.items():
                started = time.perf_counter()
                if step == "pos":
                    repair(parsed[0])
                    if not parsed[0].sentences:
                        break
                if step == "lemma" and self._lemmas is not None:
                    self._lemmas.annotate(parsed)
                else:
                    parsed = processor.bulk_process(parsed)
                self.seconds[step] += time.perf_counter() - started
        sentences: Sequence[Any] = parsed[0].sentences
        return sentences


@contextlib.contextmanager
def _collector_paused() -> Iterator[None]:
    """Stanza makes hundreds of thousands of objects for a batch; looking through them time and again finds nothing."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


class _Word(NamedTuple):
    text: str
    lemma: str
    upos: str
    feats: str
    head: int
    deprel: str
    start: int
    end: int

    def token(self, index: int, offset: int) -> Token:
        start, end = self.start + offset, self.end + offset
        feats = parse_feats(self.feats)
        return Token(index, self.text, self.lemma, self.upos, feats, self.head, self.deprel, start, end)


def _words(sentence: Any, piece: Piece, offset: int) -> Iterator[_Word]:
    from quotes.parse.lemmas import mended

    for token in sentence.tokens:
        fed = piece.read[token.start_char - offset : token.end_char - offset]
        start, end = piece.place(token.start_char - offset, token.end_char - offset)
        printed = piece.printed[start:end]
        for word in token.words:
            lemma = mended(word.lemma, word.text, word.upos, word.feats)
            text = word.text if len(token.words) > 1 else printed
            if fed != printed and len(token.words) == 1:
                lemma = " ".join(printed.split())
            yield _Word(text, lemma, word.upos, word.feats or "_", word.head - 1, word.deprel, start, end)


def _place(
    document: Document, feed: dict[str, list[Piece]], trees: dict[Piece, list[tuple[_Word, ...]]], model: str
) -> ParsedDocument:
    """The sentences of a document, found by the text of its paragraphs and moved to where these stand."""
    from quotes.parse.sentences import LONGEST_SENTENCE

    sentences: list[Sentence] = []
    notes = []
    for number, span in enumerate(document.paragraphs):
        for piece in feed[document.text[span.start : span.end]]:
            offset = span.start + piece.start
            if piece.cut:
                notes.append(f"paragraph {number}: {LONGEST_PIECE} characters without a full stop were cut for parsing")
            for words in trees[piece]:
                tokens = tuple(word.token(index, offset) for index, word in enumerate(words))
                if len(tokens) >= LONGEST_SENTENCE:
                    notes.append(f"paragraph {number}: a sentence of over {LONGEST_SENTENCE} words was cut for parsing")
                sentences.append(build_sentence(len(sentences), number, tokens))
    return ParsedDocument(document, tuple(sentences), model, tuple(dict.fromkeys(notes)))
