"""What was sent, the outbox and the way to the output, without a store's tables."""

from __future__ import annotations

import hashlib
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from quotes.desk.delivery import deliver, replace
from quotes.desk.outbox import Batch, Outbox
from quotes.desk.sent import SENT, covering, to_sent, unsent
from quotes.errors import OutputError, StoreError, UsageError

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


def row(quote_id: str, start: int, end: int, speaker: str | None = "Ute Rath", **other: Any) -> dict[str, Any]:
    values = {"quote_id": quote_id, "doc_id": "d1", "start": start, "end": end, "speaker": speaker}
    return values | {"speaker_in_article": speaker} | other


def frame(*rows: dict[str, Any]) -> pl.DataFrame:
    schema = {"quote_id": pl.String, "doc_id": pl.String, "start": pl.Int64, "end": pl.Int64}
    return pl.DataFrame(list(rows), schema=schema | {"speaker": pl.String, "speaker_in_article": pl.String})


def new(sent: list[dict[str, Any]], *rows: dict[str, Any]) -> list[str]:
    return unsent(frame(*rows), to_sent(sent, batch=1))["quote_id"].to_list()


def test_what_was_sent_is_not_new() -> None:
    assert new([row("a", 0, 10)], row("a", 0, 10), row("b", 20, 30)) == ["b"]
    assert new([], row("a", 0, 10)) == ["a"]
    assert new([row("a", 0, 10)]) == []


def test_a_span_moved_by_a_word_is_no_news() -> None:
    assert new([row("a", 10, 50)], row("b", 16, 50), row("c", 10, 58)) == []


def test_the_same_place_in_another_article_or_by_another_speaker_is_news() -> None:
    sent = [row("a", 10, 50)]
    assert new(sent, row("b", 12, 50, doc_id="d2"), row("c", 12, 50, "Jan Roth"), row("d", 12, 50, None)) == [
        "b",
        "c",
        "d",
    ]


def test_what_nobody_known_said_is_matched_with_what_nobody_known_said() -> None:
    assert new([row("a", 10, 50, None)], row("b", 12, 50, None)) == []


def test_a_merged_name_does_not_make_news() -> None:
    sent = [row("a", 10, 50, "Rath", speaker_in_article="Rath")]
    assert new(sent, row("b", 12, 50, "Ute Rath", speaker_in_article="Rath")) == []


def test_a_quotation_found_anew_around_a_short_one_is_news() -> None:
    assert new([row("a", 10, 20)], row("b", 10, 80)) == ["b"]


def test_parts_count_together_and_none_counts_twice() -> None:
    sent = [row("a", 0, 30), row("b", 40, 70)]
    assert new(sent, row("c", 0, 100)) == []
    assert new([row("a", 0, 30), row("b", 0, 30)], row("c", 0, 100)) == ["c"]
    assert covering(frame(row("c", 0, 100)), to_sent(sent, batch=1)) == {"c": {"a", "b"}}


def test_neighbours_do_not_overlap() -> None:
    assert new([row("a", 0, 10)], row("b", 10, 20)) == ["b"]


def test_one_quotation_in_two_sources_is_kept_once() -> None:
    assert to_sent([row("a", 0, 10), row("a", 0, 10)], batch=3).to_dicts() == [
        {
            "quote_id": "a",
            "doc_id": "d1",
            "start": 0,
            "end": 10,
            "speaker": "Ute Rath",
            "in_article": "Ute Rath",
            "batch": 3,
        }
    ]
    assert to_sent([], batch=1).schema == pl.Schema(dict(SENT))


def write(path: Path, data: bytes) -> None:
    temporary = path.with_name("temporary")
    temporary.write_bytes(data)
    os.replace(temporary, path)


def make(box: Outbox, data: bytes, *ids: str, output: str | None = None) -> Batch:
    number = box.next_number()
    rows = to_sent([row(quote_id, 0, 10) for quote_id in ids], batch=number)
    return box.make(data, rows, number=number, form="jsonl", output=output, filters={}, items=len(ids), at=NOON)


def bring(box: Outbox, batch: Batch, out: list[bytes] | None = None) -> Path | None:
    return deliver(box, batch, write_file=write, write_out=(out if out is not None else []).append, at=NOON)


def test_a_batch_is_pending_until_it_was_delivered_and_sent_from_the_start(tmp_path: Path) -> None:
    with Outbox(tmp_path) as box:
        batch = make(box, b"x\n", "a", "b")
        assert [b.number for b in box.pending()] == [1]
        assert box.sent()["quote_id"].to_list() == ["a", "b"]
        out: list[bytes] = []
        bring(box, batch, out)
        assert out == [b"x\n"]
        assert box.pending() == []
    with Outbox(tmp_path) as box:
        assert box.sent()["batch"].to_list() == [1, 1]
        assert box.next_number() == 2
        assert box.batch(1).delivered_at == "2026-03-04T12:00:00+00:00"


