"""The store: atomic commits, nothing twice, bad days."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import polars as pl
import pytest
from fake_parser import FakeParser, fake_extract
from polars.exceptions import ComputeError

from quotes.errors import StoreError
from quotes.schema import Provenance, document_row, failure_row, to_row
from quotes.store import StoreWriter, open_store, read_manifest, reading
from quotes.store import writing as room
from quotes.text import make_document

NOW = Provenance("1", "m", "l")
NEXT = Provenance("2", "m", "l")


def put(path: Path, text: str, source: str, provenance: Provenance = NOW) -> None:
    document = make_document(text, source=source)
    parsed = FakeParser(name=provenance.model).parse([document])[0]
    rows = [
        to_row(q, parsed, extractor_version=provenance.extractor_version, lexicon_hash=provenance.lexicon_hash)
        for q in fake_extract(parsed)
    ]
    with StoreWriter(path) as writer:
        if not writer.holds(document, provenance):
            writer.commit([document_row(document, provenance)], rows)


def texts(path: Path) -> list[tuple[str, str, str]]:
    rows = open_store(path).quotations().sort("source", "start").collect()
    return list(rows.select("source", "text", "extractor_version").iter_rows())


def fingerprint(path: Path) -> dict[str, str]:
    return {
        str(file.relative_to(path)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in path.rglob("*")
        if file.is_file()
    }


def test_rows_come_back_as_they_went_in(tmp_path: Path) -> None:
    put(tmp_path / "s", "„Ja“, sagte Anna. „Nein“.", "a.txt")
    store = open_store(tmp_path / "s")
    rows = store.quotations().sort("start").collect()
    assert rows["text"].to_list() == ["Ja", "Nein"]
    assert rows["speaker"].to_list() == ["Anna", None]
    assert rows["via"].to_list() == [["dpa"], ["dpa"]]
    assert rows["quote_spans"].to_list()[0] == [{"start": 1, "end": 3}]
    document = store.documents().collect().row(0, named=True)
    assert document["text"][rows["start"][0] : rows["end"][0]] == "Ja"


def test_other_readers_find_plain_parquet_folders(tmp_path: Path) -> None:
    for number in range(3):
        put(tmp_path / "s", f"„Nummer {number}“.", f"{number}.txt")
    put(tmp_path / "s", "„Nummer 1“.", "1.txt", NEXT)
    assert len(pl.scan_parquet(tmp_path / "s" / "quotations").collect()) == 3
    assert len(pl.scan_parquet(tmp_path / "s" / "documents").collect()) == 3


def test_the_same_again_changes_no_byte(tmp_path: Path) -> None:
    put(tmp_path / "s", "„Ja“.", "a.txt")
    before = fingerprint(tmp_path / "s")
    put(tmp_path / "s", "„Ja“.", "a.txt")
    assert fingerprint(tmp_path / "s") == before


def test_a_new_extractor_replaces_the_rows_of_the_document_alone(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        put(tmp_path / "s", f"„Aus {name}“.", name)
    put(tmp_path / "s", "„Aus b.txt“.", "b.txt", NEXT)
    assert texts(tmp_path / "s") == [
        ("a.txt", "Aus a.txt", "1"),
        ("b.txt", "Aus b.txt", "2"),
        ("c.txt", "Aus c.txt", "1"),
    ]


def test_one_text_from_two_sources_is_stored_for_both(tmp_path: Path) -> None:
    put(tmp_path / "s", "„Ja“.", "a.txt")
    put(tmp_path / "s", "„Ja“.", "b.txt")
    assert [source for source, *_ in texts(tmp_path / "s")] == ["a.txt", "b.txt"]


@pytest.mark.parametrize("at_once", [1, 2, 100])
def test_rows_of_documents_come_in_order_however_few_are_read_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(reading, "DOCUMENTS_AT_ONCE", at_once)
    for source, text in (
        ("b", "„Drei“ „Vier“"),
        ("ä", "„Fünf“"),
        ("a", "„Eins“ „Zwei“"),
        ("b", "„Null“"),
        ("c", "„X“"),
    ):
        put(tmp_path, text, source)
    documents = open_store(tmp_path).documents().filter(pl.col("source") != "c").collect()
    keys = set(zip(documents["doc_id"], documents["source"], strict=True))
    found = [(r["source"], r["doc_id"], r["start"]) for r in open_store(tmp_path).quotation_rows(keys)]
    assert found == sorted(found)
    assert [source for source, _, _ in found] == ["a", "a", "b", "b", "b", "ä"]


def test_small_commits_share_shards_and_large_ones_are_split(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "SHARD_DOCUMENTS", 4)
    for number in range(10):
        put(tmp_path / "s", f"„Nummer {number}“.", f"{number}.txt")
    shards = json.loads((tmp_path / "s" / "manifest.json").read_text())["shards"]
    assert len(shards) == 3
    assert [text for _, text, _ in texts(tmp_path / "s")] == [f"Nummer {n}" for n in range(10)]
    put(tmp_path / "s", "„Nummer 5“.", "5.txt", NEXT)
    assert [version for *_, version in texts(tmp_path / "s")] == ["1"] * 5 + ["2"] + ["1"] * 4


def test_a_failure_is_recorded_once_and_goes_when_the_document_succeeds(tmp_path: Path) -> None:
    with StoreWriter(tmp_path / "s") as writer:
        writer.commit([failure_row("a.txt", "is empty", "fill it", NOW)], [])
        assert writer.holds_failure("a.txt", "is empty", NOW)
        assert not writer.holds_failure("a.txt", "is binary", NOW)
    with StoreWriter(tmp_path / "s") as writer:
        assert writer.holds_failure("a.txt", "is empty", NOW)
        writer.commit([failure_row("a.txt", "is binary", "", NOW)], [])
    assert open_store(tmp_path / "s").documents().collect()["error"].to_list() == ["is binary"]
    put(tmp_path / "s", "„Ja“.", "a.txt")
    assert open_store(tmp_path / "s").documents().collect()["error"].to_list() == [None]


def test_a_failure_does_not_take_what_was_stored(tmp_path: Path) -> None:
    put(tmp_path / "s", "„Ja“.", "a.txt")
    with StoreWriter(tmp_path / "s") as writer:
        writer.commit([failure_row("a.txt", "cannot be read", "", NOW)], [])
    assert [text for _, text, _ in texts(tmp_path / "s")] == ["Ja"]
    put(tmp_path / "s", "„Ja“.", "a.txt")
    assert open_store(tmp_path / "s").documents().collect()["error"].to_list() == [None]


@pytest.mark.parametrize(
    "error",
    [ComputeError("No space left on device (os error 28)"), OSError(28, "No space left on device")],
)
def test_a_full_disk_leaves_the_store_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    put(tmp_path / "s", "„Ja“.", "a.txt")
    before = fingerprint(tmp_path / "s")

    def full(*_: object, **__: object) -> None:
        raise error

    with monkeypatch.context() as patch:
        if isinstance(error, OSError):
            patch.setattr(os, "fsync", full)
        else:
            patch.setattr(pl.DataFrame, "write_parquet", full)
        with pytest.raises(StoreError, match="Free some space"):
            put(tmp_path / "s", "„Nein“.", "b.txt")
    assert fingerprint(tmp_path / "s") == before
    put(tmp_path / "s", "„Nein“.", "b.txt")
    assert [text for _, text, _ in texts(tmp_path / "s")] == ["Ja", "Nein"]


@pytest.mark.parametrize("step", range(3))
def test_killed_at_any_rename_the_old_state_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    put(tmp_path / "s", "„Ja“.", "a.txt")
    real, calls = os.replace, 0

    def killed(source: Path, target: Path) -> None:
        nonlocal calls
        if calls == step:
            raise SystemExit(137)
        calls += 1
        real(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", killed)
        with pytest.raises(SystemExit):
            put(tmp_path / "s", "„Nein“.", "b.txt")
    assert [text for _, text, _ in texts(tmp_path / "s")] == ["Ja"]
    put(tmp_path / "s", "„Nein“.", "b.txt")
    assert [text for _, text, _ in texts(tmp_path / "s")] == ["Ja", "Nein"]
    assert len(list((tmp_path / "s" / "documents").iterdir())) == 1


def test_only_one_writer(tmp_path: Path) -> None:
    pytest.importorskip("fcntl")
    with (
        StoreWriter(tmp_path / "s"),
        pytest.raises(StoreError, match="another process"),
        StoreWriter(tmp_path / "s"),
    ):
        pass
    with StoreWriter(tmp_path / "s"):
        pass


def test_foreign_folders_and_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "mine.parquet").write_bytes(b"x")
    with pytest.raises(StoreError, match="other files"), StoreWriter(tmp_path):
        pass
    with pytest.raises(StoreError, match="is a file"), StoreWriter(tmp_path / "documents" / "mine.parquet"):
        pass
    assert (tmp_path / "documents" / "mine.parquet").read_bytes() == b"x"


def test_no_store_and_a_damaged_one(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="holds no store"):
        open_store(tmp_path)
    put(tmp_path / "s", "„Ja“.", "a.txt")
    (shard,) = (tmp_path / "s" / "quotations").iterdir()
    shard.write_bytes(b"PAR1 broken")
    store = open_store(tmp_path / "s")
    assert len(store.collect(lambda s: s.quotations())) == 0
    assert "is cut off" in store.damage[shard]
    (tmp_path / "s" / "manifest.json").write_text("{")
    with pytest.raises(StoreError, match="damaged"):
        open_store(tmp_path / "s")


def test_an_empty_store_has_its_columns(tmp_path: Path) -> None:
    with StoreWriter(tmp_path / "s"):
        pass
    assert "speaker" in open_store(tmp_path / "s").quotations().collect().columns


def test_shards_of_another_schema_are_read(tmp_path: Path) -> None:
    put(tmp_path / "s", "„Ja“.", "a.txt")
    (shard,) = (tmp_path / "s" / "quotations").iterdir()
    pl.read_parquet(shard).drop("mood").with_columns(later=pl.lit(1)).write_parquet(shard)
    assert open_store(tmp_path / "s").quotations().collect()["mood"].to_list() == [None]
    put(tmp_path / "s", "„Nein“.", "b.txt")
    assert [text for _, text, _ in texts(tmp_path / "s")] == ["Ja", "Nein"]


def test_a_damaged_shard_is_set_aside_and_its_articles_can_be_extracted_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "SHARD_DOCUMENTS", 1)
    path = tmp_path / "s"
    put(path, "„Ja“.", "a.txt")
    put(path, "„Nein“.", "b.txt")
    shard = open_store(path).shards("quotations")[0]
    broken = shard.path.read_bytes()[:40]
    shard.path.write_bytes(broken)
    with StoreWriter(path) as writer:
        (lost,) = writer.lost
    assert (lost.name, lost.sources) == (shard.name, ("a.txt",))
    assert "is cut off" in lost.why
    assert (path / "damaged" / f"quotations-{shard.name}.parquet").read_bytes() == broken
    assert [text for _, text, _ in texts(path)] == ["Nein"]
    put(path, "„Ja“.", "a.txt")
    assert [text for _, text, _ in texts(path)] == ["Ja", "Nein"]


def test_damage_inside_is_left_to_the_next_writer_by_a_mark(tmp_path: Path) -> None:
    path = tmp_path / "s"
    put(path, "„Ja“.", "a.txt")
    (shard,) = open_store(path).shards("quotations")
    data = bytearray(shard.path.read_bytes())
    data[4:400] = bytes(396)
    shard.path.write_bytes(data)
    with StoreWriter(path) as writer:
        assert writer.lost == []
    store = open_store(path)
    assert len(store.collect(lambda s: s.quotations())) == 0
    assert list(store.damage) == [shard.path]
    with StoreWriter(path) as writer:
        (lost,) = writer.lost
    assert lost.sources == ("a.txt",)
    assert not list((path / "damaged").glob("*.suspect"))
    put(path, "„Ja“.", "a.txt")
    assert [text for _, text, _ in texts(path)] == ["Ja"]


def test_a_store_of_a_newer_version_is_read_but_not_written(tmp_path: Path) -> None:
    path = tmp_path / "s"
    put(path, "„Ja“.", "a.txt")
    for table in ("documents", "quotations"):
        (shard,) = (path / table).iterdir()
        pl.read_parquet(shard).with_columns(schema_version=pl.lit("99"), later=pl.lit(1)).write_parquet(shard)
    before = fingerprint(path)
    assert open_store(path).newer_schema() == "99"
    assert [text for _, text, _ in texts(path)] == ["Ja"]
    with pytest.raises(StoreError, match=r"schema version 99.*Update"):
        put(path, "„Nein“.", "b.txt")
    assert fingerprint(path) == before


def test_full_shards_are_merged_at_the_end_of_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "SHARD_DOCUMENTS", 1)
    monkeypatch.setattr(room, "MERGED_SHARDS", 3)
    path = tmp_path / "s"
    for number in range(7):
        put(path, f"„Nummer {number}“.", f"{number}.txt")
    before = texts(path)
    with StoreWriter(path) as writer:
        writer.tidy()
    assert texts(path) == before
    assert len(read_manifest(path)) == 3
    assert len(list((path / "quotations").iterdir())) == 3
    # Later commits and replacements find their documents in the merged shards.
    put(path, "„Nummer 1“.", "1.txt", NEXT)
    assert len(texts(path)) == 7
    assert {version for _, _, version in texts(path)} == {"1", "2"}


def test_a_shard_has_the_rows_of_a_speaker_together(tmp_path: Path) -> None:
    put(tmp_path / "s", "„Ja“, sagte Bert. „Nein“, sagte Anna. „Wer?“ „Doch“, sagte Bert.", "a.txt")
    (shard,) = (tmp_path / "s" / "quotations").iterdir()
    assert pl.read_parquet(shard)["speaker"].to_list() == ["Anna", "Bert", "Bert", None]
