"""Whether two rows carry the same statement: the one decision behind the pairs and the groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from rapidfuzz import fuzz

from quotes.folding import words as folded_words
from quotes.statements.guards import conflict, exchanged
from quotes.statements.matching import Alignment, align
from quotes.statements.reading import Word, read
from quotes.statements.side import Side
from quotes.statements.vocabulary import roots, vocabulary

# All figures were set on the dev part of fixtures/statements/pairs.jsonl.
# The share of the shorter content that the longer one must have: less for a long content, which is seldom alike by
# chance.
COVER, SHORT_COVER, PER_WEIGHT = 0.6, 0.75, 0.05
# The share that is needed where both contents have no word, one word or more that the other has not: two claims on one
# subject share many words. Set on more_pairs.jsonl as well, which holds such claims.
OTHERS = (0.0, 0.75, 0.8)
# What the shared words must count for; below it every word must agree.
ENOUGH = 2.3
# What the shared words that say something of their own must count for.
SUBSTANCE = 1.6
# Contents that count for less, but for this much, are the same if each has this share of the other.
LIGHT, LIGHT_COVER = 1.6, 0.85
# Words of a passage that stands word for word in a longer one.
PASSAGE = 4
# Alike from here on (rapidfuzz.fuzz.ratio over all words, 0 to 100), two short contents are the same.
ALIKE = 88
# Two passages that share a sentence and go apart around it: the share of that sentence, and what it must count for.
SENTENCE_COVER, SENTENCE_ENOUGH = 0.85, 2.6
# An utterance is told within this time; a long sentence may be taken up later.
NEAR, LATER, LONG = timedelta(days=7), timedelta(days=14), 3.0
# From this share on, what two rows have in common is enough for a guard to part them.
GUARDED = 0.5


@dataclass(frozen=True, slots=True)
class Said:
    """A row made ready for comparing; made once for each row."""

    speaker: tuple[str, ...]
    country: str
    unnamed: bool
    published: datetime | None
    side: Side
    plain: str
    sentences: tuple[tuple[Word, ...], ...]

    @property
    def weight(self) -> float:
        """What its content words count for."""
        return self.side.reading.weight


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision on a pair: whether it is one statement, how sure from 0 to 1, and what decided."""

    same: bool
    score: float
    reason: str


def same_statement(a: Mapping[str, Any], b: Mapping[str, Any]) -> bool:
    """Whether two quotation rows carry the same statement of the same speaker at the same occasion.

    Needs ``speaker``, ``kind``, ``text``; looks at ``published``, ``polarity``, ``doc_id``, ``speaker_id``, ``start``
    and ``quote_spans`` where they are given.
    """
    return compare(prepare(a), prepare(b)).same


def prepare(row: Mapping[str, Any]) -> Said:
    """A row made ready for comparing."""
    reading = read(row["text"], gaps(row))
    name = tuple(folded_words(row.get("speaker") or ""))
    polarity = row.get("polarity")
    side = Side(
        reading,
        denied=polarity == "denied",
        asked=polarity == "questioned",
        verbatim=row["kind"] == "direct",
        nominal=row["kind"] == "reported",
    )
    return Said(
        name,
        _country(row.get("speaker")),
        not name or _is_unnamed(row),
        row.get("published"),
        side,
        " ".join(w.text for w in reading.words),
        reading.sentences(),
    )


def bucket(speaker: str | None) -> str:
    """What speakers that may be one have in common: the country they speak for, or the last word of their names."""
    return _country(speaker) or (folded_words(speaker or "") or [""])[-1]


def _country(speaker: str | None) -> str:
    return vocabulary().countries.get(roots(speaker or ""), "")


def _is_unnamed(row: Mapping[str, Any]) -> bool:
    """Whether the identifier is that of somebody without a name: the Sprecher of one article alone."""
    identifier, document = row.get("speaker_id") or "", row.get("doc_id") or ""
    return bool(document) and identifier.endswith("-" + document[:8])


def gaps(row: Mapping[str, Any]) -> tuple[tuple[int, int], ...]:
    """The places inside a row's text that are no part of the content, in code points from the text's beginning."""
    spans, start = row.get("quote_spans") or (), row.get("start") or 0
    return tuple((a["end"] - start, b["start"] - start) for a, b in pairwise(spans))


