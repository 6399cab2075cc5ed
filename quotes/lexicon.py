"""The words that signal reported speech and name those who speak, read from the tables in ``data/``.

Words are looked up folded: ß equals ss, so Swiss spelling needs no entries of its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from quotes.kinship import Kinship
from quotes.tables import read_table, word_set
from quotes.word_forms import fold, inflected


@dataclass(frozen=True, slots=True)
class Verb:
    """A cue verb. ``frames``: direct, clause, w, inf, np, pp:PREP, as, fragment; ``strength``: strong, medium, weak."""

    lemma: str
    particle: str
    kind: str
    medium: str
    polarity: str
    frames: frozenset[str]
    strength: str
    reflexive: bool

    def takes(self, *frames: str) -> bool:
        """Whether any of these frames (a prefix such as ``pp`` will do) is among the verb's."""
        return any(f == wanted or f.startswith(wanted + ":") for wanted in frames for f in self.frames)

    @property
    def prepositions(self) -> frozenset[str]:
        """The prepositions of the verb's ``pp:`` frames (*von* of *ausgehen*)."""
        return frozenset(f.removeprefix("pp:") for f in self.frames if f.startswith("pp:"))


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun of speech. ``uses``: source (*nach Angaben*), clause (*die Forderung, dass*), document (*der Bericht*)."""

    lemma: str
    medium: str
    uses: frozenset[str]
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A light-verb cue such as *zum Ausdruck bringen*: the verb and the words beside it, folded."""

    verb: str
    words: tuple[str, ...]
    entry: Verb


@dataclass(frozen=True, slots=True)
class Named:
    """A word with what it denotes: a role with its gender, a body with its kind."""

    lemma: str
    gender: str
    kind: str


# Present and past endings of weak verbs: *teilten* → *teilen*, *forderte* → *fordern*, *meldete* → *melden*.
_WEAK_ENDINGS = (
    ("eten", "en"),
    ("ete", "en"),
    ("ten", "en"),
    ("te", "en"),
    ("ten", "n"),
    ("te", "n"),
    ("et", "en"),
    ("t", "en"),
)


