"""How well rows meet the annotation of our own articles: matching, figures, and what is missing or too much."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from assignment import assign
from gold import Article, Expected

from quotes.lexicon import load_lexicon
from quotes.model import KINDS, Quotation, Span

# Two contents are the same quotation when the F1 of their letters reaches this. Contents that differ by an adverb or a
# subordinate clause stay above it, one of two conjoined clauses falls below it.
SAME = 0.6
BINS = 10
_NAMED_WITHOUT_NOUN = frozenset({"company", "union", "association", "militia"})
# Fields whose errors are counted but not listed: they follow from others, or two annotators differ.
UNLISTED = {"cue", "resolution", "addressee", "medium"}


@dataclass(frozen=True, slots=True)
class Pair:
    """An expected quotation with its row; one of the two is ``None`` for a miss and for a false alarm."""

    article: Article
    expected: Expected | None
    row: Quotation | None

    @property
    def faults(self) -> tuple[str, ...]:
        """The fields of a matched row that are wrong."""
        assert self.expected is not None
        assert self.row is not None
        return faults(self.article.text, self.expected, self.row)


def f1(some: frozenset[int], others: frozenset[int]) -> float:
    """F1 of two sets; 0 where nothing is shared."""
    shared = len(some & others)
    return 2 * shared / (len(some) + len(others)) if shared else 0.0


def letters(text: str, spans: Iterable[Span]) -> frozenset[int]:
    """The places of letters and digits in spans: marks, blanks and full stops at the edges do not count."""
    return frozenset(i for span in spans for i in range(*span) if text[i].isalnum())


def cue_of(text: str, row: Quotation) -> str:
    """The cue as printed, its parts joined by a space."""
    return _printed(text, row.cue_spans)


def _printed(text: str, spans: Iterable[Span]) -> str:
    return " ".join(" ".join(text[s.start : s.end].split()) for s in spans)


def faults(text: str, expected: Expected, row: Quotation) -> tuple[str, ...]:
    """Which of spans, kind, speaker, via, polarity, cue, resolution, addressee, mood, medium are wrong.

    Only what the annotation names is compared: a set without cues or resolutions is not asked for them.
    """
    verdicts = {
        "spans": letters(text, expected.spans) == letters(text, row.quote_spans),
        "kind": row.kind in expected.kinds,
        "speaker": _bare(row.speaker.name) in {_bare(name) for name in expected.speakers},
        "via": tuple(row.via) in expected.vias,
        "polarity": row.polarity in expected.polarities,
        "cue": not expected.cues or cue_of(text, row) in expected.cues,
        "resolution": not expected.resolutions or row.speaker.resolution in expected.resolutions,
        "addressee": not expected.addressees or _printed(text, row.addressee_spans) in expected.addressees,
        "mood": not any(expected.moods) or row.mood in expected.moods,
        "medium": not any(expected.mediums) or row.medium in expected.mediums,
    }
    return tuple(field for field, right in verdicts.items() if not right)


def _bare(name: str | None) -> str | None:
    """A body's name without the noun that only says what it is: *Gewerkschaft Verdi* and *Verdi* are one speaker.

    Companies, unions, associations, armed groups and media have their names without it; an office or a police force
    (*Kantonspolizei Thurgau*) has not.
    """
    noun, _, rest = (name or "").partition(" ")
    lexicon = load_lexicon()
    named = lexicon.body_class(noun) in _NAMED_WITHOUT_NOUN or lexicon.is_channel_noun(noun)
    return rest if named and rest[:1].isupper() else name


def compare(article: Article, rows: Sequence[Quotation]) -> list[Pair]:
    """Match one to one, by the greatest sum of F1 of letters among pairs that reach :data:`SAME`."""
    wanted = [letters(article.text, e.spans) for e in article.expected]
    found = [letters(article.text, r.quote_spans) for r in rows]
    weights = [[w if (w := f1(want, got)) >= SAME else 0.0 for got in found] for want in wanted]
    partner = dict(assign(weights))
    pairs = [
        Pair(article, expected, rows[partner[number]] if number in partner else None)
        for number, expected in enumerate(article.expected)
        if number in partner or not expected.optional
    ]
    matched = set(partner.values())
    return pairs + [Pair(article, None, row) for number, row in enumerate(rows) if number not in matched]


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _prf(matched: int, rows: int, gold: int) -> dict[str, float]:
    return {
        "gold": gold,
        "rows": rows,
        "matched": matched,
        "precision": _share(matched, rows),
        "recall": _share(matched, gold),
        "f1": _share(2 * matched, rows + gold),
    }


# The speaker_confidence from which on a desk may rely on a name.
SURE = 0.9


def summarise(pairs: Sequence[Pair]) -> dict[str, Any]:
    """All figures, ready for JSON.

    ``speaker_named``: of the rows whose annotation names a speaker, the share with the right one; ``null`` is the share
    of these without any, ``wrong_name`` the share of all matched rows with a wrong one. ``sure_speakers``: the share
    of right ones among those whose ``speaker_confidence`` is at least ``SURE``.
    ``kinds``: recall over the annotated kind, precision over the kind of the row. ``right``: shares of the matched
    rows.
    ``affirmed_wrongly``: share of the denied and questioned ones that come out as affirmed.
    """
    both = [p for p in pairs if p.expected and p.row]
    bad = [set(p.faults) for p in both]
    misnamed = [p.row for b, p in zip(bad, both, strict=True) if p.row and "speaker" in b]
    nulls = sum(row.speaker.name is None for row in misnamed)
    named = [b for b, p in zip(bad, both, strict=True) if p.expected and p.expected.speakers[0] is not None]
    sure = [p for p in both if p.row and p.row.speaker.name is not None and p.row.speaker.confidence >= SURE]
    fields = ("spans", "kind", "speaker", "via", "polarity", "mood", "medium")
    return {
        **_prf(len(both), sum(p.row is not None for p in pairs), sum(p.expected is not None for p in pairs)),
        "right": {field: _share(sum(field not in b for b in bad), len(both)) for field in fields},
        "wrong_name": _share(len(misnamed) - nulls, len(both)),
        "null": _share(nulls, len(named)),
        "speaker_named": _share(sum("speaker" not in b for b in named), len(named)),
        "sure_speakers": _share(sum("speaker" not in p.faults for p in sure), len(sure)),
        "sure_rows": len(sure),
        "affirmed_wrongly": _affirmed_wrongly(both),
        "confidence_error": calibration_error((p.row.confidence, p.expected is not None) for p in pairs if p.row),
        "speaker_confidence_error": calibration_error(
            (p.row.speaker.confidence, "speaker" not in b)
            for b, p in zip(bad, both, strict=True)
            if p.row and p.row.speaker.name is not None
        ),
        "kinds": {kind: _kind(pairs, kind) for kind in KINDS},
        "rules": _rules(pairs),
        "resolutions": _resolutions(both, bad),
    }


def _affirmed_wrongly(both: Sequence[Pair]) -> float:
    doubted = [p for p in both if p.expected and p.expected.polarities[0] != "affirmed"]
    return _share(sum(p.row is not None and p.row.polarity == "affirmed" for p in doubted), len(doubted))


def _kind(pairs: Sequence[Pair], kind: str) -> dict[str, float]:
    rows = [p for p in pairs if p.row and p.row.kind == kind]
    gold = [p for p in pairs if p.expected and p.expected.kinds[0] == kind]
    precision = _share(sum(p.expected is not None for p in rows), len(rows))
    recall = _share(sum(p.row is not None for p in gold), len(gold))
    f = _share(2 * precision * recall, precision + recall)
    return {"gold": len(gold), "rows": len(rows), "precision": precision, "recall": recall, "f1": f}


def _rules(pairs: Sequence[Pair]) -> dict[str, dict[str, float]]:
    rows = Counter(p.row.rule for p in pairs if p.row)
    matched = Counter(p.row.rule for p in pairs if p.row and p.expected)
    spans = Counter(p.row.rule for p in pairs if p.row and p.expected and "spans" not in p.faults)
    speakers = Counter(p.row.rule for p in pairs if p.row and p.expected and "speaker" not in p.faults)
    return {
        rule: {
            "rows": number,
            "matched": matched[rule],
            "precision": _share(matched[rule], number),
            "spans": _share(spans[rule], matched[rule]),
            "speaker": _share(speakers[rule], matched[rule]),
        }
        for rule, number in sorted(rows.items())
    }


def _resolutions(both: Sequence[Pair], bad: Sequence[set[str]]) -> dict[str, dict[str, float]]:
    """Speakers by the annotated way to them: how many rows, and the share with the right name."""
    rows: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for pair, wrong in zip(both, bad, strict=True):
        assert pair.expected is not None
        resolution = next(iter(pair.expected.resolutions), "") or "-"
        rows[resolution] += 1
        right[resolution] += "speaker" not in wrong
    return {name: {"rows": number, "right": _share(right[name], number)} for name, number in sorted(rows.items())}


def calibration_error(judged: Iterable[tuple[float, bool]]) -> float:
    """Expected calibration error: how far stated confidence and share of right rows lie apart, in ten bins."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    for confidence, right in judged:
        bins.setdefault(min(int(confidence * BINS), BINS - 1), []).append((confidence, right))
    total = sum(len(group) for group in bins.values())
    gap = sum(abs(sum(c for c, _ in group) - sum(r for _, r in group)) for group in bins.values())
    return _share(gap, total)


