"""A content read into words, clauses and sentences: what matching and guards look at.

All places are code points into the text that was read, half-open.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from quotes.folding import fold
from quotes.statements.numbers import WINDOW, amount_of, number_at, one_of
from quotes.statements.vocabulary import Vocabulary, root, vocabulary

# A letter and a hyphen belong to the word behind them (E-Mail, U-Boot); blanks part the thousands of one number.
_TOKEN = re.compile(
    r"\b[^\W\d_]-[^\W\d_]+|\d{1,3}(?:[ \u00a0\u202f]\d{3})+\b|\d+(?:[.,:]\d+)*|[^\W_]+|[.!?…]+|[,;:()–—]|%"
)
# A dot behind one of these ends no sentence.
_INNER_DOT = re.compile(
    r"(?:\b(?:Dr|Prof|St|Nr|Mio|Mrd|Fr|Abs|Art|bzw|ca|usw|etc|vgl|evtl|inkl|Jan|Feb|Aug|Sept|Okt|Nov|Dez)|\b\w|\b\d{1,3})$"
)
# What a word counts for in a content: a name or number more than a noun, a noun more than the rest. Long words are rare
# ones: each letter above _COMMON adds _RARE, up to _RAREST. Set on the dev part of fixtures/statements/pairs.jsonl.
WEIGHTS = {"number": 1.3, "country": 1.2, "noun": 1.0, "other": 0.8, "light": 0.4, "empty": 0.0}
_COMMON, _RARE, _RAREST = 8, 0.06, 0.5
# Sie, Ihnen, Ihre.
_ADDRESS = ("sie", "ih")
# Words of the longest name of a country's seat.
_NAME = 3


@dataclass(frozen=True, slots=True)
class Word:
    """One word.

    Attributes:
        text: folded. key: its root; of a country's name, capital or adjective the country.
        kind: number, country, noun (written with a capital), other, light (says little), empty (nothing by itself).
        start, end: its place. clause, sentence: their numbers in the text, from 0.
        first: whether it opens its sentence. capital: whether it is written with a capital.
        value: of a number, else empty. amount: of a number with a unit, in the base unit.
        before: the folded word before it in its clause, or empty.
    """

    text: str
    key: str
    kind: str
    start: int
    end: int
    clause: int
    sentence: int
    first: bool
    capital: bool
    before: str
    value: str = ""
    amount: str = ""

    @property
    def noun(self) -> bool:
        """Whether it is written as a noun: with a capital that does not open a sentence."""
        return self.capital and not self.first

    @property
    def root(self) -> tuple[str, bool]:
        """Its root, and whether it is written as a noun: *Fehler* is not *fehlen*."""
        return self.key, self.noun

    @property
    def weight(self) -> float:
        """What it counts for."""
        weight = WEIGHTS[self.kind]
        if self.kind not in ("noun", "other"):
            return weight
        return weight + min(_RAREST, max(0, len(self.text) - _COMMON) * _RARE)


@dataclass(frozen=True, slots=True)
class Reading:
    """A text read.

    Attributes:
        words: all words in their order. content: those that are not empty.
        questions: the sentences that end in a question mark.
    """

    text: str
    words: tuple[Word, ...]
    content: tuple[Word, ...]
    questions: frozenset[int]

    @property
    def weight(self) -> float:
        """What all content words count for."""
        return sum(w.weight for w in self.content)

    def sentences(self) -> tuple[tuple[Word, ...], ...]:
        """The content words of each sentence that has some."""
        found: dict[int, list[Word]] = {}
        for word in self.content:
            found.setdefault(word.sentence, []).append(word)
        return tuple(tuple(group) for _, group in sorted(found.items()))

    def clause(self, number: int) -> list[Word]:
        """The words of a clause."""
        return [w for w in self.words if w.clause == number]


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    start: int
    end: int


def read(text: str, gaps: Sequence[tuple[int, int]] = ()) -> Reading:
    """Read a text; ``gaps`` are places that are no part of it (the frame inside an interrupted quotation)."""
    tokens = [t for t in _tokens(text) if not any(s < t.end and t.start < e for s, e in gaps)]
    questions: set[int] = set()
    words = list(_words(text, tokens, questions))
    words = list(_with_particles(_rejoined(words, vocabulary()), vocabulary()))
    return Reading(text, tuple(words), tuple(w for w in words if w.kind != "empty"), frozenset(questions))


def _words(text: str, tokens: Sequence[_Token], questions: set[int]) -> Iterator[Word]:
    known = vocabulary()
    clause = sentence = 0
    first = True
    before = ""
    at = 0
    while at < len(tokens):
        token = tokens[at]
        folded = fold(token.text).replace("-", "")
        if not folded[:1].isalnum() and folded != "%":
            if _ends_sentence(text, tokens, at):
                if "?" in token.text:
                    questions.add(sentence)
                sentence, clause, before, first = sentence + 1, clause + 1, "", True
            elif token.text != ".":
                clause, before = clause + 1, ""
            at += 1
            continue
        following = fold(tokens[at + 1].text) if at + 1 < len(tokens) else ""
        if folded in known.openings.get("joining", ()) and following in known.negators and not first:
            clause, before = clause + 1, ""
        country, taken = _country(tokens[at : at + _NAME], known)
        number = None if country else number_at([t.text for t in tokens[at : at + WINDOW]])
        taken = number.tokens if number else max(taken, 1)
        plain = Word(
            folded, "", "other", token.start, tokens[at + taken - 1].end, clause, sentence, first,
            token.text[:1].isupper(), before,
        )  # fmt: skip
        if country:
            yield replace(plain, key=country, kind="country")
        elif number:
            yield _number(plain, number.value, text, tokens, at + taken)
        else:
            yield from _plain_words(plain, known)
        first, before = False, fold(tokens[at + taken - 1].text)
        at += taken


def _number(word: Word, value: str, text: str, tokens: Sequence[_Token], behind: int) -> Word:
    unit = fold(tokens[behind].text) if behind < len(tokens) else ""
    if unit == "." and value.isdigit() and not _ends_sentence(text, tokens, behind):
        value += "."
    if word.before.startswith("jede"):
        value = one_of(value) or value
    return replace(word, text=value, key=value, kind="number", value=value, amount=amount_of(value, root(unit)))


def _plain_words(word: Word, known: Vocabulary) -> Iterator[Word]:
    """The word, or the words that it abbreviates."""
    for part in known.long.get(word.text, (word.text,)) if word.capital else (word.text,):
        key = root(part)
        # A noun may look like an empty word (des Falls), but not like a form of address.
        empty = part in known.empty or part in known.negators or part in known.modals or len(part) == 1
        if empty and (not word.noun or part.startswith(_ADDRESS)):
            kind = "empty"
        elif (key, word.noun) in known.light:
            kind = "light"
        else:
            kind = "noun" if word.noun else "other"
        yield replace(word, text=part, key=key, kind=kind)


def _country(tokens: Sequence[_Token], known: Vocabulary) -> tuple[str, int]:
    """The country that is named or meant by the first tokens, and how many they are."""
    for count in range(len(tokens), 0, -1):
        texts = [t.text for t in tokens[:count]]
        name = any(t[:1].isupper() for t in texts) or (count == 1 and "isch" in texts[0])
        if name and all(t[:1].isalpha() for t in texts):
            folded = [fold(t) for t in texts]
            country = known.countries.get(tuple(map(root, folded)), "")
            if not country and folded[-1].endswith("s"):
                country = known.countries.get(tuple(map(root, (*folded[:-1], folded[-1][:-1]))), "")
            if country and (count > 1 or len(texts[0]) > 1):
                return country, count
    return "", 0


def _tokens(text: str) -> Iterator[_Token]:
    for match in _TOKEN.finditer(text):
        yield _Token(match[0], match.start(), match.end())


def _ends_sentence(text: str, tokens: Sequence[_Token], at: int) -> bool:
    token = tokens[at]
    if token.text[0] not in ".!?…":
        return False
    if at + 1 == len(tokens) or token.text[0] != ".":
        return True
    if tokens[at + 1].start == token.end or not tokens[at + 1].text[:1].isupper():
        return False
    return not _INNER_DOT.search(text[: token.start])


def _rejoined(words: Sequence[Word], known: Vocabulary) -> list[Word]:
    """Clauses that an insertion has parted joined again (*hat alle Bilder, die …, zurückgegeben*)."""
    clauses: dict[int, list[Word]] = {}
    for word in words:
        clauses.setdefault(word.clause, []).append(word)
    joined: dict[int, int] = {}
    for number, own in clauses.items():
        wanted = _waits_for(own, known)
        if wanted is None:
            continue
        for later, others in clauses.items():
            finite = any(w.text in known.tenses or w.text in known.modals for w in others)
            if later > number + 1 and others[0].sentence == own[0].sentence and not finite and wanted(others, known):
                joined[later] = number
                break
    return [replace(w, clause=joined.get(w.clause, w.clause)) for w in words]


def _waits_for(words: Sequence[Word], known: Vocabulary) -> Callable[[Sequence[Word], Vocabulary], bool] | None:
    classes = {known.tenses.get(w.text, "") for w in words}
    if "perfect" in classes and not has_participle(words, known):
        return has_participle
    if "future" in classes and not (has_infinitive(words, known) or has_participle(words, known)):
        return has_infinitive
    return None


def has_participle(words: Sequence[Word], known: Vocabulary) -> bool:
    """Whether a clause has a past participle."""
    return any(is_participle(w, known) for w in words)


def has_infinitive(words: Sequence[Word], known: Vocabulary) -> bool:
    """Whether a clause has an infinitive or what looks like one."""
    return any(w.kind in ("other", "light") and w.text.endswith("n") and not is_participle(w, known) for w in words)


def is_participle(word: Word, known: Vocabulary) -> bool:
    """Whether a word is a past participle by its form: *gesagt, angenommen, verworfen, saniert*."""
    if word.kind not in ("other", "light") or word.noun:
        return False
    text = word.text
    bare = next((text[len(p) :] for p in known.prefixes if text.startswith(p) and len(text) > len(p) + 3), text)
    if text.endswith("t"):
        return text.startswith("ge") or bare != text or text.endswith("iert")
    if not text.endswith("n"):
        return False
    if text.startswith("ge") or bare.startswith("ge"):
        return text in known.verbs or bare in known.verbs
    return bare != text and "ge" + bare in known.verbs


def _with_particles(words: Sequence[Word], known: Vocabulary) -> Iterator[Word]:
    """A particle at the end of a clause joined to the first verb of the clause (nimmt … an: annehm)."""
    last: dict[int, int] = {}
    for at, word in enumerate(words):
        last[word.clause] = at
    taken: dict[int, str] = {}
    gone: set[int] = set()
    for clause, end in last.items():
        particle = words[end]
        if particle.text not in known.particles or particle.capital:
            continue
        verb = next((i for i in range(end) if words[i].clause == clause and _may_be_verb(words[i], known)), None)
        if verb is not None:
            taken[verb] = particle.text
            gone.add(end)
    for at, word in enumerate(words):
        if at in taken:
            text, key = taken[at] + word.text, taken[at] + word.key
            yield replace(word, text=text, key=key, kind="light" if (key, False) in known.light else "other")
        elif at in gone:
            yield replace(word, kind="empty")
        else:
            yield word


def _may_be_verb(word: Word, known: Vocabulary) -> bool:
    if word.kind not in ("other", "light") or word.noun:
        return False
    return word.text in known.verbs or word.text.endswith(("t", "te", "ten", "e", "en"))
