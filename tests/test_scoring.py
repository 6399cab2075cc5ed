"""The measures themselves, on values small enough to reckon by hand."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path

import pytest
from assignment import assign
from corpus_metric import ROLES, Message, figures, messages, pair_up, read_corpus, type_of
from fake_parser import FakeParser
from gold import Article, Expected, find_parts, load_cases, load_gold, load_seeds
from hypothesis import given
from hypothesis import strategies as st
from scoring import calibration_error, compare, complaints, errors, f1, letters, summarise

from quotes.model import Quotation, Span, Speaker
from quotes.text import make_document

TEXT = "„Wir gehen heim“, sagte Vera Holm. Es regne. Jan Tamm lobte den Plan."


def span(part: str, text: str = TEXT) -> Span:
    return Span(text.index(part), text.index(part) + len(part))


def expected(part: str, kind: str = "direct", speaker: str | None = "Vera Holm", **others: object) -> Expected:
    return Expected(f"t/{part[:3]}", (span(part),), (kind,), (speaker,), **others)  # type: ignore[arg-type]


def row(part: str, kind: str = "direct", speaker: str | None = "Vera Holm", **others: object) -> Quotation:
    who = Speaker(speaker, resolution="name" if speaker else "none", confidence=0.9)
    return Quotation(kind, (span(part),), "so_frame", speaker=who, **others)  # type: ignore[arg-type]


def article(*wanted: Expected) -> Article:
    return Article(FakeParser().parse([make_document(TEXT, source="t")])[0], wanted)


# Matching


def best_by_hand(weights: list[list[float]]) -> float:
    columns = range(len(weights[0]))
    size = min(len(weights), len(weights[0]))
    return max(
        sum(weights[r][c] for r, c in zip(rows, chosen, strict=True))
        for rows in permutations(range(len(weights)), size)
        for chosen in permutations(columns, size)
    )


MATRICES = st.integers(1, 4).flatmap(
    lambda width: st.lists(
        st.lists(st.sampled_from([0.0, 0.0, 0.25, 0.5, 0.51, 0.9, 1.0, 1.011]), min_size=width, max_size=width),
        min_size=1,
        max_size=4,
    )
)


@given(MATRICES)
def test_assignment_is_the_best_there_is(weights: list[list[float]]) -> None:
    pairs = assign(weights)
    assert len({r for r, _ in pairs}) == len({c for _, c in pairs}) == len(pairs)
    assert all(weights[r][c] > 0 for r, c in pairs)
    assert sum(weights[r][c] for r, c in pairs) == pytest.approx(best_by_hand(weights))


def test_assignment_gives_up_the_best_pair_for_the_best_sum() -> None:
    assert assign([[1.0, 0.9], [0.9, 0.0]]) == [(0, 1), (1, 0)]
    assert assign([]) == assign([[]]) == assign([[0.0]]) == []
    assert assign([[0.2], [0.7], [0.3]]) == [(1, 0)]


def test_f1_of_sets() -> None:
    assert f1(frozenset({1, 2, 3}), frozenset({2, 3, 4, 5})) == pytest.approx(4 / 7)
    assert f1(frozenset(), frozenset()) == 0
    assert f1(frozenset({1}), frozenset({2})) == 0


def test_letters_leave_marks_and_stops_out() -> None:
    assert letters("„Ja.“", [Span(0, 5)]) == {1, 2}


# Our own gold


def test_a_row_that_is_right() -> None:
    pairs = compare(article(expected("Wir gehen heim")), [row("„Wir gehen heim“")])
    assert [p.faults for p in pairs] == [()]
    summary = summarise(pairs)
    assert summary["f1"] == summary["precision"] == summary["recall"] == 1
    assert set(summary["right"].values()) == {1}
    assert summary["kinds"]["direct"]["f1"] == 1
    assert summary["rules"] == {"so_frame": {"rows": 1, "matched": 1, "precision": 1, "spans": 1, "speaker": 1}}
    assert summary["resolutions"] == {"-": {"rows": 1, "right": 1}}  # the annotation tells none
    assert summary["speaker_named"] == 1


def test_misses_false_alarms_and_half_found_ones() -> None:
    a = article(expected("Wir gehen heim"), expected("Es regne", "free_indirect"), expected("den Plan", "reported"))
    # Six of the twelve letters are too few to be the same quotation, nine are enough.
    rows = [row("gehen"), row("Es regne", "indirect", "Jan Tamm"), row("Jan Tamm lobte")]
    summary = summarise(compare(a, rows))
    assert (summary["gold"], summary["rows"], summary["matched"]) == (3, 3, 1)
    assert summary["precision"] == summary["recall"] == summary["f1"] == pytest.approx(1 / 3)
    assert summary["right"] == {"spans": 1, "kind": 0, "speaker": 0, "via": 1, "polarity": 1, "mood": 1, "medium": 1}
    assert (summary["wrong_name"], summary["null"]) == (1, 0)
    assert summary["kinds"]["free_indirect"]["recall"] == 1
    assert summary["kinds"]["indirect"] == {"gold": 0, "rows": 1, "precision": 1, "recall": 0, "f1": 0}
    (part,) = compare(article(expected("Wir gehen heim")), [row("gehen heim")])
    assert part.faults == ("spans",)


def test_a_missing_speaker_counts_as_null_and_not_as_a_wrong_name() -> None:
    summary = summarise(compare(article(expected("Es regne")), [row("Es regne", speaker=None)]))
    assert (summary["wrong_name"], summary["null"]) == (0, 1)


def test_every_right_answer_counts() -> None:
    wanted = Expected("t/1", (span("Es regne"),), ("indirect", "direct"), ("Holm", "Vera Holm"), ((), ("dpa",)))
    (pair,) = compare(article(wanted), [row("Es regne", via=("dpa",))])
    assert pair.faults == ()


def test_an_optional_quotation_may_be_missing_but_not_wrong() -> None:
    a = article(expected("Es regne", optional=True))
    assert compare(a, []) == []
    assert complaints(a, []) == {"t/Es ": [], "t/extra": []}
    assert complaints(a, [row("Es regne", speaker="Jan Tamm")])["t/Es "] == ["speaker: Jan Tamm, for Vera Holm"]


def test_complaints_name_field_miss_and_extra_row() -> None:
    a = article(expected("Wir gehen heim", cues=("sagte",)), expected("den Plan"))
    found = complaints(a, [row("Wir gehen heim", "mixed"), row("Es regne")])
    assert found == {
        "t/Wir": ["kind: mixed, for direct", "cue: –, for sagte"],
        "t/den": ["missing: den Plan"],
        "t/extra": ["so_frame: Es regne"],
    }
    assert complaints(a, [row("Wir gehen heim", "mixed")], ["cue"])["t/Wir"] == ["kind: mixed, for direct"]


def test_errors_are_grouped_by_what_to_fix() -> None:
    a = article(expected("Wir gehen heim"), expected("den Plan", "reported", "Jan Tamm", cues=("lobte",)))
    found = list(errors(compare(a, [row("Wir gehen heim", via=("dpa",)), row("Es regne")])))
    assert found == [
        ("wrong so_frame", "t/Wir", "via: dpa, for –"),
        ("missed reported", "t/den", "den Plan | speaker Jan Tamm | cue lobte"),
        ("false so_frame", "t", "direct: Es regne | speaker Vera Holm | cue –"),
    ]


def test_calibration_error() -> None:
    assert calibration_error([]) == 0
    assert calibration_error([(0.8, True)] * 4 + [(0.8, False)]) == pytest.approx(0)
    assert calibration_error([(0.95, False), (0.95, True)]) == pytest.approx(0.45)
    # Bins that miss in opposite directions do not make up for each other.
    assert calibration_error([(1.0, False), (0.0, True)]) == pytest.approx(1)


def test_parts_are_found_in_order() -> None:
    assert find_parts("a b a b", ["a", "b"], nth=2, place="t") == (Span(4, 5), Span(6, 7))
    with pytest.raises(LookupError, match="does not hold 'c'"):
        find_parts("a b", ["a", "c"], place="t")


def test_the_fixtures_are_read_whole() -> None:
    assert sum(len(a.expected) for a in load_gold()) > 200
    assert sum(len(a.expected) for a in load_gold("unseen")) > 100
    assert sum(len(a.expected) for a in load_cases()) > 350
    assert len(load_seeds()) == 5


# The corpus's metric


def message(quote: set[int], type_: str = "Direct", medium: str = "Speech", **roles: set[int]) -> Message:
    sets = {role: frozenset(roles.get(role, ())) for role in ROLES}
    return Message(type_, medium, frozenset(quote), sets)


def test_each_group_counts_once_and_only_where_it_is_defined() -> None:
    gold = [message({1, 2, 3, 4}, speaker={9}, cue={8}), message({20, 21})]
    system = [message({1, 2}, "Indirect", speaker={9, 10}), message({30})]
    measured = figures(pair_up(gold, system))
    # Quotations: P over {1,2} and {30}, R over {1..4} and {20,21}.
    assert measured["messages"]["precision"] == pytest.approx((1 + 0) / 2)
    assert measured["messages"]["recall"] == pytest.approx((0.5 + 0) / 2)
    assert measured["messages"]["f1"] == pytest.approx(2 * 0.5 * 0.25 / 0.75)
    # Roles: P is defined for the speaker alone, R for speaker and cue.
    assert measured["roles"] == pytest.approx({"precision": 0.5, "recall": 0.5, "f1": 0.5})
    assert measured["joint"]["precision"] == pytest.approx((1 + 0 + 0.5) / 3)
    assert measured["joint"]["recall"] == pytest.approx((0.5 + 0 + 1 + 0) / 4)
    assert measured["each_role"]["cue"] == {"precision": 0, "recall": 0, "f1": 0}
    assert measured["type_f1"] == 0
    assert measured["medium_f1"] == pytest.approx(2 * 1 / 4)


def test_equal_type_breaks_a_tie_and_equal_medium_the_next() -> None:
    gold = [message({1, 2}, "Indirect", "Writing")]
    system = [message({1, 2}, "Direct", "Writing"), message({1, 2}, "Indirect", "Speech")]
    assert (gold[0], system[1]) in pair_up(gold, system)
    system.append(message({1, 2}, "Indirect", "Writing"))
    assert (gold[0], system[2]) in pair_up(gold, system)


def test_what_does_not_overlap_is_no_pair_whatever_its_type() -> None:
    gold, system = [message({1})], [message({2})]
    assert pair_up(gold, system) == [(gold[0], None), (None, system[0])]


def test_nothing_at_all_is_zero_and_no_error() -> None:
    assert figures([])["joint"]["f1"] == 0


@pytest.mark.parametrize(
    ("kind", "mood", "expected_type"),
    [
        ("direct", "indicative", "Direct"),
        ("indirect", "sollen", "Indirect"),
        ("mixed", "konjunktiv_1", "Indirect"),
        ("free_indirect", "sollen", "FreeIndirect"),
        ("free_indirect", "konjunktiv_1", "IndirectFreeIndirect"),
        ("reported", "none", "Reported"),
    ],
)
def test_types(kind: str, mood: str, expected_type: str) -> None:
    assert type_of(row("Es regne", kind, mood=mood)) == expected_type


def corpus(tmp_path: Path, text: str = TEXT) -> Path:
    """A corpus file of one article whose only quotation is the direct one, marks included."""
    words = text.replace("„", "„ ").replace("“", " “").replace(",", " ,").replace(".", " .").split()
    tokens, at = [], 0
    for number, word in enumerate(words):
        at = text.index(word, at)
        tokens.append({"id": number, "text": word, "charBegin": at, "charEnd": at + len(word)})
        at += len(word)
    nothing: dict[str, object] = {"tokenIds": []}
    annotation = {"type": "Direct", "medium": "Speech", "quote": {"tokenIds": [0, 1, 2, 3, 4]}, "addressee": nothing}
    annotation |= {"cue": {"tokenIds": [6]}, "frame": {"tokenIds": [5, 6, 7, 8]}, "speaker": {"tokenIds": [7, 8]}}
    record = {"documentName": "one", "originalText": text, "tokens": tokens, "annotations": [annotation]}
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps(record) + "\n", encoding="utf-8")
    return path


def holm(**others: object) -> Quotation:
    places = {"cue_spans": (span("sagte"),), "frame_spans": (span("sagte Vera Holm"),), "medium": "speech"}
    return row("Wir gehen heim", speaker_spans=(span("Vera Holm"),), **{**places, **others})


def test_a_direct_quotation_is_measured_with_its_marks(tmp_path: Path) -> None:
    (record,) = read_corpus(corpus(tmp_path))
    measured = figures(pair_up(record.gold, messages(record, [holm()])))
    assert measured["joint"] == {"precision": 1, "recall": 1, "f1": 1}
    assert measured["type_f1"] == measured["medium_f1"] == 1


def test_offsets_survive_what_reading_takes_out_of_the_text(tmp_path: Path) -> None:
    text = TEXT.replace("Wir gehen", "Wir\u00a0ge\u00adhen").replace("Vera", "\u200bVera")
    (record,) = read_corpus(corpus(tmp_path, text))
    assert record.document.text == TEXT
    tokens = [TEXT[start:end] for start, end in zip(record.starts, record.ends, strict=True)]
    assert tokens[:5] == ["„", "Wir", "gehen", "heim", "“"]


def test_a_reported_act_is_its_whole_clause_without_roles_of_a_frame(tmp_path: Path) -> None:
    (record,) = read_corpus(corpus(tmp_path))
    places = {"cue_spans": (span("lobte"),), "frame_spans": (span("Jan Tamm lobte"),)}
    (found,) = messages(record, [row("den Plan", "reported", "Jan Tamm", speaker_spans=(span("Jan Tamm"),), **places)])
    printed = [TEXT[record.starts[n] : record.ends[n]] for n in sorted(found.quote)]
    assert printed == ["Jan", "Tamm", "lobte", "den", "Plan"]
    assert not found.roles["cue"]
    assert not found.roles["frame"]
    assert len(found.roles["speaker"]) == 2


def test_a_continuation_marks_the_mention_before(tmp_path: Path) -> None:
    (record,) = read_corpus(corpus(tmp_path))
    first, second = messages(record, [holm(), row("Es regne", "free_indirect", mood="konjunktiv_1")])
    assert second.roles["speaker"] == first.roles["speaker"] != frozenset()
    assert not second.roles["cue"]
    stranger = messages(record, [holm(), row("Es regne", "free_indirect", "Jan Tamm")])[1]
    assert not stranger.roles["speaker"]


def test_a_fragment_of_two_words_is_a_direct_quotation_besides(tmp_path: Path) -> None:
    (record,) = read_corpus(corpus(tmp_path))
    mixed = row("„Wir gehen heim“, sagte", "mixed", verbatim_spans=(span("Wir gehen heim"),))
    assert [m.type for m in messages(record, [mixed])] == ["Indirect", "Direct"]
    one_word = row("„Wir gehen heim“, sagte", "mixed", verbatim_spans=(span("gehen"),))
    assert [m.type for m in messages(record, [one_word])] == ["Indirect"]
