"""Content whose source was named before: *Das teilte die Polizei mit*, *Demnach …*, *Gerüchte, wonach …*."""

from __future__ import annotations

from collections.abc import Iterator

from quotes.constructions import content
from quotes.constructions.candidate import Candidate, Source
from quotes.constructions.context import Context
from quotes.constructions.frame import subject_right_of
from quotes.constructions.framed import cue_spans, framed
from quotes.constructions.roles import may_speak, owner_of_speech, phrase_source
from quotes.model import Sentence, Span

RULE = "anaphoric"
_POINTERS = frozenset({"das", "dies", "dieses"})
# What opens a clause that still belongs to the one before its comma.
_GOING_ON = frozenset({"und", "der", "die", "das", "weil", "um", "da", "wenn"})


def find(context: Context) -> Iterator[Candidate]:
    """One candidate for each sentence that points back to its source or to its content."""
    for sentence in context.sentences:
        yield from _pointing_back(context, sentence)
        yield from _demnach(context, sentence)
        yield from _wonach(context, sentence)


def _pointing_back(context: Context, sentence: Sentence) -> Iterator[Candidate]:
    """*Das teilte X mit*: a short sentence that only says whose statement the one before is."""
    if len(sentence.tokens) < 4 or sentence.tokens[0].text.lower() not in _POINTERS or sentence.index == 0:
        return
    frame = next((f for f in context.frames(sentence) if f.first == 1), None)
    if frame is None or frame.entry is None or frame.finite is None or frame.passive:
        return
    if frame.entry.strength == "weak" or not frame.entry.takes("clause", "np") or frame.entry.takes("as"):
        return
    if any(t.text == ":" for t in sentence.tokens) or _has_content(context, sentence):
        return
    subject = subject_right_of(sentence, frame.verb, frame.first)
    if subject is None or not may_speak(sentence, subject, context.lexicon):
        return
    before = context.sentences[sentence.index - 1]
    if sentence.paragraph - before.paragraph > 1:
        return
    source = phrase_source(context, sentence, subject)
    region = list(range(1, len(sentence.tokens)))
    quoted = next((q for q in context.outermost if q.outer.covers(Span(before.end - 1, before.end))), None)
    span = quoted.outer if quoted is not None else content.trim(context.text, before.span, full_stop=True)
    if quoted is None and not content.has_finite_verb(context, before.span):
        return
    yield framed(context, frame, [span], region, rule=RULE, base=0.8, source=source)


def _has_content(context: Context, sentence: Sentence) -> bool:
    """A quotation of more than a name inside the sentence is its own content."""
    return any(len(context.text[p.start : p.end].split()) > 3 for p in content.inner_parts(context, [sentence.span]))


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
    """*Berichte, wonach …*, *Angaben, denen zufolge …*: the clause is what the noun before says."""
    for token in sentence.tokens:
        if token.text.lower() != "wonach" or token.index < 2 or context.is_quoted_token(sentence, token.index):
            continue
        if sentence.tokens[token.index - 1].text != ",":
            continue
        noun = token.index - 2
        while noun > 0 and context.lexicon.noun(sentence.tokens[noun].lemma, sentence.tokens[noun].text) is None:
            noun -= 1
            if token.index - noun > 12:
                break
        speech = context.lexicon.noun(sentence.tokens[noun].lemma, sentence.tokens[noun].text)
        if speech is None or sentence.tokens[noun].upos != "NOUN":
            continue
        end = _clause_end(sentence, token.index)
        span = content.trim(context.text, Span(token.end, sentence.tokens[end].end), full_stop=True)
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
            cue=cue_spans(sentence, [token.index]),
            medium=speech.medium or "unknown",
            mood=content.mood(context, [span]),
            base=0.8,
            notes=("wonach behind a noun of speech",),
        )


def _clause_end(sentence: Sentence, first: int) -> int:
    """The last token of the verb-final clause that begins at ``first``: its finite verb, or the sentence's end."""
    for index in range(first + 1, len(sentence.tokens) - 1):
        token = sentence.tokens[index]
        if token.feats.get("VerbForm") == "Fin" and sentence.tokens[index + 1].text in (",", ".", ";", "–", "-"):
            follows = sentence.tokens[index + 2].text.lower() if index + 2 < len(sentence.tokens) else ""
            if sentence.tokens[index + 1].text != "," or follows not in _GOING_ON:
                return index
    return len(sentence.tokens) - 1
