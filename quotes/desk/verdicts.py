"""What the desk decided about quotations: one decision a line, never shortened, the latest holds.

STORE/desk.jsonl    one verdict a line: ``quote_id``, ``status``, ``by``, ``at`` and, where there is one, ``note``
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from quotes.errors import StoreError, UsageError
from quotes.store import DESK, Store, StoreWriter, open_store

STATUSES = ("open", "checking", "confirmed", "false", "misquoted", "not_checkable")
# Digits of a quote_id that an unknown one is compared by; nearer ones would be chance.
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Verdict:
    """What somebody decided about a quotation.

    Attributes:
        quote_id: the quotation's id, whole.
        status: one of :data:`STATUSES`; ``open`` takes an earlier verdict back.
        by: who decided, as they call themselves.
        at: when, in UTC, ISO form (``2026-02-03T09:30:00+00:00``).
        note: a remark, empty where there is none.

    Raises:
        ValueError: the status is none of these, ``at`` is no time with a zone, or a name is missing.
        TypeError: a value is no text.
    """

    quote_id: str
    status: str
    by: str
    at: str
    note: str = ""

    def __post_init__(self) -> None:
        for name in self.__slots__:
            if not isinstance(getattr(self, name), str):
                raise TypeError(f"{name} is no text")
        if self.status not in STATUSES:
            raise ValueError(f"{self.status!r} is none of {', '.join(STATUSES)}")
        if not self.quote_id or not self.by.strip():
            raise ValueError("a verdict needs a quotation and a name")
        if datetime.fromisoformat(self.at).tzinfo is None:
            raise ValueError(f"{self.at!r} has no zone")


def to_lines(log: Iterable[Verdict]) -> str:
    """The log as JSON Lines in plain ASCII; an empty note is left out."""
    return "".join(json.dumps({k: v for k, v in asdict(v).items() if k != "note" or v}) + "\n" for v in log)


def from_lines(text: str, *, source: str) -> list[Verdict]:
    """The log from JSON Lines, oldest first.

    Raises:
        StoreError: a line is damaged; the message names it by its number in the file.
    """
    names = {f.name for f in fields(Verdict)}
    log: list[Verdict] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            values = json.loads(line)
            if not isinstance(values, dict) or not set(values) <= names:
                raise ValueError("not a verdict")
            log.append(Verdict(**values))
        except (ValueError, TypeError) as error:
            raise StoreError(
                f"line {number} is damaged ({error})",
                source=source,
                remedy="Mend this line or move it to another file; the other lines hold without it",
            ) from error
    return log


def read_log(store_path: str | Path) -> list[Verdict]:
    """All verdicts of a store, oldest first; none where the desk decided nothing yet.

    Raises:
        StoreError: the file cannot be read, or a line is damaged.
    """
    file = Path(store_path) / DESK
    try:
        return from_lines(file.read_text(encoding="utf-8"), source=str(file))
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(
            f"cannot be read ({error})", source=str(file), remedy="Check its permissions, or restore it from a copy"
        ) from None


def read_verdicts(store_path: str | Path) -> dict[str, Verdict]:
    """The verdict that holds for each quotation, by ``quote_id``: the last in the file.

    Raises:
        StoreError: the file cannot be read, or a line is damaged.
    """
    return {verdict.quote_id: verdict for verdict in read_log(store_path)}


def mark(
    store_path: str | Path, marks: Sequence[tuple[str, str]], *, by: str, at: datetime, note: str = ""
) -> list[Verdict]:
    """Add verdicts to the log, all or none, under the store's lock; the verdicts with their whole ids.

    Args:
        store_path: the store's folder.
        marks: pairs of ``quote_id``, or a clear beginning of one, and status.
        by: who decided.
        at: now, with a zone.
        note: a remark on all of them.

    Raises:
        UsageError: a quotation is unknown, several begin so, the status is none, or nobody decided.
        StoreError: the store cannot be read or written; nothing was added.
    """
    if not by.strip():
        raise UsageError("a verdict needs somebody who gave it", remedy="Name them with --by NAME")
    store = open_store(store_path)
    when = at.astimezone(UTC).isoformat(timespec="seconds")
    with StoreWriter(store_path) as writer:
        log = read_log(store_path)
        known = {verdict.quote_id for verdict in log}
        new = [Verdict(_whole(store, known, id_), _status(status), by.strip(), when, note) for id_, status in marks]
        writer.write_beside(DESK, to_lines([*log, *new]).encode())
    return new


def _status(wanted: str) -> str:
    status = wanted.strip().lower().replace("-", "_")
    if status not in STATUSES:
        near = difflib.get_close_matches(status, STATUSES, 1)
        remedy = f"Did you mean {near[0]}?" if near else f"Choose one of {', '.join(STATUSES)}"
        raise UsageError(f"{wanted!r} is no status", remedy=remedy)
    return status


def _whole(store: Store, judged: set[str], beginning: str) -> str:
    """The one id that begins so; among those judged before as well, since a newer extractor may have moved the row."""
    wanted = beginning.strip().lower()
    ids = store.collect(lambda s: s.quotations().select(pl.col("quote_id").unique()))["quote_id"].to_list()
    known: list[str] = sorted({*ids, *judged})
    if wanted in known:
        return wanted
    found = [quote_id for quote_id in known if wanted and quote_id.startswith(wanted)]
    if len(found) == 1:
        return found[0]
    if found:
        named = ", ".join(found[:_SHOWN])
        raise UsageError(f"{len(found)} quotations begin with {beginning}: {named}", remedy="Give more of the id")
    near = difflib.get_close_matches(wanted, known, _SHOWN, 0.6)
    remedy = f"Did you mean {', '.join(near)}?" if near else "quotes feed prints the ids"
    raise UsageError(f"no quotation is called {beginning}", remedy=remedy)
