"""``quotes feed``: what the desk should check, the most check-worthy first, and what the desk decided."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from quotes.cli.asking import asking, suggest
from quotes.cli.options import CONTEXT, query_options, store_option
from quotes.cli.output import leave_pipe, note
from quotes.errors import OutputError, UsageError

if TYPE_CHECKING:
    from quotes.desk.claims import Choice
    from quotes.export.feed import Order
    from quotes.search import Filters


@click.command(context_settings=CONTEXT, epilog="Example: quotes feed --since-last -o claims.jsonl --store store")
@query_options
@store_option
@click.option("-o", "--output", metavar="FILE", default="-", help="The file. [default: standard output]")
@click.option(
    "--format",
    "form",
    type=click.Choice(["jsonl", "atom", "jsonld", "annotations"]),
    help="The form, if the file's ending (.jsonl, .atom, .xml, .jsonld, .json for annotations) does not say it.",
)
@click.option("--since-last", is_flag=True, help="Only what no earlier run sent; each quotation is sent once.")
@click.option("--min-score", type=click.FloatRange(0.0, 1.0), metavar="P", help="The least score, 0 to 1.")
@click.option("--top", type=click.IntRange(1), metavar="N", help="So many claims at most; the others wait.")
@click.option("--again", type=click.IntRange(1), metavar="N", help="Repeat batch N, byte for byte.")
@click.option("--mark", nargs=2, multiple=True, metavar="ID STATUS", help="Write down what was decided; see below.")
@click.option("--by", metavar="NAME", help="Who decided.")
@click.option("--note", "remark", metavar="TEXT", help="A remark on what was decided.")
def feed(
    filters: Filters,
    store: str,
    output: str,
    form: str | None,
    since_last: bool,
    min_score: float | None,
    top: int | None,
    again: int | None,
    mark: Sequence[tuple[str, str]],
    by: str | None,
    remark: str | None,
) -> None:
    """Print claims to check, the most check-worthy first; each says by its features why.

    With --since-last each quotation is sent once, whatever happens in between: a batch is written down before it goes
    out, and a run that was cut off is brought to its end by the next one. What is below --min-score or beyond --top is
    not sent and not forgotten: a later run with a lower score gets it. A file that still holds an earlier batch is put
    aside first, as claims.3.jsonl for batch 3.

    --mark 3fa4 confirmed --by NAME writes down what the desk decided about the quotation whose id begins so: open,
    checking, confirmed, false, misquoted or not_checkable. The latest decision holds, all are kept.
    """
    asked = {"a query": bool(filters), "--since-last": since_last, "--min-score": min_score is not None}
    asked |= {"--top": top is not None, "--format": form is not None, "--again": again is not None}
    now = datetime.now(UTC)
    if mark:
        _alone("--mark", asked | {"-o": output != "-"})
        _mark(store, mark, by or "", remark or "", now)
        return
    if by is not None or remark is not None:
        raise UsageError("--by and --note belong to a decision", remedy="Give it with --mark ID STATUS")
    target = None if output == "-" else Path(output)
    if target is not None:
        _keep_out(target, Path(store))
    if again is not None:
        _alone("--again", {name: given for name, given in asked.items() if name != "--again"})
        _again(store, again, target, now)
        return
    from quotes import __version__
    from quotes.desk.worth import threshold
    from quotes.export.feed import Order

    least = threshold() if min_score is None else min_score
    order = Order(form=form or _form_of(target), min_score=least, top=top, version=__version__, now=now)
    if since_last:
        _send(store, filters, order, target)
    else:
        _ask(store, filters, order, target)


def _ask(store: str, filters: Filters, order: Order, target: Path | None) -> None:
    from quotes.export.feed import ask
    from quotes.export.files import write_file
    from quotes.statements import group

    with asking(store, filters) as archive:
        data, choice = ask(archive, filters, order, group=group)
        if target is not None:
            write_file(target, data)
        else:
            with contextlib.suppress(BrokenPipeError):
                _write_out(data)
        if choice.claims or choice.below:
            note(f"{_count(len(choice.claims), 'claim')}{_left(choice, order)}")
        else:
            suggest(archive, filters)


def _send(store: str, filters: Filters, order: Order, target: Path | None) -> None:
    from quotes.export.feed import send_new
    from quotes.export.files import write_file
    from quotes.statements import group

    with asking(store, filters) as archive:
        try:
            report = send_new(
                archive, filters, order, output=target, write_file=write_file, write_out=_write_out, group=group
            )
        except BrokenPipeError:
            note("Not all of it was read: the next run with --since-last sends the same batch again")
            return
    for batch in report.repeated:
        where = f" to {batch.output}" if batch.output else ""
        note(f"Batch {batch.number} of {batch.made_at} had not arrived{where} for certain, and was sent first")
    for aside in report.aside:
        note(f"What lay there is in {aside}")
    if report.batch is None:
        note(f"Nothing new{_left(report.choice, order)}")
    else:
        note(f"Batch {report.batch.number}: {_count(report.batch.items, 'claim')}{_left(report.choice, order)}")


def _again(store: str, number: int, target: Path | None, now: datetime) -> None:
    from quotes.export.feed import repeat
    from quotes.export.files import write_file
    from quotes.store import open_store

    open_store(store)
    with contextlib.suppress(BrokenPipeError):
        batch, aside = repeat(Path(store), number, output=target, write_file=write_file, write_out=_write_out, now=now)
        if aside is not None:
            note(f"What lay there is in {aside}")
        note(f"Batch {batch.number} of {batch.made_at}, {_count(batch.items, 'claim')}, once more")


def _mark(store: str, marks: Sequence[tuple[str, str]], by: str, remark: str, now: datetime) -> None:
    from quotes.desk.verdicts import mark

    for verdict in mark(store, marks, by=by, at=now, note=remark):
        note(f"{verdict.quote_id}: {verdict.status}, {verdict.by}, {verdict.at}")


def _alone(option: str, others: dict[str, bool]) -> None:
    given = [name for name, is_given in others.items() if is_given]
    if given:
        raise UsageError(f"{option} goes without {' and '.join(given)}", remedy="Give them in a run of their own")


def _form_of(target: Path | None) -> str:
    from quotes.export.feed import ENDINGS

    if target is None:
        return "jsonl"
    form = ENDINGS.get(target.suffix.lower())
    if form is None:
        named = ", ".join(ENDINGS)
        raise UsageError(f"{target.name} has none of the endings {named}", remedy="Say the form with --format")
    return form


def _keep_out(target: Path, store: Path) -> None:
    """A file named by mistake must not replace one of the store."""
    if Path(os.path.realpath(target)).is_relative_to(os.path.realpath(store)):
        raise UsageError(f"{target} is inside the store", remedy="Name a file in another folder")


def _write_out(data: bytes) -> None:
    """All bytes to standard output, as far as to the disk where that is a file.

    Raises:
        OutputError: they cannot be written.
        BrokenPipeError: the reader went away.
    """
    try:
        sys.stdout.flush()
        # Without buffering (PYTHONUNBUFFERED) a write may take a part and say nothing of the rest.
        rest = memoryview(data)
        while rest:
            rest = rest[sys.stdout.buffer.write(rest) or 0 :]
        sys.stdout.buffer.flush()
        with contextlib.suppress(OSError, ValueError):  # no file, or none that can be synced
            os.fsync(sys.stdout.fileno())
    except BrokenPipeError:
        leave_pipe()
        raise
    except OSError as error:
        raise OutputError(
            f"cannot be written ({error.strerror})", source="standard output", remedy="Name a file with -o"
        ) from error


def _left(choice: Choice, order: Order) -> str:
    told = [f"{choice.below} below {order.min_score:g}" if choice.below else ""]
    told.append(f"{choice.beyond} beyond --top" if choice.beyond else "")
    return "".join(f", {text}" for text in told if text)


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
