"""``quotes statements`` on a store: what is printed, in signs and as JSON Lines, and which options choose."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from quotes.cli.statements import statements
from quotes.model import Document, ParsedDocument, Quotation, Span, Speaker
from quotes.schema import Provenance, document_row, to_row
from quotes.store import StoreWriter
from quotes.text import make_document

ARTICLES = {
    "tagblatt": ("„Die Mole ist alt. Wir bauen sie neu“, sagte Hanno Deichmann.", "Tagblatt", 6),
    "abendpost": ("„Die Mole ist alt. Wir reißen sie ab und bauen sie neu“, sagte Hanno Deichmann.", "Abendpost", 7),
    "kurier": ("Deichmann: „Wir bauen sie neu“.", "Kurier", 8),
    "bote": ("„Das Fest der Fischer fällt aus“, sagte Beate Tholen.", "Bote", 9),
    "bote2": ("Zudem hieß es: „Das Fest der Fischer fällt aus“, sagte Beate Tholen.", "Bote", 10),
}


def quotation(document: Document) -> Quotation:
    start, end = document.text.index("„") + 1, document.text.index("“")
    name = "Beate Tholen" if "Tholen" in document.text else "Hanno Deichmann"
    span = Span(start, end)
    speaker = Speaker(name, name.lower().replace(" ", "-"), "person", None, "name", 0.9)
    return Quotation("direct", (span,), "test", verbatim_spans=(span,), speaker=speaker, confidence=0.9)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "store"
    with StoreWriter(path) as writer:
        for name, (text, outlet, hour) in ARTICLES.items():
            document = make_document(
                text, source=f"articles/{name}.txt", outlet=outlet, published=datetime(2024, 9, 2, hour)
            )
            parsed = ParsedDocument(document, (), "none")
            rows = [to_row(quotation(document), parsed, extractor_version="1", lexicon_hash="l")]
            writer.commit([document_row(document, Provenance("1", "none", "l"))], rows)
    return path


def run(store: Path, *arguments: str) -> Result:
    return CliRunner().invoke(statements, [*arguments, "--store", str(store)], catch_exceptions=False)


def lines(result: Result) -> list[dict[str, object]]:
    assert result.exit_code == 0
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_the_statements_as_json_lines(store: Path) -> None:
    first, second = lines(run(store, "--format", "jsonl"))
    assert (first["speaker"], first["articles"], first["outlets"]) == (
        "Hanno Deichmann",
        3,
        ["Tagblatt", "Abendpost", "Kurier"],
    )
    assert first["first"]["published"] == "2024-09-02T06:00:00"
    assert [w["relation"] for w in first["wordings"]] == ["reference", "longer", "shortened"]
    assert [w["verbatim_differs"] for w in first["wordings"]] == [False, True, False]
    reference, longer, _ = first["wordings"]
    added = [p for p in longer["pieces"] if p["kind"] == "added"]
    assert [p["now"] for p in added] == ["reißen sie ab und"]
    start, end = added[0]["here"]
    assert longer["text"][start:end] == "reißen sie ab und"
    assert first["reference"] == reference["quote_id"]
    assert first["statement_id"] == f"s-{reference['quote_id']}"
    assert (second["altered"], [w["relation"] for w in second["wordings"]]) == (False, ["reference", "identical"])


def test_the_statements_for_people_mark_each_difference_in_signs(store: Path) -> None:
    out = run(store, "--format", "text").stdout
    assert "Hanno Deichmann · 3 articles in 3 outlets" in out
    assert "02.09.2024 07:00 · Abendpost · abendpost.txt · direct [longer, verbatim differs]" in out
    assert "Die Mole ist alt. Wir {+reißen sie ab und+} bauen sie neu" in out
    assert "[shortened] [-Die Mole ist alt-] Wir bauen sie neu" in out


@pytest.mark.parametrize(
    ("options", "speakers"),
    [
        ((), ["Hanno Deichmann", "Beate Tholen"]),
        (("--altered",), ["Hanno Deichmann"]),
        (("--min-articles", "3"), ["Hanno Deichmann"]),
        (("--min-outlets", "2"), ["Hanno Deichmann"]),
        (("--min-articles", "4"), []),
        (("Tholen",), ["Beate Tholen"]),
        (("--about", "Fischer"), ["Beate Tholen"]),
        (("--until", "2024-09-01"), []),
    ],
)
def test_which_statements_are_printed(store: Path, options: tuple[str, ...], speakers: list[str]) -> None:
    assert [one["speaker"] for one in lines(run(store, "--format", "jsonl", *options))] == speakers


def test_nothing_found_is_said_on_standard_error(store: Path) -> None:
    result = run(store, "--min-articles", "9")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "No statement found" in result.stderr


def test_speakers_one_after_the_other_give_the_same(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = lines(run(store, "--format", "jsonl"))
    # By the room's name: quotes.cli.statements is the command as well.
    monkeypatch.setattr(sys.modules["quotes.cli.statements"], "_AT_ONCE", 1)
    assert lines(run(store, "--format", "jsonl")) == whole


def test_control_characters_do_not_reach_the_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ARTICLES, "kurier", ("„Die Mole\x1b[31m ist alt. Wir bauen sie neu“", "Kur\x1bier", 8))
    store = tmp_path / "other"
    with StoreWriter(store) as writer:
        for name, (text, outlet, hour) in list(ARTICLES.items())[:3]:
            document = make_document(text, source=name, outlet=outlet, published=datetime(2024, 9, 2, hour))
            rows = [
                to_row(quotation(document), ParsedDocument(document, (), "n"), extractor_version="1", lexicon_hash="l")
            ]
            writer.commit([document_row(document, Provenance("1", "n", "l"))], rows)
    out = run(store, "--format", "text").stdout
    assert "Kurier" in out
    assert "\x1b" not in out


def test_the_help_ends_with_an_example_that_runs(store: Path) -> None:
    text = CliRunner().invoke(statements, ["--help"]).stdout
    example = text.rpartition("Example: quotes statements ")[2].split()
    assert example[-2:] == ["--store", "store"]
    assert run(store, *example[:-2]).exit_code == 0


def test_near_copies_that_a_number_keeps_apart(store: Path) -> None:
    assert lines(run(store, "--near-copies", "--format", "jsonl")) == []
    more = {
        "a": ("„Wir haben 61 Boote verkauft“, sagte Hanno Deichmann.", "Tagblatt", 6),
        "b": ("„Wir haben 16 Boote verkauft“, sagte Hanno Deichmann.", "Kurier", 7),
    }
    with StoreWriter(store) as writer:
        for name, (text, outlet, hour) in more.items():
            published = datetime(2024, 9, 3, hour)
            document = make_document(text, source=f"articles/{name}.txt", outlet=outlet, published=published)
            parsed = ParsedDocument(document, (), "none")
            rows = [to_row(quotation(document), parsed, extractor_version="1", lexicon_hash="l")]
            writer.commit([document_row(document, Provenance("1", "none", "l"))], rows)
    (pair,) = lines(run(store, "--near-copies", "--format", "jsonl"))
    assert (pair["reason"], pair["speaker"]) == ("number", "Hanno Deichmann")
    changed = [(p["was"], p["now"]) for p in pair["other"]["pieces"] if p["kind"] == "replaced"]  # type: ignore[index]
    assert changed == [("61", "16")]
    shown = run(store, "Deichmann", "--near-copies", "--format", "text").stdout
    assert "Hanno Deichmann · the number differs" in shown
    assert "Wir haben [-61-]{+16+} Boote verkauft" in shown
