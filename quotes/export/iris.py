"""Names for what the store holds: the same on every machine and run, made of its own identifiers."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import quote

from quotes.export.escaping import checked_link

_WIKIDATA = re.compile(r"Q[1-9]\d*")


def iri(kind: str, identifier: str) -> str:
    """``urn:quotes:KIND:IDENTIFIER``; what may not stand in a URN is percent-encoded."""
    # Lone surrogates have no bytes; they become question marks, which no identifier of ours has.
    return f"urn:quotes:{kind}:{quote(identifier.encode('utf-8', 'replace'), safe='')}"


def digest_iri(kind: str, *parts: str) -> str:
    """A URN for something named by several texts."""
    joined = "\x00".join(parts).encode("utf-8", "surrogatepass")
    return iri(kind, hashlib.sha256(joined).hexdigest()[:20])


def speaker_iri(speaker_id: str) -> str:
    """The Wikidata entity where the identifier is one, else a URN."""
    if _WIKIDATA.fullmatch(speaker_id):
        return f"http://www.wikidata.org/entity/{speaker_id}"
    return iri("speaker", speaker_id)


def article_address(url: str | None, doc_id: str) -> str:
    """The article's address where it may be a link, else the URN of its stored text."""
    return checked_link(url) or iri("document", doc_id)
