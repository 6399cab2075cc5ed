"""The registry's files in a store, and the one way in which rows get their canonical names.

STORE/decisions.jsonl    what was decided, one decision a line, never shortened
STORE/speakers.toml      the user's own table; nothing here writes it
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import polars as pl

from quotes.errors import DataError, StoreError, UsageError
from quotes.lexicon import Lexicon, load_lexicon
from quotes.registry.canon import RESULTS, SOURCES, canonical, links, told
from quotes.registry.decisions import MERGE, RENAME, SPLIT, Decision, from_lines, in_force, to_lines, undoing
from quotes.registry.people import show_speaker
from quotes.registry.user_table import UserTable, read_user_table
from quotes.schema import quotation_schema
from quotes.store import DECISIONS, SPEAKERS, StoreWriter, open_store


def read_table_of(path: str | Path) -> UserTable:
    """The store's ``speakers.toml``, empty where there is none.

    Raises:
        DataError: the file cannot be understood.
    """
    file = Path(path) / SPEAKERS
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return UserTable()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"cannot be read ({error})", source=str(file), remedy="Save it as UTF-8") from None
    return read_user_table(text, source=str(file))


def read_log(path: str | Path) -> list[Decision]:
    """The store's decisions, oldest first.

    Raises:
        StoreError: the file is damaged.
    """
    file = Path(path) / DECISIONS
    try:
        return from_lines(file.read_text(encoding="utf-8"), source=str(file))
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"cannot be read ({error})", source=str(file), remedy="Restore the file") from None


def settle(writer: StoreWriter, table: UserTable, lexicon: Lexicon | None = None) -> int:
    """Give all rows of the store the names that table and decisions ask for; how many rows changed.

    Only shards with a change are written, and one at a time is in memory. Doing it twice changes nothing the second
    time.

    Raises:
        StoreError: the store cannot be written, or its decisions are damaged.
    """
    decisions = in_force(read_log(writer.path))
    store = open_store(writer.path)
    linked = links(
        store.collect(lambda s: told(s.quotations(), full=True)),
        store.collect(lambda s: told(s.quotations(), full=False)),
        lexicon or load_lexicon(),
    )
    columns = list(dict.fromkeys((*SOURCES, *RESULTS)))
    touched: set[str] = set()
    changed = 0
    for shard in store.shards("quotations"):
        rows = store.collect(lambda s, at=shard: s.scan([at], quotation_schema()).select(columns))  # type: ignore[misc]
        wanted = canonical(rows, table, decisions, linked)
        same = rows["speaker"].eq_missing(wanted["speaker"]) & rows["speaker_id"].eq_missing(wanted["speaker_id"])
        if not same.all():
            touched.add(shard.name)
            changed += len(rows.filter(~same))

    def rename(rows: pl.DataFrame) -> pl.DataFrame:
        return rows.with_columns(canonical(rows.select(SOURCES), table, decisions, linked))

    writer.rewrite(rename, touched)
    return changed


def decide(
    writer: StoreWriter,
    what: str,
    name: str,
    to: str,
    *,
    at: datetime,
    role: str = "",
    outlet: str = "",
    source: str = "",
    since: str = "",
    until: str = "",
) -> tuple[Decision, int]:
    """Write a merge, split or rename into the log and settle the rows; the decision and how many rows changed.

    Raises:
        UsageError: a name is not there, is there where it must not be, or a split asks for nothing.
        StoreError: the store cannot be written.
    """
    store = open_store(writer.path)
    name = show_speaker(store, name).name
    if name == to:
        raise UsageError(f"{name} has that name already")
    if what == MERGE:
        to = show_speaker(store, to).name
        if name == to:
            raise UsageError(f"{name} cannot be merged into itself")
    elif _exists(writer, to):
        raise UsageError(f"{to} is another speaker", remedy=f'Merge them: quotes speakers merge "{name}" "{to}"')
    if what == SPLIT and not any((role, outlet, source, since, until)):
        raise UsageError("a split needs a condition", remedy="Give --role, --outlet, --source, --since or --until")
    log = read_log(writer.path)
    when = at.isoformat(timespec="seconds")
    try:
        decision = Decision(len(log) + 1, what, name, to, role, outlet, source, since, until, 0, when)
    except ValueError as error:
        raise UsageError(str(error), remedy="Write days as YYYY-MM-DD") from None
    return decision, _keep(writer, [*log, decision])


def undo(writer: StoreWriter, number: int | None, *, at: datetime) -> tuple[Decision, int]:
    """Undo a decision, the last that holds if no number is given; the new decision and how many rows changed.

    Raises:
        UsageError: there is nothing to undo.
        StoreError: the store cannot be written.
    """
    log = read_log(writer.path)
    decision = undoing(log, number, at=at)
    return decision, _keep(writer, [*log, decision])


def _keep(writer: StoreWriter, log: list[Decision]) -> int:
    table = read_table_of(writer.path)
    writer.write_beside(DECISIONS, to_lines(log).encode())
    return settle(writer, table)


def _exists(writer: StoreWriter, name: str) -> bool:
    found = open_store(writer.path).collect(lambda s: s.quotations().filter(pl.col("speaker") == name).head(1))
    return len(found) > 0


__all__ = ["MERGE", "RENAME", "SPLIT", "decide", "read_log", "read_table_of", "settle", "undo"]
