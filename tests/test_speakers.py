"""From the phrase in the frame to the person: on trees built by hand, with names that stand nowhere else."""

from __future__ import annotations

import pytest
from hand_trees import comes, parsed, says

from quotes.extract import extract
from quotes.lexicon import load_lexicon
from quotes.model import Speaker
from quotes.speakers.cast import Cast
from quotes.speakers.kinds import slug
from quotes.speakers.names import find_names

HOLM = """
Amtsleiterin NOUN V nsubj Case=Nom|Gender=Fem|Number=Sing
Vera PROPN 1 appos Case=Nom|Number=Sing
Holm PROPN 2 flat
"""
BRAUNER = """
Der DET 3 det lemma=der
litauische ADJ 3 amod Case=Nom
Präsident NOUN V nsubj Case=Nom|Gender=Masc|Number=Sing
Jonas PROPN 3 appos
Brauner PROPN 4 flat
"""
SIE = "Sie PRON V nsubj Case=Nom|Gender=Fem|Number=Sing|Person=3 lemma=sie"
ER = "Er PRON V nsubj Case=Nom|Gender=Masc|Number=Sing|Person=3 lemma=er"


def name(*words: str) -> str:
    """A bare name as the subject."""
    first, *rest = words
    lines = [f"{first} PROPN V nsubj Case=Nom|Number=Sing", *(f"{word} PROPN 1 flat" for word in rest)]
    return "\n".join(lines)


def speakers(*tables: str) -> list[Speaker]:
    return [row.speaker for row in extract(parsed(*tables))]


def last(*tables: str) -> Speaker:
    found = speakers(*tables)
    assert found, "no quotation was found"
    return found[-1]


def test_a_full_name() -> None:
    speaker = last(says(name("Vera", "Holm")))
    assert (speaker.name, speaker.id, speaker.kind) == ("Vera Holm", "vera-holm", "person")
    assert speaker.resolution == "name"
    assert speaker.confidence > 0.9


def test_a_name_behind_its_role() -> None:
    speaker = last(says(HOLM))
    assert (speaker.name, speaker.role, speaker.resolution) == ("Vera Holm", "Amtsleiterin", "apposition")


GOES_ON = """
Es PRON 2 nsubj Case=Nom|Gender=Neut|Number=Sing|Person=3
gebe VERB 0 root VerbForm=Fin|Mood=Sub|Tense=Pres|Number=Sing|Person=3 lemma=geben
Gespräche NOUN 2 obj Case=Acc|Number=Plur lemma=Gespräch
. PUNCT 2 punct
"""


def test_who_is_told_of_in_between_by_role_and_name_goes_on() -> None:
    """*…, sagte der Präsident. Amtsleiterin Vera Holm kam. Es gebe Gespräche.*"""
    assert last(says(BRAUNER), GOES_ON).name == "Jonas Brauner"
    assert last(says(BRAUNER), comes(HOLM), GOES_ON).name == "Vera Holm"
    # A bare name in a story takes nothing over.
    assert last(says(BRAUNER), comes(name("Holm")), GOES_ON).name == "Jonas Brauner"


def test_an_age_is_no_role() -> None:
    aged = HOLM.strip() + "\n( PUNCT 5 punct\n51 NUM 2 appos\n) PUNCT 5 punct"
    assert last(says(aged)).role == "Amtsleiterin"


def test_a_surname_means_the_full_name_before_or_behind_it() -> None:
    speaker = last(comes(HOLM), says(name("Holm")))
    assert (speaker.name, speaker.resolution) == ("Vera Holm", "surname")
    headline = speakers(says(name("Holm")), comes(HOLM))
    assert headline[0].name == "Vera Holm"


def test_an_unknown_surname_stays_as_it_is() -> None:
    assert last(comes(HOLM), says(name("Tamsweger"))).name == "Tamsweger"


def test_a_role_means_its_bearer() -> None:
    speaker = last(
        comes(HOLM), says("Die DET 2 det lemma=der\nAmtsleiterin NOUN V nsubj Case=Nom|Gender=Fem|Number=Sing")
    )
    assert (speaker.name, speaker.resolution) == ("Vera Holm", "role")


