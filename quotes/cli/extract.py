"""``quotes extract``: the main job."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

import click

from quotes.cli.options import CONTEXT, exact_option, format_option, model_option, store_option
from quotes.cli.output import clean, note, show_quotations, wants_json, write_json_lines

if TYPE_CHECKING:
    from quotes.pipeline import Summary

SOME_FAILED = 3
# Sources of a damaged shard that are named.
_SHOWN = 10


@click.command(context_settings=CONTEXT, epilog="Example: quotes extract seeds --store store")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@store_option
@model_option
@exact_option
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="Processes that share the work of a long run; as many as cores and memory allow if not given.",
)
@format_option("table")
@click.option("-q", "--quiet", is_flag=True, help="No progress and no summary; failed documents are still named.")
def extract(
    paths: tuple[str, ...], store: str, model: str, exact: bool, jobs: int | None, form: str, quiet: bool
) -> None:
    """Find, store and print the quotations of articles.

    PATH is a file (.txt, .html, .jsonl, each also .gz), a folder of them, or - for standard input. What is stored
    already is not extracted again. Exit code 3: finished, but some documents failed.
    """
    from quotes import __version__
    from quotes.extract import extract as find_quotations
    from quotes.lexicon import lexicon_hash, load_lexicon
    from quotes.parse import StanzaParser, choose_model
    from quotes.pipeline import run
    from quotes.registry.keeper import read_table_of, settle
    from quotes.schema import as_json
    from quotes.sources import count_documents, read_sources
    from quotes.speakers.offices import Offices, known_terms
    from quotes.store import StoreWriter, open_store
    from quotes.workers import usual_jobs

    items = read_sources(paths, stdin=sys.stdin.buffer)
    parser = StanzaParser(choose_model(model), exact=exact)
    table = read_table_of(store)
    offices = Offices((*table.terms, *known_terms()), load_lexicon())
    shown = sys.stderr.isatty() and not quiet
    with StoreWriter(store) as writer, _progress(count_documents(paths) if shown else None, shown=shown) as on_progress:
        summary = run(
            items,
            parser=parser,
            extract=partial(find_quotations, offices=offices),
            store=writer,
            extractor_version=__version__,
            lexicon_hash="-".join(filter(None, (lexicon_hash(), table.offices_hash))),
            jobs=jobs or usual_jobs(),
            on_progress=on_progress,
        )
        settle(writer, table)
        writer.tidy()
    for lost in writer.lost:
        named = f": {', '.join(lost.sources[:_SHOWN])}" if lost.sources else ""
        more = f" and {len(lost.sources) - _SHOWN} more" if len(lost.sources) > _SHOWN else ""
        note(f"Damaged: {lost.why}; its shard was set aside. Extract its articles again{named}{more}")
    rows = open_store(store).quotation_rows(summary.keys)
    if wants_json(form):
        write_json_lines(as_json(row) for row in rows)
    else:
        show_quotations(rows)
    if not quiet:
        _print_summary(summary, store)
    for failure in summary.failures:
        note(f"Failed: {failure}")
    if summary.failures:
        raise click.exceptions.Exit(SOME_FAILED)


def _print_summary(summary: Summary, store: str) -> None:
    for source, text in summary.notes:
        note(f"Note: {source}: {text}")
    counts = f"{summary.new} new, {summary.unchanged} unchanged, {summary.failed} failed"
    documents = f"{summary.documents} {_plural('document', summary.documents)}"
    note(f"{documents} in {summary.seconds:.1f} s: {counts}. Store: {store}")
    if summary.new:
        kinds = ", ".join(f"{count} {kind.replace('_', ' ')}" for kind, count in summary.quotations.most_common())
        found = summary.quotations.total()
        rate = f"{summary.tokens} tokens, {summary.tokens_per_second:.0f} a second"
        note(f"{found} new {_plural('quotation', found)}{f' ({kinds})' if kinds else ''}; {rate}")


def _plural(word: str, count: int) -> str:
    return word if count == 1 else word + "s"


@contextlib.contextmanager
def _progress(total: int | None, *, shown: bool) -> Iterator[Callable[[Summary], None] | None]:
    """A progress line with rate and remaining time, on a terminal only."""
    if not shown:
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

    columns = (
        SpinnerColumn(),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TextColumn("remaining"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=total, rate=clean("loading the parser"))

        def report(summary: Summary) -> None:
            done = summary.new + summary.unchanged + summary.failed
            seconds = max(summary.seconds - summary.loading, 1e-6)
            rate = f"{done / seconds:.1f} documents/s, {summary.tokens_per_second:.0f} tokens/s"
            progress.update(task, completed=done, total=max(total, done) if total is not None else None, rate=rate)

        yield report
