"""Files that are there whole or not at all: a crash or a full disk at any instant leaves the old one."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def replace_file(path: Path, data: bytes, *, temporary: Path) -> None:
    """Put a whole file in its place: temporary file, fsync, rename, fsync of the folder.

    Args:
        path: the file.
        data: all of it.
        temporary: a path on the same disk that nothing else uses; nothing is left there.

    Raises:
        OSError: the disk is full or refuses; the old file stands.
    """
    try:
        with temporary.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, path)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a rename in a folder last through a loss of power.

    Raises:
        OSError: the file system refuses; the rename has happened already.
    """
    if os.name == "nt":  # folders cannot be opened there
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
