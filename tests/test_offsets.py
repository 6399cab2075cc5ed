"""The offset contract, over every stored parse and over parses that are wrong on purpose."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from gold import Article, load_cases, load_gold, load_seeds
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quotes.constructions.nested import RULE as NESTED
from quotes.extract import extract
from quotes.marks import ALL_MARKS
from quotes.model import KINDS, MEDIA, MOODS, POLARITIES, RESOLUTIONS, ParsedDocument, Quotation, Span, build_sentence
from quotes.schema import to_row


@lru_cache(maxsize=1)
def articles() -> tuple[Article, ...]:
    """All but the calibration part and the unseen third of the gold: a failing test prints rows."""
    return (*load_seeds(), *load_gold("development"), *load_cases())


@lru_cache(maxsize=1)
def results() -> list[tuple[ParsedDocument, list[Quotation]]]:
    return [(a.parsed, extract(a.parsed)) for a in articles()]


def every_row() -> list[tuple[ParsedDocument, Quotation]]:
    return [(parsed, row) for parsed, rows in results() for row in rows]


def check(parsed: ParsedDocument, rows: list[Quotation]) -> None:
    text = parsed.document.text
    for row in rows:
        assert row.quote_spans
        assert_ordered(row.quote_spans)
        assert_ordered(row.verbatim_spans)
        for spans in (row.cue_spans, row.frame_spans, row.speaker_spans, row.addressee_spans, row.via_spans):
            assert all(0 <= span.start < span.end <= len(text) for span in spans)
        for span in (*row.quote_spans, *row.verbatim_spans):
            assert 0 <= span.start < span.end <= len(text)
            assert text[slice(*span)] == text[slice(*span)].strip()
        for verbatim in row.verbatim_spans:
            assert any(span.covers(verbatim) for span in row.quote_spans)
        out = to_row(row, parsed, extractor_version="1", lexicon_hash="l")
        assert text[out.start : out.end] == out.text
        assert out.paragraph < len(parsed.document.paragraphs)
    assert [r.span.start for r in rows] == sorted(r.span.start for r in rows)


def assert_ordered(spans: tuple[Span, ...]) -> None:
    assert all(a.end <= b.start for a, b in pairwise(spans))


def test_every_stored_parse_keeps_the_contract() -> None:
    assert len(articles()) > 400
    for parsed, rows in results():
        check(parsed, rows)


def test_the_unseen_articles_keep_the_contract_too() -> None:
    broken = 0
    for article in (*load_gold("calibration"), *load_gold("unseen")):
        try:
            check(article.parsed, extract(article.parsed))
        except (AssertionError, ValueError):
            broken += 1
    assert broken == 0


def test_a_second_run_gives_the_same() -> None:
    assert [(parsed, extract(parsed)) for parsed, _ in results()] == results()
    assert len(every_row()) > 500


def test_rows_of_a_document_have_different_ids() -> None:
    ids = [to_row(r, p, extractor_version="1", lexicon_hash="l").quote_id for p, r in every_row()]
    assert len(set(ids)) == len(ids)


def test_no_two_rows_share_a_word_but_a_nested_one_and_the_one_that_holds_it() -> None:
    for parsed, rows in results():
        outer = [row for row in rows if row.rule != NESTED]
        spans = sorted(span for row in outer for span in row.quote_spans)
        assert all(a.end <= b.start for a, b in pairwise(spans)), parsed.document.source
        inner = [row for row in rows if row.rule == NESTED]
        assert all(any(span.covers(i) for span in spans for i in row.quote_spans) for row in inner)


def test_the_vocabularies_are_closed() -> None:
    for _, row in every_row():
        assert row.kind in KINDS
        assert row.mood in MOODS
        assert row.medium in MEDIA
        assert row.polarity in POLARITIES
        assert row.speaker.resolution in RESOLUTIONS
        assert 0 <= row.confidence <= 1
        assert 0 <= row.speaker.confidence <= 1


def test_kind_and_verbatim_agree() -> None:
    for parsed, row in every_row():
        text = parsed.document.text
        if row.kind == "direct":
            assert row.verbatim_spans == row.quote_spans
            assert not {text[row.span.start], text[row.span.end - 1]} & set("„«»“”") or nested(text, row)
        elif row.kind == "mixed":
            assert row.verbatim_spans
        elif row.kind == "indirect":
            assert not row.verbatim_spans


def nested(text: str, row: Quotation) -> bool:
    """Whether a direct quotation begins or ends with a quotation inside it."""
    content = text[slice(*row.span)]
    return sum(content.count(mark) for mark in ALL_MARKS) > 1


def test_a_speaker_has_a_name_or_is_nobody() -> None:
    for _, row in every_row():
        assert (row.speaker.name is None) == (row.speaker.resolution == "none")
        assert row.speaker.name is None or row.speaker.name.strip()
        assert row.speaker.name is not None or row.speaker.id is None


@st.composite
def wrong_parses(draw: st.DrawFn) -> ParsedDocument:
    """A stored parse with some heads, relations and tags exchanged; still a tree, still the same words."""
    parsed = draw(st.sampled_from(articles())).parsed
    sentences = []
    for sentence in parsed.sentences[:6]:
        tokens = list(sentence.tokens)
        for index in draw(st.lists(st.integers(0, len(tokens) - 1), max_size=4)):
            head = draw(st.integers(0, len(tokens) - 1))
            above = head
            while above >= 0 and above != index:
                above = tokens[above].head
            if tokens[index].head >= 0 and above < 0:
                tokens[index] = replace(tokens[index], head=head)
            other = tokens[draw(st.integers(0, len(tokens) - 1))]
            if tokens[index].head >= 0 and other.head >= 0:
                tokens[index] = replace(tokens[index], deprel=other.deprel, upos=other.upos, feats=other.feats)
        sentences.append(build_sentence(sentence.index, sentence.paragraph, tuple(tokens)))
    return replace(parsed, sentences=tuple(sentences))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(wrong_parses())
def test_a_wrong_parse_costs_no_offset(parsed: ParsedDocument) -> None:
    rows = extract(parsed)
    check(parsed, rows)
    assert extract(parsed) == rows
