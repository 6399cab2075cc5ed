"""quotes: who said what in German news articles.

The public names are loaded when they are first used, so that ``import quotes`` costs next to nothing::

    import quotes

    documents = quotes.read_sources(["seeds"])
    parser = quotes.StanzaParser(quotes.choose_model("embedded"))
    store = quotes.open_store("store")
    frame = store.find("Putin", about="Satelliten").collect()
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from quotes.errors import QuotesError
    from quotes.model import Document, ParsedDocument, Quotation, Sentence, Span, Speaker, Token
    from quotes.parse import StanzaParser, choose_model
    from quotes.pipeline import run
    from quotes.registry.people import list_speakers, show_speaker
    from quotes.schema import SCHEMA_VERSION, Row
    from quotes.search import Archive, Filters, open_store
    from quotes.sources import read_sources
    from quotes.store import Store, StoreWriter
    from quotes.text import make_document, normalise

__version__ = "0.1.0"

_HOMES = {
    "quotes.errors": ("QuotesError",),
    "quotes.model": ("Document", "ParsedDocument", "Quotation", "Sentence", "Span", "Speaker", "Token"),
    "quotes.parse": ("StanzaParser", "choose_model"),
    "quotes.pipeline": ("run",),
    "quotes.registry.people": ("list_speakers", "show_speaker"),
    "quotes.schema": ("SCHEMA_VERSION", "Row"),
    "quotes.search": ("Archive", "Filters", "open_store"),
    "quotes.sources": ("read_sources",),
    "quotes.store": ("Store", "StoreWriter"),
    "quotes.text": ("make_document", "normalise"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "SCHEMA_VERSION",
    "Archive",
    "Document",
    "Filters",
    "ParsedDocument",
    "Quotation",
    "QuotesError",
    "Row",
    "Sentence",
    "Span",
    "Speaker",
    "StanzaParser",
    "Store",
    "StoreWriter",
    "Token",
    "__version__",
    "choose_model",
    "list_speakers",
    "make_document",
    "normalise",
    "open_store",
    "read_sources",
    "run",
    "show_speaker",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'quotes' has no attribute {name!r}")
    value = getattr(import_module(_HOME_OF[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
