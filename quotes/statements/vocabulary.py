"""What the tables ``data/use/statement_*`` know of words, and the one key under which two forms of a word meet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache

from quotes.folding import fold, stem, words
from quotes.tables import read_table, word_list

# What the names of these tables begin with, inside quotes/data.
TABLES = "use/statement_"
# Letters that stay of a word when its ending goes: shorter roots meet by chance (Tat, Tag).
_LEAST_ROOT = 3
# Letters of a word part that may be shared with another word (Raketentechnik, Raketenbau).
PART = 5
_KEPT = 100_000
# What Snowball leaves of endings of weak verbs and of nouns made from verbs; the first that fits goes.
_ENDINGS = ("ation", "ition", "iert", "igt", "ung", "ier", "i", "test", "tet", "t")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All tables, folded.

    Attributes:
        verbs: form of a strong verb to its root.
        prefixes: separable and inseparable beginnings of verbs, the longest first.
        empty: words that carry no content of their own.
        long: short form to the folded words it stands for.
        values: number word to its value as written in the table.
        paraphrases: key to the numbers of the rows that it stands in.
        contraries: key to the keys that say the contrary.
        negators, not_negating, plain: folded words; denying, weakly_denying: roots of words that deny,
            each with whether it is a noun.
        quantities, modals, tenses: folded word to its class.
        units: key of a unit to the key of its base and how many of the base it is.
        openings: kind to folded words.
        prepositions: folded. light: roots of words that count for less, each with whether it is a noun.
        countries: the roots of a name, capital, seat, adjective or demonym to the country it speaks for.
    """

    verbs: Mapping[str, str]
    prefixes: tuple[str, ...]
    particles: frozenset[str]
    empty: frozenset[str]
    long: Mapping[str, tuple[str, ...]]
    values: Mapping[str, str]
    paraphrases: Mapping[str, frozenset[int]]
    contraries: Mapping[str, frozenset[str]]
    negators: frozenset[str]
    not_negating: frozenset[str]
    plain: frozenset[str]
    denying: frozenset[tuple[str, bool]]
    weakly_denying: frozenset[tuple[str, bool]]
    quantities: Mapping[str, str]
    modals: Mapping[str, str]
    tenses: Mapping[str, str]
    units: Mapping[str, tuple[str, Decimal]]
    openings: Mapping[str, frozenset[str]]
    prepositions: frozenset[str]
    light: frozenset[tuple[str, bool]]
    countries: Mapping[tuple[str, ...], str]


@cache
def vocabulary() -> Vocabulary:
    """The tables, read once.

    Raises:
        DataError: a table is damaged.
    """
    negations = _listed("negations.tsv", "kind")
    return Vocabulary(
        verbs=_verb_forms(),
        prefixes=_prefixes(),
        particles=frozenset(fold(p) for p in word_list("separable_particles")),
        empty=frozenset().union(*_listed("empty_words.tsv", "kind").values()),
        long={fold(r["short"]): tuple(words(r["long"])) for r in read_table(TABLES + "abbreviations.tsv")},
        values={fold(r["word"]): r["value"] for r in read_table(TABLES + "numbers.tsv")},
        paraphrases=_paraphrases(),
        contraries=_contraries(),
        negators=negations.get("negator", frozenset()),
        not_negating=negations.get("not_negating", frozenset()),
        plain=negations.get("plain", frozenset()),
        denying=_denying("verb", "adjective"),
        weakly_denying=_denying("weak"),
        quantities=_classes("quantities.tsv"),
        modals=_classes("modals.tsv"),
        tenses=_classes("tenses.tsv"),
        units=_units(),
        openings=_listed("openings.tsv", "kind"),
        prepositions=_listed("empty_words.tsv", "kind").get("preposition", frozenset()),
        light=frozenset(
            (root(fold(w)), w[:1].isupper())
            for row in read_table(TABLES + "light_words.tsv")
            for w in row["words"].split()
        ),
        countries=_countries(),
    )


@lru_cache(maxsize=_KEPT)
def root(word: str) -> str:
    """What the forms of a folded word share: *liefern, liefert, geliefert, Lieferung*; *nimmt an, angenommen*.

    The Snowball stem, with the vowels of strong verbs undone and the endings of weak ones taken off. Umlauts stay.
    """
    # The older spelling (Photograph) beside the newer.
    word = word.replace("ph", "f")
    forms = _verb_forms()
    if word in forms:
        return forms[word]
    for prefix in _prefixes():
        rest = word[len(prefix) :]
        if len(rest) < _LEAST_ROOT or not word.startswith(prefix):
            continue
        if rest in forms or rest in _bare_participles():
            return prefix + (forms.get(rest) or _bare_participles()[rest])
        if prefix not in vocabulary_particles():
            continue
        if rest.startswith("zu") and rest.endswith("en") and len(rest) > len("zu") + _LEAST_ROOT + 1:
            return prefix + root(rest[2:])
        if rest.startswith("ge") and rest.endswith(("t", "te", "ten", "ter", "tes", "tem")) and len(rest) > 5:
            return prefix + _weak(rest)
    return _weak(word)


