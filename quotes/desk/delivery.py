"""Bringing a batch to its output, so that nothing that lies there is lost.

A file that holds something when a batch comes is put aside first, as ``claims.3.jsonl`` for ``claims.jsonl`` that holds
batch 3 (``claims.0.jsonl`` for what no batch brought). Whoever moves or empties the file when they have read it gets no
such files. The output itself is never missing in between.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import datetime
from itertools import count
from pathlib import Path

from quotes.desk.outbox import Batch, Outbox
from quotes.errors import OutputError, StoreError

# Writes a whole file or nothing; writes all bytes to standard output and flushes.
WriteFile = Callable[[Path, bytes], None]
WriteOut = Callable[[bytes], None]


def deliver(
    box: Outbox, batch: Batch, *, write_file: WriteFile, write_out: WriteOut, at: datetime, empty: bytes = b""
) -> Path | None:
    """Bring a batch to its output and mark it delivered; where what lay there was put, if anything.

    Nothing is written where the output holds these very bytes: a run that died after writing them left them there.
    ``empty`` is what an answer without claims looks like, which need not be kept.

    Raises:
        OutputError: the output cannot be written; the next run tries again.
        StoreError: the batch is damaged, or was made by the store this one is a copy of.
    """
    if batch.store != str(box.store):
        raise StoreError(
            f"batch {batch.number} was not delivered when the store was {batch.store}",
            source=str(box.store),
            remedy=f"If it is still wanted, take it with: quotes feed --again {batch.number} -o FILE",
        )
    aside = None
    if batch.output is None:
        write_out(box.data(batch))
    elif not batch.is_in(Path(batch.output)):
        data = box.data(batch)
        before = box.last_to(batch.output, below=batch.number)
        aside = replace(Path(batch.output), data, before=before, write=write_file, empty=empty)
    box.mark_delivered(batch, at=at)
    return aside


def replace(path: Path, data: bytes, *, before: int, write: WriteFile, empty: bytes = b"") -> Path | None:
    """Write a file, after what it holds was put aside; where to, if anywhere.

    Args:
        path: with links resolved.
        data: what it shall hold.
        before: the number of the last batch that was brought there, 0 for none.
        write: writes it.
        empty: what an answer without claims looks like, which need not be kept.

    Raises:
        OutputError: it cannot be written or put aside; what was there is there still.
    """
    try:
        held = path.read_bytes() if path.is_file() else b""
    except OSError as error:
        raise OutputError(f"cannot be read ({error.strerror})", source=str(path), remedy="Name another file") from error
    if held == data and path.is_file():
        return None
    aside = _put_aside(path, held, before) if held not in (b"", empty) else None
    write(path, data)
    return aside


def _put_aside(path: Path, held: bytes, before: int) -> Path:
    """Give the file a second name; one that has these bytes already is as good."""
    for number in count(1):
        middle = f".{before}" if number == 1 else f".{before}-{number}"
        aside = path.with_name(f"{path.stem}{middle}{path.suffix}")
        try:
            if not os.path.lexists(aside):
                _link(path, aside)
                return aside
            if aside.is_file() and aside.read_bytes() == held:
                return aside
        except OSError as error:
            raise OutputError(
                f"still holds what was sent before, and that cannot be put aside as {aside.name} ({error.strerror})",
                source=str(path),
                remedy="Move it away, or name another file",
            ) from error
    raise AssertionError("unreachable")


def _link(path: Path, aside: Path) -> None:
    try:
        os.link(path, aside)
    except (OSError, NotImplementedError):
        # File systems without hard links: a copy under another name first, so that a crash leaves no half of one.
        temporary = aside.with_name(aside.name + ".new")
        shutil.copyfile(path, temporary)
        os.replace(temporary, aside)
