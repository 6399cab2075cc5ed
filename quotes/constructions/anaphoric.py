"""*Das teilte die Polizei mit*, *Dies bestätigte der Sprecher*: the content is the sentence before."""

from __future__ import annotations

from collections.abc import Iterator

from quotes.constructions import content
from quotes.constructions.candidate import Candidate
from quotes.constructions.context import Context
from quotes.constructions.frame import subject_right_of
from quotes.constructions.framed import framed
from quotes.constructions.roles import may_speak, phrase_source
from quotes.model import Span

RULE = "anaphoric"
_POINTERS = frozenset({"das", "dies", "dieses"})


def find(context: Context) -> Iterator[Candidate]:
    """One candidate for each short sentence that only says whose statement the one before is."""
    for sentence in context.sentences:
        if len(sentence.tokens) < 4 or sentence.tokens[0].text.lower() not in _POINTERS or sentence.index == 0:
            continue
        frame = next((f for f in context.frames(sentence) if f.first == 1), None)
        if frame is None or frame.entry is None or frame.finite is None or frame.passive:
            continue
        if frame.entry.strength == "weak" or not frame.entry.takes("clause", "np") or frame.entry.takes("as"):
            continue
        if any(t.text in (":",) for t in sentence.tokens) or content.inner_parts(context, [sentence.span]):
            continue
        subject = subject_right_of(sentence, frame.verb, frame.first)
        if subject is None or not may_speak(sentence, subject, context.lexicon):
            continue
        before = context.sentences[sentence.index - 1]
        if sentence.paragraph - before.paragraph > 1 or not content.has_finite_verb(context, before.span):
            continue
        source = phrase_source(context, sentence, subject)
        span = content.trim(context.text, Span(before.start, before.end), full_stop=True)
        region = list(range(1, len(sentence.tokens)))
        yield framed(context, frame, [span], region, rule=RULE, base=0.8, source=source)
