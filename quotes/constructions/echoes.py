"""Headlines that say in marks what is quoted with its frame further down: that row tells who speaks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from quotes import tree
from quotes.constructions import colon, interview
from quotes.constructions.candidate import Candidate
from quotes.constructions.context import Context
from quotes.marks import Quoted

# A headline, in words; a text of fewer paragraphs has none.
_LONGEST_HEADLINE, _FEWEST_PARAGRAPHS = 16, 3
# Words of a headline from which on it may be told by most of its words whose quotation it cuts short, and their share.
_FEWEST_ABRIDGED, _LEAST_KEPT = 4, 0.8


def with_echoes(context: Context, settled: Sequence[Candidate]) -> list[Candidate]:
    """The candidates; behind a headline's label (*Austria-Coach: „…“*) they echo the row that has the same words."""
    places = {quoted.outer: quoted for quoted in context.outermost}
    return [_with_echo(context, settled, candidate, places.get(candidate.spans[0])) for candidate in settled]


def _with_echo(
    context: Context, settled: Sequence[Candidate], candidate: Candidate, quoted: Quoted | None
) -> Candidate:
    if quoted is None or candidate.rule not in (colon.RULE, colon.LABEL):
        return candidate
    echoed = repeated(context, settled, quoted)
    return candidate if echoed is None else replace(candidate, echoes=echoed.span)


def repeated(context: Context, settled: Sequence[Candidate], quoted: Quoted) -> Candidate | None:
    """A headline in marks: the quotation further down that has the same words, or an answer of the one interviewed."""
    if not is_heading(context, quoted):
        return None
    letters = _letters(context.text[slice(*quoted.inner)])
    words = _words(context.text[slice(*quoted.inner)])
    abridged = None
    for candidate in settled:
        if candidate.span.start < quoted.outer.end:
            continue
        said = "".join(context.text[slice(*s)] for s in candidate.spans)
        if letters in _letters(said):
            return candidate
        if abridged is None and candidate.source is not None and _is_abridged(words, _words(said)):
            abridged = candidate
    if abridged is not None:
        return abridged
    answers = [c for c in settled if c.rule == interview.RULE and c.source is not None]
    # The first label often has the full name, the others have the last of it.
    surnames = {_label(context, c).rpartition(" ")[2] for c in answers}
    return answers[0] if len(surnames) == 1 else None


def _label(context: Context, candidate: Candidate) -> str:
    """The label before an answer, as printed."""
    source = candidate.source
    if source is None:
        return ""
    start, end = tree.span_of(context.sentences[source.sentence], source.first, source.last)
    return context.text[start:end].strip(" :")


def _letters(text: str) -> str:
    return "".join(ch for ch in text.casefold() if ch.isalnum())


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _is_abridged(words: list[str], said: list[str]) -> bool:
    """Whether a headline's words, nearly all and in their order, stand in what somebody says (*So darfst du nicht
    auftreten*: *So darfst du in einem Spitzenspiel nicht auftreten*)."""
    if len(words) < _FEWEST_ABRIDGED:
        return False
    found = SequenceMatcher(None, words, said, autojunk=False).get_matching_blocks()
    return sum(block.size for block in found) >= _LEAST_KEPT * len(words)


def is_heading(context: Context, quoted: Quoted) -> bool:
    """Whether the marks hold the headline or the line below it, or its part before a colon, or behind one or a dash."""
    text = context.text
    if len(context.paragraphs) < _FEWEST_PARAGRAPHS:
        return False
    for paragraph in context.paragraphs[:2]:
        printed = text[slice(*paragraph)].rstrip()
        if not paragraph.covers(quoted.outer) or len(printed.split()) > _LONGEST_HEADLINE or printed.endswith("."):
            continue
        before, behind = text[paragraph.start : quoted.outer.start], text[quoted.outer.end : paragraph.end]
        opens = not before.strip() and (not behind.strip() or behind.lstrip()[0] in ":–-")
        return opens or (not behind.strip() and before.rstrip()[-1:] in ("–", "-", ":"))
    return False
