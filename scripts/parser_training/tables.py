"""The tables beside this file: what a linguist may edit. Tab-separated, the first line names the columns."""

from __future__ import annotations

from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "data"


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of a table as mappings from column to text; lines that begin with ``#`` behind the first are comments.

    Raises:
        ValueError: a line has not as many fields as there are columns.
    """
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    columns = lines[0].lstrip("# ").split("\t")
    found = []
    for number, line in enumerate(lines[1:], start=2):
        if not line.strip() or line.startswith("#"):
            continue
        fields = line.split("\t")
        if len(fields) != len(columns):
            raise ValueError(f"{name}:{number}: {len(fields)} fields for {len(columns)} columns")
        found.append(dict(zip(columns, fields, strict=True)))
    return tuple(found)
