"""``quotes show``: an article with its quotations marked and named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import click

from quotes.cli import output
from quotes.cli.asking import asking
from quotes.cli.options import CONTEXT, format_option, store_option

COLOURS = ("cyan", "green", "yellow", "magenta", "blue", "red")


class Piece(NamedTuple):
    """A piece of a marked article: text, or a mark that opens or closes a quotation. ``number`` counts from 1;
    for text it is that of the innermost quotation around it, 0 outside."""

    text: str
    number: int
    mark: bool


@click.command(context_settings=CONTEXT, epilog="Example: quotes show seeds/000_b290009d49df3ff8.txt --store store")
@click.argument("source")
@store_option
@format_option("text")
def show(source: str, store: str, form: str) -> None:
    """Print an article with its quotations marked and named.

    SOURCE is an article in the store: the path or URL it came from, its file name or the beginning of it, or the
    beginning of its doc_id.
    """
    from quotes.search.articles import find_document, quotations_of

    with asking(store) as archive:
        article = find_document(archive, source)
        _show(article, quotations_of(archive, article["doc_id"], article["source"]), form)


def _show(article: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], form: str) -> None:
    from quotes.schema import as_json

    if output.wants_json(form):
        output.write_json_lines([as_json(article) | {"quotations": [as_json(row) for row in rows]}])
        return
    from rich.text import Text

    page = Text()
    for piece in mark(article["text"], rows):
        colour = COLOURS[(piece.number - 1) % len(COLOURS)] if piece.number else ""
        page.append(output.clean(piece.text), style=f"bold {colour}" if piece.mark else colour)
    head = [output.plain(part, "bold") for part in (article["title"], _origin(article)) if part]
    legend = [output.plain(legend_line(number, row)) for number, row in enumerate(rows, start=1)]
    output.show(*head, page, output.plain(""), *legend)


def _origin(article: Mapping[str, Any]) -> str:
    published = article["published"]
    known = (article["outlet"], article["author"], published and f"{published:%d.%m.%Y %H:%M}", article["source"])
    return " · ".join(part for part in known if part)


def legend_line(number: int, row: Mapping[str, Any]) -> str:
    """``3 Speaker (role) [kind, rule] cue: … via: …``"""
    parts = [str(number), row["speaker"] or "nobody named"]
    if row["speaker_role"]:
        parts.append(f"({row['speaker_role']})")
    parts.append(f"[{row['kind'].replace('_', ' ')}, {row['rule']}]")
    parts += [f"cue: {row['cue']}"] if row["cue"] else []
    parts += [f"to: {row['addressee']}"] if row["addressee"] else []
    parts += [f"via: {', '.join(row['via'])}"] if row["via"] else []
    return " ".join([*parts, f"quote_id: {row['quote_id']}"])


def mark(text: str, rows: Sequence[Mapping[str, Any]]) -> Iterator[Piece]:
    """Cut a text at its quotations: ``⟦1 Speaker: `` opens the first piece of a quotation, ``⟦1 … `` a later one."""
    events: list[tuple[int, int, int, int, str]] = []
    for number, row in enumerate(rows, start=1):
        for part, span in enumerate(row["quote_spans"]):
            opening = f"⟦{number} … " if part else f"⟦{number} {row['speaker'] or '?'}: "
            # At one place: close before opening, the inner before the outer; open the longer one first.
            events.append((span["start"], 1, -span["end"], number, opening))
            events.append((span["end"], 0, -span["start"], -number, "⟧"))
    at = 0
    around: list[int] = []
    for place, opens, _, signed, printed in sorted(events):
        if place > at:
            yield Piece(text[at:place], around[-1] if around else 0, False)
            at = place
        number = abs(signed)
        if opens:
            around.append(number)
        else:
            around.remove(number)
        yield Piece(printed, number, True)
    if at < len(text):
        yield Piece(text[at:], 0, False)
