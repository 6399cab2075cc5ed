"""Asking a store on the command line: its notes and its damage go to standard error, whatever the command."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from quotes.cli import output

if TYPE_CHECKING:
    from quotes.search import Archive, Filters

# The exit code where something was left out, as for documents that failed.
SOME_DAMAGED = 3


@contextlib.contextmanager
def asking(store: str, filters: Filters | None = None) -> Iterator[Archive]:
    """Open a store for a command; afterwards say what it noted and what the filters left out for want of a date.

    Ends with exit code 3 if a shard was damaged.

    Raises:
        StoreError: there is none.
    """
    from quotes.schema import SCHEMA_VERSION
    from quotes.search import open_store

    archive = open_store(store)
    archive.on_progress = _show_progress
    newer = archive.newer_schema()
    if newer is not None:
        output.note(
            f"Note: {store} holds rows of schema version {newer}, read here as {SCHEMA_VERSION}: columns may be"
            " missing. Update german-quotes"
        )
    yield archive
    if filters is not None:
        _tell_undated(archive, filters)
    for text in dict.fromkeys(archive.notes):
        output.note(f"Note: {text}")
    for path, why in archive.damage.items():
        output.note(
            f"Damaged: {path} {why}. Its rows are missing here; extract its articles again, which sets it aside"
        )
    if archive.damage:
        raise click.exceptions.Exit(SOME_DAMAGED)


def suggest(archive: Archive, filters: Filters) -> None:
    """Say that nothing was found, and whose name is spelt like the one that was asked for."""
    from quotes.registry.people import suggest_names

    asked = filters.name
    known = asked is not None and archive.knows(asked)
    near = suggest_names(archive, asked) if asked is not None and not known else []
    hint = f". Did you mean {', '.join(near)}?" if near else ""
    output.note(f"Nothing found{f' for {asked}' if asked else ''}{hint}")


def _tell_undated(archive: Archive, filters: Filters) -> None:
    """Say how many quotations were left out because their articles have no date."""
    number = archive.undated(filters)
    if number:
        told = "quotation has no date and answers" if number == 1 else "quotations have no date and answer"
        output.note(f"{number} more {told} neither --since nor --until")


def _show_progress(done: int, total: int) -> None:
    """A line that is written over, on a terminal only: indexing a large store for the first time takes minutes."""
    if sys.stderr.isatty() and total > 1:
        print(f"\rIndexing the store: {done} of {total}", end="\r", file=sys.stderr, flush=True)  # noqa: T201
