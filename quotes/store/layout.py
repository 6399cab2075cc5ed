"""The names in a store's folder."""

from __future__ import annotations

import re
from pathlib import Path

MANIFEST, LOCK, TMP, DAMAGED = "manifest.json", "lock", "tmp", "damaged"
# Beside the tables: what was decided about speakers, the user's own table of them, what search derives, the desk's.
DECISIONS, SPEAKERS, INDEX, FEED, DESK = "decisions.jsonl", "speakers.toml", "index", "feed", "desk.jsonl"
TABLES = ("documents", "quotations")
# In damaged/: a shard of this name could not be read to its end; the next writer looks closer.
SUSPECT = ".suspect"
SHARD = re.compile(r"[0-9a-f]{16}")


def shard_path(store: Path, table: str, name: str) -> Path:
    """The file of a shard in one of the :data:`TABLES`."""
    return store / table / f"{name}.parquet"


def is_unfinished(path: Path) -> bool:
    """Whether a folder without a manifest is empty or what an interrupted first run left."""
    own = {*TABLES, TMP, LOCK, DECISIONS, SPEAKERS}
    return all(
        entry.name in own
        and (entry.is_file() or all(SHARD.fullmatch(f.stem) or f.name == MANIFEST for f in entry.iterdir()))
        for entry in path.iterdir()
    )
