"""Who was spoken of before: persons with and without a name, bodies, and how likely each is meant again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from quotes import tree
from quotes.constructions.candidate import Source
from quotes.constructions.context import Context
from quotes.constructions.roles import phrase_source
from quotes.model import Sentence, Speaker
from quotes.speakers.bodies import Bodies
from quotes.speakers.cast import Cast, Person
from quotes.speakers.names import Name

# Sentences back in which a pronoun's antecedent is looked for.
REACH = 4
# Weights of an antecedent, set on the pronouns of the Wikinews training part: each sentence back costs 1.0.
_HERE = 3.0
_SUBJECT = 0.8
_LAST_SPEAKER = 1.2
_UNKNOWN_GENDER = -0.3
# Whom the sentence itself mentions beside its subject (*Auf die Frage, ob er mit Dobrin plane, sagte er …*).
_MENTIONED_HERE = -0.8
# Who is introduced, alone, in the sentence before (*Kritik kam von dem Astronomen Nwosu. Er …*) is spoken of next.
_NEWCOMER = 1.3
# A lead over the next candidate under which the choice is in doubt.
_CLEAR, _DOUBTFUL = 0.8, 0.3


@dataclass(frozen=True, slots=True)
class Spoken:
    """What is remembered of the row before: its speaker, the person behind it, its last sentence, its channels."""

    speaker: Speaker
    person: Person | None
    sentence: int
    via: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scene:
    """What is known when a row's speaker is looked for: the article, its people and bodies, and the row before."""

    context: Context
    cast: Cast
    bodies: Bodies
    last: Spoken | None


# How a noun phrase is turned into a speaker; given in, since phrases in turn may need their antecedents.
Describe = Callable[[Scene, Sentence, Source], tuple[Speaker, Person | None]]


def person_before(scene: Scene, sentence: Sentence, index: int, gender: str) -> tuple[Person, float, float] | None:
    """The person a pronoun at a token means: recent, in subject position, speaking before; agreeing in gender.

    Returns the person, the confidence (0 to 1), and the score to weigh it against other readings.
    """
    scores: dict[int, tuple[float, Person]] = {}
    last = scene.last
    for person in scene.cast.people:
        if not person.human or (person.gender and person.gender != gender):
            continue
        for mention in person.mentions:
            back = sentence.index - mention.sentence
            if back < 0 or back > REACH or (back == 0 and mention.first > index):
                continue
            if back == 0 and tree.clause_head(sentence, mention.first) == tree.clause_head(sentence, index):
                continue
            score = _HERE - back + (_SUBJECT if mention.subject else 0.0) + (0.0 if person.gender else _UNKNOWN_GENDER)
            if back == 0 and not mention.subject:
                score += _MENTIONED_HERE
            if last is not None and last.person is person and sentence.index - last.sentence <= 2:
                score += _LAST_SPEAKER
            elif back == 1 and mention is person.mentions[0] and _alone(scene, mention):
                score += _NEWCOMER
            if id(person) not in scores or score > scores[id(person)][0]:
                scores[id(person)] = score, person
    if last is not None and last.person is not None and id(last.person) not in scores:
        person, back = last.person, sentence.index - last.sentence
        if person.human and person.gender in ("", gender) and back <= REACH + 2:
            scores[id(person)] = _HERE - back + _LAST_SPEAKER, person
    if not scores:
        return None
    ranked = sorted(scores.values(), key=lambda s: -s[0])
    lead = ranked[0][0] - ranked[1][0] if len(ranked) > 1 else 2.0
    return ranked[0][1], 0.85 if lead >= _CLEAR else 0.7 if lead >= _DOUBTFUL else 0.5, ranked[0][0]


def _alone(scene: Scene, mention: Name) -> bool:
    """Whether no other person is named in the sentence of a mention."""
    sentence = scene.context.sentences[mention.sentence]
    found = {id(p) for t in sentence.tokens if (p := scene.cast.at(mention.sentence, t.index)) is not None and p.human}
    return len(found) == 1


