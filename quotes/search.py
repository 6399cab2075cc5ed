"""Who said what: quotations and articles found in a store."""

from __future__ import annotations

import difflib
import re
import unicodedata
from pathlib import PurePath
from typing import Any

import polars as pl

from quotes.errors import StoreError, UsageError
from quotes.model import KINDS, Document
from quotes.store import ORDER, Store
from quotes.text import paragraphs

_UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d"}
# Hex digits of a doc_id that name an article; fewer would be words as well.
SHORTEST_ID = 4
# Ways of naming an article, from the closest to the loosest; see _answers_to.
RANKS = 5
_SPEAKER_COLUMNS = ("speaker", "speaker_text", "speaker_role")


def fold(text: str) -> str:
    """Lower case without accents; umlauts as two letters, so that *Mueller* is *Müller* and *Strasse* is *Straße*."""
    lower = text.lower()
    for letter, plain in _UMLAUTS.items():
        lower = lower.replace(letter, plain)
    return "".join(c for c in unicodedata.normalize("NFKD", lower) if unicodedata.category(c) != "Mn")


def _folded(column: pl.Expr) -> pl.Expr:
    """The same as :func:`fold`, on a column."""
    replaced = column.fill_null("").str.to_lowercase().str.replace_many(list(_UMLAUTS), list(_UMLAUTS.values()))
    return replaced.str.normalize("NFKD").str.replace_all(r"\p{Mn}", "")


def find(store: Store, name: str | None = None, *, about: str | None = None, kind: str | None = None) -> pl.DataFrame:
    """Quotations in the order of their articles and places.

    Args:
        store: where to look.
        name: each of its words must be a word of the speaker's name, of its printed form or of the role.
        about: each of its words must occur in the quotation, if only as a part of a longer word.
        kind: one of :data:`quotes.model.KINDS`.

    Raises:
        UsageError: the kind is none.
        StoreError: the store cannot be read.
    """
    if kind is not None and kind not in KINDS:
        raise UsageError(f"{kind!r} is no kind of quotation", remedy=f"Choose one of {', '.join(KINDS)}")
    conditions = [pl.lit(True)]
    if kind is not None:
        conditions.append(pl.col("kind") == kind)
    speaker = pl.concat_str(
        [_folded(pl.col(column)).str.replace_all(r"[^\p{L}\p{N}]+", " ") for column in _SPEAKER_COLUMNS], separator=" "
    )
    padded = pl.concat_str([pl.lit(" "), speaker, pl.lit(" ")])
    conditions += [padded.str.contains(f" {word} ", literal=True) for word in _words(name)]
    text = _folded(pl.col("text"))
    conditions += [text.str.contains(word, literal=True) for word in _words(about)]
    return store.collect(lambda s: s.quotations().filter(pl.all_horizontal(conditions)).sort(*ORDER))


def _words(text: str | None) -> list[str]:
    return re.findall(r"[^\W_]+", fold(text or ""))


def suggest_names(store: Store, name: str, *, most: int = 5) -> list[str]:
    """Speakers whose name, or a word of it, is spelt like the given one."""
    names = store.collect(lambda s: s.quotations().select("speaker").drop_nulls().unique())["speaker"].to_list()
    spellings: dict[str, set[str]] = {}
    for known in names:
        for word in {fold(known), *_words(known)}:
            spellings.setdefault(word, set()).add(known)
    wanted = {fold(name), *_words(name)}
    # 0.7: one wrong letter in a name of five, found among the speakers of the seeds.
    near = [match for word in wanted for match in difflib.get_close_matches(word, spellings, most, 0.7)]
    return list(dict.fromkeys(known for match in near for known in sorted(spellings[match])))[:most]


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
