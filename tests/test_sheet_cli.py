"""``quotes sheet`` from the store to the file, in every form."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from openpyxl import load_workbook
from polars.exceptions import ComputeError
from sheet_rows import document, found, put, span

from quotes.cli import cli, main
from quotes.cli.sheet import sheet
from quotes.desk.verdicts import mark
from quotes.errors import OutputError, StoreError, UsageError
from quotes.export.machine import jsonl_sheet, sheet_schema, write_parquet
from quotes.export.selection import choose
from quotes.export.sheet import FORMS, form_of, write_sheet
from quotes.schema import quotation_schema
from quotes.search import Filters, open_store

FLOOD = "„Der Deich hält“, sagte Marta Ohm. „=1+1“, rief Jonas Vehn. Die Brücke sei zu, hieß es.\n"
EBB = "Es wird trocken, sagte Änne Zill. „Wir warten“, sagte Marta Ohm.\n"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two articles with five quotations, and the command at hand."""
    monkeypatch.setitem(cli.commands, "sheet", sheet)
    monkeypatch.delenv("QUOTES_STORE", raising=False)
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "store"
    flood = document(FLOOD, "b/flut.txt", url="https://bote.example/flut", title="Flut", published=datetime(2031, 3, 4))
    ebb = document(EBB, "a/ebbe.txt", url="javascript:alert(1)", title="Ebbe")
    nobody = dict.fromkeys(("speaker", "speaker_id", "speaker_kind", "speaker_role", "speaker_text"))
    rows = [
        found(flood, "Der Deich hält"),
        found(flood, "=1+1", speaker="Jonas Vehn", speaker_id="vehn"),
        found(flood, "Die Brücke sei zu", kind="indirect", resolution="none", **nobody),
    ]
    put(path, flood, rows)
    put(
        path,
        ebb,
        [
            found(ebb, "Es wird trocken", kind="indirect", speaker="Änne Zill", speaker_id="zill", published=None),
            found(ebb, "Wir warten", published=None),
        ],
    )
    when = datetime(2031, 3, 5, 10, tzinfo=UTC)
    mark(path, [(rows[0]["quote_id"], "confirmed")], by="L. Brand", at=when, note="=Band \ud800")
    return path


def run(*arguments: str) -> int:
    return main(["sheet", "--store", "store", *arguments])


def texts(order: str, store: Path) -> list[str]:
    selection = choose(open_store(store), Filters(), sort=order)
    return [text for frame in selection.frames(2) for text in frame["text"]]


def test_orders(store: Path) -> None:
    assert texts("place", store) == ["Es wird trocken", "Wir warten", "Der Deich hält", "=1+1", "Die Brücke sei zu"]
    assert texts("date", store) == ["Der Deich hält", "=1+1", "Die Brücke sei zu", "Es wird trocken", "Wir warten"]
    # Ä goes with A, and nobody comes last.
    assert texts("speaker", store) == ["Es wird trocken", "=1+1", "Der Deich hält", "Wir warten", "Die Brücke sei zu"]


