"""Whether two rows carry one statement: what keeps them together, what parts them, which tables are consulted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import pytest

from quotes import tables
from quotes.statements import (
    agreement,
    clauses,
    denial,
    guards,
    matching,
    names,
    numbers,
    reading,
    roles,
    same_statement,
    vocabulary,
)
from quotes.statements.agreement import compare, prepare
from quotes.statements.numbers import number_at
from quotes.statements.reading import read

DAY = datetime(2024, 5, 6, 8, 30)


def row(text: str, kind: str = "indirect", *, speaker: str | None = "Wiltrud Kammer", **more: Any) -> dict[str, Any]:
    return {"speaker": speaker, "kind": kind, "text": text, "published": DAY, **more}


def reason(a: str, b: str, kind: str = "indirect") -> str:
    """Why two contents are not one statement; empty where they are."""
    verdict = compare(prepare(row(a, kind)), prepare(row(b, kind)))
    return "" if verdict.same else verdict.reason


SAME = [
    ("Wir bauen am Hafen eine neue Werkhalle.", "man baue am Hafen eine neue Werkhalle"),
    ("Die Fähre fährt ab Juni wieder zur Insel", "dass die Fähre ab Juni wieder zur Insel fahre"),
    ("Der Kreis nahm das Angebot der Stiftung an", "der Kreis habe das Angebot der Stiftung angenommen"),
    ("das Museum bekomme 2,5 Mio. Euro für den Anbau", "das Museum erhalte zweieinhalb Millionen Euro für den Anbau"),
    ("die Brücke bleibe zwei Jahre gesperrt", "die Brücke bleibe 24 Monate gesperrt"),
    ("jeder vierte Betrieb suche Lehrlinge", "25 Prozent der Betriebe suchten Lehrlinge"),
    ("es sei nicht möglich, den Damm zu erhöhen", "es sei unmöglich, den Damm zu erhöhen"),
    ("man schließe einen Verkauf der Werft aus", "ein Verkauf der Werft komme nicht in Frage"),
    ("Moskau schickt der Insel Getreide", "Russland schickt der Insel Getreide"),
    ("die USA lieferten Panzer an Polen", "die Vereinigten Staaten lieferten Panzer an Polen"),
    ("der Wirt habe den Gast beleidigt", "der Gast sei vom Wirt beleidigt worden"),
    ("die Raketentechnik mache Fortschritte", "der Raketenbau mache Fortschritte"),
    ("der Photograph habe die Bilder gelöscht", "der Fotograf habe die Bilder gelöscht"),
    (
        "Die Schleuse ist dicht. Wir warten auf ein Ersatzteil aus Schweden.",
        "man warte auf ein Ersatzteil aus Schweden",
    ),
    ("Das haben wir nie gesagt", "Das haben wir nie gesagt!"),
]


@pytest.mark.parametrize(("a", "b"), SAME)
def test_one_statement_in_two_wordings(a: str, b: str) -> None:
    assert reason(a, b) == ""
    assert reason(b, a) == ""


PARTED = [
    ("negation", "der Rat werde das Bad nicht schließen", "der Rat werde das Bad schließen"),
    ("negation", "es gebe keine Hinweise auf Brandstiftung", "es gebe Hinweise auf Brandstiftung"),
    ("negation", "man schließe eine Erhöhung der Gebühren aus", "man plane eine Erhöhung der Gebühren"),
    ("negation", "die Leitung sei undicht", "die Leitung sei dicht"),
    (
        "number",
        "bei dem Zusammenstoß seien 17 Menschen verletzt worden",
        "bei dem Zusammenstoß seien 71 verletzt worden",
    ),
    ("number", "der Anbau koste drei Millionen Euro", "der Anbau koste drei Milliarden Euro"),
    ("number", "der Umsatz sei von 5 auf 3 Millionen gefallen", "der Umsatz sei von 3 auf 5 Millionen gefallen"),
    ("number", "man brauche vier Busse und neun Fahrer", "man brauche neun Busse und vier Fahrer"),
    ("number", "im zweiten Quartal seien die Preise gefallen", "im dritten Quartal seien die Preise gefallen"),
    ("name", "Russland habe die Lieferung bezahlt", "die Ukraine habe die Lieferung bezahlt"),
    ("name", "die Sitzung beginne am Montag um acht", "die Sitzung beginne am Freitag um acht"),
    ("name", "mit Ute Grabner habe man lange verhandelt", "mit Ute Wessling habe man lange verhandelt"),
    ("name", "die CDU habe den Antrag gestellt", "die SPD habe den Antrag gestellt"),
    ("contrary", "die Mieten am Fluss würden steigen", "die Mieten am Fluss würden sinken"),
    ("contrary", "der Zug fahre mit Schaffner", "der Zug fahre ohne Schaffner"),
    ("contrary", "man plane eine Steuererhöhung für Betriebe", "man plane eine Steuersenkung für Betriebe"),
    ("condition", "wenn der Kreis zahle, werde die Schule saniert", "die Schule werde saniert"),
    ("condition", "sollte es regnen, werde das Fest verlegt", "das Fest werde verlegt"),
    ("question", "ob der Trainer von dem Vertrag gewusst habe", "der Trainer habe von dem Vertrag gewusst"),
    ("modal", "die Feuerwehr müsse das Gerät ersetzen", "die Feuerwehr dürfe das Gerät ersetzen"),
    ("modal", "der Damm könne im Winter brechen", "der Damm breche im Winter"),
    ("quantity", "alle Pfleger hätten gekündigt", "einige Pfleger hätten gekündigt"),
    ("quantity", "mehr als 40 Tiere seien verendet", "fast 40 Tiere seien verendet"),
    ("roles", "Norwegen hilft Dänemark bei der Suche", "Dänemark hilft Norwegen bei der Suche"),
    ("roles", "der Pächter habe den Wirt geschlagen", "der Wirt habe den Pächter geschlagen"),
    ("roles", "der Konzern übernehme die Werft", "der Konzern werde von der Werft übernommen"),
    ("tense", "die Länder hätten den Vertrag unterzeichnet", "die Länder würden den Vertrag unterzeichnen"),
    ("tense", "das Wasser sei verseucht", "das Wasser sei verseucht gewesen"),
    ("tense", "die Kirche wurde renoviert", "die Kirche wird renoviert"),
    ("tense", "die Fähre habe das Riff gerammt", "die Fähre ramme das Riff"),
    ("tense", "der Prozess war fair", "der Prozess wird fair sein"),
    ("number", "man habe einen Verdächtigen gefasst", "man habe zwei Verdächtige gefasst"),
    (
        "exchange",
        "Auf der Strecke zwischen Seelow und Harnstedt fahren bis Ostern nur Busse, das ist für die Pendler bitter",
        "Auf der Strecke zwischen Seelow und Grünthal fahren bis Ostern nur Busse, das ist für die Pendler bitter",
    ),
    ("exchange", "die Bäcker bräuchten mehr Mehl", "die Bäcker bräuchten mehr Lehrlinge"),
]


@pytest.mark.parametrize(("why", "a", "b"), PARTED)
def test_a_guard_parts_what_is_alike(why: str, a: str, b: str) -> None:
    assert reason(a, b) == why
    assert reason(b, a) == why


def test_a_question_mark_parts_from_the_assertion() -> None:
    assert reason("Hat der Verein das Geld verloren?", "Der Verein hat das Geld verloren.", "direct") == "question"


def test_a_number_or_name_that_one_side_alone_has_is_a_cut() -> None:
    full = "Die Werft in Norwegen baut bis Oktober 14 neue Schlepper für den Hafen"
    assert reason(full, "Die Werft baut neue Schlepper für den Hafen", "direct") == ""


def test_other_things_are_not_one_statement() -> None:
    assert reason("die Ernte sei wegen des Hagels verloren", "die Schule bekomme einen neuen Turnsaal") == "content"


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("Wiltrud Kammer", "Wiltrud Kammer", True),
        ("Wiltrud Kammer", "Kammer", True),
        ("Wiltrud Kammer", "Wiltrud", False),
        ("Wiltrud Kammer", "Egon Kammer", False),
        ("Kreml", "Moskau", True),
        ("Kreml", "Washington", False),
        ("Wiltrud Kammer", None, False),
    ],
)
def test_who_can_be_one_speaker(a: str | None, b: str | None, same: bool) -> None:
    text = "Die Stadt verkauft den Schlachthof an eine Genossenschaft."
    assert same_statement(row(text, speaker=a), row(text, speaker=b)) is same


def test_nobody_named_is_joined_by_a_copy_only() -> None:
    text = "Die Stadt verkauft den Schlachthof an eine Genossenschaft."
    reworded = "eine Genossenschaft kaufe der Stadt den Schlachthof ab"
    assert same_statement(row(text), row(reworded))
    assert same_statement(row(text, speaker=None), row(text, speaker=None))
    assert not same_statement(row(text, speaker=None), row(reworded, speaker=None))
    unnamed = {"speaker": "Sprecher", "speaker_id": "sprecher-0123abcd", "doc_id": "0123abcd99"}
    assert not same_statement(row(text, **unnamed), row(reworded, speaker="Sprecher"))


@pytest.mark.parametrize(
    ("text", "days", "same"),
    [
        ("Das prüfen wir in Ruhe", 2, True),
        ("Das prüfen wir in Ruhe", 9, False),
        ("Dieser Steinbruch hat drei Dörfer ernährt und fünf Bäche vergiftet", 9, True),
        ("Dieser Steinbruch hat drei Dörfer ernährt und fünf Bäche vergiftet", 40, False),
    ],
)
def test_a_phrase_of_another_week_is_said_anew(text: str, days: int, same: bool) -> None:
    later = row(text, "direct") | {"published": DAY + timedelta(days=days)}
    assert same_statement(row(text, "direct"), later) is same


def test_a_denied_row_is_not_the_affirmed_one() -> None:
    text = "er habe die Kasse geleert und das Geld vergraben"
    assert same_statement(row(text), row(text))
    assert not same_statement(row(text), row(text, polarity="denied"))
    assert same_statement(row("er habe die Kasse geleert", polarity="denied"), row("er habe die Kasse nicht geleert"))


def test_the_frame_inside_a_quotation_is_not_read() -> None:
    text = "Der Keller ist trocken“, sagte Kammer, „und das Dach ist dicht"
    spans = [{"start": 100, "end": 122}, {"start": 140, "end": 100 + len(text)}]
    words = [w.text for w in prepare(row(text, "direct", start=100, quote_spans=spans)).side.reading.words]
    assert words == "der keller ist trocken und das dach ist dicht".split()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("siebenundzwanzig", "27"),
        ("zweitausendfünfhundert", "2500"),
        ("2.500", "2500"),
        ("2 500", "2500"),
        ("2,5 Millionen", "2500000"),
        ("3 Mio. Euro", "3000000"),
        ("zwei Dutzend", "24"),
        ("eine Million", "1000000"),
        ("eine halbe Million", None),
        ("halbe Million", "500000"),
        ("fünfzig Prozent", "50%"),
        ("50 %", "50%"),
        ("zwei Drittel", "67%"),
        ("zweiten", "2."),
        ("20:00 Uhr", "20"),
        ("doppelt", "x2"),
        ("ein Haus", None),
        ("ein Jahr", "1"),
        ("halbe Wahrheit", None),
        ("unter", None),
    ],
)
def test_numbers_by_their_value(text: str, value: str | None) -> None:
    found = number_at([t.text for t in reading._tokens(text)])
    assert (found.value if found else None) == value


def test_sentences_and_clauses() -> None:
    found = read("Am 3. Mai kommt Dr. Holm. Er bleibt, wenn es geht, bis 2026. Dann nicht mehr!")
    assert [len({w.sentence for w in found.words}), found.words[-1].sentence] == [3, 2]
    parted = read("Der Rat hat den Plan, der seit Jahren liegt, verworfen")
    assert {w.clause for w in parted.words if w.text in ("rat", "verworfen")} == {0}


PROBES = {
    "abbreviations": ("der IWF warne vor Schulden", "der Internationale Währungsfonds warne vor Schulden"),
    "empty_words": (
        "wir haben ja auch den Deich verkauft",
        "ihr hattet wohl schon den Deich verkauft",
    ),
    "governments": ("die Bundesregierung kaufe Getreide", "Berlin kaufe Getreide"),
    "light_words": ("der Rat habe für die Bucht Ersatz erzielt", "der Rat habe für die Bucht Ersatz gefunden"),
    "modals": ("die Bahn müsse das Gleis räumen", "die Bahn dürfe das Gleis räumen"),
    "name_signs": ("die Sitzung beginne am Montag im Rathaus", "die Sitzung beginne am Freitag im Rathaus"),
    "negations": ("der Rat werde das Bad nicht schließen", "der Rat werde das Bad schließen"),
    "numbers": ("man habe zwölf neue Kessel bestellt", "man habe 13 neue Kessel bestellt"),
    "openings": ("wenn der Kreis zahle, werde die Schule saniert", "die Schule werde saniert"),
    "opposites": ("die Mieten am Fluss würden steigen", "die Mieten am Fluss würden sinken"),
    "paraphrases": ("die Firma entlasse die Lehrlinge", "das Unternehmen entlasse die Lehrlinge"),
    "quantities": ("alle Pfleger hätten gekündigt", "einige Pfleger hätten gekündigt"),
    "tenses": ("die Länder hätten den Vertrag unterzeichnet", "die Länder würden den Vertrag unterzeichnen"),
    "units": ("die Brücke bleibe zwei Jahre gesperrt", "die Brücke bleibe 24 Monate gesperrt"),
    "verb_forms": ("der Pächter habe die Äcker betreten", "der Pächter betrat die Äcker"),
}
ROOMS = (agreement, clauses, denial, guards, matching, names, numbers, reading, roles, vocabulary)


@pytest.fixture
def emptied(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    name = request.param

    def without(table: str) -> Iterator[dict[str, str]]:
        return iter(()) if table == f"use/statement_{name}.tsv" else tables.read_table(table)

    before = reason(*PROBES[name])
    _forget()
    for room in (vocabulary, names):
        monkeypatch.setattr(room, "read_table", without)
    yield before
    monkeypatch.undo()
    _forget()


def _forget() -> None:
    """Nothing may remember what the tables said."""
    for room in ROOMS:
        for value in vars(room).values():
            if hasattr(value, "cache_clear"):
                value.cache_clear()


@pytest.mark.parametrize("emptied", sorted(PROBES), indirect=True)
def test_an_emptied_table_is_missed(emptied: str, request: pytest.FixtureRequest) -> None:
    name = request.node.callspec.params["emptied"]
    assert reason(*PROBES[name]) != emptied


@cache
def _tables() -> frozenset[str]:
    folder = tables.files("quotes").joinpath("data", "use")
    found = (p.name for p in folder.iterdir() if p.name.startswith("statement_"))
    return frozenset(name.removeprefix("statement_").removesuffix(".tsv") for name in found)


def test_every_table_has_its_probe() -> None:
    assert _tables() == set(PROBES)
