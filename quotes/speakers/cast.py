"""The people of an article: names that mean the same person joined, with their roles, gender and mentions.

A surname joins the one full name that ends in it (or begins with it, where the family name comes first). Two
full names with one surname stay apart, and their bare surname then goes to the one named last before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from quotes.lexicon import Lexicon
from quotes.model import Sentence
from quotes.speakers.names import Name, find_names, join_name
from quotes.speakers.offices import Incumbents
from quotes.speakers.role_nouns import Role, role_of
from quotes.tables import word_set
from quotes.word_forms import fold

# Tokens of a line that only names the author.
_LONGEST_BYLINE = 6


@dataclass(slots=True)
class Person:
    """One person (or other bearer of a proper name) of the article, growing as mentions are read."""

    words: tuple[str, ...]
    human: bool
    gender: str = ""
    roles: list[Role] = field(default_factory=list)
    mentions: list[Name] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The canonical name, as printed where it stands in full."""
        return join_name(self.words)


class Cast:
    """All bearers of names in an article, and look-ups by words, role and place in the text."""

    def __init__(self, sentences: Sequence[Sentence], lexicon: Lexicon, incumbents: Incumbents | None = None) -> None:
        self.lexicon = lexicon
        self.incumbents = incumbents
        self.people: list[Person] = []
        self._by_token: dict[tuple[int, int], Person] = {}
        self._name_by_token: dict[tuple[int, int], Name] = {}
        self._by_surname: dict[str, list[Person]] = {}
        self._by_given: dict[str, list[Person]] = {}
        self._full: dict[tuple[str, ...], Person] = {}
        self._parts: dict[tuple[str, ...], Person] = {}
        german = [s for s in sentences if not _is_foreign(s) and not _is_byline(s)]
        names = [name for sentence in german for name in _with_shared_surnames(sentence, lexicon)]
        # Full names first: a headline's surname belongs to the name that the text gives in full.
        for name in sorted(names, key=lambda n: (-len(n.words), n.sentence, n.first)):
            if len(name.words) > 1:
                self._add(name, self._same(name))
        names += self._mistagged(sentences, names)
        for name in sorted(names, key=lambda n: (n.sentence, n.first)):
            if len(name.words) == 1:
                self._add(name, self._bearer(name))
        for person in self.people:
            person.mentions.sort(key=lambda n: (n.sentence, n.first))
        if incumbents is not None:
            self._name_by_office(german, incumbents)

    def _name_by_office(self, sentences: Sequence[Sentence], incumbents: Incumbents) -> None:
        """*Kremlchef Putin*: the holder of an office that the article speaks of lends a bare surname its full name."""
        bare = [p for p in self.people if len(p.words) == 1 and len(self._by_surname[self._surname(p)]) == 1]
        if not bare:
            return
        holders = {
            term.holder: term
            for sentence in sentences
            for token in sentence.tokens
            if token.upos in ("NOUN", "PROPN")
            and (role := role_of(sentence, token.index, self.lexicon)) is not None
            and (found := incumbents.holder(role)) is not None
            for term in (found[0],)
        }
        for person in bare:
            short = fold(person.words[0])
            meant = [t for t in holders.values() if short == self._surname_of(t.holder.split())]
            named = [t for t in meant if not person.gender or person.gender == t.gender]
            others = any(r.current and (h := incumbents.holder(r)) and h[0] not in named for r in person.roles)
            if len(named) == 1 and len(meant) == 1 and not others:
                person.words = tuple(named[0].holder.split())
                self._enter(person)
                person.gender, person.human = named[0].gender, True

    def _add(self, name: Name, person: Person | None) -> None:
        if person is None:
            person = Person(name.words, name.person)
            self.people.append(person)
            self._by_surname.setdefault(self._surname(person), []).append(person)
            self._enter(person)
        person.human = person.human or name.person
        if name.role is not None:
            person.roles.append(name.role)
        if not person.gender and name.gender:
            person.gender = name.gender
        person.mentions.append(name)
        for index in range(name.first, name.last + 1):
            self._by_token[name.sentence, index] = person
            self._name_by_token[name.sentence, index] = name

    def _enter(self, person: Person) -> None:
        """Make a name known by its words, and a full name by its beginnings and ends as well."""
        words = tuple(fold(w) for w in person.words)
        self._full.setdefault(words, person)
        if len(words) > 1:
            self._by_given.setdefault(words[0], []).append(person)
        for length in range(2, len(words)):
            self._parts.setdefault(words[:length], person)
            self._parts.setdefault(words[-length:], person)

    def _mistagged(self, sentences: Sequence[Sentence], names: Sequence[Name]) -> list[Name]:
        """Parts of full names that the tagger took for something else (*Koch*, *Karadeniz*, *ihr Dennis*)."""
        given = self.lexicon.given_names
        surnames = {p.words[-1] for p in self.people if len(p.words) > 1 and p.human}
        surnames |= {p.words[0] for p in self.people if len(p.words) > 1 and p.human and fold(p.words[0]) in given}
        covered = {(n.sentence, i) for n in names for i in range(n.first, n.last + 1)}
        found = []
        for sentence in sentences:
            for token in sentence.tokens:
                at = token.index
                if token.text not in surnames or (sentence.index, at) in covered:
                    continue
                behind_article = at > 0 and sentence.tokens[at - 1].upos == "DET"
                if token.upos in ("NOUN", "ADJ", "X", "VERB", "ADV") and not (
                    behind_article and fold(token.text) in self.lexicon.roles
                ):
                    subject = token.relation == "nsubj"
                    found.append(Name((token.text,), sentence.index, at, at, None, False, "", subject))
        return found

    def _same(self, name: Name) -> Person | None:
        """The person of a full name: equal words, or the beginning or end of them (*Kim Jong* in *Kim Jong Un*).

        A name with a gap (*Frank Steinmeier*, *Frank-Walter Steinmeier*) is left apart.
        """
        words = tuple(fold(w) for w in name.words)
        return self._full.get(words) or self._parts.get(words)

    def _bearer(self, name: Name) -> Person | None:
        """Whom a single word names: the bearer of that surname, the last named before it if there are several."""
        word = fold(name.words[0])
        bearers = self._by_surname.get(word, [])
        if not bearers and word.endswith("s"):  # *die Seite Szentesis*: a genitive that the parse does not see
            bearers = [p for p in self._by_surname.get(word[:-1], ()) if p.human]
        full = [p for p in bearers if len(p.words) > 1]
        if not full and not bearers:
            given = [p for p in self._by_given.get(word, ()) if p.human]
            if len(given) == 1:
                return given[0]
        bearers = full or bearers
        if len(bearers) > 1 and name.role is not None:
            agreeing = [p for p in bearers if any(_roles_agree(r, name.role) for r in p.roles)]
            bearers = agreeing or bearers
        if len(bearers) > 1 and name.gender:
            bearers = [p for p in bearers if p.gender in ("", name.gender)] or bearers
        if len(bearers) <= 1:
            alone = bearers[0] if bearers else None
            other = alone is not None and name.gender and alone.gender and name.gender != alone.gender
            return None if other else alone  # *Frau Falkner* is not Dennis Falkner
        return max(
            bearers,
            key=lambda p: max(
                ((n.sentence, n.first) for n in p.mentions if (n.sentence, n.first) <= (name.sentence, name.first)),
                default=(-1, 0),
            ),
        )

    def _surname(self, person: Person) -> str:
        """The folded family name: the last word, or the first where the family name comes first (*Kim Jong Un*)."""
        return self._surname_of(person.words)

    def _surname_of(self, name: Sequence[str]) -> str:
        words = [fold(w) for w in name]
        if len(words) > 1 and words[0] in self.lexicon.family_first:
            return words[0] if len(words) == 3 or words[0] not in self.lexicon.given_names else words[-1]
        return words[-1]

    def ambiguous(self, person: Person) -> bool:
        """Whether another person of the article bears the same surname."""
        bearers = self._by_surname.get(self._surname(person), ())
        return any(p is not person and p.human and len(p.words) > 1 for p in bearers)

    def named(self, name: str) -> Person | None:
        """The person with that full name, if the article has one."""
        return self._full.get(tuple(fold(w) for w in name.split()))

    def name_at(self, sentence: int, token: int) -> Name | None:
        """The name that a token belongs to, as it stands there."""
        return self._name_by_token.get((sentence, token))

    def at(self, sentence: int, token: int) -> Person | None:
        """The bearer of the name that a token belongs to."""
        return self._by_token.get((sentence, token))

    def with_office_like(self, role: Role) -> Person | None:
        """The one person of the article whose role has the same last part (*US-Minister*: *Heimatschutzminister*).

        For headlines, which shorten roles and stand before the name; countries must not differ.
        """
        entry = self.lexicon.role(role.noun)
        if entry is None:
            return None
        found = [
            person
            for person in self.people
            if person.human
            and any(
                other.noun.endswith(fold(entry.lemma))
                and (not role.country or not other.country or role.country == other.country)
                for other in person.roles
            )
        ]
        return found[0] if len(found) == 1 else None


