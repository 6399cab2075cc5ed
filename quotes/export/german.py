"""Numbers, days and the words of a sheet as a German reader expects them."""

from __future__ import annotations

import math
from dataclasses import fields
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING

from quotes.export.escaping import isolated, readable
from quotes.tables import read_table

if TYPE_CHECKING:
    from quotes.search.query import Filters

_LABELS = "use/sheet_labels.tsv"
_MONTHS = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()
# What stands for the value of a filter that is a share.
_SHARES = ("min_confidence", "min_speaker_confidence")
_DAYS = ("since", "until")
# Between what was asked for.
BETWEEN = " · "
ALL = "alle Zitate"
# In the place of a speaker's name where nobody is named.
NOBODY = "nicht genannt"
# How to read a sheet: a table of columns and notes.
NOTES = "use/sheet_notes.tsv"


def decimal(number: float, places: int = 1) -> str:
    """``1234.5`` as ``1.234,5``, rounded to ``places``."""
    whole, _, rest = f"{number:,.{places}f}".partition(".")
    return whole.replace(",", ".") + ("," + rest if rest else "")


def percent(share: float | None) -> str:
    """A share of one as ``97 %`` with a no-break space; nothing where it is not known."""
    whole = whole_percent(share)
    return "" if whole is None else f"{whole}\u00a0%"


def whole_percent(share: float | None) -> int | None:
    """A share of one in whole per cent, rounded down, so that only what is certain is called 100 %."""
    # Parquet's 32 bits: 0.9 comes as 0.89999998.
    return None if share is None or math.isnan(share) else int(share * 100 + 1e-4)


def day(when: date | None) -> str:
    """``13.09.2023``; of a datetime with a time of day, ``13.09.2023, 08:05 Uhr``. Nothing where it is not known."""
    if when is None:
        return ""
    # strftime leaves the zeros of years before 1000 out on some systems.
    return f"{when.day:02}.{when.month:02}.{when.year:04}{_hour(when)}"


def long_day(when: date | None) -> str:
    """``13. September 2023``; of a datetime with a time of day, ``13. September 2023, 08:05 Uhr``."""
    return "" if when is None else f"{when.day}. {_MONTHS[when.month - 1]} {when.year}{_hour(when)}"


def moment(when: datetime) -> str:
    """``13. September 2023, 00:00 Uhr``: with the time of day also at midnight."""
    return f"{when.day}. {_MONTHS[when.month - 1]} {when.year}, {when:%H:%M} Uhr"


def _hour(when: date) -> str:
    # Midnight is what a day without a time looks like.
    return f", {when:%H:%M} Uhr" if isinstance(when, datetime) and (when.hour or when.minute) else ""


@cache
def labels(vocabulary: str) -> dict[str, str]:
    """The German words for a vocabulary of ``sheet_labels.tsv``, in the order of the table."""
    return {row["value"]: row["label"] for row in read_table(_LABELS) if row["vocabulary"] == vocabulary}


def label(vocabulary: str, value: str) -> str:
    """The German word for a value, or the value itself where the table has none."""
    return labels(vocabulary).get(value, readable(value))


def kind_in_words(kind: str, polarity: str) -> str:
    """``indirekt, bestritten``; that a content is affirmed is what a reader expects, and is not said."""
    return label("kind", kind) + (f", {label('polarity', polarity)}" if polarity not in ("", "affirmed") else "")


def in_words(filters: Filters) -> str:
    """What was asked for: ``Sprecher: Marta Ohm · Thema: Brücke · seit 1. September 2023``.

    A filter without a label is shown by its own name: nothing that narrows a sheet down is left unsaid.
    """
    said = []
    for field in fields(filters):
        value = getattr(filters, field.name)
        if value is None:
            continue
        name = label("filter", field.name)
        if field.name in _DAYS:
            said.append(f"{name} {long_day(value)}")
        elif field.name in _SHARES:
            said.append(f"{name} {percent(value)}")
        else:
            shown = label("kind", str(value)) if field.name == "kind" else isolated(readable(str(value)))
            said.append(f"{name}: {' '.join(shown.split())}")
    return BETWEEN.join(said) or ALL
