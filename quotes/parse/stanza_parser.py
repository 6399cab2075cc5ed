"""The Stanza pipeline: built once, fed in batches across documents, its output turned into our values."""

from __future__ import annotations

import contextlib
import logging
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from quotes.errors import ModelError
from quotes.model import Document, ParsedDocument, Sentence, Token, build_sentence
from quotes.parse.conllu import parse_feats
from quotes.parse.models import ENCODER_NAME, MODEL_FILES, ModelChoice

if TYPE_CHECKING:
    from quotes.parse.encoder import SharedEncoder

# Words. The parser's arc scores grow with the square of the sentence; no sentence of prose is that long
# (the longest of 9,900 in GSD has 118 words), so what is longer is a list or a lost full stop, and is cut.
LONGEST_SENTENCE = 200
BATCH_SIZES = {"tokenize_batch_size": 64, "pos_batch_size": 250, "lemma_batch_size": 500, "depparse_batch_size": 5000}


class StanzaParser:
    """Parses documents with one Stanza pipeline, which is loaded on first use."""

    def __init__(self, choice: ModelChoice) -> None:
        self._choice = choice
        self._pipeline: Any = None
        self._encoder: SharedEncoder | None = None

    @property
    def name(self) -> str:
        """What the column ``model`` holds."""
        return self._choice.name

    def parse(self, documents: Sequence[Document]) -> list[ParsedDocument]:
        """Parse documents together; each distinct paragraph is parsed once.

        Raises:
            ModelError: the models are missing, damaged or cannot be downloaded.
        """
        self.load()
        distinct = list(dict.fromkeys(d.text[p.start : p.end] for d in documents for p in d.paragraphs))
        trees = dict(zip(distinct, self._parse_paragraphs(distinct), strict=True))
        return [_place(document, trees, self.name) for document in documents]

    def load(self) -> None:
        """Load torch, Stanza and the models now rather than with the first document."""
        if self._pipeline is None:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self._pipeline, self._encoder = _build(self._choice)

    def _parse_paragraphs(self, paragraphs: list[str]) -> list[list[tuple[_Word, ...]]]:
        if not paragraphs:
            return []
        from stanza.models.common.doc import Document as StanzaDocument

        # One text for the whole batch: Stanza starts a new sentence at each empty line.
        parsed = [StanzaDocument([], text="\n\n".join(paragraphs))]
        sharing = self._encoder.installed() if self._encoder else contextlib.nullcontext()
        with sharing:
            for step, processor in self._pipeline.processors.items():
                if step == "pos":
                    parsed = [_cut_long_sentences(document) for document in parsed]
                parsed = processor.bulk_process(parsed)
        starts = []
        at = 0
        for paragraph in paragraphs:
            starts.append(at)
            at += len(paragraph) + 2
        trees: list[list[tuple[_Word, ...]]] = [[] for _ in paragraphs]
        number = 0
        for sentence in parsed[0].sentences:
            words = _words(sentence)
            while number + 1 < len(starts) and starts[number + 1] <= words[0][6]:
                number += 1
            trees[number].append(
                tuple((*word[:6], word[6] - starts[number], word[7] - starts[number]) for word in words)
            )
        return trees


_Word = tuple[str, str, str, str, int, str, int, int]  # text, lemma, upos, feats, head, deprel, start, end


def _words(sentence: Any) -> list[_Word]:
    words: list[_Word] = []
    for token in sentence.tokens:
        for word in token.words:
            lemma = word.lemma or word.text
            # The lemmatizer writes letters until it sees an end; on rare compounds it may not stop in time.
            if len(lemma) > len(word.text) + 4:
                lemma = word.text
            words.append(
                (word.text, lemma, word.upos, word.feats or "_", word.head - 1, word.deprel, token.start_char, token.end_char)
            )
    return words


