"""Decisions about speakers: two names merged, a name split or renamed, a decision undone. They are never deleted.

A decision acts on the names as all decisions before it left them, so merging back and forth has an end, and undoing
one gives what the others alone would give.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime

from quotes.errors import StoreError, UsageError

MERGE, SPLIT, RENAME, UNDO = "merge", "split", "rename", "undo"
_KINDS = (MERGE, SPLIT, RENAME, UNDO)


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision.

    Attributes:
        number: its place in the log, from 1.
        what: ``merge``, ``split``, ``rename`` or ``undo``.
        name, to: the canonical name it acts on, and the one it gives; empty for ``undo``.
        role, outlet, source: which rows of the name are split off: those whose role, outlet or source holds these
            words, in whatever case. Empty conditions ask for nothing.
        since, until: ISO days between which the rows were published, both included.
        undoes: the number of the decision that is undone, 0 for others.
        at: when, in UTC, ISO form.
    """

    number: int
    what: str
    name: str = ""
    to: str = ""
    role: str = ""
    outlet: str = ""
    source: str = ""
    since: str = ""
    until: str = ""
    undoes: int = 0
    at: str = ""

    def __str__(self) -> str:
        if self.what == UNDO:
            return f"undo {self.undoes}"
        conditions = {k: getattr(self, k) for k in ("role", "outlet", "source", "since", "until")}
        told = "".join(f", {key} {value}" for key, value in conditions.items() if value)
        return f"{self.what} {self.name} -> {self.to}{told}"

    def __post_init__(self) -> None:
        if self.what not in _KINDS:
            raise ValueError(f"{self.what!r} is no decision")
        for day in (self.since, self.until):
            if day:
                datetime.fromisoformat(day)


def in_force(log: Sequence[Decision]) -> list[Decision]:
    """The decisions that hold, in their order; what was undone does not, unless its undoing was undone."""
    undone: set[int] = set()
    for decision in reversed(log):
        if decision.what == UNDO and decision.number not in undone:
            undone.add(decision.undoes)
    return [d for d in log if d.what != UNDO and d.number not in undone]


def undoing(log: Sequence[Decision], number: int | None, *, at: datetime) -> Decision:
    """The decision that undoes another one: that with a number, else the last that holds.

    Raises:
        UsageError: there is none, or it was undone already.
    """
    undone = {d.number for d in log} - {d.number for d in in_force(log)} - {d.number for d in log if d.what == UNDO}
    if number is None:
        holding = in_force(log)
        if not holding:
            raise UsageError("there is nothing to undo")
        number = holding[-1].number
    if number in undone:
        raise UsageError(f"decision {number} was undone already", remedy="quotes speakers log lists them")
    if number not in {d.number for d in log}:
        raise UsageError(f"there is no decision {number}", remedy="quotes speakers log lists them")
    return Decision(len(log) + 1, UNDO, undoes=number, at=at.isoformat(timespec="seconds"))


def to_lines(log: Iterable[Decision]) -> str:
    """The log as JSON Lines; what is empty is left out."""
    return "".join(
        json.dumps({k: v for k, v in asdict(d).items() if v not in ("", 0)}, ensure_ascii=False) + "\n" for d in log
    )


def from_lines(text: str, *, source: str) -> list[Decision]:
    """The log from JSON Lines.

    Raises:
        StoreError: a line is damaged.
    """
    names = {f.name for f in fields(Decision)}
    log: list[Decision] = []
    for number, line in enumerate(filter(str.strip, text.splitlines()), start=1):
        try:
            values = json.loads(line)
            if not isinstance(values, dict) or not set(values) <= names or values.get("number") != number:
                raise ValueError("not a decision")
            log.append(Decision(**values))
        except (ValueError, TypeError) as error:
            raise StoreError(
                f"line {number} is damaged ({error})", source=source, remedy="Remove the line, or restore the file"
            ) from error
    return log
