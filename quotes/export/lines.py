"""The lines of a quote sheet: what a row of the store says, ready to be shown to people.

All text in a :class:`Line` has gone through :func:`quotes.export.escaping.readable`; what a form of its own needs comes
on top of that in the form's room.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from quotes.export.escaping import checked_link, readable
from quotes.model import Span
from quotes.text import paragraphs

if TYPE_CHECKING:
    from quotes.desk.verdicts import Verdict

# Code points of a paragraph that are shown on each side of a quotation. An article without line breaks is one
# paragraph; 1,500 are more than a page of manuscript.
AROUND = 1_500
# Speakers below this are marked for a second look: above it, 97 in 100 had the right one on articles never looked at
# (the README says how this was measured).
SURE_SPEAKER = 0.9
GAP = " … "

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text of one kind. ``quoted``: it belongs to the content; ``verbatim``: it stands in quotation marks,
    and may be printed as a quotation."""

    text: str
    quoted: bool
    verbatim: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What a sheet says of itself: its title and what was asked for in words, made readable, on one line each; and when
    it was made."""

    title: str
    filters: str
    made_at: datetime

    def __post_init__(self) -> None:
        for name in ("title", "filters"):
            object.__setattr__(self, name, _one_line(getattr(self, name)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One quotation as a sheet shows it. Texts are empty where nothing is known, values ``None``.

    Attributes:
        start, end: code points into the article's text, half-open, as in the store.
        speaker_key: the same for all lines of one speaker; two people of one name have two.
        printed: the speaker's words in the article (*er*, *der Kanzler*), where they are neither name nor role.
        link: an address that may be a link, checked; ``url`` is the address as it is stored.
        confidence, speaker_confidence: probabilities in [0, 1]; the second is ``None`` where nobody is named.
        content: the quotation with its verbatim parts; marks are added where a whole part stands in marks.
        passage: the paragraphs around it, as printed, with the content marked; only where the text was given.
        status: one of :data:`quotes.desk.verdicts.STATUSES`, ``open`` where nobody has decided.
    """

    quote_id: str
    source: str
    start: int
    end: int
    speaker: str
    speaker_key: str
    role: str
    printed: str
    kind: str
    polarity: str
    addressee: str
    via: tuple[str, ...]
    outlet: str
    title: str
    published: datetime | None
    url: str
    link: str | None
    confidence: float | None
    speaker_confidence: float | None
    content: tuple[Run, ...]
    passage: tuple[Run, ...]
    status: str
    checker: str
    note: str

    @property
    def text(self) -> str:
        """The content without regard to what is verbatim."""
        return "".join(run.text for run in self.content)

    @property
    def place(self) -> str:
        """Where it stands: the article's source and the code points, ``news/a.txt 120–188``."""
        return f"{self.source} {self.start}–{self.end}"

    @property
    def unsure(self) -> bool:
        """Whether the speaker wants a second look."""
        return bool(self.speaker) and round(self.speaker_confidence or 0.0, 4) < SURE_SPEAKER


def build_lines(
    rows: Iterable[Mapping[str, Any]],
    documents: Mapping[Key, Mapping[str, Any]],
    verdicts: Mapping[str, Verdict],
) -> Iterator[Line]:
    """A line for each row, in the order of the rows.

    Args:
        rows: with the columns of the quotations table.
        documents: by ``(doc_id, source)``, with ``url`` and ``title``, and ``text`` where passages are wanted; an
            article that is missing here is shown by what the row says.
        verdicts: the latest of each quotation, by ``quote_id``.
    """
    for row in rows:
        document = documents.get((row["doc_id"], row["source"]), {})
        yield _line(row, document, verdicts.get(row["quote_id"]))


