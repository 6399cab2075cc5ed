"""Reading the tables in ``data/``: rows with named columns, and closed classes of words.

Each table is UTF-8, tab-separated; the first line names its columns, other lines that begin with ``#`` are
comments.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from quotes.errors import DataError

_WORD_LISTS = "word_lists.tsv"


def read_table(name: str) -> Iterator[dict[str, str]]:
    """The rows of a table in ``data/`` as mappings from column to text.

    Raises:
        DataError: a line has more fields than the table has columns, or no first field.
    """
    lines = files("quotes").joinpath("data", name).read_text(encoding="utf-8").splitlines()
    columns = lines[0].lstrip("# ").split("\t")
    for number, line in enumerate(lines[1:], start=2):
        if not line.strip() or line.startswith("#"):
            continue
        fields = line.split("\t")
        if len(fields) > len(columns) or not fields[0].strip():
            raise DataError(f"line {number} has {len(fields)} fields for {len(columns)} columns", source=name)
        yield dict(zip(columns, [f.strip() for f in fields] + [""] * (len(columns) - len(fields)), strict=True))


@cache
def _word_lists() -> dict[str, tuple[str, ...]]:
    """All word lists, read once; a list may go on over several lines."""
    lists: dict[str, tuple[str, ...]] = {}
    for row in read_table(_WORD_LISTS):
        lists[row["list"]] = (*lists.get(row["list"], ()), *row["words"].split())
    return lists


def word_list(name: str) -> tuple[str, ...]:
    """The words of a list in ``word_lists.tsv``, in the order of the table: what ``str.endswith`` takes.

    Raises:
        DataError: there is no such list.
    """
    try:
        return _word_lists()[name]
    except KeyError:
        raise DataError(f"there is no list {name!r}", source=_WORD_LISTS) from None


@cache
def word_set(name: str) -> frozenset[str]:
    """The same words as a set: what a token is looked up in.

    Raises:
        DataError: there is no such list.
    """
    return frozenset(word_list(name))
