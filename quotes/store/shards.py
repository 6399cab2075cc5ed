"""Shards: one Parquet file a table, whole or not there; their order inside, and how damage is found."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

import polars as pl
from polars.exceptions import PolarsError

# Rows of a row group. Readers skip whole groups by their statistics; in smaller ones the statistics cost more than
# the rows they save (measured with scripts/bench_query.py).
GROUP_ROWS = 4_096
# Rows of one speaker stand together, in time: that is what is asked for most.
_SORTED = ("speaker", "published", "source", "doc_id", "start", "end", "quote_id")
_MAGIC = b"PAR1"
# Magic, length of the footer and magic again: no Parquet file is shorter.
_LEAST_BYTES = 12


def sort_quotations(rows: pl.DataFrame) -> pl.DataFrame:
    """Quotations in the order of a shard: by speaker and date, those without at the end."""
    return rows.sort(*_SORTED, nulls_last=True)


def to_parquet(frame: pl.DataFrame) -> bytes:
    """The file of a shard."""
    buffer = io.BytesIO()
    frame.write_parquet(buffer, row_group_size=GROUP_ROWS)
    return buffer.getvalue()


def read_shard(path: Path, schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """A shard of any schema version brought to the present one.

    Raises:
        PolarsError, OSError: it cannot be read.
    """
    frame = pl.read_parquet(path, glob=False)
    missing = [pl.lit(None, dtype=dtype).alias(name) for name, dtype in schema.items() if name not in frame.columns]
    return frame.with_columns(missing).select(list(schema))


def visible_damage(path: Path) -> str | None:
    """What is wrong with a shard as far as its ends tell; ``None`` if nothing is. Costs a few bytes of reading."""
    try:
        with path.open("rb") as stream:
            size = stream.seek(0, io.SEEK_END)
            if size < _LEAST_BYTES:
                return f"is cut off after {size} bytes"
            stream.seek(0)
            head = stream.read(len(_MAGIC))
            stream.seek(-8, io.SEEK_END)
            length = int.from_bytes(stream.read(4), "little")
            tail = stream.read(4)
    except FileNotFoundError:
        return "is missing"
    if head != _MAGIC or tail != _MAGIC or length > size - _LEAST_BYTES:
        return "is cut off or overwritten"
    return None


def damage(path: Path) -> str | None:
    """What is wrong with a shard, all of it read; ``None`` if nothing is."""
    seen = visible_damage(path)
    if seen is not None:
        return seen
    try:
        pl.read_parquet(path, glob=False)
    except (PolarsError, pl.exceptions.PanicException) as error:
        return f"is damaged ({str(error).splitlines()[0][:200]})"
    return None
