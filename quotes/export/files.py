"""Files that are written whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from quotes.atomic import sync_folder
from quotes.errors import OutputError

try:
    import fcntl
except ImportError:  # Windows: there a file that is open refuses to be replaced
    fcntl = None  # type: ignore[assignment]

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY, errno.ETXTBSY)


def write_file(path: str | Path, data: bytes) -> None:
    """Put a whole file in its place; see :func:`open_output`.

    Raises:
        OutputError: it cannot be written; what was there before is there still.
    """
    with open_output(path) as stream:
        stream.write(data)


@contextlib.contextmanager
def open_output(path: str | Path) -> Iterator[IO[bytes]]:
    """A stream whose bytes become the file at ``path`` when the block ends well.

    They go to a temporary file in the same folder first; then fsync, rename, and fsync of the folder. When the block
    ends with an exception, the temporary file is removed and the old file is as it was. A link is followed; a pipe or a
    device is written as the bytes come.

    Raises:
        OutputError: the folder is missing, the path is a folder, the file is read-only or open in another program, or
            the disk is full. Whatever ``OSError`` the block itself raises is taken for one of writing.
    """
    if "\x00" in str(path):
        raise OutputError("is no name of a file", source=str(path).replace("\x00", "\ufffd"), remedy="Name another")
    try:
        target = Path(os.path.realpath(path))
        mode = _mode(target)
        if mode is not None and not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
            with target.open("wb") as stream:
                yield stream
            return
        _check(target, str(path), mode)
        temporary = target.parent / f".quotes-{secrets.token_hex(8)}.tmp"
        try:
            with _new(temporary, mode) as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(temporary, target)
        finally:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
        # Some network file systems refuse this; the file is in its place already.
        with contextlib.suppress(OSError):
            sync_folder(target.parent)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise _refused(error, str(path)) from error


def _mode(target: Path) -> int | None:
    try:
        return target.stat().st_mode
    except FileNotFoundError:
        return None


def _check(target: Path, named: str, mode: int | None) -> None:
    if mode is None:
        if not target.parent.is_dir():
            raise OutputError(
                f"the folder {target.parent} is not there", source=named, remedy="Make it, or name another file"
            )
        return
    if stat.S_ISDIR(mode):
        raise OutputError("is a folder", source=named, remedy="Name a file in it")
    # By its mode as well: a rename would replace a read-only file, and the superuser may write anything.
    if not mode & 0o222 or not os.access(target, os.W_OK):
        raise OutputError("is read-only", source=named, remedy="Name another file, or make this one writable")
    for lock in (f".~lock.{target.name}#", f"~${target.name}"):  # as LibreOffice and Excel put beside an open file
        if (target.parent / lock).exists():
            raise OutputError(
                "is open in an office program",
                source=named,
                remedy=f"Close it there, or name another file; if it is open nowhere, remove {target.parent / lock}",
            )
    if _is_locked(target):
        raise OutputError("is locked by another program", source=named, remedy="Close it there, or name another file")


def _is_locked(target: Path) -> bool:
    """Whether another process holds a lock of either kind on the file; where that cannot be known, it is none."""
    if fcntl is not None:
        with contextlib.suppress(OSError), target.open("r+b") as stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
                fcntl.lockf(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                return error.errno in (errno.EAGAIN, errno.EACCES)
    return False


def _new(temporary: Path, mode: int | None) -> IO[bytes]:
    """A new file with the rights of the one it will replace, or those that the user's umask gives."""
    stream = os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666), "wb")
    if mode is not None:
        with contextlib.suppress(OSError):
            os.chmod(temporary, stat.S_IMODE(mode))
    return stream


def _refused(error: OSError, named: str) -> OutputError:
    if error.errno in _FULL:
        remedy = "Free some space, or name a file on another disk; the old file, if there was one, is as it was"
    elif error.errno in _FORBIDDEN:
        remedy = "Close it in other programs, check the permissions of its folder, or name another file"
    else:
        remedy = "Name another file"
    return OutputError(f"cannot be written ({error.strerror or error})", source=named, remedy=remedy)