def _place(document: Document, trees: dict[str, list[tuple[_Word, ...]]], model: str) -> ParsedDocument:
    sentences: list[Sentence] = []
    notes = []
    for number, span in enumerate(document.paragraphs):
        for words in trees[document.text[span.start : span.end]]:
            tokens = tuple(
                Token(i, w[0], w[1], w[2], parse_feats(w[3]), w[4], w[5], w[6] + span.start, w[7] + span.start)
                for i, w in enumerate(words)
            )
            if len(tokens) >= LONGEST_SENTENCE:
                notes.append(f"paragraph {number}: a sentence of over {LONGEST_SENTENCE} words was cut for parsing")
            sentences.append(build_sentence(len(sentences), number, tokens))
    return ParsedDocument(document, tuple(sentences), model, tuple(dict.fromkeys(notes)))


def _cut_long_sentences(document: Any) -> Any:
    """Split sentences over the limit into pieces; documents without one pass as they are."""
    if all(len(sentence.words) <= LONGEST_SENTENCE for sentence in document.sentences):
        return document
    from stanza.models.common.doc import Document as StanzaDocument

    pieces: list[list[dict[str, Any]]] = []
    for sentence in document.sentences:
        piece: list[dict[str, Any]] = []
        count = 0
        for token in sentence.tokens:
            if count + len(token.words) > LONGEST_SENTENCE:
                pieces.append(piece)
                piece, count = [], 0
            first = count + 1
            count += len(token.words)
            place = {"start_char": token.start_char, "end_char": token.end_char}
            if len(token.words) > 1:
                piece.append({"id": (first, count), "text": token.text, **place})
                piece += [{"id": first + i, "text": w.text} for i, w in enumerate(token.words)]
            else:
                piece.append({"id": first, "text": token.text, **place})
        pieces.append(piece)
    return StanzaDocument(pieces, text=document.text)


def _build(choice: ModelChoice) -> tuple[Any, SharedEncoder | None]:
    import stanza
    from stanza.models.common.foundation_cache import FoundationCache
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()
    common: dict[str, Any] = {"lang": "de", "logging_level": "ERROR", "use_gpu": False, **BATCH_SIZES}
    logging.getLogger("stanza").setLevel(logging.ERROR)
    if choice.kind == "stanza":
        return _build_official(choice, common), None
    folder = choice.folder
    if folder is None:
        raise ModelError(f"the model {choice.name} has no folder")
    try:
        paths = {f"{step}_model_path": str(folder / name) for step, name in MODEL_FILES.items()}
        cache = FoundationCache(local_files_only=True)
        encoder = None
        if (folder / ENCODER_NAME).is_dir():
            # The saved models name their encoder by this word; it is put into the cache under that name.
            cache.load_bert(str(folder / ENCODER_NAME))
            cache.bert[ENCODER_NAME] = cache.bert.pop(str(folder / ENCODER_NAME))
            from quotes.parse.encoder import SharedEncoder

            encoder = SharedEncoder()
        pipeline = stanza.Pipeline(
            dir=str(folder),
            package=None,
            processors={},
            allow_unknown_language=True,
            download_method=None,
            foundation_cache=cache,
            resources_filepath=str(folder / "resources.json"),
            **paths,
            **common,
        )
    except Exception as error:  # torch and Stanza raise of every kind on a damaged file
        raise ModelError(
            f"the parser models cannot be loaded ({type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''})",
            source=str(folder),
            remedy="Install the package again, or name a whole model folder with --model",
        ) from error
    return pipeline, encoder


def _build_official(choice: ModelChoice, common: dict[str, Any]) -> Any:
    import stanza

    try:
        return stanza.Pipeline(package=choice.package, processors="tokenize,mwt,pos,lemma,depparse", **common)
    except Exception as error:  # requests, urllib3 and Stanza each have their own
        raise ModelError(
            f"Stanza's German models '{choice.package}' are not on this machine and could not be downloaded"
            f" ({type(error).__name__})",
            remedy="Connect to the network for the first run, or use --model embedded",
        ) from error
