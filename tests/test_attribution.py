"""Which of overlapping candidates stays, by the stated order; statements within statements; channels."""

from __future__ import annotations

from itertools import permutations

import pytest
from gold import Article, load_cases
from hypothesis import given
from hypothesis import strategies as st

from quotes.attribution import attribute, resolve
from quotes.constructions import FRAMED, UNFRAMED, nested
from quotes.constructions import ORDER as ALL_RULES
from quotes.constructions.candidate import Candidate
from quotes.constructions.context import Context
from quotes.extract import extract
from quotes.lexicon import load_lexicon
from quotes.model import Span

CASES = load_cases()
# A nested statement stands beside the quotation that holds it; all others claim their words alone.
ORDER = tuple(rule for rule in ALL_RULES if rule != nested.RULE)


def candidate(rule: str, *spans: tuple[int, int], cue: tuple[int, int] | None = None) -> Candidate:
    return Candidate(rule, tuple(Span(*s) for s in spans), "indirect", cue=(Span(*cue),) if cue else ())


def case(snippet: str) -> Article:
    (found,) = [a for a in CASES if snippet in a.text]
    return found


@pytest.mark.parametrize(("better", "worse"), [(a, b) for n, a in enumerate(ORDER) for b in ORDER[n + 1 :]])
def test_the_order_decides_and_not_the_length(better: str, worse: str) -> None:
    short, long = candidate(better, (10, 20)), candidate(worse, (5, 60))
    assert resolve([long, short]) == [short]
    assert resolve([short, long]) == [short]


@pytest.mark.parametrize("rule", ORDER)
def test_of_one_construction_the_longer_stays(rule: str) -> None:
    short, long = candidate(rule, (10, 20)), candidate(rule, (5, 60))
    assert resolve([short, long]) == [long]


def test_a_nested_statement_stands_beside_the_quotation_that_holds_it() -> None:
    outer, inner = candidate("colon", (0, 80)), candidate(nested.RULE, (20, 60))
    assert resolve([inner, outer]) == [outer, inner]
    assert resolve([inner, candidate(nested.RULE, (30, 60))]) == [inner]


def test_neighbours_that_touch_both_stay() -> None:
    one, two = candidate(ORDER[0], (0, 10)), candidate(ORDER[-1], (10, 20))
    assert resolve([two, one]) == [one, two]


def test_what_stands_between_the_parts_of_an_interrupted_quotation_is_free() -> None:
    interrupted = candidate(ORDER[0], (0, 10), (30, 40))
    between = candidate(ORDER[-1], (12, 28))
    assert resolve([between, interrupted]) == [interrupted, between]
    assert resolve([candidate(ORDER[-1], (12, 31)), interrupted]) == [interrupted]


def test_a_statement_within_a_statement_has_no_row() -> None:
    outer = candidate("complement_clause", (20, 90), cue=(10, 15))
    within = candidate("reported_act", (91, 99), cue=(40, 45))
    assert resolve([within, outer]) == [outer]
    assert resolve([candidate("reported_act", (91, 99), cue=(3, 9)), outer]) != [outer]


def test_a_verb_that_frames_a_clause_is_no_reported_act_as_well() -> None:
    clause = candidate("complement_clause", (20, 90), cue=(10, 15))
    act = candidate("reported_act", (0, 9), cue=(10, 15))
    assert resolve([act, clause]) == [clause]


CANDIDATES = st.builds(
    lambda rule, start, length, cue: candidate(rule, (start, start + length), cue=(cue, cue + 2)),
    st.sampled_from(ORDER),
    st.integers(0, 40),
    st.integers(1, 15),
    st.integers(0, 60),
)


@given(st.lists(CANDIDATES, max_size=4, unique=True))
def test_the_order_of_calls_does_not_matter(candidates: list[Candidate]) -> None:
    expected = [(c.rule, c.spans) for c in resolve(candidates)]
    for shuffled in permutations(candidates):
        assert [(c.rule, c.spans) for c in resolve(shuffled)] == expected


@given(st.lists(CANDIDATES, max_size=8))
def test_what_stays_claims_no_word_twice_and_what_goes_had_a_rival(candidates: list[Candidate]) -> None:
    kept = resolve(candidates)
    assert [c.span for c in kept] == sorted(c.span for c in kept)
    assert not any(a.span.overlaps(b.span) for n, a in enumerate(kept) for b in kept[n + 1 :])
    for gone in candidates:
        if gone not in kept:
            claimed = [s for k in kept for s in (*k.spans, *k.cue)]
            assert any(s.overlaps(own) for s in claimed for own in (*gone.spans, *gone.cue))


def test_every_construction_has_a_place_in_the_order() -> None:
    assert len(set(ALL_RULES)) == len(ALL_RULES)
    modules = {find.__module__ for find in (*FRAMED, *UNFRAMED)}
    named = {rule for article in CASES for rule in (c.rule for c in attribute(Context(article.parsed, load_lexicon())))}
    assert named <= set(ALL_RULES)
    assert len(modules) == len(FRAMED) + len({find.__module__ for find in UNFRAMED})
    assert len(named) > 12, "the cases reach nearly every construction"


def test_two_sources_of_one_statement_make_one_row_with_a_channel() -> None:
    article = case("Laut der Zeitung „La Semana“ erklärte Polizeichef")
    (row,) = extract(article.parsed)
    assert (row.speaker.name, row.via) == ("Aníbal Quiroga", ("La Semana",))


def test_an_act_and_a_clause_in_one_sentence_are_two_rows() -> None:
    article = case("rief die Belegschaft für Donnerstag zu einem Warnstreik auf")
    assert [row.kind for row in extract(article.parsed)] == ["indirect", "reported"]