def test_another_word_for_the_same_office_of_the_same_country() -> None:
    chief = "{} PROPN 2 nmod Case=Gen lemma={}\nStaatschef NOUN V nsubj Case=Nom|Gender=Masc|Number=Sing"
    assert last(comes(BRAUNER), says(chief.format("Litauens", "Litauen"))).name == "Jonas Brauner"
    # Another country's is another person.
    assert last(comes(BRAUNER), says(chief.format("Norwegens", "Norwegen"))).name != "Jonas Brauner"


def test_an_office_in_the_other_gender_is_somebody_else() -> None:
    other = "Ein DET 2 det lemma=ein\nAmtsleiter NOUN V nsubj Case=Nom|Gender=Masc|Number=Sing"
    assert last(comes(HOLM), says(other)).name == "Amtsleiter"


@pytest.mark.parametrize(("pronoun", "expected"), [(SIE, "Vera Holm"), (ER, "Jonas Brauner")])
def test_a_pronoun_agrees_in_gender(pronoun: str, expected: str) -> None:
    for tables in ((HOLM, BRAUNER), (BRAUNER, HOLM)):
        speaker = last(*(comes(t) for t in tables), says(pronoun))
        assert (speaker.name, speaker.resolution) == (expected, "pronoun")


def test_the_nearer_of_two_antecedents_is_taken_with_less_confidence() -> None:
    other = HOLM.replace("Vera", "Nina").replace("Holm", "Tamm").replace("Amtsleiterin", "Ärztin")
    alone = last(comes(HOLM), says(SIE))
    both = last(comes(other), comes(HOLM), says(SIE))
    assert both.name == "Vera Holm"
    assert both.confidence <= alone.confidence


@pytest.mark.parametrize("pronoun", [SIE, ER])
def test_a_pronoun_with_nobody_before_it_is_null(pronoun: str) -> None:
    speaker = last(says(pronoun))
    assert (speaker.name, speaker.resolution) == (None, "none")


def test_a_pronoun_never_takes_the_wrong_gender() -> None:
    assert last(comes(HOLM), says(ER)).name is None


def test_the_author_quotes_nobody() -> None:
    assert not speakers(says("Wir PRON V nsubj Number=Plur lemma=wir"))


@pytest.mark.parametrize("word", ["man", "jemand"])
def test_nobody_in_particular_is_null(word: str) -> None:
    assert last(comes(HOLM), says(f"{word.capitalize()} PRON V nsubj Number=Sing lemma={word}")).name is None


def test_it_was_said_names_nobody() -> None:
    table = """
        Es PRON 2 nsubj lemma=es
        hieß VERB 0 root VerbForm=Fin|Mood=Ind|Tense=Past lemma=heißen
        , PUNCT 5 punct
        es PRON 5 nsubj Number=Sing
        regne VERB 2 ccomp VerbForm=Fin|Mood=Sub|Tense=Pres lemma=regnen
        . PUNCT 2 punct
    """
    speaker = last(comes(HOLM), table)
    assert (speaker.name, speaker.resolution) == (None, "none")


def test_two_people_with_one_surname() -> None:
    jan = "Jan PROPN V nsubj Case=Nom\nHolm PROPN 1 flat"
    found = speakers(says(HOLM), says(jan), says(name("Vera", "Holm")), says(name("Holm")))
    assert [s.name for s in found[:3]] == ["Vera Holm", "Jan Holm", "Vera Holm"]
    # The surname alone goes to the one named last, and not with certainty.
    assert found[3].name == "Vera Holm"
    assert found[3].confidence < found[0].confidence


def test_the_gender_of_a_role_tells_two_bearers_apart() -> None:
    jan = "Kommissar NOUN V nsubj Case=Nom|Gender=Masc|Number=Sing\nJan PROPN 1 appos\nHolm PROPN 2 flat"
    again = "Kommissar NOUN V nsubj Case=Nom|Gender=Masc|Number=Sing\nHolm PROPN 1 appos"
    assert last(comes(jan), comes(HOLM), says(again)).name == "Jan Holm"


