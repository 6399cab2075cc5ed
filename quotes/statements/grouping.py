"""Rows of many articles grouped by the statement they carry.

A row is compared only with earlier rows of the same speaker that share rare words with it, so that the cost grows with
the rows and not with their pairs. It joins a group if it says the same as the group's first row and no guard parts it
from any member.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rapidfuzz import fuzz

from quotes.statements.agreement import Said, bucket, compare, contradict, prepare
from quotes.statements.differences import Difference, differ

# Guards that part near copies which a fact-checker wants to see; a near copy is this much alike (rapidfuzz.fuzz.ratio
# over all words, 0 to 100): a sentence and its negation score about 91.
PARTING, NEAR_COPY = ("number", "name", "negation", "contrary", "quantity"), 80
# Words of a row that it is looked up by, the rarest of its speaker's; rows kept for each word, the latest; groups that
# are compared at most. They bound the cost of a row, whatever the store's size.
KEYS, KEPT, COMPARED = 8, 40, 12

Row = Mapping[str, Any]
# Two indices and the reason why the rows are kept apart.
Part = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Wording:
    """What one article has of a statement.

    Attributes:
        row: the row of the quotations table. sources: all sources that have the article, in their order.
        difference: its wording against the statement's reference; relation ``reference`` for the reference itself.
    """

    row: Row
    sources: tuple[str, ...]
    difference: Difference


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement in several articles.

    Attributes:
        statement_id: stable as long as the first row stays the first.
        rows: all rows in order of first appearance: by ``published``, unknown times last, then by source and place.
        reference: what the wordings are compared with: the first direct quotation, or else the first row.
        wordings: one for each row of each article, in the same order.
    """

    statement_id: str
    rows: tuple[Row, ...]
    reference: Row
    wordings: tuple[Wording, ...]

    @property
    def first(self) -> Row:
        """The row that appeared first."""
        return self.rows[0]

    @property
    def articles(self) -> int:
        """How many different articles carry it: one article in two sources counts once."""
        return len({row["doc_id"] for row in self.rows})

    @property
    def outlets(self) -> tuple[str, ...]:
        """The outlets that are known, in order of appearance."""
        return tuple(dict.fromkeys(row["outlet"] for row in self.rows if row.get("outlet")))

    @property
    def altered(self) -> bool:
        """Whether a direct quotation is shortened, longer or altered, or verbatim parts differ."""
        return any(
            w.difference.relation in ("shortened", "longer", "altered") or w.difference.verbatim_differs
            for w in self.wordings
        )


@dataclass(frozen=True, slots=True)
class NearCopy:
    """Two rows of different articles that say nearly the same, and what keeps them apart.

    Attributes:
        first, other: the row that appeared first, and the other one.
        reason: one of :data:`PARTING`.
        difference: the wording of ``other`` against ``first``.
    """

    first: Row
    other: Row
    reason: str
    difference: Difference


def near_copies(rows: Iterable[Row]) -> list[NearCopy]:
    """Rows that would carry one statement if a number, a name or a negation were not another: a misquotation, maybe.

    ``rows`` as for :func:`group`. Of two statements one pair is given, in order of appearance.
    """
    ordered = sorted(rows, key=order)
    said = [prepare(row) for row in ordered]
    parted: list[tuple[int, int, str]] = []
    groups = _members(ordered, said, lambda first, other, reason: parted.append((first, other, reason)))
    group_of = {at: number for number, members in enumerate(groups) for at in members}
    found: dict[frozenset[int], NearCopy] = {}
    for first, other, reason in parted:
        one, two = ordered[first], ordered[other]
        statements = frozenset((group_of[first], group_of[other]))
        if reason not in PARTING or statements in found or one["doc_id"] == two["doc_id"]:
            continue
        if fuzz.ratio(said[first].plain, said[other].plain) >= NEAR_COPY:
            found[statements] = NearCopy(one, two, reason, differ(one, two))
    return list(found.values())


