"""A quote sheet as an Excel workbook, made to be worked with: filters, a list for the status, room for notes."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Any

from quotes.errors import OutputError, UsageError
from quotes.export.escaping import LINK, cell_text, integer, worksheet_names
from quotes.export.german import BETWEEN, NOBODY, NOTES, day, kind_in_words, label, labels, moment
from quotes.export.lines import SURE_SPEAKER, Heading, Line
from quotes.export.workbook import TOP, Book, done, height, print_set_up
from quotes.tables import read_table

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

# Rows of a worksheet, and links on it: Excel's specifications and limits.
ROWS = 1_048_576
LINKS = 65_530
# Worksheets of speakers; the tabs of more cannot be overlooked any longer, so the rest shares one.
SPEAKERS = 200
# Characters that the properties of a document take: Excel's specifications and limits.
PROPERTY = 255
# Names of worksheets.
OVERVIEW, REST, _NOTES = "Übersicht", "Übrige", "Hinweise"
_BOLD_HINT = "fett: steht so in Anführungszeichen"


@dataclass(frozen=True, slots=True)
class _Column:
    """A column: its name in ``sheet_labels.tsv``, its least and greatest width in characters, its text, its format."""

    name: str
    least: int
    most: int
    text: Callable[[Line], str]
    style: str = "text"


_COLUMNS = (
    _Column("speaker", 14, 20, lambda line: line.speaker or NOBODY, "speaker"),
    _Column("role", 8, 20, lambda line: line.role),
    _Column("printed", 8, 18, lambda line: line.printed),
    _Column("quotation", 58, 58, lambda line: line.text),
    _Column("kind", 11, 12, lambda line: kind_in_words(line.kind, line.polarity)),
    _Column("via", 8, 14, lambda line: ", ".join(line.via)),
    _Column("outlet", 9, 14, lambda line: line.outlet),
    _Column("date", 11, 11, lambda line: day(line.published), "date"),
    _Column("article", 9, 24, lambda line: line.title or line.url),
    _Column("confidence", 8, 8, lambda _: "", "percent"),
    _Column("speaker_confidence", 10, 10, lambda _: "", "percent"),
    _Column("status", 13, 13, lambda line: label("status", line.status), "entry"),
    _Column("checker", 11, 14, lambda line: line.checker, "entry"),
    _Column("note", 22, 32, lambda line: line.note, "entry"),
    _Column("place", 16, 22, lambda line: line.place, "small"),
    _Column("quote_id", 17, 17, lambda line: line.quote_id, "small"),
)
# Behind what was decided.
_COLOURS = {"confirmed": "#D5EDD8", "false": "#F6CFCB", "misquoted": "#F6CFCB", "checking": "#DCE8F7"}
_AT = {column.name: number for number, column in enumerate(_COLUMNS)}


def xlsx_sheet(lines: Sequence[Line], heading: Heading, *, per_speaker: bool = False) -> bytes:
    """The workbook.

    Args:
        lines: in the order of the rows.
        heading: ``made_at``, with a zone, is the date of creation; all else depends on the arguments alone.
        per_speaker: a worksheet for each speaker, beside an overview, in the place of one for all.

    Raises:
        UsageError: there are more lines than a worksheet has rows.
        OutputError: the workbook cannot be written.
    """
    check_rows(len(lines))
    stream = io.BytesIO()
    book = Book(stream, heading)
    book.workbook.set_properties(
        {
            "title": cell_text(heading.title, PROPERTY),
            "subject": cell_text(heading.filters, PROPERTY),
            "keywords": "Zitate",
            "comments": "Zitatliste aus quotes",
            "created": heading.made_at.astimezone(UTC).replace(tzinfo=None),
        }
    )
    if per_speaker:
        _by_speaker(book, lines)
    else:
        _lines(book, "Zitate", lines, heading.title)
    _notes(book)
    try:
        book.workbook.close()
    except OSError as error:
        raise OutputError(
            f"the workbook cannot be put together ({error.strerror or error})",
            remedy="Free some space in the folder for temporary files",
        ) from error
    return stream.getvalue()


def check_rows(number: int) -> None:
    """Refuse more lines than a worksheet has rows.

    Raises:
        UsageError: there are more.
    """
    if number > ROWS - TOP:
        raise UsageError(
            f"{integer(number)} quotations are more than the {integer(ROWS - TOP)} that a worksheet of Excel holds",
            remedy="Narrow them down with --since, --until, --outlet or --about, or write csv, jsonl or parquet",
        )


def _by_speaker(book: Book, lines: Sequence[Line]) -> None:
    # In the order of the lines, so that --sort holds for the worksheets too.
    groups: defaultdict[str, list[Line]] = defaultdict(list)
    for line in lines:
        groups[line.speaker_key].append(line)
    most = set(sorted(groups, key=lambda key: -len(groups[key]))[:SPEAKERS])
    own = [key for key in groups if key in most]
    names = worksheet_names((_called(groups[key]) for key in own), taken=(OVERVIEW, _NOTES, REST))
    _overview(book, list(groups.values()), dict(zip(own, names, strict=True)))
    for name, key in zip(names, own, strict=True):
        _lines(book, name, groups[key], _called(groups[key]))
    rest = [line for line in lines if line.speaker_key not in most]
    if rest:
        _lines(book, REST, rest, "Übrige Sprecher")


def _called(group: Sequence[Line]) -> str:
    return group[0].speaker or f"Sprecher {NOBODY}"


def _overview(book: Book, groups: Sequence[Sequence[Line]], names: dict[str, str]) -> None:
    worksheet = book.workbook.add_worksheet(OVERVIEW)
    heads = ("Sprecher", "Zitate", "davon mit wörtlichen Teilen", "davon geprüft", "von", "bis", "Rollen", "Blatt")
    total = sum(len(group) for group in groups)
    _top(book, worksheet, book.heading.title, total, sum(bool(group[0].speaker) for group in groups))
    _table(book, worksheet, heads, len(groups))
    widths = (32, 9, 16, 10, 11, 11, 48, 32)
    for column, width in enumerate(widths):
        worksheet.set_column(column, column, width)
    for row, group in enumerate(groups, start=TOP):
        speaker = group[0].speaker
        book.text(worksheet, row, 0, speaker or NOBODY, "speaker" if speaker else "nobody")
        verbatim = sum(any(run.verbatim for run in line.content) for line in group)
        checked = sum(line.status not in ("open", "checking") for line in group)
        for column, number in enumerate((len(group), verbatim, checked), start=1):
            done(worksheet.write_number(row, column, number, book.formats["number"]))
        days = [line.published for line in group if line.published]
        for column, when in ((4, min(days, default=None)), (5, max(days, default=None))):
            book.day(worksheet, row, column, when)
        roles = ", ".join(dict.fromkeys(line.role for line in group if line.role))
        book.text(worksheet, row, 6, roles)
        worksheet.set_row(row, height(((roles, widths[6]), (speaker, widths[0]))))
        name = names.get(group[0].speaker_key, REST)
        place = "internal:'" + name.replace("'", "''") + "'!A1"
        if row - TOP < LINKS:
            done(worksheet.write_url(row, 7, place, book.formats["link"], name))
        else:
            book.text(worksheet, row, 7, name)
    print_set_up(worksheet, book.heading.title)


def _lines(book: Book, name: str, lines: Sequence[Line], title: str) -> None:
    worksheet = book.workbook.add_worksheet(name)
    _top(book, worksheet, title, len(lines), len({line.speaker_key for line in lines if line.speaker}))
    _table(book, worksheet, [label("column", column.name) for column in _COLUMNS], len(lines))
    widths = [_width(column, lines) for column in _COLUMNS]
    for number, width in enumerate(widths):
        worksheet.set_column(number, number, width)
    links = 0
    for row, line in enumerate(lines, start=TOP):
        texts = [(column.text(line), _room(column, width)) for column, width in zip(_COLUMNS, widths, strict=True)]
        worksheet.set_row(row, height(texts))
        links += _line(book, worksheet, row, line, linked=links < LINKS)
    _status_list(book, worksheet, len(lines))
    print_set_up(worksheet, title)


def _line(book: Book, worksheet: Worksheet, row: int, line: Line, *, linked: bool) -> bool:
    """Write one line; whether it has a link."""
    has_link = linked and line.link is not None and len(line.link) <= LINK
    for number, column in enumerate(_COLUMNS):
        if column.name == "quotation":
            book.rich(worksheet, row, number, line.content)
        elif column.name == "date":
            book.day(worksheet, row, number, line.published)
        elif column.style == "percent":
            book.share(worksheet, row, number, getattr(line, column.name))
        elif column.name == "article" and has_link:
            shown = cell_text(column.text(line))
            done(worksheet.write_url(row, number, line.link, book.format("link", shown), shown))
        elif column.name == "article" and line.title and line.url:
            book.text(worksheet, row, number, f"{line.title}\n{line.url}")
        elif column.name == "speaker" and not line.speaker:
            book.text(worksheet, row, number, NOBODY, "nobody")
        else:
            book.text(worksheet, row, number, column.text(line), column.style)
    return has_link


def _top(book: Book, worksheet: Worksheet, title: str, number: int, speakers: int) -> None:
    """Title, filters and numbers above the table."""
    book.text(worksheet, 0, 0, title, "title")
    book.text(worksheet, 1, 0, book.heading.filters, "filters")
    said = f"{integer(number)} {'Zitat' if number == 1 else 'Zitate'}" if number else "Keine Zitate gefunden"
    if speakers > 1:
        said += f" von {integer(speakers)} Sprechern"
    book.text(worksheet, 2, 0, BETWEEN.join((said, f"Stand: {moment(book.heading.made_at)}", _BOLD_HINT)), "about")
    worksheet.set_row(0, 26)


def _table(book: Book, worksheet: Worksheet, heads: Sequence[str], number: int) -> None:
    """A table that can be filtered and sorted, its head frozen; the cells are written by whoever has the lines."""
    columns = [{"header": head, "header_format": book.formats["head"]} for head in heads]
    options = {"columns": columns, "style": None, "autofilter": True}
    done(worksheet.add_table(TOP - 1, 0, TOP - 1 + max(number, 1), len(heads) - 1, options))
    worksheet.set_row(TOP - 1, 34)
    worksheet.freeze_panes(TOP, 1)


def _width(column: _Column, lines: Sequence[Line]) -> int:
    """As wide as the longest text, within the column's bounds."""
    longest = max((len(column.text(line)) + 2 for line in lines), default=0) if column.least < column.most else 0
    return min(column.most, max(column.least, longest))


