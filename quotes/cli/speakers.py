"""``quotes speakers``: who speaks in a store, and what is decided about names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from quotes.cli import output
from quotes.cli.asking import asking
from quotes.cli.options import CONTEXT, format_option, store_option
from quotes.model import SPEAKER_KINDS

if TYPE_CHECKING:
    from quotes.registry.decisions import Decision
    from quotes.registry.people import Entry

# Aliases and roles shown in a line of the table.
_SHOWN = 3


@click.group(
    context_settings=CONTEXT, invoke_without_command=True, epilog="Example: quotes speakers --kind person --store store"
)
@click.option("--kind", type=click.Choice(SPEAKER_KINDS), help="Only speakers of this kind.")
@click.option("--min", "least", type=click.IntRange(1), default=1, show_default=True, help="Quotations at least.")
@store_option
@format_option("table")
@click.pass_context
def speakers(context: click.Context, kind: str | None, least: int, store: str, form: str) -> None:
    """List who speaks, or decide about names.

    Decisions are kept in the store, can all be undone, and are applied again whenever documents are extracted.
    """
    if context.invoked_subcommand is not None:
        return
    from quotes.registry.people import list_speakers
    from quotes.schema import as_json

    with asking(store) as archive:
        found = list_speakers(archive, kind=kind, least=least)
        if output.wants_json(form):
            output.write_json_lines(as_json(row) for row in found.iter_rows(named=True))
        elif len(found):
            _show_list(found.iter_rows(named=True))
        else:
            output.note("Nobody speaks there")


def _show_list(rows: Iterator[dict[str, Any]]) -> None:
    from rich.table import Table

    table = Table(expand=True, pad_edge=False)
    table.add_column("speaker", ratio=4, overflow="fold")
    table.add_column("kind", no_wrap=True)
    table.add_column("quotations", justify="right", no_wrap=True)
    table.add_column("articles", justify="right", no_wrap=True)
    table.add_column("printed as", ratio=5, overflow="fold")
    table.add_column("roles", ratio=5, overflow="fold")
    for row in rows:
        table.add_row(
            output.plain(row["speaker"], "bold"),
            output.plain(row["speaker_kind"] or "–"),
            str(row["quotations"]),
            str(row["articles"]),
            output.plain(", ".join(row["aliases"][:_SHOWN])),
            output.plain(", ".join(row["roles"][:_SHOWN])),
        )
    output.show(table)


@speakers.command(context_settings=CONTEXT, epilog='Example: quotes speakers show "Wladimir Putin" --store store')
@click.argument("name")
@store_option
@format_option("text")
def show(name: str, store: str, form: str) -> None:
    """Print what is known of a speaker: aliases, roles over time, outlets, numbers. NAME may be an identifier."""
    from quotes.registry.keeper import read_table_of
    from quotes.registry.people import show_speaker

    with asking(store) as archive:
        entry = show_speaker(archive, name, by_surname=True)
        own = read_table_of(store).entries.get(entry.name)
        identifiers = dict(own.identifiers) if own is not None else {}
        if output.wants_json(form):
            row = asdict(entry) | {"identifiers": identifiers}
            output.write_json_lines([_dated(row)])
        else:
            output.show(*(output.plain(line, style) for line, style in _lines(entry, identifiers)))


def _dated(row: dict[str, Any]) -> dict[str, Any]:
    """Days in ISO form, also inside lists."""
    for role in row["roles"]:
        role |= {key: role[key] and role[key].isoformat() for key in ("first", "last")}
    return row | {key: row[key] and row[key].isoformat() for key in ("first", "last")}


def _lines(entry: Entry, identifiers: dict[str, str]) -> Iterator[tuple[str, str]]:
    yield entry.name, "bold"
    yield f"{entry.kind or 'kind unknown'}, {entry.id}", ""
    for key, value in identifiers.items():
        yield f"{key}: {value}", ""
    days = f", {_span(entry.first, entry.last)}" if entry.first else ""
    yield f"{_count(entry.quotations, 'quotation')} in {_count(entry.articles, 'article')}{days}", ""
    if entry.outlets:
        yield f"outlets: {', '.join(entry.outlets)}", ""
    if entry.aliases:
        yield "printed as: " + ", ".join(f"{alias.text} ({alias.rows})" for alias in entry.aliases), ""
    for role in entry.roles:
        when = f", {_span(role.first, role.last)}" if role.first else ""
        yield f"role: {role.text} ({role.rows}{when})", ""


def _span(first: Any, last: Any) -> str:
    return f"{first:%d.%m.%Y}" if first == last else f"{first:%d.%m.%Y} to {last:%d.%m.%Y}"


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


@speakers.command(
    context_settings=CONTEXT, epilog='Example: quotes speakers merge Putin "Wladimir Putin" --store store'
)
@click.argument("name")
@click.argument("into")
@store_option
def merge(name: str, into: str, store: str) -> None:
    """Give all quotations of NAME to INTO."""
    from quotes.registry.decisions import MERGE

    _decide(store, MERGE, name, into)


@speakers.command(
    context_settings=CONTEXT,
    epilog='Example: quotes speakers split "Michael Müller" "Michael Müller (Trainer)" --role Trainer --store store',
)
@click.argument("name")
@click.argument("new")
@click.option("--role", default="", metavar="WORDS", help="Rows whose role holds these words.")
@click.option("--outlet", default="", metavar="WORDS", help="Rows from outlets with these words.")
@click.option("--source", default="", metavar="WORDS", help="Rows from paths or URLs with these words.")
@click.option("--since", default="", metavar="DAY", help="Rows published on this day (YYYY-MM-DD) or later.")
@click.option("--until", default="", metavar="DAY", help="Rows published on this day or earlier.")
@store_option
def split(name: str, new: str, store: str, **conditions: str) -> None:
    """Give those quotations of NAME that meet all conditions to NEW."""
    from quotes.registry.decisions import SPLIT

    _decide(store, SPLIT, name, new, **conditions)


@speakers.command(context_settings=CONTEXT, epilog='Example: quotes speakers rename "Kim" "Kim Jong Un" --store store')
@click.argument("name")
@click.argument("new")
@store_option
def rename(name: str, new: str, store: str) -> None:
    """Call NAME by NEW, which nobody is called yet."""
    from quotes.registry.decisions import RENAME

    _decide(store, RENAME, name, new)


@speakers.command(context_settings=CONTEXT, epilog="Example: quotes speakers undo --store store")
@click.argument("number", type=click.IntRange(1), required=False)
@store_option
def undo(number: int | None, store: str) -> None:
    """Undo a decision: the last that holds, or that with NUMBER. An undo can be undone as well."""
    from datetime import UTC, datetime

    from quotes.registry import keeper
    from quotes.store import StoreWriter, open_store

    open_store(store)
    with StoreWriter(store) as writer:
        decision, changed = keeper.undo(writer, number, at=datetime.now(UTC))
    _tell(decision, changed)


@speakers.command(context_settings=CONTEXT, epilog="Example: quotes speakers log --store store")
@store_option
@format_option("text")
def log(store: str, form: str) -> None:
    """Print all decisions, oldest first; those that were undone are marked."""
    from quotes.registry.decisions import UNDO, in_force
    from quotes.registry.keeper import read_log
    from quotes.store import open_store

    open_store(store)
    decisions = read_log(store)
    holding = {d.number for d in in_force(decisions)}
    if output.wants_json(form):
        output.write_json_lines(asdict(d) | {"holds": d.number in holding or d.what == UNDO} for d in decisions)
        return
    for decision in decisions:
        gone = "" if decision.what == UNDO or decision.number in holding else "  (undone)"
        output.show(output.plain(f"{decision.number}  {decision.at}  {decision}{gone}", "dim" if gone else ""))
    if not decisions:
        output.note("Nothing was decided yet")


def _decide(store: str, what: str, name: str, to: str, **conditions: str) -> None:
    from datetime import UTC, datetime

    from quotes.registry import keeper
    from quotes.store import StoreWriter, open_store

    open_store(store)
    with StoreWriter(store) as writer:
        decision, changed = keeper.decide(writer, what, name, to, at=datetime.now(UTC), **conditions)
    _tell(decision, changed)


def _tell(decision: Decision, changed: int) -> None:
    output.note(
        f"{decision.number}: {decision}. {_count(changed, 'quotation')} changed. quotes speakers undo takes it back"
    )
