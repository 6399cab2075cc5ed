"""Whom nouns and pronouns mean within an article: on trees built by hand, with people who stand nowhere else."""

from __future__ import annotations

import pytest
from hand_trees import comes, parsed, says
from work_counts import calls

from quotes.extract import extract
from quotes.model import Speaker

SIE = "Sie PRON V nsubj Case=Nom|Gender=Fem|Number=Sing|Person=3 lemma=sie"
ER = "Er PRON V nsubj Case=Nom|Gender=Masc|Number=Sing|Person=3 lemma=er"


def name(*words: str) -> str:
    first, *rest = words
    return "\n".join([f"{first} PROPN V nsubj Case=Nom|Number=Sing", *(f"{word} PROPN 1 flat" for word in rest)])


def titled(role: str, *words: str, gender: str = "Masc") -> str:
    lines = [f"{role} NOUN V nsubj Case=Nom|Gender={gender}|Number=Sing", f"{words[0]} PROPN 1 appos"]
    return "\n".join([*lines, *(f"{word} PROPN 2 flat" for word in words[1:])])


def noun(word: str, gender: str = "Masc", article: str = "") -> str:
    article = article or {"Masc": "Der", "Fem": "Die", "Neut": "Das"}[gender]
    lemma = "ein" if article.startswith("Ein") else "der"
    return f"{article} DET 2 det lemma={lemma}\n{word} NOUN V nsubj Case=Nom|Gender={gender}|Number=Sing"


def aged(number: int, gender: str) -> str:
    article = "Die" if gender == "Fem" else "Der"
    return f"{article} DET 2 det lemma=der\n{number}-Jährige NOUN V nsubj Case=Nom|Gender={gender}|Number=Sing"


def of_age(first: str, last: str, number: int) -> str:
    lines = [f"{first} PROPN V nsubj Case=Nom", f"{last} PROPN 1 flat", "( PUNCT 4 punct", f"{number} NUM 1 nummod"]
    return "\n".join([*lines, ") PUNCT 4 punct"])


IDA, VERA, JAN, LARS = name("Ida", "Tamm"), name("Vera", "Holm"), name("Jan", "Brauner"), name("Lars", "Kremser")


def speakers(*tables: str) -> list[Speaker]:
    return [row.speaker for row in extract(parsed(*tables))]


def last(*tables: str) -> str | None:
    return speakers(*tables)[-1].name


def test_an_age_means_whose_age_it_is() -> None:
    tables = comes(of_age("Ida", "Tamm", 34)), comes(of_age("Vera", "Holm", 61))
    assert last(*tables, says(aged(34, "Fem"))) == "Ida Tamm"
    assert last(*tables, says(aged(61, "Fem"))) == "Vera Holm"


def test_nobody_of_another_age_or_gender_is_meant() -> None:
    assert last(comes(of_age("Ida", "Tamm", 34)), says(aged(50, "Fem"))) != "Ida Tamm"
    assert last(comes(IDA), says(aged(50, "Masc"))) != "Ida Tamm"


def test_another_noun_for_the_like() -> None:
    lawyer, other = comes(titled("Rechtsanwältin", "Ida", "Tamm", gender="Fem")), comes(VERA)
    assert last(lawyer, other, says(noun("Juristin", "Fem"))) == "Ida Tamm"


def test_another_noun_for_the_like_far_up() -> None:
    leader = comes(titled("Museumschefin", "Ida", "Tamm", gender="Fem"))
    between = [comes(JAN), comes(LARS), comes(JAN), comes(LARS), comes(JAN), comes(LARS)]
    assert last(leader, *between, says(noun("Direktorin", "Fem"))) == "Ida Tamm"


def test_where_somebody_is_from() -> None:
    docker = comes("Jan PROPN V nsubj\nBrauner PROPN 1 flat\n, PUNCT 4 punct\nLagerarbeiter NOUN 1 appos Gender=Masc\n"
                   "aus ADP 6 case\nDuisburg PROPN 4 nmod")  # fmt: skip
    between = [comes(LARS) for _ in range(6)]
    native = "Der DET 2 det lemma=der\nDuisburger PROPN V nsubj Case=Nom|Gender=Masc|Number=Sing"
    assert last(docker, *between, says(native)) == "Jan Brauner"


