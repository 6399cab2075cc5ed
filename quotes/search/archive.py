"""A store that can be asked who said what."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple

import polars as pl
from polars.exceptions import PolarsError

from quotes.errors import UsageError
from quotes.registry.keeper import read_table_of
from quotes.schema import quotation_schema
from quotes.search.columns import has_words
from quotes.search.index import Index
from quotes.search.matching import read_question
from quotes.search.names import meant, read_name
from quotes.search.query import Filters, months
from quotes.store import ORDER, Store, read_manifest
from quotes.store.reading import Shard, reading
from quotes.store.shards import GROUP_ROWS, damage

# Row groups with hits in a shard up to which they are read one by one; with more the whole shard is read.
_FEW_GROUPS = 2
# Speakers named in a note.
_SHOWN = 8
_ROW = "row of the shard"


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

        Names and words are looked up now, the rows are read when the frame is collected.

        Raises:
            UsageError: a filter makes no sense.
            StoreError: the store cannot be read.
        """
        with reading(self.path):
            plan = self._plan(filters)
        frames = [self._frame(part, filters, plan.speakers) for part in plan.parts]
        return (pl.concat(frames) if frames else pl.LazyFrame(schema=quotation_schema())).sort(*ORDER)

    def batches(self, filters: Filters) -> Iterator[pl.DataFrame]:
        """The same quotations shard by shard, each in order: memory holds one shard's share at a time.

        Shards that turn out to be damaged are noted and left out.

        Raises:
            UsageError: a filter makes no sense.
            StoreError: the store cannot be read.
        """
        with reading(self.path):
            plan = self._plan(filters)
            for part in plan.parts:
                try:
                    found = self._frame(part, filters, plan.speakers).sort(*ORDER).collect()
                except FileNotFoundError:
                    raise
                except (PolarsError, pl.exceptions.PanicException):
                    why = damage(part.shard.path)
                    if why is None:
                        raise
                    self.damage[part.shard.path] = why
                    continue
                if len(found):
                    yield found

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

    def _look_up(self, shards: list[Shard], filters: Filters) -> Plan:
        question = read_question(filters.about) if filters.about is not None else None
        with Index(self.path, shards, on_progress=self.on_progress) as index:
            self.damage |= index.unreadable
            if index.is_temporary:
                self.notes.append("The store cannot be written to: the index of its words is made anew each time")
            shards = [shard for shard in shards if shard.path not in index.unreadable]
            speakers = self._speakers(filters.name, index) if filters.name is not None else None
            if speakers is not None:
                wanted = index.shards_of(speakers)
                shards = [shard for shard in shards if shard.name in wanted]
            if question is None:
                return Plan([Part(shard, None) for shard in shards], speakers)
            rows = index.rows(question, speakers=speakers, months=months(filters))
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

    def _frame(self, part: Part, filters: Filters, speakers: Sequence[str] | None) -> pl.LazyFrame:
        conditions = _conditions(filters)
        if speakers is not None:
            conditions.append(pl.col("speaker").is_in(list(speakers)))
        frames = self._rows_of(part)
        return pl.concat([frame.filter(*conditions) for frame in frames])

    def _rows_of(self, part: Part) -> list[pl.LazyFrame]:
        """The rows of a part; from few row groups only these are read."""
        schema = quotation_schema()
        if part.rows is None:
            return [self.scan([part.shard], schema)]
        groups: dict[int, list[int]] = {}
        for row in part.rows:
            groups.setdefault(row // GROUP_ROWS, []).append(row)
        if len(groups) > _FEW_GROUPS:
            groups = {0: list(part.rows)}
        frames = []
        for rows in groups.values():
            first, last = rows[0], rows[-1]
            near = self.scan([part.shard], schema).slice(first, last - first + 1)
            if len(rows) <= last - first:
                wanted = pl.Series(rows, dtype=pl.get_index_type())
                near = near.with_row_index(_ROW, offset=first).filter(pl.col(_ROW).is_in(wanted.implode())).drop(_ROW)
            frames.append(near)
        return frames


def open_store(path: str | Path) -> Archive:
    """Open a store for reading and asking.

    Raises:
        StoreError: there is none.
    """
    read_manifest(Path(path))
    return Archive(path)


def _conditions(filters: Filters) -> list[pl.Expr]:
    """The filters on columns; those on speaker and words are looked up in the index."""
    conditions = [pl.lit(True)]
    if filters.kind is not None:
        conditions.append(pl.col("kind") == filters.kind)
    if filters.since is not None:
        conditions.append(pl.col("published") >= datetime.combine(filters.since, time()))
    if filters.until is not None:
        conditions.append(pl.col("published") < datetime.combine(filters.until + timedelta(days=1), time()))
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
