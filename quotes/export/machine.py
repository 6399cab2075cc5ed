"""The rows of a quote sheet for machines: all columns, their own types, and what the desk decided. Nothing is escaped:
a formula is only text here."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import IO, TYPE_CHECKING, Any

import polars as pl
from polars.exceptions import PolarsError
from polars.io.plugins import register_io_source

from quotes.errors import OutputError
from quotes.export.escaping import encodable
from quotes.schema import as_json, quotation_schema

if TYPE_CHECKING:
    from quotes.desk.verdicts import Verdict
    from quotes.export.selection import Selection


def sheet_schema() -> dict[str, pl.DataType]:
    """The columns: those of the quotations table, then ``url`` of the article, and the desk's ``status``, ``checker``,
    ``checked_at`` (UTC) and ``note``, which are null where nobody has decided."""
    desk = {"url": pl.String(), "status": pl.String(), "checker": pl.String()}
    return {**quotation_schema(), **desk, "checked_at": pl.Datetime("us", "UTC"), "note": pl.String()}


def sheet_frames(selection: Selection, verdicts: Mapping[str, Verdict]) -> Iterator[pl.DataFrame]:
    """The rows in order, a batch at a time.

    Raises:
        StoreError: the store cannot be read.
    """
    schema = sheet_schema()
    for frame in selection.frames():
        documents = selection.documents(frame)
        urls = [documents.get(key, {}).get("url") for key in frame.select("doc_id", "source").iter_rows()]
        desk = [verdicts.get(quote_id) for quote_id in frame["quote_id"]]
        yield frame.with_columns(
            pl.Series("url", urls, pl.String()),
            pl.Series("status", [v and v.status for v in desk], pl.String()),
            pl.Series("checker", [v and encodable(v.by) for v in desk], pl.String()),
            pl.Series("checked_at", [v and datetime.fromisoformat(v.at) for v in desk], schema["checked_at"]),
            pl.Series("note", [v and (encodable(v.note) or None) for v in desk], pl.String()),
        ).select(list(schema))


def jsonl_sheet(selection: Selection, verdicts: Mapping[str, Verdict]) -> Iterator[bytes]:
    """JSON Lines in UTF-8, times in ISO form.

    Raises:
        StoreError: the store cannot be read.
    """
    for frame in sheet_frames(selection, verdicts):
        for row in frame.iter_rows(named=True):
            yield (json.dumps(_encodable(as_json(row)), ensure_ascii=False) + "\n").encode()


def _encodable(value: Any) -> Any:
    if isinstance(value, str):
        return encodable(value)
    if isinstance(value, list):
        return [_encodable(item) for item in value]
    if isinstance(value, dict):
        return {key: _encodable(item) for key, item in value.items()}
    return value


def write_parquet(selection: Selection, verdicts: Mapping[str, Verdict], stream: IO[bytes]) -> None:
    """Parquet with typed columns, written to the stream as the rows are read.

    Raises:
        StoreError: the store cannot be read.
        OutputError: the stream cannot be written.
    """

    def read(*_: object) -> Iterator[pl.DataFrame]:
        # The sink asks for everything: there is nothing to push down.
        yield from sheet_frames(selection, verdicts)

    try:
        register_io_source(read, schema=sheet_schema()).sink_parquet(stream, engine="streaming", maintain_order=True)
    except PolarsError as error:
        # A full disk comes as ComputeError.
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise OutputError(
            f"the Parquet file cannot be written ({reason})", remedy="Free some space, or name a file on another disk"
        ) from error
