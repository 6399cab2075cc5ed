"""Descriptions: phrases without a name (*der Minister*, *die 66-Jährige*, *die Gewerkschaft*), and whom they fit."""

from __future__ import annotations

import re
from dataclasses import dataclass

from quotes import tree
from quotes.lexicon import Lexicon
from quotes.model import Sentence, Token
from quotes.speakers.figures import BODY, GROUP, PERSON, Figure, Figures
from quotes.speakers.forms import GENDERS
from quotes.speakers.role_nouns import Role, role_of
from quotes.tables import word_list, word_set
from quotes.word_forms import fold

_DEFINITE = frozenset({"der", "die", "das", "dem", "den", "des"})
_INDEFINITE = frozenset({"ein", "kein", "mehrere", "viele", "einige", "weitere", "manche", "zahlreiche"})
_OPENS_INDEFINITE = ("ein", "kein", "mehrer", "viele", "einige", "weitere", "manche")
_ARTICLE_GENDERS = {"der": "m", "dem": "m", "den": "m", "des": "m", "die": "f"}
# Points by which a noun speaks for a figure; those from LINK on say that the same one is meant, those from CERTAIN on
# even if others are nearer.
LINK, CERTAIN = 2.5, 2.6
_SAME_AGE, _SAME_NOUN, _COMPOUND, _SAME_OFFICE, _SAME_SEAT, _SAME_CLASS, _BARE_NOUN = 5.0, 4.0, 3.5, 3.5, 2.7, 3.0, 2.6
# Others in office may be of that party too, though the article does not say it.
_SAME_PARTY, _NO_PARTY = 2.0, -1.0
# A noun that was not used before for somebody who is known by another: a profession is often added (*die Ingenieurin*
# for a flight director), an office or a tie rarely.
_NO_NOUN = -0.5
_OTHER_NOUN = {
    "describing": 0.0,
    "profession": -2.0,
    "function": -2.0,
    "anonymous": -2.5,
    "relation": -2.5,
    "family": -2.5,
    "body": -2.5,
}
ONLY_BODY = 2.6
# What a figure must reach before a description is taken for it rather than for somebody new.
_NEW = {
    "describing": 0.8,
    "profession": 0.8,
    "function": 1.6,
    "anonymous": 1.4,
    "relation": 1.4,
    "family": 3.0,
    "body": 2.5,
}


@dataclass(frozen=True, slots=True)
class Description:
    """A noun phrase as far as it tells who is meant.

    ``sort``: ``describing`` (*der Tiroler*, *die 66-Jährige*: no new person), ``profession`` (*die Ingenieurin*) and
    ``function`` (*der Sprecher*): perhaps, ``relation`` (*die Schwester*, *der Anwohner*): mostly; or ``body``.
    ``article``: definite, indefinite, possessive, none. ``specified``: more stands in the phrase that says who it is
    (*das Bundesamt für Verbraucherschutz*, *die panamaische Reederei*). ``age`` is told by the noun itself, ``aged``
    by an adjective before it (*der 27-jährige Mechaniker*).
    """

    kind: str
    sort: str
    noun: str
    article: str
    gender: str
    role: Role | None
    age: str = ""
    seat: str = ""
    specified: bool = False
    aged: str = ""

    @property
    def is_new(self) -> bool:
        """Whether the phrase introduces somebody: *ein Sprecher*, *Experten*."""
        return self.article == "indefinite" or (self.kind == GROUP and self.article == "none")

    @property
    def threshold(self) -> float:
        """The score from which on a figure is meant."""
        return _NEW[self.sort] + (1.0 if self.article == "possessive" else 0.0)


