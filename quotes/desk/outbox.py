"""The outbox: what is sent is written down first, so that nothing is sent twice and nothing is lost.

    STORE/feed/batches/000001.json     what was sent where, and whether it arrived; writing it is the commit
    STORE/feed/batches/000001.gz       the bytes that were sent, so that the batch can be repeated
    STORE/feed/batches/000001.parquet  the quotations in it
    STORE/feed/sent.parquet            the quotations of all batches that arrived; made again where it is missing
    STORE/feed/lock                    held by the one run

A batch is made (its bytes and quotations, then its record), delivered to its output, and marked delivered. A run that
finds a batch without the mark looks whether the output holds these bytes; if not, it delivers the same bytes, before
anything new. Standard output cannot be looked at: killed between writing there and the mark, a batch goes out again,
with the same number and the same bytes.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import io
import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Any

import polars as pl
from polars.exceptions import PolarsError

from quotes.atomic import replace_file
from quotes.desk.sent import SENT
from quotes.errors import StoreError, UsageError
from quotes.locking import take_lock
from quotes.store import FEED

BATCHES, SENT_FILE, LOCK = "batches", "sent.parquet", "lock"
_RECORD = re.compile(r"(\d{6,})\.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """One batch: what was sent where.

    Attributes:
        number: counts from 1.
        made_at, delivered_at: times in UTC, ISO form; ``delivered_at`` is empty until it arrived.
        form: the format of its bytes.
        output: the absolute path of the output, ``None`` for standard output.
        store: the absolute path of the store when the batch was made: a copy of the store delivers nothing by itself.
        filters: what was asked, by the names of the options.
        sha256, length: of the exact bytes; ``length`` in bytes.
        items, rows: claims and quotations in it.
    """

    number: int
    made_at: str
    form: str
    output: str | None
    store: str
    filters: Mapping[str, str]
    sha256: str
    length: int
    items: int
    rows: int
    delivered_at: str = ""

    def is_in(self, path: Path) -> bool:
        """Whether a file holds just the bytes of the batch."""
        try:
            if path.stat().st_size != self.length:
                return False
            return hashlib.sha256(path.read_bytes()).hexdigest() == self.sha256
        except OSError:
            return False


class Outbox:
    """The outbox of a store, as a context manager that keeps other runs out.

    Raises:
        StoreError: another run has it, it cannot be written, or a file in it is damaged.
    """

    def __init__(self, store: str | Path) -> None:
        self.store = Path(os.path.abspath(store))
        self.path = self.store / FEED
        self._lock: IO[bytes] | None = None

    def __enter__(self) -> Outbox:
        with self._writing():
            (self.path / BATCHES).mkdir(parents=True, exist_ok=True)
            try:
                self._lock = take_lock(self.path / LOCK)
            except BlockingIOError as error:
                raise StoreError(
                    "another run of quotes feed is at work",
                    source=str(self.path),
                    remedy="Wait until it has finished",
                ) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def numbers(self) -> list[int]:
        """The numbers of all batches, in order."""
        found = (_RECORD.fullmatch(entry.name) for entry in (self.path / BATCHES).iterdir())
        return sorted(int(match[1]) for match in found if match)

    def batch(self, number: int) -> Batch:
        """The record of a batch.

        Raises:
            UsageError: there is none of this number.
            StoreError: it is damaged.
        """
        file = self._file(number, "json")
        try:
            batch = _read_record(file.read_bytes())
        except FileNotFoundError:
            numbers = self.numbers()
            remedy = f"There are batches {numbers[0]} to {numbers[-1]}" if numbers else "Nothing was sent yet"
            raise UsageError(f"there is no batch {number}", remedy=remedy) from None
        except OSError as error:
            raise StoreError(
                f"cannot be read ({error.strerror})", source=str(file), remedy="Check its permissions"
            ) from error
        except (ValueError, TypeError) as error:
            raise StoreError(
                f"is damaged ({error})",
                source=str(file),
                remedy="Restore it from a copy, or move it away: what is not known to have arrived is then sent anew",
            ) from error
        if batch.number != number:
            raise StoreError(f"is that of batch {batch.number}", source=str(file), remedy="Restore it from a copy")
        return batch

    def pending(self) -> list[Batch]:
        """The batches that are not known to have arrived, oldest first."""
        newer = self.numbers()
        covered = self._covered()
        return [b for b in map(self.batch, (n for n in newer if n > covered)) if not b.delivered_at]

    def last_to(self, output: str, *, below: int | None = None) -> int:
        """The number of the last batch made for an output, ``below`` a number where one is given; 0 if there is none.

        Damaged records are passed over.
        """
        for number in reversed([n for n in self.numbers() if below is None or n < below]):
            with contextlib.suppress(StoreError):
                if self.batch(number).output == output:
                    return number
        return 0

    def sent(self) -> pl.DataFrame:
        """The quotations of all batches, also of those on their way; columns of :data:`quotes.desk.sent.SENT`.

        Raises:
            StoreError: a file is damaged.
        """
        known = self._settled()
        covered = _newest(known)
        newer = [self._rows(number) for number in self.numbers() if number > covered]
        return pl.concat([known, *newer])

    def make(
        self,
        data: bytes,
        sent: pl.DataFrame,
        *,
        number: int,
        form: str,
        output: str | None,
        filters: Mapping[str, str],
        items: int,
        at: datetime,
    ) -> Batch:
        """Write a batch down; from here on its quotations count as sent, and its bytes will arrive.

        Args:
            data: the exact bytes to send.
            sent: its quotations, columns of :data:`quotes.desk.sent.SENT`.
            number: that of :meth:`next_number`.
            at: now, with a zone.

        Raises:
            StoreError: the disk is full or refuses; the batch does not exist then.
        """
        batch = Batch(
            number=number,
            made_at=_utc(at),
            form=form,
            output=output,
            store=str(self.store),
            filters=filters,
            sha256=hashlib.sha256(data).hexdigest(),
            length=len(data),
            items=items,
            rows=len(sent),
        )
        with self._writing():
            self._put(self._file(number, "parquet"), _parquet(sent))
            self._put(self._file(number, "gz"), gzip.compress(data, mtime=0))
            self._put(self._file(number, "json"), _record(batch))
        return batch

    def next_number(self) -> int:
        """The number of the next batch."""
        return max([self._covered(), *self.numbers()]) + 1

    def data(self, batch: Batch) -> bytes:
        """The exact bytes of a batch.

        Raises:
            StoreError: they are not there any more, or damaged.
        """
        file = self._file(batch.number, "gz")
        try:
            data = gzip.decompress(file.read_bytes())
        except (OSError, EOFError, ValueError) as error:
            data, reason = b"", str(error)
        else:
            reason = "other bytes"
        if len(data) != batch.length or hashlib.sha256(data).hexdigest() != batch.sha256:
            remedy = "Restore it from a copy"
            if not batch.delivered_at:
                record = self._file(batch.number, "json").name
                remedy += f", or move {record} beside it away: its quotations are then sent in a new batch"
            raise StoreError(f"is damaged ({reason})", source=str(file), remedy=remedy)
        return data

    def mark_delivered(self, batch: Batch, *, at: datetime) -> None:
        """Write down that a batch arrived.

        Raises:
            StoreError: the disk is full or refuses; the batch is delivered again then, unless its output holds it.
        """
        with self._writing():
            self._put(self._file(batch.number, "json"), _record(replace(batch, delivered_at=_utc(at))))

    def settle(self) -> None:
        """Take the batches that arrived into ``sent.parquet``. Nothing depends on it but the time a run takes.

        Raises:
            StoreError: the disk is full or refuses, or a file is damaged.
        """
        sent = self.sent()
        waiting = [b.number for b in self.pending()]
        settled = sent.filter(pl.col("batch") < min(waiting)) if waiting else sent
        if len(settled) and _newest(settled) > self._covered():
            with self._writing():
                self._put(self.path / SENT_FILE, _parquet(settled))

    def _file(self, number: int, ending: str) -> Path:
        return self.path / BATCHES / f"{number:06}.{ending}"

    def _covered(self) -> int:
        return _newest(self._settled("batch"))

    def _settled(self, *columns: str) -> pl.DataFrame:
        file = self.path / SENT_FILE
        if not file.exists():
            return pl.DataFrame(schema=dict(SENT))
        remedy = "Delete this file: it is made again from the batches beside it, and nothing is sent twice"
        return _read_parquet(file, columns or tuple(SENT), remedy)

    def _rows(self, number: int) -> pl.DataFrame:
        remedy = f"Restore it from a copy, or move all files of batch {number} away: its quotations are then sent anew"
        return _read_parquet(self._file(number, "parquet"), tuple(SENT), remedy)

    def _put(self, path: Path, data: bytes) -> None:
        replace_file(path, data, temporary=path.with_name(path.name + ".new"))

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            full = "No space left" in str(error) or "quota" in str(error).lower()
            raise StoreError(
                f"cannot be written ({error.strerror or error})",
                source=str(self.path),
                remedy=f"{'Free some space' if full else 'Check its permissions'} and run the same command again",
            ) from error


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


def _newest(sent: pl.DataFrame) -> int:
    newest = sent["batch"].max()
    return newest if isinstance(newest, int) else 0


def _record(batch: Batch) -> bytes:
    return (json.dumps(asdict(batch), indent=1) + "\n").encode("ascii")


def _read_record(data: bytes) -> Batch:
    values = json.loads(data)
    types: dict[str, Any] = {"number": int, "length": int, "items": int, "rows": int, "filters": dict}
    if not isinstance(values, dict) or set(values) != {f.name for f in fields(Batch)}:
        raise ValueError("not a batch")
    for name, value in values.items():
        if not isinstance(value, types.get(name, str)) and not (name == "output" and value is None):
            raise ValueError(f"{name} is {value!r}")
    return Batch(**values)


def _parquet(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    return buffer.getvalue()


def _read_parquet(file: Path, columns: tuple[str, ...], remedy: str) -> pl.DataFrame:
    try:
        frame = pl.read_parquet(file, columns=list(columns), glob=False)
    except (OSError, PolarsError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise StoreError(f"is damaged ({reason})", source=str(file), remedy=remedy) from error
    if any(frame.schema[name] != SENT[name] for name in columns):
        raise StoreError("is damaged (its columns are others)", source=str(file), remedy=remedy)
    return frame
