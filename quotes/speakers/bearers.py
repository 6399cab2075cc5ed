"""What the places of a name in the article tell of its bearer: a person or a body, with age, party, noun and gender."""

from __future__ import annotations

import re

from quotes.constructions.context import Context
from quotes.speakers.cast import Person
from quotes.speakers.figures import Figure
from quotes.speakers.forms import GENDERS
from quotes.speakers.kinds import kind_of_name
from quotes.speakers.names import Name
from quotes.tables import word_list, word_set
from quotes.word_forms import fold


class Bearers:
    """Reads the sentences around the names of one article."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def is_body(self, person: Person) -> bool:
        """Whether a name may be a body's: it has a noun beside it, is an abbreviation, or does something itself."""
        lexicon = self._context.lexicon
        if fold(person.name) in word_set("calendar_names") or lexicon.country_of(person.name):
            return False
        known = lexicon.known_body(person.name) is not None  # *Kritik kam von Greenpeace*
        if (self._is_located(person) and not known) or all(self._is_bracketed(name) for name in person.mentions):
            return False  # a place, the agency of the dateline, the party behind a name
        bodily = any(lexicon.organisation(w) for w in person.words) or (person.name.isupper() and len(person.name) > 1)
        return known or bodily or any(n.subject for n in person.mentions) or self.noun_before(person) is not None

    def _is_bracketed(self, name: Name) -> bool:
        before = self._context.sentences[name.sentence].tokens[name.first - 1].text if name.first else ""
        return before in ("(", "/") or before.endswith("-")

    def _is_located(self, person: Person) -> bool:
        """Whether a name stands behind a preposition of place wherever it is met: *in Stammersdorf*, *aus Reno*."""
        for name in person.mentions:
            before = self._context.sentences[name.sentence].tokens[name.first - 1] if name.first else None
            if before is None or before.text.lower() not in word_set("local_prepositions"):
                return False
        return True

    def is_person(self, person: Person) -> bool:
        """Whether a name is a person's: known to be, or two words that nothing makes a body or a place."""
        if person.human:
            return True
        lexicon = self._context.lexicon
        bodily = "/" in person.name or any(
            w.isupper() or lexicon.organisation(w) or lexicon.country_of(w) for w in person.words
        )
        if (
            bodily
            or self._is_located(person)
            or self.noun_before(person) is not None
            or kind_of_name(person.name, lexicon) != "person"
        ):
            return False
        place = person.mentions[0]
        first = self._context.sentences[place.sentence].tokens
        if self._context.in_marks(first[place.first].start) and first[place.first - 1].upos == "PUNCT":
            return False  # a title in marks („Kalter Rauch“)
        if place.first and first[place.first - 1].lemma.lower().endswith(word_list("place_nouns")):
            return False  # *die Insel Helena Bay*
        articled = person.mentions[0].first > 0 and first[person.mentions[0].first - 1].upos == "DET"
        return len(person.words) > 1 and not articled

    def read_brackets(self, figure: Figure, name: Name) -> None:
        """*Vera Holm (34)*, *Jan Tamm, 71,*, *Ute Kern (CDU)*: age and party beside a name."""
        tokens = self._context.sentences[name.sentence].tokens
        behind = name.last + 1
        if behind < len(tokens) and tokens[behind].text in ("von", "vom"):
            member = next(
                (p for t in tokens[behind + 1 : behind + 4] if (p := self._context.lexicon.office_body(t.text))), None
            )
            figure.seats |= {member} if member is not None else set()
        if behind + 1 >= len(tokens) or tokens[behind].text not in ("(", ","):
            return
        word = tokens[behind + 1].text
        closed = behind + 2 < len(tokens) and tokens[behind + 2].text in (")", ",", "Jahre", ".", "/")
        if re.fullmatch(r"\d{1,3}", word) and closed:
            figure.age = figure.age or word
        elif tokens[behind].text == "(":
            party = self._context.lexicon.office_body(word)
            if party is not None:
                figure.seats.add(party)

    def noun_before(self, person: Person) -> str | None:
        """The noun for a body that stands before its name somewhere (*die Gewerkschaft Norda*)."""
        lexicon = self._context.lexicon
        for name in person.mentions:
            if name.first == 0:
                continue
            token = self._context.sentences[name.sentence].tokens[name.first - 1]
            if token.upos == "NOUN" and (
                lexicon.organisation(token.lemma, token.text) or lexicon.body_class(token.lemma)
            ):
                return token.lemma
        return None

    def gender_of_body(self, person: Person) -> str:
        """The gender of a name of a body, by an article before it (*der SC Rautheim*, *die IG Metall*)."""
        for name in person.mentions:
            tokens = self._context.sentences[name.sentence].tokens
            before = tokens[name.first - 1] if name.first else None
            if before is not None and before.upos == "DET":
                gender = before.feats.get("Gender") or tokens[name.first].feats.get("Gender")
                return GENDERS.get(gender or "", "")
            if before is not None and before.upos == "NOUN":
                return GENDERS.get(before.feats.get("Gender", ""), "")
        return ""
