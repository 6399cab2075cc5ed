"""What goes out: one claim is one statement with all its appearances.

Rows are mappings with the columns of the quotations table; an article that is stored under several sources has the same
``quote_id`` in several rows, and is one appearance with several sources.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, Protocol

from quotes.desk.verdicts import Verdict
from quotes.desk.worth import Worth, score
from quotes.schema import as_json
from quotes.text import paragraphs

Row = Mapping[str, Any]
Key = tuple[str, str]


class Statement(Protocol):
    """Rows that say the same thing by the same speaker, as :mod:`quotes.statements` finds them."""

    @property
    def statement_id(self) -> str: ...

    @property
    def rows(self) -> Sequence[Row]: ...


@dataclass(frozen=True, slots=True)
class Alone:
    """The rows of one quotation, where nothing looks for the same statement elsewhere."""

    statement_id: str
    rows: tuple[Row, ...]


def each_alone(rows: Iterable[Row]) -> list[Alone]:
    """Each quotation a statement of its own, in the order of its first row."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["quote_id"], []).append(row)
    return [Alone(quote_id, tuple(same)) for quote_id, same in found.items()]


Group = Callable[[Sequence[Row]], Sequence[Statement]]


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement to check.

    Attributes:
        claim_id: that of the statement.
        row: the row that is shown: the best worth checking among the new ones.
        worth: its score with the features that make it up.
        rows: all appearances, in order of the first appearance; one row for each quotation and source.
        new: the ``quote_id`` of those that were not sent before.
    """

    claim_id: str
    row: Row
    worth: Worth
    rows: tuple[Row, ...]
    new: frozenset[str]

    @property
    def repeats(self) -> tuple[str, ...]:
        """The ``quote_id`` of the appearances that were sent before; empty for a statement that was not."""
        return tuple(dict.fromkeys(row["quote_id"] for row in self.rows if row["quote_id"] not in self.new))


@dataclass(frozen=True, slots=True)
class Choice:
    """The claims that were chosen, and how many new ones were not: for their score, or because others go before."""

    claims: tuple[Claim, ...]
    below: int
    beyond: int


def build_claims(
    rows: Sequence[Row],
    *,
    group: Group = each_alone,
    new: Set[str] | None = None,
    min_score: float = 0.0,
    top: int | None = None,
) -> Choice:
    """The claims in some rows, the most check-worthy first.

    Args:
        rows: those asked for, and those that were sent before.
        group: finds the rows of one statement; rows that it leaves out are statements of their own.
        new: the ``quote_id`` of the rows that were not sent before; ``None``: all.
        min_score: the least score.
        top: the most claims.
    """
    found = list(group(rows))
    together = {row["quote_id"] for statement in found for row in statement.rows}
    statements = [*found, *each_alone(row for row in rows if row["quote_id"] not in together)]
    claims = [claim for statement in statements for claim in [_claim(statement, new)] if claim is not None]
    worthy = [claim for claim in claims if claim.worth.score >= min_score]
    worthy.sort(key=_order)
    kept = tuple(worthy if top is None else worthy[:top])
    return Choice(kept, below=len(claims) - len(worthy), beyond=len(worthy) - len(kept))


def _claim(statement: Statement, new: Set[str] | None) -> Claim | None:
    ids = {row["quote_id"] for row in statement.rows}
    fresh = frozenset(ids if new is None else ids & new)
    if not fresh:
        return None
    appearances = len({row["doc_id"] for row in statement.rows})
    outlets = len({row["outlet"] for row in statement.rows if row["outlet"]})
    scored = [
        (score(row, appearances=appearances, outlets=outlets), row)
        for row in statement.rows
        if row["quote_id"] in fresh
    ]
    worth, row = max(scored, key=lambda pair: pair[0].score)
    return Claim(statement.statement_id, row, worth, tuple(statement.rows), fresh)


def _order(claim: Claim) -> tuple[float, str, int, str]:
    return (-claim.worth.score, claim.row["source"], claim.row["start"], claim.row["quote_id"])


def verdict_of(claim: Claim, verdicts: Mapping[str, Verdict]) -> Verdict | None:
    """The latest verdict on any appearance of a claim."""
    found = [verdicts[row["quote_id"]] for row in claim.rows if row["quote_id"] in verdicts]
    return max(found, key=lambda verdict: verdict.at, default=None)


def context(row: Row, text: str | None) -> str | None:
    """The paragraphs of the article that a quotation stands in, as they are; ``None`` where the text is not known."""
    if not text:
        return None
    inside = [p for p in paragraphs(text) if p.start < row["end"] and row["start"] < p.end]
    return text[inside[0].start : inside[-1].end] if inside else None


def to_record(
    claim: Claim,
    documents: Mapping[Key, Row],
    verdicts: Mapping[str, Verdict],
    *,
    batch: int | None,
) -> dict[str, Any]:
    """A claim as a line of JSON Lines: what the feed adds, then all columns of its row.

    Args:
        claim: its rows with all columns.
        documents: by ``(doc_id, source)``, with ``url`` and ``text``.
        verdicts: by ``quote_id``.
        batch: the number of the batch, ``None`` for a plain query.
    """
    row = claim.row
    document = documents.get((row["doc_id"], row["source"]), {})
    verdict = verdict_of(claim, verdicts)
    return {
        "claim_id": claim.claim_id,
        "score": claim.worth.score,
        "features": [feature._asdict() for feature in claim.worth.features],
        "batch": batch,
        "repeats": list(claim.repeats),
        "verdict": None if verdict is None else {name: getattr(verdict, name) for name in Verdict.__slots__},
        "url": document.get("url"),
        "context": context(row, document.get("text")),
        "appearances": [_appearance(row, claim, documents) for row in claim.rows],
        **as_json(row),
    }


_SHOWN = ("quote_id", "doc_id", "source", "outlet", "title", "published", "kind", "speaker", "text", "start", "end")


def _appearance(row: Row, claim: Claim, documents: Mapping[Key, Row]) -> dict[str, Any]:
    document = documents.get((row["doc_id"], row["source"]), {})
    shown = as_json({name: row[name] for name in _SHOWN})
    return shown | {"url": document.get("url"), "new": row["quote_id"] in claim.new}
