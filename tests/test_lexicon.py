"""Look-ups of words, and that every data file is consulted: emptied, it costs a row, a speaker or a channel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import pytest
from gold import load_cases, load_gold, load_seeds
from hand_trees import comes, parsed, says

import quotes
from quotes import language, lexicon, tables
from quotes.errors import DataError
from quotes.extract import extract
from quotes.lexicon import Lexicon, load_lexicon
from quotes.model import ParsedDocument, Quotation
from quotes.tables import read_table, word_list, word_set
from quotes.word_forms import fold

DATA = Path(quotes.__file__).parent / "data"
CASES = load_cases()


@pytest.mark.parametrize(
    ("lemma", "form", "particle", "expected"),
    [
        ("sagen", "sagte", "", "sagen"),
        ("teilen", "teilte", "mit", "mitteilen"),
        ("kündigen", "kündigten", "an", "ankündigen"),
        ("fahren", "fuhr", "fort", "fortfahren"),
        ("räumen", "räumt", "ein", "einräumen"),
        ("bestätigen", "bestätigt", "", "bestätigen"),
        # The lemma may be wrong: the printed form then tells.
        ("sprachen", "sprachen", "", "sprechen"),
        ("widersprach", "widersprach", "", "widersprechen"),
        ("bestritt", "bestritt", "", "bestreiten"),
        ("wies", "wies", "zurück", "zurückweisen"),
        ("gab", "gab", "bekannt", "bekanntgeben"),
        ("meldete", "meldete", "", "melden"),
        ("forderte", "forderte", "", "fordern"),
        ("teilten", "teilten", "mit", "mitteilen"),
    ],
)
def test_cue_verbs(lemma: str, form: str, particle: str, expected: str) -> None:
    found = load_lexicon().verb(lemma, form, particle)
    assert found is not None
    assert found.lemma == expected


def test_swiss_spelling_finds_the_same_verb() -> None:
    lex = load_lexicon()
    assert lex.verb("heissen", "heisst") == lex.verb("heißen", "heißt")
    assert lex.verb("äussern", "äusserte") == lex.verb("äußern", "äußerte") is not None
    assert fold("Äußerung") == fold("äusserung")


def test_a_particle_makes_another_verb() -> None:
    lex = load_lexicon()
    alone, with_particle = lex.verb("weisen", "wies"), lex.verb("weisen", "wies", "zurück")
    assert alone is None
    assert with_particle is not None
    assert with_particle.polarity == "denied"
    assert lex.verb("fahren", "fuhr") is None


@pytest.mark.parametrize("word", ["essen", "schlafen", "regnen", "zurückfahren"])
def test_other_verbs_are_no_cues(word: str) -> None:
    assert load_lexicon().verb(word, word) is None


def test_reflexive_verbs_are_kept_apart() -> None:
    lex = load_lexicon()
    assert lex.verb("bedanken", "bedankte") is None
    found = lex.verb("bedanken", "bedankte", reflexive=True)
    assert found is not None
    assert found.reflexive


def test_frames_are_told_by_their_prefix_too() -> None:
    found = load_lexicon().verb("sagen", "sagte")
    assert found is not None
    assert found.takes("direct")
    assert found.takes("clause")
    assert not found.takes("nothing of the kind")


@pytest.mark.parametrize(
    ("word", "form", "expected"),
    [
        ("Angabe", "Angaben", "Angabe"),
        ("Stadionangabe", "Stadionangaben", "Angabe"),
        ("Fischereibericht", "Fischereiberichten", "Bericht"),
        ("Forderung", "Forderung", "Forderung"),
        ("Aeusserung", "Äusserung", "Äußerung"),
    ],
)
def test_nouns_of_speech(word: str, form: str, expected: str) -> None:
    found = load_lexicon().noun(word, form)
    assert found is not None
    assert found.lemma == expected


@pytest.mark.parametrize("word", ["Tatsache", "Straße", "Tisch"])
def test_other_nouns_are_none(word: str) -> None:
    assert load_lexicon().noun(word) is None


def test_compounds_of_roles_and_bodies() -> None:
    lex = load_lexicon()
    assert (found := lex.role("Vizeaußenministerin")) is not None
    assert found.gender == "f"
    assert (found := lex.role("Aussenminister")) is not None
    assert found.gender == "m"
    assert (found := lex.organisation("Landesregierung")) is not None
    assert found.kind == "organisation"
    assert lex.is_channel_noun("Boulevardzeitung")
    assert not lex.is_channel_noun("Zeit")
    assert lex.role("Tisch") is None


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("Litauen", "Litauen"),
        ("Litauens", "Litauen"),
        ("Vilnius", "Litauen"),
        ("litauischen", "Litauen"),
        ("bayerische", "Bayern"),
        ("Tisch", None),
    ],
)
def test_countries_and_regions(word: str, expected: str | None) -> None:
    assert load_lexicon().country_of(word) == expected


def test_offices_of_one_class() -> None:
    lex = load_lexicon()
    assert lex.role_class("Staatspräsidentin") == lex.role_class("Staatschef") is not None
    assert lex.role_class("Ministerpräsident") == lex.role_class("Regierungschefin") != lex.role_class("Staatschef")
    assert lex.role_class("Gärtner") is None


def test_the_tables_are_as_large_as_promised() -> None:
    lex = load_lexicon()
    assert len(lex.verbs) + len(lex.reflexives) >= 900
    assert len(lex.nouns) >= 200


def test_a_line_with_too_many_fields_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "odd.tsv").write_text("# lemma\tkind\n# a comment\nein\twort\n\nzu\tviele\tfelder\n", "utf-8")
    monkeypatch.setattr(tables, "files", lambda _: tmp_path)
    with pytest.raises(DataError, match="line 5") as caught:
        list(read_table("odd.tsv"))
    assert caught.value.source == "odd.tsv"


@pytest.mark.parametrize("path", sorted(DATA.glob("*.tsv")), ids=lambda p: p.name)
def test_every_table_is_well_formed(path: Path) -> None:
    rows = list(read_table(path.name))
    assert rows
    assert all(value == value.strip() for row in rows for value in row.values())


def case(snippet: str) -> ParsedDocument:
    (found,) = [a for a in CASES if snippet in a.text]
    return found.parsed


def person(role: str, first: str, last: str, *, gender: str = "Masc", adjective: str = "") -> str:
    """*Der ADJECTIVE ROLE FIRST LAST* as a subject."""
    head = 3 if adjective else 2
    lines = (
        ["Der DET 3 det lemma=der", f"{adjective} ADJ 3 amod Case=Nom"] if adjective else ["Der DET 2 det lemma=der"]
    )
    lines += [f"{role} NOUN V nsubj Case=Nom|Gender={gender}|Number=Sing"]
    return "\n".join([*lines, f"{first} PROPN {head} appos", f"{last} PROPN {head + 1} flat"])


def chief(country: str, noun: str) -> str:
    return f"{country}s PROPN 2 nmod Case=Gen lemma={country}\n{noun} NOUN V nsubj Case=Nom|Gender=Masc|Number=Sing"


def noun(word: str, gender: str) -> str:
    """*Der WORD* or *die WORD* as a subject."""
    article = "Die" if gender == "Fem" else "Der"
    return f"{article} DET 2 det lemma=der\n{word} NOUN V nsubj Case=Nom|Gender={gender}|Number=Sing"


def name(*words: str) -> str:
    first, *rest = words
    lines = [f"{first} PROPN V nsubj Case=Nom|Number=Sing", *(f"{word} PROPN 1 flat" for word in rest)]
    return "\n".join(lines)


HE = "Er PRON V nsubj Case=Nom|Gender=Masc|Number=Sing|Person=3 lemma=er"
SURGEON = comes(person("Chefärztin", "Ida", "Tamm", gender="Fem"))
ACCUSER = person("Staatsanwältin", "Ida", "Tamm", gender="Fem")
DEPUTY = comes(person("CDU-Abgeordnete", "Ida", "Tamm", gender="Fem"))
CHRISTIAN = noun("Christdemokratin", "Fem")
SHE = says("Sie PRON V nsubj Case=Nom|Gender=Fem|Number=Sing|Person=3 lemma=sie")
PRESIDENT = comes(person("Präsident", "Jonas", "Brauner", adjective="litauische"))
BRAUNER = "Jonas Brauner"
PREMIER = comes(person("Ministerpräsident", "Alois", "Kremser", adjective="bayerische"))
FEDERAL = comes(
    "Bundespräsident NOUN V nsubj Case=Nom|Gender=Masc|Number=Sing\nHal PROPN 1 appos\nBergmann PROPN 2 flat"
)
METAL = comes("IG PROPN V nsubj Case=Nom|Number=Sing\nMetall PROPN 1 flat")
SINGERS = comes(
    "Der DET 2 det Case=Nom|Gender=Masc\nChor NOUN V nsubj Case=Nom|Gender=Masc|Number=Sing\nHalvard PROPN 2 appos"
)

# A text that needs the file, and the speaker or channel it gives.
PROBES: dict[str, tuple[ParsedDocument, str | None]] = {
    "channel_nouns.tsv": (case("Laut der Zeitung „La Semana“ erklärte"), "La Semana"),
    "channels.tsv": (case("In einem Interview des ORF kündigte"), "ORF"),
    "body_classes.tsv": (case("Die Reederei Norderstern hat zwei Fähren verkauft."), "Norderstern"),
    "cue_phrases.tsv": (case("gab der Skipper zu Protokoll"), "Skipper"),
    "cue_verbs.tsv": (case("Der Angeklagte bestreitet die Vorwürfe."), "Angeklagter"),
    "document_verbs.tsv": (case("Aus Regierungskreisen verlautete"), "Regierungskreise"),
    "family_first.tsv": (parsed(comes(name("Baek", "Soo", "Min")), comes(HE), says(name("Baek"))), "Baek Soo Min"),
    "given_names_berlin.tsv": (parsed(comes(name("Jan", "Holm")), comes(name("Frida", "Tamm")), says(HE)), "Jan Holm"),
    "given_names_extra.tsv": (parsed(comes(name("Jan", "Holm")), comes(name("Almut", "Tamm")), says(HE)), "Jan Holm"),
    "known_bodies.tsv": (parsed(METAL, SINGERS, says(noun("Gewerkschaft", "Fem"))), "IG Metall"),
    "metonyms.tsv": (parsed(says("Scotland PROPN V nsubj Number=Sing\nYard PROPN 1 flat")), "Scotland Yard"),
    "organisations.tsv": (case("Die Opposition tat den Entwurf als"), "Opposition"),
    "places.tsv": (parsed(PRESIDENT, says(chief("Norwegen", "Staatschef"))), "Norwegens Staatschef"),
    "regions.tsv": (parsed(PREMIER, says(chief("Hessen", "Regierungschef"))), "Hessens Regierungschef"),
    "party_members.tsv": (parsed(DEPUTY, comes(name("Vera", "Holm")), says(CHRISTIAN)), "Ida Tamm"),
    "role_classes.tsv": (parsed(PRESIDENT, comes(name("Jan", "Holm")), says(chief("Litauen", "Autokrat"))), BRAUNER),
    "role_kin.tsv": (parsed(SURGEON, comes(name("Vera", "Holm")), says(noun("Medizinerin", "Fem"))), "Ida Tamm"),
    "stages.tsv": (parsed(says(ACCUSER), says(noun("Verteidigerin", "Fem"))), "Verteidigerin"),
    "roles.tsv": (case("Der Angeklagte bestreitet die Vorwürfe."), "Angeklagter"),
    "seats.tsv": (parsed(FEDERAL, says(chief("Deutschland", "Staatschef"))), "Hal Bergmann"),
    "speech_nouns.tsv": (case("Nach übereinstimmenden Berichten mehrerer Augenzeugen"), "Augenzeugen"),
    "strong_forms.tsv": (case("Der Kapitän, der angab, von der Sperrung nichts"), "Kapitän"),
    "titles.tsv": (parsed(comes("Dr. NOUN V nsubj Number=Sing\nKanderup PROPN 1 appos"), SHE), "Kanderup"),
}


def without(name: str, monkeypatch: pytest.MonkeyPatch) -> Lexicon:
    def table(asked: str) -> Iterator[dict[str, str]]:
        return iter(()) if asked == name else read_table(asked)

    monkeypatch.setattr(lexicon, "read_table", table)
    return Lexicon()


def seen(document: ParsedDocument, lex: Lexicon) -> list[tuple[object, ...]]:
    return [(row.kind, row.quote_spans, row.speaker.name, row.speaker.kind, row.via) for row in extract(document, lex)]


@pytest.mark.parametrize("name", sorted(PROBES))
def test_an_emptied_table_is_missed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    document, who = PROBES[name]
    full = seen(document, load_lexicon())
    assert any(who in (speaker, *via) for _, _, speaker, _, via in full if isinstance(via, tuple))
    assert seen(document, without(name, monkeypatch)) != full


def test_emptied_function_words_are_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    german = "Die Ministerin sagte am Montag, dass der Vertrag noch in dieser Woche nicht zu prüfen sei, und ging " * 2
    assert language.is_german(german)
    monkeypatch.setattr(language, "function_words", frozenset)
    assert not language.is_german(german)


# test_parse_gate.py and test_parse_moods.py have the lists that only the parse reads.
OF_PARSE = {"source_words", "sentence_openings", "only_konjunktiv_2", "indicative_only"}
LISTS = sorted({row["list"] for row in read_table("word_lists.tsv")} - OF_PARSE)

# What no fixture has, mostly since the parser rarely errs there: each needs one of the lists.
RARE = (
    # the particle taken for an adverb: separable_particles
    """
    Holm PROPN 2 nsubj
    teilte VERB 0 root VerbForm=Fin|Mood=Ind|Tense=Past lemma=teilen
    mit ADP 2 advmod
    , PUNCT 6 punct
    es PRON 6 nsubj
    regne VERB 2 ccomp VerbForm=Fin|Mood=Sub|Tense=Pres lemma=regnen
    """,
    # the subject taken for an object behind a time of day: times_of_day
    """
    Es PRON 2 nsubj
    regne VERB 4 ccomp VerbForm=Fin|Mood=Sub|Tense=Pres lemma=regnen
    , PUNCT 2 punct
    sagte VERB 0 root VerbForm=Fin|Mood=Ind|Tense=Past lemma=sagen
    gestern ADV 4 advmod
    Abend NOUN 4 obl
    Vera PROPN 4 obj
    Holm PROPN 7 flat
    """,
    # the adverbial clause taken for a complement: adverbial_openings
    """
    Als SCONJ 3 mark
    es PRON 3 nsubj
    regnete VERB 5 ccomp VerbForm=Fin|Mood=Ind|Tense=Past lemma=regnen
    , PUNCT 3 punct
    sagte VERB 0 root VerbForm=Fin|Mood=Ind|Tense=Past lemma=sagen
    Vera PROPN 5 nsubj
    Holm PROPN 6 flat
    ja PART 5 discourse
    """,
    # the occasion of an act is no part of it: circumstance_nouns
    """
    Holm PROPN 2 nsubj
    lobte VERB 0 root VerbForm=Fin|Mood=Ind|Tense=Past lemma=loben
    den DET 4 det
    Plan NOUN 2 obj Case=Acc
    in ADP 7 case
    einem DET 7 det
    Interview NOUN 2 obl Case=Dat
    """,
)
OWN_VOICE = """
Das PRON 4 nsubj Number=Sing
habe AUX 4 aux VerbForm=Fin|Mood=Sub|Tense=Pres lemma=haben
uns PRON 4 obj
gefreut VERB 0 root VerbForm=Part lemma=freuen
. PUNCT 4 punct
"""
ISLAND = "Die DET 2 det lemma=der\nInsel NOUN V nsubj Gender=Fem|Number=Sing\nHelena PROPN 2 appos\nBay PROPN 3 flat"


CHIEF = """
Die DET 2 det lemma=der
Chefin NOUN V nsubj Case=Nom|Gender=Fem|Number=Sing
der DET 4 det lemma=der
EZB PROPN 2 nmod Case=Gen
"""
FORMER = """
Der DET 4 det lemma=der
frühere ADJ 4 amod Case=Nom
russische ADJ 4 amod Case=Nom
Präsident NOUN V nsubj Case=Nom|Gender=Masc|Number=Sing
"""


def dated(*tables: str) -> ParsedDocument:
    """A document of the day on which Christine Lagarde led the EZB and Wladimir Putin Russia."""
    made = parsed(*tables)
    return replace(made, document=replace(made.document, published=datetime(2023, 9, 1)))


@lru_cache(maxsize=1)
def everything() -> list[tuple[ParsedDocument, list[Quotation]]]:
    rare = [parsed(table) for table in RARE]
    # the reporter's own voice is no continuation: reporters_voice; an island does not speak: place_nouns
    rare += [parsed(says("Holm PROPN V nsubj"), OWN_VOICE), parsed(comes(ISLAND), SHE)]
    # offices of a day: head_nouns, head_offices, former_or_future, no_states
    continent = comes("Europa PROPN V nsubj Number=Sing"), says(noun("Außenministerin", "Fem"))
    rare += [dated(says(CHIEF)), dated(says(FORMER)), dated(*continent)]
    stored = [article.parsed for article in (*CASES, *load_gold(), *load_seeds())]
    return [(document, extract(document)) for document in (*rare, *stored)]


def holds(document: ParsedDocument, words: tuple[str, ...]) -> bool:
    """Whether a word of the list stands in the text, or as the beginning or end of one: only then can it matter."""
    tokens = (form for s in document.sentences for t in s.tokens for form in (t.text.lower(), t.lemma.lower()))
    return any(form.startswith(words) or form.endswith(words) for form in tokens)


@pytest.mark.usefixtures("fresh_lists")
@pytest.mark.parametrize("name", LISTS)
def test_an_emptied_word_list_is_missed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    full, lists = everything(), {n: word_list(n) for n in LISTS}
    word_set.cache_clear()
    monkeypatch.setattr(tables, "_word_lists", lambda: {**lists, name: ()})
    assert word_set(name) == frozenset()
    lex = Lexicon()
    reached = ((document, rows) for document, rows in full if holds(document, lists[name]))
    assert any(extract(document, lex) != rows for document, rows in reached)


def test_an_unknown_word_list_is_an_error() -> None:
    with pytest.raises(DataError, match="no list"):
        word_set("no such list")


def test_every_data_file_has_its_test() -> None:
    # test_confidence.py has the first, test_offices.py the last two.
    covered = {*PROBES, "confidence.tsv", "function_words.txt", "word_lists.tsv", "office_bodies.tsv", "offices.tsv"}
    assert covered == {p.name for p in DATA.iterdir() if p.is_file()}
