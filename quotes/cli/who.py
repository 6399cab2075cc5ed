"""``quotes who``: who said what, from the store."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any

import click

from quotes.cli.asking import asking, suggest
from quotes.cli.options import CONTEXT, format_option, query_options, store_option
from quotes.cli.output import note, show_quotations, wants_json, write_json_lines

if TYPE_CHECKING:
    from quotes.search import Archive, Filters

# Rows of the table if --limit says nothing: what fits a few screens.
_SHOWN = 200


@click.command(
    context_settings=CONTEXT,
    epilog='Example: quotes who "der Kremlchef" --about Raketen --kind direct --store store',
)
@query_options
@click.option("--limit", type=click.IntRange(1), metavar="N", help=f"So many at most (a table: {_SHOWN}).")
@store_option
@format_option("table")
def who(filters: Filters, limit: int | None, store: str, form: str) -> None:
    """Print who said what.

    NAME is a name, a part of it, or what the speaker is called anywhere in the store: der Kremlchef finds what is
    printed as by Putin, too. Words are found in any inflection and inside compounds: Kanzler finds Bundeskanzlerin.
    Case and umlauts do not matter: Mueller finds Müller.
    """
    from quotes.schema import as_json

    with asking(store, filters) as archive:
        most = limit or (None if wants_json(form) else _SHOWN)
        found = _rows(archive, filters, most)
        first = next(found, None)
        if first is None:
            suggest(archive, filters)
        elif wants_json(form):
            write_json_lines(as_json(row) for row in chain([first], found))
        else:
            rows = [first, *found]
            show_quotations(rows)
            if limit is None and len(rows) == _SHOWN:
                note(f"These are the first {_SHOWN}; --limit shows more, --format jsonl all")


def _rows(archive: Archive, filters: Filters, most: int | None) -> Iterator[dict[str, Any]]:
    """The rows one by one; memory holds those of one shard, or of the limit."""
    if most is not None:
        yield from archive.collect(lambda a: a.select(filters).head(most)).iter_rows(named=True)
        return
    for batch in archive.batches(filters):
        yield from batch.iter_rows(named=True)
