"""The store: a folder with two Parquet tables in immutable shards, committed atomically.

    STORE/documents/NAME.parquet     one row per document
    STORE/quotations/NAME.parquet    the quotations of the documents in the shard of the same name
    STORE/manifest.json              names the live shards; it is replaced last, and that is the commit
    STORE/tmp/, STORE/lock           files being written; held by the one writer
    STORE/decisions.jsonl            what was decided about speakers (:mod:`quotes.registry`)
    STORE/speakers.toml              the user's own table of speakers, which nothing here writes

A crash at any instant leaves the state before or after a commit. Shards the manifest does not name are leftovers, are
never read through :class:`Store`, and are removed by the next writer.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import astuple
from pathlib import Path
from types import TracebackType
from typing import IO, Any

import polars as pl
from polars.exceptions import PolarsError

from quotes.errors import StoreError
from quotes.model import Document
from quotes.schema import Provenance, Row, document_schema, quotation_schema

try:
    import fcntl
except ImportError:  # Windows: without it two writers are the user's care
    fcntl = None  # type: ignore[assignment]

MANIFEST, LOCK, TMP = "manifest.json", "lock", "tmp"
# Files beside the tables: what was decided about speakers, and the user's own table of them.
DECISIONS, SPEAKERS = "decisions.jsonl", "speakers.toml"
TABLES = ("documents", "quotations")
# Documents in a shard: small ones are filled up by later commits, so that single articles do not make a file each.
SHARD_DOCUMENTS = 500
_SHARD = re.compile(r"[0-9a-f]{16}")
_KEY = ("doc_id", "source", "extractor_version", "model", "lexicon_hash", "schema_version", "error")


class Store:
    """Reads a store; each call sees the last commit."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)

    def documents(self) -> pl.LazyFrame:
        """The documents table, the failed documents with ``error`` set."""
        return self._scan("documents", document_schema())

    def quotations(self) -> pl.LazyFrame:
        """The quotations table."""
        return self._scan("quotations", quotation_schema())

    def collect(self, query: Callable[[Store], pl.LazyFrame]) -> pl.DataFrame:
        """Run a query on the last commit.

        Raises:
            StoreError: the store is not there or damaged.
        """
        with _reading(self.path):
            try:
                return query(self).collect()
            except FileNotFoundError:
                # A writer replaced a shard between the reading of the manifest and of the data.
                return query(self).collect()

    def quotation_rows(self, keys: set[tuple[str, str]]) -> Iterator[dict[str, Any]]:
        """The rows of documents given by ``(doc_id, source)``, shard by shard, in the order of source and start."""
        wanted = pl.LazyFrame(
            {"doc_id": [k[0] for k in keys], "source": [k[1] for k in keys]},
            schema={"doc_id": pl.String, "source": pl.String},
        )
        found = self.collect(
            lambda store: store.quotations().join(wanted, on=["doc_id", "source"], how="semi").sort(*ORDER)
        )
        yield from found.iter_rows(named=True)

    def _scan(self, table: str, schema: dict[str, pl.DataType]) -> pl.LazyFrame:
        shards = [self.path / table / f"{name}.parquet" for name in read_manifest(self.path)]
        if not shards:
            return pl.LazyFrame(schema=schema)
        return pl.scan_parquet(
            shards, schema=schema, missing_columns="insert", extra_columns="ignore", glob=False
        ).select(list(schema))


# The order in which quotations are shown: by article, then as they stand in it.
ORDER = ("source", "doc_id", "start", "end", "quote_id")


def open_store(path: str | Path) -> Store:
    """Open a store for reading.

    Raises:
        StoreError: there is none.
    """
    read_manifest(Path(path))
    return Store(path)