def unnamed_before(
    scene: Scene, sentence: Sentence, gender: str, resolution: str, describe: Describe
) -> tuple[Speaker, float] | None:
    """*Ein Radfahrer stürzte. Er sagte …*: a person without a name as antecedent, with the score of its place."""
    lexicon, last = scene.context.lexicon, scene.last
    best: tuple[Speaker, float] | None = None
    if last is not None and last.person is None and last.speaker.kind == "person" and last.speaker.name:
        words = last.speaker.name.split()
        entry = lexicon.role(words[-1]) or lexicon.role(words[0])
        back = sentence.index - last.sentence
        if back <= 2 and (entry is None or entry.gender in (gender, "u", "")):
            best = replace(last.speaker, resolution=resolution, confidence=0.7), _HERE - back + _LAST_SPEAKER
    for back in range(1, min(2, sentence.index) + 1):
        before = scene.context.sentences[sentence.index - back]
        for token in before.tokens:
            if token.relation != "nsubj" or token.upos != "NOUN" or token.feats.get("Number") == "Plur":
                continue
            entry = lexicon.role(token.lemma, token.text)
            if entry is None or entry.gender != gender or _holds_name(scene, before, token.index):
                continue
            score = _HERE - back + _SUBJECT
            if best is None or score > best[1]:
                speaker, _ = describe(scene, before, phrase_source(scene.context, before, token.index))
                if speaker.name:
                    best = replace(speaker, resolution=resolution, confidence=0.6), score
    return best


def _holds_name(scene: Scene, sentence: Sentence, noun: int) -> bool:
    return any(scene.cast.at(sentence.index, i) for i in tree.descendants(sentence, noun))


def body_before(scene: Scene, sentence: Sentence, gender: str, resolution: str) -> Speaker:
    """*Sie teilte weiter mit* behind *die Polizei*: a body of that gender spoke last; else nobody."""
    last = scene.last
    if last is None or last.speaker.name is None or sentence.index - last.sentence > 2:
        return Speaker()
    lexicon = scene.context.lexicon
    words = [*last.speaker.name.split()[::-1], *(last.speaker.role or "").split()]
    entries = (lexicon.organisation(word) or lexicon.role(word) for word in words)
    entry = next((e for e in entries if e is not None), None)
    if entry is None or entry.gender != gender:
        return Speaker()
    return replace(last.speaker, resolution=resolution, confidence=0.6)


def speaking_body(scene: Scene, sentence: Sentence, gender: str, resolution: str) -> tuple[Speaker, float] | None:
    """*Die Gewerkschaft befürchtet …. Sie verlangt …*: the body that spoke in the sentence before, with its score."""
    last = scene.last
    if last is None or (last.person is not None and last.person.human) or last.speaker.kind != "organisation":
        return None
    back = sentence.index - last.sentence
    body = body_before(scene, sentence, gender, resolution)
    if body.name is None or back > 1:
        return None
    return body, _HERE - back + _SUBJECT + _LAST_SPEAKER


def group_before(scene: Scene, sentence: Sentence, resolution: str) -> Speaker:
    """*Sie teilten mit* behind *mehrere Anwohner*: several, or a body, spoke last; else nobody."""
    last = scene.last
    several = last is not None and last.speaker.kind in ("group", "organisation", "anonymous")
    if last is not None and several and last.speaker.name and sentence.index - last.sentence <= REACH:
        return replace(last.speaker, resolution=resolution, confidence=0.6)
    return Speaker()


def subject_before(scene: Scene, sentence: Sentence, gender: str) -> Person | None:
    """The person who is a subject of the sentence right before, if there is exactly one of that gender."""
    return _only_person(scene, gender, lambda name: name.subject and name.sentence == sentence.index - 1)


def only_person_near(scene: Scene, sentence: Sentence, gender: str) -> Person | None:
    """The one person of that gender named in the three sentences before, if there is exactly one."""
    return _only_person(scene, gender, lambda name: 0 < sentence.index - name.sentence <= 3)


def _only_person(scene: Scene, gender: str, counts: Callable[[Name], bool]) -> Person | None:
    found = {
        id(person): person
        for person in scene.cast.people
        if person.human and person.gender in ("", gender) and any(counts(mention) for mention in person.mentions)
    }
    return next(iter(found.values())) if len(found) == 1 else None
