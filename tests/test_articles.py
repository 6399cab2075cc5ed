"""Finding an article of a store by whatever part of its name is clear."""

from __future__ import annotations

from pathlib import Path

import pytest
from fake_parser import FakeParser, fake_extract

from quotes.errors import StoreError
from quotes.pipeline import run
from quotes.search.articles import find_document, to_document
from quotes.store import Store, StoreWriter, open_store
from quotes.text import make_document

ARTICLES = {
    "news/b.txt": "„Die Straße bleibt gesperrt“, sagte Müller. „Satelliten fliegen“, sagte Beispiel.",
    "news/a.txt": "„Neue Satelliten kommen“, sagte Mueller. „Niemand weiß es“.",
    "feed.jsonl#x7": "„Nichts Neues“, sagte Öztürk.",
}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    documents = [make_document(text, source=source) for source, text in ARTICLES.items()]
    with StoreWriter(tmp_path / "s") as writer:
        run(documents, parser=FakeParser(), extract=fake_extract, store=writer, extractor_version="1", lexicon_hash="l")
    return open_store(tmp_path / "s")


@pytest.mark.parametrize("wanted", ["news/a.txt", "a.txt", "a"])
def test_find_document(store: Store, wanted: str) -> None:
    row = find_document(store, wanted)
    assert row["source"] == "news/a.txt"
    assert to_document(row) == make_document(ARTICLES["news/a.txt"], source="news/a.txt")


def test_find_document_by_record_and_hash(store: Store) -> None:
    row = find_document(store, "x7")
    assert row["source"] == "feed.jsonl#x7"
    assert find_document(store, row["doc_id"][:10])["source"] == "feed.jsonl#x7"


def test_an_article_that_is_not_there(store: Store) -> None:
    with pytest.raises(StoreError, match="Did you mean news/a"):
        find_document(store, "news/aa.txt")


def test_an_article_that_is_not_clear(store: Store, tmp_path: Path) -> None:
    with StoreWriter(tmp_path / "s") as writer:
        more = [make_document("„Ja“.", source="other/a.txt")]
        run(more, parser=FakeParser(), extract=fake_extract, store=writer, extractor_version="1", lexicon_hash="l")
    with pytest.raises(StoreError, match="2 articles"):
        find_document(store, "a.txt")
