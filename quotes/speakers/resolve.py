"""From the phrase in the frame to the speaker: names, roles, pronouns, bodies, and who is carried on.

Never the nearest name: where no reading holds, the speaker is null.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from quotes import tree
from quotes.constructions.candidate import Candidate, Source
from quotes.constructions.context import Context
from quotes.constructions.roles import channels_in, phrase_source
from quotes.lexicon import fold
from quotes.model import Sentence, Span, Speaker
from quotes.speakers.cast import Cast, Person
from quotes.speakers.forms import citation_form
from quotes.speakers.names import Role, role_of

NOBODY = Speaker()
# Bodies that share their noun and differ by the name behind it: without the noun, the place would speak.
_LOCAL_BODIES = (
    "polizei",
    "gericht",
    "staatsanwaltschaft",
    "universität",
    "hochschule",
    "stadt",
    "land",
    "kreis",
    "ministerium",
    "klinik",
    "klinikum",
    "institut",
    "feuerwehr",
    "betrieb",
    "amt",
    "direktion",
    "präsidium",
    "kammer",
    "gemeinde",
    "kanton",
    "flughafen",
)
# Sentences back in which a pronoun's antecedent is looked for.
_REACH = 4
_MASCULINE = frozenset({"er", "ihm", "ihn", "seiner", "sein"})
_FIRST_PERSON = frozenset({"ich", "wir", "uns", "mir", "unser", "mein"})


@dataclass(slots=True)
class _Spoken:
    """What the resolution remembers of the rows before."""

    speaker: Speaker
    person: Person | None
    sentence: int
    via: tuple[str, ...]


class Resolver:
    """Resolves the sources of one article's candidates in text order."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._cast = Cast(context.sentences, context.lexicon)
        self._last: _Spoken | None = None
        self._last_channel: tuple[str, ...] = ()

    def resolve(self, candidates: Sequence[Candidate]) -> list[tuple[Speaker, tuple[str, ...]]]:
        """Speaker and channels of each candidate; the candidates must be in text order."""
        return [self._one(candidate) for candidate in candidates]

    def _one(self, candidate: Candidate) -> tuple[Speaker, tuple[str, ...]]:
        via = tuple(dict.fromkeys(name for c in candidate.channels for name in self._channel_names(c)))
        if candidate.anaphoric_channel and not via:
            via = self._last_channel
        person: Person | None = None
        if candidate.carries:
            speaker, person, carried = self._carried(candidate)
            via = via or carried
        elif candidate.source is None:
            speaker = NOBODY
        else:
            speaker, person = self._speaker(candidate.source, candidate)
        if via and speaker.name in via:
            via = tuple(v for v in via if v != speaker.name)
        sentence = self._context.sentence_at(candidate.span.end - 1)
        self._last = _Spoken(speaker, person, sentence.index if sentence else 0, via)
        if self._is_channel(candidate.source):
            self._last_channel = (speaker.name,) if speaker.name else ()
        elif via:
            self._last_channel = via
        return speaker, via

    def _carried(self, candidate: Candidate) -> tuple[Speaker, Person | None, tuple[str, ...]]:
        last = self._last
        if last is None:
            return NOBODY, None, ()
        if candidate.kind == "free_indirect" and last.via and self._reported_before(candidate):
            # The channel's report goes on, not the act it told (*Er äußerte dem Bericht zufolge …. Beide Seiten hätten …*).
            name = last.via[-1]
            return Speaker(name, slug(name), "document", None, "continuation", 0.6), None, ()
        if last.speaker.name is None:
            return NOBODY, None, last.via
        confidence = min(last.speaker.confidence, 0.85)
        speaker = Speaker(
            last.speaker.name, last.speaker.id, last.speaker.kind, last.speaker.role, "continuation", confidence
        )
        return speaker, last.person, last.via

    def _reported_before(self, candidate: Candidate) -> bool:
        before = [c for c in self.settled if c.span.end <= candidate.span.start]
        return bool(before) and before[-1].kind == "reported"

    settled: Sequence[Candidate] = ()

    def _is_channel(self, source: Source | None) -> bool:
        """Whether the speaker is itself an agency or a medium, so that *demnach* leads back to it."""
        if source is None:
            return False
        sentence = self._context.sentences[source.sentence]
        token = sentence.tokens[source.head]
        printed = " ".join(t.text for t in sentence.tokens[source.head : source.last + 1])
        lexicon = self._context.lexicon
        noun = lexicon.noun(token.lemma, token.text)
        return (
            lexicon.is_channel_noun(token.lemma)
            or fold(printed) in lexicon.channels
            or (noun is not None and "document" in noun.uses)
        )

    def _channel_names(self, source: Source) -> tuple[str, ...]:
        if source.how == "channel":
            return (source.name,)
        sentence = self._context.sentences[source.sentence]
        named = channels_in(self._context, sentence, range(source.first, source.last + 1), without=None)
        if named:
            return tuple(c.name for c in named)
        speaker, _ = self._speaker(source, None)
        return (speaker.name or self._printed(source),)

    def _printed(self, source: Source) -> str:
        tokens = self._context.sentences[source.sentence].tokens
        return " ".join(self._context.text[tokens[source.first].start : tokens[source.last].end].split())

    def _speaker(self, source: Source, candidate: Candidate | None) -> tuple[Speaker, Person | None]:
        sentence = self._context.sentences[source.sentence]
        if source.how == "channel":
            return Speaker(source.name, slug(source.name), "organisation", None, "name", 0.9), None
        if source.how == "compound":
            kind = "organisation" if self._context.lexicon.organisation(source.name) else "group"
            return Speaker(source.name, slug(source.name), kind, None, "role", 0.85), None
        if source.how == "possessive":
            return self._pronoun(sentence, source.head, "possessive")
        if source.how == "own":
            return self._own(sentence, source)
        if source.how == "document":
            return self._common_noun(sentence, source, "document")
        return self._phrase(sentence, source)

    def _phrase(self, sentence: Sentence, source: Source) -> tuple[Speaker, Person | None]:
        joined = self._coordinated(sentence, source)
        return (joined, None) if joined is not None else self._single(sentence, source)

    def _coordinated(self, sentence: Sentence, source: Source) -> Speaker | None:
        """*Moskau und Pjöngjang*: two who speak as one, joined by *und*."""
        conjuncts = [
            c
            for c in sentence.children[source.head]
            if sentence.tokens[c].relation == "conj"
            and source.head < c <= source.last
            and sentence.tokens[c].upos in ("NOUN", "PROPN")
        ]
        if not conjuncts:
            return None
        parts = []
        edges = [source.head, *conjuncts]
        for number, head in enumerate(edges):
            last = source.last if number + 1 == len(edges) else edges[number + 1] - 1
            while last > head and sentence.tokens[last].upos not in ("NOUN", "PROPN", "ADJ", "X", "NUM"):
                last -= 1
            first = source.first if number == 0 else edges[number - 1] + 1
            while first < head and sentence.tokens[first].upos in ("CCONJ", "PUNCT"):
                first += 1
            first = first if number == 0 else self._phrase_first(sentence, head, first)
            parts.append(self._single(sentence, Source(source.sentence, head, first, last, source.how))[0])
        names = [p.name for p in parts if p.name]
        if len(names) < 2:
            return None
        name = ", ".join(names[:-1]) + " und " + names[-1]
        kinds = {p.kind for p in parts}
        kind = parts[0].kind if len(kinds) == 1 and parts[0].kind != "person" else "group"
        return Speaker(name, slug(name), kind, None, parts[0].resolution, min(p.confidence for p in parts) - 0.05)

    def _phrase_first(self, sentence: Sentence, head: int, first: int) -> int:
        members = [i for i in sentence.children[head] if first <= i < head]
        return min([head, *members])

    def _single(self, sentence: Sentence, source: Source) -> tuple[Speaker, Person | None]:
        head = sentence.tokens[source.head]
        if head.upos == "PRON" and head.text.lower() not in ("beide", "viele", "einige"):
            return self._pronoun(sentence, source.head, "pronoun")
        marked = self._marked_name(sentence, source)
        if marked is not None:
            return marked, None
        person = self._named(sentence, source)
        if person is not None and self._is_body_with_place(sentence, source, person):
            return self._common_noun(sentence, source, "organisation")
        if person is not None:
            return self._person(sentence, source, person)
        channel = self._known_channel(sentence, source)
        if channel is not None:
            return channel, None
        if head.upos in ("NOUN", "ADJ", "DET", "NUM"):
            role = role_of(sentence, source.head, self._context.lexicon) if head.upos == "NOUN" else None
            if role is not None and self._is_definite(sentence, source):
                found = self._cast.with_role(role, sentence.index)
                if found is not None and head.feats.get("Number") != "Plur":
                    bearer, sure = found
                    return (
                        Speaker(bearer.name, slug(bearer.name), "person", role.printed, "role", 0.85 if sure else 0.6),
                        bearer,
                    )
                likely = self._cast.with_office_like(role) if source.how == "line" and found is None else None
                if likely is not None:
                    return Speaker(likely.name, slug(likely.name), "person", role.printed, "role", 0.6), likely
            described = self._described(sentence, source)
            if described is not None:
                return described
            return self._common_noun(sentence, source, None)
        name = " ".join(t.text for t in sentence.tokens[source.first : source.last + 1])
        return Speaker(name, slug(name), self._kind_of_name(name), None, "name", 0.7), None

    def _described(self, sentence: Sentence, source: Source) -> tuple[Speaker, Person | None] | None:
        """*der 34-Jährige*, *die FDP-Politikerin*, *der Coach*: another word for the person spoken of just before.

        Only a definite phrase without a complement, of fitting gender, for the speaker of the row before within two
        sentences; not where the same word has named somebody unnamed before.
        """
        head = sentence.tokens[source.head]
        article = sentence.tokens[source.first].text.lower()
        if article not in ("der", "die", "dem", "den", "des") or head.feats.get("Number") == "Plur":
            return None
        aged = fold(head.text).endswith(("jährige", "jähriger", "jährigen")) and not fold(head.text).startswith("jährig")
        aged = aged or (head.text.lower().startswith("jährige") and source.head > 1)
        entry = self._context.lexicon.role(head.lemma, head.text)
        if not aged and (entry is None or source.last > source.head or entry.kind in ("relation", "anonymous", "group_member")):
            return None
        gender = entry.gender if entry is not None else {"der": "m", "dem": "m", "den": "m"}.get(article, "")
        if aged and article == "die":
            gender = "f"
        last = self._last
        if aged and (last is None or last.person is None):
            found = self._antecedent(sentence, source.head, gender or "m")
            unnamed = self._role_before(sentence, gender or "m", "role")
            if unnamed is not None and (found is None or unnamed[1] > found[2]):
                return unnamed[0], None
            person = found[0] if found else None
        elif last is not None and last.person is not None and sentence.index - last.sentence <= 2:
            person = last.person
        else:
            person = self._only_person_near(sentence, gender)
        if person is None or not person.human or (person.gender and gender and person.gender != gender):
            return None
        if not aged and self._named_before(sentence, head.lemma):
            return None
        printed = " ".join(t.text for t in sentence.tokens[source.first + 1 : source.last + 1])
        return Speaker(person.name, slug(person.name), "person", printed, "role", 0.7 if aged else 0.6), person

    def _only_person_near(self, sentence: Sentence, gender: str) -> Person | None:
        """The one person of that gender named in the three sentences before, if there is exactly one."""
        near = {
            id(person): person
            for person in self._cast.people
            if person.human and person.gender in ("", gender)
            for mention in person.mentions
            if 0 < sentence.index - mention.sentence <= 3
        }
        return next(iter(near.values())) if len(near) == 1 else None

    def _named_before(self, sentence: Sentence, lemma: str) -> bool:
        """Whether the same noun has stood for somebody without a name earlier in the article (*ein Sprecher*)."""
        return any(
            token.lemma == lemma and self._cast.at(earlier.index, token.index + 1) is None
            for earlier in self._context.sentences[: sentence.index]
            for token in earlier.tokens
            if token.upos == "NOUN"
        )

    def _marked_name(self, sentence: Sentence, source: Source) -> Speaker | None:
        """*die „Eichsfelder Rundschau“*: a name in quotation marks is printed whole."""
        token = sentence.tokens[source.head]
        quoted = self._context.quoted_around(Span(token.start, token.end))
        if quoted is None or quoted.outer.end - quoted.outer.start > 60:
            return None
        if quoted.outer.start < sentence.tokens[source.first].start - 1:
            return None
        printed = self._context.text[quoted.inner.start : quoted.inner.end].strip()
        known = self._context.lexicon.channels.get(fold(printed))
        name = known[0] if known else printed
        return Speaker(name, slug(name), "organisation", None, "name", 0.9)

    def _is_body_with_place(self, sentence: Sentence, source: Source, person: Person) -> bool:
        """*die Kantonspolizei Thurgau*, *die Stadt Wien*: the place belongs to the name of the body."""
        head = sentence.tokens[source.head]
        if head.upos != "NOUN" or any(n.sentence == sentence.index and n.first == source.head for n in person.mentions):
            return False
        lexicon = self._context.lexicon
        if lexicon.organisation(head.lemma, head.text) is None or lexicon.is_channel_noun(head.lemma):
            return False
        local = fold(head.lemma).endswith(_LOCAL_BODIES)
        return local or (lexicon.country_of(person.name) is not None and not person.human)

    def _named(self, sentence: Sentence, source: Source) -> Person | None:
        """The name that a phrase consists of or that stands in apposition to its head; not one in its genitive."""
        for index in range(source.first, source.last + 1):
            person = self._cast.at(sentence.index, index)
            if person is None:
                continue
            at = index
            while at != source.head:
                token = sentence.tokens[at]
                if token.relation not in ("appos", "flat", "compound", "nmod", "nsubj", "conj") or token.head < 0:
                    break
                if token.relation == "conj":
                    break
                if token.relation == "nmod" and not self._adjacent(sentence, at, source.head):
                    break
                if (
                    token.feats.get("Case") == "Gen"
                    and token.head == source.head
                    and sentence.tokens[source.head].upos == "NOUN"
                    and at < source.head
                ):
                    break
                at = token.head
            if at == source.head or (index == source.head + 1 and self._adjacent(sentence, index, source.head)):
                return person
        return None

    def _adjacent(self, sentence: Sentence, index: int, head: int) -> bool:
        """A name right behind a role noun is its bearer, whatever the tree says (*Präsident Müller*)."""
        token = sentence.tokens[index]
        role = self._context.lexicon.role(sentence.tokens[head].lemma, sentence.tokens[head].text)
        return index == head + 1 and role is not None and not token.text.endswith("s")

    def _person(self, sentence: Sentence, source: Source, person: Person) -> tuple[Speaker, Person | None]:
        mention = next(
            (n for n in person.mentions if n.sentence == sentence.index and source.first <= n.first <= source.last),
            None,
        )
        channel = self._context.lexicon.channels.get(fold(person.name))
        if channel is not None and not (mention and mention.role):
            return Speaker(channel[0], slug(channel[0]), "organisation", None, "name", 0.95), None
        role = mention.role.printed if mention is not None and mention.role is not None else None
        own = mention.words if mention is not None else person.words
        if source.how == "line":
            resolution = "attribution_line"
        elif len(own) < len(person.words):
            resolution = "surname"
        elif mention is not None and mention.role is not None and source.head < mention.first:
            resolution = "apposition"
        else:
            resolution = "name"
        kind = "person" if person.human else self._kind_of_name(person.name)
        if kind == "person" and not person.human and sentence.tokens[source.head].upos == "NOUN":
            kind = self._kind_of_noun(sentence, source) or "organisation"
        confidence = 0.7 if self._cast.ambiguous(person) and resolution == "surname" else 0.95
        if not person.human and kind == "person":
            confidence = 0.85
        role = self._role_behind(sentence, source, mention.last if mention else source.head) or role
        return Speaker(person.name, slug(person.name), kind, role, resolution, confidence), person

    def _role_behind(self, sentence: Sentence, source: Source, last: int) -> str | None:
        """The apposition behind a name, as printed (*…, Direktor des Internationalen Instituts*)."""
        if last + 2 > source.last or sentence.tokens[last + 1].text not in (",", "("):
            return None
        first = last + 2
        while first < source.last and sentence.tokens[first].upos == "DET":
            first += 1
        printed = self._context.text[sentence.tokens[first].start : sentence.tokens[source.last].end].strip(" ,()")
        return " ".join(printed.split()) or None

    def _kind_of_name(self, name: str) -> str:
        lexicon = self._context.lexicon
        folded = fold(name)
        if folded in lexicon.metonyms:
            return lexicon.metonyms[folded]
        if folded in lexicon.channels:
            return "organisation"
        if lexicon.country_of(name):
            return "place"
        if lexicon.organisation(name.split()[-1]):
            return "organisation"
        if name.isupper() and len(name) > 1:
            return "organisation"
        return "person"

    def _kind_of_noun(self, sentence: Sentence, source: Source) -> str | None:
        token = sentence.tokens[source.head]
        lexicon = self._context.lexicon
        organisation = lexicon.organisation(token.lemma, token.text)
        if organisation is not None:
            return organisation.kind
        if lexicon.is_channel_noun(token.lemma):
            return "organisation"
        role = lexicon.role(token.lemma, token.text)
        if role is not None:
            plural = token.feats.get("Number") == "Plur"
            if role.kind == "anonymous":
                return "anonymous"
            return "group" if plural else "person"
        noun = lexicon.noun(token.lemma, token.text)
        if noun is not None and noun.uses & {"document", "source"}:
            return "document"
        return None

    def _known_channel(self, sentence: Sentence, source: Source) -> Speaker | None:
        """*die staatliche Nachrichtenagentur Ria Nowosti*: the name behind the noun, known or not."""
        lexicon = self._context.lexicon
        for first in range(source.head, source.last + 1):
            for last in range(source.last, first - 1, -1):
                printed = self._context.text[sentence.tokens[first].start : sentence.tokens[last].end]
                known = lexicon.channels.get(fold(printed.strip('„“"»«”')))
                token = sentence.tokens[first]
                named = (
                    token.upos in ("PROPN", "X") or printed.isupper() or self._context.is_quoted_token(sentence, first)
                )
                if known is not None and (named or last > first):
                    return Speaker(known[0], slug(known[0]), "organisation", None, "name", 0.95)
        return None

    def _is_definite(self, sentence: Sentence, source: Source) -> bool:
        """*der Sprecher* points back to somebody, *ein Sprecher* does not; a bare role stands for its bearer."""
        for token in sentence.tokens[source.first : source.head]:
            if token.upos == "DET" and token.lemma.lower() in ("ein", "kein", "mehrere", "viele", "einige", "weitere"):
                return False
        return True

    def _common_noun(self, sentence: Sentence, source: Source, kind: str | None) -> tuple[Speaker, Person | None]:
        name = citation_form(sentence, source.first, source.last, source.head)
        if not name:
            return NOBODY, None
        found = self._kind_of_noun(sentence, source) or kind or "group"
        role = None
        if found == "person":
            role = name
        return Speaker(
            name, slug(name), found, role, "role" if found in ("person", "group", "anonymous") else "name", 0.85
        ), None

    def _own(self, sentence: Sentence, source: Source) -> tuple[Speaker, Person | None]:
        """*eigenen Angaben nach*: the subject of the clause it stands in."""
        clause = tree.clause_head(sentence, source.head)
        subject = tree.subject_of(sentence, clause)
        if subject is None:
            root = next(t.index for t in sentence.tokens if t.head < 0)
            subject = tree.subject_of(sentence, root)
        if subject is None or source.first <= subject <= source.last:
            return NOBODY, None
        speaker, person = self._phrase(sentence, phrase_source(self._context, sentence, subject))
        if speaker.name is None:
            return NOBODY, None
        return Speaker(
            speaker.name, speaker.id, speaker.kind, speaker.role, "possessive", min(speaker.confidence, 0.85)
        ), person

    def _pronoun(self, sentence: Sentence, index: int, resolution: str) -> tuple[Speaker, Person | None]:
        token = sentence.tokens[index]
        form = token.text.lower()
        if form in _FIRST_PERSON or form in ("man", "es", "jemand", "niemand", "wer", "viele", "alle"):
            return NOBODY, None
        plural = self._is_plural(sentence, index)
        if plural:
            return self._plural(sentence, resolution)
        gender = "m" if form in _MASCULINE or form.startswith("sein") else "f"
        found = self._antecedent(sentence, index, gender)
        role_noun = self._role_before(sentence, gender, resolution)
        if role_noun is not None and (found is None or role_noun[1] > found[2]):
            return role_noun[0], None
        if found is None:
            return self._body_before(sentence, gender, resolution), None
        person, confidence, _ = found
        role = person.roles[0].printed if person.roles else None
        return Speaker(person.name, slug(person.name), "person", role, resolution, confidence), person

    def _is_plural(self, sentence: Sentence, index: int) -> bool:
        token = sentence.tokens[index]
        form = token.text.lower()
        if form == "ihnen":
            return True
        if form.startswith("sein") or form in _MASCULINE or form == "ihm":
            return False
        if form == "sie":
            above = token.head
            finite = tree.finite_of(sentence, above) if above >= 0 else None
            if finite is not None and token.relation == "nsubj":
                return sentence.tokens[finite].feats.get("Number") == "Plur"
        return token.feats.get("Number") == "Plur" and form == "sie"

    def _plural(self, sentence: Sentence, resolution: str) -> tuple[Speaker, Person | None]:
        last = self._last
        if last is not None and last.speaker.name and last.speaker.kind in ("group", "organisation", "anonymous"):
            if sentence.index - last.sentence <= _REACH:
                s = last.speaker
                return Speaker(s.name, s.id, s.kind, s.role, resolution, 0.6), None
        return NOBODY, None

    def _role_before(
        self, sentence: Sentence, gender: str, resolution: str
    ) -> tuple[Speaker, float] | None:
        """*Ein Radfahrer stürzte. Er sagte …*: a person without a name as antecedent, with the score of its place."""
        last = self._last
        best: tuple[Speaker, float] | None = None
        if last is not None and last.person is None and last.speaker.kind == "person" and last.speaker.name:
            entry = self._context.lexicon.role(last.speaker.name.split()[-1]) or self._context.lexicon.role(
                last.speaker.name.split()[0]
            )
            back = sentence.index - last.sentence
            if back <= 2 and (entry is None or entry.gender in (gender, "u", "")):
                s = last.speaker
                best = Speaker(s.name, s.id, s.kind, s.role, resolution, 0.7), 3.0 - back + 1.2
        for back in (1, 2):
            if sentence.index - back < 0:
                break
            before = self._context.sentences[sentence.index - back]
            for token in before.tokens:
                if token.relation != "nsubj" or token.upos != "NOUN" or token.feats.get("Number") == "Plur":
                    continue
                entry = self._context.lexicon.role(token.lemma, token.text)
                if entry is None or entry.gender != gender or self._cast_names(before, token.index):
                    continue
                score = 3.0 - back + 0.8
                if best is None or score > best[1]:
                    speaker, _ = self._single(before, phrase_source(self._context, before, token.index))
                    if speaker.name:
                        best = Speaker(speaker.name, speaker.id, speaker.kind, speaker.role, resolution, 0.6), score
        return best

    def _cast_names(self, sentence: Sentence, noun: int) -> bool:
        return any(self._cast.at(sentence.index, i) for i in tree.descendants(sentence, noun))

    def _antecedent(self, sentence: Sentence, index: int, gender: str) -> tuple[Person, float, float] | None:
        """The person a pronoun means: recent, in subject position, speaking before; agreeing in gender.

        Weights: each sentence back costs 1.0; a subject gains 0.8, the last speaker 1.2, an unknown gender loses
        0.3. They were set on the pronouns of the Wikinews training part. A lead under 0.3 is doubt.
        """
        scores: dict[int, tuple[float, Person]] = {}
        for person in self._cast.people:
            if not person.human or (person.gender and person.gender != gender):
                continue
            for mention in person.mentions:
                back = sentence.index - mention.sentence
                if back < 0 or back > _REACH or (back == 0 and mention.first > index):
                    continue
                if back == 0 and self._same_clause(sentence, mention.first, index):
                    continue
                score = 3.0 - back + (0.8 if mention.subject else 0.0) - (0.0 if person.gender else 0.3)
                if self._last is not None and self._last.person is person and sentence.index - self._last.sentence <= 2:
                    score += 1.2
                if id(person) not in scores or score > scores[id(person)][0]:
                    scores[id(person)] = score, person
        if self._last is not None and self._last.person is not None and id(self._last.person) not in scores:
            person = self._last.person
            if person.human and person.gender in ("", gender) and sentence.index - self._last.sentence <= _REACH + 2:
                scores[id(person)] = 3.0 - (sentence.index - self._last.sentence) + 1.2, person
        if not scores:
            return None
        ranked = sorted(scores.values(), key=lambda s: -s[0])
        lead = ranked[0][0] - ranked[1][0] if len(ranked) > 1 else 2.0
        return ranked[0][1], 0.85 if lead >= 0.8 else 0.7 if lead >= 0.3 else 0.5, ranked[0][0]

    def _same_clause(self, sentence: Sentence, one: int, other: int) -> bool:
        return tree.clause_head(sentence, one) == tree.clause_head(sentence, other)

    def _body_before(self, sentence: Sentence, gender: str, resolution: str) -> Speaker:
        """*Sie teilte weiter mit* behind *die Polizei*: a body of that gender spoke last."""
        last = self._last
        if last is None or last.speaker.name is None or sentence.index - last.sentence > 2:
            return NOBODY
        entry = self._context.lexicon.organisation(last.speaker.name.split()[-1]) or self._context.lexicon.role(
            last.speaker.name.split()[-1]
        )
        if entry is not None and entry.gender == gender:
            s = last.speaker
            return Speaker(s.name, s.id, s.kind, s.role, resolution, 0.6)
        return NOBODY


def slug(name: str) -> str:
    """A local identifier: lower-case ASCII words joined by hyphens (*Müller-Lüdenscheidt* → *mueller-luedenscheidt*)."""
    folded = name.lower()
    for letter, plain in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"), ("ø", "o"), ("ł", "l"), ("đ", "d")):
        folded = folded.replace(letter, plain)
    ascii_only = unicodedata.normalize("NFKD", folded).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-") or "unnamed"


__all__ = ["Resolver", "Role", "slug"]