@pytest.mark.parametrize("form", FORMS)
def test_every_form_comes_out_whole(store: Path, form: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("-o", f"Blatt.{form}") == 0
    assert f"5 quotations in Blatt.{form}" in capsys.readouterr().err
    assert Path(f"Blatt.{form}").stat().st_size > 100
    assert sorted(entry.name for entry in Path().iterdir()) == [f"Blatt.{form}", "store"]


def test_filters_reach_the_sheet(store: Path) -> None:
    assert run("Ohm", "--since", "2031-03-01", "--title", "Deiche", "-o", "a.xlsx") == 0
    page = load_workbook("a.xlsx")["Zitate"]
    assert [page[f"A{n}"].value for n in (1, 2)] == ["Deiche", "Sprecher: Ohm · seit 1. März 2031"]
    assert page.max_row == 6
    assert page["D6"].value is not None
    assert page["L6"].value == "bestätigt"


def test_the_page_shows_the_paragraph(store: Path) -> None:
    assert run("-o", "a.html") == 0
    assert "“, sagte Marta Ohm. „=1+1“, rief Jonas Vehn." in Path("a.html").read_text("utf-8")


def test_machines_get_full_rows_unchanged(store: Path) -> None:
    assert run("-o", "a.jsonl") == 0
    assert run("-o", "a.parquet") == 0
    rows = [json.loads(text) for text in Path("a.jsonl").read_text("utf-8").splitlines()]
    frame = pl.read_parquet("a.parquet")
    assert dict(frame.schema) == sheet_schema()
    assert [*rows[0]] == frame.columns == [*quotation_schema(), "url", "status", "checker", "checked_at", "note"]
    assert [row["text"] for row in rows] == frame["text"].to_list() == texts("speaker", store)
    (formula,) = (row for row in rows if row["speaker"] == "Jonas Vehn")
    assert (formula["text"], formula["status"], formula["url"]) == ("=1+1", None, "https://bote.example/flut")
    assert formula["published"] == "2031-03-04T00:00:00"
    decided = frame.row(by_predicate=pl.col("text") == "Der Deich hält", named=True)
    assert (decided["status"], decided["checker"], decided["note"]) == ("confirmed", "L. Brand", "=Band \ufffd")
    assert decided["checked_at"] == datetime(2031, 3, 5, 10, tzinfo=UTC)
    stored = open_store(store).select(Filters()).collect().sort("quote_id")
    assert frame.select(stored.columns).sort("quote_id").equals(stored)


def test_batches_change_nothing(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    selection = choose(open_store(store), Filters(), sort="speaker")
    one, other = io.BytesIO(), io.BytesIO()
    write_parquet(selection, {}, one)
    whole = b"".join(jsonl_sheet(selection, {}))
    monkeypatch.setattr("quotes.export.selection.BATCH", 2)
    monkeypatch.setattr(type(selection).frames, "__defaults__", (2,))
    assert [len(frame) for frame in selection.frames()] == [2, 2, 1]
    write_parquet(selection, {}, other)
    assert b"".join(jsonl_sheet(selection, {})) == whole
    assert pl.read_parquet(other.getvalue()).equals(pl.read_parquet(one.getvalue()))


def test_an_article_under_two_sources_keeps_its_rows_apart(store: Path) -> None:
    again = document(
        FLOOD, "c/flut.txt", url="https://rundschau.example/", title="Flut", published=datetime(2031, 3, 4)
    )
    put(store, again, [found(again, "Der Deich hält")])
    selection = choose(open_store(store), Filters(about="Deich"), sort="place")
    frames = list(selection.frames())
    assert [source for frame in frames for source in frame["source"]] == ["b/flut.txt", "c/flut.txt"]
    assert [made.link for made in selection.lines({}, with_text=False)] == [
        "https://bote.example/flut",
        "https://rundschau.example/",
    ]


def test_a_store_that_changes_meanwhile_is_told(store: Path) -> None:
    selection = choose(open_store(store), Filters(), sort="place")
    flood = document(FLOOD, "b/flut.txt", published=datetime(2031, 3, 4), extractor_version="2")
    put(store, flood, [found(flood, "Der Deich hält")])
    with pytest.raises(StoreError, match="changed while"):
        list(selection.frames())


def test_standard_output_needs_a_form(store: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run("-o", "-") == 2
    assert b"--format" in capfdbinary.readouterr().err
    assert run("-o", "-", "--format", "csv") == 0
    out, err = capfdbinary.readouterr()
    assert len(list(csv.reader(io.StringIO(out.decode("utf-8-sig"), newline=""), delimiter=";"))) == 6
    assert err == b""


def test_unknown_endings_name_the_known_ones(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("-o", "Blatt.docx") == 2
    assert ".docx is no ending" in (said := capsys.readouterr().err)
    assert all(f".{form}" in said for form in FORMS)
    assert run("-o", "Blatt") == 2
    assert run("-o", "Blatt", "--format", "md") == 0
    assert form_of("A.HTM") == "html"


def test_worksheets_for_each_speaker_are_for_workbooks(store: Path) -> None:
    assert run("-o", "a.csv", "--per-speaker") == 2
    assert not Path("a.csv").exists()
    assert run("-o", "a.xlsx", "--per-speaker") == 0
    names = ["Übersicht", "Änne Zill", "Jonas Vehn", "Marta Ohm", "Sprecher nicht genannt", "Hinweise"]
    assert load_workbook("a.xlsx").sheetnames == names


def test_nothing_found_is_an_empty_sheet_and_a_note(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("Niemand", "-o", "a.md") == 0
    assert "Nothing found for Niemand" in capsys.readouterr().err
    assert "Keine Zitate gefunden" in Path("a.md").read_text("utf-8")


@pytest.mark.parametrize("form", FORMS)
def test_a_folder_that_is_missing_fails_in_one_line(store: Path, form: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("-o", f"fehlt/a.{form}") == 1
    assert "is not there" in (said := capsys.readouterr().err)
    assert said.count("\n") == 1


@pytest.mark.parametrize("form", FORMS)
def test_a_full_disk_leaves_the_old_sheet(
    store: Path, form: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(f"a.{form}").write_bytes(b"alt")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert run("-o", f"a.{form}") == 1
    assert "Free some space" in capsys.readouterr().err
    assert Path(f"a.{form}").read_bytes() == b"alt"
    assert sorted(entry.name for entry in Path().iterdir()) == [f"a.{form}", "store"]


class Full(io.RawIOBase):
    """A stream whose disk is full."""

    def writable(self) -> bool:
        return True

    def write(self, _: object) -> int:
        raise OSError(28, "No space left on device")


def test_a_disk_that_fills_up_under_parquet(store: Path) -> None:
    with pytest.raises(OutputError, match=r"cannot be written .* Free some space"):
        write_parquet(choose(open_store(store), Filters(), sort="place"), {}, Full())  # type: ignore[arg-type]


def test_the_error_of_polars_is_one_of_writing(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise ComputeError("No space left on device (os error 28)")

    monkeypatch.setattr("polars.LazyFrame.sink_parquet", full)
    with pytest.raises(OutputError, match="No space left"):
        write_parquet(choose(open_store(store), Filters(), sort="place"), {}, io.BytesIO())


def test_a_form_that_is_none(store: Path) -> None:
    from quotes.export.lines import Heading

    selection = choose(open_store(store), Filters(), sort="place")
    heading = Heading(title="", filters="", made_at=datetime.now(UTC))
    with pytest.raises(UsageError, match="docx"):
        write_sheet(io.BytesIO(), "docx", selection, {}, heading)


def test_what_interrupts_a_quotation_stays_out(store: Path) -> None:
    text = "„Wir gehen“, sagte Ohm, „jetzt“.\n"
    article = document(text, "d/wir.txt")
    spans = [span(1, 10), span(25, 30)]
    row = found(article, text[1:30], quote_spans=spans, verbatim_spans=spans, published=None, title=None, outlet=None)
    put(store, article, [row])
    assert run("--about", "gehen", "-o", "a.csv") == 0
    assert "„Wir gehen“ … „jetzt“" in Path("a.csv").read_text("utf-8-sig")


def test_a_damaged_shard_is_told(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shards = sorted((store / "quotations").glob("*.parquet"))
    shards[0].write_bytes(b"PAR1" + b"x" * 100 + b"PAR1")
    assert run("-o", "a.csv") == 3
    assert "Damaged: " in capsys.readouterr().err
    assert Path("a.csv").exists()


def test_help_loads_no_heavy_package() -> None:
    code = (
        "import sys; from quotes.cli.sheet import sheet; from click.testing import CliRunner;"
        "made = CliRunner().invoke(sheet, ['-h']); assert made.exit_code == 0, made.output;"
        "assert 'Example: quotes sheet' in made.output;"
        "heavy = {'polars', 'xlsxwriter', 'jinja2', 'torch', 'stanza'} & set(sys.modules); assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
