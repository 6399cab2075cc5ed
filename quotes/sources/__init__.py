"""Files, folders, HTML, JSON Lines and standard input as documents; what cannot be read comes out as a failure."""

from quotes.sources.files import Failure, count_documents, read_sources

__all__ = ["Failure", "count_documents", "read_sources"]
