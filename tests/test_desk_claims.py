"""One item a statement: appearances, sources, what was sent before, verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from quotes.desk.claims import Alone, Row, build_claims, context, each_alone, to_record, verdict_of
from quotes.desk.verdicts import Verdict

FACT, WISH = "der Deich sei 1974 gebaut worden", "man hoffe auf Regen"


def row(quote_id: str, text: str = FACT, **other: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "quote_id": quote_id,
        "doc_id": f"d-{quote_id}",
        "source": f"{quote_id}.txt",
        "outlet": None,
        "title": None,
        "published": None,
        "kind": "indirect",
        "mood": "konjunktiv_1",
        "polarity": "affirmed",
        "text": text,
        "start": 10,
        "end": 10 + len(text),
        "speaker": "Deichamt",
        "speaker_kind": "organisation",
        "speaker_role": None,
    }
    return values | other


def by_text(rows: Sequence[Row]) -> list[Alone]:
    """Rows of one text are one statement; what stands alone is left out."""
    texts = dict.fromkeys(r["text"] for r in rows)
    found = [Alone(f"s{n}", tuple(r for r in rows if r["text"] == t)) for n, t in enumerate(texts)]
    return [s for s in found if len(s.rows) > 1]


def test_the_most_check_worthy_comes_first() -> None:
    choice = build_claims([row("a", WISH), row("b"), row("c", "das Amt prüfe den Deich")])
    assert [c.claim_id for c in choice.claims] == ["b", "c", "a"]
    scores = [c.worth.score for c in choice.claims]
    assert scores == sorted(scores, reverse=True)
    assert (choice.below, choice.beyond) == (0, 0)


def test_what_is_below_the_score_or_beyond_the_most_is_counted() -> None:
    choice = build_claims([row("a", WISH), row("b"), row("c"), row("d")], min_score=0.4, top=2)
    assert [c.claim_id for c in choice.claims] == ["b", "c"]
    assert (choice.below, choice.beyond) == (1, 1)


def test_one_article_in_two_sources_is_one_claim_with_both() -> None:
    rows = [row("a", source="one.txt"), row("a", source="two.txt")]
    (claim,) = build_claims(rows).claims
    assert [r["source"] for r in claim.rows] == ["one.txt", "two.txt"]
    # The same article twice is no second appearance.
    assert "appearances" not in {f.name for f in claim.worth.features}


def test_rows_of_one_statement_are_one_claim_that_weighs_more() -> None:
    alone = build_claims([row("a")]).claims[0].worth.score
    rows = [row("a", outlet="Deichbote"), row("b", outlet="Marschkurier"), row("c", WISH)]
    choice = build_claims(rows, group=by_text)
    assert [(c.claim_id, len(c.rows)) for c in choice.claims] == [("s0", 2), ("c", 1)]
    assert choice.claims[0].worth.score > alone
    assert {"appearances", "outlets"} <= {f.name for f in choice.claims[0].worth.features}
    assert choice.claims[0].repeats == ()


def test_a_statement_sent_before_with_other_rows_says_so() -> None:
    rows = [row("a"), row("b"), row("c", WISH)]
    (claim,) = build_claims(rows, group=by_text, new={"b"}).claims
    assert claim.row["quote_id"] == "b"
    assert claim.repeats == ("a",)
    assert claim.new == {"b"}
    assert build_claims(rows, group=by_text, new=set()).claims == ()


def test_each_alone_keeps_the_order_and_joins_sources() -> None:
    rows = [row("b"), row("a"), row("b", source="x")]
    assert [(s.statement_id, len(s.rows)) for s in each_alone(rows)] == [("b", 2), ("a", 1)]


def test_the_latest_verdict_on_any_appearance_counts() -> None:
    (claim,) = build_claims([row("a"), row("b")], group=by_text).claims
    old = Verdict("a", "confirmed", "A", "2026-01-01T00:00:00+00:00")
    late = Verdict("b", "false", "B", "2026-01-02T00:00:00+00:00")
    assert verdict_of(claim, {"a": old, "b": late, "z": old}) == late
    assert verdict_of(claim, {"a": old}) == old
    assert verdict_of(claim, {}) is None


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [(9, 13, "Zwei hier."), (0, 4, "Eins."), (1, 13, "Eins.\n\nZwei hier.")],
)
def test_the_context_is_the_paragraphs_as_they_are(start: int, end: int, expected: str) -> None:
    assert context({"start": start, "end": end}, "Eins.\n\nZwei hier.\n\nDrei.") == expected
    assert context({"start": start, "end": end}, None) is None


def test_a_record_has_the_row_and_what_the_feed_adds() -> None:
    mine = row("a", published=None)
    other = row("b", outlet="Marschkurier")
    (claim,) = build_claims([mine, other], group=by_text, new={"a"}).claims
    text = "Vorweg.\n\n" + "x" + FACT
    documents = {("d-a", "a.txt"): {"url": "https://deichbote.example/1", "text": text}}
    verdict = Verdict("b", "checking", "Ada", "2026-01-01T00:00:00+00:00")
    record = to_record(claim, documents, {"b": verdict}, batch=4)
    assert record["claim_id"] == "s0"
    assert record["batch"] == 4
    assert record["repeats"] == ["b"]
    assert record["verdict"]["by"] == "Ada"
    assert record["url"] == "https://deichbote.example/1"
    assert record["context"] == "x" + FACT
    assert [(a["quote_id"], a["new"], a["url"]) for a in record["appearances"]] == [
        ("a", True, "https://deichbote.example/1"),
        ("b", False, None),
    ]
    assert {name: record[name] for name in mine} == mine
    assert record["score"] == claim.worth.score
    assert {"name", "weight", "evidence"} == set(record["features"][0])
