"""The registry of speakers: one person under one name, and never two under one in silence."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from fake_parser import FakeParser

from quotes.errors import DataError, StoreError, UsageError
from quotes.lexicon import load_lexicon
from quotes.model import Quotation, Span, Speaker
from quotes.registry import keeper
from quotes.registry.canon import links, told
from quotes.registry.decisions import MERGE, RENAME, SPLIT, Decision, from_lines, in_force, to_lines, undoing
from quotes.registry.people import list_speakers, show_speaker
from quotes.registry.user_table import read_user_table
from quotes.schema import Provenance, document_row, to_row
from quotes.speakers.kinds import slug
from quotes.store import DECISIONS, SPEAKERS, StoreWriter, open_store
from quotes.text import make_document

NOW = datetime(2026, 1, 2, tzinfo=UTC)
MADE = Provenance("1", "fake@1", "l")


def put(path: Path, source: str, *said: tuple[str, str | None], outlet: str = "Blatt", day: str = "2023-09-13") -> None:
    """An article in which each of these speakers says something, in these roles."""
    text = " ".join(f"„Satz {n}“, sagte {name} in {source}." for n, (name, _) in enumerate(said))
    document = replace(make_document(text, source=source), outlet=outlet, published=datetime.fromisoformat(day))
    parsed = FakeParser().parse([document])[0]
    rows = []
    for number, (name, role) in enumerate(said):
        start = text.index(f"Satz {number}")
        place = text.index(name, start)
        named = Speaker(name, slug(name) if name[0].isupper() else None, "person", role, "name", 0.9)
        spans = (Span(start, start + 6),)
        quotation = Quotation("direct", spans, "marks", speaker_spans=(Span(place, place + len(name)),), speaker=named)
        rows.append(to_row(quotation, parsed, extractor_version="1", lexicon_hash="l"))
    with StoreWriter(path) as writer:
        writer.commit([document_row(document, MADE)], rows)
        keeper.settle(writer, keeper.read_table_of(path))


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "s"
    put(path, "a.txt", ("Wladimir Putin", "Kremlchef"), ("Dmitri Peskow", "Sprecher"))
    put(path, "b.txt", ("Putin", "Kremlchef"), ("Peskow", None), outlet="Zeitung")
    put(path, "c.txt", ("Michael Müller", "Bürgermeister"), ("Michael Müller", "Trainer"))
    return path


def names(path: Path) -> dict[str, list[str]]:
    """The speakers of each article in text order."""
    rows = open_store(path).quotations().sort("source", "start").collect()
    found: dict[str, list[str]] = {}
    for source, speaker in rows.select("source", "speaker").iter_rows():
        found.setdefault(source, []).append(speaker)
    return found


def decide(path: Path, what: str, name: str, to: str, **conditions: str) -> int:
    with StoreWriter(path) as writer:
        return keeper.decide(writer, what, name, to, at=NOW, **conditions)[1]


def undo(path: Path, number: int | None = None) -> int:
    with StoreWriter(path) as writer:
        return keeper.undo(writer, number, at=NOW)[1]


def test_a_surname_joins_the_full_name_with_the_same_role_and_no_other(store: Path) -> None:
    assert names(store)["b.txt"] == ["Wladimir Putin", "Peskow"]
    rows = open_store(store).quotations().filter(pl.col("source") == "b.txt").sort("start").collect()
    assert rows["speaker_in_article"].to_list() == ["Putin", "Peskow"]
    assert rows["speaker_id"].to_list() == ["wladimir-putin", "peskow"]


def test_two_bearers_of_a_surname_and_role_are_not_joined(store: Path) -> None:
    put(store, "d.txt", ("Oleg Putin", "Kremlchef"))
    assert names(store)["b.txt"] == ["Putin", "Peskow"]


def test_links_need_a_role() -> None:
    frame = pl.DataFrame(
        {
            "doc_id": ["1", "2"],
            "source": ["a", "b"],
            "outlet": [None, None],
            "published": [None, None],
            "speaker_in_article": ["Ida Tamm", "Tamm"],
            "speaker_kind": ["person", "person"],
            "speaker_role": ["Ärztin", None],
            "speaker_id": ["ida-tamm", "tamm"],
        },
        schema_overrides={"outlet": pl.String, "published": pl.Datetime("us")},
    )
    assert linked(frame) == {}
    assert linked(frame.with_columns(speaker_role=pl.lit("Ärztin"))) == {("2", "b", "Tamm"): "Ida Tamm"}


def linked(rows: pl.DataFrame) -> dict[tuple[str, str, str], str]:
    full, bare = (told(rows.lazy(), full=full).collect() for full in (True, False))
    return links(full, bare, load_lexicon())


def test_merge_rename_split_and_their_undoing(store: Path) -> None:
    assert decide(store, MERGE, "Peskow", "Dmitri Peskow") == 1
    assert names(store)["b.txt"][1] == "Dmitri Peskow"
    assert decide(store, RENAME, "Dmitri Peskow", "Dmitri Sergejewitsch Peskow") == 2
    assert decide(store, SPLIT, "Michael Müller", "Michael Müller (Trainer)", role="trainer") == 1
    assert names(store)["c.txt"] == ["Michael Müller", "Michael Müller (Trainer)"]
    assert undo(store) == 1
    assert names(store)["c.txt"] == ["Michael Müller", "Michael Müller"]
    assert undo(store, 1) == 1  # the rename still holds, for the one row
    assert names(store) == {
        "a.txt": ["Wladimir Putin", "Dmitri Sergejewitsch Peskow"],
        "b.txt": ["Wladimir Putin", "Peskow"],
        "c.txt": ["Michael Müller", "Michael Müller"],
    }
    assert undo(store, 5) == 1  # the undoing of 1 undone
    assert names(store)["b.txt"][1] == "Dmitri Sergejewitsch Peskow"


def test_undoing_everything_gives_the_store_as_it_was(store: Path) -> None:
    before = open_store(store).quotations().sort("quote_id").collect()
    decide(store, MERGE, "Peskow", "Dmitri Peskow")
    decide(store, SPLIT, "Michael Müller", "M. Müller", source="c.txt", since="2023-01-01", until="2023-12-31")
    undo(store)
    undo(store)
    assert open_store(store).quotations().sort("quote_id").collect().equals(before)
    with pytest.raises(UsageError, match="nothing to undo"):
        undo(store)


def test_decisions_are_applied_to_documents_that_come_later(store: Path) -> None:
    decide(store, MERGE, "Peskow", "Dmitri Peskow")
    put(store, "b.txt", ("Putin", "Kremlchef"), ("Peskow", None), outlet="Zeitung")
    put(store, "e.txt", ("Peskow", None))
    assert names(store)["b.txt"][1] == names(store)["e.txt"][0] == "Dmitri Peskow"


def test_merging_in_a_circle_ends(store: Path) -> None:
    decide(store, MERGE, "Peskow", "Dmitri Peskow")
    with pytest.raises(UsageError, match="no speaker is called Peskow"):
        decide(store, MERGE, "Dmitri Peskow", "Peskow")
    put(store, "f.txt", ("Peskow", None))
    assert names(store)["f.txt"] == ["Dmitri Peskow"]


@pytest.mark.parametrize(
    ("what", "name", "to", "message"),
    [
        (MERGE, "Peskov", "Dmitri Peskow", "Did you mean"),
        (MERGE, "Peskow", "Peskow", "has that name already"),
        (RENAME, "Peskow", "Michael Müller", "is another speaker"),
        (SPLIT, "Peskow", "P.", "needs a condition"),
    ],
)
def test_a_decision_that_cannot_be_is_refused(store: Path, what: str, name: str, to: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        decide(store, what, name, to)
    assert not (store / DECISIONS).exists()


def test_a_split_by_no_day_is_refused(store: Path) -> None:
    with pytest.raises(UsageError, match="YYYY-MM-DD"):
        decide(store, SPLIT, "Peskow", "P.", since="gestern")


def test_an_undo_of_what_is_not_there(store: Path) -> None:
    decide(store, MERGE, "Peskow", "Dmitri Peskow")
    with pytest.raises(UsageError, match="no decision 7"):
        undo(store, 7)
    undo(store, 1)
    with pytest.raises(UsageError, match="undone already"):
        undo(store, 1)


def test_the_unnamed_are_nobodys_alias(tmp_path: Path) -> None:
    path = tmp_path / "s"
    put(path, "a.txt", ("ein-sprecher", None))
    put(path, "b.txt", ("ein-sprecher", None))
    ids = open_store(path).quotations().collect()["speaker_id"].to_list()
    assert len(set(ids)) == 2
    assert len(list_speakers(open_store(path))) == 0
    with pytest.raises(UsageError, match="no speaker"):
        decide(path, RENAME, "ein-sprecher", "Ida Tamm")


def test_the_users_table_wins_over_decisions(store: Path) -> None:
    decide(store, RENAME, "Wladimir Putin", "V. Putin")
    table = """
        [[speaker]]
        name = "Wladimir Wladimirowitsch Putin"
        aliases = ["V. Putin", "wladimir putin"]
        [speaker.identifiers]
        wikidata = "Q1"
    """
    (store / SPEAKERS).write_text(table, encoding="utf-8")
    with StoreWriter(store) as writer:
        assert keeper.settle(writer, keeper.read_table_of(store)) == 2
        assert keeper.settle(writer, keeper.read_table_of(store)) == 0
    entry = show_speaker(open_store(store), "Q1")
    assert (entry.name, entry.quotations) == ("Wladimir Wladimirowitsch Putin", 2)


def test_list_and_show(store: Path) -> None:
    listed = list_speakers(open_store(store), kind="person", least=2)
    assert listed["speaker"].to_list() == ["Michael Müller", "Wladimir Putin"]
    row = listed.row(1, named=True)
    assert (row["quotations"], row["articles"]) == (2, 2)
    assert set(row["aliases"]) == {"Putin", "Wladimir Putin"}
    entry = show_speaker(open_store(store), "Michael Müller")
    assert [(r.text, r.rows) for r in entry.roles] == [("Bürgermeister", 1), ("Trainer", 1)]
    assert show_speaker(open_store(store), "Wladimir Putin").outlets == ("Blatt", "Zeitung")
    assert show_speaker(open_store(store), "Putin", by_surname=True).name == "Wladimir Putin"
    with pytest.raises(UsageError, match="no speaker is called Utin"):
        show_speaker(open_store(store), "Utin", by_surname=True)
    with pytest.raises(UsageError, match="Did you mean Wladimir Putin"):
        show_speaker(open_store(store), "Putin")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[[speaker]]\nname = "A"\naliases = ["B"]\n[[speaker]]\nname = "B"\naliases = ["A"]', "one speaker only"),
        ('[[speaker]]\nname = "A"\naliases = ["X"]\n[[speaker]]\nname = "B"\naliases = ["x"]', "one speaker only"),
        ('[[speaker]]\nname = "A"\n[[speaker]]\nname = "a"', "two entries"),
        ('[[speaker]]\nname = "A"\nparty = "SPD"', "party"),
        ('[[speaker]]\nname = ""', "speaker.1.name"),
        ('[[speaker]]\nname = "A"\nkind = "alien"', "kind"),
        ('[[people]]\nname = "A"', "people"),
        ('[[office]]\noffice = "Chef"\nbody = "X"\nholder = "Y"\ngender = "m"\nfrom = "x"\nto = "2020"', "YYYY"),
        ('[[office]]\noffice = "Chef"\nbody = "X"\nholder = "Y"\ngender = "d"\nfrom = "2010"\nto = "2020"', "gender"),
        ("speaker = [", "no TOML"),
    ],
)
def test_a_damaged_table_is_named_with_its_remedy(text: str, message: str) -> None:
    with pytest.raises(DataError, match=message) as caught:
        read_user_table(text, source="speakers.toml")
    assert caught.value.source == "speakers.toml"
    assert caught.value.remedy


def test_offices_of_the_users_table_change_the_provenance() -> None:
    office = '[[office]]\noffice = "Chef"\nbody = "X"\nholder = "Y"\ngender = "m"\nfrom = "2010-01-01"\nto = "2020"'
    assert read_user_table('[[speaker]]\nname = "A"', source="t").offices_hash == ""
    table = read_user_table(office, source="t")
    assert table.offices_hash
    assert [t.holder for t in table.terms] == ["Y"]


def test_the_log_survives_its_file() -> None:
    log = [Decision(1, MERGE, "A", "B", at="x"), Decision(2, SPLIT, "B", "Ä „C“", role="Chef")]
    log.append(undoing(log, 1, at=NOW))
    assert from_lines(to_lines(log), source="f") == log
    assert [d.number for d in in_force(log)] == [2]


@pytest.mark.parametrize("line", ["{", "[]", '{"number": 2, "what": "merge"}', '{"number": 1, "what": "sing"}'])
def test_a_damaged_log_is_named(line: str) -> None:
    with pytest.raises(StoreError, match="line 1"):
        from_lines(line, source=DECISIONS)


def test_a_crash_between_log_and_rows_is_made_good(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(keeper, "settle", crash)
        with pytest.raises(KeyboardInterrupt):
            decide(store, MERGE, "Peskow", "Dmitri Peskow")
    assert names(store)["b.txt"][1] == "Peskow"
    put(store, "g.txt", ("Ida Tamm", None))
    assert names(store)["b.txt"][1] == "Dmitri Peskow"
