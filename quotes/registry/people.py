"""Who speaks in a store: names with their aliases, roles over time, outlets and numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl
from rapidfuzz import fuzz, process

from quotes.errors import UsageError
from quotes.folding import fold, words
from quotes.schema import is_unnamed
from quotes.store import Store

# How a speaker was printed counts as an alias only where the words name somebody.
NAMING = ("name", "surname", "apposition", "attribution_line", "role")

# Likeness in percent: one wrong letter in a name of five, found among the speakers of the seeds.
_NEAR = 70.0


@dataclass(frozen=True, slots=True)
class Alias:
    """A way in which a speaker was printed, and how often."""

    text: str
    rows: int


@dataclass(frozen=True, slots=True)
class RoleInTime:
    """A role as printed, how often, and the first and last day of articles that give it; ``None`` where undated."""

    text: str
    rows: int
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A speaker of the store."""

    name: str
    id: str
    kind: str
    quotations: int
    articles: int
    outlets: tuple[str, ...]
    aliases: tuple[Alias, ...]
    roles: tuple[RoleInTime, ...]
    first: date | None
    last: date | None


def list_speakers(store: Store, *, kind: str | None = None, least: int = 1) -> pl.DataFrame:
    """The speakers with a name, those with the most quotations first.

    Columns: ``speaker``, ``speaker_id``, ``speaker_kind`` (str), ``quotations``, ``articles`` (u32), ``first``,
    ``last`` (date), ``aliases``, ``roles`` (list of str, the most frequent first).

    Raises:
        StoreError: the store cannot be read.
    """
    named = pl.col("speaker_id").is_not_null() & ~is_unnamed()
    if kind is not None:
        named = named & (pl.col("speaker_kind") == kind)
    alias = pl.col("speaker_text").filter(pl.col("resolution").is_in(NAMING))
    return store.collect(
        lambda s: (
            s.quotations()
            .filter(named)
            .group_by("speaker", "speaker_id")
            .agg(
                speaker_kind=pl.col("speaker_kind").mode().sort().first(),
                quotations=pl.len(),
                articles=pl.col("doc_id").n_unique(),
                first=pl.col("published").min().dt.date(),
                last=pl.col("published").max().dt.date(),
                aliases=_by_count(alias),
                roles=_by_count(pl.col("speaker_role")),
            )
            .filter(pl.col("quotations") >= least)
            .sort("quotations", "speaker", descending=[True, False])
        )
    )


def _by_count(values: pl.Expr) -> pl.Expr:
    """The distinct values of a group, the most frequent first, those of one frequency in their order."""
    name = values.meta.output_name()
    counted = values.drop_nulls().value_counts(name="rows")
    keys = (counted.struct.field("rows"), counted.struct.field(name))
    return counted.sort_by(*keys, descending=[True, False]).struct.field(name).implode()


def show_speaker(store: Store, name: str, *, by_surname: bool = False) -> Entry:
    """One speaker by canonical name or identifier.

    ``by_surname``: or by the last word of the name, if one speaker alone bears it. Not for decisions, which must never
    reach another speaker than the one who was named.

    Raises:
        UsageError: there is none, or several bear it; the message names the nearest.
        StoreError: the store cannot be read.
    """
    known = ((pl.col("speaker") == name) & ~is_unnamed()) | (pl.col("speaker_id") == name)
    rows = store.collect(lambda s: s.quotations().filter(known))
    if by_surname and not len(rows):
        borne = pl.col("speaker").str.ends_with(f" {name}") & ~is_unnamed()
        rows = store.collect(lambda s: s.quotations().filter(borne))
    if rows["speaker"].n_unique() != 1 and rows["speaker_id"].n_unique() != 1:
        near = suggest_names(store, name)
        remedy = f"Did you mean {', '.join(near)}?" if near else "quotes speakers lists all"
        raise UsageError(f"no speaker is called {name}", remedy=remedy)
    named = rows.filter(pl.col("resolution").is_in(NAMING))
    aliases = named["speaker_text"].drop_nulls().value_counts(name="rows")
    aliases = aliases.sort("rows", "speaker_text", descending=[True, False])
    roles = (
        rows.filter(pl.col("speaker_role").is_not_null())
        .group_by("speaker_role")
        .agg(pl.len(), first=pl.col("published").min().dt.date(), last=pl.col("published").max().dt.date())
        .sort("first", "last", "speaker_role", nulls_last=True)
    )
    dates = rows["published"].drop_nulls().dt.date()
    first, last = (dates.min(), dates.max()) if len(dates) else (None, None)
    return Entry(
        name=rows["speaker"][0],
        id=rows["speaker_id"][0] or "",
        kind=rows["speaker_kind"].mode().sort()[0] or "",
        quotations=len(rows),
        articles=rows["doc_id"].n_unique(),
        outlets=tuple(rows["outlet"].drop_nulls().unique().sort().to_list()),
        aliases=tuple(Alias(text, count) for text, count in aliases.iter_rows()),
        roles=tuple(RoleInTime(*row) for row in roles.iter_rows()),
        first=first if isinstance(first, date) else None,
        last=last if isinstance(last, date) else None,
    )


def suggest_names(store: Store, name: str, *, most: int = 5) -> list[str]:
    """Speakers whose name, or a word of it, is spelt like the given one; the nearest first.

    Raises:
        StoreError: the store cannot be read.
    """
    names = store.collect(lambda s: s.quotations().select("speaker").drop_nulls().unique().sort("speaker"))
    spellings: dict[str, list[str]] = {}
    for known in names["speaker"]:
        for spelling in dict.fromkeys((fold(known), *words(known))):
            spellings.setdefault(spelling, []).append(known)
    found: dict[str, float] = {}
    for wanted in dict.fromkeys((fold(name), *words(name))):
        near = process.extract(wanted, spellings.keys(), scorer=fuzz.ratio, score_cutoff=_NEAR, limit=most)
        for spelling, score, _ in near:
            for known in spellings[spelling]:
                found[known] = max(found.get(known, 0.0), score)
    return sorted(found, key=lambda known: (-found[known], known))[:most]
