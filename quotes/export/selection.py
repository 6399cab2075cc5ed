"""Which quotations a sheet holds and in what order, fetched a batch at a time so that no size of store is too large."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from quotes.errors import StoreError
from quotes.export.lines import Key, Line, build_lines
from quotes.folding import fold
from quotes.schema import quotation_schema
from quotes.search import Archive, Filters

if TYPE_CHECKING:
    from quotes.desk.verdicts import Verdict

SORTS = ("speaker", "date", "place")
# Rows in memory at a time; some 700 bytes each in Parquet's types, ten times that as Python values.
BATCH = 20_000

# What tells a row from all others: one article may be stored under two sources.
_ROW = ["quote_id", "doc_id", "source"]
_PLACE = ["source", "doc_id", "start", "end", "quote_id"]
_KEYS = [*_ROW, "start", "end", "speaker", "speaker_id", "published"]


@dataclass(frozen=True, slots=True)
class Selection:
    """The quotations that answer a query, in order. Only what orders them is held; the rows are read as needed.

    Attributes:
        archive: the store.
        keys: one row for each quotation, in order.
    """

    archive: Archive
    keys: pl.DataFrame

    def __len__(self) -> int:
        return len(self.keys)

    def frames(self, size: int = BATCH) -> Iterator[pl.DataFrame]:
        """The rows of the quotations table in order, at most ``size`` at a time.

        Raises:
            StoreError: the store cannot be read, or somebody changed these rows in the meantime.
        """
        for at in range(0, len(self.keys), size):
            wanted = self.keys.slice(at, size).select(_ROW).with_row_index("_order").lazy()
            found = self.archive.collect(
                lambda store, wanted=wanted: (  # type: ignore[misc]
                    store.quotations().join(wanted, on=_ROW, how="inner").sort("_order").drop("_order")
                )
            )
            if len(found) != min(size, len(self.keys) - at):
                raise StoreError(
                    "was changed while the sheet was made",
                    source=str(self.archive.path),
                    remedy="Run the same command again",
                )
            yield found

    def lines(self, verdicts: Mapping[str, Verdict], *, with_text: bool) -> Iterator[Line]:
        """The lines in order; with the text around each quotation where ``with_text`` asks for it.

        Raises:
            StoreError: see :meth:`frames`.
        """
        # Texts of articles are long: fewer at a time.
        for frame in self.frames(BATCH // 20 if with_text else BATCH):
            yield from build_lines(frame.iter_rows(named=True), self.documents(frame, with_text=with_text), verdicts)

    def documents(self, rows: pl.DataFrame, *, with_text: bool = False) -> dict[Key, dict[str, Any]]:
        """``url``, ``title`` and, if wanted, ``text`` of the articles of some rows, by ``(doc_id, source)``."""
        keys = rows.select("doc_id", "source").unique().lazy()
        columns = ["doc_id", "source", "url", "title", *(["text"] if with_text else [])]
        found = self.archive.collect(
            lambda store: (
                store.documents()
                .filter(pl.col("error").is_null())
                .join(keys, on=["doc_id", "source"], how="semi")
                .select(columns)
            )
        )
        return {(row["doc_id"], row["source"]): row for row in found.iter_rows(named=True)}


def choose(archive: Archive, filters: Filters, *, sort: str) -> Selection:
    """The quotations that answer a query.

    Args:
        archive: the store.
        filters: the query.
        sort: ``speaker`` in alphabetical order without regard to case and accents, those without a speaker last; then,
            as for ``date``, from the oldest to the newest, those without a date last; then, as for ``place``, by
            article as they stand in it.

    Raises:
        StoreError: the store cannot be read.
    """
    batches = [batch.select(_KEYS) for batch in archive.batches(filters)]
    keys = pl.concat(batches) if batches else pl.DataFrame(schema={name: quotation_schema()[name] for name in _KEYS})
    if sort == "speaker":
        names = keys.select(pl.col("speaker").unique().drop_nulls())
        folded = names.with_columns(pl.Series("_name", [fold(name) for name in names["speaker"]], dtype=pl.String))
        keys = keys.join(folded, on="speaker", how="left")
        # The identifier keeps two people of one name apart.
        order = ["_name", "speaker", "speaker_id", "published", *_PLACE]
    else:
        order = [*(["published"] if sort == "date" else []), *_PLACE]
    return Selection(archive, keys.sort(order, nulls_last=True).select(_KEYS))
