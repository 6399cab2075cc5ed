"""Public offices by date: who is meant, and that nobody is where country, day or holder are in doubt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from itertools import pairwise

import pytest
from hand_trees import comes, parsed, says

from quotes import lexicon
from quotes.errors import DataError
from quotes.extract import extract
from quotes.lexicon import Lexicon, load_lexicon
from quotes.model import ParsedDocument, Speaker
from quotes.speakers.offices import Offices, Term, known_terms, read_term
from quotes.speakers.role_nouns import split_office
from quotes.tables import read_table

DAY = datetime(2023, 9, 13)


def role(word: str, gender: str = "Masc", *, adjective: str = "", owner: str = "") -> str:
    """*Der ADJECTIVE WORD* or *OWNERs WORD* as a subject."""
    if owner:
        return f"{owner} PROPN 2 nmod Case=Gen\n{word} NOUN V nsubj Case=Nom|Gender={gender}|Number=Sing"
    article = "Die" if gender == "Fem" else "Der"
    if not adjective:
        return f"{article} DET 2 det lemma=der\n{word} NOUN V nsubj Case=Nom|Gender={gender}|Number=Sing"
    lines = (f"{article} DET 3 det lemma=der", f"{adjective} ADJ 3 amod Case=Nom")
    return "\n".join([*lines, f"{word} NOUN V nsubj Case=Nom|Gender={gender}|Number=Sing"])


def surname(word: str) -> str:
    return f"{word} PROPN V nsubj Case=Nom|Number=Sing"


def dated(*tables: str, day: datetime | None = DAY) -> ParsedDocument:
    made = parsed(*tables)
    return replace(made, document=replace(made.document, published=day))


def last(document: ParsedDocument, offices: Offices | None = None) -> Speaker:
    return extract(document, offices=offices)[-1].speaker


@pytest.mark.parametrize(
    ("phrase", "holder"),
    [
        (role("Präsident", adjective="russische"), "Wladimir Putin"),
        (role("Staatschef", owner="Russlands"), "Wladimir Putin"),
        (role("Kremlchef"), "Wladimir Putin"),
        (role("US-Präsident"), "Joe Biden"),
        (role("Außenministerin", "Fem", adjective="deutsche"), "Annalena Baerbock"),
        (role("EZB-Chefin", "Fem"), "Christine Lagarde"),
        (role("Nato-Generalsekretär"), "Jens Stoltenberg"),
        (role("CDU-Chef"), "Friedrich Merz"),
    ],
)
def test_an_office_with_its_country_or_body_has_its_holder_of_the_day(phrase: str, holder: str) -> None:
    speaker = last(dated(says(phrase)))
    assert (speaker.name, speaker.resolution, speaker.kind) == (holder, "role", "person")
    assert speaker.role is not None


@pytest.mark.parametrize(
    "phrase",
    [
        role("Präsident", adjective="frühere"),
        role("Vizepräsident", adjective="russische"),
        role("Außenminister", adjective="deutsche"),  # a woman held it on that day
        role("Präsident"),  # of what?
        role("Minister", adjective="russische"),  # which one?
        role("Landespolizeipräsident"),
    ],
)
def test_what_is_in_doubt_has_no_holder(phrase: str) -> None:
    names = {term.holder for term in known_terms()}
    assert last(dated(says(phrase))).name not in names


def test_the_day_decides() -> None:
    phrase = says(role("US-Präsident"))
    assert last(dated(phrase, day=datetime(2015, 3, 1))).name == "Barack Obama"
    assert last(dated(phrase, day=datetime(1999, 3, 1))).name == "US-Präsident"
    assert last(dated(phrase, day=None)).name == "US-Präsident"
    assert last(dated(phrase, day=datetime(2090, 3, 1))).name == "US-Präsident"


def test_the_article_itself_goes_before_the_table() -> None:
    named = "Präsident NOUN V nsubj Case=Nom|Gender=Masc\nJonas PROPN 1 appos\nBrauner PROPN 2 flat"
    own = named.replace("Präsident", "US-Präsident")
    assert last(dated(comes(own), says(role("US-Präsident")))).name == "Jonas Brauner"


def test_a_surname_with_its_office_is_the_holder() -> None:
    named = "Kremlchef NOUN V nsubj Case=Nom|Gender=Masc\nPutin PROPN 1 appos"
    speaker = last(dated(says(named), says(surname("Putin"))))
    assert (speaker.name, speaker.resolution) == ("Wladimir Putin", "surname")
    other = named.replace("Putin", "Brauner")
    assert last(dated(says(other), says(surname("Brauner")))).name == "Brauner"


def test_bundes_needs_a_home() -> None:
    chancellor = says(role("Bundeskanzler"))
    assert last(dated(chancellor)).name == "Bundeskanzler"
    assert last(dated(comes(surname("Wien")), chancellor)).name == "Karl Nehammer"
    assert last(dated(comes(surname("Berlin")), chancellor)).name == "Olaf Scholz"


def test_a_bare_office_needs_a_country_that_leaves_no_choice() -> None:
    minister = says(role("Außenministerin", "Fem"))
    assert last(dated(minister)).name == "Annalena Baerbock"  # the only woman of the three
    # Two women held the office, one of them in France.
    assert last(dated(comes(surname("Frankreich")), minister)).name == "Außenministerin"
    assert last(dated(comes(surname("Wien")), minister)).name == "Außenministerin"  # a man held it there
    # Nobody is known for Fidschi, so that nobody can be ruled out.
    assert last(dated(comes(surname("Fidschi")), minister)).name == "Außenministerin"


def test_a_users_term_goes_first() -> None:
    own = Term("Präsident", "Russland", "Ida Tamm", "f", date(2023, 1, 1), date(2023, 12, 31))
    offices = Offices((own, *known_terms()), load_lexicon())
    president = role("Präsidentin", "Fem", adjective="russische")
    assert last(dated(says(president)), offices).name == "Ida Tamm"


@pytest.mark.parametrize(
    ("word", "core", "country"),
    [
        ("Kremlchef", "chef", "Russland"),
        ("US-Präsident", "präsident", "USA"),
        ("EZB-Chefin", "chefin", "Europäische Zentralbank"),
        ("Bundeskanzler", "kanzler", "Deutschland"),
        ("Minister", "minister", None),
        ("Ausbilder", "ausbilder", None),
    ],
)
def test_the_country_in_a_compound(word: str, core: str, country: str | None) -> None:
    assert split_office(word, load_lexicon()) == (core, country)


def test_partial_dates_are_read_as_what_is_certain() -> None:
    row = {"office": "Chef", "body": "X", "holder": "Y", "gender": "m", "from": "2012-05", "to": "2014"}
    term = read_term(row, source="t")
    assert (term.first, term.last) == (date(2012, 6, 1), date(2013, 12, 31))
    december = read_term(row | {"from": "2012-12", "to": "2014-01"}, source="t")
    assert (december.first, december.last) == (date(2013, 1, 1), date(2013, 12, 31))


@pytest.mark.parametrize(
    "change", [{"from": "gestern"}, {"gender": "x"}, {"from": "2015-01-01"}, {"to": "2013-02-30"}, {"to": ""}]
)
def test_a_damaged_term_is_named(change: dict[str, str]) -> None:
    row = {"office": "Chef", "body": "X", "holder": "Ida", "gender": "m", "from": "2012-05-01", "to": "2014-01-01"}
    with pytest.raises(DataError, match="Ida") as caught:
        read_term(row | change, source="speakers.toml")
    assert "speakers.toml" in str(caught.value)


def test_the_table_contradicts_itself_nowhere() -> None:
    by_office: dict[tuple[str, str], list[Term]] = {}
    genders: dict[str, set[str]] = {}
    for term in known_terms():
        by_office.setdefault((term.office, term.body), []).append(term)
        genders.setdefault(term.holder, set()).add(term.gender)
    assert all(len(found) == 1 for found in genders.values())
    for terms in by_office.values():
        ordered = sorted(terms, key=lambda t: t.first)
        for one, other in pairwise(ordered):
            assert (one.last - other.first).days <= 1, (one, other)


def test_every_body_can_be_named() -> None:
    table = load_lexicon()
    bodies = {term.body for term in known_terms()}
    assert {b for b in bodies if table.country_of(b) is None and table.office_body(b) is None} == set()


@pytest.mark.parametrize("emptied", ["office_bodies.tsv", "offices.tsv"])
def test_an_emptied_table_is_missed(emptied: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def table(asked: str) -> Iterator[dict[str, str]]:
        return iter(()) if asked == emptied else read_table(asked)

    document = dated(says(role("EZB-Chefin", "Fem")))
    assert last(document).name == "Christine Lagarde"
    monkeypatch.setattr(lexicon, "read_table", table)
    terms = [read_term(row, source=emptied) for row in table("offices.tsv")]
    lex = Lexicon()
    assert extract(document, lex, offices=Offices(terms, lex))[-1].speaker.name == "EZB-Chefin"