def _line(row: Mapping[str, Any], document: Mapping[str, Any], verdict: Verdict | None) -> Line:
    url = document.get("url") or (row["source"] if "://" in row["source"] else "")
    speaker, role, printed = (_one_line(row[name]) for name in ("speaker", "speaker_role", "speaker_text"))
    return Line(
        quote_id=_one_line(row["quote_id"]),
        source=_one_line(row["source"]),
        start=row["start"],
        end=row["end"],
        speaker=speaker,
        speaker_key=f"{row['speaker_id'] or ''}\n{speaker}" if speaker else "",
        role=role,
        printed="" if printed in (speaker, role) else printed,
        kind=row["kind"],
        polarity=row["polarity"] or "",
        addressee=_one_line(row["addressee"]),
        via=tuple(_one_line(channel) for channel in row["via"] or ()),
        outlet=_one_line(row["outlet"]),
        title=_one_line(row["title"] or document.get("title")),
        published=row["published"],
        url=_one_line(url),
        link=checked_link(url),
        confidence=row["confidence"],
        speaker_confidence=row["speaker_confidence"] if speaker else None,
        content=tuple(_content(row)),
        passage=tuple(_passage(row, document.get("text") or "")),
        status=verdict.status if verdict else "open",
        checker=_one_line(verdict.by) if verdict else "",
        note=readable(verdict.note) if verdict else "",
    )


def _one_line(text: str | None) -> str:
    return " ".join(readable(text or "").split())


def _spans(row: Mapping[str, Any], column: str) -> list[Span]:
    """The spans of a column that lie within the row's bounds, in order."""
    spans = (Span(max(s["start"], row["start"]), min(s["end"], row["end"])) for s in row[column] or ())
    return sorted(span for span in spans if span.start < span.end)


def _content(row: Mapping[str, Any]) -> Iterator[Run]:
    """The content in runs; a part that stands in marks as a whole gets them back, what interrupts it is a gap."""
    verbatim = _spans(row, "verbatim_spans")
    runs: list[Run] = []
    for number, span in enumerate(_spans(row, "quote_spans")):
        if number:
            runs.append(Run(GAP, True, False))
        whole = span in verbatim
        runs += [Run("„", True, False)] if whole else []
        runs += _cut_up(row["text"], row["start"], span, verbatim)
        runs += [Run("“", True, False)] if whole else []
    return _even(runs)


def _cut_up(text: str, offset: int, span: Span, verbatim: Sequence[Span]) -> Iterator[Run]:
    """A span of the content in runs; ``text`` begins at ``offset``."""
    at = span.start
    for start, end in verbatim:
        start, end = max(start, at), min(end, span.end)
        if start < end:
            if at < start:
                yield Run(text[at - offset : start - offset], True, False)
            yield Run(text[start - offset : end - offset], True, True)
            at = end
    if at < span.end:
        yield Run(text[at - offset : span.end - offset], True, False)


def _passage(row: Mapping[str, Any], text: str) -> Iterator[Run]:
    """The paragraphs of the content, or the context that the row has itself where the text is not the one it was."""
    if not text:
        return iter(())
    start, end = row["start"], row["end"]
    if text[start:end] == row["text"]:
        around = _paragraphs_around(text, start, end)
        first, last = max(around.start, start - AROUND), min(around.end, end + AROUND)
        before, after, offset = first > around.start, last < around.end, 0
    else:
        text, before, after = row["prefix"] + row["text"] + row["suffix"], True, True
        first = offset = start - len(row["prefix"])
        last = offset + len(text)
    verbatim, at = _spans(row, "verbatim_spans"), first
    runs = [Run("[…] ", False, False)] if before else []
    for span in _spans(row, "quote_spans"):
        runs.append(Run(text[at - offset : span.start - offset], False, False))
        runs += _cut_up(text, offset, span, verbatim)
        at = span.end
    runs.append(Run(text[at - offset : last - offset], False, False))
    return _even([*runs, Run(" […]", False, False)] if after else runs)


# The rows of one article come together in most orders.
@lru_cache(maxsize=64)
def _paragraphs(text: str) -> tuple[Span, ...]:
    return paragraphs(text)


def _paragraphs_around(text: str, start: int, end: int) -> Span:
    found = _paragraphs(text)
    first = bisect_right(found, start, key=lambda span: span.start) - 1
    last = bisect_left(found, end, key=lambda span: span.end)
    return Span(
        min(start, found[first].start) if first >= 0 else start,
        max(end, found[last].end) if last < len(found) else end,
    )


def _even(runs: Iterable[Run]) -> Iterator[Run]:
    """The runs made readable, with one blank where there were several and one line feed between paragraphs."""
    blank = True
    for run in runs:
        text = re.sub(r"\s+", _blank, readable(run.text))
        text = text.lstrip() if blank else text
        if text:
            blank = text[-1].isspace()
            yield Run(text, run.quoted, run.verbatim)


def _blank(found: re.Match[str]) -> str:
    return "\n" if found.group().count("\n") > 1 else " "