class Lexicon:
    """All tables, with the look-ups that derive particle verbs, compounds and inflected strong forms."""

    def __init__(self) -> None:
        self.verbs: dict[str, Verb] = {}
        self.reflexives: dict[str, Verb] = {}
        for row in read_table("cue_verbs.tsv"):
            verb = _verb(row)
            (self.reflexives if verb.reflexive else self.verbs).setdefault(fold(verb.lemma), verb)
        self.phrases: dict[str, list[Phrase]] = {}
        for row in read_table("cue_phrases.tsv"):
            phrase = _phrase(row)
            if not phrase.words:
                continue
            self.phrases.setdefault(phrase.verb, []).append(phrase)
        self.nouns = {
            fold(r["lemma"]): Noun(r["lemma"], r["medium"], frozenset(r["uses"].split(",")), r["class"])
            for r in read_table("speech_nouns.tsv")
        }
        self.roles = {fold(r["lemma"]): Named(r["lemma"], r["gender"], r["kind"]) for r in read_table("roles.tsv")}
        self.titles = {fold(r["title"].rstrip(".")): r["gender"] for r in read_table("titles.tsv")}
        self.organisations = {
            fold(r["lemma"]): Named(r["lemma"], r["gender"], r["kind"]) for r in read_table("organisations.tsv")
        }
        self.channel_nouns = {fold(r["lemma"]) for r in read_table("channel_nouns.tsv")}
        self._channel_endings = tuple(noun for noun in self.channel_nouns if len(noun) > 4)
        self.channels: dict[str, tuple[str, str]] = {}
        for row in read_table("channels.tsv"):
            for name in _names(row):
                self.channels.setdefault(fold(name), (row["name"], row["kind"]))
        self.places: dict[str, str] = {}
        self.adjectives: dict[str, str] = {}
        for row in read_table("places.tsv"):
            country = row["same_as"] or row["name"]
            self.places[fold(row["name"])] = country
            if row["capital"]:
                self.places[fold(row["capital"])] = country
            if row["adjective"]:
                self.adjectives[fold(row["adjective"])] = country
        for row in read_table("regions.tsv"):
            self.places.setdefault(fold(row["name"]), row["name"])
            if row["adjective"]:
                self.adjectives.setdefault(fold(row["adjective"]), row["name"])
        self._office_bodies: dict[str, str] = {}
        self._homes = {r["name"]: r["country"] for r in read_table("regions.tsv") if r["country"]}
        for row in read_table("office_bodies.tsv"):
            for name in _names(row):
                self._office_bodies.setdefault(_packed(name), row["name"])
            if row["country"]:
                self._homes[row["name"]] = row["country"]
        self._known_bodies = {
            fold(name): row["noun"] for row in read_table("known_bodies.tsv") for name in row["names"].split(",")
        }
        self._parties = {fold(r["noun"]): r["party"] for r in read_table("party_members.tsv")}
        self._homelands = {
            fold(r[column]): r["same_as"] or r["name"]
            for r in read_table("places.tsv")
            for column in ("demonym_m", "demonym_f")
            if r[column]
        }
        for row in read_table("regions.tsv"):
            if row["adjective"].endswith("er"):
                self._homelands.setdefault(fold(row["adjective"]), row["name"])
        self._kinship = Kinship(read_table("role_kin.tsv"), read_table("stages.tsv"))
        self.metonyms = {fold(r["name"]): r["kind"] for r in read_table("metonyms.tsv")}
        self.seats = {fold(r["name"]): r["country"] for r in read_table("metonyms.tsv") if r["country"]}
        self.seats |= {fold(r["name"]): r["country"] for r in read_table("seats.tsv")}
        self.given_names: dict[str, str] = {}
        for table in ("given_names_extra.tsv", "given_names_berlin.tsv"):
            for row in read_table(table):
                self.given_names.setdefault(fold(row["name"]), row["gender"])
        self.family_first = {fold(r["name"]) for r in read_table("family_first.tsv")}
        self.role_classes = {
            fold(noun): row["class"] for row in read_table("role_classes.tsv") for noun in row["nouns"].split(",")
        }
        self.body_classes = {
            fold(noun): row["class"] for row in read_table("body_classes.tsv") for noun in row["nouns"].split(",")
        }
        self.document_verbs = {
            fold(r["lemma"]): frozenset(r["prepositions"].split(",")) for r in read_table("document_verbs.tsv")
        }
        self._strong: dict[str, str] = {}
        for row in read_table("strong_forms.tsv"):
            for form in row["forms"].split(","):
                self._strong[fold(form)] = fold(row["base"])

    def verb(self, lemma: str, form: str, particle: str = "", *, reflexive: bool = False) -> Verb | None:
        """The cue verb of a token: by particle and lemma, by lemma, or by its printed strong form.

        Args:
            lemma: the token's lemma from the parser, right or wrong.
            form: the token as printed.
            particle: the separated particle of its clause, if it has one.
            reflexive: whether *sich* stands with it.
        """
        particle = fold(particle)
        tables = (self.reflexives, self.verbs) if reflexive else (self.verbs,)
        stems = (fold(lemma), *self._bases(fold(form)))
        for table in tables:
            for stem in stems:
                found = table.get(particle + stem)
                if found:
                    return found
        return None

    def bases(self, lemma: str, form: str) -> tuple[str, ...]:
        """The folded infinitives a token may belong to: its lemma, and what its strong form says."""
        return (fold(lemma), *self._bases(fold(form)))

    def _bases(self, form: str) -> Iterator[str]:
        if form in self._strong:
            yield self._strong[form]
        for ending, infinitive in _WEAK_ENDINGS:
            if form.endswith(ending) and len(form) > len(ending) + 2:
                yield form.removesuffix(ending) + infinitive
        for length in range(2, min(8, len(form) - 2)):
            prefix, rest = form[:length], form[length:]
            if rest in self._strong and (
                prefix in word_set("inseparable_prefixes") or prefix in word_set("separable_particles")
            ):
                yield prefix + self._strong[rest]

    def noun(self, lemma: str, form: str = "") -> Noun | None:
        """The noun of speech that a word is, or ends in (*Polizeiangaben*, *Medienbericht*)."""
        return inflected(self.nouns, lemma, form)

    def is_document(self, lemma: str, form: str = "") -> bool:
        """Whether a word is, or ends in, a noun for a text that speaks for itself (*Bericht*, *Studie*)."""
        noun = self.noun(lemma, form)
        return noun is not None and "document" in noun.uses

    def role(self, lemma: str, form: str = "") -> Named | None:
        """The role noun that a word is, or ends in (*Kremlchef*, *Außenministerin*)."""
        return inflected(self.roles, lemma, form)

    def organisation(self, lemma: str, form: str = "") -> Named | None:
        """The noun for a body that a word is, or ends in (*Küstenwache*, *Landesregierung*)."""
        return inflected(self.organisations, lemma, form)

    def is_channel_noun(self, lemma: str) -> bool:
        """Whether a word is, or ends in, a noun for a medium (*Nachrichtenagentur*, *Boulevardzeitung*)."""
        word = fold(lemma)
        # The lemmatizer leaves the endings of some plurals (*Nachrichtenagenturen*, *-agenture*).
        forms = (word, *(word.removesuffix(ending) for ending in ("n", "en", "e")))
        return any(form in self.channel_nouns or form.endswith(self._channel_endings) for form in forms)

    def country_of(self, word: str) -> str | None:
        """The country or region behind a name, its genitive, a capital, a seat of power, or an adjective."""
        folded = fold(word)
        for form in (folded, folded.removesuffix("s")):
            if form in self.places:
                return self.places[form]
            if form in self.seats:
                return self.seats[form]
        for ending in ("en", "em", "er", "es", "e", ""):
            stem = folded.removesuffix(ending)
            if stem in self.adjectives and (ending or folded == stem):
                return self.adjectives[stem]
        return None

    def is_title(self, word: str) -> bool:
        """Whether a word is a form of address or a title before a name (*Frau*, *Prof.*), or its full stop."""
        return word == "." or fold(word.rstrip(".")) in self.titles

    def behind_titles(self, words: Sequence[str], at: int) -> int:
        """The index of the first word from ``at`` on that is no title."""
        while at < len(words) and self.is_title(words[at]):
            at += 1
        return at

    def known_body(self, name: str) -> str | None:
        """The noun for a well-known body (*Verdi*: Gewerkschaft), ``None`` for others."""
        return self._known_bodies.get(fold(name))

    def body_noun(self, word: str) -> str | None:
        """The folded noun for a body that a word is, or ends in (*Hausärzteverband*: ``verband``)."""
        folded = fold(word)
        for start in range(len(folded) - 2):
            if folded[start:] in self.body_classes and (start == 0 or start > 2):
                return folded[start:]
        return None

    def body_class(self, word: str) -> str | None:
        """The class of exchangeable nouns for bodies that a word belongs to (*Reederei*, *Unternehmen*)."""
        noun = self.body_noun(word)
        return self.body_classes[noun] if noun else None

    def role_class(self, noun: str) -> str | None:
        """The class of interchangeable offices a role noun belongs to (*Staatschef*, *Präsident*, *Machthaber*).

        The whole noun counts, behind a country or body if one stands in its first part: no *Vizepräsident*.
        """
        return self.role_classes.get(fold(noun))

    def office_body(self, word: str) -> str | None:
        """The body with offices of its own that a word names (*EZB*, *SPD*, the genitive with -s as well)."""
        folded = _packed(word)
        return self._office_bodies.get(folded) or self._office_bodies.get(folded.removesuffix("s"))

    def party_of(self, noun: str) -> str | None:
        """The party that a noun makes somebody a member of (*Christdemokratin*: CDU)."""
        word = fold(noun)
        return self._parties.get(word) or self._parties.get(word.removesuffix("in"))

    def is_party(self, body: str) -> bool:
        """Whether a body with offices of its own, by its name in the table, is a party."""
        return fold(self.known_body(body) or "") == "partei"

    def homeland_of(self, noun: str) -> str | None:
        """The country or region that a noun says somebody comes from (*Norweger*, *Tirolerin*)."""
        word = fold(noun)
        return self._homelands.get(word) or self._homelands.get(word.removesuffix("in"))

    def may_stand_for(self, noun: str, others: Iterable[str]) -> bool:
        """Whether a noun is used for somebody whom one of the others names (*Juristin* for *Rechtsanwältin*)."""
        return self._kinship.may_stand_for(noun, others)

    def stage_of(self, noun: str) -> str | None:
        """The stage on which a noun is a part (*Mutter*: family), ``None`` where it is on none."""
        return self._kinship.stage_of(noun)

    def play_apart(self, noun: str, others: Iterable[str]) -> bool:
        """Whether a noun and another are different parts on one stage (*Verteidiger* and *Staatsanwältin*)."""
        return self._kinship.play_apart(noun, others)

    def home_of(self, body: str) -> str | None:
        """The country that a region or body belongs to (*Bayern*: Deutschland), ``None`` for others."""
        return self._homes.get(body)


