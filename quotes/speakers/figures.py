"""Figures: whoever an article speaks of, named or not, with the words used for them and where they are mentioned."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice

from quotes.speakers.cast import Person
from quotes.speakers.role_nouns import Role
from quotes.word_forms import fold

PERSON, BODY, GROUP = "person", "body", "group"
# Letters at the end of a noun under which its compounds are looked up (*Minister*, *Verteidigungsminister*).
_TAIL = 5
# Figures of one noun that are looked at, the latest first: who was met before forty others is not meant again.
_MOST_SHARING = 40


@dataclass(slots=True, eq=False)
class Figure:
    """One person, body or group.

    Attributes:
        kind: :data:`PERSON`, :data:`BODY` or :data:`GROUP`.
        gender: ``m``, ``f``, ``n``; empty where nothing tells it.
        sentence, token: the head of the first phrase that means it.
        person: its bearer in the cast where it has a name.
        called: its canonical name where that is not the cast's: whoever holds the office by the table of offices, or a
            body by its noun and name (*Pflegeverband Unteramt*).
        nouns: folded nouns used for it.
        roles: its roles as read, with country and class of office.
        age: years in digits as printed, or empty.
        seats: countries, regions and parties that it is said to belong to.
        bare: only a noun without an article or attribute, as headlines have it.
        indefinite: introduced as one of many (*ein Anwohner*).
        channel: a name of a medium or agency.
        same_as: the figure that this one turned out to be (*der Kämmerer*, who is named a sentence later).
        members: those who make up a group that was put together (*die beiden*).
    """

    kind: str
    gender: str
    sentence: int
    token: int
    person: Person | None = None
    called: str = ""
    nouns: set[str] = field(default_factory=set)
    roles: list[Role] = field(default_factory=list)
    age: str = ""
    seats: set[str] = field(default_factory=set)
    bare: bool = False
    indefinite: bool = False
    channel: bool = False
    same_as: Figure | None = None
    members: tuple[Figure, ...] = ()

    @property
    def really(self) -> Figure:
        """The figure under which this one is known in the end."""
        figure = self
        while figure.same_as is not None:
            figure = figure.same_as
        return figure


@dataclass(frozen=True, slots=True)
class Mention:
    """One place where a figure is spoken of. ``content`` numbers the candidate whose words these are, -1 for none."""

    figure: Figure
    sentence: int
    token: int
    subject: bool
    deep: bool = False
    content: int = -1
    first: bool = False


class Figures:
    """The figures met so far, by place, by sentence and by noun."""

    def __init__(self) -> None:
        self._at: dict[tuple[int, int], Figure] = {}
        self._in_sentence: dict[int, list[Mention]] = {}
        self._by_tail: dict[str, dict[int, Figure]] = {}
        self._by_person: dict[int, Figure] = {}
        self._bodies: list[Figure] = []
        self._people: dict[str, list[Figure]] = {}
        self._in_office: dict[tuple[str, str | None], list[Figure]] = {}
        self._last_of: dict[int, Mention] = {}

    def add(self, mention: Mention) -> None:
        """Remember a mention."""
        self._at[mention.sentence, mention.token] = mention.figure
        self._in_sentence.setdefault(mention.sentence, []).append(mention)
        self._last_of[id(mention.figure)] = mention
        for noun in mention.figure.nouns:
            self._by_tail.setdefault(noun[-_TAIL:], {})[id(mention.figure)] = mention.figure

    def join(self, unnamed: Figure, named: Figure) -> None:
        """The unnamed figure turns out to be the named one, which takes over its nouns and roles."""
        unnamed.same_as = named
        named.roles += unnamed.roles
        named.seats |= unnamed.seats
        for noun in unnamed.nouns:
            self.call(named, noun)
        last = self._last_of.get(id(unnamed))
        known = self._last_of.get(id(named))
        if last is not None and (known is None or last.sentence > known.sentence):
            self._last_of[id(named)] = replace(last, figure=named)

    def call(self, figure: Figure, noun: str) -> None:
        """Remember one more noun for a figure."""
        figure.nouns.add(fold(noun))
        self._by_tail.setdefault(fold(noun)[-_TAIL:], {})[id(figure)] = figure

    def at(self, sentence: int, token: int) -> Figure | None:
        """The figure whose mention has its head at a token."""
        figure = self._at.get((sentence, token))
        return figure.really if figure is not None else None

    def of_person(self, person: Person) -> Figure | None:
        """The figure of a bearer of a name, if it was met already."""
        return self._by_person.get(id(person))

    def enter(self, figure: Figure) -> None:
        """Make a figure known to the look-ups by person, gender and office."""
        if figure.person is None:
            for role in figure.roles:
                if role.kind is not None:
                    self._in_office.setdefault((role.kind, role.country), []).append(figure)
            return
        self._by_person[id(figure.person)] = figure
        if figure.kind == BODY:
            self._bodies.append(figure)
        else:
            self._people.setdefault(figure.gender, []).append(figure)

    def named_people(self, gender: str) -> list[Figure]:
        """The people with a name met so far whose gender is the given one, ``""`` for unknown, in that order."""
        return self._people.get(gender, [])

    def named_bodies(self) -> list[Figure]:
        """The bodies with a name, in the order they were met."""
        return self._bodies

    def in_office(self, kind: str, country: str | None) -> list[Figure]:
        """The people without a name who were called by an office of a class and country."""
        return self._in_office.get((kind, country), [])

    def before(self, sentence: int, reach: int) -> Iterator[Mention]:
        """The mentions of a sentence and of ``reach`` sentences before it, the latest sentence first."""
        for number in range(sentence, max(-1, sentence - reach - 1), -1):
            for mention in self._in_sentence.get(number, ()):
                yield replace(mention, figure=mention.figure.really) if mention.figure.same_as else mention

    def last_mention(self, figure: Figure) -> Mention | None:
        """Where a figure was mentioned last."""
        return self._last_of.get(id(figure))

    def sharing(self, noun: str) -> list[Figure]:
        """The figures called by a noun, by one that ends in it or that it ends in; in the order they were met."""
        word = fold(noun)
        latest = islice(reversed(self._by_tail.get(word[-_TAIL:], {}).values()), _MOST_SHARING)
        near = [figure for figure in latest if figure.same_as is None]
        return [figure for figure in reversed(near) if any(_is_compound_of(word, other) for other in figure.nouns)]


def _is_compound_of(noun: str, other: str) -> bool:
    """*Präsidialamtssprecher* and *Sprecher*, *Minister* and *Verteidigungsminister*; or the same noun."""
    if noun == other:
        return True
    return min(len(noun), len(other)) >= _TAIL and (noun.endswith(other) or other.endswith(noun))