def compare(a: Said, b: Said) -> Verdict:
    """The decision on two rows. Where nobody is named, only a copy is the same statement."""
    if not same_speaker(a, b):
        return Verdict(False, 0.0, "speaker")
    if not _same_time(a, b):
        return Verdict(False, 0.0, "time")
    if (a.unnamed or b.unnamed) and not (min(a.weight, b.weight) >= ENOUGH and fuzz.ratio(a.plain, b.plain) >= ALIKE):
        return Verdict(False, 0.0, "unnamed")
    best = Verdict(False, 0.0, "content")
    for found, whole in regions(a, b):
        score, enough = _score(found, a, b, whole=whole)
        if enough or (whole and max(found.cover_a, found.cover_b) >= GUARDED):
            reason = conflict(found, a.side, b.side)
            if reason:
                return Verdict(False, score, reason)
            if exchanged(found, a.side, b.side):
                # A doubt, which another sentence of both may settle.
                best = max(best, Verdict(False, score, "exchange"), key=lambda v: (v.same, v.score))
                continue
        if (enough, score) > (best.same, best.score):
            best = Verdict(enough, score, "content")
    return best


def contradict(a: Said, b: Said) -> bool:
    """Whether a guard keeps two rows apart that share much; rows on other things do not contradict each other."""
    return any(
        conflict(found, a.side, b.side) is not None
        for found, whole in regions(a, b)
        if (whole and max(found.cover_a, found.cover_b) >= GUARDED) or _score(found, a, b, whole=whole)[1]
    )


def same_speaker(a: Said, b: Said) -> bool:
    """Whether two names can be one speaker: equal, one a part of the other, or seats of one country."""
    if a.speaker == b.speaker or (a.country and a.country == b.country):
        return True
    short, long = sorted((a.speaker, b.speaker), key=len)
    return bool(short) and set(short) <= set(long) and short[-1] == long[-1]


def _same_time(a: Said, b: Said) -> bool:
    if a.published is None or b.published is None:
        return True
    apart = abs(a.published - b.published)
    return apart <= (LATER if min(a.weight, b.weight) >= LONG else NEAR)


def regions(a: Said, b: Said) -> Iterator[tuple[Alignment, bool]]:
    """What is compared: the whole of both, then sentence by sentence; true for the whole."""
    ours, theirs = a.side.reading.content, b.side.reading.content
    yield align(ours, theirs), True
    parts_a: Sequence[tuple[Word, ...]] = a.sentences if len(a.sentences) > 1 else ()
    parts_b: Sequence[tuple[Word, ...]] = b.sentences if len(b.sentences) > 1 else ()
    for part in parts_a:
        yield align(part, theirs), False
    for part in parts_b:
        yield align(ours, part), False
    for one in parts_a:
        keys = {w.key for w in one}
        for other in parts_b:
            if not keys.isdisjoint(w.key for w in other):
                yield align(one, other), False


def _score(found: Alignment, a: Said, b: Said, *, whole: bool) -> tuple[float, bool]:
    """The share of the shorter side that the other has, 0 to 1, and whether it is enough for one statement.

    Either all of one row must be told by the other, or one sentence of each must be nearly the same.
    """
    light_a, light_b = sum(w.weight for w in found.a), sum(w.weight for w in found.b)
    all_a, all_b = len(found.a) == len(a.side.reading.content), len(found.b) == len(b.side.reading.content)
    if all_a and all_b:
        all_a, all_b = light_a <= light_b, light_a > light_b
    score, weight = (found.cover_a, light_a) if all_a else (found.cover_b, light_b)
    if not (all_a or all_b):
        score = min(found.cover_a, found.cover_b)
        return score, score >= SENTENCE_COVER and found.shared >= SENTENCE_ENOUGH
    if whole and (fuzz.ratio(a.plain, b.plain) >= ALIKE or _contained(a.plain, b.plain)):
        return score, True
    if min(light_a, light_b) < ENOUGH:
        return score, min(light_a, light_b) >= LIGHT and min(found.cover_a, found.cover_b) >= LIGHT_COVER
    wanted = max(COVER, SHORT_COVER - PER_WEIGHT * weight, OTHERS[min(_others(found), len(OTHERS) - 1)])
    return score, score >= wanted and found.substance >= SUBSTANCE


def _others(found: Alignment) -> int:
    """Words that each side has where the other has something else: the shorter of two contents alone has none."""
    return min(
        sum(words[at].kind != "light" for at in lost)
        for words, lost in ((found.a, found.lost_a), (found.b, found.lost_b))
    )


def _contained(a: str, b: str) -> bool:
    short, long = sorted((a, b), key=len)
    return len(short.split()) >= PASSAGE and f" {short} " in f" {long} "
