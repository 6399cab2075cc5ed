"""From candidates to speakers and channels: one row after the other, since many lean on the row before.

Never the nearest name: where no reading holds, the speaker is null.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from quotes.constructions import anaphoric, colon, hearsay, nested, noun_frame
from quotes.constructions.candidate import Candidate, Source
from quotes.constructions.channels import channels_in
from quotes.constructions.context import Context
from quotes.model import Speaker
from quotes.speakers.cast import Cast
from quotes.speakers.discourse import Discourse
from quotes.speakers.kinds import speaker_named
from quotes.speakers.nameless import common_noun
from quotes.speakers.offices import Incumbents, Offices
from quotes.speakers.phrases import read_source
from quotes.speakers.scene import Reading, Scene, speaker_of
from quotes.word_forms import fold

# How likely it is, at most, that somebody named later is the one who stood there without a name.
_NAMED_LATER = 0.6


@dataclass(frozen=True, slots=True)
class _Spoken:
    """What is remembered of the row before: its speaker, its last sentence, its channels."""

    reading: Reading
    sentence: int
    via: tuple[str, ...]


class Resolver:
    """Resolves the sources of one article's candidates in text order, remembering the row before."""

    def __init__(self, context: Context, offices: Offices | None = None, on: date | None = None) -> None:
        """The article and, to know who holds an office, the table of offices and the article's day."""
        self._context = context
        incumbents = Incumbents(offices, on, context.sentences, context.lexicon)
        self._cast = Cast(context.sentences, context.lexicon, incumbents)
        self._last: _Spoken | None = None
        self._last_channel: tuple[str, ...] = ()
        self._told = False

    def resolve(self, candidates: Sequence[Candidate]) -> list[tuple[Speaker, tuple[str, ...]]]:
        """Speaker and channels (canonical names) of each candidate; the candidates must be in text order."""
        discourse = Discourse(self._context, self._cast, candidates)
        read = [self._one(number, discourse, candidate) for number, candidate in enumerate(candidates)]
        if self._context.sentences:
            discourse.until(len(self._context.sentences) - 1, len(self._context.sentences[-1].tokens))
        scene = Scene(self._context, self._cast, discourse)
        found = [(_in_the_end(scene, reading), via) for reading, via in read]
        by_place = {candidate.span: number for number, candidate in enumerate(candidates)}
        for number, candidate in enumerate(candidates):
            if candidate.echoes is not None:
                speaker, via = found[by_place[candidate.echoes]]
                echoed = _echoed(candidate, read[number][0], found[number][0], speaker)
                found[number] = found[number] if echoed is None else (echoed, via)
        return [(speaker if speaker.name else Speaker(), via) for speaker, via in found]

    def _one(self, number: int, discourse: Discourse, candidate: Candidate) -> tuple[Reading, tuple[str, ...]]:
        # *X kommt nach Bern. Das hat er gesagt*: there the content is about its speaker.
        own = number if candidate.rule != anaphoric.RULE else -1
        scene = Scene(self._context, self._cast, discourse, own)
        via = tuple(dict.fromkeys(name for c in candidate.channels for name in self._channel_names(scene, c)))
        if candidate.anaphoric_channel and not via:
            via = self._last_channel
        reading = Reading()
        if candidate.carries:
            reading, carried = self._carried(candidate)
            via = via or carried
        elif candidate.source is not None:
            discourse.until(candidate.source.sentence, candidate.source.first)
            reading = read_source(scene, candidate.source)
            if reading.figure is not None:
                sentence = self._context.sentences[candidate.source.sentence]
                discourse.mention(reading.figure, sentence, candidate.source.head)
        speaker = reading.speaker
        via = tuple(name for name in via if name != speaker.name)
        if candidate.rule == nested.RULE:
            return reading, via  # the outer speaker goes on behind it
        ends = self._context.sentence_at(candidate.span.end - 1)
        at = ends.index if ends else 0
        self._last = _Spoken(reading, at, via)
        discourse.spoke(reading.figure, at)
        self._told = candidate.kind == "reported" or candidate.rule == noun_frame.RULE
        if self._is_channel(candidate.source):
            self._last_channel = (speaker.name,) if speaker.name else ()
        elif via:
            self._last_channel = via
        return reading, via

    def _carried(self, candidate: Candidate) -> tuple[Reading, tuple[str, ...]]:
        """The speaker and the channels of the row before, which go on in this one."""
        last = self._last
        if last is None:
            return Reading(), ()
        sentence = self._context.sentence_at(candidate.span.start)
        if candidate.rule == hearsay.RULE and sentence is not None and sentence.index - last.sentence > 1:
            return Reading(), ()  # rumour of its own, not what was said farther up
        if candidate.cue and candidate.rule != hearsay.RULE and sentence is not None:
            before = self._context.sentences[last.sentence]
            if sentence.index - last.sentence > 1 or before.paragraph != sentence.paragraph:
                return Reading(), ()  # *hieß es weiter* goes on with what stands right before it
        if candidate.kind == "free_indirect" and last.via and self._told:
            # The channel's report goes on, not the act it told (*Er lobte dem Bericht zufolge …. Beide hätten …*).
            return Reading(speaker_named(last.via[-1], "document", "continuation", 0.6)), ()
        speaker = last.reading.speaker
        if speaker.name is None:
            return Reading(), last.via
        speaker = replace(speaker, resolution="continuation", confidence=min(speaker.confidence, 0.85))
        return Reading(speaker, last.reading.figure), last.via

    def _is_channel(self, source: Source | None) -> bool:
        """Whether the speaker is itself an agency or a medium, so that *demnach* leads back to it."""
        if source is None:
            return False
        sentence = self._context.sentences[source.sentence]
        token = sentence.tokens[source.head]
        printed = " ".join(t.text for t in sentence.tokens[source.head : source.last + 1])
        lexicon = self._context.lexicon
        if lexicon.is_channel_noun(token.lemma) or fold(printed) in lexicon.channels:
            return True
        return lexicon.is_document(token.lemma, token.text)

    def _channel_names(self, scene: Scene, source: Source) -> tuple[str, ...]:
        if source.how == "channel":
            return (source.name,)
        sentence = self._context.sentences[source.sentence]
        named = channels_in(self._context, sentence, range(source.first, source.last + 1), without=None)
        if named:
            return tuple(c.name for c in named)
        return (read_source(scene, source).speaker.name or self._printed(source),)

    def _printed(self, source: Source) -> str:
        tokens = self._context.sentences[source.sentence].tokens
        return " ".join(self._context.text[tokens[source.first].start : tokens[source.last].end].split())