def read_manifest(path: Path) -> list[str]:
    """The names of the live shards.

    Raises:
        StoreError: there is no store at the path, or its manifest is damaged.
    """
    try:
        names = json.loads((path / MANIFEST).read_text("utf-8"))["shards"]
    except (FileNotFoundError, NotADirectoryError) as error:
        raise StoreError(
            "holds no store", source=str(path), remedy="Make one with: quotes extract PATH --store DIR"
        ) from error
    except OSError as error:
        raise StoreError(
            f"cannot be read ({error.strerror})", source=str(path / MANIFEST), remedy="Check its permissions"
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(
            "is damaged", source=str(path / MANIFEST), remedy="Extract the documents again into a new store"
        ) from error
    if not isinstance(names, list) or not all(isinstance(name, str) and _SHARD.fullmatch(name) for name in names):
        raise StoreError("is damaged", source=str(path / MANIFEST), remedy="Extract the documents into a new store")
    return names


class StoreWriter:
    """The one writer of a store, as a context manager; makes the store where there is none.

    Raises:
        StoreError: the folder is something else, another process writes to it, or the disk is full.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._lock: IO[bytes] | None = None
        self._shards: list[str] = []
        self._sizes: dict[str, int] = {}
        self._held: dict[tuple[str, str], tuple[Provenance, str]] = {}
        self._failed: dict[str, tuple[tuple[str, ...], str]] = {}

    def __enter__(self) -> StoreWriter:
        with _writing(self.path):
            self._open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def holds(self, document: Document, provenance: Provenance) -> bool:
        """Whether the document is stored and was extracted by the same extractor, model, lexicon and schema.

        Not if its source is in the ledger of failures: extracting it anew takes it out.
        """
        held = self._held.get((document.doc_id, document.source))
        return held is not None and held[0] == provenance and document.source not in self._failed

    def holds_failure(self, source: str, message: str, provenance: Provenance) -> bool:
        """Whether this very failure is in the ledger already."""
        held = self._failed.get(source)
        return held is not None and held[0] == (message, *astuple(provenance))

    def commit(self, documents: Sequence[Mapping[str, Any]], quotations: Sequence[Row]) -> None:
        """Write documents with all their quotations, in the place of what was stored for the same documents.

        Raises:
            StoreError: the disk is full or refuses; the store is as it was before.
        """
        if not documents:
            return
        with _writing(self.path):
            before = list(self._shards)
            kept_documents, kept_quotations, replaced = self._without(documents)
            new_documents = pl.DataFrame(list(documents), schema=document_schema(), orient="row")
            new_quotations = pl.DataFrame([row.model_dump() for row in quotations], schema=quotation_schema())
            all_documents = pl.concat([*kept_documents, new_documents])
            all_quotations = pl.concat([*kept_quotations, new_quotations])
            written = []
            for at in range(0, len(all_documents), SHARD_DOCUMENTS):
                part = all_documents.slice(at, SHARD_DOCUMENTS)
                good = part.filter(pl.col("error").is_null())
                rows = all_quotations.join(good, on=["doc_id", "source"], how="semi", maintain_order="left")
                written.append((self._write_shard(part, rows), part))
            self._shards = [name for name in before if name not in replaced] + [name for name, _ in written]
            try:
                self._replace(self.path / MANIFEST, _manifest(self._shards))
            except BaseException:
                self._shards = before
                raise
            for name, part in written:
                self._index(name, part.select(_KEY))
            self._clean()

    def rewrite(self, change: Callable[[pl.DataFrame], pl.DataFrame], keys: set[tuple[str, str]]) -> None:
        """Change the quotation rows in the shards of some documents, all in one commit.

        Args:
            change: gives the rows of a shard with other values in the same columns and order.
            keys: ``(doc_id, source)`` of the documents whose shards are touched.

        Raises:
            StoreError: the disk is full or refuses; the store is as it was before.
        """
        touched = {self._held[key][1] for key in keys if key in self._held}
        if not touched:
            return
        with _writing(self.path):
            before = list(self._shards)
            renamed: dict[str, tuple[str, pl.DataFrame]] = {}
            for name in (name for name in before if name in touched):
                documents = self._read_shard("documents", name, document_schema())
                rows = self._read_shard("quotations", name, quotation_schema())
                renamed[name] = self._write_shard(documents, change(rows)), documents
            self._shards = [renamed[name][0] if name in renamed else name for name in before]
            try:
                self._replace(self.path / MANIFEST, _manifest(self._shards))
            except BaseException:
                self._shards = before
                raise
            for name, documents in renamed.values():
                self._index(name, documents.select(_KEY))
            self._clean()

    def write_beside(self, name: str, data: bytes) -> None:
        """Put a file beside the tables, whole or not at all.

        Raises:
            StoreError: the disk is full or refuses.
        """
        with _writing(self.path):
            self._replace(self.path / name, data)

    def _read_shard(self, table: str, name: str, schema: dict[str, pl.DataType]) -> pl.DataFrame:
        return _complete(pl.read_parquet(self.path / table / f"{name}.parquet", glob=False), schema)

    def _open(self) -> None:
        if self.path.exists() and not self.path.is_dir():
            raise StoreError("is a file, not a store", source=str(self.path), remedy="Name a folder with --store")
        new = not (self.path / MANIFEST).exists()
        if new and self.path.exists() and not _is_unfinished(self.path):
            raise StoreError("holds other files and no store", source=str(self.path), remedy="Name a new folder")
        for folder in (*TABLES, TMP):
            (self.path / folder).mkdir(parents=True, exist_ok=True)
        self._lock = (self.path / LOCK).open("ab")
        if fcntl is not None:
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                self._lock.close()
                raise StoreError(
                    "is being written by another process", source=str(self.path), remedy="Wait until it has finished"
                ) from error
        if not (self.path / MANIFEST).exists():
            self._replace(self.path / MANIFEST, _manifest([]))
        self._shards = read_manifest(self.path)
        self._clean()
        for name in self._shards:
            self._index(name, self._read_shard("documents", name, document_schema()).select(_KEY))

    def _index(self, shard: str, keys: pl.DataFrame) -> None:
        self._sizes[shard] = len(keys)
        for doc_id, source, version, model, lexicon, schema, error in keys.iter_rows():
            if error is None:
                self._held[doc_id, source] = Provenance(version, model, lexicon, schema), shard
                self._failed.pop(source, None)
            else:
                self._failed[source] = (error, version, model, lexicon, schema), shard

    def _without(
        self, documents: Sequence[Mapping[str, Any]]
    ) -> tuple[list[pl.DataFrame], list[pl.DataFrame], set[str]]:
        """The shards that change, read and without the rows that are superseded; and their names."""
        keys = {(d["doc_id"], d["source"]) for d in documents if d["error"] is None}
        sources = {d["source"] for d in documents}
        touched = {self._held[key][1] for key in keys if key in self._held}
        touched |= {self._failed[source][1] for source in sources if source in self._failed}
        # The one shard that is not full takes the new documents in.
        touched |= {name for name in self._shards[-1:] if self._sizes[name] < SHARD_DOCUMENTS}
        kept_documents, kept_quotations = [], []
        for name in (name for name in self._shards if name in touched):
            shard = self._read_shard("documents", name, document_schema())
            failed = shard["error"].is_not_null()
            stays = [
                source not in sources if is_failed else (doc_id, source) not in keys
                for doc_id, source, is_failed in zip(shard["doc_id"], shard["source"], failed, strict=True)
            ]
            kept = shard.filter(pl.Series(stays, dtype=pl.Boolean))
            rows = self._read_shard("quotations", name, quotation_schema())
            kept_documents.append(kept)
            kept_quotations.append(
                rows.join(
                    kept.filter(pl.col("error").is_null()), on=["doc_id", "source"], how="semi", maintain_order="left"
                )
            )
        return kept_documents, kept_quotations, touched

    def _write_shard(self, documents: pl.DataFrame, quotations: pl.DataFrame) -> str:
        packed = [_parquet(documents), _parquet(quotations)]
        name = hashlib.sha256(b"".join(packed)).hexdigest()[:16]
        for table, data in zip(TABLES, packed, strict=True):
            self._replace(self.path / table / f"{name}.parquet", data)
        return name

    def _replace(self, path: Path, data: bytes) -> None:
        """Put a whole file in its place: temporary file, fsync, rename, fsync of the folder."""
        temporary = self.path / TMP / path.name
        try:
            with temporary.open("wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(temporary, path)
        finally:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
        _sync_folder(path.parent)

    def _clean(self) -> None:
        """Remove shards that the manifest does not name; only files with a shard's name are touched."""
        live = set(self._shards)
        for table in TABLES:
            for path in (self.path / table).glob("*.parquet"):
                if _SHARD.fullmatch(path.stem) and path.stem not in live:
                    with contextlib.suppress(OSError):
                        path.unlink()


def _manifest(shards: list[str]) -> bytes:
    return (json.dumps({"format": 1, "shards": shards}, indent=1) + "\n").encode()


def _parquet(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    return buffer.getvalue()


def _complete(frame: pl.DataFrame, schema: dict[str, pl.DataType]) -> pl.DataFrame:
    """A shard of an older schema brought to the present one."""
    missing = [pl.lit(None, dtype=dtype).alias(name) for name, dtype in schema.items() if name not in frame.columns]
    return frame.with_columns(missing).select(list(schema))


def _is_unfinished(path: Path) -> bool:
    """Whether a folder without a manifest is empty or what an interrupted first run left."""
    own = {*TABLES, TMP, LOCK, DECISIONS, SPEAKERS}
    return all(
        entry.name in own
        and (entry.is_file() or all(_SHARD.fullmatch(f.stem) or f.name == MANIFEST for f in entry.iterdir()))
        for entry in path.iterdir()
    )


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # folders cannot be opened there
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, PolarsError) as error:
        # A full disk comes from polars as ComputeError, from everything else as OSError.
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error).splitlines()[0]
        if "No space left" in str(error) or "quota" in reason.lower():
            remedy = "Free some space and run the same command again: what was committed is kept"
        else:
            remedy = "Check the folder and its permissions; what was committed is kept"
        raise StoreError(f"cannot be written ({reason})", source=str(path), remedy=remedy) from error


@contextlib.contextmanager
def _reading(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, PolarsError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise StoreError(
            f"cannot be read ({reason})", source=str(path), remedy="Extract the documents again into a new store"
        ) from error