def read_description(sentence: Sentence, head: int, lexicon: Lexicon, *, speaking: bool = False) -> Description | None:
    """What a noun tells of whom it means; ``None`` for nouns that mean no person, body or group.

    ``speaking``: the phrase is known to speak, so that a noun of no table describes a person as well.
    """
    token = sentence.tokens[head]
    if token.upos not in ("NOUN", "ADJ", "PROPN", "NUM"):
        return None
    article = _article(sentence, head)
    age = _age(sentence, head)
    entry = lexicon.role(token.lemma, token.text)
    plural = _is_plural(sentence, head)
    body = lexicon.organisation(token.lemma, token.text)
    noun = fold(token.lemma if token.upos == "NOUN" else token.text)
    if age:
        gender = _declined_gender(sentence, token, article)
        return Description(GROUP if plural and not gender else PERSON, "describing", noun, article, gender, None, age)
    if token.upos == "NUM":
        return None
    if entry is not None and (body is None or body.kind != "organisation"):
        role = role_of(sentence, head, lexicon)
        gender = role.gender if role is not None else ""
        if entry.kind == "group_member" and fold(token.text).endswith(("e", "er")):
            gender = _declined_gender(sentence, token, article) or gender
        sort = {"office": "function", "profession": "profession", "relation": "relation"}.get(
            entry.kind, "anonymous" if entry.kind == "anonymous" else "describing"
        )
        kind = GROUP if plural else PERSON
        if lexicon.stage_of(noun) == "family" and fold(token.text) not in word_set("general_nouns"):
            sort = "family"
        if fold(entry.lemma) in word_set("general_nouns") or fold(token.text) in word_set("general_nouns"):
            sort = "describing"
        seat, aged = _seat_of(token, role, lexicon), _age_before(sentence, head)
        return Description(kind, sort, noun, article, gender, role, "", seat, aged=aged)
    if body is not None or lexicon.is_channel_noun(token.lemma) or lexicon.body_class(token.text) is not None:
        if plural:
            return Description(GROUP, "body", noun, article, "", None)
        gender = GENDERS.get(token.feats.get("Gender", ""), "") or (body.gender if body is not None else "")
        return Description(BODY, "body", noun, article, gender, None, specified=_is_specified(sentence, head))
    if token.upos in ("NOUN", "PROPN") and article == "definite" and not plural and lexicon.homeland_of(token.text):
        gender = "f" if token.text.endswith("in") else "m"  # *der Duisburger*
        return Description(PERSON, "describing", noun, article, gender, None, "", _seat_of(token, None, lexicon))
    man = token.upos == "NOUN" and not plural and token.text.endswith("er") and token.feats.get("Gender") == "Masc"
    if man and token.relation == "nsubj" and article == "definite" and _is_native(sentence, head):
        return Description(PERSON, "describing", noun, article, "m", None, "", _seat_of(token, None, lexicon))
    known = lexicon.noun(token.lemma, token.text)
    if speaking and known is None and article == "definite" and not plural and token.upos in ("NOUN", "ADJ"):
        gender = GENDERS.get(token.feats.get("Gender", ""), "")
        if gender in ("m", "f") and _may_be_a_person(noun, gender):
            seat = _seat_of(token, None, lexicon)
            # *die Kassiererin*: what ends so is mostly what somebody does for a living.
            works = not seat and noun.endswith(word_list("female_endings"))
            sort = "profession" if works else "describing"
            return Description(PERSON, sort, noun, article, gender, None, "", seat)
    woman = token.upos == "NOUN" and not plural and token.text.endswith(word_list("female_endings"))
    if woman and token.relation == "nsubj" and article == "definite":
        return Description(PERSON, "describing", noun, article, "f", None, "", _seat_of(token, None, lexicon))
    return None


def _may_be_a_person(noun: str, gender: str) -> bool:
    """Whether a folded noun of no table may mean somebody: *Keeper*, *Liberale*, not *Warndienst*, *Leitstelle*."""
    if gender == "f":
        return noun.endswith((*word_list("female_endings"), *word_list("epithet_endings")))
    things = word_list("thing_endings")
    # The lemmatizer leaves the genitive of rare compounds as it is.
    return not any(noun.removesuffix(ending).endswith(things) for ending in ("", "s", "es"))