def _names(row: dict[str, str]) -> tuple[str, ...]:
    """The name of a row and its aliases."""
    return (row["name"], *filter(None, (a.strip() for a in row["aliases"].split(";"))))


def _packed(name: str) -> str:
    """A folded name without hyphens and spaces, which papers set as they like."""
    return fold(name).replace("-", "").replace(" ", "")


def _verb(row: dict[str, str]) -> Verb:
    lemma = row["lemma"]
    reflexive = lemma.startswith("sich ")
    lemma = lemma.removeprefix("sich ")
    particle = lemma.partition("|")[0] if "|" in lemma else ""
    return Verb(
        lemma.replace("|", ""),
        particle,
        row["class"],
        row["medium"],
        row["polarity"],
        frozenset(row["frames"].split(",")),
        row["strength"],
        reflexive,
    )


def _phrase(row: dict[str, str]) -> Phrase:
    *words, verb = row["phrase_lemmas"].split()
    heavy = tuple(fold(w) for w in words if w.lower() not in word_set("light_words"))
    entry = Verb(
        row["phrase_lemmas"],
        "",
        row["class"],
        row["medium"],
        row["polarity"],
        frozenset(row["frames"].split(",")),
        row["strength"] or "strong",
        False,
    )
    return Phrase(fold(verb.replace("|", "")), heavy, entry)


@lru_cache(maxsize=1)
def load_lexicon() -> Lexicon:
    """The lexicon, read once."""
    return Lexicon()


@lru_cache(maxsize=1)
def lexicon_hash() -> str:
    """The first 12 hex digits of the sha256 over all data files: a row tells which words it was found with."""
    digest = hashlib.sha256()
    folder = files("quotes").joinpath("data")
    for name in sorted(p.name for p in folder.iterdir() if p.name.endswith((".tsv", ".txt"))):
        digest.update(name.encode() + b"\0" + folder.joinpath(name).read_bytes())
    return digest.hexdigest()[:12]
