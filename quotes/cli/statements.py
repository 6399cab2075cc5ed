"""``quotes statements``: the same statement in several articles, and how its wordings differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from quotes.cli.asking import asking, suggest
from quotes.cli.options import CONTEXT, format_option, query_options, store_option
from quotes.cli.output import note, plain, show, wants_json, write_json_lines

if TYPE_CHECKING:
    import polars as pl
    from rich.text import Text

    from quotes.search import Archive, Filters
    from quotes.statements import Difference, NearCopy, Statement, Wording

# Only what is compared or printed is read.
COLUMNS = (
    "quote_id", "doc_id", "source", "outlet", "published", "kind", "polarity", "text", "start", "end", "quote_spans",
    "verbatim_spans", "speaker", "speaker_id", "via",
)  # fmt: skip
# Rows in memory at once: speakers are taken together up to it. A speaker with more is still read as a whole.
_AT_ONCE = 50_000
# Words of a long stretch that are shown at its ends, where only one side has it.
_ENDS = 6


@click.command(context_settings=CONTEXT, epilog="Example: quotes statements Putin --altered --store store")
@query_options
@click.option(
    "--min-articles", type=click.IntRange(2), default=2, show_default=True, metavar="N", help="In so many articles."
)
@click.option("--min-outlets", type=click.IntRange(1), metavar="N", help="In so many outlets whose name is known.")
@click.option("--altered", is_flag=True, help="Only where a direct quotation is shortened, longer or altered.")
@click.option(
    "--near-copies", is_flag=True, help="Rather what is nearly one statement, but for a number, a name or a negation."
)
@store_option
@format_option("text")
def statements(
    filters: Filters,
    min_articles: int,
    min_outlets: int | None,
    altered: bool,
    near_copies: bool,
    store: str,
    form: str,
) -> None:
    """Print the statements that several articles carry, with the wording of each.

    Wordings are compared with the first direct quotation, or else with the first one: [-words that are missing-] and
    {+words that are new+}. Nothing is grouped across another speaker, number or name, or across a negation: pairs that
    only these keep apart, misquotations maybe, are what --near-copies prints. NAME is a name, a part of it, or what the
    speaker is called anywhere in the store.
    """
    with asking(store, filters) as archive:
        if near_copies:
            _show_near_copies(archive, filters, form)
            return
        found = [
            one
            for one in _statements(archive, filters)
            if one.articles >= min_articles and len(one.outlets) >= (min_outlets or 0) and (one.altered or not altered)
        ]
        if wants_json(form):
            write_json_lines(as_json(one) for one in found)
        elif found:
            show(*(line for one in found for line in _lines(one)))
        if not found:
            if filters.name and not archive.knows(filters.name):
                suggest(archive, filters)
            else:
                note("No statement found that several articles carry")


def _show_near_copies(archive: Archive, filters: Filters, form: str) -> None:
    from quotes.statements import near_copies
    from quotes.statements.grouping import order

    found = [pair for rows in _by_speakers(archive, filters) for pair in near_copies(rows)]
    found.sort(key=lambda pair: (order(pair.first), order(pair.other)))
    if wants_json(form):
        write_json_lines(near_copy_as_json(pair) for pair in found)
    elif found:
        show(*(line for pair in found for line in _lines_of_pair(pair)))
    else:
        note("No near copies found")


def _statements(archive: Archive, filters: Filters) -> list[Statement]:
    """All statements, in order of first appearance."""
    from quotes.statements import group
    from quotes.statements.grouping import order

    found = [one for rows in _by_speakers(archive, filters) for one in group(rows)]
    return sorted(found, key=lambda one: order(one.first))


def _by_speakers(archive: Archive, filters: Filters) -> Iterator[Iterator[dict[str, Any]]]:
    """The rows in lots that can be compared by themselves; memory holds those of some speakers at a time."""
    for speakers in _speakers(archive, filters):
        yield _rows(archive, filters, _spoken_by(speakers)).iter_rows(named=True)


def _speakers(archive: Archive, filters: Filters) -> Iterator[list[str | None]]:
    """The speakers in parts: those who may be one stay together."""
    import polars as pl

    from quotes.statements.agreement import bucket

    counts = archive.collect(lambda a: a.select(filters).group_by("speaker").agg(pl.len().alias("rows")))
    together: dict[str, list[tuple[str | None, int]]] = defaultdict(list)
    for name, rows in counts.sort("speaker").iter_rows():
        together[bucket(name)].append((name, rows))
    part: list[str | None] = []
    size = 0
    for same in together.values():
        rows = sum(count for _, count in same)
        if part and size + rows > _AT_ONCE:
            yield part
            part, size = [], 0
        part += [name for name, _ in same]
        size += rows
    if part:
        yield part


def _rows(archive: Archive, filters: Filters, condition: pl.Expr) -> pl.DataFrame:
    return archive.collect(lambda a: a.select(filters).filter(condition).select(COLUMNS))


def _spoken_by(names: list[str | None]) -> pl.Expr:
    import polars as pl

    known = pl.col("speaker").is_in([name for name in names if name is not None])
    return (known | pl.col("speaker").is_null()) if None in names else known


def as_json(statement: Statement) -> dict[str, Any]:
    """A statement as JSON takes it: places in code points into ``text``, half-open."""
    from quotes.schema import as_json as plain_row

    return {
        "statement_id": statement.statement_id,
        "speaker": statement.first["speaker"],
        "articles": statement.articles,
        "outlets": list(statement.outlets),
        "altered": statement.altered,
        "first": plain_row({name: statement.first[name] for name in ("published", "outlet", "source", "quote_id")}),
        "reference": statement.reference["quote_id"],
        "wordings": [_wording(wording) for wording in statement.wordings],
    }


def near_copy_as_json(pair: NearCopy) -> dict[str, Any]:
    """Two rows that are kept apart as JSON takes them: the pieces are those of ``other`` against ``first``."""
    from quotes.schema import as_json as plain_row

    return {
        "reason": pair.reason,
        "speaker": pair.first["speaker"],
        "first": plain_row(pair.first),
        "other": plain_row(pair.other) | {"pieces": _pieces(pair.difference)},
    }


def _pieces(difference: Difference) -> list[dict[str, Any]]:
    return [{"kind": p.kind, "there": p.there, "here": p.here, "was": p.was, "now": p.now} for p in difference.pieces]


def _wording(wording: Wording) -> dict[str, Any]:
    from quotes.schema import as_json as plain_row

    return {
        **plain_row(wording.row),
        "sources": list(wording.sources),
        "relation": wording.difference.relation,
        "verbatim_differs": wording.difference.verbatim_differs,
        "pieces": _pieces(wording.difference),
    }


def _lines(statement: Statement) -> Iterator[Text]:
    row = statement.first
    outlets = f" in {len(statement.outlets)} outlets" if len(statement.outlets) > 1 else ""
    head = plain(row["speaker"] or "nobody named", "bold")
    head.append_text(plain(f" · {statement.articles} articles{outlets} · {statement.statement_id}", "dim"))
    yield head
    for wording in statement.wordings:
        yield _line(wording)
    yield plain("")


def _lines_of_pair(pair: NearCopy) -> Iterator[Text]:
    head = plain(pair.first["speaker"] or "nobody named", "bold")
    head.append_text(plain(f" · the {pair.reason} differs", "bold red"))
    yield head
    first = _place(pair.first, [pair.first["source"]])
    first.append_text(plain(_flat(pair.first["text"])))
    yield first
    other = _place(pair.other, [pair.other["source"]])
    other.append_text(_marked(pair.difference))
    yield other
    yield plain("")


def _line(wording: Wording) -> Text:
    difference = wording.difference
    line = _place(wording.row, wording.sources)
    relation = f"[{difference.relation}{', verbatim differs' if difference.verbatim_differs else ''}] "
    line.append_text(plain(relation, "bold red" if difference.verbatim_differs else "bold"))
    line.append_text(_marked(difference))
    return line


def _place(row: Mapping[str, Any], sources: Sequence[str]) -> Text:
    """``  02.03.2026 07:10 · Morgenblatt · article.txt · direct ``"""
    published = f"{row['published']:%d.%m.%Y %H:%M}" if row["published"] else "no date"
    places = [source.rstrip("/").rpartition("/")[2] for source in sources]
    return plain(
        f"  {published} · {' · '.join(filter(None, (row['outlet'], *places)))} · {row['kind'].replace('_', ' ')} "
    )


def _marked(difference: Difference) -> Text:
    """The wording with what is missing and what is new."""
    line = plain("")
    for at, piece in enumerate(difference.pieces):
        if at:
            line.append(" ")
        if piece.kind == "same":
            line.append_text(plain(_flat(piece.now)))
        if piece.kind in ("missing", "replaced"):
            line.append_text(plain(f"[-{_shortened(piece.was)}-]", "red"))
        if piece.kind in ("added", "replaced"):
            line.append_text(plain(f"{{+{_shortened(piece.now)}+}}", "green"))
    return line


def _flat(text: str) -> str:
    return " ".join(text.split())


def _shortened(text: str) -> str:
    """A stretch on one line, the middle of a long one left out and counted."""
    words = text.split()
    if len(words) <= 3 * _ENDS:
        return " ".join(words)
    left_out = len(words) - 2 * _ENDS
    return f"{' '.join(words[:_ENDS])} (… {left_out} words …) {' '.join(words[-_ENDS:])}"
