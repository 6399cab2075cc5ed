"""From candidates to speakers and channels: one row after the other, since many lean on the row before.

Never the nearest name: where no reading holds, the speaker is null.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from quotes.constructions import hearsay, nested, noun_frame
from quotes.constructions.candidate import Candidate, Source
from quotes.constructions.channels import channels_in
from quotes.constructions.context import Context
from quotes.lexicon import fold
from quotes.model import Speaker
from quotes.speakers.antecedents import Scene, Spoken
from quotes.speakers.bodies import Bodies
from quotes.speakers.cast import Cast, Person
from quotes.speakers.kinds import speaker_named
from quotes.speakers.phrases import read_source


class Resolver:
    """Resolves the sources of one article's candidates in text order, remembering the row before."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._cast = Cast(context.sentences, context.lexicon)
        self._bodies = Bodies(context.sentences, self._cast, context.lexicon)
        self._last: Spoken | None = None
        self._last_channel: tuple[str, ...] = ()
        self._told = False

    def resolve(self, candidates: Sequence[Candidate]) -> list[tuple[Speaker, tuple[str, ...]]]:
        """Speaker and channels (canonical names) of each candidate; the candidates must be in text order."""
        return [self._one(candidate) for candidate in candidates]

    @property
    def _scene(self) -> Scene:
        return Scene(self._context, self._cast, self._bodies, self._last)

    def _one(self, candidate: Candidate) -> tuple[Speaker, tuple[str, ...]]:
        via = tuple(dict.fromkeys(name for c in candidate.channels for name in self._channel_names(c)))
        if candidate.anaphoric_channel and not via:
            via = self._last_channel
        speaker, person = Speaker(), None
        if candidate.carries:
            speaker, person, carried = self._carried(candidate)
            via = via or carried
        elif candidate.source is not None:
            speaker, person = read_source(self._scene, candidate.source)
        via = tuple(name for name in via if name != speaker.name)
        if candidate.rule == nested.RULE:
            return speaker, via  # the outer speaker goes on behind it
        sentence = self._context.sentence_at(candidate.span.end - 1)
        self._last = Spoken(speaker, person, sentence.index if sentence else 0, via)
        self._told = candidate.kind == "reported" or candidate.rule == noun_frame.RULE
        if self._is_channel(candidate.source):
            self._last_channel = (speaker.name,) if speaker.name else ()
        elif via:
            self._last_channel = via
        return speaker, via

    def _carried(self, candidate: Candidate) -> tuple[Speaker, Person | None, tuple[str, ...]]:
        """The speaker and the channels of the row before, which go on in this one."""
        last = self._last
        if last is None:
            return Speaker(), None, ()
        sentence = self._context.sentence_at(candidate.span.start)
        if candidate.rule == hearsay.RULE and sentence is not None and sentence.index - last.sentence > 1:
            return Speaker(), None, ()  # rumour of its own, not what was said farther up
        if candidate.kind == "free_indirect" and last.via and self._told:
            # The channel's report goes on, not the act it told (*Er lobte dem Bericht zufolge …. Beide hätten …*).
            return speaker_named(last.via[-1], "document", "continuation", 0.6), None, ()
        if last.speaker.name is None:
            return Speaker(), None, last.via
        confidence = min(last.speaker.confidence, 0.85)
        return replace(last.speaker, resolution="continuation", confidence=confidence), last.person, last.via

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
        noun = lexicon.noun(token.lemma, token.text)
        return noun is not None and "document" in noun.uses

    def _channel_names(self, source: Source) -> tuple[str, ...]:
        if source.how == "channel":
            return (source.name,)
        sentence = self._context.sentences[source.sentence]
        named = channels_in(self._context, sentence, range(source.first, source.last + 1), without=None)
        if named:
            return tuple(c.name for c in named)
        speaker, _ = read_source(self._scene, source)
        return (speaker.name or self._printed(source),)

    def _printed(self, source: Source) -> str:
        tokens = self._context.sentences[source.sentence].tokens
        return " ".join(self._context.text[tokens[source.first].start : tokens[source.last].end].split())
