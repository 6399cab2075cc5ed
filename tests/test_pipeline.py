"""The stream: batches, resumption, failures that cost no other document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from fake_parser import FakeParser, fake_extract

from quotes import pipeline
from quotes.errors import ModelError
from quotes.model import Document, ParsedDocument, Quotation, Span
from quotes.pipeline import Summary, parse_all, run
from quotes.sources import Failure
from quotes.store import StoreWriter, open_store
from quotes.text import make_document


def document(number: int, more: str = "") -> Document:
    return make_document(f"„Satz {number}“, sagte Anna. {more}", source=f"{number}.txt")


def go(path: Path, items: Iterable[Document | Failure], parser: FakeParser | None = None, **changes: object) -> Summary:
    options: dict[str, object] = {"extract": fake_extract, "extractor_version": "1", "lexicon_hash": "l"} | changes
    with StoreWriter(path) as writer:
        return run(items, parser=parser or FakeParser(), store=writer, **options)  # type: ignore[arg-type]


def stored(path: Path) -> list[str]:
    return open_store(path).quotations().sort("source").collect()["source"].to_list()


def test_a_run_and_the_same_again(tmp_path: Path) -> None:
    parser = FakeParser()
    first = go(tmp_path / "s", [document(1), document(2)], parser)
    assert (first.documents, first.new, first.unchanged, first.failed) == (2, 2, 0, 0)
    assert first.quotations == {"direct": 2}
    assert first.tokens == 8
    again = go(tmp_path / "s", [document(1), document(2), document(3)], parser)
    assert (again.new, again.unchanged) == (1, 2)
    assert len(again.keys) == 3
    assert parser.batches == [2, 1]


@pytest.mark.parametrize(
    "change", [{"extractor_version": "2"}, {"lexicon_hash": "m"}, {"parser": FakeParser(name="other")}]
)
def test_whatever_made_the_rows_has_changed(tmp_path: Path, change: dict[str, object]) -> None:
    go(tmp_path / "s", [document(1), document(2)])
    summary = go(tmp_path / "s", [document(1)], **change)  # type: ignore[arg-type]
    assert summary.new == 1
    assert stored(tmp_path / "s") == ["1.txt", "2.txt"]


def test_bad_documents_cost_no_other(tmp_path: Path) -> None:
    items = [document(1), document(2, "poison"), Failure("x.txt", "is empty"), document(3, "unerhört"), document(4)]
    summary = go(tmp_path / "s", items)
    assert stored(tmp_path / "s") == ["1.txt", "4.txt"]
    assert [f.source for f in summary.failures] == ["x.txt", "2.txt", "3.txt"]
    assert "could not be parsed (RuntimeError: the tree fell over)" in summary.failures[1].message
    assert "could not be extracted (ValueError: no rule for that)" in summary.failures[2].message
    ledger = open_store(tmp_path / "s").documents().collect()
    assert ledger["error"].is_not_null().sum() == 3
    # They are tried again, and the ledger does not grow.
    assert go(tmp_path / "s", items).failed == 3
    assert len(open_store(tmp_path / "s").documents().collect()) == 5


def test_a_row_that_breaks_the_contract_is_a_failure_of_its_document(tmp_path: Path) -> None:
    def broken(parsed: ParsedDocument) -> list[Quotation]:
        return [Quotation("direct", (Span(0, 10_000),), "rule")] if "Satz 1" in parsed.document.text else []

    summary = go(tmp_path / "s", [document(1), document(2)], extract=broken)
    assert [f.source for f in summary.failures] == ["1.txt"]
    assert summary.new == 1


def test_batches_are_bounded_by_characters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "BATCH_CHARACTERS", 100)
    parser = FakeParser()
    go(tmp_path / "s", [document(n, "x" * 30) for n in range(5)] + [document(9, "x" * 500)], parser)
    assert parser.batches == [1, 1, 1, 1, 1, 1]
    parser.batches.clear()
    go(tmp_path / "t", [document(n) for n in range(6)], parser)
    assert parser.batches == [4, 2]


def test_an_interruption_keeps_what_was_extracted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "BATCH_CHARACTERS", 1)

    def interrupted() -> Iterator[Document]:
        yield document(1)
        yield document(2)
        yield document(3)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        go(tmp_path / "s", interrupted())
    assert stored(tmp_path / "s") == ["1.txt", "2.txt"]
    assert go(tmp_path / "s", [document(n) for n in (1, 2, 3)]).new == 1


def test_commits_come_while_it_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "BATCH_CHARACTERS", 1)
    monkeypatch.setattr(pipeline, "COMMIT_DOCUMENTS", 2)
    seen: list[int] = []

    def watch(summary: Summary) -> None:
        seen.append(len(open_store(tmp_path / "s").documents().collect()))

    go(tmp_path / "s", [document(n) for n in range(4)], on_progress=watch)
    assert seen == [0, 2, 2, 4, 4]


def test_missing_models_end_the_run(tmp_path: Path) -> None:
    class Broken(FakeParser):
        def load(self) -> None:
            raise ModelError("no models")

    with pytest.raises(ModelError):
        go(tmp_path / "s", [document(1)], Broken())
    assert stored(tmp_path / "s") == []


def test_parse_all_passes_failures_on() -> None:
    items = [document(1), Failure("x.txt", "is empty"), document(2, "poison"), document(3)]
    out = list(parse_all(items, FakeParser()))
    assert [item.document.source for item in out if isinstance(item, ParsedDocument)] == ["1.txt", "3.txt"]
    assert sorted(item.source for item in out if isinstance(item, Failure)) == ["2.txt", "x.txt"]


def test_progress_counts_every_document(tmp_path: Path) -> None:
    counts: list[int] = []
    items = [document(1), Failure("x.txt", "is empty"), document(2)]
    go(tmp_path / "s", items, on_progress=lambda s: counts.append(s.new + s.unchanged + s.failed))
    assert counts[-1] == 3
