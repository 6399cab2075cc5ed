"""The discourse of an article, read from its beginning to the place where somebody is asked for.

Names, role nouns and bodies are met in the order of the text, each joined to whoever was meant before or entered anew;
who spoke in the row before is remembered with them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence

from quotes import tree
from quotes.constructions.candidate import Candidate
from quotes.constructions.context import Context
from quotes.model import Sentence
from quotes.speakers.bearers import Bearers
from quotes.speakers.cast import Cast, Person
from quotes.speakers.descriptions import LINK, ONLY_BODY, Description, evidence, read_description
from quotes.speakers.figures import BODY, GROUP, PERSON, Figure, Figures, Mention
from quotes.speakers.kinds import kind_of_name
from quotes.speakers.names import Name
from quotes.speakers.role_nouns import Role
from quotes.speakers.salience import DOUBTFUL, HERE, Last, Scored, lead, ranked, salient
from quotes.word_forms import fold

# Sentences a linked noun may lie back and still lose ground: behind that, distance no longer counts against it.
_FAR = 3
_MET = frozenset({"NOUN", "ADJ", "PROPN", "PRON"})
# Sentences back in which a person without a name may be whom a new name means.
_EXPLAINED = 2
# Mentions of the same noun that are weighed; the latest are the likeliest.
_MOST_LINKED = 12
# People whose origin and nouns are compared with a description, the latest; keeps the time linear.
_MOST_COMPARED = 50


class Discourse:
    """Who has been spoken of up to a place."""

    def __init__(self, context: Context, cast: Cast, candidates: Sequence[Candidate]) -> None:
        self.figures = Figures()
        self._last: Last | None = None
        self._context = context
        self._cast = cast
        self._bearers = Bearers(context)
        self._sentence, self._token = 0, 0
        spans = sorted(
            (span.start, span.end, number)
            for number, candidate in enumerate(candidates)
            if candidate.kind != "reported"
            for span in candidate.spans
        )
        self._contents = spans
        self._starts = [start for start, _, _ in spans]

    def until(self, sentence: int, token: int) -> None:
        """Read on to a token (exclusive); what was read before is not read again."""
        while (self._sentence, self._token) < (sentence, token):
            current = self._context.sentences[self._sentence]
            if self._token >= len(current.tokens):
                if self._sentence + 1 >= len(self._context.sentences):
                    return
                self._sentence, self._token = self._sentence + 1, 0
                continue
            self._token = self._read(current, self._token)

    def spoke(self, figure: Figure | None, sentence: int) -> None:
        """Remember who spoke in a row that ends in a sentence; ``None`` where nobody is known."""
        self._last = Last(figure, sentence) if figure is not None else None

    @property
    def last(self) -> Last | None:
        """The speaker of the row before."""
        return Last(self._last.figure.really, self._last.sentence) if self._last is not None else None

    def figure_of(self, person: Person, sentence: int, token: int) -> Figure:
        """The figure of a bearer of a name, entered where it was not met yet."""
        known = self.figures.of_person(person)
        if known is not None:
            return known
        lexicon = self._context.lexicon
        kind = PERSON if self._bearers.is_person(person) else BODY
        figure = Figure(kind, person.gender, sentence, token, person)
        for role in person.roles:
            figure.roles.append(role)
            self.figures.call(figure, role.noun)
            self.figures.call(figure, role.core)
            if role.country:
                figure.seats.add(role.country)
        if kind == BODY:
            figure.channel = fold(person.name) in lexicon.channels or kind_of_name(person.name, lexicon) == "place"
            figure.gender = self._bearers.gender_of_body(person)
            nouns = [n for n in (self._bearers.noun_before(person), lexicon.known_body(person.name)) if n is not None]
            if not nouns and lexicon.organisation(person.words[-1]) is not None:
                nouns = [person.words[-1]]
            for noun in nouns:
                self.figures.call(figure, noun)
        for mention in person.mentions:
            self._bearers.read_brackets(figure, mention)
        self.figures.enter(figure)
        return figure

    def meant(
        self, sentence: Sentence, head: int, content: int = -1, *, speaking: bool = False
    ) -> tuple[Description | None, list[Scored]]:
        """Whom a noun phrase without a name means: its description, and the figures it fits, the likeliest first.

        ``speaking``: it is the speaker of a row.
        """
        description = read_description(sentence, head, self._context.lexicon, speaking=speaking)
        if description is None or description.is_new:
            return description, []
        points = {}

        def fits(figure: Figure) -> bool:
            found = evidence(description, figure, self.figures, self._context.lexicon)
            if found is not None:
                points[id(figure)] = found
            return found is not None

        near = salient(self.figures, sentence, head, last=self.last, content=content, fits=fits)
        scored = [s.by_noun(*points[id(s.figure)]) for s in near]
        if len(scored) == 1 and (description.sort == "describing" or not scored[0].figure.nouns):
            scored = [scored[0].alone()]
        if not scored and description.sort == "describing" and description.kind == PERSON and description.gender:
            scored = self._only_named(description, fits)
        seen = {id(s.figure) for s in scored}
        farther = self._linked(description)[-_MOST_LINKED:]
        if description.kind == BODY:
            farther += [f for f in self.figures.named_bodies()[-_MOST_LINKED:] if f not in farther]
        for figure in farther:
            mention = self.figures.last_mention(figure)
            here = (figure.sentence, figure.token) >= (sentence.index, head)
            if id(figure) in seen or mention is None or here or not fits(figure):
                continue
            back = float(min(sentence.index - mention.sentence, _FAR))
            if points[id(figure)][1]:
                far = Scored(figure, HERE - back, (("farther up", HERE - back),))
                scored.append(far.by_noun(*points[id(figure)]))
        if description.kind == BODY:
            scored += self._only_body(scored, fits)
        return description, ranked(scored)

    def _only_named(self, description: Description, fits: Callable[[Figure], bool]) -> list[Scored]:
        """*Die Koreanerin* far behind the one woman whom the article has named."""
        named = self.figures.named_people(description.gender)
        unclear = self.figures.named_people("")
        if len(named) != 1 or unclear or not fits(named[0]):
            return []
        return [Scored(named[0], 0.0, (("far up", 0.0),)).alone()]

    def _only_body(self, scored: Sequence[Scored], fits: Callable[[Figure], bool]) -> Iterator[Scored]:
        """*Der Konzern teilte mit* where the article has named one body only that can be a company."""
        bodies = self.figures.named_bodies()
        fitting = [figure for figure in bodies if fits(figure)] if len(bodies) <= _MOST_LINKED else []
        if len(fitting) == 1 and not any(s.figure is fitting[0] and s.evidence for s in scored):
            yield Scored(fitting[0], 0.0, ()).by_noun("the only body that fits", ONLY_BODY)

    def _linked(self, description: Description) -> list[Figure]:
        found = self.figures.sharing(description.noun)
        if description.role is not None and description.role.core != description.noun:
            found += [f for f in self.figures.sharing(description.role.core) if f not in found]
        lexicon = self._context.lexicon
        for figure in self.figures.named_people(description.gender)[-_MOST_COMPARED:]:
            native = bool(description.seat) and description.seat in figure.seats
            if figure not in found and (native or lexicon.may_stand_for(description.noun, figure.nouns)):
                found.append(figure)
        return found

    def _read(self, sentence: Sentence, index: int) -> int:
        """Meet what stands at a token; gives the token to go on with."""
        person = self._cast.at(sentence.index, index)
        if person is not None:
            name = self._cast.name_at(sentence.index, index)
            if name is not None:
                if name.first == index:
                    self.meet_name(sentence, name, person)
                return max(name.last, index) + 1
        if sentence.tokens[index].upos in _MET and self.figures.at(sentence.index, index) is None:
            self._meet_noun(sentence, index)
        return index + 1

    def meet_name(self, sentence: Sentence, name: Name, person: Person) -> None:
        """Meet a bearer of a name where it stands; a bearer who was met there before is not met again."""
        if self.figures.at(name.sentence, name.first) is not None:
            return
        if not person.human and not self._bearers.is_person(person) and not self._bearers.is_body(person):
            return  # days, places, titles: nobody means them by a pronoun or a noun
        unmet = self.figures.of_person(person) is None
        figure = self.figure_of(person, name.sentence, name.first)
        if unmet and figure.kind == PERSON:
            if not figure.nouns and name.subject and len(name.words) > 1:
                self._explain(figure, sentence, name)
            self._name_the_unnamed(figure)
        token = sentence.tokens[name.first]
        deep = not name.subject and token.relation in ("nmod", "appos")
        first = name is person.mentions[0]
        self.figures.add(
            Mention(figure, name.sentence, name.first, name.subject, deep, self._content_at(token.start), first)
        )

    def _name_the_unnamed(self, figure: Figure) -> None:
        """*Der Kämmerer sagte …. Kämmerer Jan Brauner …*: whoever had the role before it came with a name."""
        for role in [r for r in figure.roles if r.current]:
            called = [f for f in self.figures.sharing(role.noun) if _is_called(f, role)]
            if role.kind is not None and role.country is not None:
                called += self.figures.in_office(role.kind, role.country)
            for other in called:
                unnamed = other.kind == PERSON and other.person is None and other.same_as is None
                if unnamed and not other.indefinite and other.gender in ("", figure.gender) and other is not figure:
                    self.figures.join(other, figure)

    def _explain(self, figure: Figure, sentence: Sentence, name: Name) -> None:
        """*Das brachte die Dezernentin auf die Palme. … Nele Hartwich …*: a name that no noun introduces.

        A reader takes it for whoever stood there without a name just before, if that is one person alone.
        """

        def fits(other: Figure) -> bool:
            if other.kind != PERSON or other.person is not None or other.indefinite:
                return False
            return not (figure.gender and other.gender and figure.gender != other.gender)

        scored = salient(self.figures, sentence, name.first, last=self.last, content=-1, fits=fits, reach=_EXPLAINED)
        prominent = scored and {"subject", "speaker of the row before"} & {reason for reason, _ in scored[0].reasons}
        if prominent and lead(scored) >= DOUBTFUL and figure.gender and scored[0].figure.gender == figure.gender:
            self.figures.join(scored[0].figure, figure)

    def _meet_noun(self, sentence: Sentence, index: int) -> None:
        token = sentence.tokens[index]
        if token.upos == "PRON":
            self._meet_pronoun(sentence, index)
            return
        if not token.text[:1].isupper() or self._belongs_to_name(sentence, index):
            return
        if tree.hyphen_joins(sentence, index + 1) or token.relation in ("amod", "compound"):
            return  # *Linke* in *Linke-Politikerin*, *Tiroler* in *Tiroler Polizei*
        description, scored = self.meant(sentence, index, self._content_at(token.start))
        if description is None or _is_anyone(sentence, index):
            return
        linked = [s for s in scored if s.evidence >= LINK]
        taken = linked[0].figure if linked and linked[0].score >= description.threshold else None
        taken = taken or self._holder(description, sentence, index)
        if taken is None and description.article != "none" and scored and scored[0].score >= description.threshold:
            taken = scored[0].figure
        figure = taken or self._new(description, sentence, index)
        self.mention(figure, sentence, index, first=taken is None)
        if taken is not None and description.kind != GROUP and description.sort == "function":
            self.figures.call(figure, description.noun)
        if taken is not None and self._context.lexicon.is_party(description.seat):
            figure.seats.add(description.seat)

    def _holder(self, description: Description, sentence: Sentence, index: int) -> Figure | None:
        """Whoever holds the office on the day of the article, if the table of offices tells it."""
        role, incumbents = description.role, self._cast.incumbents
        definite = description.kind == PERSON and description.article == "definite"
        found = incumbents.holder(role) if role is not None and incumbents is not None and definite else None
        if found is None:
            return None
        name = found[0].holder
        bearer = self._cast.named(name)
        if bearer is not None:
            return self.figure_of(bearer, sentence.index, index)
        figure = self._new(description, sentence, index)
        figure.called = name
        return figure

    def _meet_pronoun(self, sentence: Sentence, index: int) -> None:
        """*Dann kam er zur Rente.* A subject in the reporter's own words keeps whoever it means in mind."""
        token = sentence.tokens[index]
        gender = {"er": "m", "sie": "f"}.get(token.text.lower())
        if gender is None or token.relation != "nsubj" or token.feats.get("Number") == "Plur":
            return
        if self._content_at(token.start) >= 0 or self._context.in_marks(token.start):
            return

        def fits(figure: Figure) -> bool:
            return figure.kind == PERSON and figure.gender in ("", gender)

        scored = salient(self.figures, sentence, index, last=self.last, content=-1, fits=fits)
        if scored and lead(scored) >= DOUBTFUL:
            self.mention(scored[0].figure, sentence, index)

    def mention(self, figure: Figure, sentence: Sentence, index: int, *, first: bool = False) -> None:
        """Remember that a figure is meant at a token."""
        token = sentence.tokens[index]
        subject = token.relation == "nsubj"
        deep = token.relation == "nmod"
        self.figures.add(Mention(figure, sentence.index, index, subject, deep, self._content_at(token.start), first))

    def _new(self, description: Description, sentence: Sentence, index: int) -> Figure:
        figure = Figure(description.kind, description.gender, sentence.index, index, age=description.age)
        figure.indefinite = description.article == "indefinite"
        figure.bare = description.article == "none" and not description.specified
        self.figures.call(figure, description.noun)
        if figure.kind == BODY:
            start, end = tree.span_of(sentence, tree.word_start(sentence, index), index)
            known = self._context.lexicon.known_body(self._context.text[start:end])  # *EU-Kommission*
            if known is not None:
                self.figures.call(figure, known)
        if description.role is not None:
            figure.roles.append(description.role)
            if description.role.country:
                figure.seats.add(description.role.country)
        self.figures.enter(figure)
        return figure

    def enter(self, sentence: Sentence, index: int) -> Figure | None:
        """The figure at a token, entered anew where the token was not read yet; ``None`` for what is none."""
        known = self.figures.at(sentence.index, index)
        if known is not None:
            return known
        description = read_description(sentence, index, self._context.lexicon)
        if description is None:
            return None
        figure = self._new(description, sentence, index)
        self.mention(figure, sentence, index, first=True)
        return figure

    def _belongs_to_name(self, sentence: Sentence, index: int) -> bool:
        """A role noun right before a name, or in apposition to one: its bearer is met at the name."""
        tokens, lexicon = sentence.tokens, self._context.lexicon
        behind = index + 1
        while behind < len(tokens) and lexicon.is_title(tokens[behind].text):
            behind += 1
        bearer = self._cast.at(sentence.index, behind) if behind < len(tokens) else None
        if bearer is not None and tokens[index].feats.get("Number") != "Plur":
            owned = tokens[behind].feats.get("Case") == "Gen" and tokens[behind].text.endswith("s")
            if not owned and not lexicon.country_of(bearer.name):
                return True
        beside = [tokens[index].head] if tokens[index].relation == "appos" else []
        beside += tree.children(sentence, index, "appos", "flat")
        return any(i >= 0 and self._cast.at(sentence.index, i) is not None for i in beside)

    def _content_at(self, offset: int) -> int:
        """The number of the candidate whose content holds an offset, -1 outside of all."""
        last = bisect_right(self._starts, offset) - 1
        for start, end, number in reversed(self._contents[max(0, last - 2) : last + 1]):
            if start <= offset < end:
                return number
        return -1


def _is_called(figure: Figure, role: Role) -> bool:
    """Whether a figure was called by the very noun of a role, or by a compound of it in the same country."""
    countries = {r.country for r in figure.roles if r.country}
    if role.noun in figure.nouns:
        return not role.country or not countries - {role.country}
    return bool(role.country) and role.country in countries


def _is_anyone(sentence: Sentence, index: int) -> bool:
    """*jeder Fahrgast*, *kein Minister*: no one in particular, whom a later noun could mean."""
    articles = (sentence.tokens[c].text.lower() for c in tree.children(sentence, index, "det"))
    return any(article.startswith(("jede", "kein")) for article in articles)
