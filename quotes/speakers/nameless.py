"""Noun phrases without a name: *der Minister*, *die 66-Jährige*, *die beiden*, *ein Sprecher der Polizei*."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from quotes import tree
from quotes.constructions.candidate import Source
from quotes.model import Considered, Sentence, Speaker
from quotes.speakers.descriptions import CERTAIN, LINK, Description
from quotes.speakers.figures import BODY
from quotes.speakers.forms import citation_form
from quotes.speakers.kinds import kind_of_noun, speaker_named
from quotes.speakers.pronouns import is_pair, read_pair
from quotes.speakers.role_nouns import Role, role_of
from quotes.speakers.salience import CLEAR, DOUBTFUL, Scored, lead
from quotes.speakers.scene import Reading, Scene, considered, speaker_of

# Kinds of which a common noun names nobody in particular: the Sprecher of one article is not that of another.
_UNNAMED = frozenset({"person", "group", "anonymous"})
# How far one of two bodies with a name must be ahead of the other for a noun that both are called by.
_BODIES_APART = 2.5
# What a figure that the noun itself speaks for must reach, however far it lies back.
_LEAST_LINKED = 0.5


def read_nameless(scene: Scene, sentence: Sentence, source: Source) -> Reading:
    """A phrase without a name: whom the article means by it, who held the office, else the phrase itself."""
    if is_pair(sentence, source.head):
        pair = read_pair(scene, sentence, source.head, _pair_resolution(sentence, source.head), common_noun)
        if pair.figure is not None:
            return pair
    discourse = scene.discourse
    description, scored = discourse.meant(sentence, source.head, scene.candidate, speaking=True)
    weighed = considered(scene, scored, common_noun)
    linked = [s for s in scored if s.evidence >= CERTAIN]
    rivals = linked or scored
    if not linked and scored and scored[0].evidence >= LINK:
        linked = [s for s in scored if s.evidence >= LINK]  # a noun for the like, and nobody is nearer
    doubt = _in_doubt(linked)
    if description is not None and linked and linked[0].figure.bare and linked[0].figure.person is None:
        linked = _named_instead(scene, scored, linked, description.threshold)
    if linked and linked[0].score >= _LEAST_LINKED and not doubt:
        return _bearer(scene, sentence, source, linked, weighed, 0.87 if lead(rivals) >= CLEAR else 0.65)
    role = role_of(sentence, source.head, scene.context.lexicon)
    if role is not None and description is not None and not description.is_new:
        likely = scene.cast.with_office_like(role) if source.how == "line" else None
        if likely is not None:
            bearer = discourse.figure_of(likely, sentence.index, source.head)
            return Reading(speaker_named(likely.name, "person", "role", 0.6, role=role.printed), bearer)
        incumbent = _incumbent(scene, sentence, source, role)
        if incumbent is not None:
            return incumbent
    told = description is not None and description.article != "none" and _is_bare(source, description)
    if description is not None and told and scored and scored[0].score >= description.threshold and not doubt:
        ahead = lead(scored)
        sure = 0.75 if ahead >= CLEAR else 0.65 if ahead >= DOUBTFUL else 0.5
        return _bearer(scene, sentence, source, scored, weighed, sure)
    figure = discourse.enter(sentence, source.head)
    return Reading(replace(common_noun(scene, sentence, source), considered=weighed), figure)


def _named_instead(scene: Scene, scored: list[Scored], linked: list[Scored], threshold: float) -> list[Scored]:
    """A noun of the headline (*Klinikchefin räumt Fehler ein*) means whom the same noun means in the text."""
    named = [s for s in scored if s.figure.person is not None and s.score >= threshold]
    if not named:
        return linked
    scene.discourse.figures.join(linked[0].figure, named[0].figure)
    return named


def _bearer(
    scene: Scene,
    sentence: Sentence,
    source: Source,
    scored: list[Scored],
    weighed: tuple[Considered, ...],
    confidence: float,
) -> Reading:
    figure = scored[0].figure
    # A body without a name of its own is called by its noun: *die Küstenwache* is the japanische Küstenwache.
    resolution = "name" if figure.kind == BODY and figure.person is None else "role"
    speaker = speaker_of(scene, figure, resolution, confidence, common_noun)
    first = source.first + (sentence.tokens[source.first].upos == "DET" and source.first < source.last)
    start, end = tree.span_of(sentence, first, source.last)
    printed = " ".join(scene.context.text[start:end].split())
    # An unnamed person keeps the phrase that introduced it: *der Sprecher* is the Sprecher des Innenministeriums.
    role = printed if figure.really.person is not None or figure.really.called else speaker.role
    return Reading(replace(speaker, role=role, considered=weighed), figure)


def _in_doubt(linked: Sequence[Scored]) -> bool:
    """Two bodies of the same noun with names of their own: *die Gewerkschaft* could be either."""
    bodies = [s for s in linked if s.figure.kind == BODY and s.figure.person is not None]
    return len(bodies) > 1 and linked[0].score - linked[1].score < _BODIES_APART


def _is_bare(source: Source, description: Description) -> bool:
    """Nothing behind the noun that says of whom or what; *der Liberale*, not *der Chef der Feuerwehr*."""
    return source.last == source.head or description.sort == "describing" or bool(description.age)


def _pair_resolution(sentence: Sentence, head: int) -> str:
    return "role" if sentence.tokens[head].upos == "NOUN" else "pronoun"


def _incumbent(scene: Scene, sentence: Sentence, source: Source, role: Role) -> Reading | None:
    """*der russische Präsident* in a dated article that does not name him: who held the office on that day."""
    if scene.cast.incumbents is None or sentence.tokens[source.head].feats.get("Number") == "Plur":
        return None
    found = scene.cast.incumbents.holder(role)
    if found is None:
        return None
    term, confidence = found
    bearer = scene.cast.named(term.holder)
    figure = scene.discourse.enter(sentence, source.head) if bearer is None else None
    if bearer is not None:
        figure = scene.discourse.figure_of(bearer, sentence.index, source.head)
    elif figure is not None:
        figure.called = term.holder
    return Reading(speaker_named(term.holder, "person", "role", confidence, role=role.printed), figure)


def common_noun(scene: Scene, sentence: Sentence, source: Source, kind: str = "group") -> Speaker:
    """A phrase without a name, in its citation form; ``kind`` counts where no table has its noun."""
    found = kind_of_noun(sentence.tokens[source.head], scene.context.lexicon) or kind
    head = sentence.tokens[source.head]
    body = scene.context.lexicon.organisation(head.lemma, head.text)
    gender = body.gender if body is not None else ""
    name = citation_form(sentence, source.first, source.last, source.head, person=found == "person", gender=gender)
    if not name:
        return Speaker()
    resolution = "role" if found in ("person", "group", "anonymous") else "name"
    speaker = speaker_named(name, found, resolution, 0.85, role=name if found == "person" else None)
    return replace(speaker, id=None) if found in _UNNAMED else speaker
