"""*„…“, so X*; *…, so X weiter*; *so der Bericht*: *so* and a speaker behind or inside the content.

108 of 109 *so*-frames of the Wikinews corpus stand behind or inside; *so* as a degree word is the false friend.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from quotes.constructions import content
from quotes.constructions.candidate import Candidate, Source
from quotes.constructions.channels import channels_in
from quotes.constructions.context import Context
from quotes.constructions.framed import cue_spans, region_spans
from quotes.constructions.roles import may_speak, phrase_source
from quotes.model import Sentence, Span

RULE = "so_frame"
_CLOSING = frozenset({",", ".", ":", ";", "!", "?"})
# Tokens in which the noun of the speaker must stand.
_LONGEST = 8
_ADDRESSING = frozenset({"zu", "zur", "zum", "gegenüber"})
_SKIPPED = frozenset({"auch", "etwa", "jedenfalls", "zumindest", "nun", "damals"})


def find(context: Context) -> Iterator[Candidate]:
    """One candidate for each *so* with a speaker behind it and no verb of its own."""
    for sentence in context.sentences:
        taken = sentence.start
        for token in sentence.tokens:
            if token.text not in ("so", "So") or context.is_quoted_token(sentence, token.index):
                continue
            candidate = _so(context, sentence, token.index, taken)
            if candidate is not None:
                taken = candidate.frame[-1].end
                yield candidate


def _so(context: Context, sentence: Sentence, so: int, taken: int) -> Candidate | None:
    text = context.text
    before = text[max(0, sentence.tokens[so].start - 3) : sentence.tokens[so].start].rstrip()
    if not before or before[-1] not in ",“”\"»«–-’‘'":
        return None
    head = _speaker(context, sentence, so)
    if head is None:
        return None
    source = phrase_source(context, sentence, head)
    source = replace(source, first=max(so + 1, source.first), last=_before_addressee(sentence, source))
    end = _frame_end(context, sentence, source.last)
    if end is None:
        return None
    if any(t.feats.get("VerbForm") == "Fin" for t in sentence.tokens[so : end + 1]):
        return None
    left = content.before_frame(context, sentence, so, taken)
    if left is None:
        return None
    spans = [left]
    rest = content.trim(text, Span(sentence.tokens[end].end, sentence.end), full_stop=True)
    if rest.start < rest.end and any(ch.isalnum() for ch in text[rest.start : rest.end]):
        quoted = next((q for q in context.outermost if q.outer.start == rest.start), None)
        cut_off = content.is_open(context, left, sentence.end) and content.settle(context, spans)[0] != "direct"
        verbless = not content.has_finite_verb(context, rest) and not content.inner_parts(context, [left])
        if cut_off or (quoted is None and verbless):
            spans.append(rest)
        elif quoted is not None and "," in text[sentence.tokens[end].end : rest.start]:
            spans.append(quoted.outer)
    if not content.has_finite_verb(context, left) and len(spans) == 1 and not content.inner_parts(context, spans):
        return None
    region = list(range(so, end + 1))
    return Candidate(
        rule=RULE,
        spans=tuple(spans),
        kind=content.settle(context, spans)[0],
        source=source,
        cue=cue_spans(sentence, [so]),
        frame=region_spans(sentence, region),
        channels=channels_in(context, sentence, region, without=source),
        mood=content.mood(context, spans),
        base=0.92,
        notes=("so with a speaker behind it",),
    )


def _speaker(context: Context, sentence: Sentence, so: int) -> int | None:
    """The head of the noun phrase right behind *so*."""
    at = so + 1
    while at < len(sentence.tokens) and sentence.tokens[at].text.lower() in _SKIPPED:
        at += 1
    if at >= len(sentence.tokens):
        return None
    while at + 1 < len(sentence.tokens) and sentence.tokens[at].upos == "PUNCT" and len(sentence.tokens[at].text) > 1:
        at += 1  # *verdi-* in *verdi-Chef*, which the parse calls punctuation
    opening = sentence.tokens[at]
    if opening.upos not in ("DET", "PROPN", "NOUN", "PRON", "NUM", "X") and not (
        opening.upos == "ADJ" and (opening.text[0].isupper() or opening.feats.get("Case") == "Nom")
    ):
        return None
    for index in range(at, min(at + _LONGEST, len(sentence.tokens))):
        token = sentence.tokens[index]
        if token.text.lower() in ("deren", "dessen"):
            continue  # *so deren Generalsekretär*
        if token.upos in ("NOUN", "PROPN", "PRON", "X"):
            if token.relation.startswith("nmod") and index < token.head <= at + _LONGEST:
                continue  # *so Ferbers Berater*
            if token.relation == "compound" and index + 1 < len(sentence.tokens):
                continue
            return index if may_speak(sentence, index, context.lexicon) or token.upos == "NOUN" else None
        if token.upos not in ("DET", "ADJ", "NUM", "ADV", "PUNCT"):
            return None
    return None


def _before_addressee(sentence: Sentence, source: Source) -> int:
    """The last token of the speaker: *so die Politikerin zu „Bild“*, *so ein Sprecher gegenüber der APA*."""
    told = (i for i in range(source.head + 1, source.last + 1) if sentence.tokens[i].text.lower() in _ADDRESSING)
    return next(told, source.last + 1) - 1


def _frame_end(context: Context, sentence: Sentence, last: int) -> int | None:
    """The last token before the punctuation that closes the frame; adverbs and times may follow the speaker."""
    end = last
    while end + 1 < len(sentence.tokens):
        token = sentence.tokens[end + 1]
        if token.upos == "PUNCT" or token.text in _CLOSING or context.is_quoted_token(sentence, end + 1):
            return end
        if token.upos in ("VERB", "AUX", "CCONJ", "SCONJ"):
            return None
        end += 1
    return end
