"""The content of a quotation: trimming spans, telling direct from mixed and indirect, the verbatim parts."""

from __future__ import annotations

import re
from collections.abc import Sequence

from quotes import tree
from quotes.constructions.context import Context
from quotes.marks import ALL_MARKS
from quotes.model import Sentence, Span
from quotes.tables import word_set

_EDGE = " \n,;:–—-+|"
_SIGNS = "-–+"
# The time before an entry of a ticker, and what parts it from the entry.
_TIME = r"\d{1,2}[:.]\d{2}(?: Uhr)?"
_STAMP = re.compile(rf"{_TIME}(?::| ?\+{{2,}}| ?[|–—-]) ")
_PREDICATES = frozenset({"VERB", "AUX", "NOUN", "ADJ", "PROPN", "PRON"})
_ABBREVIATED = frozenset({"usw", "etc", "mrd", "mio", "ca", "u.a", "z.b", "co"})


def trim(text: str, span: Span, *, full_stop: bool = False) -> Span:
    """The span without blanks, commas and dashes at its edges, and without a final full stop if asked.

    The sign of a number stays: *„-5 Prozent sind es“* is not *5 Prozent*.
    """
    start, end = span
    while start < end and text[start] in _EDGE and not _is_sign(text, start, end):
        start += 1
    while end > start and (text[end - 1] in _EDGE or (full_stop and text[end - 1] == "." and not _is_short(text, end))):
        end -= 1
    return Span(start, end)


def _is_sign(text: str, at: int, end: int) -> bool:
    return text[at] in _SIGNS and at + 1 < end and text[at + 1].isdigit()


def _is_short(text: str, end: int) -> bool:
    """*usw.*, *Mrd.*, *3.*, *...*: the full stop belongs to the word."""
    words = text[max(0, end - 12) : end].split()
    return bool(words) and (words[-1].endswith("..") or words[-1].rstrip(".").lower() in _ABBREVIATED)


def inner_parts(context: Context, spans: Sequence[Span]) -> tuple[Span, ...]:
    """The stretches inside outermost quotation marks, without the marks, cut to the spans."""
    parts = []
    for span in spans:
        for quoted in context.quoted_from(span.start):
            if quoted.outer.start >= span.end:
                break
            start, end = max(quoted.inner.start, span.start), min(quoted.inner.end, span.end)
            if start < end and context.text[start:end].strip():
                parts.append(Span(start, end))
    return tuple(parts)


def outline(context: Context, spans: Sequence[Span], *, full_stop: bool = True) -> tuple[Span, ...]:
    """The raw spans trimmed, without those that hold nothing; marks stay where they are."""
    found = (_without_stamp(context.text, trim(context.text, span, full_stop=full_stop)) for span in spans)
    return tuple(_balanced(context.text, span) for span in found if span.start < span.end)


def bare_outline(context: Context, spans: Sequence[Span]) -> tuple[Span, ...]:
    """The same without a mark at an edge whose partner stands outside: it belongs to the quotation around this one."""
    return tuple(_without_lone_mark(context.text, span) for span in outline(context, spans))


def settle(context: Context, spans: Sequence[Span]) -> tuple[str, tuple[Span, ...], tuple[Span, ...]]:
    """Kind, content spans and verbatim spans of raw content.

    ``direct`` if nothing but punctuation stands outside the marks; the content then leaves the marks out.
    ``mixed`` if marks stand inside, ``indirect`` if none do.
    """
    text = context.text
    trimmed = outline(context, spans)
    verbatim = inner_parts(context, trimmed)
    if not verbatim:
        lone = tuple(_without_lone_mark(text, span) for span in trimmed)
        if lone != trimmed:
            return "direct", lone, lone
        return "indirect", trimmed, ()
    outside = []
    for span in trimmed:
        at = span.start
        for part in verbatim:
            if span.covers(part):
                outside.append(text[at : part.start])
                at = part.end
        outside.append(text[at : span.end])
    if not any(ch.isalnum() for piece in outside for ch in piece):
        direct = tuple(trim(text, part) for part in verbatim)
        return "direct", direct, direct
    return "mixed", tuple(_with_marks(context, span) for span in trimmed), tuple(trim(text, part) for part in verbatim)


def _without_stamp(text: str, span: Span) -> Span:
    """*18.45 Uhr: Die Lage sei ruhig*, *+++ 9:07 +++ …*: the time before an entry of a ticker is nobody's statement."""
    stamp = _STAMP.match(text, span.start, span.end)
    return trim(text, Span(stamp.end(), span.end)) if stamp and _begins_line(text, span.start) else span


def is_stamp(text: str, span: Span) -> bool:
    """Whether a span is the time before an entry of a ticker and nothing else."""
    return bool(re.fullmatch(_TIME, text[slice(*span)])) and _begins_line(text, span.start)


def _begins_line(text: str, at: int) -> bool:
    return text[:at].rstrip(" +")[-1:] in ("", "\n")


