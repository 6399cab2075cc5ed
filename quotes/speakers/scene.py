"""What is known when a row's speaker is looked for, and the answer that is given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from quotes.constructions.candidate import Source
from quotes.constructions.context import Context
from quotes.constructions.roles import phrase_source
from quotes.model import Considered, Sentence, Speaker
from quotes.speakers.cast import Cast
from quotes.speakers.discourse import Discourse
from quotes.speakers.figures import BODY, PERSON, Figure
from quotes.speakers.kinds import kind_of_name, speaker_named
from quotes.speakers.salience import Scored

# Readings that are kept for whoever asks why.
_MOST_CONSIDERED = 4


@dataclass(frozen=True, slots=True)
class Scene:
    """The article, its names, what was spoken of so far, and the number of the candidate (-1 for none)."""

    context: Context
    cast: Cast
    discourse: Discourse
    candidate: int = -1


@dataclass(frozen=True, slots=True)
class Reading:
    """A speaker, and the figure of the article behind it if it is one."""

    speaker: Speaker = field(default_factory=Speaker)
    figure: Figure | None = None


# How a noun phrase without a bearer is turned into a speaker.
Describe = Callable[[Scene, Sentence, Source], Speaker]


def speaker_of(scene: Scene, figure: Figure, resolution: str, confidence: float, describe: Describe) -> Speaker:
    """A figure as the speaker of a row: by its name, else by the phrase that introduced it."""
    figure = figure.really
    if figure.members:
        names = [speaker_of(scene, m, resolution, confidence, describe).name or "" for m in figure.members]
        return speaker_named(" und ".join(names), "group", resolution, confidence)
    person = figure.person
    if figure.called:
        role = figure.roles[0].printed if figure.roles else None
        kind = "person" if figure.kind == PERSON else "organisation"
        return speaker_named(figure.called, kind, resolution, confidence, role=role)
    if person is None:
        sentence = scene.context.sentences[figure.sentence]
        speaker = describe(scene, sentence, phrase_source(scene.context, sentence, figure.token))
        return replace(speaker, resolution=resolution, confidence=confidence) if speaker.name else Speaker()
    if figure.kind == BODY:
        kind = kind_of_name(person.name, scene.context.lexicon)
        return speaker_named(person.name, "organisation" if kind == "person" else kind, resolution, confidence)
    role = person.roles[0].printed if person.roles else None
    return speaker_named(person.name, "person", resolution, confidence, role=role)


def considered(scene: Scene, scored: Sequence[Scored], describe: Describe) -> tuple[Considered, ...]:
    """The readings that were weighed, with what spoke for and against each."""
    return tuple(
        Considered(
            speaker_of(scene, s.figure, "none", 0.0, describe).name or "?",
            round(s.score, 2),
            tuple(f"{reason} {weight:+.1f}" for reason, weight in s.reasons),
        )
        for s in scored[:_MOST_CONSIDERED]
    )
