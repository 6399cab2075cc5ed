"""The parser: documents in batches through one Stanza pipeline, its output turned into our values.

A batch is tokenised first. Then it is known which sentences need a parse and which were seen before; the rest goes
through tagger, lemmatizer and parser together, sentences of like length beside each other whatever article they are of.
"""

from __future__ import annotations

import contextlib
import gc
import time
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from sys import intern
from typing import TYPE_CHECKING, Any, NamedTuple

from quotes.batches import in_batches
from quotes.model import Document, ParsedDocument, Sentence, Token, build_sentence
from quotes.parse.conllu import parse_feats
from quotes.parse.feed import LONGEST_PIECE, Piece, pieces
from quotes.parse.gate import needed
from quotes.parse.heap import give_back
from quotes.parse.memory import Annotation, SentenceMemory, Words, unparsed
from quotes.parse.models import ModelChoice
from quotes.parse.moods import settled

if TYPE_CHECKING:
    from quotes.parse.encoder import SharedEncoder

# Characters that are tokenised together.
GROUP_CHARACTERS = 60_000
# Words that are tagged and parsed together; their vectors take 60 MB.
GROUP_WORDS = 9_000


class StanzaParser:
    """Parses documents with one Stanza pipeline, which is loaded on first use.

    ``seconds`` counts the time spent in each of its steps: tokenize, mwt, encoder, pos, lemma, depparse.
    """

    def __init__(self, choice: ModelChoice, *, exact: bool = False, whole: bool = False) -> None:
        """A parser with the chosen models.

        Args:
            choice: the models, see :func:`quotes.parse.choose_model`.
            exact: compute in single precision even where the machine is faster in less, so that machines of all
                kinds agree. (In less, 1 word of 330 gets another head, no more often wrong than right.)
            whole: parse sentences as well that can have no part in a quotation, see :mod:`quotes.parse.gate`.
        """
        self._choice = choice
        self._exact = exact
        self._whole = whole
        self._pipeline: Any = None
        self._encoder: SharedEncoder | None = None
        # What does a step in the place of Stanza's processor.
        self._own_steps: dict[str, Callable[[Any], None]] = {}
        self._memory = SentenceMemory()
        self.seconds: dict[str, float] = defaultdict(float)

    def __reduce__(self) -> tuple[Any, ...]:
        """In another process: a parser of the same kind that has loaded and seen nothing yet."""
        return partial(type(self), self._choice, exact=self._exact, whole=self._whole), ()

    @property
    def name(self) -> str:
        """What the column ``model`` holds."""
        return f"{self._choice.name}-exact" if self._exact else self._choice.name

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
        from quotes.parse.products import EXACT, fastest
        from quotes.parse.vectors_alone import VectorParser, VectorTagger

        precision = EXACT if self._exact else fastest()
        pipeline, self._encoder = build_pipeline(self._choice, precision)
        label_tree_arcs_only(pipeline.processors["depparse"].trainer.model, half=precision.half)
        for step, kind in (("pos", VectorTagger), ("lemma", LemmaMemory), ("depparse", VectorParser)):
            if kind.suits(pipeline.processors[step]):
                self._own_steps[step] = kind(pipeline.processors[step]).annotate
        self._pipeline = pipeline

    def parse(self, documents: Sequence[Document]) -> list[ParsedDocument]:
        """Parse documents together; each distinct sentence is parsed once.

        Every token's text is ``document.text[start:end]``, save the words of a multi-word token (*zum*: *zu dem*).
        A sentence that needs no parse has words of the class ``X``, all of which depend on the first.

        Raises:
            ModelError: the models are missing, damaged or cannot be downloaded.
        """
        self.load()
        with _collector_paused():
            parsed = self._parsed(documents)
        give_back()
        return parsed

    def _parsed(self, documents: Sequence[Document]) -> list[ParsedDocument]:
        distinct = dict.fromkeys(d.text[p.start : p.end] for d in documents for p in d.paragraphs)
        feed = {paragraph: list(pieces(paragraph)) for paragraph in distinct}
        read: dict[Piece, list[_Read]] = {}
        distinct_pieces = dict.fromkeys(piece for parts in feed.values() for piece in parts)
        for group in in_batches(distinct_pieces, lambda piece: len(piece.read), GROUP_CHARACTERS):
            read.update(zip(group, self._tokenised(group), strict=True))
        placed = [self._asked(_placed(document, feed, read)) for document in documents]
        asked = {s.read.words: s.read.sentence for sentences in placed for s in sentences if s.asked}
        known = self._annotated(asked)
        return [_build(document, placed[at], known, self.name) for at, document in enumerate(documents)]

    def _asked(self, sentences: Iterable[_Placed]) -> list[_Placed]:
        """The sentences of an article, marked where they need a parse: by their article alone, whoever shares them."""
        found = list(sentences)
        if self._whole:
            return found
        flags = needed([sentence.read.words for sentence in found])
        return [s._replace(asked=flag) for s, flag in zip(found, flags, strict=True)]

    def _tokenised(self, group: list[Piece]) -> list[list[_Read]]:
        """The sentences of each piece, places counted from its start."""
        from stanza.models.common.doc import Document as StanzaDocument

        from quotes.parse.sentences import repair

        starts = [0]
        for piece in group:
            # Stanza starts a new sentence at each empty line.
            starts.append(starts[-1] + len(piece.read) + 2)
        document = StanzaDocument([], text="\n\n".join(piece.read for piece in group))
        document = self._run(document, ("tokenize", "mwt"))
        repair(document)
        found: list[list[_Read]] = [[] for _ in group]
        number = 0
        for sentence in document.sentences:
            first = sentence.tokens[0].start_char
            while starts[number + 1] <= first:
                number += 1
            found[number].append(_read(sentence, group[number], starts[number]))
        return found

    def _annotated(self, asked: Mapping[Words, Any]) -> dict[Words, Sequence[Annotation]]:
        """The annotations of sentences, given by their words with Stanza's sentence for each."""
        known: dict[Words, Sequence[Annotation]] = {}
        fresh = []
        for words in asked:
            found = self._memory.recall(words)
            if found is None:
                fresh.append(words)
            else:
                known[words] = found
        # Beside sentences of like length little is padded. The sort is stable: equal batches, equal last digits.
        fresh.sort(key=len)
        for group in in_batches(fresh, len, GROUP_WORDS):
            for words, said in zip(group, self._annotate([asked[words] for words in group]), strict=True):
                known[words] = said
                self._memory.keep(words, said)
        return known

    def _annotate(self, sentences: list[Any]) -> Iterator[list[Annotation]]:
        """Tag, lemmatise and parse Stanza's sentences."""
        from stanza.models.common.doc import Document as StanzaDocument

        document = StanzaDocument([], text="")
        document.sentences = sentences
        document.num_tokens = sum(len(sentence.tokens) for sentence in sentences)
        document.num_words = sum(len(sentence.words) for sentence in sentences)
        before = self._encoder.seconds if self._encoder else 0.0
        with self._encoder.installed() if self._encoder else contextlib.nullcontext():
            document = self._run(document, ("pos", "lemma", "depparse"))
        if self._encoder:
            # The tagger asks for the pass first, so the clock of its step has counted it.
            self.seconds["encoder"] += self._encoder.seconds - before
            self.seconds["pos"] -= self._encoder.seconds - before
        for sentence in document.sentences:
            # Stanza makes the few hundred feature strings anew for each word; the memory must not hold them all.
            yield [
                Annotation(w.lemma, intern(w.upos), intern(feats), w.head - 1, intern(w.deprel))
                for w, feats in zip(sentence.words, features_of(sentence), strict=True)
            ]

    def _run(self, document: Any, steps: Iterable[str]) -> Any:
        """A Stanza document after these of the pipeline's steps, their time counted."""
        import torch

        with torch.inference_mode(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for step in steps:
                processor = self._pipeline.processors.get(step)
                if processor is None:
                    continue  # a package for another language has no words that melt together
                started = time.perf_counter()
                if step in self._own_steps:
                    self._own_steps[step](document)
                else:
                    (document,) = processor.bulk_process([document])
                self.seconds[step] += time.perf_counter() - started
        return document


def features_of(sentence: Any) -> list[str]:
    """The features of a parsed Stanza sentence's words, with the moods that forms settle."""
    words = sentence.words
    return settled(
        [w.text for w in words],
        [w.lemma or w.text for w in words],
        [w.upos for w in words],
        [w.feats or "_" for w in words],
        [w.head - 1 for w in words],
        [w.deprel for w in words],
    )


def limit_threads(count: int) -> None:
    """Compute on so many cores from now on, in this process."""
    import torch

    torch.set_num_threads(count)


@contextlib.contextmanager
def _collector_paused() -> Iterator[None]:
    """Stanza makes hundreds of thousands of objects for a batch; looking through them time and again finds nothing.

    Sentences, words and documents of Stanza point at each other. At the end of a batch all of them are garbage that
    is young, and one look at the young finds it; had the collector looked earlier they would count as old by then.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
            gc.collect(0)


class _Place(NamedTuple):
    """Where a word is printed in its piece. ``whole``: it is all of its token. ``fed``: the token as the models read
    it."""

    start: int
    end: int
    printed: str
    fed: str
    whole: bool


class _Read(NamedTuple):
    """A tokenised sentence: its words, where each is printed, and Stanza's sentence."""

    words: Words
    places: list[_Place]
    sentence: Any


class _Placed(NamedTuple):
    """A sentence of a document: its paragraph's number, the offset of its piece, whether its piece begins at a cut,
    and whether it needs a parse."""

    paragraph: int
    offset: int
    read: _Read
    cut: bool
    asked: bool = True


def _read(sentence: Any, piece: Piece, offset: int) -> _Read:
    places: list[_Place] = []
    for token in sentence.tokens:
        fed = piece.read[token.start_char - offset : token.end_char - offset]
        start, end = piece.place(token.start_char - offset, token.end_char - offset)
        whole = len(token.words) == 1
        places += [_Place(start, end, piece.printed[start:end], fed, whole)] * len(token.words)
    return _Read(tuple(word.text for word in sentence.words), places, sentence)


def _placed(document: Document, feed: dict[str, list[Piece]], read: dict[Piece, list[_Read]]) -> Iterator[_Placed]:
    """The sentences of a document, found by the text of its paragraphs."""
    for number, span in enumerate(document.paragraphs):
        for piece in feed[document.text[span.start : span.end]]:
            for sentence in read[piece]:
                yield _Placed(number, span.start + piece.start, sentence, piece.cut)


def _build(
    document: Document, placed: Sequence[_Placed], known: Mapping[Words, Sequence[Annotation]], model: str
) -> ParsedDocument:
    from quotes.parse.sentences import LONGEST_SENTENCE

    sentences: list[Sentence] = []
    notes = []
    for number, offset, read, cut, asked in placed:
        if cut:
            notes.append(f"paragraph {number}: {LONGEST_PIECE} characters without a full stop were cut for parsing")
        if len(read.words) >= LONGEST_SENTENCE:
            notes.append(f"paragraph {number}: a sentence of over {LONGEST_SENTENCE} words was cut for parsing")
        annotations = known[read.words] if asked else unparsed(read.words)
        sentences.append(build_sentence(len(sentences), number, tuple(_tokens(read, annotations, offset))))
    return ParsedDocument(document, tuple(sentences), model, tuple(dict.fromkeys(notes)))


def _tokens(read: _Read, annotations: Sequence[Annotation], offset: int) -> Iterator[Token]:
    from quotes.parse.lemmas import mended

    for index, (word, place, said) in enumerate(zip(read.words, read.places, annotations, strict=True)):
        lemma = mended(said.lemma, word, said.upos, said.feats)
        if place.whole and place.fed != place.printed:
            lemma = " ".join(place.printed.split())
        text = place.printed if place.whole else word
        start, end = place.start + offset, place.end + offset
        yield Token(index, text, lemma, said.upos, parse_feats(said.feats), said.head, said.deprel, start, end)
