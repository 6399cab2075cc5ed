"""Articles of a store, found by whatever part of their name is clear."""

from __future__ import annotations

import difflib
from pathlib import PurePath
from typing import Any

import polars as pl

from quotes.errors import StoreError
from quotes.model import Document
from quotes.store import Store
from quotes.text import paragraphs

# Hex digits of a doc_id that name an article; fewer would be words as well.
SHORTEST_ID = 4
# Ways of naming an article, from the closest to the loosest; see _answers_to.
RANKS = 5


def find_document(store: Store, wanted: str) -> dict[str, Any]:
    """The row of the one article with this source, file name, part of one, or beginning of a doc_id.

    Raises:
        StoreError: there is none, or there are several.
    """
    documents = store.collect(
        lambda s: s.documents().filter(pl.col("error").is_null()).select("doc_id", "source").sort("source", "doc_id")
    )
    keys = list(documents.iter_rows())
    for rank in range(RANKS):
        found = [key for key in keys if _answers_to(wanted, key[0], key[1], rank)]
        if len(found) == 1:
            return _document(store, *found[0])
        if found:
            named = ", ".join(f"{doc_id[:12]} ({source})" for doc_id, source in found[:5])
            raise StoreError(
                f"{len(found)} articles are called so: {named}", source=wanted, remedy="Name one by its doc_id"
            )
    spellings = {spelling: source for _, source in keys for spelling in (source, PurePath(source).name)}
    near = dict.fromkeys(spellings[m] for m in difflib.get_close_matches(wanted, spellings, 3, 0.5))
    remedy = f"Did you mean {' or '.join(near)}?" if near else "quotes who lists what is stored"
    raise StoreError("is not in the store", source=wanted, remedy=remedy)


def _answers_to(wanted: str, doc_id: str, source: str, rank: int) -> bool:
    """Whether an article is meant by a word; lower ranks are the closer ways of naming it."""
    if rank == 0:
        return source == wanted
    if rank == 1:
        return PurePath(source).name == wanted or source.partition("#")[2] == wanted
    if rank == 2:
        return source.endswith("/" + wanted) or PurePath(source).stem == wanted
    if rank == 3:
        return PurePath(source).name.startswith(wanted)
    return len(wanted) >= SHORTEST_ID and doc_id.startswith(wanted.lower())


def _document(store: Store, doc_id: str, source: str) -> dict[str, Any]:
    mine = (pl.col("doc_id") == doc_id) & (pl.col("source") == source) & pl.col("error").is_null()
    return store.collect(lambda s: s.documents().filter(mine)).row(0, named=True)


def quotations_of(store: Store, doc_id: str, source: str) -> list[dict[str, Any]]:
    """The quotation rows of one article in text order."""
    return list(store.quotation_rows({(doc_id, source)}))


def to_document(row: dict[str, Any]) -> Document:
    """A stored article as the document it was."""
    names = ("doc_id", "source", "text", "title", "outlet", "url", "author", "published", "language", "encoding")
    return Document(paragraphs=paragraphs(row["text"]), **{name: row[name] for name in names})
