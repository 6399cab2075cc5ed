"""The canonical name of each row, from the name in its article, the user's table and the decisions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import polars as pl

from quotes.lexicon import Lexicon
from quotes.registry.decisions import SPLIT, Decision
from quotes.registry.user_table import UserTable
from quotes.schema import is_unnamed
from quotes.speakers.kinds import slug
from quotes.word_forms import fold

# What a canonical name is made of; everything else of a row stays as it was.
SOURCES = (
    "doc_id",
    "source",
    "outlet",
    "published",
    "speaker_in_article",
    "speaker_kind",
    "speaker_role",
    "speaker_id",
)
RESULTS = ("speaker", "speaker_id")


def links(full: pl.DataFrame, bare: pl.DataFrame, lexicon: Lexicon) -> dict[tuple[str, str, str], str]:
    """Bare surnames whose role in the same article is that of one full name of the store, and of no other.

    *Kremlchef Putin* in one article and *Kremlchef Wladimir Putin* in another: never by the surname alone.

    Args:
        full: names of several words with their roles; columns ``speaker_in_article``, ``speaker_role``.
        bare: names of one word with their roles in an article; ``doc_id`` and ``source`` besides.
        lexicon: tells which family names stand first.

    Returns:
        The full name by ``(doc_id, source, surname)``.
    """
    bearers: dict[tuple[str, str], set[str]] = defaultdict(set)
    for name, role in full.select("speaker_in_article", "speaker_role").iter_rows():
        words = name.split()
        first = fold(words[0]) in lexicon.family_first
        bearers[fold(words[0] if first else words[-1]), fold(role)].add(name)
    found: dict[tuple[str, str, str], str] = {}
    roles: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for doc_id, source, name, role in bare.select("doc_id", "source", "speaker_in_article", "speaker_role").iter_rows():
        roles[doc_id, source, name].add(fold(role))
    for key, known in roles.items():
        whose = set().union(*(bearers.get((fold(key[2]), role), set()) for role in known))
        if len(whose) == 1:
            found[key] = next(iter(whose))
    return found


def told(rows: pl.LazyFrame, *, full: bool) -> pl.LazyFrame:
    """The people with a role among rows, once each: their full names, or their bare surnames by article.

    What :func:`links` takes; rows have the columns of :data:`SOURCES`.
    """
    several = pl.col("speaker_in_article").str.contains(" ", literal=True)
    people = rows.filter(
        pl.col("speaker_kind") == "person", pl.col("speaker_role").is_not_null(), several if full else ~several
    )
    article = [] if full else ["doc_id", "source"]
    return people.select(*article, "speaker_in_article", "speaker_role").unique()


def canonical(
    rows: pl.DataFrame, table: UserTable, decisions: Sequence[Decision], linked: Mapping[tuple[str, str, str], str]
) -> pl.DataFrame:
    """The columns of :data:`RESULTS` for rows with the columns of :data:`SOURCES`, in their order."""
    keys = list(linked)
    joined = pl.DataFrame(
        {
            "doc_id": [k[0] for k in keys],
            "source": [k[1] for k in keys],
            "speaker_in_article": [k[2] for k in keys],
            "linked": [linked[k] for k in keys],
        },
        schema={"doc_id": pl.String, "source": pl.String, "speaker_in_article": pl.String, "linked": pl.String},
    )
    frame = rows.join(joined, on=["doc_id", "source", "speaker_in_article"], how="left", maintain_order="left")
    # Somebody without a name stays what the article calls him: no decision about *Sprecher* means all of them.
    frame = frame.with_columns(name=pl.coalesce("linked", "speaker_in_article"), unnamed=is_unnamed())
    frame = _by_table(frame, table)
    for decision in decisions:
        meant = (pl.col("name") == decision.name) & ~pl.col("unnamed")
        if decision.what == SPLIT:
            meant = meant & _condition(decision)
        frame = frame.with_columns(name=pl.when(meant).then(pl.lit(decision.to)).otherwise("name"))
    frame = _by_table(frame, table)
    names = frame["name"].drop_nulls().unique().to_list()
    ids = {name: table.identifier(name) or slug(name) for name in names}
    known = pl.col("name").replace_strict(ids, default=None, return_dtype=pl.String)
    return frame.select(speaker="name", speaker_id=pl.when("unnamed").then("speaker_id").otherwise(known))


def _by_table(frame: pl.DataFrame, table: UserTable) -> pl.DataFrame:
    if not table.aliases:
        return frame
    names = {name: table.canonical(name) for name in frame["name"].drop_nulls().unique().to_list()}
    changed = {name: to for name, to in names.items() if name != to}
    if not changed:
        return frame
    return frame.with_columns(name=pl.when("unnamed").then("name").otherwise(pl.col("name").replace(changed)))


def _condition(decision: Decision) -> pl.Expr:
    """Which rows of the name a split means."""
    conditions = [pl.lit(True)]
    for column, words in (("speaker_role", decision.role), ("outlet", decision.outlet), ("source", decision.source)):
        if words:
            text = pl.col(column).fill_null("").str.to_lowercase()
            conditions.append(text.str.contains(words.lower(), literal=True))
    if decision.since:
        conditions.append(pl.col("published").dt.date() >= pl.lit(decision.since).str.to_date())
    if decision.until:
        conditions.append(pl.col("published").dt.date() <= pl.lit(decision.until).str.to_date())
    return pl.all_horizontal(conditions).fill_null(False)
