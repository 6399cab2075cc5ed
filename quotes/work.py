"""What is done with a batch of documents: they are parsed, their quotations found and put into rows."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from quotes.errors import DocumentError, ModelError, QuotesError
from quotes.model import Document, ParsedDocument, Quotation
from quotes.schema import Row, to_row
from quotes.sources import Failure

Batch = list[Document]


class Parser(Protocol):
    """What the work needs of a parser; :class:`quotes.parse.StanzaParser` is one."""

    @property
    def name(self) -> str:
        """What the column ``model`` holds."""
        ...

    def load(self) -> None:
        """Load the models now; called before each batch, so a second call must cost nothing."""
        ...

    def parse(self, documents: Sequence[Document]) -> list[ParsedDocument]:
        """Parse documents together, in their order."""
        ...


Extract = Callable[[ParsedDocument], Sequence[Quotation]]


@dataclass(frozen=True, slots=True)
class Extracted:
    """What was found in a document: rows, the number of its tokens, and what its reader should know."""

    rows: tuple[Row, ...]
    tokens: int
    notes: tuple[str, ...]


Outcome = Extracted | Failure


@dataclass(frozen=True, slots=True)
class Work:
    """All that turns documents into rows. It can be sent to another process if parser and ``extract`` can."""

    parser: Parser
    extract: Extract
    extractor_version: str
    lexicon_hash: str

    def __call__(self, batch: Batch) -> list[Outcome]:
        """What came of each document of a batch; one that fails costs no other.

        Raises:
            ModelError: the parser's models cannot be used.
        """
        return [
            outcome if isinstance(outcome, Failure) else self._extracted(document, outcome)
            for document, outcome in parsed_one_by_one(self.parser, batch)
        ]

    def _extracted(self, document: Document, parsed: ParsedDocument) -> Outcome:
        try:
            rows: dict[str, Row] = {}
            for quotation in self.extract(parsed):
                row = to_row(
                    quotation, parsed, extractor_version=self.extractor_version, lexicon_hash=self.lexicon_hash
                )
                rows.setdefault(row.quote_id, row)
        except Exception as error:
            return failure_of(document, "extracted", error)
        tokens = sum(len(sentence.tokens) for sentence in parsed.sentences)
        return Extracted(tuple(rows.values()), tokens, parsed.notes)


class Here:
    """The work done in this process, one batch after the other. ``loading``: seconds that the models took."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self.loading = 0.0

    def results(self, batches: Iterable[Batch]) -> Generator[tuple[Batch, list[Outcome]], None, None]:
        """Each batch with what came of its documents.

        Raises:
            ModelError: the parser's models cannot be used.
        """
        for batch in batches:
            before = time.monotonic()
            self._work.parser.load()
            self.loading += time.monotonic() - before
            yield batch, self._work(batch)


def parsed_one_by_one(parser: Parser, batch: Batch) -> Iterator[tuple[Document, ParsedDocument | Failure]]:
    """Parse a batch together; where that fails, one by one, so that only the document at fault is lost.

    Raises:
        ModelError: the parser's models cannot be used.
    """
    try:
        together = parser.parse(batch)
    except ModelError:
        raise
    except Exception as error:
        if len(batch) == 1:
            yield batch[0], failure_of(batch[0], "parsed", error)
            return
    else:
        yield from zip(batch, together, strict=True)
        return
    for document in batch:
        yield from parsed_one_by_one(parser, [document])


def failure_of(document: Document, what: str, error: Exception) -> Failure:
    """The failure of a document that could not be parsed or extracted."""
    if isinstance(error, DocumentError):
        return Failure.of(error, document.source)
    if isinstance(error, QuotesError):
        return Failure(document.source, error.message, error.remedy)
    reason = " ".join(str(error).split())[:200]
    return Failure(
        document.source,
        f"could not be {what} ({type(error).__name__}{': ' + reason if reason else ''})",
        "Leave it out, or report it with its text",
    )
