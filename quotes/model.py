"""Frozen values that every room passes on: documents, tokens, sentences, spans, quotations.

All offsets are Unicode code points into ``Document.text``, half-open ``[start, end)``.
Token indices count syntactic words within their sentence, from 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple


class Span(NamedTuple):
    """A half-open range of code points in a document's text."""

    start: int
    end: int

    def covers(self, other: Span) -> bool:
        """Whether ``other`` lies wholly inside this span."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """Whether the two spans share at least one code point."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Document:
    """One article: its normalised text and what is known about it. Unknown metadata is ``None``."""

    doc_id: str
    source: str
    text: str
    paragraphs: tuple[Span, ...]
    title: str | None = None
    outlet: str | None = None
    url: str | None = None
    author: str | None = None
    published: datetime | None = None
    language: str | None = None
    encoding: str | None = None


@dataclass(frozen=True, slots=True)
class Token:
    """One syntactic word of Universal Dependencies.

    ``start`` and ``end`` are those of the printed token: the two words of *zum* share one place.
    ``head`` is the index of the head within the sentence, -1 for the root.
    """

    index: int
    text: str
    lemma: str
    upos: str
    feats: Mapping[str, str]
    head: int
    deprel: str
    start: int
    end: int

    @property
    def relation(self) -> str:
        """The universal relation without its subtype (``nsubj:pass`` gives ``nsubj``)."""
        return self.deprel.partition(":")[0]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A parsed sentence. ``paragraph`` counts the document's paragraphs from 0."""

    index: int
    paragraph: int
    tokens: tuple[Token, ...]
    children: tuple[tuple[int, ...], ...] = field(compare=False, repr=False)

    @property
    def start(self) -> int:
        return self.tokens[0].start

    @property
    def end(self) -> int:
        return self.tokens[-1].end

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


def build_sentence(index: int, paragraph: int, tokens: tuple[Token, ...]) -> Sentence:
    """Join tokens to a sentence and index each token's dependents in surface order."""
    children: list[list[int]] = [[] for _ in tokens]
    for token in tokens:
        if token.head >= 0:
            children[token.head].append(token.index)
    return Sentence(index, paragraph, tokens, tuple(tuple(c) for c in children))


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """A document with its sentences in text order. ``model`` names the parser, ``notes`` what it had to cut."""

    document: Document
    sentences: tuple[Sentence, ...]
    model: str = ""
    notes: tuple[str, ...] = ()


KINDS = ("direct", "indirect", "mixed", "free_indirect", "reported")
MOODS = ("indicative", "konjunktiv_1", "konjunktiv_2", "sollen", "wollen", "imperative", "none")
MEDIA = ("speech", "writing", "thought", "unknown")
POLARITIES = ("affirmed", "denied", "questioned")
SPEAKER_KINDS = ("person", "organisation", "place", "group", "document", "anonymous")
RESOLUTIONS = (
    "name",
    "surname",
    "role",
    "pronoun",
    "possessive",
    "apposition",
    "continuation",
    "attribution_line",
    "none",
)


@dataclass(frozen=True, slots=True)
class Considered:
    """One reading of a phrase for a speaker: whom it may mean, its score, and the reasons that make up the score."""

    name: str
    score: float
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who is held to have said it. ``name`` is the canonical name, ``None`` where nobody is named.

    ``considered`` holds the readings that were weighed, the chosen one first where one was chosen.
    """

    name: str | None = None
    id: str | None = None
    kind: str | None = None
    role: str | None = None
    resolution: str = "none"
    confidence: float = 0.0
    considered: tuple[Considered, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Quotation:
    """One quotation with its roles; every span points into the document's text (code points).

    ``quote_spans`` has several members where the frame interrupts the content. ``verbatim_spans`` are the
    parts inside quotation marks, without the marks. The vocabularies are those of the constants above.
    """

    kind: str
    quote_spans: tuple[Span, ...]
    rule: str
    mood: str = "none"
    medium: str = "unknown"
    polarity: str = "affirmed"
    verbatim_spans: tuple[Span, ...] = ()
    cue_spans: tuple[Span, ...] = ()
    frame_spans: tuple[Span, ...] = ()
    speaker_spans: tuple[Span, ...] = ()
    addressee_spans: tuple[Span, ...] = ()
    via_spans: tuple[Span, ...] = ()
    speaker: Speaker = Speaker()
    via: tuple[str, ...] = ()
    confidence: float = 0.0
    trace: tuple[str, ...] = ()

    @property
    def span(self) -> Span:
        """The outer bounds of the content."""
        return Span(self.quote_spans[0].start, self.quote_spans[-1].end)
