"""Figures: whoever an article speaks of, named or not, with the words used for them and where they are mentioned."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from quotes.lexicon import fold
from quotes.speakers.cast import Person
from quotes.speakers.role_nouns import Role

PERSON, BODY, GROUP = "person", "body", "group"
# Letters at the end of a noun under which its compounds are looked up (*Minister*, *Verteidigungsminister*).
_TAIL = 5


@dataclass(slots=True, eq=False)
class Figure:
    """One person, body or group.

    Attributes:
        kind: :data:`PERSON`, :data:`BODY` or :data:`GROUP`.
        gender: ``m``, ``f``, ``n``; empty where nothing tells it.
        sentence, token: the head of the first phrase that means it.
        person: its bearer in the cast where it has a name.
        nouns: folded nouns used for it.
        roles: its roles as read, with country and class of office.
        age: years in digits as printed, or empty.
        seats: countries, regions and parties that it is said to belong to.
        bare: only a noun without an article or attribute, as headlines have it.
        channel: a name of a medium or agency.
        members: those who make up a group that was put together (*die beiden*).
    """

    kind: str
    gender: str
    sentence: int
    token: int
    person: Person | None = None
    nouns: set[str] = field(default_factory=set)
    roles: list[Role] = field(default_factory=list)
    age: str = ""
    seats: set[str] = field(default_factory=set)
    bare: bool = False
    channel: bool = False
    members: tuple[Figure, ...] = ()


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
        self._last_of: dict[int, Mention] = {}

    def add(self, mention: Mention) -> None:
        """Remember a mention."""
        self._at[mention.sentence, mention.token] = mention.figure
        self._in_sentence.setdefault(mention.sentence, []).append(mention)
        self._last_of[id(mention.figure)] = mention
        for noun in mention.figure.nouns:
            self._by_tail.setdefault(noun[-_TAIL:], {})[id(mention.figure)] = mention.figure

    def call(self, figure: Figure, noun: str) -> None:
        """Remember one more noun for a figure."""
        figure.nouns.add(fold(noun))
        self._by_tail.setdefault(fold(noun)[-_TAIL:], {})[id(figure)] = figure

    def at(self, sentence: int, token: int) -> Figure | None:
        """The figure whose mention has its head at a token."""
        return self._at.get((sentence, token))

    def of_person(self, person: Person) -> Figure | None:
        """The figure of a bearer of a name, if it was met already."""
        return self._by_person.get(id(person))

    def enter(self, figure: Figure) -> None:
        """Make a named figure known to :meth:`of_person`."""
        if figure.person is not None:
            self._by_person[id(figure.person)] = figure

    def met(self) -> Iterator[Figure]:
        """All figures mentioned so far."""
        return (mention.figure for mention in self._last_of.values())

    def named_bodies(self) -> list[Figure]:
        """The bodies with a name, in the order they were met."""
        return [figure for figure in self._by_person.values() if figure.kind == BODY]

    def before(self, sentence: int, reach: int) -> Iterator[Mention]:
        """The mentions of a sentence and of ``reach`` sentences before it, the latest sentence first."""
        for number in range(sentence, max(-1, sentence - reach - 1), -1):
            yield from self._in_sentence.get(number, ())

    def last_mention(self, figure: Figure) -> Mention | None:
        """Where a figure was mentioned last."""
        return self._last_of.get(id(figure))

    def sharing(self, noun: str) -> list[Figure]:
        """The figures called by a noun, by one that ends in it or that it ends in; in the order they were met."""
        word = fold(noun)
        near = self._by_tail.get(word[-_TAIL:], {}).values()
        return [figure for figure in near if any(_is_compound_of(word, other) for other in figure.nouns)]


def _is_compound_of(noun: str, other: str) -> bool:
    """*Präsidialamtssprecher* and *Sprecher*, *Minister* and *Verteidigungsminister*; or the same noun."""
    if noun == other:
        return True
    return min(len(noun), len(other)) >= _TAIL and (noun.endswith(other) or other.endswith(noun))
