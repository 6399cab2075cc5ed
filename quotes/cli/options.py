"""The options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

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
