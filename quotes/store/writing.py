"""Writing a store: one writer, commits that are there whole or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import astuple
from pathlib import Path
from types import TracebackType
from typing import IO, Any, NamedTuple

import polars as pl
from polars.exceptions import PolarsError

from quotes.atomic import replace_file
from quotes.errors import StoreError
from quotes.locking import take_lock
from quotes.model import Document
from quotes.schema import SCHEMA_VERSION, Provenance, Row, document_schema, is_newer, quotation_schema
from quotes.store import manifest
from quotes.store.layout import DAMAGED, LOCK, MANIFEST, SHARD, SUSPECT, TABLES, TMP, is_unfinished, shard_path
from quotes.store.shards import damage, read_shard, sort_quotations, to_parquet, visible_damage

# Documents in a shard: small ones are filled up by later commits, so that single articles do not make a file each.
SHARD_DOCUMENTS = 500
# Small shards that are merged into one at the end of a run. A question costs some milliseconds a shard, and a change
# of a document the rewriting of its shard: 8,000 documents are about 100,000 quotations or 25 MB.
MERGED_SHARDS = 16
_KEY = ("doc_id", "source", "extractor_version", "model", "lexicon_hash", "schema_version", "error")


class Lost(NamedTuple):
    """A damaged shard that was set aside: its name, why, and the sources of its documents, if they can be read."""

    name: str
    why: str
    sources: tuple[str, ...]


class StoreWriter:
    """The one writer of a store, as a context manager; makes the store where there is none.

    Attributes:
        lost: the damaged shards that were set aside when the store was opened.

    Raises:
        StoreError: the folder is something else, another process writes to it, or the disk is full.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self.lost: list[Lost] = []
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
            self._publish([name for name in self._shards if name not in replaced] + [name for name, _ in written])
            for name, part in written:
                self._index(name, part.select(_KEY))
            self._clean()

    def rewrite(self, change: Callable[[pl.DataFrame], pl.DataFrame], shards: set[str]) -> None:
        """Change the quotation rows of some shards, all in one commit.

        Args:
            change: gives the rows of a shard with other values in the same columns and order.
            shards: their names.

        Raises:
            StoreError: the disk is full or refuses; the store is as it was before.
        """
        if not shards:
            return
        with _writing(self.path):
            renamed: dict[str, tuple[str, pl.DataFrame]] = {}
            for name in (name for name in self._shards if name in shards):
                documents = self._documents(name)
                written = self._write_shard(documents, change(self._quotations(name)))
                renamed[name] = written, documents.select(_KEY)
            self._publish([renamed[name][0] if name in renamed else name for name in self._shards])
            for name, keys in renamed.values():
                self._index(name, keys)
            self._clean()

    def tidy(self) -> None:
        """Merge small shards that are full, sixteen into one, so that questions have few files to open.

        Not part of each commit: documents of one run that replace others would rewrite a large shard each time.

        Raises:
            StoreError: the disk is full or refuses; the store is as it was before.
        """
        with _writing(self.path):
            small = [name for name in self._shards if self._sizes[name] == SHARD_DOCUMENTS]
            while len(small) >= MERGED_SHARDS:
                merged, small = small[:MERGED_SHARDS], small[MERGED_SHARDS:]
                documents = pl.concat([self._documents(name) for name in merged])
                name = self._write_shard(documents, pl.concat([self._quotations(name) for name in merged]))
                first, rest = merged[0], set(merged[1:])
                self._publish([name if old == first else old for old in self._shards if old not in rest])
                self._index(name, documents.select(_KEY))
                self._clean()

    def write_beside(self, name: str, data: bytes) -> None:
        """Put a file beside the tables, whole or not at all.

        Raises:
            StoreError: the disk is full or refuses.
        """
        with _writing(self.path):
            self._replace(self.path / name, data)

    def _documents(self, name: str) -> pl.DataFrame:
        return read_shard(shard_path(self.path, "documents", name), document_schema())

    def _quotations(self, name: str) -> pl.DataFrame:
        return read_shard(shard_path(self.path, "quotations", name), quotation_schema())

    def _publish(self, shards: list[str]) -> None:
        """Make these the live shards: the commit."""
        self._replace(self.path / MANIFEST, manifest.to_bytes(shards))
        self._shards = shards

    def _open(self) -> None:
        if self.path.exists() and not self.path.is_dir():
            raise StoreError("is a file, not a store", source=str(self.path), remedy="Name a folder with --store")
        new = not (self.path / MANIFEST).exists()
        if new and self.path.exists() and not is_unfinished(self.path):
            raise StoreError("holds other files and no store", source=str(self.path), remedy="Name a new folder")
        for folder in (*TABLES, TMP):
            (self.path / folder).mkdir(parents=True, exist_ok=True)
        try:
            self._lock = take_lock(self.path / LOCK)
        except BlockingIOError as error:
            raise StoreError(
                "is being written by another process", source=str(self.path), remedy="Wait until it has finished"
            ) from error
        if not (self.path / MANIFEST).exists():
            self._replace(self.path / MANIFEST, manifest.to_bytes([]))
        self._shards = manifest.read_manifest(self.path)
        marks = {mark.stem: mark for mark in (self.path / DAMAGED).glob(f"*{SUSPECT}")}
        for name in list(self._shards):
            try:
                keys = self._keys(name, thoroughly=name in marks)
            except (PolarsError, pl.exceptions.PanicException) as error:
                self._set_aside(name, str(error).splitlines()[0][:200])
            else:
                self._index(name, keys)
        for mark in marks.values():
            mark.unlink(missing_ok=True)
        self._clean()

    def _keys(self, name: str, *, thoroughly: bool) -> pl.DataFrame:
        """The keys of a shard's documents; ``thoroughly``: all of both files is read.

        Raises:
            StoreError: a newer version of the program wrote it, whose columns would be lost.
            PolarsError: one of its files is damaged, as far as their ends tell.
        """
        for table in TABLES:
            path = shard_path(self.path, table, name)
            why = damage(path) if thoroughly else visible_damage(path)
            if why is not None:
                raise pl.exceptions.ComputeError(f"{table}/{name}.parquet {why}")
        keys = self._documents(name).select(_KEY)
        newer = [v for v in keys["schema_version"].unique() if is_newer(v)]
        if newer:
            raise StoreError(
                f"holds rows of schema version {max(newer, key=int)}, this program writes {SCHEMA_VERSION}",
                source=str(self.path),
                remedy="Update german-quotes, or name another store",
            )
        return keys

    def _set_aside(self, name: str, why: str) -> None:
        """Take a damaged shard out of the store, its files into ``damaged/``; its documents can be extracted anew."""
        sources: tuple[str, ...] = ()
        with contextlib.suppress(OSError, PolarsError, pl.exceptions.PanicException):
            sources = tuple(self._documents(name)["source"].drop_nulls().unique().sort())
        folder = self.path / DAMAGED
        folder.mkdir(exist_ok=True)
        for table in TABLES:
            with contextlib.suppress(FileNotFoundError):
                path = shard_path(self.path, table, name)
                os.replace(path, folder / f"{table}-{path.name}")
        self._publish([other for other in self._shards if other != name])
        self.lost.append(Lost(name, why, sources))

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
            shard = self._documents(name)
            failed = shard["error"].is_not_null()
            stays = [
                source not in sources if is_failed else (doc_id, source) not in keys
                for doc_id, source, is_failed in zip(shard["doc_id"], shard["source"], failed, strict=True)
            ]
            kept = shard.filter(pl.Series(stays, dtype=pl.Boolean))
            rows = self._quotations(name)
            kept_documents.append(kept)
            kept_quotations.append(
                rows.join(
                    kept.filter(pl.col("error").is_null()), on=["doc_id", "source"], how="semi", maintain_order="left"
                )
            )
        return kept_documents, kept_quotations, touched

    def _write_shard(self, documents: pl.DataFrame, quotations: pl.DataFrame) -> str:
        packed = [to_parquet(documents), to_parquet(sort_quotations(quotations))]
        name = hashlib.sha256(b"".join(packed)).hexdigest()[:16]
        for table, data in zip(TABLES, packed, strict=True):
            self._replace(self.path / table / f"{name}.parquet", data)
        return name

    def _replace(self, path: Path, data: bytes) -> None:
        replace_file(path, data, temporary=self.path / TMP / path.name)

    def _clean(self) -> None:
        """Remove shards that the manifest does not name; only files with a shard's name are touched."""
        live = set(self._shards)
        for table in TABLES:
            for path in (self.path / table).glob("*.parquet"):
                if SHARD.fullmatch(path.stem) and path.stem not in live:
                    with contextlib.suppress(OSError):
                        path.unlink()


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
