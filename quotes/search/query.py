"""What is asked of a store, and the rows that answer it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date

from quotes.errors import UsageError
from quotes.model import KINDS

# Nothing in a store was published later.
_LAST_YEAR = 2100


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Conditions on quotations; all given ones must hold, ``None`` asks for nothing.

    Attributes:
        name: who speaks: a name, a part of it, or what the speaker is called anywhere in the store.
        about: words of the quotation, in any order and inflection, also inside compounds; a phrase in quotation marks
            must occur as it is.
        kind: one of :data:`quotes.model.KINDS`.
        since, until: days of publication, both included; articles without a date answer neither.
        outlet, via, to: words of the outlet's name, of a channel's, of the addressee.
        min_confidence: the least ``confidence`` of a row.
        min_speaker_confidence: the least ``speaker_confidence`` of a row.
    """

    name: str | None = None
    about: str | None = None
    kind: str | None = None
    since: date | None = None
    until: date | None = None
    outlet: str | None = None
    via: str | None = None
    to: str | None = None
    min_confidence: float | None = None
    min_speaker_confidence: float | None = None

    def __post_init__(self) -> None:
        if self.kind is not None and self.kind not in KINDS:
            raise UsageError(f"{self.kind!r} is no kind of quotation", remedy=f"Choose one of {', '.join(KINDS)}")
        if self.since is not None and self.until is not None and self.since > self.until:
            raise UsageError(f"nothing can be since {self.since} and until {self.until}", remedy="Exchange the days")
        for share in (self.min_confidence, self.min_speaker_confidence):
            if share is not None and not 0.0 <= share <= 1.0:
                raise UsageError(f"a confidence of {share} is no probability", remedy="Give a number from 0 to 1")

    def __bool__(self) -> bool:
        return any(getattr(self, field.name) is not None for field in fields(self))


def months(filters: Filters) -> list[str] | None:
    """The months in which what is asked for was published: ``YYYYMM``, or ``YYYY*`` for a whole year.

    ``None`` where no day is given, or the span has no beginning.
    """
    if filters.since is None:
        return None
    last = filters.until or date(max(filters.since.year, _LAST_YEAR), 12, 31)
    found: list[str] = []
    for year in range(filters.since.year, last.year + 1):
        first_month = filters.since.month if year == filters.since.year else 1
        last_month = last.month if year == last.year else 12
        if (first_month, last_month) == (1, 12):
            found.append(f"{year:04}*")
        else:
            found += [f"{year:04}{month:02}" for month in range(first_month, last_month + 1)]
    return found