def _is_plural(sentence: Sentence, head: int) -> bool:
    """Whether a noun stands in the plural; the parse errs where its two numbers look alike (*der Niederländer*)."""
    token = sentence.tokens[head]
    if token.feats.get("Number") != "Plur" or token.text.endswith("in"):
        return False
    if token.feats.get("Gender") == "Fem" and token.text == token.lemma and token.text.endswith("e"):
        return False  # *der Behörde*: a feminine noun in -e has its plural in -en
    article = next((sentence.tokens[c].text.lower() for c in sentence.children[head] if c < head), "")
    if article == "der" and token.text == token.lemma and not tree.children(sentence, head, "case"):
        return token.relation == "nmod"  # *verriet der Niederländer*; a genitive plural hangs on a noun
    return not (article == "die" and token.text == token.lemma and token.text.endswith(word_list("plurals_in_n")))


def _article(sentence: Sentence, head: int) -> str:
    """What opens the phrase; the article in *zum*, *beim*, *vom* counts."""
    for index in sentence.children[head]:
        token = sentence.tokens[index]
        if token.upos == "DET" or token.relation == "det":
            if token.deprel == "det:poss" or token.feats.get("Poss") == "Yes":
                own = token.text.lower().startswith(("mein", "dein", "unser", "euer", "eure"))
                return "indefinite" if own else "possessive"  # *meine Frau*, inside a quotation
            if token.lemma.lower() in _INDEFINITE or token.text.lower().startswith(_OPENS_INDEFINITE):
                return "indefinite"
            return "definite"
    if any(sentence.tokens[i].feats.get("Case") == "Gen" and i < head for i in tree.children(sentence, head, "nmod")):
        return "possessive"
    return "none"


def _is_specified(sentence: Sentence, head: int) -> bool:
    """Whether an attribute says which one: a complement behind the noun, or an adjective that does not only point."""
    behind = any(
        child > head and fold(sentence.tokens[child].lemma) not in word_set("seats_of_bodies")
        for child in tree.children(sentence, head, "nmod", "appos", "acl")
    )
    adjectives = [sentence.tokens[c] for c in tree.children(sentence, head, "amod")]
    telling = [a for a in adjectives if fold(a.text) not in word_set("pointing_adjectives")]
    return behind or any(not (a.text[:1].isupper() and a.text.endswith("er")) for a in telling)


def _age(sentence: Sentence, head: int) -> str:
    """*34-Jährige* as one token, or *Jährige* behind the number and its hyphen; the digits."""
    tokens = sentence.tokens
    word = fold(tokens[head].text)
    if not re.search(r"jährige[rnms]?$", word):
        return ""
    if word.startswith("jährig"):
        before = "".join(t.text for t in tokens[max(0, head - 2) : head])
        found = re.search(r"(\d+) ?-?$", before)
        return found.group(1) if found else ""
    found = re.match(r"\d+", word)
    return found.group() if found else ""


def _age_before(sentence: Sentence, head: int) -> str:
    """*27* in *der 27-jährige Mechaniker*; empty where no such adjective stands before the noun."""
    adjectives = [c for c in tree.children(sentence, head, "amod") if c < head]
    return next((age for c in adjectives if (age := _age(sentence, c))), "")


def _is_native(sentence: Sentence, head: int) -> bool:
    """*der gebürtige Bottroper*: whoever comes from a place that no table has."""
    words = {fold(sentence.tokens[c].text) for c in tree.children(sentence, head, "amod")}
    return any(word.startswith("gebürtig") for word in words)


def _declined_gender(sentence: Sentence, token: Token, article: str) -> str:
    """The gender of an adjective as a noun, by its article (*der Liberale*, *die Liberale*) or its own ending."""
    if token.text.endswith("r") and article != "definite":
        return "m"
    for index in range(token.index - 1, max(-1, token.index - 5), -1):
        word = sentence.tokens[index].text.lower()
        if word in _ARTICLE_GENDERS:
            oblique = word == "der" and token.feats.get("Case") in ("Dat", "Gen") and token.relation != "nsubj"
            return "f" if oblique else _ARTICLE_GENDERS[word]
        if word.startswith(("eine", "ihre", "seine")):
            return "f"
    return ""


