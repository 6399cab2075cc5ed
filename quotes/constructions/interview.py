"""Interviews: a label with a colon opens each turn, and the label holds over the paragraphs of its turn.

Turns that end in a question mark, and labels that mean a question or a paper, are the interviewer's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quotes.constructions import content
from quotes.constructions.candidate import Candidate, Source
from quotes.constructions.context import Context
from quotes.constructions.framed import region_spans
from quotes.model import Span, Token
from quotes.tables import word_set
from quotes.word_forms import fold

RULE = "interview"
_QUESTION_LABELS = frozenset({"frage", "question", "redaktion", "interviewer", "reporter", "reporterin", "f"})
_ANSWER_LABELS = frozenset({"antwort", "a"})
_FIRST_PERSON = frozenset("ich wir mich mir uns mein meine meinen unser unsere unseren".split())
_FEWEST_TURNS = 2
_FEWEST_QUESTIONS = 2
_UNLABELLED = ""
_POLITE = frozenset({"Sie", "Ihnen", "Ihr", "Ihre", "Ihrem", "Ihren", "Ihrer"})
_LONGEST_LABEL = 5


@dataclass(frozen=True, slots=True)
class _Turn:
    label: str
    paragraphs: tuple[int, ...]
    start: int
    tokens: tuple[int, ...]


def find(context: Context) -> Iterator[Candidate]:
    """One candidate for each answer, in each run of turns of two or more voices in which somebody asks."""
    labelled = [c for turns in _runs(list(_turns(context))) for c in _answers(context, turns)]
    yield from labelled or _unlabelled(context)


def _unlabelled(context: Context) -> Iterator[Candidate]:
    """Questions and answers in turn, without labels: at least two questions that address somebody as *Sie*.

    The speaker is the one whom a question calls by name (*Frau Suter, …?*); without that nobody is named.
    """
    numbers = range(len(context.paragraphs) - 1)
    questions = [n for n in numbers if _is_addressed_question(context, n) and not _ends_in(context, n + 1, "?")]
    if len(questions) < _FEWEST_QUESTIONS:
        return
    called = next((c for n in questions if (c := _called(context, n)) is not None), None)
    for number in questions:
        last = number + 1
        while last + 1 < len(context.paragraphs) and last + 1 not in questions and _in_first_person(context, last + 1):
            last += 1
        paragraph = context.paragraphs[number + 1]
        span = content.trim(context.text, Span(paragraph.start, context.paragraphs[last].end))
        if any(q.outer.covers(paragraph) for q in context.outermost):
            continue
        yield Candidate(
            rule=RULE,
            spans=(span,),
            kind="direct",
            source=called,
            medium="speech",
            mood=content.mood(context, [span]),
            base=0.75,
            notes=("answer to a question that stands as a paragraph",),
        )


def _ends_in(context: Context, number: int, mark: str) -> bool:
    paragraph = context.paragraphs[number]
    return context.text[paragraph.start : paragraph.end].rstrip().endswith(mark)


def _is_addressed_question(context: Context, number: int) -> bool:
    if not _ends_in(context, number, "?") or len(context.sentences_in(number)) > 3:
        return False
    tokens = [t for s in context.sentences_in(number) for t in s.tokens]
    return addresses(tokens) and not context.in_marks(tokens[0].start)


def addresses(tokens: Sequence[Token]) -> bool:
    """Whether the words call somebody *Sie*: not a reporter's words to the reader, but a question or an answer."""
    return any(t.text in _POLITE for t in tokens[1:])


def _called(context: Context, number: int) -> Source | None:
    """The name behind *Frau* or *Herr* at the head of a question."""
    for sentence in context.sentences_in(number):
        for token in sentence.tokens[:-2]:
            behind = sentence.tokens[token.index + 1]
            if token.text in ("Frau", "Herr") and behind.text[:1].isupper() and behind.upos in ("PROPN", "NOUN"):
                return Source(sentence.index, behind.index, behind.index, behind.index, "line")
    return None


def _runs(turns: list[_Turn]) -> Iterator[list[_Turn]]:
    """Turns that follow each other without a paragraph between them."""
    run: list[_Turn] = []
    for turn in turns:
        if run and turn.paragraphs[0] != run[-1].paragraphs[-1] + 1:
            yield run
            run = []
        run.append(turn)
    if run:
        yield run


