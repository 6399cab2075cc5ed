"""From paths to documents. One bad document becomes a failure and costs no other."""

from __future__ import annotations

import gzip
import io
import os
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, cast

from quotes.errors import DocumentError, QuotesError, UsageError
from quotes.language import require_german
from quotes.model import Document
from quotes.sources.dates import parse_published
from quotes.sources.page import decode_html, looks_like_html, read_page
from quotes.sources.records import parse_line, read_record, record_source
from quotes.text import decode, make_document

TEXT, PAGE, LINES = (".txt",), (".html", ".htm"), (".jsonl", ".ndjson")
# Bytes of one article, unpacked. The longest novels have 5 MB; above this it is a mistake or a compression bomb.
MOST_BYTES = 32 * 2**20
STDIN = "-"
_URL = re.compile(r"[a-z][a-z0-9+.-]+://", re.I)
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Failure:
    """A document that could not be read or parsed: which, why, and what to do about it."""

    source: str
    message: str
    remedy: str = ""

    @classmethod
    def of(cls, error: QuotesError, source: str) -> Failure:
        """The failure that an error tells of; ``source`` where the error names none."""
        return cls(error.source or source, error.message, error.remedy)

    def __str__(self) -> str:
        return f"{self.source}: {self.message}" + (f". {self.remedy}" if self.remedy else "")


def read_sources(paths: Sequence[str], *, stdin: BinaryIO | None = None) -> Iterator[Document | Failure]:
    """Read files, folders (all files of a known suffix, in order of their names) and ``-`` for standard input.

    A path that does not exist is a failure among others; where no path exists the call itself is wrong.

    Raises:
        UsageError: no path at all exists, or one is a URL.
    """
    for path in paths:
        if _URL.match(path):
            raise UsageError(
                "is a URL; pages are not fetched", source=path, remedy="Save the page and name the file instead"
            )
    if not paths or not any(path == STDIN or os.path.lexists(path) for path in paths):
        what = "do not exist" if len(paths) > 1 else "does not exist"
        raise UsageError(what, source=", ".join(paths), remedy="Name a file, a folder or - for standard input")
    return _read_all(paths, stdin)


def _read_all(paths: Sequence[str], stdin: BinaryIO | None) -> Iterator[Document | Failure]:
    seen: set[str] = set()
    for path in paths:
        found = False
        for file in [path] if path == STDIN else _walk(path):
            found = True
            place = file if file == STDIN else os.path.realpath(file)
            if place in seen:
                continue
            seen.add(place)
            yield from _guarded(file, stdin)
        if not found:
            yield Failure(path, "is a folder without .txt, .html or .jsonl files", "Name another folder")


def _walk(path: str) -> Iterator[str]:
    """The path itself, or the files below a folder; hidden ones are passed over, links are followed once."""
    if not os.path.isdir(path):
        yield path
        return
    entered: set[str] = set()
    for folder, folders, names in os.walk(path, followlinks=True):
        entered.add(os.path.realpath(folder))
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".") and os.path.realpath(os.path.join(folder, name)) not in entered
        )
        for name in sorted(names):
            if not name.startswith(".") and _suffix(name) in (*TEXT, *PAGE, *LINES):
                yield os.path.join(folder, name)


def _suffix(path: str) -> str:
    """The suffix in lower case, that below ``.gz`` if there is one."""
    return os.path.splitext(path.lower().removesuffix(".gz"))[1]


def _guarded(path: str, stdin: BinaryIO | None) -> Iterator[Document | Failure]:
    # A file name need not be UTF-8, what is stored and printed must be.
    name = os.fsencode(path).decode("utf-8", errors="replace")
    try:
        with _open(path, stdin) as stream:
            yield from _read_stream(name, stream)
    except DocumentError as error:
        yield Failure.of(error, name)
    except FileNotFoundError:
        yield Failure(name, "does not exist", "Check the path")
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        yield Failure(name, f"is damaged gzip ({error})", "Pack or download it again")
    except OSError as error:
        yield Failure(name, f"cannot be read ({error.strerror or error})", "Check the file and its permissions")


def _open(path: str, stdin: BinaryIO | None) -> BinaryIO:
    if path == STDIN:
        if stdin is None:
            raise DocumentError("standard input is not there", source=path, remedy="Name a file")
        raw = io.BufferedReader(_Unclosing(stdin))
        return cast(BinaryIO, gzip.open(raw) if raw.peek(2).startswith(_GZIP) else raw)
    if os.path.lexists(path) and not os.path.isfile(path):
        # Pipes and devices may never end; a link that leads nowhere is told apart by its message.
        missing = os.path.islink(path) and not os.path.exists(path)
        raise DocumentError(
            "is a link that leads nowhere" if missing else "is no regular file",
            source=path,
            remedy="Name a file" if missing else "Name a file, or use - for standard input",
        )
    return cast(BinaryIO, gzip.open(path) if path.lower().endswith(".gz") else open(path, "rb"))


