"""Who said what: names, words, the other conditions, and an index that is never the truth."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_store import make_article, put

from quotes.errors import UsageError
from quotes.folding import words
from quotes.registry.people import suggest_names
from quotes.search import Archive, Filters, open_store
from quotes.search.index import Called
from quotes.search.matching import means, read_question, search_words
from quotes.search.names import meant, read_name
from quotes.store import INDEX
from quotes.store import writing as room

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


KNOWN = frozenset("bund geld strafe staat stadt erde welt".split())


@pytest.mark.parametrize(
    ("word", "term", "expected"),
    [
        ("satellit", "satelliten", True),
        ("satelliten", "satellit", True),
        ("satellit", "spionagesatellitenbild", True),
        ("raketen", "raketentechnologie", True),
        ("rakete", "raketenbau", True),
        ("kanzler", "bundeskanzlerin", True),
        ("laender", "bundeslaender", True),
        ("land", "bundeslaender", True),
        ("steuer", "mehrwertsteuern", True),
        ("steuer", "besteuern", False),
        ("gas", "erdgas", False),
        ("rat", "bundesrat", True),
        ("rat", "verrat", False),
        ("rat", "apparat", False),
        ("rat", "demokrat", False),
        ("rat", "stadtrat", True),
        ("geld", "geldstrafe", True),
        ("partei", "parteilich", False),
        ("partei", "parteichef", True),
        ("tuerke", "tuerkei", False),
        ("ei", "partei", False),
        ("20", "2023", False),
        ("2023", "2023", True),
    ],
)
def test_what_a_word_means(word: str, term: str, expected: bool) -> None:
    assert means(word, term, KNOWN.__contains__) is expected


def test_a_question_is_read() -> None:
    one, other = read_question('Satelliten der Mond "Die große Reise, allein", »ins All«')
    assert (one.words, one.phrases) == (("satelliten", "mond"), (("die", "grosse", "reise", "allein"),))
    assert (other.words, other.phrases) == ((), (("ins", "all"),))
    assert [asked.words for asked in read_question("der die")] == [("der", "die")]
    assert [asked.words for asked in read_question("1,5 Grad, ")] == [("1", "5", "grad")]


def called(*forms: tuple[str, str, str]) -> list[Called]:
    return [Called(speaker, True, " ".join(words(form)), what) for speaker, form, what in forms]


FORMS = called(
    ("Radan Vitek", "Radan Vitek", "name"),
    ("Radan Vitek", "Burgchef", "role"),
    ("Olga Dorn", "Olga Dorn", "name"),
    ("Olga Dorn", "Viteks Sprecherin", "printed"),
    ("Olga Dorn", "Sprecherin des Burgchefs", "role"),
    ("Regierung von Präsident Vitek", "Regierung von Präsident Vitek", "name"),
    ("Amt für Statistik", "Amt für Statistik", "name"),
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Vitek", ["Radan Vitek"]),
        ("Burgchef", ["Radan Vitek"]),
        ("dem Burgchef", ["Radan Vitek"]),
        ("Sprecherin", ["Olga Dorn"]),
        ("Regierung", ["Regierung von Präsident Vitek"]),
        ("Statistik", ["Amt für Statistik"]),
        ("Koch", []),
    ],
)
def test_whom_a_name_means(name: str, expected: list[str]) -> None:
    assert meant(read_name(name)[0], FORMS) == expected


@pytest.mark.parametrize(
    "name", ["passed_over", "joints", "endings", "verbal_prefixes", "derivations", "openers", "attributes"]
)
def test_an_emptied_list_is_missed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def probe() -> list[object]:
        return [
            read_question("der Mond und die Sonne"),
            *(means(a, b, KNOWN.__contains__) for a, b in PROBES),
            [meant(read_name(who)[0], FORMS) for who in ("der Burgchef", "Burgchef")],
        ]

    before = probe()
    real = search_words
    for module in ("quotes.search.matching", "quotes.search.names"):
        monkeypatch.setattr(f"{module}.search_words", lambda asked: frozenset() if asked == name else real(asked))
    assert probe() != before


PROBES = [
    ("steuer", "aussteuer"),
    ("rat", "bundesrat"),
    ("steuer", "besteuern"),
    ("steuer", "mehrwertsteuern"),
    ("partei", "parteilich"),
]


# The index against reading everything -------------------------------------------------------------------------

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


def test_a_store_that_cannot_be_written_to(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    asked = open_store(archive.path)
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
