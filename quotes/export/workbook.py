"""An Excel workbook that takes what articles say: every cell is a string, a number or a date, never a formula."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from math import ceil
from typing import TYPE_CHECKING, Any

from quotes.errors import OutputError
from quotes.export.escaping import CELL, cell_text, cut, formula_guarded, header_text
from quotes.export.german import day, whole_percent
from quotes.export.lines import Heading, Run

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

# Rows above the first line: title, filters, numbers, a blank one, the heads of the columns.
TOP = 5
# Points: a line of text in 11-point Calibri, and the greatest height of a row by Excel's specifications and limits.
_LINE_HEIGHT, _HIGHEST = 14.5, 409
# Excel counts days from 1900 and takes that year for a leap year; before March its days are off by one.
FIRST_DAY = datetime(1900, 3, 1)


class Book:
    """A workbook with its formats; each format has a twin for text that Excel would take for a formula when the cell
    is edited."""

    def __init__(self, stream: io.BytesIO, heading: Heading) -> None:
        from xlsxwriter.workbook import Workbook

        self.workbook: Workbook = Workbook(
            stream, {"strings_to_urls": False, "strings_to_formulas": False, "strings_to_numbers": False}
        )
        self.heading = heading
        cell = {"valign": "top", "text_wrap": True, "bottom": 1, "bottom_color": "#D5DAE0"}
        entry = {"bg_color": "#FFF9E3"}
        styles: dict[str, dict[str, Any]] = {
            "title": {"bold": True, "font_size": 16, "font_color": "#1F3346"},
            "filters": {"font_size": 12, "font_color": "#1F3346"},
            "about": {"font_color": "#5B6773"},
            "head": {
                "bold": True,
                "font_color": "#FFFFFF",
                "bg_color": "#1F3346",
                "text_wrap": True,
                "valign": "vcenter",
            },
            "text": cell,
            "speaker": cell | {"bold": True},
            "nobody": cell | {"italic": True, "font_color": "#5B6773"},
            "verbatim": cell | {"bold": True},
            "date": cell | {"num_format": "dd.mm.yyyy", "align": "left"},
            "percent": cell | {"num_format": "0 %", "align": "center"},
            "number": cell | {"num_format": "#,##0", "align": "center"},
            "link": cell | {"font_color": "#0B5394", "underline": 1},
            "small": cell | {"font_size": 8, "font_color": "#5B6773"},
            "entry": cell | entry,
            "prose": {"text_wrap": True, "valign": "top"},
            "term": {"text_wrap": True, "valign": "top", "bold": True},
        }
        self.formats: dict[str, Format] = {name: self.workbook.add_format(style) for name, style in styles.items()}
        self.guarded: dict[str, Format] = {
            name: self.workbook.add_format(style | {"quote_prefix": True}) for name, style in styles.items()
        }
        self.bold: Format = self.workbook.add_format({"bold": True})
        self.plain: Format = self.workbook.add_format({})

    def format(self, style: str, text: str) -> Format:
        """The format of a cell with this text."""
        return (self.formats if formula_guarded(text) == text else self.guarded)[style]

    def text(self, worksheet: Worksheet, row: int, column: int, text: str, style: str = "text") -> None:
        """Write a readable text as a string, cut visibly to what a cell takes."""
        fitting = cell_text(text)
        if fitting:
            done(worksheet.write_string(row, column, fitting, self.format(style, fitting)))
        else:
            done(worksheet.write_blank(row, column, None, self.formats[style]))

    def rich(self, worksheet: Worksheet, row: int, column: int, runs: Sequence[Run]) -> None:
        """The quotation with its verbatim parts in bold, cut visibly to what a cell takes."""
        kept, mark = cut("".join(run.text for run in runs), CELL)
        pieces: list[tuple[bool, str]] = []
        for verbatim, same in groupby(runs, lambda run: run.verbatim):
            text = "".join(run.text for run in same)[:kept]
            kept -= len(text)
            if text:
                pieces.append((verbatim, text))
        if mark:
            pieces.append((False, mark))
        whole = "".join(text for _, text in pieces)
        if len(pieces) < 2:
            self.text(worksheet, row, column, whole, "verbatim" if pieces and pieces[0][0] else "text")
            return
        tokens = [token for bold, text in pieces for token in (self.bold if bold else self.plain, text)]
        done(worksheet.write_rich_string(row, column, *tokens, self.format("text", whole)))

    def day(self, worksheet: Worksheet, row: int, column: int, when: datetime | None) -> None:
        """A day that Excel can sort and filter by, with its time in the value; before Excel's calendar, as text."""
        naive = when and when.replace(tzinfo=None)
        if naive is None or naive < FIRST_DAY:
            self.text(worksheet, row, column, day(when))
        else:
            done(worksheet.write_datetime(row, column, naive, self.formats["date"]))

    def share(self, worksheet: Worksheet, row: int, column: int, share: float | None) -> None:
        """A share of one in whole per cent, rounded down as everywhere."""
        whole = whole_percent(share)
        if whole is None:
            self.text(worksheet, row, column, "", "percent")
        else:
            done(worksheet.write_number(row, column, whole / 100, self.formats["percent"]))


def height(texts: Iterable[tuple[str, float]]) -> float:
    """The height of a row in points for texts with the widths of their columns in characters.

    Excel fits rows to wrapped text by itself, other programs and viewers do not. A little too high rather than too low.
    """
    lines = 1
    for text, width in texts:
        if len(text) + text.count("\n") * width > width:
            lines = max(lines, sum(max(1, ceil(len(part) * 1.02 / width)) for part in text.split("\n")))
    return min(_HIGHEST, lines * _LINE_HEIGHT + 3)


def print_set_up(worksheet: Worksheet, title: str) -> None:
    """A4 across, as wide as the page, the heads of the columns on each."""
    worksheet.set_landscape()
    worksheet.set_paper(9)  # A4
    worksheet.repeat_rows(TOP - 1)
    worksheet.fit_to_pages(1, 0)
    worksheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    worksheet.set_footer(f"&L{header_text(title)}&RSeite &P von &N")


def done(code: object) -> None:
    """Refuse to go on where the workbook did not take a cell.

    Raises:
        OutputError: it did not; a cell that is missing must not go unnoticed.
    """
    if code not in (0, None) and not hasattr(code, "properties"):
        raise OutputError(f"a cell of the workbook could not be written (code {code})", remedy="Write csv or jsonl")
