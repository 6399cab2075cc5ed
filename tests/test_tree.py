"""Moving about in trees that are written down by hand."""

from __future__ import annotations

import pytest
from hand_trees import text_of, tree

from quotes import tree as t
from quotes.model import Sentence

SAID = """
Die DET 2 det Case=Nom
Ministerin NOUN 3 nsubj Case=Nom|Number=Sing
sagte VERB 0 root VerbForm=Fin|Mood=Ind|Tense=Past lemma=sagen
, PUNCT 9 punct
dass SCONJ 9 mark
sie PRON 9 nsubj Number=Sing
nicht PART 9 advmod
mehr ADV 7 advmod
kommen VERB 3 ccomp VerbForm=Inf
könne AUX 9 aux VerbForm=Fin|Mood=Sub|Tense=Pres lemma=können
. PUNCT 3 punct
"""


def index_of(sentence: Sentence, form: str) -> int:
    return next(token.index for token in sentence.tokens if token.text == form)


def printed(sentence: Sentence, first: int, last: int) -> str:
    return text_of(sentence)[slice(*t.span_of(sentence, first, last))]


@pytest.fixture
def said() -> Sentence:
    return tree(SAID)


def test_descendants_and_what_is_left_out(said: Sentence) -> None:
    clause = index_of(said, "kommen")
    assert sorted(t.descendants(said, clause)) == list(range(3, 10))
    without = sorted(t.descendants(said, clause, lambda i: said.tokens[i].text != "nicht"))
    assert without == [3, 4, 5, 8, 9]


def test_extent_leaves_marks_at_the_edges_out(said: Sentence) -> None:
    first, last = t.extent(said, t.descendants(said, index_of(said, "kommen")))
    assert printed(said, first, last) == "dass sie nicht mehr kommen könne"
    assert t.extent(said, [3]) == (3, 3)


def test_children_with_and_without_subtype() -> None:
    passive = tree("""
        Er PRON 3 nsubj:pass
        wird AUX 3 aux:pass VerbForm=Fin|Mood=Ind lemma=werden
        zitiert VERB 0 root VerbForm=Part
    """)
    assert t.children(passive, 2, "nsubj") == [0]
    assert t.children(passive, 2, "aux:pass") == [1]
    assert t.children(passive, 2, "obj") == []
    assert t.is_passive(passive, 2)
    assert t.finite_of(passive, 2) == 1


def test_the_active_voice_is_no_passive(said: Sentence) -> None:
    assert not t.is_passive(said, index_of(said, "sagte"))


def test_finite_verb_subject_modal_subordinator(said: Sentence) -> None:
    clause = index_of(said, "kommen")
    assert t.finite_of(said, clause) == index_of(said, "könne")
    assert t.subject_of(said, clause) == index_of(said, "sie")
    assert t.modal_of(said, clause) == "können"
    assert t.subordinator(said, clause) == "dass"
    assert t.subordinator(said, index_of(said, "sagte")) is None
    assert t.modal_of(said, index_of(said, "sagte")) is None


def test_no_finite_verb_no_mood() -> None:
    headline = tree("Kein DET 2 det lemma=kein\nAbschluss NOUN 0 root")
    assert t.finite_of(headline, 1) is None
    assert t.mood_of(headline, 1) == "none"


@pytest.mark.parametrize(
    ("verb", "feats", "expected"),
    [
        ("sei", "VerbForm=Fin|Mood=Sub|Tense=Pres", "konjunktiv_1"),
        ("habe", "VerbForm=Fin|Mood=Ind|Tense=Pres", "konjunktiv_1"),  # the form decides, whatever the tagger says
        ("wäre", "VerbForm=Fin|Mood=Sub|Tense=Past", "konjunktiv_2"),
        ("hätte", "VerbForm=Fin|Mood=Ind|Tense=Past", "konjunktiv_2"),
        ("nähmen", "VerbForm=Fin|Mood=Ind", "konjunktiv_2"),
        ("ist", "VerbForm=Fin|Mood=Ind|Tense=Pres", "indicative"),
        ("stellte", "VerbForm=Fin|Mood=Sub|Tense=Past", "indicative"),  # weak pasts are taken for what they mostly are
        ("geht", "VerbForm=Fin|Mood=Ind", "indicative"),
        ("komm", "VerbForm=Fin|Mood=Imp", "imperative"),
    ],
)
def test_mood(verb: str, feats: str, expected: str) -> None:
    sentence = tree(f"Die DET 2 det\nLage NOUN 3 nsubj Number=Sing\n{verb} VERB 0 root {feats}")
    assert t.mood_of(sentence, 2) == expected


@pytest.mark.parametrize(
    ("subject", "number", "expected"), [("er", "Sing", "konjunktiv_1"), ("ich", "Sing", "indicative")]
)
def test_a_present_in_e_is_konjunktiv_only_in_the_third_person(subject: str, number: str, expected: str) -> None:
    feats = "VerbForm=Fin|Mood=Ind|Tense=Pres"
    sentence = tree(f"{subject} PRON 2 nsubj Number={number}\nplane VERB 0 root {feats} lemma=planen")
    assert t.mood_of(sentence, 1) == expected


