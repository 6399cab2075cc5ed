"""The rows of the two tables: pydantic at the door, a polars schema behind it.

For every row ``document.text[row.start:row.end] == row.text``. A change of a name or a meaning raises
:data:`SCHEMA_VERSION`.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from quotes.model import (
    KINDS,
    MEDIA,
    MOODS,
    POLARITIES,
    RESOLUTIONS,
    SPEAKER_KINDS,
    Document,
    ParsedDocument,
    Quotation,
    Span,
)
from quotes.speakers.kinds import slug

if TYPE_CHECKING:
    import polars as pl

SCHEMA_VERSION = "2"
# Code points of context on each side, enough to find a quotation again in a changed page.
CONTEXT = 64
# Digits of the doc_id that keep unnamed speakers of two articles apart.
_DOCUMENT_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Provenance:
    """What made a row: extractor, model, lexicon and schema. Where one differs, the document is extracted anew."""

    extractor_version: str
    model: str
    lexicon_hash: str
    schema_version: str = SCHEMA_VERSION


def _one_of(values: tuple[str, ...]) -> Callable[[str], str]:
    def check(value: str) -> str:
        if value not in values:
            raise ValueError(f"{value!r} is none of {', '.join(values)}")
        return value

    return check


Probability = Annotated[float, Field(ge=0.0, le=1.0)]


class SpanRow(BaseModel):
    """A half-open range of code points, not empty."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    start: Annotated[int, Field(ge=0)]
    end: int

    @model_validator(mode="after")
    def _not_empty(self) -> SpanRow:
        if self.start >= self.end:
            raise ValueError(f"the span {self.start}:{self.end} is empty")
        return self


Spans = tuple[SpanRow, ...]


class Row(BaseModel):
    """One row of the quotations table; the fields are its columns."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    quote_id: str
    doc_id: str
    source: str
    title: str | None
    outlet: str | None
    author: str | None
    published: datetime | None
    language: str | None
    kind: Annotated[str, AfterValidator(_one_of(KINDS))]
    mood: Annotated[str, AfterValidator(_one_of(MOODS))]
    medium: Annotated[str, AfterValidator(_one_of(MEDIA))]
    polarity: Annotated[str, AfterValidator(_one_of(POLARITIES))]
    text: Annotated[str, Field(min_length=1)]
    start: Annotated[int, Field(ge=0)]
    end: int
    quote_spans: Annotated[Spans, Field(min_length=1)]
    verbatim_spans: Spans
    cue_spans: Spans
    frame_spans: Spans
    speaker_spans: Spans
    addressee_spans: Spans
    via_spans: Spans
    speaker: str | None
    speaker_id: str | None
    speaker_kind: Annotated[str, AfterValidator(_one_of(SPEAKER_KINDS))] | None
    speaker_role: str | None
    speaker_text: str | None
    speaker_in_article: str | None
    resolution: Annotated[str, AfterValidator(_one_of(RESOLUTIONS))]
    cue: str | None
    addressee: str | None
    via: tuple[str, ...]
    prefix: str
    suffix: str
    paragraph: int
    rule: Annotated[str, Field(min_length=1)]
    confidence: Probability
    speaker_confidence: Probability
    extractor_version: str
    model: str
    lexicon_hash: str
    schema_version: str

    @model_validator(mode="after")
    def _offsets_agree(self) -> Row:
        if len(self.text) != self.end - self.start:
            raise ValueError(f"the text has {len(self.text)} characters, the offsets span {self.end - self.start}")
        if (self.quote_spans[0].start, self.quote_spans[-1].end) != (self.start, self.end):
            raise ValueError("start and end are not the outer bounds of quote_spans")
        if any(a.end > b.start for a, b in zip(self.quote_spans, self.quote_spans[1:], strict=False)):
            raise ValueError("quote_spans are not in order")
        return self


def to_row(quotation: Quotation, parsed: ParsedDocument, *, extractor_version: str, lexicon_hash: str) -> Row:
    """The row of a quotation.

    Raises:
        ValueError: a span lies outside the document, or a value is outside its vocabulary.
    """
    document = parsed.document
    text = document.text
    start, end = quotation.span
    _check_inside(quotation, len(text))
    speaker = quotation.speaker
    return Row(
        quote_id=quote_id(document.doc_id, quotation),
        doc_id=document.doc_id,
        source=document.source,
        title=document.title,
        outlet=document.outlet,
        author=document.author,
        published=document.published,
        language=document.language,
        kind=quotation.kind,
        mood=quotation.mood,
        medium=quotation.medium,
        polarity=quotation.polarity,
        text=text[start:end],
        start=start,
        end=end,
        **{name: tuple(SpanRow(start=s, end=e) for s, e in spans) for name, spans in _span_columns(quotation).items()},
        speaker=speaker.name,
        speaker_id=speaker.id or (unnamed_id(speaker.name, document.doc_id) if speaker.name else None),
        speaker_kind=speaker.kind,
        speaker_role=speaker.role,
        speaker_text=_printed(text, quotation.speaker_spans),
        speaker_in_article=speaker.name,
        resolution=speaker.resolution,
        cue=_printed(text, quotation.cue_spans),
        addressee=_printed(text, quotation.addressee_spans),
        via=quotation.via,
        prefix=text[max(0, start - CONTEXT) : start],
        suffix=text[end : end + CONTEXT],
        paragraph=max(0, bisect_right(document.paragraphs, start, key=lambda span: span.start) - 1),
        rule=quotation.rule,
        confidence=quotation.confidence,
        speaker_confidence=speaker.confidence,
        extractor_version=extractor_version,
        model=parsed.model,
        lexicon_hash=lexicon_hash,
        schema_version=SCHEMA_VERSION,
    )


def is_newer(schema_version: str | None) -> bool:
    """Whether a row was written by a newer version of this program, whose columns may mean something else."""
    return schema_version is not None and schema_version.isdecimal() and int(schema_version) > int(SCHEMA_VERSION)


def unnamed_id(name: str, doc_id: str) -> str:
    """The identifier of somebody without a name: the Sprecher of one article is not that of another."""
    return f"{slug(name)}-{doc_id[:_DOCUMENT_DIGITS]}"


def is_unnamed() -> pl.Expr:
    """Whether a row's ``speaker_id`` is that of somebody without a name."""
    import polars as pl

    ending = pl.col("speaker_id").str.slice(-_DOCUMENT_DIGITS, _DOCUMENT_DIGITS)
    return (ending == pl.col("doc_id").str.slice(0, _DOCUMENT_DIGITS)).fill_null(False)


