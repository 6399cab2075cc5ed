"""A stream of documents to rows in a store: batches, resumption, the ledger of what failed."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from quotes.batches import in_batches
from quotes.errors import StoreError
from quotes.model import Document, ParsedDocument
from quotes.schema import Provenance, Row, document_row, failure_row
from quotes.sources import Failure
from quotes.store import StoreWriter
from quotes.work import Extract, Here, Parser, Work, parsed_one_by_one
from quotes.workers import Processes

# Characters parsed together, about 6,000 words: more brings no more speed, and memory stays under 2 GB.
BATCH_CHARACTERS = 40_000
# The same where several processes work: less, so that none has much left to do when the others have done.
SPREAD_CHARACTERS = 20_000
# Seconds of work an interruption may cost at most (beside the batch in hand).
COMMIT_SECONDS = 20.0
COMMIT_DOCUMENTS = 500


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
    jobs: int = 1,
    on_progress: Callable[[Summary], None] | None = None,
) -> Summary:
    """Extract documents into a store; what is stored already with the same provenance is passed over.

    A document on which anything goes wrong is a failure in the ledger and costs no other. What was extracted is
    committed every few seconds, and also when the run is interrupted.

    ``jobs``: the number of processes that a long run is spread over; the parser and ``extract`` must then be such as
    can be pickled, and a script must begin its work under ``if __name__ == "__main__"``. A parser in a process of its
    own remembers only the sentences that it has parsed itself.

    Raises:
        ModelError: the parser's models cannot be used.
        StoreError: the store cannot be written.
    """
    provenance = Provenance(extractor_version, parser.name, lexicon_hash)
    summary = Summary()
    pending = _Pending()
    work = Work(parser, extract, extractor_version, lexicon_hash)
    worker = Here(work) if jobs <= 1 else Processes(work, jobs)
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
        size = BATCH_CHARACTERS if jobs <= 1 else SPREAD_CHARACTERS
        batches = in_batches(_fresh(items, store, provenance, summary, fail, report), _characters, size)
        with closing(worker.results(batches)) as results:
            for batch, outcomes in results:
                summary.loading = worker.loading
                for document, outcome in zip(batch, outcomes, strict=True):
                    if isinstance(outcome, Failure):
                        fail(outcome, document)
                        continue
                    pending.documents.append(document_row(document, provenance, notes=outcome.notes))
                    pending.rows += outcome.rows
                    summary.new += 1
                    summary.keys.add((document.doc_id, document.source))
                    summary.tokens += outcome.tokens
                    summary.quotations.update(row.kind for row in outcome.rows)
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
        yield from (outcome for _, outcome in parsed_one_by_one(parser, batch))
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
