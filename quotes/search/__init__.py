"""Search: who said what in a store, and articles by their names."""

from __future__ import annotations

from quotes.search.archive import Archive, open_store
from quotes.search.query import Filters

__all__ = ["Archive", "Filters", "open_store"]
