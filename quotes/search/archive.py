"""A store that can be asked who said what."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

import polars as pl
from polars.exceptions import PolarsError

from quotes.errors import UsageError
from quotes.registry.keeper import read_table_of
from quotes.schema import quotation_schema
from quotes.search.columns import has_words
from quotes.search.index import Index, discard
from quotes.search.matching import read_question
from quotes.search.names import meant, read_name
from quotes.search.query import Filters
from quotes.store import ORDER, Store, read_manifest
from quotes.store.reading import Shard, reading
from quotes.store.shards import GROUP_ROWS, damage

# Row groups with hits in a shard up to which they are read one by one (3 ms each); with more the shard is (50 ms).
_FEW_GROUPS = 12
# Threads that read row groups: decoding frees the interpreter, opening a file does not.
_READERS = 4
# Speakers named in a note.
_SHOWN = 8


class Part(NamedTuple):
    """What is asked of one shard: all of it, or certain rows (ascending)."""

    shard: Shard
    rows: Sequence[int] | None


class Plan(NamedTuple):
    """The parts that can hold an answer, and the canonical names that were meant; ``None``: everybody."""

    parts: list[Part]
    speakers: list[str] | None


class Archive(Store):
    """A store that can be asked who said what.

    Attributes:
        on_progress: is told how many shards of how many the index has read in, before each one.
        notes: what whoever asked may want to know: whom a name meant, that the index could not be kept.
    """

    def __init__(self, path: str | Path) -> None:
        super().__init__(path)
        self.on_progress: Callable[[int, int], None] | None = None
        self.notes: list[str] = []

    def find(
        self,
        name: str | None = None,
        *,
        about: str | None = None,
        kind: str | None = None,
        since: date | None = None,
        until: date | None = None,
        outlet: str | None = None,
        via: str | None = None,
        to: str | None = None,
        min_confidence: float | None = None,
        min_speaker_confidence: float | None = None,
    ) -> pl.LazyFrame:
        """The quotations that meet all conditions, in the order of their articles and places.

        Args and errors are those of :class:`quotes.search.Filters` and :meth:`select`.
        """
        return self.select(
            Filters(
                name=name,
                about=about,
                kind=kind,
                since=since,
                until=until,
                outlet=outlet,
                via=via,
                to=to,
                min_confidence=min_confidence,
                min_speaker_confidence=min_speaker_confidence,
            )
        )

    def select(self, filters: Filters) -> pl.LazyFrame:
        """The quotations that meet the filters, with the columns of the table, in the order of articles and places.

        Names and words are looked up now. Rows with certain words are read now too, all others when the frame is
        collected.

        Raises:
            UsageError: a filter makes no sense.
            StoreError: the store cannot be read.
        """
        with reading(self.path):
            plan = self._plan(filters)
            conditions = _conditions(filters, plan.speakers)
            frames = self._frames(plan.parts, conditions)
        return pl.concat([pl.LazyFrame(schema=quotation_schema()), *frames]).sort(*ORDER)

    def batches(self, filters: Filters) -> Iterator[pl.DataFrame]:
        """The same quotations shard by shard, each in order: memory holds one shard's share at a time.

        Shards that turn out to be damaged are noted and left out.

        Raises:
            UsageError: a filter makes no sense.
            StoreError: the store cannot be read.
        """
        with reading(self.path):
            plan = self._plan(filters)
            conditions = _conditions(filters, plan.speakers)
            for part in plan.parts:
                try:
                    found = pl.concat(self._frames([part], conditions)).sort(*ORDER).collect()
                except FileNotFoundError:
                    raise
                except (PolarsError, pl.exceptions.PanicException):
                    why = damage(part.shard.path)
                    if why is None:
                        raise
                    self.note_damage(part.shard.path, why)
                    continue
                if len(found):
                    yield found

    def undated(self, filters: Filters) -> int:
        """How many quotations meet all filters but the days, because nobody knows when they were published.

        0 where no day is asked for.

        Raises:
            UsageError: a filter makes no sense.
            StoreError: the store cannot be read.
        """
        if filters.since is None and filters.until is None:
            return 0
        always = replace(filters, since=None, until=None)
        no_date = pl.col("published").is_null()
        return int(self.collect(lambda a: a.select(always).filter(no_date).select(pl.len())).item())

    def knows(self, name: str) -> bool:
        """Whether the store has rows of anybody whom a name or role means.

        Raises:
            StoreError: the store cannot be read.
        """
        with reading(self.path):
            return bool(self._plan(Filters(name=name)).speakers)

    def _plan(self, filters: Filters) -> Plan:
        """Which shards, which of their rows, and which speakers can answer."""
        shards = self.shards("quotations")
        if filters.name is None and filters.about is None:
            return Plan([Part(shard, None) for shard in shards], None)
        try:
            return self._look_up(shards, filters)
        except FileNotFoundError:
            # A writer replaced a shard meanwhile.
            return self._look_up(self.shards("quotations"), filters)
        except sqlite3.DatabaseError:
            # Damage inside the index, which shows when it is asked: it is made anew.
            discard(self.path)
            return self._look_up(shards, filters)

    def _look_up(self, shards: list[Shard], filters: Filters) -> Plan:
        question = read_question(filters.about) if filters.about is not None else None
        with Index(self.path, shards, on_progress=self.on_progress) as index:
            for path, why in index.unreadable.items():
                self.note_damage(path, why)
            if index.is_temporary:
                self.notes.append("The store cannot be written to: the index of its words is made anew each time")
            speakers = self._speakers(filters.name, index) if filters.name is not None else None
            wanted = index.shards_between(filters.begin, filters.end)
            if speakers is not None:
                wanted &= index.shards_of(speakers)
            shards = [shard for shard in shards if shard.name in wanted]
            if question is None:
                return Plan([Part(shard, None) for shard in shards], speakers)
            rows = index.rows(question, speakers=speakers, shards=wanted)
            return Plan([Part(shard, rows[shard.name]) for shard in shards if shard.name in rows], speakers)

    def _speakers(self, name: str, index: Index) -> list[str]:
        readings = read_name(name)
        if not readings:
            raise UsageError(f"there is no word in {name!r}", remedy="Ask for a name or a role")
        canonical = read_table_of(self.path).canonical(name)
        if canonical != name:
            return [canonical]
        chosen = list(dict.fromkeys(who for asked in readings for who in meant(asked, index.called(asked))))
        if len(chosen) > 1:
            shown = ", ".join(chosen[:_SHOWN]) + (f" and {len(chosen) - _SHOWN} more" if len(chosen) > _SHOWN else "")
            self.notes.append(f"{name} may be {len(chosen)} speakers: {shown}")
        return chosen

    def _frames(self, parts: Sequence[Part], conditions: Sequence[pl.Expr]) -> list[pl.LazyFrame]:
        """The answers in the parts. Where the rows are known they are read now, a few row groups at a time."""
        known = [(part.shard, rows) for part in parts if part.rows is not None for rows in _near(part.rows)]
        with ThreadPoolExecutor(_READERS) as pool:
            read = list(pool.map(lambda task: self._read(*task).filter(*conditions), known))
        schema = quotation_schema()
        scanned = [self.scan([part.shard], schema).filter(*conditions) for part in parts if part.rows is None]
        return [*([pl.concat(read).lazy()] if read else []), *scanned]

    def _read(self, shard: Shard, rows: list[int]) -> pl.DataFrame:
        """Rows of a shard, given in ascending order; only the row groups between the first and the last are read."""
        first, last = rows[0], rows[-1]
        near = self.scan([shard], quotation_schema()).slice(first, last - first + 1).collect()
        return near if len(rows) == len(near) else near[[row - first for row in rows]]


def open_store(path: str | Path) -> Archive:
    """Open a store for reading and asking.

    Raises:
        StoreError: there is none.
    """
    read_manifest(Path(path))
    return Archive(path)


def _near(rows: Sequence[int]) -> list[list[int]]:
    """Ascending rows of a shard in lots that are read together: of one row group each, or all if there are many."""
    groups: dict[int, list[int]] = {}
    for row in rows:
        groups.setdefault(row // GROUP_ROWS, []).append(row)
    return list(groups.values()) if len(groups) <= _FEW_GROUPS else [list(rows)]


def _conditions(filters: Filters, speakers: Sequence[str] | None) -> list[pl.Expr]:
    """The filters on columns, and whom the name meant; words are looked up in the index."""
    conditions = [pl.lit(True)]
    if speakers is not None:
        conditions.append(pl.col("speaker").is_in(list(speakers)))
    if filters.kind is not None:
        conditions.append(pl.col("kind") == filters.kind)
    if filters.begin is not None:
        conditions.append(pl.col("published") >= filters.begin)
    if filters.end is not None:
        conditions.append(pl.col("published") < filters.end)
    if filters.outlet is not None:
        conditions.append(has_words(pl.col("outlet"), filters.outlet))
    if filters.via is not None:
        conditions.append(has_words(pl.col("via").list.join(" · "), filters.via))
    if filters.to is not None:
        conditions.append(has_words(pl.col("addressee"), filters.to))
    for column in ("confidence", "speaker_confidence"):
        least = getattr(filters, f"min_{column}")
        if least is not None:
            conditions.append(pl.col(column) >= least)
    return conditions