def test_settling_moves_rows_and_changes_nothing(tmp_path: Path) -> None:
    with Outbox(tmp_path) as box:
        for name in "abc":
            bring(box, make(box, name.encode(), name))
        before = box.sent()
        box.settle()
        assert (box.path / "sent.parquet").exists()
        assert box.sent().equals(before)
        make(box, b"d", "d")
        box.settle()
        assert box.sent()["quote_id"].to_list() == ["a", "b", "c", "d"]
        assert [b.number for b in box.pending()] == [4]


def test_a_lost_table_of_what_was_sent_is_made_again_from_the_batches(tmp_path: Path) -> None:
    with Outbox(tmp_path) as box:
        bring(box, make(box, b"x", "a"))
        bring(box, make(box, b"y", "b"))
        box.settle()
        before = box.sent()
        (box.path / "sent.parquet").unlink()
        assert box.sent().equals(before)
        assert box.next_number() == 3


def test_a_damaged_table_of_what_was_sent_says_how_to_make_it_again(tmp_path: Path) -> None:
    with Outbox(tmp_path) as box:
        bring(box, make(box, b"x", "a"))
        box.settle()
        for damage in (b"", b"PAR1 no", (box.path / "sent.parquet").read_bytes()[:-20]):
            (box.path / "sent.parquet").write_bytes(damage)
            with pytest.raises(StoreError, match=r"sent\.parquet: is damaged.*Delete this file: it is made again"):
                box.sent()
        pl.DataFrame({"batch": ["1"]}).write_parquet(box.path / "sent.parquet")
        with pytest.raises(StoreError, match="Delete this file"):
            box.next_number()


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"number": 1}', b"\xff\xfe", b'{"number": "1"}'])
def test_a_damaged_record_is_named_with_a_remedy(damage: bytes, tmp_path: Path) -> None:
    with Outbox(tmp_path) as box:
        make(box, b"x", "a")
        record = box.path / "batches" / "000001.json"
        record.write_bytes(damage)
        with pytest.raises(StoreError, match=r"000001\.json: is damaged.*move it away"):
            box.pending()
        # The remedy: what did not arrive is sent anew.
        record.unlink()
        assert box.pending() == []
        assert len(box.sent()) == 0
        assert make(box, b"x", "a").number == 1


def test_a_record_with_a_wrong_type_or_number_is_damaged(tmp_path: Path) -> None:
    with Outbox(tmp_path) as box:
        make(box, b"x", "a")
        record = box.path / "batches" / "000001.json"
        good = record.read_text()
        record.write_text(good.replace('"rows": 1', '"rows": "1"'))
        with pytest.raises(StoreError, match="rows is '1'"):
            box.batch(1)
        record.write_text(good.replace('"number": 1', '"number": 2'))
        with pytest.raises(StoreError, match="is that of batch 2"):
            box.batch(1)


def test_damaged_bytes_are_never_sent(tmp_path: Path) -> None:
    with Outbox(tmp_path) as box:
        batch = make(box, b"x", "a")
        file = box.path / "batches" / "000001.gz"
        for damage in (b"", file.read_bytes()[:-3], b"\x1f\x8b no"):
            file.write_bytes(damage)
            with pytest.raises(StoreError, match=r"000001\.gz: is damaged.*move 000001\.json beside it away"):
                bring(box, batch)
        file.unlink()
        with pytest.raises(StoreError, match="is damaged"):
            bring(box, batch)


def test_a_damaged_list_of_rows_is_named(tmp_path: Path) -> None:
    with Outbox(tmp_path) as box:
        make(box, b"x", "a")
        (box.path / "batches" / "000001.parquet").write_bytes(b"no")
        with pytest.raises(StoreError, match=r"000001\.parquet: is damaged.*move all files of batch 1 away"):
            box.sent()


def test_two_runs_at_once_are_refused(tmp_path: Path) -> None:
    second = Outbox(tmp_path)
    with Outbox(tmp_path), pytest.raises(StoreError, match="another run of quotes feed is at work"):
        second.__enter__()
    with Outbox(tmp_path) as box:
        assert box.numbers() == []