def _room(column: _Column, width: int) -> float:
    """Characters of the column's font on a line of its width."""
    return {"small": width * 1.3, "speaker": width * 0.9, "date": 100.0}.get(column.style, width)


def _status_list(book: Book, worksheet: Worksheet, number: int) -> None:
    """The list to choose the status from, and colours for what was decided and for unsure speakers."""
    first, last = TOP, TOP - 1 + max(number, 1)
    status, unsure = _AT["status"], _AT["speaker_confidence"]
    done(
        worksheet.data_validation(
            first,
            status,
            last,
            status,
            {
                "validate": "list",
                "source": list(labels("status").values()),
                "error_title": "Status",
                "error_message": "Bitte einen Status aus der Liste wählen.",
            },
        )
    )
    for value, colour in _COLOURS.items():
        done(
            worksheet.conditional_format(
                first,
                status,
                last,
                status,
                {
                    "type": "cell",
                    "criteria": "==",
                    "value": f'"{label("status", value)}"',
                    "format": book.workbook.add_format({"bg_color": colour}),
                },
            )
        )
    # An empty cell would count as 0.
    done(worksheet.conditional_format(first, unsure, last, unsure, {"type": "blanks", "stop_if_true": True}))
    amber = book.workbook.add_format({"bg_color": "#FBE3B5", "bold": True})
    low: dict[str, Any] = {"type": "cell", "criteria": "<", "value": SURE_SPEAKER, "format": amber}
    done(worksheet.conditional_format(first, unsure, last, unsure, low))


def _notes(book: Book) -> None:
    """How to read the sheet."""
    worksheet = book.workbook.add_worksheet(_NOTES)
    worksheet.set_column(0, 0, 24)
    worksheet.set_column(1, 1, 96)
    book.text(worksheet, 0, 0, "So liest man diese Liste", "title")
    worksheet.set_row(0, 26)
    for row, note in enumerate(read_table(NOTES), start=2):
        book.text(worksheet, row, 0, note["column"], "term")
        book.text(worksheet, row, 1, note["note"], "prose")
        worksheet.set_row(row, height(((note["note"], 96), (note["column"], 24))))
    worksheet.set_landscape()
    worksheet.set_paper(9)
    worksheet.fit_to_pages(1, 0)
