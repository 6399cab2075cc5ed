"""A quote sheet as one HTML file that needs nothing else: for the screen, for the phone, for paper."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import groupby
from typing import TYPE_CHECKING

from quotes.export.escaping import integer
from quotes.export.german import (
    BETWEEN,
    NOBODY,
    NOTES,
    day,
    kind_in_words,
    label,
    long_day,
    moment,
    percent,
)
from quotes.export.lines import Heading, Line, Run
from quotes.tables import read_table

if TYPE_CHECKING:
    from jinja2 import Template

_PAGE, _STYLE = "sheet.html.jinja", "sheet.css"


@dataclass(frozen=True, slots=True)
class _Chapter:
    """The quotations of one speaker. ``where`` tells those of one name apart."""

    number: int
    name: str
    where: str
    roles: str
    lines: tuple[Line, ...]


def html_sheet(lines: Iterable[Line], heading: Heading) -> Iterator[bytes]:
    """The page in UTF-8, piece by piece. Lines with a ``passage`` are shown in it.

    Nothing from an article becomes markup: the template escapes whatever is put into it. The page has no scripts, and
    its content security policy forbids them, forms and everything from elsewhere.
    """
    chapters = list(_chapters(lines))
    style = _file(_STYLE)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    total = sum(len(chapter.lines) for chapter in chapters)
    page = _template().generate(
        heading=heading,
        chapters=chapters,
        total=total,
        speakers=sum(bool(chapter.lines[0].speaker) for chapter in chapters),
        style=style,
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
        notes=tuple(read_table(NOTES)),
    )
    for piece in page:
        yield piece.encode()


def _chapters(lines: Iterable[Line]) -> Iterator[_Chapter]:
    """One chapter for each speaker, in the order in which they first come."""
    groups: dict[str, list[Line]] = {}
    for line in lines:
        groups.setdefault(line.speaker_key, []).append(line)
    bearers = Counter(group[0].speaker for group in groups.values())
    for number, group in enumerate(groups.values(), start=1):
        first = group[0]
        roles = dict.fromkeys(line.role for line in group if line.role and line.role != line.speaker)
        where = first.title or first.source if bearers[first.speaker] > 1 else ""
        yield _Chapter(number, first.speaker or f"Sprecher {NOBODY}", where, ", ".join(roles), tuple(group))


def _marked(runs: Sequence[Run]) -> list[tuple[bool, list[Run]]]:
    """The runs in turns: what belongs to the quotation, and what stands around it."""
    return [(quoted, list(same)) for quoted, same in groupby(runs, lambda run: run.quoted)]


@cache
def _template() -> Template:
    from jinja2 import Environment, FunctionLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=FunctionLoader(_file), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {
        "integer": integer,
        "percent": percent,
        "day": day,
        "long_day": long_day,
        "moment": moment,
        "label": lambda value, vocabulary: label(vocabulary, value),
        "kind": lambda line: kind_in_words(line.kind, line.polarity),
        "marked": _marked,
        # The package's own style sheet, the one thing that is not escaped.
        "own_style": lambda style: Markup(style) if style == _file(_STYLE) else style,  # noqa: S704
    }
    environment.globals |= {"BETWEEN": BETWEEN}
    return environment.get_template(_PAGE)


@cache
def _file(name: str) -> str:
    return files("quotes.export").joinpath("templates", name).read_text(encoding="utf-8")
