"""How much a claim is worth checking, and why: from the words of the content and what is known of the speaker.

A claim is worth checking when it states facts that can be checked (numbers, comparisons, causes, deeds, what holds
always or never, what the law says) and is no opinion, wish, demand, question, plan or feeling. The knowledge stands in
``data/use/worth_words.tsv``, ``worth_roles.tsv`` and ``worth_weights.tsv``; nothing here parses.

The score is ``1 / (1 + exp(-sum))`` of the weights of all features that are there: a share in [0, 1] that orders
claims, fitted on judged claims (``scripts/evaluate_claims.py``), no probability of anything else.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, NamedTuple

from quotes.errors import DataError
from quotes.folding import fold, stem, words
from quotes.tables import read_table

_WORDS, _ROLES, _WEIGHTS = "use/worth_words.tsv", "use/worth_roles.tsv", "use/worth_weights.tsv"
_OFFICES = "role_classes.tsv"
_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_FORMS = ("word", "stem", "start", "end", "phrase", "pattern", "final", "first", "not")
# What ends a clause; a word right before the last one stands at the end as well (*helfen werde*).
_CLAUSE = re.compile(r"[,.;:!?…–—]|\Z")
# Words kept in memory with what they count for: news prose says most of what it says with some ten thousand.
_KEPT = 100_000
# Words that the gap in a phrase may stand for.
_GAP = 3
# Words up to which a content is short, and from which it is long.
_SHORT, _LONG = 5, 20


class Feature(NamedTuple):
    """Something that speaks for (weight above 0) or against a claim, with the words that show it."""

    name: str
    weight: float
    evidence: str


@dataclass(frozen=True, slots=True)
class Worth:
    """How much a claim is worth checking.

    Attributes:
        score: in [0, 1], rounded to four places.
        features: what makes it up, the heaviest first; evidence in the words of the content or the values of the row.
    """

    score: float
    features: tuple[Feature, ...]


@dataclass(frozen=True, slots=True)
class _Matcher:
    """The words of one feature, folded."""

    feature: str
    needs: str
    whole: frozenset[str]
    firsts: frozenset[str]
    stems: frozenset[str]
    starts: tuple[str, ...]
    ends: tuple[str, ...]
    patterns: tuple[re.Pattern[str], ...]
    finals: tuple[re.Pattern[str], ...]
    phrases: tuple[tuple[str, ...], ...]
    excluded: frozenset[str]

    def has(self, word: str, *, small: bool, final: bool) -> bool:
        """Whether the feature has a folded word, written small or not, at the end of a clause or not."""
        if word in self.whole:
            return True
        if word in self.excluded:
            return False
        if small and any(p.fullmatch(word) for p in (*self.patterns, *(self.finals if final else ()))):
            return True
        if self.starts and word.startswith(self.starts):
            return True
        if self.ends and word.endswith(self.ends):
            return True
        return bool(self.stems) and stem(word) in self.stems


@dataclass(frozen=True, slots=True)
class _Weight:
    weight: float
    most: int


def score(row: Mapping[str, Any], *, appearances: int = 1, outlets: int = 1) -> Worth:
    """How much the claim in a row is worth checking.

    Args:
        row: ``text``, ``kind``, ``mood``, ``polarity``, ``speaker_kind``, ``speaker_role`` and, where they are known,
            ``quote_spans`` with ``start``: the words of a frame inside the content are passed over.
        appearances: articles in which the statement stands.
        outlets: outlets that print it.

    Raises:
        DataError: a table has a line that cannot be understood.
    """
    weights = _weights()
    found: list[Feature] = []
    for name, evidence in _features(row, appearances, outlets):
        entry = weights.get(name)
        if entry is not None and entry.weight:
            found.append(Feature(name, round(entry.weight * min(len(evidence), entry.most), 4), ", ".join(evidence)))
    total = math.fsum([weights["bias"].weight, *(feature.weight for feature in found)])
    found.sort(key=lambda feature: (-abs(feature.weight), feature.name))
    return Worth(round(1 / (1 + math.exp(-total)), 4), tuple(found))


def counts(row: Mapping[str, Any], *, appearances: int = 1, outlets: int = 1) -> dict[str, int]:
    """How often each feature occurs in a row, weighed or not, up to what counts: what weights are fitted on."""
    weights = _weights()
    return {
        name: min(len(evidence), weights[name].most if name in weights else 1)
        for name, evidence in _features(row, appearances, outlets)
    }


def threshold() -> float:
    """The least score that is sent by default: the best on the judged claims kept for development."""
    return _weights()["threshold"].weight


def content(row: Mapping[str, Any]) -> str:
    """The content without the frame that may stand between its parts."""
    spans = row.get("quote_spans")
    if not spans or len(spans) < 2:
        return str(row["text"])
    return " … ".join(row["text"][s["start"] - row["start"] : s["end"] - row["start"]] for s in spans)


def _features(row: Mapping[str, Any], appearances: int, outlets: int) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each feature of a row with its pieces of evidence, as often as it occurs."""
    text = content(row)
    yield from _of_words(text)
    yield from _of_figures(text)
    for column in ("kind", "mood", "polarity", "speaker_kind"):
        value = row.get(column) or "none"
        yield f"{column}:{value}", (str(value).replace("_", " "),)
    role = row.get("speaker_role")
    if role:
        yield f"role:{role_class(role) or 'other'}", (role,)
    if appearances > 1:
        # Doubling counts, not each further copy of an agency's report.
        yield "appearances", (f"{appearances} articles",) * int(math.log2(appearances))
    if outlets > 1:
        yield "outlets", (f"{outlets} outlets",) * int(math.log2(outlets))