def quote_id(doc_id: str, quotation: Quotation) -> str:
    """The same 20 hex digits on every machine and run for the same document, spans and kind."""
    spans = ",".join(f"{s}:{e}" for s, e in quotation.quote_spans)
    return hashlib.sha256(f"{doc_id}|{spans}|{quotation.kind}".encode()).hexdigest()[:20]


def _span_columns(quotation: Quotation) -> dict[str, tuple[Span, ...]]:
    return {name: getattr(quotation, name) for name in SPAN_COLUMNS}


def _check_inside(quotation: Quotation, length: int) -> None:
    for name, spans in _span_columns(quotation).items():
        for start, end in spans:
            if not 0 <= start < end <= length:
                raise ValueError(f"{name} {start}:{end} of rule {quotation.rule} is not inside 0:{length}")


def _printed(text: str, spans: Sequence[Span]) -> str | None:
    """The words of the spans on one line, joined by a space."""
    return " ".join(" ".join(text[start:end].split()) for start, end in spans) or None


SPAN_COLUMNS = (
    "quote_spans",
    "verbatim_spans",
    "cue_spans",
    "frame_spans",
    "speaker_spans",
    "addressee_spans",
    "via_spans",
)


def quotation_schema() -> dict[str, pl.DataType]:
    """The polars types of the quotations table, in the order of its columns."""
    import polars as pl

    special: dict[str, pl.DataType] = {
        "published": pl.Datetime("us"),
        "start": pl.Int64(),
        "end": pl.Int64(),
        "via": pl.List(pl.String()),
        "paragraph": pl.Int32(),
        "confidence": pl.Float32(),
        "speaker_confidence": pl.Float32(),
    }
    spans = pl.List(pl.Struct({"start": pl.Int64(), "end": pl.Int64()}))
    special |= dict.fromkeys(SPAN_COLUMNS, spans)
    return {name: special.get(name, pl.String()) for name in Row.model_fields}


DOCUMENT_COLUMNS = (
    "doc_id",
    "source",
    "text",
    "title",
    "outlet",
    "url",
    "author",
    "published",
    "language",
    "encoding",
    "notes",
    "extractor_version",
    "model",
    "lexicon_hash",
    "schema_version",
    "error",
    "remedy",
)


def document_schema() -> dict[str, pl.DataType]:
    """The polars types of the documents table. ``notes`` says what was cut, ``error`` and ``remedy`` what failed."""
    import polars as pl

    special: dict[str, pl.DataType] = {"published": pl.Datetime("us"), "notes": pl.List(pl.String())}
    return {name: special.get(name, pl.String()) for name in DOCUMENT_COLUMNS}


def document_row(
    document: Document, provenance: Provenance, *, notes: Sequence[str] = (), error: str | None = None, remedy: str = ""
) -> dict[str, Any]:
    """The row of a document; ``error`` where it was read but could not be extracted."""
    row: dict[str, Any] = {name: getattr(document, name, None) for name in DOCUMENT_COLUMNS}
    row |= {name: getattr(provenance, name) for name in Provenance.__slots__}
    return row | {"notes": list(notes), "error": error, "remedy": remedy or None}


def failure_row(source: str, message: str, remedy: str, provenance: Provenance) -> dict[str, Any]:
    """The row of a document that could not be read: no text, no doc_id."""
    row: dict[str, Any] = dict.fromkeys(DOCUMENT_COLUMNS)
    row |= {name: getattr(provenance, name) for name in Provenance.__slots__}
    return row | {"source": source, "notes": [], "error": message, "remedy": remedy or None}


def as_json(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of either table as JSON takes it: times and days in ISO form."""
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in row.items()}
