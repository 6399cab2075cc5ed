"""The manifest: which shards are live, in the order in which they were made."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from quotes.errors import StoreError
from quotes.store.layout import MANIFEST, SHARD


def read_manifest(path: Path) -> list[str]:
    """The names of the live shards.

    Raises:
        StoreError: there is no store at the path, or its manifest is damaged.
    """
    try:
        names = json.loads((path / MANIFEST).read_text("utf-8"))["shards"]
    except (FileNotFoundError, NotADirectoryError) as error:
        raise StoreError(
            "holds no store", source=str(path), remedy="Make one with: quotes extract PATH --store DIR"
        ) from error
    except OSError as error:
        raise StoreError(
            f"cannot be read ({error.strerror})", source=str(path / MANIFEST), remedy="Check its permissions"
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(
            "is damaged", source=str(path / MANIFEST), remedy="Extract the documents again into a new store"
        ) from error
    if not isinstance(names, list) or not all(isinstance(name, str) and SHARD.fullmatch(name) for name in names):
        raise StoreError("is damaged", source=str(path / MANIFEST), remedy="Extract the documents into a new store")
    return names


def to_bytes(shards: Sequence[str]) -> bytes:
    """The manifest's file."""
    return (json.dumps({"format": 1, "shards": list(shards)}, indent=1) + "\n").encode()