def _of_words(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    found = list(_WORD.finditer(text))
    folded = [fold(match[0]) for match in found]
    ends = [_CLAUSE.match(text, match.end()) is not None for match in found]
    finals = [last or (at + 1 < len(ends) and ends[at + 1]) for at, last in enumerate(ends)]
    hits: dict[int, dict[str, None]] = {}
    for match, word, final in zip(found, folded, finals, strict=True):
        for number in _hits(word, match[0].islower(), final):
            hits.setdefault(number, {})[match[0]] = None
    for number in _openings().get(folded[0] if folded else "", ()):
        hits.setdefault(number, {})[found[0][0]] = None
    for at, word in enumerate(folded):
        for phrase, number in _phrases().get(word, ()):
            end = _end_of(folded, at, phrase)
            if end:
                hits.setdefault(number, {})[" ".join(match[0] for match in found[at:end])] = None
    seen: dict[str, dict[str, None]] = {}
    for number, matcher in enumerate(_matchers()):
        if number in hits and (not matcher.needs or matcher.needs in seen):
            seen.setdefault(matcher.feature, {}).update(hits[number])
    yield from ((name, tuple(evidence)) for name, evidence in seen.items())
    if len(folded) <= _SHORT:
        yield "short", (f"{len(folded)} words",)
    elif len(folded) >= _LONG:
        yield "long", (f"{len(folded)} words",)


def _of_figures(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    figures = [match[0] for match in _NUMBER.finditer(text)]
    years = tuple(f for f in figures if _YEAR.fullmatch(f))
    numbers = tuple(f for f in figures if not _YEAR.fullmatch(f))
    signs = tuple(dict.fromkeys(re.findall("[%€$£‰°]", text)))
    for name, evidence in (("number", numbers), ("year", years), ("unit_sign", signs)):
        if evidence:
            yield name, evidence
    for name, sign in (("question_mark", "?"), ("exclamation_mark", "!")):
        if sign in text:
            yield name, (sign,) * text.count(sign)


def _end_of(folded: Sequence[str], start: int, phrase: Sequence[str]) -> int:
    """Where a phrase that begins there ends, 0 if it does not stand there."""
    at, gap = start, 0
    for part in phrase:
        if part == "…":
            gap = _GAP
            continue
        here = next((i for i in range(at, min(at + gap + 1, len(folded))) if folded[i] == part), None)
        if here is None:
            return 0
        at, gap = here + 1, 0
    return at


@cache
def role_class(role: str) -> str | None:
    """The class of a role as printed, from ``worth_roles.tsv``: *Agrarökonomin* is an expert; ``None``: unknown."""
    for word in words(role):
        # A feminine is found by its masculine: Ökonomin, Ökonom; Biologin, Biologe. Ärztin has an entry of its own.
        asked = (word, *_masculines(word))
        # The longest noun decides: a Landwirt is no Wirt, a Schauspieler no Spieler.
        found = [
            (len(noun), name)
            for name, form, nouns in _roles()
            for noun in nouns
            if any(form_of == noun or _fits(form_of, noun, form) for form_of in asked)
        ]
        if found:
            longest = max(length for length, _ in found)
            return next(name for length, name in found if length == longest)
    return None


def _fits(word: str, noun: str, form: str) -> bool:
    return (form == "end" and word.endswith(noun)) or (form == "start" and word.startswith(noun))


def _masculines(word: str) -> tuple[str, ...]:
    return (word[:-2], word[:-1].removesuffix("i") + "e") if word.endswith("in") else ()


@cache
def _roles() -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    offices = {row["class"]: _split(row["nouns"]) for row in read_table(_OFFICES)}
    found = []
    for row in read_table(_ROLES):
        form, nouns = row["form"], _split(row["nouns"])
        if form == "class":
            form, nouns = "end", [noun for office in nouns for noun in offices.get(office, ())]
        if form not in ("end", "start"):
            raise DataError(f"{form!r} is no form of nouns", source=_ROLES)
        found.append((row["class"], form, tuple(map(fold, nouns))))
    return tuple(found)


@cache
def _matchers() -> tuple[_Matcher, ...]:
    """The matchers in the order of the table, so that what a feature needs comes before it."""
    found: dict[tuple[str, str], dict[str, list[str]]] = {}
    for row in read_table(_WORDS):
        if row["form"] not in _FORMS:
            raise DataError(f"{row['form']!r} is no form of words", source=_WORDS)
        # A pattern may hold commas: one a line.
        words_of = [row["words"]] if row["form"] in ("pattern", "final") else _split(row["words"])
        found.setdefault((row["feature"], row["with"]), {}).setdefault(row["form"], []).extend(words_of)
    excluded = {
        feature: {word for (name, _), forms in found.items() if name == feature for word in forms.get("not", ())}
        for feature, _ in found
    }
    return tuple(
        _Matcher(
            feature=feature,
            needs=needs,
            whole=frozenset(map(fold, forms.get("word", ()))),
            firsts=frozenset(map(fold, forms.get("first", ()))),
            stems=frozenset(stem(fold(word)) for word in forms.get("stem", ())),
            starts=tuple(map(fold, forms.get("start", ()))),
            ends=tuple(map(fold, forms.get("end", ()))),
            patterns=tuple(map(_pattern, forms.get("pattern", ()))),
            finals=tuple(map(_pattern, forms.get("final", ()))),
            phrases=tuple(
                tuple(p if p == "…" else fold(p) for p in phrase.split()) for phrase in forms.get("phrase", ())
            ),
            excluded=frozenset(map(fold, excluded[feature])),
        )
        for (feature, needs), forms in found.items()
    )


@lru_cache(maxsize=_KEPT)
def _hits(word: str, small: bool, final: bool) -> tuple[int, ...]:
    """The numbers of the matchers that have a folded word."""
    return tuple(n for n, matcher in enumerate(_matchers()) if matcher.has(word, small=small, final=final))


@cache
def _openings() -> Mapping[str, tuple[int, ...]]:
    """The numbers of the matchers by the words that count where they open the content."""
    found: dict[str, tuple[int, ...]] = {}
    for number, matcher in enumerate(_matchers()):
        for word in matcher.firsts:
            found[word] = (*found.get(word, ()), number)
    return found


@cache
def _phrases() -> Mapping[str, tuple[tuple[tuple[str, ...], int], ...]]:
    """The phrases by their first words, each with the number of its matcher."""
    found: dict[str, tuple[tuple[tuple[str, ...], int], ...]] = {}
    for number, matcher in enumerate(_matchers()):
        for phrase in matcher.phrases:
            found[phrase[0]] = (*found.get(phrase[0], ()), (phrase, number))
    return found


def _pattern(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except re.error as error:
        raise DataError(f"{pattern!r} is no pattern ({error})", source=_WORDS) from None


@cache
def _weights() -> Mapping[str, _Weight]:
    table: dict[str, _Weight] = {}
    for row in read_table(_WEIGHTS):
        try:
            table[row["feature"]] = _Weight(float(row["weight"]), int(row["most"] or 1))
        except ValueError:
            raise DataError(f"the weight of {row['feature']} is no number", source=_WEIGHTS) from None
    missing = {"bias", "threshold"} - set(table)
    if missing:
        raise DataError(f"there is no {' and no '.join(sorted(missing))}", source=_WEIGHTS)
    return table


def _split(field: str) -> list[str]:
    return [word.strip() for word in field.split(",") if word.strip()]