def test_a_genitive_that_the_parse_does_not_see() -> None:
    side = "Die DET 2 det lemma=der\nSeite NOUN V nsubj Gender=Fem\nTamms PROPN 2 appos"
    assert last(says(IDA), comes(side), says(SIE)) == "Ida Tamm"


def test_a_spokesman_is_not_his_principal() -> None:
    spokesman = "Tamms PROPN 2 nmod Case=Gen\nSprecher NOUN V nsubj Case=Nom|Gender=Masc|Number=Sing"
    assert last(comes(IDA), says(spokesman)) == "Tamms Sprecher"


def test_a_body_is_called_by_its_name_in_marks() -> None:
    club = "Der DET 2 det lemma=der\nVerein NOUN V nsubj Gender=Masc\n„ PUNCT 4 punct\nHerz NOUN 2 appos\n"
    assert last(says(club + "für ADP 6 case\nElche NOUN 4 nmod\n“ PUNCT 4 punct")) == "Herz für Elche"


def test_own_words_are_no_part_of_who_has_them() -> None:
    table = """
        Im ADP 2 case
        Herbst NOUN 3 obl Case=Dat
        setzte VERB 0 root VerbForm=Fin|Mood=Ind|Tense=Past lemma=setzen
        die DET 5 det Case=Nom|Gender=Fem
        Reederei NOUN 3 nsubj Case=Nom|Gender=Fem|Number=Sing
        eigenen ADJ 7 amod Case=Dat
        Angaben NOUN 5 nmod Case=Dat|Number=Plur lemma=Angabe
        zufolge ADP 7 case
        Millionen NOUN 3 obj Case=Acc|Number=Plur
        um ADP 3 compound:prt
    """
    assert last(table) == "Reederei"


def test_what_a_well_known_body_is() -> None:
    amnesty = says("Amnesty PROPN V nsubj Case=Nom|Number=Sing\nInternational PROPN 1 flat")
    assert speakers(amnesty)[0].kind == "organisation"
    metal = comes("IG PROPN V nsubj Case=Nom|Number=Sing\nMetall PROPN 1 flat")
    assert last(metal, comes(JAN), says(noun("Gewerkschaft", "Fem"))) == "IG Metall"


def test_parts_of_one_stage_are_different_people() -> None:
    accuser = says(titled("Staatsanwältin", "Ida", "Tamm", gender="Fem"))
    assert last(accuser, says(noun("Verteidigerin", "Fem"))) == "Verteidigerin"


def test_somebody_new_is_not_the_nearest_name() -> None:
    assert last(comes(JAN), says(noun("Sprecher", article="Ein"))) == "Sprecher"
    assert last(comes(JAN), comes(IDA), comes(VERA), says(noun("Bürgermeister"))) == "Bürgermeister"


def test_an_unnamed_person_is_met_again() -> None:
    first = speakers(says(noun("Radfahrer", article="Ein")), comes(JAN), says(noun("Radfahrer")))
    assert [s.name for s in first] == ["Radfahrer", "Radfahrer"]
    assert last(comes(noun("Radfahrerin", "Fem", "Eine")), says(SIE)) == "Radfahrerin"


def test_a_name_that_nothing_introduces_is_whoever_stood_there_without_one() -> None:
    found = speakers(says(noun("Kämmerin", "Fem")), comes(IDA))
    assert found[0].name == "Ida Tamm"
    assert found[0].confidence < 0.8
    # An indefinite phrase introduces somebody of its own.
    assert speakers(says(noun("Kämmerin", "Fem", "Eine")), comes(IDA))[0].name == "Kämmerin"


def test_a_role_explained_later_is_known_before() -> None:
    found = speakers(says(noun("Kämmerer")), comes(IDA), comes(titled("Kämmerer", "Jan", "Brauner")))
    assert found[0].name == "Jan Brauner"


