"""The metric of the Wikinews quotation corpus (Petersen-Frey and Biemann 2024), so that figures compare.

Within a document, system and gold quotations are matched one to one, by the greatest sum of the F1 of their token
sets (+0.01 for equal type, +0.001 for equal medium where they overlap at all). Each pair, and each quotation without
a partner, gives one group of counts a field; precision and recall are means over the groups in which they are defined.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean
from typing import Any

from assignment import assign
from scoring import f1

from quotes.constructions import source_phrase
from quotes.marks import Quoted, find_quoted
from quotes.model import Document, Quotation, Span
from quotes.text import make_document, normalise

TYPE_BONUS, MEDIUM_BONUS = 0.01, 0.001
ROLES = ("addressee", "cue", "frame", "speaker")
TYPES = ("Direct", "Indirect", "FreeIndirect", "IndirectFreeIndirect", "Reported")
# SW is the corpus's word for speech or writing, ST for speech or thought. It leaves opinions undecided nearly always.
MEDIA = {"speech": "Speech", "writing": "Writing", "thought": "ST", "unknown": "SW"}
FRAGMENT_WORDS = 2
# Below this F1 a pair is listed among the errors.
POOR = 0.5
# What the corpus counts to the cue, and what it leaves out of the addressee.
AUXILIARIES = frozenset(
    "hat haben hatte hatten habe hätte wird werden wurde wurden worden ist sind war waren sei".split()
)
PREPOSITIONS = frozenset("vor gegenüber zu zum zur an".split())
ANAPHORS = frozenset({"demnach", "danach", "demzufolge"})

Tokens = frozenset[int]


@dataclass(frozen=True, slots=True)
class Message:
    """A quotation in the corpus's terms: sets of token numbers."""

    type: str
    medium: str
    quote: Tokens
    roles: Mapping[str, Tokens]
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """An article of the corpus: its document, where its tokens stand in it, and its gold quotations."""

    document: Document
    name: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    gold: tuple[Message, ...]

    def tokens(self, spans: Iterable[Span]) -> Tokens:
        """The numbers of the tokens that spans touch."""
        found: set[int] = set()
        for span in spans:
            number = bisect_left(self.ends, span.start + 1)
            while number < len(self.starts) and self.starts[number] < span.end:
                found.add(number)
                number += 1
        return frozenset(found)

    def word(self, number: int) -> str:
        """A token in lower case."""
        return self.document.text[self.starts[number] : self.ends[number]].lower()

    def punctuation_beside(self, tokens: Tokens) -> Tokens:
        """Commas, colons and full stops right before and behind tokens."""
        beside = {n + step for n in tokens for step in (-1, 1)} - tokens
        return frozenset(n for n in beside if 0 <= n < len(self.starts) and self.word(n) in (",", ":"))


