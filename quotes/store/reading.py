"""Reading a store. A shard that is damaged is named and costs no other."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Self

import polars as pl
from polars.exceptions import PolarsError

from quotes.errors import StoreError
from quotes.schema import document_schema, is_newer, quotation_schema
from quotes.store.layout import DAMAGED, SUSPECT, TABLES, shard_path
from quotes.store.manifest import read_manifest
from quotes.store.shards import damage, visible_damage

# The order in which quotations are shown: by article, then as they stand in it.
ORDER = ("source", "doc_id", "start", "end", "quote_id")
# Documents whose rows are read together; their rows take some 20 MB.
DOCUMENTS_AT_ONCE = 2_000


class Shard(NamedTuple):
    """A live shard: its name and the file of one table."""

    name: str
    path: Path


class Store:
    """Reads a store; each call sees the last commit.

    Attributes:
        path: the folder.
        damage: what is wrong with shards that were to be read, by file. They are left out.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self.damage: dict[Path, str] = {}

    def documents(self) -> pl.LazyFrame:
        """The documents table, the failed documents with ``error`` set."""
        return self.scan(self.shards("documents"), document_schema())

    def quotations(self) -> pl.LazyFrame:
        """The quotations table."""
        return self.scan(self.shards("quotations"), quotation_schema())

    def collect(self, query: Callable[[Self], pl.LazyFrame]) -> pl.DataFrame:
        """Run a query on the last commit. Shards that turn out to be damaged are noted and left out.

        Raises:
            StoreError: the store is not there or cannot be read.
        """
        with reading(self.path):
            try:
                return query(self).collect()
            except FileNotFoundError:
                # A writer replaced a shard between the reading of the manifest and of the data.
                return query(self).collect()
            except (PolarsError, pl.exceptions.PanicException):
                if not self._look_closer():
                    raise
                return query(self).collect()

    def quotation_rows(self, keys: set[tuple[str, str]]) -> Iterator[dict[str, Any]]:
        """The rows of documents given by ``(doc_id, source)``, in the order of source and start.

        They are read for so many documents at a time that what is held does not grow with their number.
        """
        in_order = sorted(keys, key=lambda key: (key[1], key[0]))
        for at in range(0, len(in_order), DOCUMENTS_AT_ONCE):
            yield from self._rows_of(in_order[at : at + DOCUMENTS_AT_ONCE])

    def _rows_of(self, keys: Sequence[tuple[str, str]]) -> Iterator[dict[str, Any]]:
        """The rows of documents whose keys are in the order of source and identifier."""
        schema = {"doc_id": pl.String, "source": pl.String}
        wanted = pl.LazyFrame({"doc_id": [k[0] for k in keys], "source": [k[1] for k in keys]}, schema=schema)
        between = pl.col("source").is_between(pl.lit(keys[0][1]), pl.lit(keys[-1][1]))
        found = self.collect(
            lambda store: (
                store.quotations().filter(between).join(wanted, on=["doc_id", "source"], how="semi").sort(*ORDER)
            )
        )
        yield from found.iter_rows(named=True)

    def newer_schema(self) -> str | None:
        """The schema version of documents that a newer version of this program stored, if there are any."""
        versions = self.collect(lambda s: s.documents().select("schema_version").unique())["schema_version"]
        return max((version for version in versions if is_newer(version)), key=int, default=None)

    def shards(self, table: str) -> list[Shard]:
        """The live shards of a table that can be read as far as their ends tell."""
        names = read_manifest(self.path)
        found = [Shard(name, shard_path(self.path, table, name)) for name in names]
        wrong = {s.path: why for s in found if (why := self.damage.get(s.path) or visible_damage(s.path))}
        if wrong and read_manifest(self.path) != names:
            return self.shards(table)
        self.damage |= wrong
        return [shard for shard in found if shard.path not in wrong]

    @staticmethod
    def scan(shards: list[Shard], schema: dict[str, pl.DataType]) -> pl.LazyFrame:
        """Shards of one table as one frame, those of an older schema with nulls in what they lack."""
        if not shards:
            return pl.LazyFrame(schema=schema)
        paths = [shard.path for shard in shards]
        return pl.scan_parquet(
            paths, schema=schema, missing_columns="insert", extra_columns="ignore", glob=False
        ).select(list(schema))

    def _look_closer(self) -> bool:
        """Read all shards to the end; whether one more is damaged than was known."""
        known = len(self.damage)
        for table in TABLES:
            for shard in self.shards(table):
                why = damage(shard.path)
                if why is not None:
                    self.note_damage(shard.path, why)
        return len(self.damage) > known

    def note_damage(self, path: Path, why: str) -> None:
        """Leave a shard out from now on, and leave a mark for the next writer, who sets it aside.

        The mark is left where the store can be written to.
        """
        self.damage[path] = why
        with contextlib.suppress(OSError):
            suspects = self.path / DAMAGED
            suspects.mkdir(exist_ok=True)
            (suspects / f"{path.stem}{SUSPECT}").touch()


def open_store(path: str | Path) -> Store:
    """Open a store for reading.

    Raises:
        StoreError: there is none.
    """
    read_manifest(Path(path))
    return Store(path)


@contextlib.contextmanager
def reading(path: Path) -> Iterator[None]:
    """What goes wrong with reading, as a clear error."""
    try:
        yield
    except (OSError, PolarsError, pl.exceptions.PanicException) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise StoreError(
            f"cannot be read ({reason})", source=str(path), remedy="Extract the documents again into a new store"
        ) from error
