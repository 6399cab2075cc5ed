"""Locks that keep a second writer out."""

from __future__ import annotations

from pathlib import Path
from typing import IO

try:
    import fcntl
except ImportError:  # Windows: without it two writers are the user's care
    fcntl = None  # type: ignore[assignment]


def take_lock(path: Path) -> IO[bytes]:
    """Hold a lock file until the stream that is returned is closed, or the process ends.

    Raises:
        BlockingIOError: another process holds it.
        OSError: the file cannot be made.
    """
    stream = path.open("ab")
    if fcntl is not None:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            stream.close()
            raise
    return stream