@cache
def vocabulary_particles() -> frozenset[str]:
    """Separable particles, folded."""
    return frozenset(fold(p) for p in word_list("separable_particles"))


def _weak(word: str) -> str:
    base = stem(word)
    if base.startswith("ge") and base.endswith("t") and len(base) > len("ge") + _LEAST_ROOT:
        base = base[2:]
    for ending in _ENDINGS:
        if base.endswith(ending) and len(base) - len(ending) >= _LEAST_ROOT:
            base = base[: -len(ending)]
            break
    if base.endswith(("eln", "ern")):
        base = base[:-1]
    # Snowball takes the -ern of liefern as a whole.
    if base.endswith("er") and len(base) >= len("er") + _LEAST_ROOT:
        base = base[: -len("er")]
    return base


@cache
def _verb_forms() -> dict[str, str]:
    forms: dict[str, str] = {}
    for row in read_table(TABLES + "verb_forms.tsv"):
        base = _weak(fold(row["base"]))
        forms.setdefault(fold(row["base"]), base)
        for form in row["forms"].split():
            forms.setdefault(fold(form), base)
            # läge, lägen: the plural of a Konjunktiv needs no entry of its own.
            if form.endswith("e"):
                forms.setdefault(fold(form) + "n", base)
    return forms


@cache
def _bare_participles() -> dict[str, str]:
    """Participles without ge-, as they stand behind an inseparable prefix (verworfen, übernommen)."""
    return {
        form.removeprefix("ge"): base
        for form, base in _verb_forms().items()
        if form.startswith("ge") and form.endswith("n") and len(form) > len("ge") + _LEAST_ROOT
    }


@cache
def _prefixes() -> tuple[str, ...]:
    found = {fold(p) for name in ("separable_particles", "inseparable_prefixes") for p in word_list(name)}
    return tuple(sorted(found, key=lambda p: (-len(p), p)))


def _listed(table: str, column: str) -> dict[str, frozenset[str]]:
    lists: dict[str, set[str]] = defaultdict(set)
    for row in read_table(TABLES + table):
        lists[row[column]].update(fold(w) for w in row["words"].split())
    return {name: frozenset(found) for name, found in lists.items()}


def _classes(table: str) -> dict[str, str]:
    return {word: name for name, found in _listed(table, "class").items() for word in sorted(found)}


def _paraphrases() -> dict[str, frozenset[int]]:
    rows: dict[str, set[int]] = defaultdict(set)
    for number, row in enumerate(read_table(TABLES + "paraphrases.tsv")):
        for word in row["words"].split(","):
            rows[root(fold(word))].add(number)
    return {key: frozenset(numbers) for key, numbers in rows.items()}


def _contraries() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for row in read_table(TABLES + "opposites.tsv"):
        one, other = ([root(fold(w)) for w in row[side].split(",")] for side in ("one", "other"))
        for left in one:
            for right in other:
                found[left].add(right)
                found[right].add(left)
    return {key: frozenset(others) for key, others in found.items()}


def _denying(*kinds: str) -> frozenset[tuple[str, bool]]:
    return frozenset(
        (root(fold(word)), word[:1].isupper())
        for row in read_table(TABLES + "negations.tsv")
        if row["kind"] in kinds
        for word in row["words"].split()
    )


def _units() -> dict[str, tuple[str, Decimal]]:
    return {
        root(fold(row["unit"])): (root(fold(row["base"])), Decimal(row["factor"]))
        for row in read_table(TABLES + "units.tsv")
    }


def _countries() -> dict[tuple[str, ...], str]:
    found: dict[tuple[str, ...], str] = {}
    for name, country in _country_names():
        key = roots(name)
        # The root of a short name may be that of a common word: Malé is no Maler.
        if len(key) > 1 or len(key[0]) > _LEAST_ROOT or key[0] == fold(name):
            found.setdefault(key, country)
    for row in read_table(TABLES + "abbreviations.tsv"):
        country = found.get(roots(row["long"]), "")
        if country:
            found.setdefault(roots(row["short"]), country)
    return found


def roots(name: str) -> tuple[str, ...]:
    """The roots of the words of a name."""
    return tuple(root(word) for word in words(name))


def _country_names() -> Iterator[tuple[str, str]]:
    for row in read_table("places.tsv"):
        country = row["same_as"] or row["name"]
        for column in ("name", "capital", "adjective", "demonym_m", "demonym_f"):
            if row[column]:
                yield row[column], country
    for row in read_table("metonyms.tsv"):
        if row["country"]:
            yield row["name"], row["country"]
    for row in read_table(TABLES + "governments.tsv"):
        yield row["name"], row["country"]
    for row in read_table("regions.tsv"):
        for column in ("name", "adjective"):
            if row[column]:
                yield row[column], row["name"]
