"""What every construction may look at: the parsed article, its quotation marks, the lexicon, and places in them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from itertools import islice, takewhile

from quotes.constructions.frame import Frame, find_frames
from quotes.lexicon import Lexicon
from quotes.marks import Quoted, find_quoted
from quotes.model import ParsedDocument, Sentence, Span, Token


class Context:
    """A read-only view of one article. Offsets are code points into ``text``."""

    def __init__(self, parsed: ParsedDocument, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.text = parsed.document.text
        self.paragraphs = parsed.document.paragraphs
        self.sentences = parsed.sentences
        self._starts = [s.start for s in parsed.sentences]
        self._frames: dict[int, tuple[Frame, ...]] = {}

    @cached_property
    def quoted(self) -> tuple[Quoted, ...]:
        """All quoted stretches of the article."""
        return find_quoted(self.text, self.paragraphs)

    @cached_property
    def outermost(self) -> tuple[Quoted, ...]:
        """The quoted stretches that stand in no other."""
        return tuple(q for q in self.quoted if q.depth == 0)

    def frames(self, sentence: Sentence) -> tuple[Frame, ...]:
        """The verb frames of a sentence, found once."""
        if sentence.index not in self._frames:
            self._frames[sentence.index] = find_frames(sentence, self.lexicon)
        return self._frames[sentence.index]

    def sentence_at(self, offset: int) -> Sentence | None:
        """The sentence that holds an offset, or the last one that begins before it."""
        at = bisect_right(self._starts, offset) - 1
        return self.sentences[at] if at >= 0 else None

    def sentences_over(self, span: Span) -> Iterator[Sentence]:
        """The sentences that a span touches (also the one before it, where it begins in a gap); nothing is walked."""
        first = max(0, bisect_right(self._starts, span.start) - 1)
        return takewhile(lambda sentence: sentence.start < span.end, islice(self.sentences, first, None))

    def tokens_in(self, span: Span) -> Iterator[tuple[Sentence, Token]]:
        """The tokens that begin in a span, each with its sentence."""
        for sentence in self.sentences_over(span):
            for token in sentence.tokens:
                if span.start <= token.start < span.end:
                    yield sentence, token

    def quoted_around(self, span: Span) -> Quoted | None:
        """The outermost quoted stretch that holds a span, marks included."""
        at = bisect_right(self._opened, span.start) - 1
        if at >= 0 and self.outermost[at].outer.covers(span):
            return self.outermost[at]
        return None

    def quoted_from(self, offset: int) -> Iterator[Quoted]:
        """The outermost quoted stretches from the one that may hold an offset on."""
        return islice(self.outermost, max(0, bisect_right(self._opened, offset) - 1), None)

    @cached_property
    def _opened(self) -> list[int]:
        return [quoted.outer.start for quoted in self.outermost]

    def reopened_before(self, span: Span) -> tuple[Span, ...]:
        """The paragraphs before that belong to a quotation whose mark reopens at each paragraph and closes here."""
        found: list[Span] = []
        current = next((q for q in self.outermost if q.outer.start == span.start), None)
        while current is not None:
            number = next((n for n, p in enumerate(self.paragraphs) if p.start == current.outer.start), 0)
            if number == 0:
                break
            before = self.paragraphs[number - 1]
            current = next((q for q in self.outermost if not q.closed and q.outer.end == before.end), None)
            if current is not None:
                found.append(current.outer)
                if current.outer.start != before.start:
                    break
        return tuple(reversed(found))

    def quoted_within(self, span: Span) -> tuple[Quoted, ...]:
        """The outermost quoted stretches that lie wholly inside a span."""
        return tuple(q for q in self.outermost if span.covers(q.outer))

    def in_marks(self, offset: int) -> bool:
        """Whether an offset lies inside quotation marks."""
        return self.quoted_around(Span(offset, offset + 1)) is not None

    def is_quoted_token(self, sentence: Sentence, index: int) -> bool:
        """Whether a token stands inside quotation marks."""
        token = sentence.tokens[index]
        return self.quoted_around(Span(token.start, token.end)) is not None

    def paragraphs_between(self, start: int, end: int) -> int:
        """How many paragraphs begin behind one offset and not behind another."""
        return bisect_right(self._paragraph_starts, end) - bisect_right(self._paragraph_starts, start)

    @cached_property
    def _paragraph_starts(self) -> list[int]:
        return [paragraph.start for paragraph in self.paragraphs]

    def sentences_in(self, paragraph: int) -> tuple[Sentence, ...]:
        """The sentences of a paragraph."""
        return self._by_paragraph.get(paragraph, ())

    @cached_property
    def _by_paragraph(self) -> dict[int, tuple[Sentence, ...]]:
        grouped: dict[int, list[Sentence]] = {}
        for sentence in self.sentences:
            grouped.setdefault(sentence.paragraph, []).append(sentence)
        return {number: tuple(group) for number, group in grouped.items()}
