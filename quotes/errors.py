"""The errors of this package: each says what is wrong with which document, and what to do about it."""

from __future__ import annotations

from functools import partial
from typing import Any


class QuotesError(Exception):
    """Base of all errors raised on purpose.

    ``message`` says what is wrong, ``remedy`` what the reader can do, ``source`` names the document
    (path, URL or ``FILE#ID``) where there is one.
    """

    exit_code = 1

    def __init__(self, message: str, *, remedy: str = "", source: str = "") -> None:
        self.message = message
        self.remedy = remedy
        self.source = source
        super().__init__(str(self))

    def __reduce__(self) -> tuple[Any, ...]:
        """What is left of it in another process: all of it."""
        return partial(type(self), remedy=self.remedy, source=self.source), (self.message,)

    def __str__(self) -> str:
        head = f"{self.source}: {self.message}" if self.source else self.message
        return f"{head}. {self.remedy}" if self.remedy else head


class UsageError(QuotesError):
    """The call itself is wrong: a missing path, an unknown option value."""

    exit_code = 2


class DocumentError(QuotesError):
    """One document cannot be read or parsed; the others go on."""


class ModelError(QuotesError):
    """The parser's models are missing, damaged or cannot be downloaded."""


class StoreError(QuotesError):
    """The store cannot be read or written."""


class OutputError(QuotesError):
    """A file that was asked for cannot be written."""


class DataError(QuotesError):
    """A data file of the package or of the user has a line that cannot be understood."""
