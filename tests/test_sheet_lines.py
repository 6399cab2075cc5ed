"""The lines of a sheet: what is verbatim, where it stands, and German words for it."""

from __future__ import annotations

import math
from dataclasses import fields
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sheet_rows import NASTY, line, row, span

from quotes.desk.verdicts import STATUSES, Verdict
from quotes.export.escaping import readable
from quotes.export.german import (
    NOTES,
    day,
    decimal,
    in_words,
    kind_in_words,
    label,
    labels,
    long_day,
    moment,
    percent,
)
from quotes.export.lines import AROUND, Line, Run, build_lines
from quotes.model import KINDS, POLARITIES
from quotes.search import Filters
from quotes.tables import read_table

ARTICLE = (
    "Flut am Ohrbach\n\nEs regnet. „Der Deich hält“, sagte Marta Ohm, „noch.“ Alle gehen.\n\nWeit weg ist es trocken."
)


def shown(runs: tuple[Run, ...]) -> str:
    """The runs as ``[quoted *verbatim*]``."""
    parts = ("*" + run.text + "*" if run.verbatim else run.text for run in runs)
    quoted = ("[" + part + "]" if run.quoted else part for part, run in zip(parts, runs, strict=True))
    return "".join(quoted).replace("][", "")


def interrupted() -> dict[str, object]:
    first, last = ARTICLE.index("Der"), ARTICLE.index("noch.“")
    spans = [span(first, first + len("Der Deich hält")), span(last, last + len("noch."))]
    return row(ARTICLE[first : last + len("noch.")], first, quote_spans=spans, verbatim_spans=spans)


def built(values: dict[str, object], text: str = "", **document: object) -> Line:
    key = (values["doc_id"], values["source"])
    return next(build_lines([values], {key: {"text": text} | document}, {}))  # type: ignore[dict-item]


def test_whole_verbatim_parts_get_their_marks_back() -> None:
    assert shown(line("Der Deich hält").content) == "[„*Der Deich hält*“]"
    assert shown(built(interrupted()).content) == "[„*Der Deich hält*“ … „*noch.*“]"


def test_parts_within_keep_the_marks_they_have() -> None:
    mixed = line("er sei «sehr froh», hier zu sein", kind="mixed", verbatim_spans=[span(8, 17)])
    assert shown(mixed.content) == "[er sei «*sehr froh*», hier zu sein]"


def test_what_is_not_verbatim_gets_no_marks() -> None:
    assert line("der Deich halte", kind="indirect").text == "der Deich halte"


def test_a_quotation_is_shown_in_its_paragraph() -> None:
    passage = shown(built(interrupted(), ARTICLE).passage)
    assert passage == "Es regnet. „[*Der Deich hält*]“, sagte Marta Ohm, „[*noch.*]“ Alle gehen."


def test_long_paragraphs_are_cut_visibly() -> None:
    text = "a" * 5000 + " Der Deich hält " + "b" * 5000
    passage = shown(built(row("Der Deich hält", 5001), text).passage)
    assert passage.startswith("[…] a")
    assert passage.endswith("b […]")
    assert passage.count("a") == AROUND - 1


def test_a_changed_text_is_not_shown_as_the_place() -> None:
    values = row("Der Deich hält", 20, prefix="Gestern: „", suffix="“, hieß es")
    assert shown(built(values, "Ganz anderer Text, der länger ist als zuvor").passage) == (
        "[…] Gestern: „[*Der Deich hält*]“, hieß es […]"
    )
    assert built(values, "").passage == ()