def test_an_unknown_batch_is_a_wrong_call(tmp_path: Path) -> None:
    with Outbox(tmp_path) as box:
        with pytest.raises(UsageError, match=r"no batch 7.*Nothing was sent yet"):
            box.batch(7)
        make(box, b"x", "a")
        with pytest.raises(UsageError, match="batches 1 to 1"):
            box.batch(7)


def test_what_stands_in_the_output_already_is_only_marked(tmp_path: Path) -> None:
    out = tmp_path / "claims.jsonl"
    with Outbox(tmp_path / "s") as box:
        batch = make(box, b"x\n", "a", output=str(out))
        out.write_bytes(b"x\n")

        def refuse(path: Path, data: bytes) -> None:
            raise AssertionError(path)

        deliver(box, batch, write_file=refuse, write_out=lambda _: None, at=NOON)
        assert box.pending() == []
    assert sorted(os.listdir(tmp_path)) == ["claims.jsonl", "s"]


def test_an_earlier_batch_that_lies_there_is_put_aside(tmp_path: Path) -> None:
    out = tmp_path / "claims.jsonl"
    with Outbox(tmp_path / "s") as box:
        assert bring(box, make(box, b"one\n", "a", output=str(out))) is None
        assert bring(box, make(box, b"two\n", "b", output=str(out))) == tmp_path / "claims.1.jsonl"
        out.write_bytes(b"")
        assert bring(box, make(box, b"three\n", "c", output=str(out))) is None
        out.unlink()
        assert bring(box, make(box, b"four\n", "d", output=str(out))) is None
    assert (tmp_path / "claims.1.jsonl").read_bytes() == b"one\n"
    assert out.read_bytes() == b"four\n"
    assert sorted(p.name for p in tmp_path.glob("claims*")) == ["claims.1.jsonl", "claims.jsonl"]


def test_nothing_that_was_put_aside_is_written_over(tmp_path: Path) -> None:
    out = tmp_path / "claims.jsonl"
    out.write_bytes(b"mine")
    (tmp_path / "claims.0.jsonl").write_bytes(b"other")
    (tmp_path / "claims.0-2.jsonl").mkdir()
    assert replace(out, b"new", before=0, write=write) == tmp_path / "claims.0-3.jsonl"
    assert (tmp_path / "claims.0.jsonl").read_bytes() == b"other"
    assert (tmp_path / "claims.0-3.jsonl").read_bytes() == b"mine"


def test_a_copy_is_made_where_there_are_no_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr("os.link", none)
    out = tmp_path / "claims.jsonl"
    out.write_bytes(b"mine")
    assert replace(out, b"new", before=2, write=write) == tmp_path / "claims.2.jsonl"
    assert (tmp_path / "claims.2.jsonl").read_bytes() == b"mine"
    assert sorted(os.listdir(tmp_path)) == ["claims.2.jsonl", "claims.jsonl"]


def test_where_nothing_can_be_put_aside_nothing_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.link", none)
    monkeypatch.setattr("shutil.copyfile", none)
    out = tmp_path / "claims.jsonl"
    out.write_bytes(b"mine")
    with pytest.raises(OutputError, match=r"cannot be put aside as claims\.2\.jsonl"):
        replace(out, b"new", before=2, write=write)
    assert out.read_bytes() == b"mine"


def test_a_copy_of_the_store_delivers_nothing_by_itself(tmp_path: Path) -> None:
    with Outbox(tmp_path / "s") as box:
        make(box, b"x", "a", output=str(tmp_path / "claims.jsonl"))
    os.rename(tmp_path / "s", tmp_path / "copy")
    with Outbox(tmp_path / "copy") as box, pytest.raises(StoreError, match="--again 1 -o FILE"):
        bring(box, box.pending()[0])
    assert not (tmp_path / "claims.jsonl").exists()


def test_a_full_disk_leaves_no_half_of_a_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Outbox(tmp_path) as box:

        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as context:
            context.setattr("os.fsync", full)
            with pytest.raises(StoreError, match="Free some space"):
                make(box, b"x", "a")
        assert box.numbers() == []
        assert list((box.path / "batches").iterdir()) == []


def test_a_record_says_what_was_sent_where(tmp_path: Path) -> None:
    with Outbox(tmp_path) as box:
        make(box, "Ä\n".encode(), "a", "b", output="/x/claims.jsonl")
        batch = box.batch(1)
    assert (batch.form, batch.output, batch.length, batch.items, batch.rows) == ("jsonl", "/x/claims.jsonl", 3, 2, 2)
    assert batch.sha256 == hashlib.sha256(b"\xc3\x84\n").hexdigest()
    assert batch.made_at == "2026-03-04T12:00:00+00:00"
