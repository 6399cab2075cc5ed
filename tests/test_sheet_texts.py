"""CSV and Markdown, read back with other programs' eyes."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from html.parser import HTMLParser

import polars as pl
import pytest
from markdown_it import MarkdownIt
from sheet_rows import NASTY, line, span

from quotes.export.delimited import csv_sheet
from quotes.export.escaping import CELL, readable
from quotes.export.german import labels
from quotes.export.lines import Heading, Line
from quotes.export.markdown import markdown_sheet

HEADING = Heading(title="Flut", filters="Sprecher: Ohm", made_at=datetime(2031, 3, 6, 12, tzinfo=UTC))


def table(*lines: Line) -> list[dict[str, str]]:
    text = b"".join(csv_sheet(lines)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def test_a_german_excel_opens_it() -> None:
    raw = b"".join(csv_sheet([line("eins\n\nzwei")]))
    assert raw.startswith("\ufeff".encode())
    assert raw.count(b"\r\n") == 2
    assert raw.endswith(b"\r\n")
    frame = pl.read_csv(raw, separator=";")
    assert frame.columns == list(labels("column").values())
    assert frame["Zitat"].to_list() == ["„eins\nzwei“"]


def test_days_and_shares_are_as_people_read_them() -> None:
    (made,) = table(
        line(published=datetime(2023, 9, 13, 8, 5), confidence=0.97, document={"url": "https://b.example/"})
    )
    assert made["Datum"] == "13.09.2023 08:05"
    assert made["Zitat sicher"] == "97 %"
    assert made["Link"] == "https://b.example/"
    assert made["Fundstelle"] == "news/deich.txt 0–14"
    assert table(line(published=None, confidence=None))[0]["Datum"] == ""


@pytest.mark.parametrize("text", NASTY)
def test_no_cell_is_a_formula(text: str) -> None:
    made = line(
        text,
        speaker=text,
        speaker_role="x" + text,
        speaker_text=text + "y",
        via=[text],
        outlet=text,
        title=text,
        source=text,
        quote_id=text,
        kind="indirect",
        document={"url": text},
    )
    (cells,) = table(made)
    assert len(cells) == len(labels("column"))
    for cell in cells.values():
        bare = cell.lstrip(" \u00a0\ufffd\"„“'")
        assert not bare or bare[0] not in "=+-@＝＋－＠" or cell[0] == "'"
        assert cell[:1] not in ("\t", "\r", "=", "+", "-", "@")
        assert len(cell.encode("utf-16-le")) // 2 <= CELL
    expected = " ".join(readable(text).split())
    if len(expected) < CELL // 2:
        assert cells["Sprecher"].removeprefix("'") == expected.removeprefix("'")
    else:
        assert cells["Sprecher"].endswith("Zeichen fehlen]")


def test_an_identifier_is_no_number() -> None:
    assert table(line(quote_id="1234567890123456e123"))[0]["Zitat-ID"] == "'1234567890123456e123"


class Shape(HTMLParser):
    """The tags of a page with their links, and its text."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str | None] = []
        self.text = ""
        self.bold = ""
        self.feed(MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(source))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.text += data
        if self.tags[-1:] in (["strong"], ["b"]) and not data.isspace():
            self.bold += data
            self.tags.append("/")


def markdown(*lines: Line, heading: Heading = HEADING) -> str:
    return b"".join(markdown_sheet(lines, heading)).decode()


def test_markdown_is_readable_as_it_is() -> None:
    made = line("er sei «sehr froh», hier zu sein", kind="mixed", verbatim_spans=[span(8, 17)], addressee="dem Boten")
    assert "\n## Marta Ohm\n\n> er sei «**sehr froh**», hier zu sein\n\n" in markdown(made)
    assert "teils wörtlich · Deichgräfin · gegenüber: dem Boten · über dpa · Ohrbacher Bote" in markdown(made)
    assert "Status: offen" in markdown(made)


def test_links_are_links() -> None:
    shape = Shape(markdown(line(title="Flut [neu]", document={"url": "https://bote.example/(a)?b=c&d=_e_"})))
    assert shape.links == ["https://bote.example/(a)?b=c&d=_e_"]
    assert "Flut [neu]" in shape.text


@pytest.mark.parametrize("text", ["wort", " „Ja!“ ", "Größe: 3*4", "…", "a\n\nb", "*"])
@pytest.mark.parametrize(("before", "after"), [("", ""), ("so", "so"), ("„", "“"), (" ", " "), ("x(", ")y")])
def test_verbatim_parts_are_bold_wherever_they_stand(text: str, before: str, after: str) -> None:
    made = line(before + text + after, kind="mixed", verbatim_spans=[span(len(before), len(before) + len(text))])
    shape = Shape(markdown(made).split("## ")[1])
    assert "".join(shape.bold.split()) == "".join(text.split())


@pytest.mark.parametrize("text", NASTY)
def test_no_text_is_markup(text: str) -> None:
    changes = {"kind": "indirect", "quote_id": "q"}
    plain, nasty = (
        line(
            value,
            speaker=value,
            speaker_role="x" + value,
            speaker_text=value + "y",
            addressee=value,
            via=[value],
            outlet=value,
            title=value,
            source=value,
            document={"url": value},
            **changes,
        )
        for value in ("nichts", text[:400])
    )
    shape = Shape(markdown(nasty, heading=Heading(title=text[:400], filters=text[:400], made_at=HEADING.made_at)))
    expected = Shape(markdown(plain))
    assert shape.tags == expected.tags
    assert shape.links == []


def test_an_empty_sheet_says_so() -> None:
    assert "Keine Zitate gefunden" in markdown()
    assert len(table()) == 0
