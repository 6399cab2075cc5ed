"""What is asked of a store, and the rows that answer it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta

from quotes.errors import UsageError
from quotes.model import KINDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Conditions on quotations; all given ones must hold, ``None`` asks for nothing.

    Attributes:
        name: who speaks: a name, a part of it, or what the speaker is called anywhere in the store.
        about: words of the quotation, in any order and inflection, also inside compounds; a phrase in quotation marks
            must occur as it is. Commas part alternatives.
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

    @property
    def begin(self) -> datetime | None:
        """The first instant of ``since``."""
        return datetime.combine(self.since, time()) if self.since is not None else None

    @property
    def end(self) -> datetime | None:
        """The first instant after ``until``."""
        return datetime.combine(self.until + timedelta(days=1), time()) if self.until is not None else None

    def __bool__(self) -> bool:
        return any(getattr(self, field.name) is not None for field in fields(self))
