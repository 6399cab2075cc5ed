"""The workbook, read back with openpyxl and as XML."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from openpyxl import load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from sheet_rows import NASTY, WHEN, line, span

from quotes.errors import OutputError, UsageError
from quotes.export.escaping import CELL, readable
from quotes.export.german import label, labels
from quotes.export.lines import Heading, Line
from quotes.export.workbook import TOP, done, height
from quotes.export.xlsx import LINKS, ROWS, check_rows, xlsx_sheet

HEADING = Heading(title="Flut", filters="Sprecher: Ohm", made_at=datetime(2031, 3, 6, 12, tzinfo=UTC))
HEADS = [text for name, text in labels("column").items() if name != "link"]


def read(lines: list[Line], **options: Any) -> Any:
    return load_workbook(io.BytesIO(xlsx_sheet(lines, HEADING, **options)), rich_text=True)


def cells(made: Line) -> dict[str, Any]:
    sheet = read([made])["Zitate"]
    return dict(zip(HEADS, sheet[TOP + 1], strict=True))


def test_a_sheet_says_what_it_is() -> None:
    book = read([line(), line(speaker="Jonas Vehn", speaker_id="jv")])
    sheet = book["Zitate"]
    assert sheet["A1"].value == "Flut"
    assert sheet["A2"].value == "Sprecher: Ohm"
    assert sheet["A3"].value.startswith("2 Zitate von 2 Sprechern · Stand: 6. März 2031, 12:00 Uhr · fett")
    assert [cell.value for cell in sheet[TOP]] == HEADS
    assert "Hinweise" in book.sheetnames
    assert (book.properties.title, book.properties.subject) == ("Flut", "Sprecher: Ohm")
    assert book.properties.created == datetime(2031, 3, 6, 12)


def test_a_line_has_types_and_leads_back() -> None:
    made = cells(line(document={"url": "https://bote.example/a?b=1&c=2"}, verbatim_spans=[], kind="indirect"))
    assert (made["Sprecher"].value, made["Rolle"].value, made["Über"].value) == ("Marta Ohm", "Deichgräfin", "dpa")
    assert (made["Datum"].value, made["Datum"].number_format) == (WHEN, "dd.mm.yyyy")
    assert (made["Zitat sicher"].value, made["Zitat sicher"].number_format) == (0.97, "0 %")
    assert made["Artikel"].value == "Flut am Ohrbach"
    assert made["Artikel"].hyperlink.target == "https://bote.example/a?b=1&c=2"
    assert made["Fundstelle"].value == "news/deich.txt 0–14"
    assert re.fullmatch("[0-9a-f]{20}", made["Zitat-ID"].value)
    assert made["Status"].value == "offen"
    assert made["Zitat"].alignment.wrap_text


def test_verbatim_parts_are_bold() -> None:
    value = cells(line("er sei «sehr froh», sagte", kind="mixed", verbatim_spans=[span(8, 17)]))["Zitat"].value
    assert isinstance(value, CellRichText)
    bold = [str(part) for part in value if isinstance(part, TextBlock) and part.font.b]
    assert bold == ["sehr froh"]
    assert str(value) == "er sei «sehr froh», sagte"
    assert not cells(line("nichts", kind="indirect"))["Zitat"].font.b


@pytest.mark.parametrize("text", NASTY)
def test_no_text_comes_to_life(text: str) -> None:
    made = line(
        text,
        speaker=text,
        speaker_role=text,
        speaker_text="er " + text,
        via=[text],
        outlet=text,
        title=text,
        source=text,
        document={"url": text},
    )
    data = xlsx_sheet([made, made], HEADING, per_speaker=True)
    whole = xlsx_sheet([made], Heading(title=text[:200], filters=text[:200], made_at=HEADING.made_at))
    for packed in (data, whole):
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            for name in archive.namelist():
                tree = etree.fromstring(archive.read(name))
                assert not tree.xpath("//*[local-name()='f']")
                assert not [t for t in tree.xpath("//@Target") if "://" in t], name
    for book in (load_workbook(io.BytesIO(data)), load_workbook(io.BytesIO(whole))):
        for sheet in book:
            for cell in (cell for row in sheet.iter_rows() for cell in row):
                assert cell.data_type in ("s", "n", "d")
                assert not cell.hyperlink or cell.hyperlink.target is None
                assert len(str(cell.value or "").encode("utf-16-le")) // 2 <= CELL
    speaker = load_workbook(io.BytesIO(whole))["Zitate"].cell(TOP + 1, 1)
    expected = " ".join(readable(text).split())
    if len(expected) < CELL // 2:
        assert speaker.value == expected
    else:
        assert speaker.value.endswith("Zeichen fehlen]")


def test_text_that_looks_like_a_formula_stays_text_when_edited() -> None:
    assert cells(line(speaker="=1+1"))["Sprecher"].quotePrefix
    assert not cells(line())["Sprecher"].quotePrefix


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(max_size=30), min_size=1, max_size=4))
def test_any_text_is_read_back(texts: list[str]) -> None:
    lines = [line(text or "x", speaker=text or None, speaker_id="s", kind="indirect") for text in texts]
    sheet = load_workbook(io.BytesIO(xlsx_sheet(lines, HEADING)))["Zitate"]
    for number, text in enumerate(texts):
        assert sheet.cell(TOP + 1 + number, 1).value == (" ".join(readable(text).split()) or "nicht genannt")


def test_long_quotations_are_cut_visibly_and_stay_bold() -> None:
    text = "x" * 40_000
    value = cells(line("Er: " + text, kind="mixed", verbatim_spans=[span(4, 40_004)]))["Zitat"].value
    assert str(value).endswith("Zeichen fehlen]")
    assert len(str(value)) <= CELL
    assert [str(part)[:3] for part in value if isinstance(part, TextBlock) and part.font.b] == ["xxx"]


def test_days_before_excel_are_text() -> None:
    made = cells(line(published=datetime(1848, 3, 18)))["Datum"]
    assert (made.value, made.data_type) == ("18.03.1848", "s")
    assert cells(line(published=None))["Datum"].value is None


def test_the_sheet_can_be_worked_with() -> None:
    sheet = read([line(), line("Anderes")])["Zitate"]
    assert sheet.freeze_panes == f"B{TOP + 1}"
    (table,) = sheet.tables.values()
    assert table.ref == f"A{TOP}:P{TOP + 2}"
    assert table.autoFilter is not None
    (rule,) = sheet.data_validations.dataValidation
    column = "ABCDEFGHIJKLMNOP"[HEADS.index("Status")]
    assert str(rule.sqref) == f"{column}{TOP + 1}:{column}{TOP + 2}"
    assert rule.formula1 == '"offen,in Prüfung,bestätigt,falsch,falsch zitiert,nicht prüfbar"'
    assert sheet.print_title_rows == f"${TOP}:${TOP}"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    # One page wide is what Excel takes where nothing is said; as many pages high as there are.
    assert sheet.page_setup.fitToWidth in (None, 1)
    assert sheet.page_setup.fitToHeight == 0


def test_rows_are_high_enough_for_their_text() -> None:
    assert height([("x" * 50, 58)]) < height([("x" * 500, 58)]) < height([("x" * 5000, 58)]) <= 409
    assert height([("a\nb\nc", 20)]) > height([("a b c", 20)])


def test_a_link_too_long_for_excel_is_text() -> None:
    made = cells(line(document={"url": "https://bote.example/" + "x" * 3000}))["Artikel"]
    assert made.hyperlink is None
    assert made.value.startswith("Flut am Ohrbach\nhttps://bote.example/x")


def test_links_beyond_what_a_worksheet_takes_are_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quotes.export.xlsx.LINKS", 1)
    lines = [line(text, document={"url": "https://bote.example/"}) for text in ("eins", "zwei")]
    sheet = read(lines)["Zitate"]
    column = HEADS.index("Artikel") + 1
    assert sheet.cell(TOP + 1, column).hyperlink is not None
    assert sheet.cell(TOP + 2, column).hyperlink is None
    assert sheet.cell(TOP + 2, column).value.endswith("https://bote.example/")
    assert LINKS == 65_530


def test_more_rows_than_excel_has_are_refused() -> None:
    check_rows(ROWS - TOP)
    with pytest.raises(UsageError, match=r"1\.048\.572 quotations .*--since"):
        check_rows(ROWS - TOP + 1)


def test_a_cell_that_was_not_written_is_no_secret() -> None:
    done(0)
    with pytest.raises(OutputError, match="code -2"):
        done(-2)


def test_bytes_depend_on_the_arguments_alone() -> None:
    lines = [line(), line("Anderes", speaker=None, speaker_id=None)]
    assert xlsx_sheet(lines, HEADING) == xlsx_sheet(lines, HEADING)
    assert xlsx_sheet(lines, HEADING, per_speaker=True) == xlsx_sheet(lines, HEADING, per_speaker=True)


def test_each_speaker_has_a_worksheet_and_the_overview_leads_there() -> None:
    lines = [
        line("eins", speaker="Ö'Hara: [x]", speaker_id="a", published=datetime(2031, 1, 2)),
        line("zwei", speaker="ö'hara  x ", speaker_id="b", kind="indirect"),
        line("drei", speaker=None, speaker_id=None),
        line("vier", speaker="Ö'Hara: [x]", speaker_id="a"),
    ]
    book = read(lines, per_speaker=True)
    assert book.sheetnames == ["Übersicht", "Ö'Hara x", "ö'hara x (2)", "Sprecher nicht genannt", "Hinweise"]
    overview = book["Übersicht"]
    assert [cell.value for cell in overview[TOP + 1]][:4] == ["Ö'Hara: [x]", 2, 2, 0]
    assert (overview.cell(TOP + 1, 5).value, overview.cell(TOP + 1, 6).value) == (datetime(2031, 1, 2), WHEN)
    assert overview.cell(TOP + 1, 8).hyperlink.location == "'Ö''Hara x'!A1"
    assert book["Ö'Hara x"].cell(TOP + 2, 16).value == lines[3].quote_id
    assert book["ö'hara x (2)"].max_row == TOP + 1


def test_very_many_speakers_share_the_last_worksheet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quotes.export.xlsx.SPEAKERS", 1)
    lines = [line(str(n), speaker=name, speaker_id=name) for n, name in enumerate("ABBC")]
    book = read(lines, per_speaker=True)
    assert book.sheetnames == ["Übersicht", "B", "Übrige", "Hinweise"]
    assert [book["Übrige"].cell(TOP + n, 1).value for n in (1, 2)] == ["A", "C"]
    assert book["Übersicht"].max_row == TOP + 3


@pytest.mark.parametrize("per_speaker", [False, True])
def test_an_empty_sheet_says_so(per_speaker: bool) -> None:
    sheet = read([], per_speaker=per_speaker).worksheets[0]
    assert sheet["A3"].value.startswith("Keine Zitate gefunden")


def test_verdicts_have_the_words_of_the_list() -> None:
    assert label("status", "not_checkable") == "nicht prüfbar"
