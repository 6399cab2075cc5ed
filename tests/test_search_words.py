"""Which words a word means, whom a name means, and how a question is read."""

from __future__ import annotations

import pytest

from quotes.folding import words
from quotes.search.index import Called
from quotes.search.matching import means, read_question, search_words
from quotes.search.names import meant, read_name

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
