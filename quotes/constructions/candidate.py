"""What a construction finds: content and roles as places in the parse, before speakers are resolved."""

from __future__ import annotations

from dataclasses import dataclass

from quotes.model import Span


@dataclass(frozen=True, slots=True)
class Source:
    """A phrase that names who speaks: sentence number, head token, first and last token (inclusive).

    ``how`` is ``phrase`` (a noun phrase or personal pronoun), ``possessive`` (*seine Einschätzung*), ``before`` (a
    phrase in the sentence before, whose speaker goes on), ``own`` (*eigenen Angaben nach*: the subject of the host
    clause), ``line`` (an attribution line or a label), ``compound`` (*Polizeiangaben*; ``name`` holds the first part),
    ``document`` (the noun itself is the source) or ``channel`` (a medium; ``name`` is its canonical name).
    """

    sentence: int
    head: int
    first: int
    last: int
    how: str = "phrase"
    name: str = ""

    def holds(self, sentence: int, token: int) -> bool:
        """Whether a token (numbers of the sentence and in it) belongs to the phrase."""
        return sentence == self.sentence and self.first <= token <= self.last


@dataclass(frozen=True, slots=True)
class Candidate:
    """One possible quotation.

    ``spans`` hold the raw content, marks included; ``source`` is ``None`` where the construction names nobody, and
    ``carries`` says that the speaker then is that of the row before. ``base`` is the construction's evidence that the
    row is right (0 to 1); counts on gold turn it into a probability (:mod:`quotes.confidence`). ``channels`` carried
    the content, and ``anaphoric_channel`` says that *demnach* names the one before. ``echoes`` is the content farther
    down that a headline takes its words from.
    """

    rule: str
    spans: tuple[Span, ...]
    kind: str
    source: Source | None = None
    carries: bool = False
    cue: tuple[Span, ...] = ()
    frame: tuple[Span, ...] = ()
    addressee: tuple[Span, ...] = ()
    channels: tuple[Source, ...] = ()
    anaphoric_channel: bool = False
    echoes: Span | None = None
    medium: str = "unknown"
    polarity: str = "affirmed"
    mood: str = "none"
    base: float = 0.7
    notes: tuple[str, ...] = ()

    @property
    def span(self) -> Span:
        """The outer bounds of the raw content (code points)."""
        return Span(self.spans[0].start, self.spans[-1].end)

    @property
    def length(self) -> int:
        """Code points of raw content."""
        return sum(s.end - s.start for s in self.spans)
