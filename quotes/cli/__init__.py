"""The command line: parse, call, print, exit code.

Exit codes: 0 done; 1 failed; 2 wrong usage; 3 finished, but some documents failed; 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from quotes import __version__
from quotes.cli.explain import explain
from quotes.cli.extract import extract
from quotes.cli.feed import feed
from quotes.cli.options import CONTEXT
from quotes.cli.output import note
from quotes.cli.parse import parse
from quotes.cli.sheet import sheet
from quotes.cli.show import show
from quotes.cli.speakers import speakers
from quotes.cli.statements import statements
from quotes.cli.who import who
from quotes.errors import QuotesError

INTERRUPTED = 130


@click.group(
    context_settings=CONTEXT,
    epilog="Example: quotes extract seeds --store store",
)
@click.version_option(__version__, "--version", prog_name="quotes")
def cli() -> None:
    """Who said what in German news articles."""


for _command in (extract, who, statements, sheet, feed, show, explain, speakers, parse):
    cli.add_command(_command)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code; errors are one line on standard error."""
    try:
        code = cli.main(args=None if arguments is None else list(arguments), prog_name="quotes", standalone_mode=False)
    except (click.Abort, KeyboardInterrupt):
        note("Interrupted. What was committed to the store is kept; run the same command again to go on")
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except QuotesError as error:
        note(f"Error: {error}")
        return error.exit_code
    except Exception as error:
        if os.environ.get("QUOTES_DEBUG"):
            raise
        reason = " ".join(str(error).split())[:300]
        note(f"Error: {type(error).__name__}: {reason}. Set QUOTES_DEBUG=1 to see where it happened")
        return 1
    return code if isinstance(code, int) else 0


def run() -> None:
    """The console script."""
    sys.exit(main())
