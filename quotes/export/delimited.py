"""A quote sheet as CSV that a German Excel opens by double click: semicolons, a byte order mark, guarded cells."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator

from quotes.export.escaping import CELL, cell_text, formula_guarded
from quotes.export.german import NOBODY, day, kind_in_words, label, whole_percent
from quotes.export.lines import Line

DELIMITER = ";"
_MARK = "\ufeff"


def _percent(share: float | None) -> str:
    # Without a no-break space, or the spreadsheet takes it for text.
    whole = whole_percent(share)
    return "" if whole is None else f"{whole} %"


# Columns of text, which are guarded, and of days and shares, which are not: they shall be days and shares.
_TEXTS: dict[str, Callable[[Line], str]] = {
    "speaker": lambda line: line.speaker or NOBODY,
    "role": lambda line: line.role,
    "printed": lambda line: line.printed,
    "quotation": lambda line: line.text,
    "kind": lambda line: kind_in_words(line.kind, line.polarity),
    "via": lambda line: ", ".join(line.via),
    "outlet": lambda line: line.outlet,
    "article": lambda line: line.title,
    "link": lambda line: line.link or line.url,
    "status": lambda line: label("status", line.status),
    "checker": lambda line: line.checker,
    "note": lambda line: line.note,
    "place": lambda line: line.place,
    "quote_id": lambda line: line.quote_id,
}
_VALUES: dict[str, Callable[[Line], str]] = {
    "date": lambda line: day(line.published).replace(",", "").removesuffix(" Uhr"),
    "confidence": lambda line: _percent(line.confidence),
    "speaker_confidence": lambda line: _percent(line.speaker_confidence),
}
_COLUMNS = (
    "speaker",
    "role",
    "printed",
    "quotation",
    "kind",
    "via",
    "outlet",
    "date",
    "article",
    "link",
    "confidence",
    "speaker_confidence",
    "status",
    "checker",
    "note",
    "place",
    "quote_id",
)


def csv_sheet(lines: Iterable[Line]) -> Iterator[bytes]:
    """The table in UTF-8, piece by piece.

    Cells end in a visible mark where they are too long for Excel. An Excel of another language may part the cells at
    commas; give those who have one the workbook.
    """
    yield (_MARK + _row([label("column", name) for name in _COLUMNS])).encode()
    for line in lines:
        yield _row([_cell(name, line) for name in _COLUMNS]).encode()


def _cell(name: str, line: Line) -> str:
    if name in _VALUES:
        return _VALUES[name](line)
    return formula_guarded(cell_text(_TEXTS[name](line), CELL - len("'")))


def _row(cells: list[str]) -> str:
    written = io.StringIO()
    csv.writer(written, delimiter=DELIMITER, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow(cells)
    return written.getvalue()
