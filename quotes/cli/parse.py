"""``quotes parse``: stored parses as CoNLL-U."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from quotes.cli.extract import SOME_FAILED
from quotes.cli.options import CONTEXT, exact_option, model_option
from quotes.cli.output import note, write_text
from quotes.errors import QuotesError


@click.command(context_settings=CONTEXT, epilog="Example: quotes parse seeds -o seeds.conllu")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option("-o", "--output", "target", metavar="FILE", default="-", help="Where to write; - is standard output.")
@model_option
@exact_option
def parse(paths: tuple[str, ...], target: str, model: str, exact: bool) -> None:
    """Write the trees of articles as CoNLL-U.

    Each word carries its offsets into the text of the article.
    """
    from quotes.model import ParsedDocument
    from quotes.parse import StanzaParser, choose_model, write_conllu
    from quotes.pipeline import parse_all
    from quotes.sources import read_sources

    parser = StanzaParser(choose_model(model), exact=exact, whole=True)
    failures = []
    parsed: list[ParsedDocument] = []
    for item in parse_all(read_sources(paths, stdin=sys.stdin.buffer), parser):
        if not isinstance(item, ParsedDocument):
            failures.append(item)
        elif target == "-":
            write_text(write_conllu([item]))
        else:
            parsed.append(item)
    if target != "-":
        _write(Path(target), "".join(write_conllu(parsed)))
    for failure in failures:
        note(f"Failed: {failure}")
    if failures:
        raise click.exceptions.Exit(SOME_FAILED)


def _write(path: Path, text: str) -> None:
    temporary = path.with_name(path.name + ".part")
    try:
        temporary.write_text(text, encoding="utf-8")
        os.replace(temporary, path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise QuotesError(
            f"cannot be written ({error.strerror})", source=str(path), remedy="Check the folder and the free space"
        ) from error