def _in_the_end(scene: Scene, reading: Reading) -> Speaker:
    """The speaker of a row, by the name that whoever it was got farther down."""
    figure, speaker = reading.figure, reading.speaker
    if figure is None or figure.same_as is None or figure.person is not None or speaker.name is None:
        return speaker
    named = speaker_of(scene, figure, speaker.resolution, min(speaker.confidence, _NAMED_LATER), common_noun)
    return replace(named, role=speaker.role or speaker.name, considered=speaker.considered)


def _is_open(reading: Reading) -> bool:
    """Whether nobody is named: no speaker, or a role that the article gives to nobody."""
    figure = reading.figure
    unnamed = reading.speaker.resolution == "role" and (figure is None or figure.really.person is None)
    return reading.speaker.name is None or unnamed


def _echoed(candidate: Candidate, reading: Reading, own: Speaker, speaker: Speaker) -> Speaker | None:
    """The speaker of a headline that repeats somebody's words, ``None`` where it stays with its own.

    Whoever says the words below, where the headline names nobody or a body (*Bundestag streitet über Rente: „…“*); by
    the role that the headline has for them, where it has one.
    """
    body = own.kind in ("organisation", "group")
    one_of_it = body and candidate.rule == colon.RULE and speaker.kind == "person"
    if not _is_open(reading) and not one_of_it:
        return None
    if own.name is None or body:
        return replace(speaker, resolution="continuation")
    if speaker.name is None or speaker.kind != own.kind:
        return None
    return replace(speaker, role=own.role or speaker.role, resolution="role", confidence=min(speaker.confidence, 0.75))
