"""The row contract: exact offsets, closed vocabularies, stable identifiers."""

from __future__ import annotations

import dataclasses
from datetime import datetime

import pytest
from fake_parser import FakeParser, fake_extract
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from quotes.model import ParsedDocument, Quotation, Span, Speaker
from quotes.schema import (
    CONTEXT,
    DOCUMENT_COLUMNS,
    Provenance,
    Row,
    as_json,
    document_row,
    document_schema,
    quotation_schema,
    to_row,
)
from quotes.text import make_document

TEXT = "Kopfzeile\n\n„Wir gehen“, sagte Anna Beispiel der dpa, „und zwar bald“. Mehr nicht."


def parse(text: str) -> ParsedDocument:
    return FakeParser().parse([make_document(text, source="a.txt")])[0]


def row(quotation: Quotation, parsed: ParsedDocument | None = None) -> Row:
    return to_row(quotation, parsed or parse(TEXT), extractor_version="1", lexicon_hash="l")


def span(part: str, text: str = TEXT) -> Span:
    return Span(text.index(part), text.index(part) + len(part))


INTERRUPTED = Quotation(
    "direct",
    (span("Wir gehen"), span("und zwar bald")),
    "so_frame",
    cue_spans=(span("sagte"),),
    speaker_spans=(span("Anna Beispiel"),),
    addressee_spans=(span("der dpa"),),
    speaker=Speaker("Anna Beispiel", "anna-beispiel", "person", None, "name", 0.75),
    via=("dpa",),
    confidence=0.5,
)


def test_an_interrupted_quotation_is_one_row() -> None:
    made = row(INTERRUPTED)
    assert made.text == "Wir gehen“, sagte Anna Beispiel der dpa, „und zwar bald"
    assert TEXT[made.start : made.end] == made.text
    assert [(s.start, s.end) for s in made.quote_spans] == list(INTERRUPTED.quote_spans)
    assert (made.cue, made.speaker_text, made.addressee) == ("sagte", "Anna Beispiel", "der dpa")
    assert (made.speaker, made.resolution, made.speaker_confidence) == ("Anna Beispiel", "name", 0.75)
    assert made.prefix == "Kopfzeile\n\n„"
    assert made.suffix == "“. Mehr nicht."
    assert made.paragraph == 1
    assert made.via == ("dpa",)


def test_unknown_roles_are_null() -> None:
    made = row(Quotation("indirect", (span("Wir gehen"),), "rule"))
    assert made.speaker is None
    assert made.resolution == "none"
    assert made.cue is None
    assert made.speaker_text is None
    assert made.title is None


def test_quote_id_depends_on_document_spans_and_kind_alone() -> None:
    same = dataclasses.replace(INTERRUPTED, rule="other", speaker=Speaker(), confidence=0.1)
    # Written down once: it must be the same on every machine and in every release of this schema.
    assert row(INTERRUPTED).quote_id == row(same).quote_id == "231c0b57c79375f1d8f1"
    assert row(dataclasses.replace(INTERRUPTED, kind="mixed")).quote_id != row(INTERRUPTED).quote_id
    shorter = dataclasses.replace(INTERRUPTED, quote_spans=INTERRUPTED.quote_spans[:1])
    assert row(shorter).quote_id != row(INTERRUPTED).quote_id


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "gossip"},
        {"mood": "subjunctive"},
        {"medium": "fax"},
        {"polarity": "maybe"},
        {"speaker": Speaker(kind="dog")},
        {"speaker": Speaker(resolution="guess")},
        {"speaker": Speaker(confidence=1.5)},
        {"confidence": -0.1},
        {"rule": ""},
        {"cue_spans": (Span(3, 3),)},
        {"cue_spans": (Span(0, 10_000),)},
        {"quote_spans": (Span(-1, 4),)},
        {"quote_spans": (Span(20, 30), Span(25, 40))},
    ],
)
def test_the_door_refuses(change: dict[str, object]) -> None:
    with pytest.raises((ValueError, ValidationError)):
        row(dataclasses.replace(INTERRUPTED, **change))


@given(st.text(st.sampled_from("aäß „“\n\u00a0\U0001f600\u0308.,") | st.characters(), min_size=1), st.data())
def test_offsets_are_exact(text: str, data: st.DataObject) -> None:
    text = "x " + text  # never empty
    parsed = parse(text)
    normal = parsed.document.text
    bounds = data.draw(
        st.lists(st.integers(0, len(normal)), min_size=2, max_size=6, unique=True).map(sorted), label="bounds"
    )
    spans = tuple(Span(a, b) for a, b in zip(bounds[::2], bounds[1::2], strict=False))
    made = row(Quotation("direct", spans, "rule", verbatim_spans=spans), parsed)
    assert normal[made.start : made.end] == made.text
    assert (made.prefix + made.text + made.suffix) in normal
    assert len(made.prefix) == min(CONTEXT, made.start)
    assert parsed.document.paragraphs[made.paragraph].start <= made.start or made.paragraph == 0


COLUMNS = """
    quote_id doc_id source title outlet author published language kind mood medium polarity text start end quote_spans
    verbatim_spans cue_spans frame_spans speaker_spans addressee_spans via_spans speaker speaker_id speaker_kind
    speaker_role speaker_text speaker_in_article
    resolution cue addressee via prefix suffix paragraph rule confidence speaker_confidence
    extractor_version model lexicon_hash schema_version
"""


def test_the_columns_are_those_of_the_contract() -> None:
    assert list(quotation_schema()) == COLUMNS.split()
    types = {name: str(dtype) for name, dtype in quotation_schema().items()}
    assert types["start"] == types["end"] == "Int64"
    assert types["paragraph"] == "Int32"
    assert types["confidence"] == types["speaker_confidence"] == "Float32"
    assert types["published"].startswith("Datetime(time_unit='us'")
    assert types["via"] == "List(String)"
    assert types["quote_spans"] == "List(Struct({'start': Int64, 'end': Int64}))"
    assert set(document_schema()) == set(DOCUMENT_COLUMNS)


def test_document_row_and_json() -> None:
    document = make_document(TEXT, source="a.txt", published=datetime(2023, 9, 13, 11, 5))
    made = document_row(document, Provenance("1", "m", "l"), notes=("cut",))
    assert list(made) == list(DOCUMENT_COLUMNS)
    assert made["notes"] == ["cut"]
    assert made["error"] is None
    assert as_json(made)["published"] == "2023-09-13T11:05:00"


def test_the_fake_extractor_keeps_the_contract() -> None:
    parsed = parse("„Ja“, sagte Anna. „Nein“.")
    rows = [row(quotation, parsed) for quotation in fake_extract(parsed)]
    assert [(r.text, r.speaker) for r in rows] == [("Ja", "Anna"), ("Nein", None)]