def read_corpus(path: Path) -> Iterator[Record]:
    """The articles of a corpus file, one JSON object a line."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield _record(json.loads(line))


def _record(raw: Mapping[str, Any]) -> Record:
    text, tokens = raw["originalText"], raw["tokens"]
    document = make_document(text, source=raw["documentName"])
    same = len(document.text) == len(text)

    def place(at: int) -> int:
        return at if same else len(normalise(text[:at]))

    gold = tuple(
        Message(
            a["type"],
            a["medium"],
            frozenset(a["quote"]["tokenIds"]),
            {role: frozenset(a[role]["tokenIds"]) for role in ROLES},
        )
        for a in raw["annotations"]
    )
    starts, ends = tuple(place(t["charBegin"]) for t in tokens), tuple(place(t["charEnd"]) for t in tokens)
    return Record(document, raw["documentName"], starts, ends, gold)


def messages(record: Record, rows: Sequence[Quotation]) -> list[Message]:
    """The rows in the corpus's terms; what differs in kind was decided on the training part.

    - A fragment in marks (two words or more) inside other content is a direct quotation besides, with the same roles.
    - Of a fragment (*nannte den Plan „absurd“*) only what stands in marks is the quotation, the rest is its frame.
    - A reported act is marked as the whole clause that tells it, and has no cue and no frame.
    - The frame is marked with all the roles it carries and the punctuation beside it; the cue with its auxiliaries,
      the addressee without its preposition.
    - Where the speaker is carried on, the mention before is marked, and for direct quotations its cue and frame too.
    - Sentences without a frame that stand one behind the other are one quotation.
    - *demnach* and *danach* are cue and speaker in one; of *nach Angaben der Polizei* all but *nach* is the speaker.

    Two sources of one statement are two quotations there. Adding the channel as one lost more precision than it won
    recall, so a row stays one quotation.
    """
    text = record.document.text
    quoted = find_quoted(text, record.document.paragraphs)
    found: list[Message] = []
    joined = -1
    for number, row in enumerate(rows):
        roles = _roles(record, row, _carrier(rows, number))
        spans = row.quote_spans
        if row.kind == "direct":
            spans = tuple(_with_marks(span, quoted) for span in spans)
        elif row.kind == "reported":
            spans = (*spans, *row.frame_spans)
        fragments = [(f, record.tokens([_with_marks(f, quoted)])) for f in row.verbatim_spans]
        if row.rule == "fragment":
            for _, marked in fragments:
                rest = record.tokens(spans) - marked
                around = {**roles, "frame": roles["frame"] | rest}
                found.append(Message("Direct", MEDIA[row.medium], marked, around, row.rule))
            continue
        if number and _goes_on(text, rows[number - 1], row):
            found[joined] = replace(found[joined], quote=found[joined].quote | record.tokens(spans))
        else:
            joined = len(found)
            found.append(Message(type_of(row), MEDIA[row.medium], record.tokens(spans), roles, row.rule))
        if row.kind == "direct":
            continue
        for fragment, marked in fragments:
            if len(text[fragment.start : fragment.end].split()) >= FRAGMENT_WORDS:
                found.append(Message("Direct", MEDIA[row.medium], marked, roles, row.rule))
    return found


def _goes_on(text: str, before: Quotation, row: Quotation) -> bool:
    """Whether a row without a frame stands right behind another such row."""
    if before.rule != row.rule or row.rule != "continued_konjunktiv":
        return False
    return not any(ch.isalnum() for ch in text[before.quote_spans[-1].end : row.quote_spans[0].start])


def _carrier(rows: Sequence[Quotation], number: int) -> Quotation | None:
    """The row before that names the speaker whom this one carries on."""
    row = rows[number]
    if row.speaker_spans or row.speaker.name is None:
        return None
    before = (r for r in reversed(rows[:number]) if r.speaker_spans and r.speaker.name == row.speaker.name)
    return next(before, None)


def _roles(record: Record, row: Quotation, carrier: Quotation | None) -> dict[str, Tokens]:
    speaker = carrier.speaker_spans if carrier else row.speaker_spans
    cue, frame = row.cue_spans, row.frame_spans
    if carrier and row.kind == "direct":
        cue, frame = carrier.cue_spans, (*carrier.frame_spans, *carrier.speaker_spans)
    elif row.kind == "reported":
        cue = frame = ()
    elif cue or frame:
        frame = (*frame, *cue, *row.speaker_spans, *row.addressee_spans)
    if not speaker and {record.document.text[s.start : s.end].lower() for s in cue} & ANAPHORS:
        speaker = cue
    phrase = carrier or row
    source: Tokens = record.tokens(speaker)
    if phrase.rule == source_phrase.RULE and speaker:
        # *nach Angaben der Polizei*: the corpus marks all but the preposition.
        source = record.tokens(phrase.frame_spans) - record.tokens(phrase.cue_spans)
    told = record.tokens(row.addressee_spans)
    said = record.tokens(cue)
    framed = record.tokens(frame)
    return {
        "addressee": told - {n for n in told if record.word(n) in PREPOSITIONS},
        "cue": said | ({n for n in framed if record.word(n) in AUXILIARIES} if said else frozenset()),
        "frame": framed | record.punctuation_beside(framed),
        "speaker": source,
    }


def type_of(row: Quotation) -> str:
    """The corpus's type of a row."""
    if row.kind == "free_indirect":
        return "FreeIndirect" if row.mood == "sollen" else "IndirectFreeIndirect"
    return {"direct": "Direct", "indirect": "Indirect", "mixed": "Indirect", "reported": "Reported"}[row.kind]


def _with_marks(span: Span, quoted: Sequence[Quoted]) -> Span:
    """The span with the marks around it: those of the smallest quoted stretch that holds it and ends about there."""
    around = [q for q in quoted if q.inner.covers(span)]
    if not around:
        return span
    best = min(around, key=lambda q: q.outer.end - q.outer.start)
    near_start, near_end = span.start - best.inner.start <= 1, best.inner.end - span.end <= 1
    return Span(best.outer.start if near_start else span.start, best.outer.end if near_end else span.end)