@given(st.text(st.sampled_from("ab \n„“ä\r\x00"), min_size=1, max_size=40), st.data())
def test_nothing_of_a_quotation_is_lost(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    verbatim = [span(a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
    made = line(text, kind="mixed", verbatim_spans=verbatim)
    marked = "".join(run.text for run in made.content if run.verbatim)
    assert "".join(marked.split()) == "".join("".join(readable(text[s["start"] : s["end"]]) for s in verbatim).split())
    whole = "".join(readable(text).split())
    assert "".join(made.text.split()) in (whole, f"„{whole}“")


@pytest.mark.parametrize("text", NASTY)
def test_every_text_of_a_line_is_readable(text: str) -> None:
    made = line(text, speaker=text, speaker_role=text, speaker_text=text, addressee=text, via=[text], outlet=text)
    for value in (made.text, made.speaker, made.role, made.printed, made.addressee, *made.via, made.outlet):
        assert value == readable(value)
    assert made.speaker == " ".join(readable(text).split())


def test_links_are_checked_and_addresses_kept() -> None:
    good = line(document={"url": "https://bote.example/flut"})
    bad = line(document={"url": "javascript:alert(1)"})
    assert (good.link, good.url) == ("https://bote.example/flut", "https://bote.example/flut")
    assert (bad.link, bad.url) == (None, "javascript:alert(1)")
    assert line(source="https://bote.example/x").link == "https://bote.example/x"
    assert line(source="news/deich.txt").link is None


def test_what_the_desk_decided_is_on_the_line() -> None:
    values = row()
    verdict = Verdict(str(values["quote_id"]), "misquoted", "L. Brand", "2031-03-05T10:00:00+00:00", "Band\x00 gehört")
    made = next(build_lines([values], {}, {verdict.quote_id: verdict}))
    assert (made.status, made.checker, made.note) == ("misquoted", "L. Brand", "Band\ufffd gehört")
    assert line().status == "open"


def test_a_line_without_a_speaker_claims_nothing_about_one() -> None:
    made = line(speaker=None, speaker_id=None, speaker_role=None, speaker_text=None, speaker_confidence=0.0)
    assert (made.speaker, made.speaker_key, made.speaker_confidence, made.unsure) == ("", "", None, False)


def test_two_of_one_name_are_two() -> None:
    assert line(speaker_id="ohm-1").speaker_key != line(speaker_id="ohm-2").speaker_key


def test_unsure_speakers_are_told_and_those_at_the_bound_are_not() -> None:
    assert line(speaker_confidence=0.89).unsure
    assert not line(speaker_confidence=0.8999999761581421).unsure  # 0.9 in 32 bits


def test_the_words_of_the_speaker_are_shown_where_they_are_not_the_name() -> None:
    assert line(speaker_text="sie").printed == "sie"
    assert line(speaker_text="Marta Ohm").printed == ""
    assert line(speaker_text="Deichgräfin").printed == ""


def test_every_value_has_a_german_word() -> None:
    assert set(labels("kind")) == set(KINDS)
    assert set(labels("polarity")) == set(POLARITIES) - {"affirmed"}
    assert tuple(labels("status")) == STATUSES
    assert set(labels("filter")) == {field.name for field in fields(Filters)}
    assert len(labels("column")) == 17
    assert all(labels(name) for name in ("kind", "polarity", "status", "filter", "column"))


def test_every_note_is_about_columns_there_are() -> None:
    notes = list(read_table(NOTES))
    assert notes
    for note in notes:
        assert set(note["column"].split(", ")) <= set(labels("column").values())
        assert note["note"]


def test_a_value_without_a_word_is_shown_as_it_is() -> None:
    assert label("kind", "gesungen\x00") == "gesungen\ufffd"


def test_denials_are_told() -> None:
    assert kind_in_words("indirect", "denied") == "indirekt, bestritten"
    assert kind_in_words("direct", "affirmed") == "direkt"


def test_filters_are_told_in_words() -> None:
    asked = Filters(
        name="Ohm", about="Brücke", kind="mixed", since=date(2023, 9, 1), until=date(2023, 10, 31), min_confidence=0.9
    )
    assert in_words(asked) == (
        "Sprecher: Ohm · Thema: Brücke · Art: teils wörtlich · seit 1. September 2023 · bis 31. Oktober 2023"
        " · Zitat sicher ab 90\u00a0%"
    )
    assert in_words(Filters()) == "alle Zitate"


@pytest.mark.parametrize("field", [field.name for field in fields(Filters)])
def test_no_filter_is_left_unsaid(field: str) -> None:
    value = {"kind": "direct", "since": date(2031, 3, 4), "until": date(2031, 3, 4)}.get(
        field, 0.5 if field.startswith("min") else "Ohm"
    )
    assert in_words(Filters(**{field: value})) != "alle Zitate"


def test_numbers_and_days_are_german() -> None:
    assert decimal(1234.5) == "1.234,5"
    assert decimal(-1234567.891, 2) == "-1.234.567,89"
    assert decimal(1234.5, 0) == "1.234"
    assert long_day(date(2023, 9, 13)) == "13. September 2023"
    assert long_day(datetime(2023, 3, 1, 8, 5)) == "1. März 2023, 08:05 Uhr"
    assert day(datetime(2023, 9, 3)) == "03.09.2023"
    assert day(date(987, 1, 2)) == "02.01.0987"
    assert day(None) == long_day(None) == ""
    assert moment(datetime(2023, 9, 3)) == "3. September 2023, 00:00 Uhr"


def test_only_what_is_certain_is_called_so() -> None:
    assert percent(0.9999) == "99\u00a0%"
    assert percent(1.0) == "100\u00a0%"
    assert percent(0.8999999761581421) == "90\u00a0%"
    assert percent(None) == percent(math.nan) == ""