def group(rows: Iterable[Row]) -> list[Statement]:
    """Group quotation rows by the statement they carry; what only one article has is left out.

    ``rows`` are mappings with the columns of the quotations table: ``quote_id``, ``doc_id``, ``source``, ``speaker``,
    ``kind`` and ``text`` are needed; ``published``, ``outlet``, ``polarity``, ``speaker_id``, ``start``,
    ``quote_spans`` and ``verbatim_spans`` are looked at; others (``url``) are kept. The statements come in order of
    first appearance.
    """
    ordered = sorted(rows, key=order)
    said = [prepare(row) for row in ordered]
    found = [members for members in _members(ordered, said) if len({ordered[i]["doc_id"] for i in members}) > 1]
    return [_statement([ordered[i] for i in members]) for members in found]


def order(row: Row) -> tuple[bool, datetime, str, int, str]:
    """The order of first appearance; unknown times last."""
    published = row.get("published")
    return (
        published is None,
        published or datetime.min,  # noqa: DTZ901
        row.get("source") or "",
        row.get("start") or 0,
        row.get("quote_id") or "",
    )


def _members(rows: Sequence[Row], said: Sequence[Said], part: Part = lambda *_: None) -> list[list[int]]:
    """The groups as indices, in order of their first row; ``part`` is told what is kept apart, and why."""
    buckets = [bucket(row.get("speaker")) for row in rows]
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for name, one in zip(buckets, said, strict=True):
        counts[name].update({w.key for w in one.side.reading.content})
    postings: dict[tuple[str, str], deque[int]] = defaultdict(lambda: deque(maxlen=KEPT))
    groups: list[list[int]] = []
    group_of: list[int] = []
    for at, one in enumerate(said):
        keys = _keys(one, counts[buckets[at]])
        shared: Counter[int] = Counter()
        for key in keys:
            # A set first: a group with many rows of one word is no better than one with a single row.
            shared.update({group_of[other] for other in postings[buckets[at], key]})
        chosen = _choose(at, said, groups, [number for number, _ in shared.most_common(COMPARED)], part)
        if chosen is None:
            chosen = len(groups)
            groups.append([])
        groups[chosen].append(at)
        group_of.append(chosen)
        for key in keys:
            postings[buckets[at], key].append(at)
    return groups


def _keys(one: Said, counts: Counter[str]) -> list[str]:
    """The words a row is looked up by: all its text, and the rarest of its content words."""
    rare = sorted({w.key for w in one.side.reading.content if w.kind != "light"}, key=lambda key: (counts[key], key))
    return [f"={one.plain}", *rare[:KEYS]]


def _choose(
    at: int, said: Sequence[Said], groups: Sequence[Sequence[int]], near: Sequence[int], part: Part
) -> int | None:
    best: tuple[float, int] | None = None
    for number in near:
        members = groups[number]
        verdict = compare(said[members[0]], said[at])
        if not verdict.same:
            part(members[0], at, verdict.reason)
        if not verdict.same or (best is not None and best >= (verdict.score, -number)):
            continue
        plain = {said[i].plain: i for i in members}
        if not any(contradict(said[i], said[at]) for i in plain.values() if said[i].plain != said[at].plain):
            best = (verdict.score, -number)
    return -best[1] if best else None


def _statement(rows: Sequence[Row]) -> Statement:
    reference = next((row for row in rows if row["kind"] == "direct"), rows[0])
    sources: dict[tuple[Any, ...], list[str]] = {}
    appearances: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        key = (row["doc_id"], row.get("quote_id"), row.get("start"))
        appearances.setdefault(key, row)
        sources.setdefault(key, []).append(row.get("source") or "")
    wordings = []
    for key, row in appearances.items():
        difference = differ(reference, row)
        if row is reference:
            difference = Difference("reference", difference.pieces, False)
        wordings.append(Wording(row, tuple(dict.fromkeys(sources[key])), difference))
    return Statement(f"s-{rows[0]['quote_id']}", tuple(rows), reference, tuple(wordings))
