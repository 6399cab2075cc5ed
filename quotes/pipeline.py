"""A stream of documents to rows in a store: batches, resumption, the ledger of what failed."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from quotes.batches import in_batches
from quotes.errors import DocumentError, ModelError, QuotesError, StoreError
from quotes.model import Document, ParsedDocument, Quotation
from quotes.schema import Provenance, Row, document_row, failure_row, to_row
from quotes.sources import Failure
from quotes.store import StoreWriter

# Characters parsed together, about 6,000 words: more brings no more speed, and memory stays under 2 GB.
BATCH_CHARACTERS = 40_000
# Seconds of work an interruption may cost at most (beside the batch in hand).
COMMIT_SECONDS = 20.0
COMMIT_DOCUMENTS = 500


class Parser(Protocol):
    """What the pipeline needs of a parser; :class:`quotes.parse.StanzaParser` is one."""

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


@dataclass(slots=True)
class Summary:
    """What a run did.

    ``seconds`` count all of it, ``loading`` those until the models were there; ``keys`` are ``(doc_id, source)`` of its
    documents, those stored before included.
    """

    documents: int = 0
    new: int = 0
    unchanged: int = 0
    tokens: int = 0
    seconds: float = 0.0
    loading: float = 0.0
    quotations: Counter[str] = field(default_factory=Counter)
    failures: list[Failure] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    keys: set[tuple[str, str]] = field(default_factory=set)

    @property
    def failed(self) -> int:
        return len(self.failures)

    @property
    def tokens_per_second(self) -> float:
        """Tokens parsed and searched in a second, without the loading of the models."""
        return self.tokens / max(self.seconds - self.loading, 1e-6)


@dataclass(slots=True)
class _Pending:
    documents: list[dict[str, Any]] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    since: float = field(default_factory=time.monotonic)


def run(
    items: Iterable[Document | Failure],
    *,
    parser: Parser,
    extract: Extract,
    store: StoreWriter,
    extractor_version: str,
    lexicon_hash: str,
    on_progress: Callable[[Summary], None] | None = None,
) -> Summary:
    """Extract documents into a store; what is stored already with the same provenance is passed over.

    A document on which anything goes wrong is a failure in the ledger and costs no other. What was extracted is
    committed every few seconds, and also when the run is interrupted.

    Raises:
        ModelError: the parser's models cannot be used.
        StoreError: the store cannot be written.
    """
    provenance = Provenance(extractor_version, parser.name, lexicon_hash)
    summary = Summary()
    pending = _Pending()
    started = time.monotonic()

    def fail(failure: Failure, document: Document | None = None) -> None:
        summary.failures.append(failure)
        if store.holds_failure(failure.source, failure.message, provenance):
            return
        message, remedy = failure.message, failure.remedy
        pending.documents.append(
            failure_row(failure.source, message, remedy, provenance)
            if document is None
            else document_row(document, provenance, error=message, remedy=remedy)
        )

    def commit() -> None:
        store.commit(pending.documents, pending.rows)
        pending.documents, pending.rows, pending.since = [], [], time.monotonic()

    def report() -> None:
        summary.seconds = time.monotonic() - started
        if on_progress is not None:
            on_progress(summary)

    try:
        for batch in in_batches(_fresh(items, store, provenance, summary, fail, report), _characters, BATCH_CHARACTERS):
            before = time.monotonic()
            parser.load()
            summary.loading += time.monotonic() - before
            for document, outcome in _parsed(parser, batch):
                if isinstance(outcome, Failure):
                    fail(outcome, document)
                    continue
                try:
                    rows = _rows(outcome, extract, extractor_version, lexicon_hash)
                except Exception as error:
                    fail(_failure(document, "extracted", error), document)
                    continue
                pending.documents.append(document_row(document, provenance, notes=outcome.notes))
                pending.rows += rows
                summary.new += 1
                summary.keys.add((document.doc_id, document.source))
                summary.tokens += sum(len(sentence.tokens) for sentence in outcome.sentences)
                summary.quotations.update(row.kind for row in rows)
                summary.notes += [(document.source, note) for note in outcome.notes]
            waited = time.monotonic() - pending.since
            if waited > COMMIT_SECONDS or len(pending.documents) >= COMMIT_DOCUMENTS:
                commit()
            report()
        commit()
    except StoreError:
        raise
    except BaseException:
        # An interruption, or models that fail half-way: what was extracted is worth keeping.
        commit()
        raise
    report()
    return summary


def parse_all(items: Iterable[Document | Failure], parser: Parser) -> Iterator[ParsedDocument | Failure]:
    """Parse a stream of documents in batches; failures, those read and those new, come out among them.

    Raises:
        ModelError: the parser's models cannot be used.
    """
    failures: list[Failure] = []

    def readable() -> Iterator[Document]:
        for item in items:
            if isinstance(item, Failure):
                failures.append(item)
            else:
                yield item

    for batch in in_batches(readable(), _characters, BATCH_CHARACTERS):
        yield from (outcome for _, outcome in _parsed(parser, batch))
    yield from failures


def _fresh(
    items: Iterable[Document | Failure],
    store: StoreWriter,
    provenance: Provenance,
    summary: Summary,
    fail: Callable[[Failure], None],
    report: Callable[[], None],
) -> Iterator[Document]:
    """The documents that must be extracted; the others are counted here."""
    seen: set[tuple[str, str]] = set()
    for item in items:
        summary.documents += 1
        if isinstance(item, Failure):
            fail(item)
        elif (item.doc_id, item.source) in seen:
            summary.unchanged += 1
        elif store.holds(item, provenance):
            summary.unchanged += 1
            summary.keys.add((item.doc_id, item.source))
        else:
            seen.add((item.doc_id, item.source))
            yield item
            continue
        report()


def _characters(document: Document) -> int:
    return len(document.text)


def _parsed(parser: Parser, batch: list[Document]) -> Iterator[tuple[Document, ParsedDocument | Failure]]:
    """Parse a batch together; where that fails, one by one, so that only the document at fault is lost."""
    try:
        together = parser.parse(batch)
    except ModelError:
        raise
    except Exception as error:
        if len(batch) == 1:
            yield batch[0], _failure(batch[0], "parsed", error)
            return
    else:
        yield from zip(batch, together, strict=True)
        return
    for document in batch:
        yield from _parsed(parser, [document])


def _rows(parsed: ParsedDocument, extract: Extract, extractor_version: str, lexicon_hash: str) -> list[Row]:
    rows: dict[str, Row] = {}
    for quotation in extract(parsed):
        row = to_row(quotation, parsed, extractor_version=extractor_version, lexicon_hash=lexicon_hash)
        rows.setdefault(row.quote_id, row)
    return list(rows.values())


def _failure(document: Document, what: str, error: Exception) -> Failure:
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
