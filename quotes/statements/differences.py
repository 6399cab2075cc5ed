"""How one wording differs from another, word by word, and what to call it.

Two words are equal but for case, accents, umlauts and ß; punctuation and quotation marks are not compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from quotes.folding import fold
from quotes.statements.agreement import gaps

KINDS = ("same", "missing", "added", "replaced")
RELATIONS = ("reference", "identical", "shortened", "longer", "altered", "rendered")
_WORD = re.compile(r"[^\W_]+")
# What marks an omission inside a quotation.
_OMISSION = re.compile(r"…|\.\.\.|\[\s*…?\s*\]")

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of words that two wordings share, or in which they differ.

    Attributes:
        kind: one of :data:`KINDS`, seen from the reference: ``missing`` words are only there, ``added`` ones only here.
        there, here: its places in the texts of the reference and of the wording, in code points from the beginning of
            each ``text``, half-open; none where it has no words there.
        was, now: the words of both.
    """

    kind: str
    there: Place | None
    here: Place | None
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A wording against a reference.

    Attributes:
        relation: one of :data:`RELATIONS`. For two direct quotations ``identical``, ``shortened`` (words of the
            reference are missing), ``longer`` (words are added), ``altered`` (both, or words are replaced);
            ``rendered`` for what is not verbatim as a whole; ``identical`` also for two renderings of the same words.
        pieces: all words of both, in their order.
        verbatim_differs: whether what both print as verbatim differs inside: words replaced, or left out or put in
            without a mark of omission. A quotation cut at its ends does not differ.
    """

    relation: str
    pieces: tuple[Piece, ...]
    verbatim_differs: bool


@dataclass(frozen=True, slots=True)
class _Token:
    word: str
    start: int
    end: int
    verbatim: int  # the number of the verbatim span that it stands in, -1 for none
    part: int  # the number of the piece of an interrupted quotation


def differ(reference: Mapping[str, Any], row: Mapping[str, Any]) -> Difference:
    """Compare a row's wording with a reference's.

    Needs ``text`` and ``kind``; looks at ``start``, ``quote_spans`` and ``verbatim_spans`` where they are given.
    """
    theirs, ours = _tokens(reference), _tokens(row)
    matcher = SequenceMatcher(None, [t.word for t in theirs], [t.word for t in ours], autojunk=False)
    runs = [
        (name, theirs[i:j], ours[k:m])
        for tag, i1, i2, j1, j2 in matcher.get_opcodes()
        for name, i, j, k, m in _cut(tag, i1, i2, j1, j2, theirs, ours)
    ]
    pieces = tuple(
        Piece(name, _place(there), _place(here), _printed(there, reference["text"]), _printed(here, row["text"]))
        for name, there, here in runs
    )
    return Difference(_relation(pieces, reference, row), pieces, _verbatim_differs(runs, reference, row))


def _tokens(row: Mapping[str, Any]) -> list[_Token]:
    start = row.get("start") or 0
    holes = gaps(row)
    if row["kind"] == "direct":
        verbatim: list[Place] = [(0, len(row["text"]))]
    else:
        verbatim = [(s["start"] - start, s["end"] - start) for s in row.get("verbatim_spans") or ()]
    found = []
    for match in _WORD.finditer(row["text"]):
        begin, end = match.span()
        if any(s < end and begin < e for s, e in holes):
            continue
        inside = next((n for n, (s, e) in enumerate(verbatim) if s <= begin and end <= e), -1)
        found.append(_Token(fold(match[0]), begin, end, inside, sum(e <= begin for _, e in holes)))
    return found


def _cut(
    tag: str, i1: int, i2: int, j1: int, j2: int, theirs: Sequence[_Token], ours: Sequence[_Token]
) -> Iterator[tuple[str, int, int, int, int]]:
    """An edit as one or more pieces: none crosses the frame inside an interrupted quotation, but a replaced one may."""
    name = {"equal": "same", "delete": "missing", "insert": "added", "replace": "replaced"}[tag]
    if name == "replaced":
        yield name, i1, i2, j1, j2
        return
    length = max(i2 - i1, j2 - j1)
    begin = 0
    for at in range(1, length + 1):
        crosses = at < length and (
            (i2 > i1 and theirs[i1 + at].part != theirs[i1 + at - 1].part)
            or (j2 > j1 and ours[j1 + at].part != ours[j1 + at - 1].part)
        )
        if at == length or crosses:
            yield (
                name,
                i1 + begin if i2 > i1 else i1,
                i1 + at if i2 > i1 else i1,
                j1 + begin if j2 > j1 else j1,
                j1 + at if j2 > j1 else j1,
            )
            begin = at


def _place(tokens: Sequence[_Token]) -> Place | None:
    return (tokens[0].start, tokens[-1].end) if tokens else None


def _printed(tokens: Sequence[_Token], text: str) -> str:
    parts: list[str] = []
    for at, token in enumerate(tokens):
        if at and token.part != tokens[at - 1].part:
            parts.append(" … ")
        elif at:
            parts.append(text[tokens[at - 1].end : token.start])
        parts.append(text[token.start : token.end])
    return "".join(parts)


def _relation(pieces: Sequence[Piece], reference: Mapping[str, Any], row: Mapping[str, Any]) -> str:
    kinds = {piece.kind for piece in pieces} - {"same"}
    if (reference["kind"] == "direct") != (row["kind"] == "direct"):
        return "rendered"
    if not kinds:
        return "identical"
    if row["kind"] != "direct":
        return "rendered"
    return {frozenset({"missing"}): "shortened", frozenset({"added"}): "longer"}.get(frozenset(kinds), "altered")


_Run = tuple[str, Sequence[_Token], Sequence[_Token]]


def _verbatim_differs(runs: Sequence[_Run], reference: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    for at, (name, there, here) in enumerate(runs):
        if name == "same":
            continue
        if name == "replaced":
            if any(t.verbatim >= 0 for t in there) and any(t.verbatim >= 0 for t in here):
                return True
            continue
        if not 0 < at < len(runs) - 1:
            continue
        before, after = runs[at - 1], runs[at + 1]
        if not (before[1] and after[1] and before[2] and after[2]):
            continue
        if _one_span(before[1][-1], after[1][0]) and _one_span(before[2][-1], after[2][0]):
            short = row["text"][before[2][-1].end : after[2][0].start]
            if name == "added":
                short = reference["text"][before[1][-1].end : after[1][0].start]
            if not _OMISSION.search(short):
                return True
    return False


def _one_span(left: _Token, right: _Token) -> bool:
    return left.verbatim >= 0 and left.verbatim == right.verbatim and left.part == right.part
