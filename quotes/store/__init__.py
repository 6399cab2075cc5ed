"""The store: a folder with two Parquet tables in immutable shards, committed atomically.

    STORE/documents/NAME.parquet     one row per document
    STORE/quotations/NAME.parquet    the quotations of the documents in the shard of the same name
    STORE/manifest.json              names the live shards; it is replaced last, and that is the commit
    STORE/tmp/, STORE/lock           files being written; held by the one writer
    STORE/decisions.jsonl            what was decided about speakers (:mod:`quotes.registry`)
    STORE/speakers.toml              the user's own table of speakers, which nothing here writes
    STORE/index/                     derived from the tables (:mod:`quotes.search`); may be removed at any time
    STORE/feed/, STORE/desk.jsonl    what was sent to the desk, and what the desk decided (:mod:`quotes.desk`)
    STORE/damaged/                   shards that could not be read any more

A crash at any instant leaves the state before or after a commit. Shards the manifest does not name are leftovers, are
never read through :class:`Store`, and are removed by the next writer.
"""

from quotes.store.layout import DECISIONS, DESK, FEED, INDEX, SPEAKERS, TABLES
from quotes.store.manifest import read_manifest
from quotes.store.reading import ORDER, Store, open_store
from quotes.store.writing import StoreWriter

__all__ = [
    "DECISIONS",
    "DESK",
    "FEED",
    "INDEX",
    "ORDER",
    "SPEAKERS",
    "TABLES",
    "Store",
    "StoreWriter",
    "open_store",
    "read_manifest",
]
