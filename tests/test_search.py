"""Who said what in a store: names, words and the other conditions."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from made_store import make_article, put

from quotes.errors import UsageError
from quotes.registry.people import suggest_names
from quotes.search import Archive, Filters, open_store

PRESIDENT = {"speaker": "Radan Vitek", "speaker_text": "Radan Vitek", "speaker_role": "tschechischer Präsident"}
SATELLITES = "Neue Satelliten kommen"
ROWS: list[tuple[str, dict[str, Any], list[dict[str, Any]]]] = [
    (
        "a.txt",
        {"published": datetime(2023, 9, 13, 23, 30), "outlet": "Grüner Anzeiger"},
        [
            {"text": "Die Straße bleibt gesperrt", "speaker": "Hans Müller", "via": ("AFP",)},
            {"text": "Neue Satelliten kommen", **PRESIDENT, "addressee": "Journalisten in Prag", "confidence": 0.6},
            {"text": "Die Bundeskanzlerin irrt", "speaker": "Hans Müller", "kind": "indirect"},
        ],
    ),
    (
        "b.txt",
        {"published": datetime(2023, 9, 14, 0, 0), "outlet": "Zeitung am Abend"},
        [
            {
                "text": "Es ist ein heiliger Krieg",
                "speaker": "Radan Vitek",
                "speaker_text": "der Burgherr",
                "resolution": "role",
            },
            {"text": "Heilig ist kein Krieg", "speaker": "Olga Dorn", "speaker_role": "Sprecherin des Burgherrn"},
            {"text": "Wir zahlen die Geldstrafe", "speaker": "Amt für Statistik", "speaker_kind": "organisation"},
        ],
    ),
    (
        "c.txt",
        {},
        [
            {"text": "Strafe muss sein, sagt man", "speaker": "Mueller & Söhne", "speaker_kind": "organisation"},
            {"text": "Niemand weiß es"},
        ],
    ),
]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    path = tmp_path_factory.mktemp("asked") / "s"
    put(path, *(make_article(source, said, **known) for source, known, said in ROWS))
    return open_store(path)


def texts(found: pl.LazyFrame) -> list[str]:
    return found.collect()["text"].to_list()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Müller", ["Die Straße bleibt gesperrt", "Die Bundeskanzlerin irrt", "Strafe muss sein, sagt man"]),
        ("mueller", ["Die Straße bleibt gesperrt", "Die Bundeskanzlerin irrt", "Strafe muss sein, sagt man"]),
        ("Hans Müllers", ["Die Straße bleibt gesperrt", "Die Bundeskanzlerin irrt"]),
        ("Müll", []),
        # By alias, and by a role that was printed elsewhere.
        ("der Burgherr", ["Neue Satelliten kommen", "Es ist ein heiliger Krieg"]),
        ("des tschechischen Präsidenten", ["Neue Satelliten kommen", "Es ist ein heiliger Krieg"]),
        ("Sprecherin", ["Heilig ist kein Krieg"]),
        ("Statistik", ["Wir zahlen die Geldstrafe"]),
        ("dpa", []),
    ],
)
def test_by_name(archive: Archive, name: str, expected: list[str]) -> None:
    assert texts(archive.find(name)) == expected


@pytest.mark.parametrize(
    ("about", "expected"),
    [
        ("satellit", ["Neue Satelliten kommen"]),
        ("Satelliten neu", ["Neue Satelliten kommen"]),
        ("Satelliten, Strafe, Xylophon", [SATELLITES, "Wir zahlen die Geldstrafe", "Strafe muss sein, sagt man"]),
        ("STRASSE", ["Die Straße bleibt gesperrt"]),
        ("Kanzler", ["Die Bundeskanzlerin irrt"]),
        ("Strafe", ["Wir zahlen die Geldstrafe", "Strafe muss sein, sagt man"]),
        ("Krieg", ["Es ist ein heiliger Krieg", "Heilig ist kein Krieg"]),
        ('"heiliger Krieg"', ["Es ist ein heiliger Krieg"]),
        ("„heiliger Krieg“ ist", ["Es ist ein heiliger Krieg"]),
        ('"heiligen Krieg"', []),
        ("die", ["Die Straße bleibt gesperrt", "Die Bundeskanzlerin irrt", "Wir zahlen die Geldstrafe"]),
        ("die Straße", ["Die Straße bleibt gesperrt"]),
        ("Xylophon", []),
    ],
)
def test_by_words(archive: Archive, about: str, expected: list[str]) -> None:
    assert texts(archive.find(about=about)) == expected


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"kind": "indirect"}, ["Die Bundeskanzlerin irrt"]),
        ({"since": date(2023, 9, 14)}, [row["text"] for row in ROWS[1][2]]),
        ({"until": date(2023, 9, 13)}, [row["text"] for row in ROWS[0][2]]),
        ({"since": date(2023, 9, 14), "about": "Krieg", "name": "Dorn"}, ["Heilig ist kein Krieg"]),
        ({"since": date(2023, 10, 1), "about": "Krieg"}, []),
        ({"since": date(2022, 1, 1), "until": date(2022, 12, 31), "about": "Krieg"}, []),
        ({"outlet": "anzeige"}, []),
        ({"outlet": "GRUEN anzeiger"}, [row["text"] for row in ROWS[0][2]]),
        ({"via": "afp"}, ["Die Straße bleibt gesperrt"]),
        ({"to": "Journalist"}, ["Neue Satelliten kommen"]),
        ({"min_confidence": 0.7, "name": "Präsident"}, ["Es ist ein heiliger Krieg"]),
    ],
)
def test_by_the_rest(archive: Archive, filters: dict[str, Any], expected: list[str]) -> None:
    assert texts(archive.find(**filters)) == expected
    assert [text for batch in archive.batches(Filters(**filters)) for text in batch["text"]] == expected


@pytest.mark.parametrize(
    "filters",
    [
        {"kind": "gossip"},
        {"since": date(2023, 2, 1), "until": date(2023, 1, 1)},
        {"min_confidence": 1.5},
        {"about": " ,.- "},
        {"name": "?!"},
    ],
)
def test_what_makes_no_sense(archive: Archive, filters: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        archive.find(**filters)


def test_an_ambiguous_name_is_noted(archive: Archive) -> None:
    asked = open_store(archive.path)
    asked.find("Müller")
    assert asked.notes == ["Müller may be 2 speakers: Hans Müller, Mueller & Söhne"]
    assert suggest_names(asked, "Vitec") == ["Radan Vitek"]
    assert suggest_names(asked, "Xylophon") == []


def test_the_users_own_alias(tmp_path: Path) -> None:
    put(tmp_path / "s", make_article("a.txt", [{"text": "Ja", "speaker": "Radan Vitek"}]))
    (tmp_path / "s" / "speakers.toml").write_text('[[speaker]]\nname = "Radan Vitek"\naliases = ["der Alte"]\n')
    assert texts(open_store(tmp_path / "s").find("der Alte")) == ["Ja"]
