"""Quotations set off without marks: a paragraph behind a frame's colon, or before a line with name and role."""

from __future__ import annotations

from collections.abc import Iterator

from quotes.constructions import content
from quotes.constructions.candidate import Candidate, Source
from quotes.constructions.colon import label_source
from quotes.constructions.context import Context
from quotes.constructions.framed import framed, region_spans
from quotes.constructions.roles import source_of
from quotes.model import Span
from quotes.word_forms import fold

RULE = "block_quotation"
# Words of an attribution line (*Dmitri Peskow, Kreml-Sprecher*), and paragraphs of a quotation before it.
_LONGEST_LINE = 16
_LONGEST_BLOCK = 5
_FIRST_PERSON = frozenset({"ich", "wir", "mein", "meine", "unser", "unsere", "unseren", "mich", "mir", "uns"})


def find(context: Context) -> Iterator[Candidate]:
    """One candidate for each paragraph, or run of them, that a colon or an attribution line marks as quoted."""
    for number, paragraph in enumerate(context.paragraphs):
        last = number + 1 == len(context.paragraphs)
        if not last and context.text[paragraph.start : paragraph.end].rstrip().endswith(":"):
            candidate = _behind_colon(context, number)
            if candidate is not None:
                yield candidate
                continue
        line = attribution_line(context, number) if number > 0 else None
        if line is not None:
            candidate = _before_line(context, number, line)
            if candidate is not None:
                yield candidate


def attribution_line(context: Context, number: int) -> Source | None:
    """The speaker of a paragraph that is nothing but a name with a role behind a comma, or behind a dash."""
    sentences = context.sentences_in(number)
    if len(sentences) != 1:
        return None
    sentence = sentences[0]
    words = [t for t in sentence.tokens if t.upos != "PUNCT"]
    if not 2 <= len(words) <= _LONGEST_LINE or any(t.feats.get("VerbForm") == "Fin" for t in words):
        return None
    text = context.text[sentence.start : sentence.end]
    if text[-1] in ".!?:" or any(ch in text for ch in "|©@/"):
        return None
    name = 0
    while sentence.tokens[name].upos == "PUNCT":
        name += 1
    last = name
    while last + 1 < len(sentence.tokens) and _name_part(
        sentence.tokens[last + 1].text, sentence.tokens[last + 1].upos
    ):
        last += 1
    dashed = name > 0 and sentence.tokens[0].text in ("–", "-", "—")
    if not _name_part(sentence.tokens[name].text, sentence.tokens[name].upos):
        return None
    if last + 1 < len(sentence.tokens):
        follows = sentence.tokens[last + 1]
        if follows.text not in (",", "(", "–", "-", "|"):
            return None
        role = any(
            context.lexicon.role(t.lemma, t.text) or context.lexicon.organisation(t.lemma, t.text) or t.text.isupper()
            for t in sentence.tokens[last + 2 :]
            if t.upos in ("NOUN", "PROPN", "ADJ")
        )
        if not role:
            return None
    elif not (dashed and last > name):
        return None
    if last == name and fold(sentence.tokens[name].text) in context.lexicon.given_names and not dashed:
        return None
    return Source(sentence.index, name, name, len(sentence.tokens) - 1, "line")


def _name_part(form: str, upos: str) -> bool:
    return (
        upos in ("PROPN", "X")
        or form in ("von", "van", "de", "der", "al", "bin", "-")
        or form.endswith("-")
        or (form[:1].isupper() and upos == "NOUN" and len(form) > 1)
    )


def _behind_colon(context: Context, number: int) -> Candidate | None:
    """*Sie betonte weiter:* and then the quotation as a paragraph of its own, with an attribution line or none."""
    sentences = context.sentences_in(number)
    following = context.sentences_in(number + 1)
    if not sentences or not following:
        return None
    sentence = sentences[-1]
    end = number + 1
    line = None
    for ahead in range(number + 2, min(number + 2 + _LONGEST_BLOCK, len(context.paragraphs))):
        line = attribution_line(context, ahead)
        if line is not None:
            end = ahead - 1
            break
    block = Span(context.paragraphs[number + 1].start, context.paragraphs[end].end)
    if not content.has_finite_verb(context, block):
        return None
    quoted = next((q for q in context.outermost if q.outer.start == block.start), None)
    if quoted is not None and line is None:
        block = quoted.outer
    frames = [
        f for f in context.frames(sentence) if f.entry is not None and not context.is_quoted_token(sentence, f.verb)
    ]
    if frames:
        frame = frames[-1]
        source = source_of(context, frame)
        if source is not None or frame.impersonal or line is not None:
            region = [t.index for t in sentence.tokens if t.upos != "PUNCT"]
            return framed(context, frame, [block], region, rule=RULE, base=0.92, source=line or source, kind="direct")
    if line is None:
        region = list(range(len(sentence.tokens) - 1))
        label = label_source(context, sentence, region, quoted=True) if region else None
        if label is None or len(region) > 6:
            return None
        line = label
    return Candidate(
        rule=RULE,
        spans=(block,),
        kind="direct",
        source=line,
        frame=region_spans(context.sentences[line.sentence], range(line.first, line.last + 1)),
        medium="speech",
        mood=content.mood(context, [block]),
        base=0.85,
        notes=("paragraph behind a colon",),
    )


def _before_line(context: Context, number: int, line: Source) -> Candidate | None:
    """A paragraph and then name and role, without a colon before: a pull quote, if it reads like speech."""
    before = number - 1
    if before > 0 and context.text[: context.paragraphs[before - 1].end].endswith(":"):
        return None  # found from its colon
    block = context.paragraphs[before]
    quoted = context.quoted_within(block)
    whole = any(q.outer.end >= block.end - 1 and q.outer.start <= block.start + 1 for q in quoted)
    if not content.has_finite_verb(context, block):
        return None
    if not whole and not _reads_like_speech(context, before):
        return None
    sentence = context.sentences[line.sentence]
    return Candidate(
        rule=RULE,
        spans=(block,),
        kind="direct",
        source=line,
        frame=region_spans(sentence, range(line.first, line.last + 1)),
        medium="speech",
        mood=content.mood(context, [block]),
        base=0.8 if whole else 0.65,
        notes=("paragraph before an attribution line",),
    )


def _reads_like_speech(context: Context, number: int) -> bool:
    """First person outside quotation marks: reporters do not say *ich* and *wir*."""
    return any(
        t.text.lower() in _FIRST_PERSON and t.feats.get("Person", "1") in ("1", "2")
        for s in context.sentences_in(number)
        for t in s.tokens
    )
