"""Content whose source was named before: *Das teilte die Polizei mit*, *Demnach …*, *Gerüchte, wonach …*."""

from __future__ import annotations

from collections.abc import Iterator

from quotes.constructions import content
from quotes.constructions.candidate import Candidate, Source
from quotes.constructions.context import Context
from quotes.constructions.frame import Frame, subject_right_of
from quotes.constructions.framed import cue_spans, framed, is_reported
from quotes.constructions.roles import may_speak, owner_of_speech, phrase_source, source_of
from quotes.lexicon import Noun
from quotes.model import Sentence, Span

RULE = "anaphoric"
_POINTERS = frozenset({"das", "dies", "dieses"})
_RELATIVES = frozenset({"denen", "der", "dem", "welcher", "welchem", "welchen"})
# What opens a clause that still belongs to the one before its comma.
_GOING_ON = frozenset({"und", "der", "die", "das", "weil", "um", "da", "wenn"})


def find(context: Context) -> Iterator[Candidate]:
    """One candidate for each sentence that points back to its source or to its content."""
    for sentence in context.sentences:
        yield from _pointing_back(context, sentence)
        yield from _pointing_left(context, sentence)
        yield from _demnach(context, sentence)
        yield from _wonach(context, sentence)


def _pointing_back(context: Context, sentence: Sentence) -> Iterator[Candidate]:
    """*Das teilte X mit*: a short sentence that only says whose statement the one before is."""
    if len(sentence.tokens) < 4 or sentence.tokens[0].text.lower() not in _POINTERS or sentence.index == 0:
        return
    frame = next((f for f in context.frames(sentence) if f.first == 1), None)
    if frame is None or not _points(context, frame):
        return
    source = _teller(context, frame)
    if source is None:
        return
    before = context.sentences[sentence.index - 1]
    if sentence.paragraph - before.paragraph > 1:
        return
    region = list(range(1, len(sentence.tokens)))
    quoted = next((q for q in context.outermost if q.outer.covers(Span(before.end - 1, before.end))), None)
    span = quoted.outer if quoted is not None else content.trim(context.text, before.span, full_stop=True)
    if quoted is None and not content.has_finite_verb(context, before.span):
        return
    yield framed(context, frame, [span], region, rule=RULE, base=0.8, source=source)


def _pointing_left(context: Context, sentence: Sentence) -> Iterator[Candidate]:
    """*…, das teilte X mit*; *… – das jedenfalls meint X*: the pointer stands behind its content's comma or dash."""
    for frame in context.frames(sentence):
        pointer = frame.first - 1
        while pointer > 2 and sentence.tokens[pointer].upos == "ADV":
            pointer -= 1
        if pointer < 3 or sentence.tokens[pointer].text not in _POINTERS:
            continue
        mark = sentence.tokens[pointer - 1]
        if mark.text not in (",", "–", "-", ";", "—") or context.is_quoted_token(sentence, frame.first):
            continue
        source = _teller(context, frame) if _points(context, frame) else None
        span = content.trim(context.text, Span(sentence.start, mark.start))
        if source is None or source.first < pointer or not content.has_finite_verb(context, span):
            continue
        region = list(range(pointer + 1, len(sentence.tokens)))
        yield framed(context, frame, [span], region, rule=RULE, base=0.8, source=source)


def _points(context: Context, frame: Frame) -> bool:
    """Whether the frame's verb says something, and its sentence holds no content of its own."""
    sentence, entry = frame.sentence, frame.entry
    if entry is None or frame.finite is None or entry.strength == "weak" or is_reported(frame):
        return False
    if not entry.takes("clause", "direct") or frame.polarity != "affirmed" or frame.modal is not None:
        return False
    rest = [t for t in sentence.tokens if t.index > frame.first]
    return not any(t.text == ":" for t in rest) and not _has_content(context, sentence, rest[0].start if rest else 0)


def _teller(context: Context, frame: Frame) -> Source | None:
    """Who says so: the subject behind the verb, the agent of a passive, the document of *geht aus … hervor*."""
    sentence = frame.sentence
    if frame.passive or frame.impersonal:
        return source_of(context, frame)
    subject = frame.subject
    if subject is None or subject < frame.first or not may_speak(sentence, subject, context.lexicon):
        subject = subject_right_of(sentence, frame.verb, frame.first)
    if subject is None or not may_speak(sentence, subject, context.lexicon):
        return None
    return phrase_source(context, sentence, subject)


def _has_content(context: Context, sentence: Sentence, start: int) -> bool:
    """A quotation of more than a name behind the frame's verb is its own content."""
    rest = Span(start, sentence.end)
    return any(len(context.text[p.start : p.end].split()) > 3 for p in content.inner_parts(context, [rest]))