def _with_shared_surnames(sentence: Sentence, lexicon: Lexicon) -> list[Name]:
    """The names of a sentence; *Cosima (38) und Dennis Falkner* gives both the surname."""
    names = list(find_names(sentence, lexicon))
    for number, (name, after) in enumerate(pairwise(names)):
        between = [t.text for t in sentence.tokens[name.last + 1 : after.first]]
        joined = between[-1:] == ["und"] and all(not w.isalpha() for w in between[:-1]) and len(between) <= 4
        given = lexicon.given_names
        aged = any(w.isdigit() for w in between)
        alone = len(name.words) == 1 and (fold(name.words[0]) in given or aged) and fold(after.words[0]) in given
        if joined and alone and len(after.words) == 2:
            words = (name.words[0], after.words[1])
            gender = given.get(fold(name.words[0]), "")
            names[number] = replace(name, words=words, person=True, gender=gender if gender in ("m", "f") else "")
    return names


def _is_byline(sentence: Sentence) -> bool:
    """*Von Lorenz Abendroth*: the author, of whom the article does not speak."""
    tokens = sentence.tokens
    short = 1 < len(tokens) <= _LONGEST_BYLINE and tokens[0].text in ("Von", "VON", "von")
    return short and not any(t.upos in ("VERB", "AUX") for t in tokens) and tokens[1].upos == "PROPN"


def _is_foreign(sentence: Sentence) -> bool:
    """An English caption of a picture agency, which spells names its own way (*Vladimir Putin*)."""
    return sum(t.text.lower() in word_set("english_words") for t in sentence.tokens) >= 3


def _roles_agree(one: Role, other: Role) -> bool:
    return one.noun == other.noun and (not one.country or not other.country or one.country == other.country)
