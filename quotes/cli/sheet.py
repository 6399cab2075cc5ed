"""``quotes sheet``: a list of quotations to work with, in a form that others can open."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import IO, TYPE_CHECKING

import click

from quotes.cli.asking import asking, suggest
from quotes.cli.options import CONTEXT, query_options, store_option
from quotes.cli.output import leave_pipe, note
from quotes.errors import UsageError

if TYPE_CHECKING:
    from quotes.search import Filters

# A browser takes seconds to lay out a page of more; some four kilobytes each.
_MANY = 5_000


@click.command(context_settings=CONTEXT, epilog="Example: quotes sheet Putin -o putin.xlsx --store store")
@query_options
@store_option
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    required=True,
    help="The file: .xlsx, .csv, .html, .md, .jsonl or .parquet. - is standard output, with --format.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["xlsx", "csv", "html", "md", "jsonl", "parquet"]),
    help="The form, if the file's ending does not say it.",
)
@click.option("--title", metavar="TEXT", help="The heading. [default: Zitatliste]")
@click.option("--per-speaker", is_flag=True, help="A worksheet for each speaker, and an overview (.xlsx).")
@click.option(
    "--sort",
    type=click.Choice(["speaker", "date", "place"]),
    default="speaker",
    show_default=True,
    help="By name, by day of publication, or by article as they stand in it.",
)
def sheet(
    filters: Filters, store: str, output: str, form: str | None, title: str | None, per_speaker: bool, sort: str
) -> None:
    """Write a quote sheet: who said what, with its source, and room for the desk's decisions.

    NAME is a name, a part of it, or a role, as for quotes who. Sheets for people are in German.
    """
    from quotes.export.sheet import form_of

    if output == "-" and form is None:
        raise UsageError("standard output has no ending", remedy="Say the form with --format")
    form = form or form_of(output)
    if per_speaker and form != "xlsx":
        raise UsageError(
            f"--per-speaker is for .xlsx, not .{form}", remedy="html and md have a chapter for each already"
        )
    from quotes.desk.verdicts import read_verdicts
    from quotes.export.german import in_words
    from quotes.export.lines import Heading
    from quotes.export.selection import choose
    from quotes.export.sheet import BINARY, TITLE, write_sheet

    if output == "-" and form in BINARY and sys.stdout.isatty():
        raise UsageError(f"{form} is not for a terminal", remedy="Name a file with -o, or pipe it on")
    heading = Heading(title=title or TITLE, filters=in_words(filters), made_at=datetime.now().astimezone())
    with asking(store, filters) as archive:
        selection = choose(archive, filters, sort=sort)
        if form == "html" and len(selection) > _MANY:
            note(f"A page of {len(selection)} quotations is slow in a browser: narrow it down with --since or --about")
        with _stream(output) as stream:
            write_sheet(stream, form, selection, read_verdicts(store), heading, per_speaker=per_speaker)
        if not len(selection):
            suggest(archive, filters)
        if output != "-":
            note(f"{len(selection)} quotation{'' if len(selection) == 1 else 's'} in {output}")


@contextmanager
def _stream(output: str) -> Iterator[IO[bytes]]:
    """The file, which becomes whole or not at all, or standard output, whose reader may go away."""
    from quotes.export.files import open_output

    if output != "-":
        with open_output(output) as stream:
            yield stream
        return
    try:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        leave_pipe()
