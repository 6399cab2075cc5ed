"""Pronouns and possessives: *er*, *ihr zufolge*, *seine Einschätzung*, *die beiden*."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from quotes import tree
from quotes.model import Sentence
from quotes.speakers.descriptions import read_description
from quotes.speakers.figures import BODY, GROUP, PERSON, Figure
from quotes.speakers.salience import CLEAR, DOUBTFUL, REACH, Scored, lead, salient
from quotes.speakers.scene import Describe, Reading, Scene, considered, speaker_of
from quotes.tables import word_set
from quotes.word_forms import fold

_MASCULINE = frozenset({"er", "ihm", "ihn", "seiner", "sein", "der", "dieser", "letzterer"})
# The reporter's own voice, and words that point to nobody in particular.
_NOBODY = frozenset(
    {"ich", "wir", "uns", "mir", "unser", "mein", "man", "es", "jemand", "niemand", "wer", "viele", "alle"}
)
# Below this score nobody is meant. A mention four sentences back that was no subject falls below it.
_LEAST = -0.5
# Below this score somebody who is the only one of that gender with a name is likelier.
_WEAK = 1.0
# Sentences in which the two of *die beiden* may have been named.
_PAIR_REACH = 10
# Sentences back in which both may stand together.
_TOGETHER = 2


def read_pronoun(scene: Scene, sentence: Sentence, index: int, resolution: str, describe: Describe) -> Reading:
    """The speaker a pronoun or possessive at a token means; nobody where no reading holds.

    Args:
        scene: the article and what was spoken of before.
        sentence: the sentence of the pronoun.
        index: its token.
        resolution: what the row says of how the speaker was found, ``pronoun`` or ``possessive``.
        describe: turns a noun phrase into a speaker.
    """
    form = sentence.tokens[index].text.lower()
    if form in _NOBODY:
        return Reading()
    if _is_plural(sentence, index):
        scored = _candidates(scene, sentence, index, lambda f: f.kind == GROUP)
        return (
            _choice(scene, scored, resolution, describe)
            if scored
            else read_pair(scene, sentence, index, resolution, describe)
        )
    gender = "m" if _is_masculine(form) else "f"
    if form in word_set("demonstratives") and (shown := _last_named(scene, sentence, index, gender)) is not None:
        return Reading(speaker_of(scene, shown, resolution, 0.7, describe), shown)
    agreeing = _candidates(scene, sentence, index, lambda f: _agrees(f, gender))
    scored = [s for s in agreeing if _may_be_meant(s)] or agreeing
    if not scored or scored[0].score < _WEAK:
        topic = _only_named(scene, gender)
        if topic is not None:
            return Reading(speaker_of(scene, topic, resolution, 0.6, describe), topic)
    if scored:
        return _choice(scene, scored, resolution, describe)
    ahead = _named_next(scene, sentence, gender)
    if ahead is None:
        return Reading()
    return Reading(speaker_of(scene, ahead, resolution, 0.5, describe), ahead)


def _last_named(scene: Scene, sentence: Sentence, index: int, gender: str) -> Figure | None:
    """*Moser lobte seinen Torwart Brandt. Der sagte …*: whom the sentence before named last, subject or not.

    A demonstrative leaves the topic, which would be *er* (Bosch, Katz and Umbach 2007).
    """
    named = [
        mention
        for mention in scene.discourse.figures.before(sentence.index, 1)
        if (mention.sentence, mention.token) < (sentence.index, index)
        if mention.figure.kind == PERSON and _agrees(mention.figure, gender)
    ]
    return max(named, key=lambda m: (m.sentence, m.token)).figure if named else None


def _only_named(scene: Scene, gender: str) -> Figure | None:
    """The one person of that gender whom the article has named so far: whom a portrait is about."""
    figures = scene.discourse.figures
    fitting = figures.named_people(gender)
    return fitting[0] if len(fitting) == 1 else None


def _named_next(scene: Scene, sentence: Sentence, gender: str) -> Figure | None:
    """*„Nein“, antwortete sie. Die Ministerin Vera Holm …*: the one person of that gender named in the next sentence.

    Only where nobody of that gender was spoken of before.
    """
    figures = scene.discourse.figures
    if figures.named_people(gender) or figures.named_people(""):
        return None
    following = sentence.index + 1
    named = {
        id(person): person
        for token in (scene.context.sentences[following].tokens if following < len(scene.context.sentences) else ())
        if (person := scene.cast.at(following, token.index)) is not None and person.human and person.gender == gender
    }
    if len(named) != 1:
        return None
    return scene.discourse.figure_of(next(iter(named.values())), following, 0)


def read_topic(scene: Scene, sentence: Sentence, index: int, resolution: str, describe: Describe) -> Reading:
    """*eigenen Angaben zufolge* beside a subject that cannot speak: whoever the article was about just before."""
    scored = _candidates(scene, sentence, index, lambda f: f.kind == PERSON or (f.kind == BODY and not f.channel))
    if not scored or lead(scored) < DOUBTFUL or not _may_be_meant(scored[0]):
        return Reading()
    return _choice(scene, scored, resolution, describe)


def _agrees(figure: Figure, gender: str) -> bool:
    """A person of that gender or of none that is known; a body whose noun has that gender."""
    if figure.kind == PERSON:
        return figure.gender in ("", gender)
    return figure.kind == BODY and figure.gender == gender


def _may_be_meant(scored: Scored) -> bool:
    """A body only as the subject or the speaker just before: *die Wissenschaft* is rarely *sie*."""
    prominent = {"subject", "speaker of the row before"} & {reason for reason, _ in scored.reasons}
    return scored.figure.kind != BODY or bool(prominent)


def _candidates(
    scene: Scene, sentence: Sentence, index: int, fits: Callable[[Figure], bool], reach: int = REACH
) -> list[Scored]:
    discourse, number = scene.discourse, scene.candidate
    found = salient(discourse.figures, sentence, index, last=discourse.last, content=number, fits=fits, reach=reach)
    return [s for s in found if s.score >= _LEAST - (reach - REACH)]


def _choice(scene: Scene, scored: list[Scored], resolution: str, describe: Describe) -> Reading:
    weighed = considered(scene, scored, describe)
    if not scored:
        return Reading()
    ahead = lead(scored)
    confidence = 0.85 if ahead >= CLEAR else 0.7 if ahead >= DOUBTFUL else 0.5
    figure = scored[0].figure
    speaker = speaker_of(scene, figure, resolution, confidence, describe)
    return Reading(replace(speaker, considered=weighed), figure) if speaker.name else Reading()


def read_pair(scene: Scene, sentence: Sentence, index: int, resolution: str, describe: Describe) -> Reading:
    """*die beiden*, *die zwei Trainer*, *beide Unternehmen*: the two who were spoken of last, if it is clear who."""
    described = read_description(sentence, index, scene.context.lexicon)
    kind = BODY if described is not None and described.sort == "body" else PERSON
    scored = _candidates(scene, sentence, index, lambda f: f.kind == kind and f.person is not None, _PAIR_REACH)
    noun = fold(sentence.tokens[index].lemma)
    if described is not None and kind == PERSON:
        # *beide Minister*: those two who are called so, if two are.
        called = [s for s in scored if s.figure in scene.discourse.figures.sharing(noun)]
        scored = called if len(called) > 1 else scored
    if noun in word_set("couple_words"):
        scored = [s for s in scored if sum(_surname(o) == _surname(s) for o in scored) > 1]
    together = _named_together(scene, sentence, [s.figure for s in scored])
    if together:
        scored = [s for s in scored if s.figure in together]
    if len(scored) < 2 or (len(scored) > 2 and scored[1].score - scored[2].score < DOUBTFUL):
        return Reading()
    pair = tuple(sorted((s.figure for s in scored[:2]), key=lambda f: (f.sentence, f.token)))
    group = Figure(GROUP, "", sentence.index, index, members=pair)
    speaker = speaker_of(scene, group, resolution, 0.7, describe)
    return Reading(replace(speaker, considered=considered(scene, scored, describe)), group)


def _named_together(scene: Scene, sentence: Sentence, figures: list[Figure]) -> list[Figure]:
    """The two that the last sentence before names, if it names exactly two: *Fink und Hartwich nickten.*"""
    for back in range(1, _TOGETHER + 1):
        mentions = scene.discourse.figures.before(sentence.index - back, 0)
        named = list({id(m.figure): m.figure for m in mentions if m.figure in figures and m.content < 0}.values())
        if len(named) == 2:
            return named
    return []


def _surname(scored: Scored) -> str:
    person = scored.figure.person
    return person.words[-1] if person is not None else ""


def is_pair(sentence: Sentence, head: int) -> bool:
    """Whether a phrase means two who were spoken of: by its head or by *beide*, *zwei* before it."""
    words = [fold(sentence.tokens[head].text)]
    words += [fold(sentence.tokens[c].text) for c in tree.children(sentence, head, "amod", "nummod", "det") if c < head]
    return any(word in word_set("pair_words") for word in words)


def _is_masculine(form: str) -> bool:
    return form in _MASCULINE or form.startswith("sein")


def _is_plural(sentence: Sentence, index: int) -> bool:
    """*ihnen*, and *sie* with a verb in the plural; *ihr* and *ihre* are read as the singular."""
    token = sentence.tokens[index]
    form = token.text.lower()
    if form != "sie":
        return form == "ihnen"
    finite = tree.finite_of(sentence, token.head) if token.head >= 0 else None
    if finite is not None and token.relation == "nsubj":
        return sentence.tokens[finite].feats.get("Number") == "Plur"
    return token.feats.get("Number") == "Plur"
