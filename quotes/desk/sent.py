"""What was sent already, and which rows are new beside it.

A row was sent if its ``quote_id`` was, or if rows of the same article with the same speaker that were sent cover half
of its span: a newer extractor moves a span by a word, and that is no news.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

import polars as pl

from quotes.model import Span

# The least share of a row's code points that must have been sent for the row to count as sent. Chosen, not measured: a
# span moved by some words keeps more, a quotation that was found anew around a short one keeps less.
COVERED = 0.5
# Parquet columns of what was sent; offsets in code points of the text, ``in_article`` the speaker's name in it.
SENT: Mapping[str, type[pl.DataType]] = {
    "quote_id": pl.String,
    "doc_id": pl.String,
    "start": pl.Int64,
    "end": pl.Int64,
    "speaker": pl.String,
    "in_article": pl.String,
    "batch": pl.Int64,
}


def to_sent(rows: Iterable[Mapping[str, object]], *, batch: int) -> pl.DataFrame:
    """Quotation rows as they are kept once they are sent, one for each ``quote_id``, in order."""
    kept = [
        {name: row["speaker_in_article" if name == "in_article" else name] for name in SENT if name != "batch"}
        | {"batch": batch}
        for row in rows
    ]
    return pl.DataFrame(kept, schema=dict(SENT), orient="row").unique("quote_id", keep="first", maintain_order=True)


def covering(rows: pl.DataFrame, sent: pl.DataFrame) -> dict[str, set[str]]:
    """The ``quote_id`` of rows that were sent in other words, each with those of the rows that were sent for it.

    Args:
        rows: columns ``quote_id``, ``doc_id``, ``start``, ``end``, ``speaker``, ``speaker_in_article``.
        sent: columns of :data:`SENT`.
    """
    asked = rows.select("quote_id", "doc_id", "start", "end", "speaker", in_article="speaker_in_article").unique()
    pieces: dict[str, dict[str, Span]] = defaultdict(dict)
    bounds: dict[str, Span] = {}
    # The canonical name may have been merged or renamed since, the name in the article is the extractor's alone.
    for name in ("speaker", "in_article"):
        pairs = asked.join(sent, on=["doc_id", name], how="inner", nulls_equal=True, suffix="_sent").filter(
            (pl.col("start") < pl.col("end_sent")) & (pl.col("start_sent") < pl.col("end"))
        )
        columns = ("quote_id", "start", "end", "quote_id_sent", "start_sent", "end_sent")
        for quote_id, start, end, other, other_start, other_end in pairs.select(columns).iter_rows():
            bounds[quote_id] = Span(start, end)
            pieces[quote_id][other] = Span(max(start, other_start), min(end, other_end))
    return {
        quote_id: set(pieces[quote_id])
        for quote_id, (start, end) in bounds.items()
        if _length(pieces[quote_id].values()) >= COVERED * (end - start)
    }


def unsent(rows: pl.DataFrame, sent: pl.DataFrame) -> pl.DataFrame:
    """The rows that were not sent, in their order; columns as in :func:`covering`."""
    new = rows.join(sent.select("quote_id"), on="quote_id", how="anti", maintain_order="left")
    gone = covering(new, sent)
    return new.filter(~pl.col("quote_id").is_in(list(gone))) if gone else new


def _length(spans: Iterable[Span]) -> int:
    """Code points that the spans cover together."""
    total, reached = 0, 0
    for start, end in sorted(spans):
        total += max(0, end - max(start, reached))
        reached = max(reached, end)
    return total