class _Unclosing(io.RawIOBase):
    """Standard input as a raw stream that stays open when its reader is closed."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._stream.read1(len(buffer)) if hasattr(self._stream, "read1") else self._stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def _read_stream(path: str, stream: BinaryIO) -> Iterator[Document | Failure]:
    suffix = _suffix(path)
    if suffix in LINES:
        yield from _read_lines(path, stream, b"")
        return
    first = b""
    if path == STDIN:
        first = _first_line(stream)
        if _is_record(first):
            yield from _read_lines(path, stream, first)
            return
    data = first + stream.read(MOST_BYTES + 1 - len(first))
    if len(data) > MOST_BYTES:
        raise DocumentError(
            f"is larger than {MOST_BYTES // 2**20} MiB unpacked", source=path, remedy="Split it into its articles"
        )
    if not data.strip():
        raise DocumentError("is empty", source=path, remedy="Remove it or fill it")
    if suffix in PAGE or (suffix not in TEXT and looks_like_html(data[:4096])):
        text, encoding = decode_html(data, source=path)
        page = read_page(text, source=path)
        document = make_document(
            page.text,
            source=path,
            encoding=encoding,
            title=page.title,
            outlet=page.outlet,
            url=page.url,
            author=page.author,
            published=parse_published(page.published),
        )
    else:
        text, encoding = decode(data, source=path)
        document = make_document(text, source=path, encoding=encoding)
    require_german(document.text, source=path)
    yield document


def _first_line(stream: BinaryIO) -> bytes:
    """Everything up to and with the first line that is not blank."""
    head = b""
    while len(head) <= MOST_BYTES:
        line = stream.readline(MOST_BYTES + 1 - len(head))
        head += line
        if line.strip() or not line:
            break
    return head


def _is_record(head: bytes) -> bool:
    """Whether standard input holds JSON Lines; a line that only begins as an object counts, so that it is named."""
    return re.match(rb"(?:\xef\xbb\xbf)?\s*\{\s*[\"}]", head) is not None


def _read_lines(path: str, stream: BinaryIO, head: bytes) -> Iterator[Document | Failure]:
    taken: set[str] = set()
    records = 0
    for number, data in enumerate(_lines(path, stream, head), start=1):
        try:
            record = parse_line(data, number, source=path)
            if record is None:
                continue
            records += 1
            source = record_source(record, number, source=path)
            if source in taken:
                raise DocumentError(
                    "occurs twice; the first one was read",
                    source=f"{source} (line {number})",
                    remedy="Give it its own id",
                )
            taken.add(source)
            document = read_record(record, source=source)
            require_german(document.text, source=source)
        except DocumentError as error:
            records += 1
            yield Failure.of(error, path)
        else:
            yield document
    if not records:
        raise DocumentError("is empty", source=path, remedy="Remove it or fill it")


def _lines(path: str, stream: BinaryIO, head: bytes) -> Iterator[bytes]:
    """The lines as UTF-8 bytes; UTF-16 with its mark is read whole, everything else line by line."""
    head = head or stream.readline(MOST_BYTES + 1)
    large = DocumentError(
        f"has a line of more than {MOST_BYTES // 2**20} MiB", source=path, remedy="Split it into its articles"
    )
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        data = head + stream.read(MOST_BYTES)
        if len(data) > MOST_BYTES:
            raise large
        yield from decode(data, source=path)[0].encode("utf-8").split(b"\n")
        return
    *before, line = head.removesuffix(b"\n").split(b"\n")
    yield from before
    while True:
        if len(line) > MOST_BYTES:
            raise large
        yield line
        line = stream.readline(MOST_BYTES + 1)
        if not line:
            return


def count_documents(paths: Sequence[str]) -> int | None:
    """How many documents the paths hold at most, ``None`` where only reading tells (standard input, gzip)."""
    total = 0
    try:
        for path in paths:
            if path == STDIN:
                return None
            for file in _walk(path):
                if _suffix(file) not in LINES:
                    total += 1
                elif file.lower().endswith(".gz"):
                    return None
                else:
                    with open(file, "rb") as stream:
                        total += sum(bool(line.strip()) for line in stream)
    except OSError:
        return None
    return total