def errors(pairs: Iterable[Pair]) -> Iterator[tuple[str, str, str]]:
    """What went wrong, as (group, place, text): misses by kind, false alarms and wrong fields by rule."""
    for pair in pairs:
        text = pair.article.text
        if pair.expected and not pair.row:
            e = pair.expected
            who, cue = e.speakers[0] or "–", " / ".join(filter(None, e.cues)) or "–"
            yield f"missed {e.kinds[0]}", e.place, f"{_content(text, e.spans)} | speaker {who} | cue {cue}"
        elif pair.row and not pair.expected:
            r = pair.row
            who, cue = r.speaker.name or "–", cue_of(text, r) or "–"
            content = _content(text, r.quote_spans)
            yield f"false {r.rule}", pair.article.source, f"{r.kind}: {content} | speaker {who} | cue {cue}"
        elif pair.row and pair.expected and (wrong := set(pair.faults) - UNLISTED):
            yield f"wrong {pair.row.rule}", pair.expected.place, "; ".join(_difference(pair, f) for f in sorted(wrong))


def _content(text: str, spans: Iterable[Span]) -> str:
    return " … ".join(" ".join(text[s.start : s.end].split()) for s in spans)


def _difference(pair: Pair, field: str) -> str:
    """One wrong field as *field: what the row has, for what the annotation has*."""
    assert pair.expected is not None
    assert pair.row is not None
    e, r, text = pair.expected, pair.row, pair.article.text
    got, want = {
        "spans": (_content(text, r.quote_spans), _content(text, e.spans)),
        "kind": (r.kind, e.kinds[0]),
        "speaker": (r.speaker.name or "–", e.speakers[0] or "–"),
        "via": (", ".join(r.via) or "–", ", ".join(e.vias[0]) or "–"),
        "polarity": (r.polarity, e.polarities[0]),
        "cue": (cue_of(text, r) or "–", " / ".join(e.cues) or "–"),
        "resolution": (r.speaker.resolution, " / ".join(e.resolutions)),
        "addressee": (_printed(text, r.addressee_spans) or "–", " / ".join(e.addressees) or "–"),
        "mood": (r.mood, " / ".join(e.moods)),
        "medium": (r.medium, " / ".join(e.mediums)),
    }[field]
    return f"{field}: {got}, for {want}"


def complaints(article: Article, rows: Sequence[Quotation], ignored: Iterable[str] = ()) -> dict[str, list[str]]:
    """What is wrong with each expected quotation, by its place; under ``SOURCE/extra`` the rows that nobody expects.

    An empty list is a pass. ``ignored`` names fields that are not compared. An optional quotation may be missing.
    """
    passed_over = set(ignored)
    found: dict[str, list[str]] = {e.place: [] for e in article.expected}
    extra = found.setdefault(f"{article.source}/extra", [])
    for pair in compare(article, rows):
        if pair.expected and pair.row:
            for field in pair.faults:
                if field not in passed_over:
                    found[pair.expected.place].append(_difference(pair, field))
        elif pair.expected:
            found[pair.expected.place].append(f"missing: {_content(article.text, pair.expected.spans)}")
        elif pair.row:
            extra.append(f"{pair.row.rule}: {_content(article.text, pair.row.quote_spans)}")
    return found
