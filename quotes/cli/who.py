"""``quotes who``: who said what, from the store."""

from __future__ import annotations

import click

from quotes.cli.options import CONTEXT, format_option, store_option
from quotes.cli.output import note, show_quotations, wants_json, write_json_lines
from quotes.model import KINDS


@click.command(context_settings=CONTEXT, epilog='Example: quotes who Putin --about "Satelliten" --store store')
@click.argument("name", required=False)
@click.option("--about", metavar="WORDS", help="Only quotations in which all these words occur.")
@click.option("--kind", type=click.Choice(KINDS), help="Only quotations of this kind.")
@store_option
@format_option("table")
def who(name: str | None, about: str | None, kind: str | None, store: str, form: str) -> None:
    """Print who said what.

    NAME is a name, a part of it, or a role. Case and umlauts do not matter: Mueller finds Müller.
    """
    from quotes.schema import as_json
    from quotes.search import find, suggest_names
    from quotes.store import open_store

    opened = open_store(store)
    found = find(opened, name, about=about, kind=kind)
    if wants_json(form):
        write_json_lines(as_json(row) for row in found.iter_rows(named=True))
    elif len(found):
        show_quotations(found.iter_rows(named=True))
    if not len(found):
        near = suggest_names(opened, name) if name and not len(find(opened, name)) else []
        hint = f". Did you mean {', '.join(near)}?" if near else ""
        note(f"Nothing found{f' for {name}' if name else ''}{hint}")
