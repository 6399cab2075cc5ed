"""Dates of publication as they are printed in metadata: ISO, German, and that of mail and RSS."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_SPELLINGS = """
    1 januar jänner jan | 2 februar feber feb | 3 märz maerz mär | 4 april apr | 5 mai | 6 juni jun | 7 juli jul
    | 8 august aug | 9 september sept sep | 10 oktober okt | 11 november nov | 12 dezember dez
"""
_MONTHS = {name: int(number) for number, *names in map(str.split, _SPELLINGS.split("|")) for name in names}
_GERMAN = re.compile(
    r"(?:[^\W\d_]+,?\s+)?(?P<day>\d{1,2})\.\s*(?:(?P<month>\d{1,2})\.\s*|(?P<name>[^\W\d_]+)\.?\s+)(?P<year>\d{4})"
    r"(?:(?:,|\s|-|–|\|)+(?:um\s+)?(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?::(?P<second>\d{2}))?(?:\s*Uhr)?)?"
)


def parse_published(value: object) -> datetime | None:
    """The time of publication, ``None`` where it cannot be told for certain.

    A time with a zone is given in UTC; one without is left as printed. The result never carries a zone.
    """
    if isinstance(value, datetime):
        return _in_utc(value)
    if not isinstance(value, str) or not value.strip():
        return None
    text = " ".join(value.split())
    try:
        return _in_utc(datetime.fromisoformat(text))
    except ValueError:
        pass
    match = _GERMAN.fullmatch(text)
    if match:
        month = int(match["month"]) if match["month"] else _MONTHS.get(match["name"].lower(), 0)
        hour, minute, second = (int(match[part] or 0) for part in ("hour", "minute", "second"))
        try:
            return datetime(int(match["year"]), month, int(match["day"]), hour, minute, second)
        except ValueError:
            return None
    try:
        return _in_utc(parsedate_to_datetime(text))
    except (ValueError, TypeError, IndexError):
        return None


def _in_utc(value: datetime) -> datetime | None:
    if value.tzinfo is None:
        return value
    try:
        return value.astimezone(UTC).replace(tzinfo=None)
    except OverflowError:  # the first and the last day of the calendar
        return None
