"""Which sentences need a parse, told by their words; and what that costs on our gold."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from evaluate_gate import gated, left_out, loss_on
from gold import load_seeds

from quotes import tables
from quotes.parse import gate
from quotes.parse.gate import carries, names_somebody, needed
from quotes.parse.memory import SentenceMemory, unparsed
from quotes.tables import word_list, word_set

PLAIN = "In der Nacht fällt oberhalb von 900 Metern der erste Schnee ."


def words(text: str) -> list[str]:
    return text.split()


@pytest.mark.parametrize(
    "text",
    [
        "„ Wir bauen ‘ .",
        "Brandt : Wir bauen .",
        "Das gehe nicht – jedenfalls jetzt .",
        "Die Firma meldete einen Verlust .",
        "Sie hat den Verlust gemeldet .",
        "Er teilte das Ergebnis gestern mit .",
        "Das wurde am Abend mitgeteilt .",
        "Ohne es mitzuteilen , fuhr er ab .",
        "Der Bau versprach viel .",
        "Die Anlage sei sicher .",
        "Das Dach wäre undicht .",
        "Laut Polizei gab es Verletzte .",
        "Dem Amt zufolge fehlt Geld .",
        "Der Täter soll groß sein .",
        "Nach Angaben des Amts fehlt Geld .",
        "Sagte sie das ?",
    ],
)
def test_what_may_hold_a_quotation_or_its_frame(text: str) -> None:
    assert carries(words(text))


@pytest.mark.parametrize("text", [PLAIN, "Am Wetter liegt es nicht .", "Im Tal bleibt es trocken .", "1 2 3", "."])
def test_what_can_not(text: str) -> None:
    assert not carries(words(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Gestern kam Olga Brenn an .", True),
        ("Ota Brenn kam an .", True),
        ("Frau Brenn kam an .", True),
        ("Dort wartet der Bürgermeister .", True),
        (PLAIN, False),
        ("Die Brücke ist alt .", False),
    ],
)
def test_who_may_speak_is_met_by_name_title_or_role(text: str, expected: bool) -> None:
    assert names_somebody(words(text)) is expected


@pytest.fixture
def fresh_lists() -> Iterator[None]:
    for cached in (word_set, gate._signals):
        cached.cache_clear()
    yield
    for cached in (word_set, gate._signals):
        cached.cache_clear()


@pytest.mark.usefixtures("fresh_lists")
@pytest.mark.parametrize("name", ["source_words", "sentence_openings"])
def test_an_emptied_word_list_is_missed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    lists = {other: word_list(other) for other in ("konjunktiv_1", "konjunktiv_2", "source_words", "sentence_openings")}
    lists |= {other: word_list(other) for other in ("separable_particles", "inseparable_prefixes")}
    monkeypatch.setattr(tables, "_word_lists", lambda: {**lists, name: ()})
    assert carries(words("Dem Amt zufolge fehlt Geld .")) is (name != "source_words")
    assert names_somebody(words("Die Brücke ist alt .")) is (name == "sentence_openings")


def test_neighbours_of_what_carries_need_a_parse_and_so_do_names() -> None:
    said = "„ Das ist viel “ , sagte sie ."
    article = [PLAIN, PLAIN, said, PLAIN, PLAIN, "Gestern kam Olga Brenn an .", PLAIN]
    assert needed([words(text) for text in article]) == [False, True, True, True, False, True, False]


def test_an_article_without_a_quotation_needs_none() -> None:
    assert needed([words(PLAIN), words("Gestern kam Olga Brenn an .")]) == [False, False]
    assert needed([]) == []


@pytest.mark.parametrize("name", ["development", "calibration", "unseen", "cases"])
def test_the_gate_loses_at_most_three_tenths_of_a_point(name: str) -> None:
    found = loss_on(name)
    assert found.whole > 0.5
    assert found.whole - found.gated <= 0.003


def test_the_gate_leaves_something_out_and_keeps_all_words() -> None:
    seeds = [article.parsed for article in load_seeds()]
    assert 0 < left_out(seeds) < 0.5
    for parsed in seeds:
        for before, after in zip(parsed.sentences, gated(parsed).sentences, strict=True):
            assert [(t.text, t.start, t.end) for t in before.tokens] == [(t.text, t.start, t.end) for t in after.tokens]
            assert sum(token.head < 0 for token in after.tokens) == 1


def test_sentences_are_remembered_for_two_generations() -> None:
    memory = SentenceMemory(most_words=4)
    often, once = ("Der", "Zug"), ("Ein", "Bus")
    memory.keep(often, unparsed(often))
    memory.keep(once, unparsed(once))
    for number in range(6):
        assert memory.recall(often) == unparsed(often)
        new = ("Nummer", str(number))
        assert memory.recall(new) is None
        memory.keep(new, unparsed(new))
    assert memory.recall(once) is None


def test_a_sentence_longer_than_the_memory_is_kept_alone() -> None:
    memory = SentenceMemory(most_words=1)
    memory.keep(("a", "b"), unparsed(("a", "b")))
    assert memory.recall(("a", "b")) == unparsed(("a", "b"))
