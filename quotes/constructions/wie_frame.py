"""*wie X mitteilte*, *…, wie X berichtet, …*, *wie aus X hervorgeht*: the host clause is the content."""

from __future__ import annotations

from collections.abc import Iterator

from quotes import tree
from quotes.constructions import content
from quotes.constructions.candidate import Candidate
from quotes.constructions.context import Context
from quotes.constructions.frame import Frame
from quotes.constructions.framed import framed
from quotes.constructions.roles import may_speak, source_of
from quotes.model import Sentence, Span

RULE = "wie_frame"


def find(context: Context) -> Iterator[Candidate]:
    """One candidate for each *wie*-clause with a cue verb and a speaker."""
    for sentence in context.sentences:
        for frame in context.frames(sentence):
            clause = wie_clause(context, frame)
            if clause is None:
                continue
            candidate = _host(context, frame, clause)
            if candidate is not None:
                yield candidate


def wie_clause(context: Context, frame: Frame) -> tuple[int, int] | None:
    """First and last token of the clause *wie … VERB* that a frame closes."""
    sentence = frame.sentence
    entry = frame.entry
    if entry is None or frame.finite is None or context.is_quoted_token(sentence, frame.verb):
        return None
    if entry.strength == "weak" or not entry.takes("clause", "direct", "np") or entry.kind == "call":
        return None  # *die „Klei-Königin“, wie man sie nennt*: a name, no statement
    end = max(frame.finite, frame.verb, *frame.cue)
    wie = None
    for index in range(min(frame.finite, frame.verb) - 1, max(-1, frame.verb - 40), -1):
        token = sentence.tokens[index]
        if token.text.lower() == "wie":
            wie = index
            break
        if (
            token.feats.get("VerbForm") == "Fin"
            and token.index not in frame.cue
            and not _in_relative(sentence, index, frame.verb)
        ):
            return None
    if wie is None or not _opens_clause(sentence, wie) or not _closes_clause(sentence, end):
        return None
    return wie, end


def _in_relative(sentence: Sentence, index: int, verb: int) -> bool:
    """A finite verb inside the subject's relative clause does not end the search for *wie*."""
    clause = tree.clause_head(sentence, index)
    return sentence.tokens[clause].relation == "acl" and clause != verb


def _opens_clause(sentence: Sentence, wie: int) -> bool:
    return wie == 0 or sentence.tokens[wie - 1].upos in ("PUNCT", "CCONJ", "ADV")


def _closes_clause(sentence: Sentence, end: int) -> bool:
    return end + 1 >= len(sentence.tokens) or sentence.tokens[end + 1].upos in ("PUNCT", "CCONJ")


def _host(context: Context, frame: Frame, clause: tuple[int, int]) -> Candidate | None:
    sentence = frame.sentence
    first, last = clause
    source = source_of(context, frame, until=last + 1)
    if source is None and not frame.impersonal:
        return None
    if source is not None:
        if not (first <= source.first and source.last <= last):
            return None
        strong = frame.entry is not None and frame.entry.strength == "strong"
        if not strong and not may_speak(sentence, source.head, context.lexicon):
            return None
    text = context.text
    spans = []
    for start, end in ((sentence.start, sentence.tokens[first].start), (sentence.tokens[last].end, sentence.end)):
        span = content.trim(text, Span(start, end), full_stop=True)
        if span.start < span.end and any(ch.isalnum() for ch in text[span.start : span.end]):
            spans.append(span)
    if not spans or not any(content.has_finite_verb(context, s) for s in spans):
        return None
    if _is_question(context, frame, first):
        return None
    region = list(range(first, last + 1))
    return framed(context, frame, spans, region, rule=RULE, base=0.85, source=source)


def _is_question(context: Context, frame: Frame, wie: int) -> bool:
    """*Reinwald erinnert sich, wie sie … bestritt*: the clause is what the verb before it takes."""
    sentence = frame.sentence
    for other in context.frames(sentence):
        if other.entry is None or other.verb >= wie or other.verb == frame.verb:
            continue
        if other.entry.takes("w") and sentence.tokens[frame.verb].head == other.verb:
            return wie > max(other.first, *other.cue)
    return False
