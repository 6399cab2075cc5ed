"""Quote sheets: which forms there are, and the one way from a selection to a stream of bytes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import IO, TYPE_CHECKING

from quotes.errors import UsageError
from quotes.export.lines import Heading

if TYPE_CHECKING:
    from quotes.desk.verdicts import Verdict
    from quotes.export.selection import Selection

# The forms, by the endings of files.
FORMS = ("xlsx", "csv", "html", "md", "jsonl", "parquet")
_SPELLINGS = {"htm": "html", "markdown": "md", "ndjson": "jsonl"}
# Forms that no terminal should be given.
BINARY = ("xlsx", "parquet")
TITLE = "Zitatliste"


def form_of(name: str) -> str:
    """The form that the ending of a file's name chooses.

    Raises:
        UsageError: there is no such form.
    """
    ending = PurePath(name).suffix.removeprefix(".").lower()
    form = _SPELLINGS.get(ending, ending)
    if form not in FORMS:
        said = f".{ending} is no ending of a quote sheet" if ending else "a quote sheet needs an ending"
        known = ", ".join(f".{known}" for known in FORMS)
        raise UsageError(said, source=name, remedy=f"Choose one of {known}, or say --format")
    return form


def write_sheet(
    stream: IO[bytes],
    form: str,
    selection: Selection,
    verdicts: Mapping[str, Verdict],
    heading: Heading,
    *,
    per_speaker: bool = False,
) -> None:
    """Write a sheet in one of :data:`FORMS`. CSV, Markdown, JSON Lines and Parquet hold one batch of rows at a time.

    Args:
        stream: takes the bytes.
        form: one of :data:`FORMS`.
        selection: the quotations, in order.
        verdicts: what the desk decided, by ``quote_id``.
        heading: title, filters in words, and when the sheet was made; machines' forms have no place for it.
        per_speaker: a worksheet for each speaker; in ``xlsx`` only.

    Raises:
        UsageError: there are more quotations than the form takes.
        StoreError: the store cannot be read.
        OutputError: the sheet cannot be put together.
    """
    if form == "xlsx":
        from quotes.export.xlsx import check_rows, xlsx_sheet

        check_rows(len(selection))
        lines = list(selection.lines(verdicts, with_text=False))
        stream.write(xlsx_sheet(lines, heading, per_speaker=per_speaker))
    elif form == "parquet":
        from quotes.export.machine import write_parquet

        write_parquet(selection, verdicts, stream)
    elif form == "jsonl":
        from quotes.export.machine import jsonl_sheet

        stream.writelines(jsonl_sheet(selection, verdicts))
    elif form == "csv":
        from quotes.export.delimited import csv_sheet

        stream.writelines(csv_sheet(selection.lines(verdicts, with_text=False)))
    elif form == "md":
        from quotes.export.markdown import markdown_sheet

        stream.writelines(markdown_sheet(selection.lines(verdicts, with_text=False), heading))
    elif form == "html":
        from quotes.export.html import html_sheet

        stream.writelines(html_sheet(selection.lines(verdicts, with_text=True), heading))
    else:
        raise UsageError(f"{form!r} is no form of a quote sheet", remedy=f"Choose one of {', '.join(FORMS)}")