def test_reportative_modals() -> None:
    table = (
        "Er PRON 4 nsubj\n{modal} AUX 4 aux VerbForm=Fin|Mood=Ind lemma={lemma}\ndort ADV 4 advmod\nwohnen VERB 0 root"
    )
    assert t.mood_of(tree(table.format(modal="soll", lemma="sollen")), 3) == "sollen"
    assert t.mood_of(tree(table.format(modal="will", lemma="wollen")), 3) == "wollen"
    assert t.mood_of(tree(table.format(modal="sollte", lemma="sollen")), 3) == "indicative"


def test_a_verb_in_coordination_takes_the_subject_before_it() -> None:
    sentence = tree("""
        Er PRON 2 nsubj
        lobte VERB 0 root VerbForm=Fin|Mood=Ind
        den DET 4 det
        Plan NOUN 2 obj
        und CCONJ 6 cc
        sagte VERB 2 conj VerbForm=Fin|Mood=Ind
        ja PART 6 advmod
    """)
    assert t.subject_of(sentence, index_of(sentence, "sagte")) == 0
    assert t.clause_head(sentence, index_of(sentence, "ja")) == index_of(sentence, "sagte")
    assert t.clause_head(sentence, index_of(sentence, "den")) == index_of(sentence, "lobte")


def test_a_circle_of_heads_does_not_hang() -> None:
    sentence = tree("geht VERB 2 conj\nsteht VERB 1 conj")
    assert t.subject_of(sentence, 0) is None


@pytest.mark.parametrize("word", ["nicht PART", "nie ADV", "keinesfalls ADV", "niemals ADV"])
def test_negation_of_the_verb(word: str) -> None:
    sentence = tree(f"Er PRON 2 nsubj\nsagte VERB 0 root VerbForm=Fin\n{word} 2 advmod")
    assert t.negation_of(sentence, 1) is not None


def test_negation_of_the_subject_and_none() -> None:
    assert t.negation_of(tree("Kein DET 2 det lemma=kein\nZeuge NOUN 3 nsubj\nkam VERB 0 root VerbForm=Fin"), 2) == 1
    assert t.negation_of(tree("Niemand PRON 2 nsubj lemma=niemand\nkam VERB 0 root VerbForm=Fin"), 1) == 0
    assert t.negation_of(tree("Der DET 2 det lemma=der\nZeuge NOUN 3 nsubj\nkam VERB 0 root VerbForm=Fin"), 2) is None


def test_a_negation_below_belongs_to_its_own_clause(said: Sentence) -> None:
    assert t.negation_of(said, index_of(said, "kommen")) is not None
    assert t.negation_of(said, index_of(said, "sagte")) is None


def test_noun_phrase_without_its_preposition_and_clauses() -> None:
    sentence = tree("""
        Nach ADP 4 case
        dem DET 4 det
        neuen ADJ 4 amod
        Bericht NOUN 0 root
        der DET 6 det
        Kammer NOUN 4 nmod
        , PUNCT 10 punct
        der PRON 10 nsubj
        gestern ADV 10 advmod
        erschien VERB 4 acl VerbForm=Fin
    """)
    first, last = t.noun_phrase(sentence, 3)
    assert printed(sentence, first, last) == "dem neuen Bericht der Kammer"


def test_noun_phrase_keeps_a_participle_before_it() -> None:
    sentence = tree("""
        das DET 4 det
        gestern ADV 3 advmod
        veröffentlichte VERB 4 acl VerbForm=Part
        Gutachten NOUN 0 root
    """)
    assert t.noun_phrase(sentence, 3) == (0, 3)


def test_noun_phrase_stops_at_a_gap() -> None:
    sentence = tree("Minister NOUN 2 nsubj\nging VERB 0 root VerbForm=Fin\nheim ADV 1 advmod\n. PUNCT 2 punct")
    assert t.noun_phrase(sentence, 0) == (0, 0)


@pytest.mark.parametrize(
    ("rows", "relative"),
    [
        (
            "Tag NOUN 0 root\n, PUNCT 5 punct\nder PRON 5 nsubj PronType=Dem,Rel\nspät ADV 5 advmod\nkam VERB 1 acl",
            True,
        ),
        ("Gut ADJ 0 root\n, PUNCT 4 punct\ndas PRON 4 nsubj PronType=Dem,Rel\nreicht VERB 1 parataxis", False),
        (
            "Tag NOUN 0 root\n, PUNCT 5 punct\ndies PRON 5 nsubj PronType=Dem\ngestern ADV 5 advmod\nkam VERB 1 acl",
            False,
        ),
    ],
)
def test_a_relative_pronoun_is_told_by_the_place_of_its_verb(rows: str, relative: bool) -> None:
    sentence = tree("\n".join(f"{row} VerbForm=Fin" if " VERB " in row else row for row in rows.split("\n")))
    assert t.is_relative(sentence, 2) is relative