def test_two_who_were_spoken_of() -> None:
    both = "Die DET 2 det lemma=der\nbeiden ADJ V nsubj Case=Nom|Number=Plur lemma=beide"
    assert last(comes(IDA), comes(JAN), says(both)) == "Ida Tamm und Jan Brauner"
    assert last(says(both)) not in ("Ida Tamm", "Jan Brauner")


def test_whoever_the_speaker_mentions_is_not_the_speaker() -> None:
    table = """
        Brauner PROPN 2 nsubj Case=Nom|Number=Sing
        irre VERB 4 ccomp VerbForm=Fin|Mood=Sub|Tense=Pres lemma=irren
        , PUNCT 4 punct
        sagte VERB 0 root VerbForm=Fin|Mood=Ind|Tense=Past lemma=sagen
        er PRON 4 nsubj Case=Nom|Gender=Masc|Number=Sing|Person=3
    """
    assert last(comes(JAN), comes(LARS), table) == "Lars Kremser"


def test_a_body_by_its_class() -> None:
    firm = "Die DET 2 det lemma=der\nReederei NOUN V nsubj Case=Nom|Gender=Fem\nNorderstern PROPN 2 appos"
    assert last(comes(firm), comes(JAN), says(noun("Unternehmen", "Neut"))) == "Norderstern"
    assert last(comes(firm), says(noun("Gewerkschaft", "Fem"))) == "Gewerkschaft"


def test_a_pronoun_for_a_body_needs_its_gender() -> None:
    union = "Die DET 2 det lemma=der\nGewerkschaft NOUN V nsubj Case=Nom|Gender=Fem\nNorda PROPN 2 appos"
    assert last(says(union), says(SIE)) == "Norda"
    assert last(says(union), says(ER)) is None


def test_what_was_weighed_is_kept() -> None:
    (speaker,) = speakers(comes(IDA), comes(VERA), says(SIE))
    assert [c.name for c in speaker.considered] == ["Vera Holm", "Ida Tamm"]
    assert speaker.considered[0].score > speaker.considered[1].score
    assert any("subject" in reason for reason in speaker.considered[0].reasons)


def test_close_readings_cost_confidence() -> None:
    clear, close = speakers(comes(IDA), says(SIE))[-1], speakers(comes(IDA), comes(VERA), says(SIE))[-1]
    assert close.confidence <= clear.confidence


def test_a_couple_shares_its_surname() -> None:
    couple = """
        Ida PROPN V nsubj Case=Nom|Number=Sing
        und CCONJ 3 cc
        Jan PROPN 1 conj
        Brauner PROPN 3 flat
    """
    said = "Frau NOUN V nsubj Case=Nom|Gender=Fem|Number=Sing\nBrauner PROPN 1 appos"
    assert last(comes(couple), says(said)) == "Ida Brauner"


def test_initials_of_an_article_with_one_bearer() -> None:
    assert last(comes(IDA), says("I. PROPN V nsubj Case=Nom\nT. PROPN 1 flat")) == "Ida Tamm"


@pytest.mark.parametrize("count", [2, 400])
def test_many_names_are_no_trouble(count: int) -> None:
    crowd = [comes(name(f"Ida{n}", f"Tamm{n}")) for n in range(count)]
    assert last(*crowd, says(IDA)) == "Ida Tamm"


def test_work_grows_with_the_article_and_not_with_its_square() -> None:
    """Four times the names may cost six times the work of the whole extraction, not sixteen times."""

    def cost(count: int) -> int:
        roles = ("Ärztin", "Richterin", "Kämmerin", "Sprecherin")
        people = [
            says(titled(roles[n % 4], f"Ida{n % 97}", f"Tamm{n}", gender="Fem")) if n % 3 else says(SIE)
            for n in range(count)
        ]
        document = parsed(*people)
        return calls(lambda: extract(document))

    cost(50)  # what is read once and kept
    small = cost(400)
    assert cost(1600) < 6 * small