def _demnach(context: Context, sentence: Sentence) -> Iterator[Candidate]:
    """*Demnach …* at the head of a sentence: the report, paper or speaker of the sentence before says so.

    *Danach* is mostly temporal and needs a document in the sentence before.
    """
    word = sentence.tokens[0]
    if word.text not in ("Demnach", "Danach"):
        inside = next((t for t in sentence.tokens if t.text.lower() == "demnach"), None)
        if inside is None or (inside.index > 0 and not _told_before(context, sentence)):
            return  # *demnach* as *therefore*
        word = inside
    if context.is_quoted_token(sentence, word.index) or len(sentence.tokens) < 4:
        return
    document = _document_before(context, sentence)
    if word.text == "Danach" and document is None:
        return
    text = context.text
    spans = [
        content.trim(text, Span(sentence.start, word.start)),
        content.trim(text, Span(word.end, sentence.end), full_stop=True),
    ]
    spans = [s for s in spans if s.start < s.end]
    if not any(content.has_finite_verb(context, s) for s in spans):
        return
    kind = content.settle(context, spans)[0]
    if kind == "direct":
        return
    yield Candidate(
        rule=RULE,
        spans=tuple(spans),
        kind=kind,
        source=document,
        carries=document is None,
        cue=cue_spans(sentence, [word.index]),
        mood=content.mood(context, spans),
        base=0.8 if document is None else 0.75,
        notes=(f"{word.text} points to the source before",),
    )


def _told_before(context: Context, sentence: Sentence) -> bool:
    """Whether the sentence before has a cue: without one, *demnach* draws a conclusion."""
    if sentence.index == 0:
        return False
    before = context.sentences[sentence.index - 1]
    return any(f.entry is not None and f.entry.strength == "strong" for f in context.frames(before))


def _document_before(context: Context, sentence: Sentence) -> Source | None:
    """A document or its author in the sentence before (*legte ihren Abschlussbericht vor*)."""
    if sentence.index == 0:
        return None
    before = context.sentences[sentence.index - 1]
    if sentence.paragraph - before.paragraph > 1:
        return None
    for token in reversed(before.tokens):
        noun = context.lexicon.noun(token.lemma, token.text) if token.upos == "NOUN" else None
        if noun is not None and "document" in noun.uses and token.relation in ("obj", "nsubj", "obl", "root"):
            owner = owner_of_speech(context, before, token.index)
            if owner is not None and owner.how != "possessive":
                return owner
            return phrase_source(context, before, token.index)
    return None


def _wonach(context: Context, sentence: Sentence) -> Iterator[Candidate]:
    """*Berichte, wonach …*, *Studien, nach denen …*, *Angaben, denen zufolge …*: what the noun before says."""
    for token in sentence.tokens:
        opening = _relative_source(sentence, token.index)
        if opening is None or token.index < 2 or context.is_quoted_token(sentence, token.index):
            continue
        if sentence.tokens[token.index - 1].text != ",":
            continue
        found = _noun_of_speech_before(context, sentence, token.index)
        if found is None:
            continue
        noun, speech = found
        end = _clause_end(sentence, opening)
        span = content.trim(context.text, Span(sentence.tokens[opening].end, sentence.tokens[end].end), full_stop=True)
        if span.start >= span.end or not content.has_finite_verb(context, span):
            continue
        owner = owner_of_speech(context, sentence, noun)
        if owner is None and "document" in speech.uses:
            owner = phrase_source(context, sentence, noun)
        yield Candidate(
            rule=RULE,
            spans=(span,),
            kind=content.settle(context, [span])[0],
            source=owner,
            cue=cue_spans(sentence, list(range(token.index, opening + 1))),
            medium=speech.medium or "unknown",
            mood=content.mood(context, [span]),
            base=0.8,
            notes=(f"{token.text} behind a noun of speech",),
        )


def _relative_source(sentence: Sentence, at: int) -> int | None:
    """The last token of *wonach*, *nach denen*, *nach welcher*, *denen zufolge* that begins at ``at``."""
    word = sentence.tokens[at].text.lower()
    if word == "wonach":
        return at
    follows = sentence.tokens[at + 1].text.lower() if at + 1 < len(sentence.tokens) else ""
    if (word == "nach" and follows in _RELATIVES) or (word in _RELATIVES and follows == "zufolge"):
        return at + 1
    return None


def _noun_of_speech_before(context: Context, sentence: Sentence, at: int) -> tuple[int, Noun] | None:
    """The nearest noun of speech before a relative clause; the rest of its noun phrase or a verb may stand between."""
    for index in range(at - 2, max(-1, at - 16), -1):
        token = sentence.tokens[index]
        noun = context.lexicon.noun(token.lemma, token.text) if token.upos == "NOUN" else None
        if noun is not None:
            return index, noun
    return None


def _clause_end(sentence: Sentence, first: int) -> int:
    """The last token of the verb-final clause that begins at ``first``: its finite verb, or the sentence's end."""
    for index in range(first + 1, len(sentence.tokens) - 1):
        token = sentence.tokens[index]
        if token.feats.get("VerbForm") == "Fin" and sentence.tokens[index + 1].text in (",", ".", ";", "–", "-"):
            follows = sentence.tokens[index + 2].text.lower() if index + 2 < len(sentence.tokens) else ""
            if sentence.tokens[index + 1].text != "," or follows not in _GOING_ON:
                return index
    return len(sentence.tokens) - 1
