"""What goes to the screen: data to standard output, everything else to standard error."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from quotes.model import KINDS

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.text import Text

# Article text and file names must not steer the terminal.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# Columns of a table that goes into a pipe or file.
PIPE_WIDTH = 120
# Rows of a table of quotations, after which its head stands once more. With all of a long run in one, 20,000 rows took
# 115 MB.
ROWS_OF_A_TABLE = 500


def clean(text: object) -> str:
    """Text without control characters (line feeds and tabs stay)."""
    return _CONTROLS.sub("", str(text))


def note(message: str) -> None:
    """A line on standard error."""
    _tolerant(sys.stderr)
    print(clean(message), file=sys.stderr)  # noqa: T201


def wants_json(form: str) -> bool:
    """Whether ``--format`` means JSON Lines here."""
    return form == "jsonl" or (form == "auto" and not sys.stdout.isatty())


def write_json_lines(rows: Iterable[Mapping[str, Any]]) -> None:
    """Rows as JSON Lines; a reader that goes away (``| head``) ends it quietly."""
    _tolerant(sys.stdout, encoding="utf-8")
    write_text(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def write_text(parts: Iterable[str]) -> None:
    """Text to standard output, as it is."""
    try:
        for part in parts:
            sys.stdout.write(part)
        sys.stdout.flush()
    except BrokenPipeError:
        leave_pipe()


def console() -> Console:
    """Standard output for people; colours only on a terminal, and none with ``NO_COLOR``."""
    from rich.console import Console

    _tolerant(sys.stdout)
    width = None if sys.stdout.isatty() else int(os.environ.get("COLUMNS") or PIPE_WIDTH)
    return Console(width=width, highlight=False, markup=False, emoji=False)


def show(*renderables: RenderableType, wrap: bool = True) -> bool:
    """Print for people on standard output. Lines are wrapped at words on a terminal, unless ``wrap`` is false.

    Returns whether the reader is still there.
    """
    from rich.text import Text

    try:
        out = console()
        for renderable in renderables:
            out.print(renderable, soft_wrap=isinstance(renderable, Text) and not (wrap and out.is_terminal))
        sys.stdout.flush()
    except BrokenPipeError:
        leave_pipe()
        return False
    return True


def plain(text: object, style: str = "") -> Text:
    """Text from an article for rich: nothing in it is markup, and nothing steers the terminal."""
    from rich.text import Text

    return Text(clean(text), style=style)


def content(row: Mapping[str, Any]) -> str:
    """The content in one line, without the frame that may stand inside its bounds (*„A“, sagte X, „B“*: *A … B*)."""
    parts = (row["text"][s["start"] - row["start"] : s["end"] - row["start"]] for s in row["quote_spans"])
    return " ".join(" … ".join(parts).split())


def show_quotations(rows: Iterable[Mapping[str, Any]]) -> None:
    """Who said what, as tables of :data:`ROWS_OF_A_TABLE` rows: a table is laid out whole, and whole in memory."""
    remaining = iter(rows)
    page = list(islice(remaining, ROWS_OF_A_TABLE))
    while _show_page(page):
        page = list(islice(remaining, ROWS_OF_A_TABLE))
        if not page:
            return


def _show_page(rows: Iterable[Mapping[str, Any]]) -> bool:
    from rich.table import Table

    table = Table(expand=True, show_lines=False, pad_edge=False)
    table.add_column("speaker", ratio=5, overflow="fold")
    table.add_column("kind", no_wrap=True, min_width=max(map(len, KINDS)))  # as wide in each table
    table.add_column("quotation", ratio=12, overflow="fold")
    table.add_column("via", ratio=4, overflow="fold")
    # The beginning of the last part of the path: quotes show finds the article by it.
    table.add_column("source", ratio=3, overflow="ellipsis", no_wrap=True)
    for row in rows:
        table.add_row(
            plain(row["speaker"], "bold") if row["speaker"] else plain("–", "dim"),
            plain(row["kind"].replace("_", " ")),
            plain(content(row)),
            plain(", ".join(row["via"] or ())),
            plain(row["source"].rstrip("/").rpartition("/")[2], "dim"),
        )
    return show(table)


def _tolerant(stream: Any, encoding: str | None = None) -> None:
    """A terminal that cannot show a letter shows a question mark, rather than ending the program."""
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="replace", **({"encoding": encoding} if encoding else {}))


def leave_pipe() -> None:
    """The reader has gone: write the rest to nowhere, so that Python's own flush at the end is quiet too."""
    null = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(null, sys.stdout.fileno())
    finally:
        os.close(null)