def _balanced(text: str, span: Span) -> Span:
    """A span that ends inside a bracket takes in the closing one right behind it (*Tessa Brandt (29*)."""
    inside = text[span.start : span.end]
    if inside.count("(") > inside.count(")") and text[span.end : span.end + 1] == ")":
        return Span(span.start, span.end + 1)
    return span


def _without_lone_mark(text: str, span: Span) -> Span:
    """*„Die Glocken läuten, sagte X*: where the partner of a mark is missing, the mark at the edge still quotes."""
    start, end = span
    if text[start] in '„»«“"' and start + 1 < end:
        return trim(text, Span(start + 1, end))
    if text[end - 1] in '“”»«"' and end - 1 > start:
        return trim(text, Span(start, end - 1))
    return span


def _with_marks(context: Context, span: Span) -> Span:
    """A span that ends just inside a mark takes the mark in: a fragment is printed with both of its marks."""
    text = context.text
    start, end = span
    if start > 0 and text[start - 1] in ALL_MARKS and any(q.inner.start == start for q in context.outermost):
        start -= 1
    for quoted in context.outermost:
        if quoted.closed and quoted.inner.end <= end < quoted.outer.end and quoted.outer.start >= start:
            end = quoted.outer.end
        if start < quoted.outer.start < end < quoted.outer.end and not text[end : quoted.inner.end].strip(" .,!?"):
            end = quoted.outer.end
    return Span(start, end)


def before_frame(context: Context, sentence: Sentence, first: int, taken: int) -> Span | None:
    """The content before a frame whose first token is ``first``: from the sentence's start, or from behind an earlier
    frame (``taken``, a code point), or from the mark that opened in a sentence before.
    """
    start, end = max(sentence.start, taken), sentence.tokens[first].start
    edge = context.quoted_around(Span(start, start + 1))
    if edge is not None and edge.outer.start < start and edge.outer.end <= end:
        start = edge.outer.start
    if first == 0 or start >= end:
        near = [
            q for q in context.outermost if q.outer.end <= end and not context.text[q.outer.end : end].strip(" ,\n")
        ]
        if not near:
            return None
        start = near[-1].outer.start
    found = trim(context.text, Span(start, end))
    return found if found.start < found.end else None


def mood(context: Context, spans: Sequence[Span]) -> str:
    """The mood of the content's main clause: that of the finite verb highest in the tree."""
    for span in spans:
        best: tuple[int, str] | None = None
        for sentence, token in context.tokens_in(span):
            if token.upos not in _PREDICATES or token.relation in ("aux", "cop"):
                continue
            finite = tree.finite_of(sentence, token.index)
            if finite is None or not any(s.start <= sentence.tokens[finite].start < s.end for s in spans):
                continue
            depth = _depth(sentence, token.index)
            if best is None or depth < best[0]:
                best = depth, tree.mood_of(sentence, token.index)
        if best is not None:
            return "imperative" if best[1] == "indicative" and _is_command(context, span) else best[1]
    return "none"


def _is_command(context: Context, span: Span) -> bool:
    """*Lauft, bis …!*, *Kommen Sie …*: the finite verb comes first, nobody is its subject, and nothing is asked."""
    inside = [(s, t) for s, t in context.tokens_in(span) if t.upos != "PUNCT"]
    if not inside or inside[0][1].feats.get("VerbForm") != "Fin" or inside[0][1].upos != "VERB":
        return False
    sentence, token = inside[0]
    polite = len(inside) > 1 and inside[1][1].text == "Sie"
    closing = context.text[span.start : sentence.end].rstrip('“”"»«‘’ ')[-1:]
    return closing != "?" and (polite or tree.subject_of(sentence, token.index) is None)


def _depth(sentence: Sentence, index: int) -> int:
    depth = 0
    while sentence.tokens[index].head >= 0 and depth < len(sentence.tokens):
        index = sentence.tokens[index].head
        depth += 1
    return depth


def is_open(context: Context, span: Span, stop: int) -> bool:
    """Whether the clause in the span is cut off: its finite auxiliary waits for a verb that stands behind the span.

    *Die Behörde habe, kritisierte X, Aufträge vergeben*; *Entscheidend seien, …*.
    """
    sentence = context.sentence_at(span.start)
    if sentence is None:
        return False
    inside = [t for t in sentence.tokens if span.start <= t.start < span.end]
    finite = [t for t in inside if t.feats.get("VerbForm") == "Fin" and t.upos in ("VERB", "AUX")]
    if not finite:
        return True
    last = finite[-1]
    head = sentence.tokens[last.head] if last.head >= 0 else None
    waits = last.relation in ("aux", "cop") and head is not None and span.end <= head.start < stop
    words = [t for t in inside if t.upos != "PUNCT"]
    ends = bool(words) and words[-1].index == last.index and len(finite) == 1
    return waits or (ends and last.text.lower() in word_set("waiting_verbs"))


def has_finite_verb(context: Context, span: Span) -> bool:
    """Whether a finite verb stands in the span: whether it holds a clause."""
    return any(
        token.upos in ("VERB", "AUX") and token.feats.get("VerbForm") == "Fin" for _, token in context.tokens_in(span)
    )
