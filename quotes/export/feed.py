"""The desk's feed: the claims of a query, the most check-worthy first, in a form that others read.

With state (:func:`send_new`) each quotation is sent once. A claim below the least score, or beyond the most claims of a
run, is not sent and not noted down: it is weighed anew in every run, and is sent as soon as its score suffices, be it
that the least score was lowered or that more outlets print it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from quotes.desk.claims import Choice, Claim, Group, Key, build_claims, each_alone, to_record
from quotes.desk.delivery import WriteFile, WriteOut, deliver
from quotes.desk.delivery import replace as replace_file
from quotes.desk.outbox import Batch, Outbox
from quotes.desk.sent import to_sent, unsent
from quotes.desk.verdicts import read_verdicts
from quotes.export.annotation import to_annotations
from quotes.export.atom import to_atom
from quotes.export.iris import digest_iri
from quotes.export.json_text import to_json
from quotes.export.jsonld import to_jsonld
from quotes.schema import quotation_schema
from quotes.statements.agreement import bucket

if TYPE_CHECKING:
    from quotes.search import Archive, Filters

FORMS = ("jsonl", "atom", "jsonld", "annotations")
ENDINGS = {".jsonl": "jsonl", ".atom": "atom", ".xml": "atom", ".jsonld": "jsonld", ".json": "annotations"}
# Columns that neither scoring nor grouping needs; rows are read without them until the claims are chosen.
_HEAVY = frozenset({"prefix", "suffix", "cue_spans", "frame_spans", "addressee_spans", "via_spans", "speaker_spans"})
# An answer without claims that follows no batch bears this time, so that it is the same in every run.
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is asked of the feed.

    Attributes:
        form: one of :data:`FORMS`.
        min_score: the least score, in [0, 1].
        top: the most claims; ``None``: all.
        version: of this package.
        now: with a zone.
    """

    form: str
    min_score: float
    top: int | None
    version: str
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a run did.

    Attributes:
        repeated: batches of earlier runs that were delivered, or found delivered, first.
        batch: the new batch, ``None`` where nothing was new.
        choice: its claims, and how many were left.
        aside: where files were put that still held something.
    """

    repeated: tuple[Batch, ...]
    batch: Batch | None
    choice: Choice
    aside: tuple[Path, ...]


def ask(archive: Archive, filters: Filters, order: Order, *, group: Group = each_alone) -> tuple[bytes, Choice]:
    """The claims of a query as bytes, without any state.

    Raises:
        UsageError: a filter makes no sense.
        StoreError: the store cannot be read.
    """
    rows = [row for frame in archive.batches(filters) for row in _light(frame)]
    choice = build_claims(rows, group=group, min_score=order.min_score, top=order.top)
    return _render(archive, filters, choice.claims, order, batch=None), choice


def send_new(
    archive: Archive,
    filters: Filters,
    order: Order,
    *,
    output: Path | None,
    write_file: WriteFile,
    write_out: WriteOut,
    group: Group = each_alone,
) -> Report:
    """Send what was not sent before; first whatever an earlier run wrote down and did not bring to its end.

    Args:
        archive: the store.
        filters: what is asked for. What was sent counts as sent for all queries.
        order: form, least score, most claims, time.
        output: the file; ``None`` is standard output.
        write_file: writes a whole file or nothing.
        write_out: writes to standard output and flushes.
        group: finds the rows of one statement.

    Raises:
        UsageError: a filter makes no sense.
        StoreError: the store or its outbox cannot be read or written, or another run is at work.
        OutputError: the output cannot be written; the batch is kept and delivered by the next run.
    """
    target = None if output is None else os.path.realpath(output)
    aside: list[Path | None] = []

    with Outbox(archive.path) as box:

        def empty(before: int) -> bytes:
            # It bears the time of the last batch that went there, so that it is the same until the next one.
            at = datetime.fromisoformat(box.batch(before).made_at) if before else _EPOCH
            return _render(archive, filters, (), replace(order, now=at), batch=None)

        def bring(batch: Batch) -> None:
            before = box.last_to(batch.output, below=batch.number) if batch.output else 0
            known = empty(before) if batch.output else b""
            at = order.now
            aside.append(deliver(box, batch, write_file=write_file, write_out=write_out, at=at, empty=known))

        repeated = box.pending()
        for batch in repeated:
            bring(batch)
        box.settle()
        choice = _new(archive, filters, box.sent(), order, group)
        made = None
        if choice.claims:
            number = box.next_number()
            new = (row for claim in choice.claims for row in claim.rows if row["quote_id"] in claim.new)
            made = box.make(
                _render(archive, filters, choice.claims, order, batch=number),
                to_sent(new, batch=number),
                number=number,
                form=order.form,
                output=target,
                filters=_told(filters),
                items=len(choice.claims),
                at=order.now,
            )
            bring(made)
            box.settle()
        elif target is not None:
            before = box.last_to(target)
            nothing = empty(before)
            aside.append(replace_file(Path(target), nothing, before=before, write=write_file, empty=nothing))
    return Report(repeated=tuple(repeated), batch=made, choice=choice, aside=tuple(filter(None, aside)))


def repeat(
    store: Path, number: int, *, output: Path | None, write_file: WriteFile, write_out: WriteOut, now: datetime
) -> tuple[Batch, Path | None]:
    """Bring a batch once more, byte for byte: the batch, and where what lay there was put.

    Raises:
        UsageError: there is no such batch.
        StoreError: it is damaged, or another run is at work.
        OutputError: the output cannot be written.
    """
    with Outbox(store) as box:
        batch = box.batch(number)
        data = box.data(batch)
        aside = None
        if output is None:
            write_out(data)
        else:
            target = os.path.realpath(output)
            aside = replace_file(Path(target), data, before=box.last_to(target), write=write_file)
        if not batch.delivered_at:
            box.mark_delivered(batch, at=now)
            box.settle()
    return batch, aside


def _light(frame: pl.DataFrame, kin: set[str] | None = None) -> list[Row]:
    """Rows as grouping and scoring need them; only those of certain speakers where ``kin`` is given."""
    if kin is not None:
        speakers = [speaker for speaker in frame["speaker"].unique() if bucket(speaker) in kin]
        wanted = pl.DataFrame({"speaker": speakers}, schema={"speaker": pl.String})
        frame = frame.join(wanted, on="speaker", how="semi", nulls_equal=True, maintain_order="left")
    return list(frame.select(name for name in quotation_schema() if name not in _HEAVY).iter_rows(named=True))


def _new(archive: Archive, filters: Filters, sent: pl.DataFrame, order: Order, group: Group) -> Choice:
    """The claims with rows that were not sent; rows that were, also for other queries, are among their appearances.

    The store is read twice: for what is new, then for all that speakers of something new said. Others are never held as
    rows, so that the time of a run follows what is new.
    """
    new: set[str] = set()
    known: set[str] = set()
    kin: set[str] = set()
    for frame in archive.batches(filters):
        fresh = unsent(frame, sent)
        new.update(fresh["quote_id"])
        kin.update(bucket(speaker) for speaker in fresh["speaker"].unique())
        known.update(frame["quote_id"])
    if not new:
        return Choice((), below=0, beyond=0)
    rows = [row for frame in archive.batches(filters) for row in _light(frame, kin)]
    # What was committed between the two readings is for the next run.
    rows = [row for row in rows if row["quote_id"] in known]
    if filters and len(sent):
        ids = sent.select("quote_id").lazy()
        before = archive.collect(lambda s: s.quotations().join(ids, on="quote_id", how="semi"))
        rows += [row for row in _light(before, kin) if row["quote_id"] not in known]
    return build_claims(rows, group=group, new=new, min_score=order.min_score, top=order.top)


def _render(archive: Archive, filters: Filters, claims: Sequence[Claim], order: Order, *, batch: int | None) -> bytes:
    full, documents = _read(archive, claims)
    complete = [
        replace(claim, row=full[_place(claim.row)], rows=tuple(full[_place(row)] for row in claim.rows))
        for claim in claims
    ]
    verdicts = read_verdicts(archive.path)
    if order.form == "jsonl":
        return b"".join(to_json(to_record(claim, documents, verdicts, batch=batch)) + b"\n" for claim in complete)
    if order.form == "atom":
        # One feed for each query of a store: its name must not change with the run.
        feed_id = digest_iri("feed", os.path.realpath(archive.path), *map("=".join, sorted(_told(filters).items())))
        title, now, version = _title(filters), order.now, order.version
        return to_atom(complete, documents, verdicts, feed_id=feed_id, title=title, now=now, version=version)
    if order.form == "jsonld":
        return to_jsonld(complete, documents, verdicts)
    return to_annotations(complete, documents, now=order.now, version=order.version)


def _place(row: Row) -> tuple[str, str, str]:
    return row["quote_id"], row["doc_id"], row["source"]


def _read(archive: Archive, claims: Sequence[Claim]) -> tuple[dict[tuple[str, str, str], Row], dict[Key, Row]]:
    """The rows of the claims with all columns, and their articles."""
    places = [_place(row) for claim in claims for row in claim.rows]
    if not places:
        return {}, {}
    wanted = pl.LazyFrame(
        places, schema=dict.fromkeys(("quote_id", "doc_id", "source"), pl.String), orient="row"
    ).unique()
    rows = archive.collect(lambda s: s.quotations().join(wanted, on=["quote_id", "doc_id", "source"], how="semi"))
    keys = wanted.select("doc_id", "source").unique()
    documents = archive.collect(
        lambda s: (
            s.documents()
            .filter(pl.col("error").is_null())
            .join(keys, on=["doc_id", "source"], how="semi")
            .select("doc_id", "source", "url", "text")
        )
    )
    return (
        {_place(row): row for row in rows.iter_rows(named=True)},
        {(row["doc_id"], row["source"]): row for row in documents.iter_rows(named=True)},
    )


def _told(filters: Filters) -> dict[str, str]:
    return {name: str(value) for name, value in asdict(filters).items() if value is not None}


def _title(filters: Filters) -> str:
    asked = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in _told(filters).items())
    return f"Claims to check: {asked}" if asked else "Claims to check"