def _seat_of(token: Token, role: Role | None, lexicon: Lexicon) -> str:
    """The country, region or party that the noun itself names: *der Tiroler*, *die Christdemokratin*."""
    if role is not None and role.country is not None:
        return role.country
    word = fold(token.text)
    party = lexicon.party_of(word)
    return party or lexicon.homeland_of(word) or ""


def evidence(description: Description, figure: Figure, figures: Figures, lexicon: Lexicon) -> tuple[str, float] | None:
    """How far a description speaks for a figure, with the reason; ``None`` where it cannot mean that figure."""
    if description.kind != figure.kind:
        return None
    if description.kind == BODY:
        return _of_body(description, figure, lexicon)
    if description.gender and figure.gender and description.gender != figure.gender:
        return None
    if description.aged and figure.age and figure.age != description.aged:
        return None
    if description.age:
        if figure.age and figure.age != description.age:
            return None
        return ("same age", _SAME_AGE) if figure.age else ("", 0.0)
    role, noun = description.role, description.noun
    if role is not None and description.sort != "describing" and _differs_in_country(role, figure):
        return None
    party = lexicon.is_party(description.seat)
    if party:
        parties = {seat for seat in figure.seats if lexicon.is_party(seat)}
        if parties and description.seat not in parties:
            return None  # *die SPÖ-Politikerin* is not *die Grüne*
        if not parties and description.sort == "describing" and not _holds_office(figure, lexicon):
            return "of no known party", _NO_PARTY
    if role is not None and any(o.kind == role.kind and o.country == role.country for o in figure.roles if role.kind):
        return "the same office", _SAME_OFFICE
    if noun in figure.nouns:
        return "the same noun", _SAME_NOUN
    current = role is None or role.current
    apart = current and lexicon.play_apart(noun, figure.nouns)
    if description.sort != "family" and not apart and figure in figures.sharing(noun):
        return "a noun that ends alike", _COMPOUND
    if lexicon.may_stand_for(noun, figure.nouns):
        return "a noun for the like", LINK
    if apart:
        return None
    if description.sort == "describing" and description.seat and description.seat in figure.seats:
        return f"from {description.seat}", _SAME_PARTY if party else _SAME_SEAT
    abroad = role is not None and description.sort != "describing" and role.country is not None
    if abroad and role is not None and role.country not in figure.seats:
        return f"nothing ties them to {role.country}", _OTHER_NOUN["function"]
    if not figure.nouns:
        return "known by no noun", 0.0 if description.sort == "describing" else _NO_NOUN
    return "known by another noun", _OTHER_NOUN[description.sort]


def _holds_office(figure: Figure, lexicon: Lexicon) -> bool:
    """Whether one of the nouns for somebody is an office's: whoever holds one mostly has a party."""
    entries = (lexicon.role(noun) for noun in figure.nouns)
    return any(entry is not None and entry.kind == "office" for entry in entries)


def _differs_in_country(role: Role, figure: Figure) -> bool:
    known = {other.country for other in figure.roles if other.country}
    return bool(role.country and known and role.country not in known and role.country not in figure.seats)


def _of_body(description: Description, figure: Figure, lexicon: Lexicon) -> tuple[str, float] | None:
    noun, named = description.noun, figure.person is not None
    if noun in figure.nouns:
        return ("the same noun", _SAME_NOUN) if named or not figure.bare else ("the same bare noun", _BARE_NOUN)
    if description.specified:
        return None
    generic = lexicon.body_noun(noun) == noun
    known = {lexicon.body_class(other) for other in figure.nouns if other not in lexicon.metonyms} - {None}
    if generic and lexicon.body_class(noun) in known and (named or not figure.bare):
        return f"also called {sorted(figure.nouns)[0]}", _SAME_CLASS
    if any(len(noun) > 3 and other.endswith(noun) for other in figure.nouns):
        return "a noun that ends alike", _COMPOUND
    party = named and figure.person is not None and lexicon.office_body(figure.person.name) is not None
    if generic and not known and named and not party and description.article == "definite" and not figure.channel:
        return "a name without a noun", 0.0
    return None