def test_a_genitive_s_is_no_part_of_the_name() -> None:
    table = comes("""
        Holms PROPN 2 nmod Case=Gen|Number=Sing lemma=Holm
        Anwalt NOUN V nsubj Case=Nom|Gender=Masc|Number=Sing
    """)
    (found,) = find_names(parsed(table).sentences[0], load_lexicon())
    assert found.words == ("Holm",)
    cast = Cast(parsed(comes(HOLM), table).sentences, load_lexicon())
    assert [p.name for p in cast.people] == ["Vera Holm"]


def test_a_name_that_ends_in_s_keeps_it() -> None:
    assert last(says(name("Jonas", "Peters"))).name == "Jonas Peters"


def test_the_genitive_before_a_role_is_not_the_speaker() -> None:
    speaker = last(
        comes(HOLM),
        says("""
            Holms PROPN 2 nmod Case=Gen|Number=Sing lemma=Holm
            Anwalt NOUN V nsubj Case=Nom|Gender=Masc|Number=Sing
        """),
    )
    assert speaker.name != "Vera Holm"
    assert "Anwalt" in (speaker.name or "")


def test_two_who_speak_as_one() -> None:
    both = "Oslo PROPN V nsubj Case=Nom\nund CCONJ 3 cc\nHelsinki PROPN 1 conj Case=Nom"
    speaker = last(says(both))
    assert (speaker.name, speaker.kind) == ("Oslo und Helsinki", "place")


def test_a_continuation_keeps_the_speaker() -> None:
    table = """
        Die DET 2 det lemma=der
        Straße NOUN 3 nsubj Case=Nom|Gender=Fem|Number=Sing
        sei AUX 4 cop VerbForm=Fin|Mood=Sub|Tense=Pres lemma=sein
        glatt ADJ 0 root
        . PUNCT 4 punct
    """
    found = speakers(says(HOLM), table)
    assert [s.name for s in found] == ["Vera Holm", "Vera Holm"]
    assert found[1].resolution == "continuation"
    assert found[1].confidence < found[0].confidence


def test_a_body_is_named_without_its_article() -> None:
    table = says("""
        Die DET 3 det lemma=der
        norwegische ADJ 3 amod Case=Nom
        Küstenwache NOUN V nsubj Case=Nom|Gender=Fem|Number=Sing
    """)
    speaker = last(table)
    assert (speaker.name, speaker.kind) == ("norwegische Küstenwache", "organisation")


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("Vera Holm", "vera-holm"),
        ("Müller-Lüdenscheidt", "mueller-luedenscheidt"),
        ("Søren Groß", "soren-gross"),
        ("Łukasz Đ.", "lukasz-d"),
        ("???", "unnamed"),
    ],
)
def test_slug(printed: str, expected: str) -> None:
    assert slug(printed) == expected


def union(name: str = "") -> str:
    """*Die Gewerkschaft*, alone or with a name."""
    lines = ["Die DET 2 det lemma=die", "Gewerkschaft NOUN V nsubj Case=Nom|Gender=Fem|Number=Sing"]
    return "\n".join([*lines, *([f"{name} PROPN 2 appos"] if name else [])])


def test_a_body_by_its_noun_is_the_one_named_with_it_before() -> None:
    speaker = last(says(union("Norda")), says(union()))
    assert (speaker.name, speaker.resolution) == ("Norda", "role")


def test_a_noun_with_two_names_before_stays_a_noun() -> None:
    assert last(says(union("Norda")), says(union("Suda")), says(union())).name == "Gewerkschaft"


def test_a_described_person_is_the_subject_right_before_and_not_an_older_speaker() -> None:
    described = "Die DET 2 det lemma=die\nAmtsleiterin NOUN V nsubj Case=Nom|Gender=Fem|Number=Sing"
    found = last(says(HOLM), comes(name("Jonas", "Brauner")), comes(name("Petra", "Lindner")), says(described))
    assert found.name == "Vera Holm", "the role that the article gives her goes before any nearness"
