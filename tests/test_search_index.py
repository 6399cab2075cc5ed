"""The index against reading everything: up to date, never the truth, and no reason to lose a row."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_store import make_article, put

from quotes.folding import words
from quotes.search import Filters, open_store
from quotes.search.matching import means
from quotes.store import INDEX
from quotes.store import writing as room


def texts(found: pl.LazyFrame) -> list[str]:
    return found.collect()["text"].to_list()


VOCABULARY = (
    "Rat Bundesrat Verrat Steuer Steuern Mehrwertsteuer besteuern Straße Strassen Land Länder Bundesland 42".split()
)


@given(
    said=st.lists(
        st.tuples(
            st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=4),
            st.sampled_from(["Anna Berg", "Otto Tal", None]),
        ),
        min_size=1,
        max_size=8,
    ),
    asked=st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=2),
    name=st.sampled_from([None, "Berg", "Otto"]),
)
@settings(max_examples=30, deadline=None)
def test_the_index_finds_what_reading_everything_finds(
    tmp_path_factory: pytest.TempPathFactory,
    said: list[tuple[list[str], str | None]],
    asked: list[str],
    name: str | None,
) -> None:
    path = tmp_path_factory.mktemp("oracle") / "s"
    articles = [
        make_article(f"{n}.txt", [{"text": " ".join(text), "speaker": who}]) for n, (text, who) in enumerate(said)
    ]
    for article in articles:
        put(path, article)
    known = {term for text, _ in said for term in words(" ".join(text))}
    expected = [
        " ".join(text)
        for text, who in said
        if all(any(means(words(w)[0], t, known.__contains__) for t in words(" ".join(text))) for w in asked)
        and (name is None or (who is not None and name in who.split()))
    ]
    assert texts(open_store(path).find(name, about=" ".join(asked))) == expected


def index_files(path: Path) -> list[Path]:
    return sorted((path / INDEX).iterdir())


def test_the_index_follows_the_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "s"
    put(path, make_article("a.txt", [{"text": "Neue Satelliten", "speaker": "Anna Berg"}]))
    assert texts(open_store(path).find("Berg", about="Satellit")) == ["Neue Satelliten"]
    put(path, make_article("b.txt", [{"text": "Alte Satelliten", "speaker": "Anna Berg"}]))
    assert texts(open_store(path).find("Berg", about="Satellit")) == ["Neue Satelliten", "Alte Satelliten"]
    # The same source with another text: the old article stays under its own doc_id, so nothing is lost.
    (file,) = index_files(path)
    file.write_bytes(b"no database at all")
    assert texts(open_store(path).find(about="Satellit")) == ["Neue Satelliten", "Alte Satelliten"]
    file.unlink()
    assert texts(open_store(path).find(about="Satellit")) == ["Neue Satelliten", "Alte Satelliten"]
    with sqlite3.connect(file) as db:
        db.execute("DROP TABLE terms")
    assert texts(open_store(path).find(about="Satellit")) == ["Neue Satelliten", "Alte Satelliten"]


def test_names_that_are_gone_are_not_found(tmp_path: Path) -> None:
    from quotes.registry import keeper

    path = tmp_path / "s"
    put(path, make_article("a.txt", [{"text": "Ja", "speaker": "Anna Berg"}]))
    assert texts(open_store(path).find("Berg")) == ["Ja"]
    with room.StoreWriter(path) as writer:
        keeper.decide(writer, "rename", "Anna Berg", "Anna Thal", at=datetime(2024, 1, 1))
    # What is printed is still a way to find her; the old canonical name is not a speaker any more.
    assert open_store(path).find("Thal").collect()["speaker"].to_list() == ["Anna Thal"]
    assert open_store(path).find("Berg").collect()["speaker"].to_list() == ["Anna Thal"]


def test_waste_leaves_with_a_rebuilding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quotes.search.index._LEAST_WASTE", 2)
    path = tmp_path / "s"
    for number in range(9):
        put(path, make_article(f"{number}.txt", [{"text": f"Satellit {number}", "speaker": "Anna Berg"}]))
        assert len(texts(open_store(path).find(about="Satellit"))) == number + 1
    (file,) = index_files(path)
    with sqlite3.connect(file) as db:
        (waste,) = db.execute("SELECT rows FROM waste").fetchone()
        (rows,) = db.execute("SELECT sum(rows) FROM shards").fetchone()
    assert rows == 9
    assert waste < 9


def test_a_store_that_cannot_be_written_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    put(tmp_path / "s", make_article("a.txt", [{"text": "Die Bundeskanzlerin irrt"}]))
    asked = open_store(tmp_path / "s")
    with monkeypatch.context() as patch:
        patch.setattr("quotes.search.index._remove", refused)
        patch.setattr("quotes.search.index.INDEX", os.devnull)
        assert texts(asked.find(about="Kanzler")) == ["Die Bundeskanzlerin irrt"]
    assert "cannot be written to" in asked.notes[0]


def many(path: Path, shards: int) -> None:
    for number in range(shards):
        put(path, make_article(f"{number}.txt", [{"text": f"Satellit {number}", "speaker": "Anna Berg"}]))


def test_damage_is_named_and_the_rest_served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "SHARD_DOCUMENTS", 1)
    path = tmp_path / "s"
    many(path, 4)
    shards = [shard.path for shard in open_store(path).shards("quotations")]
    first, second = shards[0], shards[1]
    first.write_bytes(first.read_bytes()[:100])
    data = bytearray(second.read_bytes())
    data[4:400] = bytes(396)
    second.write_bytes(data)
    for filters in (Filters(), Filters(about="Satellit"), Filters(name="Berg"), Filters(kind="direct")):
        asked = open_store(path)
        found = [text for batch in asked.batches(filters) for text in batch["text"]]
        assert found == ["Satellit 2", "Satellit 3"]
        assert set(asked.damage) == {first, second}
        asked = open_store(path)
        collected = asked.collect(lambda s, f=filters: s.select(f))
        assert sorted(collected["text"]) == ["Satellit 2", "Satellit 3"]
        assert set(asked.damage) == {first, second}


def test_large_answers_come_shard_by_shard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "SHARD_DOCUMENTS", 2)
    many(tmp_path / "s", 6)
    batches = list(open_store(tmp_path / "s").batches(Filters(about="Satellit")))
    assert [len(batch) for batch in batches] == [2, 2, 2]


@pytest.mark.parametrize("hits", [[0], [0, 1, 2], [0, 5, 9], list(range(0, 10, 2))])
def test_rows_are_read_by_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hits: Sequence[int]) -> None:
    monkeypatch.setattr("quotes.store.shards.GROUP_ROWS", 2)
    monkeypatch.setattr("quotes.search.archive.GROUP_ROWS", 2)
    said = [{"text": f"Satellit {n}" if n in hits else f"Mond {n}", "speaker": f"Anna {n}"} for n in range(10)]
    put(tmp_path / "s", make_article("a.txt", said))
    assert texts(open_store(tmp_path / "s").find(about="Satellit")) == [f"Satellit {n}" for n in hits]