def pair_up(gold: Sequence[Message], system: Sequence[Message]) -> list[tuple[Message | None, Message | None]]:
    """Pairs of gold and system; those without a partner stand with ``None``."""
    weights = [[_weight(g, s) for s in system] for g in gold]
    matched = assign(weights)
    rows, columns = {r for r, _ in matched}, {c for _, c in matched}
    pairs: list[tuple[Message | None, Message | None]] = [(gold[r], system[c]) for r, c in matched]
    pairs += [(g, None) for number, g in enumerate(gold) if number not in rows]
    return pairs + [(None, s) for number, s in enumerate(system) if number not in columns]


def _weight(gold: Message, system: Message) -> float:
    overlap = f1(gold.quote, system.quote)
    if not overlap:
        return 0.0
    return overlap + TYPE_BONUS * (gold.type == system.type) + MEDIUM_BONUS * (gold.medium == system.medium)


def figures(pairs: Sequence[tuple[Message | None, Message | None]]) -> dict[str, Any]:
    """Precision, recall and F1 of messages, roles, both together, each role and type; F1 of type and medium.

    ``matched_speaker`` is the speaker role over the pairs alone, without what only one side has.
    """
    groups: dict[str, list[tuple[Tokens, Tokens]]] = {field: [] for field in ("quote", *ROLES)}
    for gold, system in pairs:
        groups["quote"].append((gold.quote if gold else frozenset(), system.quote if system else frozenset()))
        for role in ROLES:
            groups[role].append(
                (gold.roles[role] if gold else frozenset(), system.roles[role] if system else frozenset())
            )
    four = [group for role in ROLES for group in groups[role]]
    total = sum(gold is not None for gold, _ in pairs) + sum(system is not None for _, system in pairs)
    both = [(gold, system) for gold, system in pairs if gold and system]
    return {
        "gold": sum(gold is not None for gold, _ in pairs),
        "system": sum(system is not None for _, system in pairs),
        "messages": _prf(groups["quote"]),
        "roles": _prf(four),
        "joint": _prf(groups["quote"] + four),
        "type_f1": 2 * sum(g.type == s.type for g, s in both) / total if total else 0.0,
        "medium_f1": 2 * sum(g.medium == s.medium for g, s in both) / total if total else 0.0,
        "each_role": {role: _prf(groups[role]) for role in ROLES},
        "matched_speaker": _prf([(g.roles["speaker"], s.roles["speaker"]) for g, s in both]),
        "types": {name: _of_type(pairs, name) for name in TYPES},
    }


def _prf(groups: Sequence[tuple[Tokens, Tokens]]) -> dict[str, float]:
    precisions = [len(gold & system) / len(system) for gold, system in groups if system]
    recalls = [len(gold & system) / len(gold) for gold, system in groups if gold]
    precision, recall = fmean(precisions or [0.0]), fmean(recalls or [0.0])
    f = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return {"precision": precision, "recall": recall, "f1": f}


def _of_type(pairs: Sequence[tuple[Message | None, Message | None]], name: str) -> dict[str, float]:
    """Precision over the system's quotations of a type, recall over the gold's, and how many of these got the type."""
    rows = [(g.quote if g else frozenset(), s.quote) for g, s in pairs if s and s.type == name]
    gold = [(g.quote, s.quote if s else frozenset(), s.type if s else "") for g, s in pairs if g and g.type == name]
    precision = fmean([len(a & b) / len(b) for a, b in rows if b] or [0.0])
    recall = fmean([len(a & b) / len(a) for a, b, _ in gold if a] or [0.0])
    return {
        "gold": len(gold),
        "system": len(rows),
        "precision": precision,
        "recall": recall,
        "f1": 2 * precision * recall / (precision + recall) if precision + recall else 0.0,
        "typed": sum(t == name for *_, t in gold) / len(gold) if gold else 0.0,
    }


def errors(record: Record, pairs: Iterable[tuple[Message | None, Message | None]]) -> Iterator[tuple[str, str, str]]:
    """Misses by type, false alarms and pairs that share little by rule, as (group, article, text)."""
    for gold, system in pairs:
        if gold and not system:
            yield (
                f"missed {gold.type}",
                record.name,
                f"{_printed(record, gold.quote)} | cue {_printed(record, gold.roles['cue'])}",
            )
        elif system and not gold:
            yield f"false {system.rule}", record.name, f"{system.type}: {_printed(record, system.quote)}"
        elif gold and system and f1(gold.quote, system.quote) < POOR:
            yield (
                f"poor {system.rule}",
                record.name,
                f"{_printed(record, system.quote)}, for {_printed(record, gold.quote)}",
            )


def _printed(record: Record, tokens: Tokens) -> str:
    text = record.document.text
    return " ".join(text[record.starts[n] : record.ends[n]] for n in sorted(tokens)) or "–"
