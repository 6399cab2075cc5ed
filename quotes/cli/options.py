"""The options that several commands share."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import click

from quotes.model import KINDS

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 110}

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

store_option: Decorator = click.option(
    "--store",
    metavar="DIR",
    default="store",
    envvar="QUOTES_STORE",
    show_default=True,
    show_envvar=True,
    help="The folder with the two tables.",
)

model_option: Decorator = click.option(
    "--model",
    metavar="MODEL",
    default="embedded",
    show_default=True,
    help="The parser: embedded, stanza[:PACKAGE] (official models, downloaded on first use) or a folder.",
)

exact_option: Decorator = click.option(
    "--exact",
    is_flag=True,
    help="Parse in single precision on every machine: slower on some, and alike on all.",
)


def format_option(human: str) -> Decorator:
    """``--format`` with the name of the form for people."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(["auto", human, "jsonl"]),
        default="auto",
        show_default=True,
        help=f"auto: {human} on a terminal, JSON Lines in a pipe.",
    )


_DAY = click.DateTime(formats=["%Y-%m-%d", "%d.%m.%Y"])
_SHARE = click.FloatRange(0.0, 1.0)
# The options of a query, in the order of the help; each has the name of its field in quotes.search.Filters.
_QUERY: tuple[Decorator, ...] = (
    click.argument("name", required=False),
    click.option("--about", metavar="WORDS", help='With all these words; a comma is or, "in marks" a phrase.'),
    click.option("--kind", type=click.Choice(KINDS), help="Quotations of this kind."),
    click.option("--since", type=_DAY, metavar="DAY", help="Published on this day (YYYY-MM-DD) or later."),
    click.option("--until", type=_DAY, metavar="DAY", help="Published on this day or earlier."),
    click.option("--outlet", metavar="WORDS", help="From outlets with these words in their name."),
    click.option("--via", metavar="WORDS", help="That came through this agency, paper or report."),
    click.option("--to", metavar="WORDS", help="Said to this addressee."),
    click.option("--min-confidence", type=_SHARE, metavar="P", help="With at least this confidence, 0 to 1."),
    click.option(
        "--min-speaker-confidence", type=_SHARE, metavar="P", help="With at least this confidence in the speaker."
    ),
)


def query_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """NAME and the options that say which quotations; the command gets them as one argument, ``filters``."""

    @functools.wraps(command)
    def with_filters(**values: Any) -> Any:
        from quotes.search.query import Filters

        asked = {field: values.pop(field) for field in Filters.__dataclass_fields__}
        days = {field: asked[field] and asked[field].date() for field in ("since", "until")}
        return command(filters=Filters(**asked | days), **values)

    wrapped: Callable[..., Any] = with_filters
    for option in reversed(_QUERY):
        wrapped = option(wrapped)
    return wrapped
