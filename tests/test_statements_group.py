"""Grouping: one agency copy in several outlets, what stays apart, no chains, a cost that grows with the rows."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from work_counts import calls

from quotes.statements import Statement, group, grouping, same_statement
from quotes.statements.agreement import contradict, prepare

START = datetime(2024, 9, 2, 6, 0)


def row(
    number: int, text: str, kind: str = "direct", *, doc: str = "", hours: float | None = None, **more: Any
) -> dict[str, Any]:
    """A row of an article of its own, an hour after the row before."""
    later = number if hours is None else hours
    return {
        "quote_id": f"q{number:03}",
        "doc_id": doc or f"d{number:03}",
        "source": f"articles/{number:03}.txt",
        "outlet": f"Blatt {number}",
        "published": START + timedelta(hours=later),
        "speaker": "Hanno Deichmann",
        "kind": kind,
        "text": text,
        **more,
    }


def ids(statements: Sequence[Statement]) -> list[list[str]]:
    return [[r["quote_id"] for r in one.rows] for one in statements]


AGENCY = [
    row(1, "Der Tunnel ist undicht, aber niemand ist in Gefahr. Wir pumpen das Wasser seit Freitag ab."),
    row(2, "Der Tunnel ist undicht, aber niemand ist in Gefahr."),
    row(3, "Der Stollen ist undicht, aber niemand ist in Gefahr. Wir pumpen das Wasser seit Freitag ab."),
    row(4, "man pumpe das Wasser seit Freitag ab", "indirect"),
    row(5, "Der Tunnel ist dicht, aber niemand ist in Sicherheit."),
    row(6, "Wir pumpen das Wasser seit Montag ab."),
    row(7, "Die Züge fahren erst im Frühjahr wieder."),
]


def test_one_copy_in_several_outlets_with_what_each_made_of_it() -> None:
    (one,) = group(AGENCY)
    assert ids([one]) == [["q001", "q002", "q003", "q004"]]
    assert [w.difference.relation for w in one.wordings] == ["reference", "shortened", "altered", "rendered"]
    assert [w.difference.verbatim_differs for w in one.wordings] == [False, False, True, False]
    assert (one.articles, one.outlets, one.altered) == (4, ("Blatt 1", "Blatt 2", "Blatt 3", "Blatt 4"), True)
    assert one.statement_id == "s-q001"
    assert one.first is AGENCY[0]


@given(st.permutations(AGENCY))
def test_the_order_of_the_rows_does_not_matter(rows: list[dict[str, Any]]) -> None:
    assert ids(group(rows)) == [["q001", "q002", "q003", "q004"]]


def test_unknown_times_come_last_and_a_direct_quotation_is_the_reference() -> None:
    text = "Die Fischer bekommen für jeden verlorenen Tag eine Entschädigung"
    rows = [
        row(1, text) | {"published": None},
        row(2, "die Fischer bekämen für jeden verlorenen Tag eine Entschädigung", "indirect"),
        row(3, text),
    ]
    (one,) = group(rows)
    assert ids([one]) == [["q002", "q003", "q001"]]
    assert one.first["quote_id"] == "q002"
    assert one.reference["quote_id"] == "q003"
    assert [w.difference.relation for w in one.wordings] == ["rendered", "reference", "identical"]
    assert not one.altered


def test_a_statement_of_one_article_is_none() -> None:
    text = "Die Schleuse bleibt den ganzen Winter geschlossen"
    assert group([row(1, text), row(2, text, doc="d001")]) == []


def test_one_article_in_two_sources_is_one_appearance() -> None:
    text = "Die Schleuse bleibt den ganzen Winter geschlossen"
    copy = row(1, text) | {"source": "mirror/1.txt"}
    (one,) = group([row(1, text), copy, row(2, text)])
    assert one.articles == 2
    assert [w.sources for w in one.wordings] == [("articles/001.txt", "mirror/1.txt"), ("articles/002.txt",)]
    assert len(one.rows) == 3
    assert group([row(1, text), copy]) == []


def test_groups_do_not_chain() -> None:
    a = "Die Werft bekommt einen neuen Kran aus Finnland."
    b = "Die Stadt zahlt davon zwei Drittel in drei Raten."
    c = "Der Hafen wird im nächsten Sommer ausgebaggert."
    bridge = row(3, f"{a} {b}")
    assert same_statement(row(1, a), bridge)
    assert same_statement(row(2, f"{b} {c}"), bridge)
    assert ids(group([row(1, a), row(2, f"{b} {c}"), bridge])) == [["q001", "q003"]]


def test_no_two_members_contradict_each_other() -> None:
    short = row(1, "Die Brücke bekommt neue Pfeiler aus Granit")
    one = row(2, "Die Brücke bekommt 14 neue Pfeiler aus Granit")
    other = row(3, "Die Brücke bekommt 41 neue Pfeiler aus Granit")
    assert same_statement(short, one)
    assert same_statement(short, other)
    assert contradict(prepare(one), prepare(other))
    assert ids(group([short, one, other])) == [["q001", "q002"]]


def test_what_nobody_compares_is_not_grouped() -> None:
    text = "Die Schleuse bleibt den ganzen Winter geschlossen"
    assert group([row(1, text), row(2, text, speaker="Beate Tholen")]) == []
    assert group([row(1, text), row(2, text, hours=24 * 60)]) == []


def test_what_else_a_row_has_is_kept() -> None:
    text = "Die Schleuse bleibt den ganzen Winter geschlossen"
    (one,) = group([row(1, text, url="https://blatt.example/1"), row(2, text)])
    assert one.first["url"] == "https://blatt.example/1"


def generated(count: int) -> list[dict[str, Any]]:
    """Rows of a few speakers about ever the same things: every third statement is told by several outlets."""
    chance = random.Random(7)
    parts = "ba ke li mo nu ra se ti vo wu dra fle gri kno ple stra".split()
    things = ["".join(chance.choices(parts, k=chance.randint(2, 4))) for _ in range(3000)]
    words = [w.capitalize() if at % 2 else f"{w}en" for at, w in enumerate(things)]
    often = [1 / (at + 1) for at in range(len(words))]
    rows: list[dict[str, Any]] = []
    while len(rows) < count:
        text = " ".join(chance.choices(words, often, k=chance.randint(6, 14)))
        speaker, hours = f"Sprecher {chance.choice(parts).title()}", chance.randint(0, 9000)
        for copy in range(chance.choice([1, 1, 3])):
            cut = text if copy < 2 else text.rpartition(" ")[0]
            rows.append(row(len(rows), cut, hours=hours + copy, speaker=speaker))
    return rows[:count]


def test_twice_the_rows_cost_about_twice_as_much() -> None:
    def cost(count: int) -> int:
        rows = generated(count)
        return calls(lambda: group(rows))

    cost(100)  # what is read once and kept
    small = cost(800)
    assert cost(1600) < 3 * small


def test_a_row_is_compared_with_few_others(monkeypatch: Any) -> None:
    asked = 0

    def counted(a: Any, b: Any) -> Any:
        nonlocal asked
        asked += 1
        return compare(a, b)

    compare = grouping.compare
    monkeypatch.setattr(grouping, "compare", counted)
    rows = generated(1200)
    group(rows)
    assert 0 < asked <= len(rows) * grouping.COMPARED


def test_a_copy_is_found_among_thousands_about_the_same() -> None:
    rows = [row(n, f"Der Deich hält, und der Deich wird erhöht, sagt Posten {n}") for n in range(300)]
    rows.append(row(900, "Der Deich hält, und der Deich wird erhöht, sagt Posten 7", hours=11))
    assert ["q007", "q900"] in ids(group(rows))


def test_near_copies_are_pairs_of_two_articles_that_one_thing_keeps_apart() -> None:
    copies = [
        row(1, "Wir haben 61 Boote im Hafen verkauft"),
        row(2, "Wir haben 16 Boote im Hafen verkauft"),
        row(3, "Wir haben 61 Boote im Hafen nicht verkauft"),
        row(4, "Wir haben 61 Boote im Hafen verkauft"),
        row(5, "Die Züge fahren erst im Frühjahr wieder"),
        row(6, "Wir haben 62 Boote im Hafen verkauft", doc="d001"),
    ]
    pairs = [(pair.first["quote_id"], pair.other["quote_id"], pair.reason) for pair in grouping.near_copies(copies)]
    assert ("q001", "q002", "number") in pairs
    assert ("q001", "q003", "negation") in pairs
    # One pair of two statements, whoever else copied them.
    assert not any({"q005", "q004"} & {first, other} for first, other, _ in pairs)
    # Two rows of one article are its own matter.
    assert ("q001", "q006", "number") not in pairs