def _answers(context: Context, turns: list[_Turn]) -> Iterator[Candidate]:
    voices = Counter(t.label for t in turns)
    asked = any(context.text[: context.paragraphs[t.paragraphs[-1]].end].endswith("?") for t in turns)
    if len(turns) < _FEWEST_TURNS or len(voices) < 2 or not asked:
        return
    asking = {label for label in voices if _asks(context, [t for t in turns if t.label == label])}
    questions = [n for t in turns if t.label in asking for n in t.paragraphs]
    called = next((c for n in questions if (c := _called(context, n)) is not None), None)
    for turn in turns:
        if turn.label in asking:
            continue
        span = content.trim(context.text, Span(turn.start, context.paragraphs[turn.paragraphs[-1]].end))
        if span.start >= span.end:
            continue
        sentence = context.sentences_in(turn.paragraphs[0])[0]
        named = fold(turn.label) not in _ANSWER_LABELS
        source = Source(sentence.index, turn.tokens[-1], turn.tokens[0], turn.tokens[-1], "line") if named else called
        yield Candidate(
            rule=RULE,
            spans=(span,),
            kind="direct",
            source=source,
            frame=region_spans(sentence, turn.tokens),
            medium="speech",
            mood=content.mood(context, [span]),
            base=0.9 if named else 0.7,
            notes=(f"turn labelled {turn.label!r}",),
        )


def _turns(context: Context) -> Iterator[_Turn]:
    labels = {number: _label(context, number) for number in range(len(context.paragraphs))}
    current: _Turn | None = None
    for number in range(len(context.paragraphs)):
        opened = labels[number]
        if opened is None and _is_question(context, number, labels):
            opened = _Turn(_UNLABELLED, (number,), context.paragraphs[number].start, ())
        if opened is not None:
            if current is not None:
                yield current
            current = opened
        elif (
            current is not None
            and _continues(context, number)
            and (any(labels[n] for n in range(number + 1, len(labels))) or _in_first_person(context, number))
        ):
            current = _Turn(current.label, (*current.paragraphs, number), current.start, current.tokens)
        elif current is not None:
            yield current
            current = None
    if current is not None:
        yield current


def _is_question(context: Context, number: int, labels: dict[int, _Turn | None]) -> bool:
    """An unlabelled paragraph right before a labelled one, short or with a question mark: the interviewer's turn."""
    following = labels.get(number + 1)
    if following is None:
        return False
    paragraph = context.paragraphs[number]
    text = context.text[paragraph.start : paragraph.end].rstrip()
    return text.endswith("?") or (text.endswith(".") and len(context.sentences_in(number)) == 1 and len(text) < 100)


def _label(context: Context, number: int) -> _Turn | None:
    sentences = context.sentences_in(number)
    if not sentences:
        return None
    sentence = sentences[0]
    for token in sentence.tokens[: _LONGEST_LABEL + 2]:
        glued = token.text.endswith(":") and len(token.text) > 1  # *F:* may be one token
        if token.text == ":" or glued:
            before = sentence.tokens[: token.index + glued]
            remark = next((t.index for t in before if t.text == "("), len(before))  # *Harmsen (lacht):*
            words = [t for t in before[:remark] if t.upos != "PUNCT" or t.index == token.index]
            if not words or any(t.upos in ("VERB", "AUX", "ADP", "SCONJ", "CCONJ") for t in words):
                return None
            behind = context.text[token.end : context.paragraphs[number].end].strip()
            if not behind or behind[0] in '„»«"“':
                return None
            label = context.text[words[0].start : words[-1].end].rstrip(":")
            if fold(words[0].text.rstrip(":")) in word_set("credit_labels"):
                return None
            return _Turn(label, (number,), token.end, tuple(range(words[0].index, words[-1].index + 1)))
        if token.text in (".", ",", "?", "!"):
            return None
    return None


def _continues(context: Context, number: int) -> bool:
    """An answer goes on over paragraphs that end like prose; a heading or a note ends it."""
    paragraph = context.paragraphs[number]
    return bool(context.sentences_in(number)) and context.text[: paragraph.end].rstrip()[-1:] in '.!…“”"»'


def _in_first_person(context: Context, number: int) -> bool:
    """Behind the last label only what speaks of *ich* and *wir* still belongs to the answer."""
    return any(t.text.lower() in _FIRST_PERSON for s in context.sentences_in(number) for t in s.tokens)


def _asks(context: Context, turns: list[_Turn]) -> bool:
    label = fold(turns[0].label)
    if label == _UNLABELLED or label in _QUESTION_LABELS or label in context.lexicon.channels:
        return True
    if label in _ANSWER_LABELS:
        return False
    questions = sum(_ends_in(context, turn.paragraphs[-1], "?") for turn in turns)
    return questions * 2 > len(turns)
