"""Content behind a colon: *X sagte: „…“*, *X: „…“*, the headline *Kim: Russland wird …*, *Kreml bestätigt: …*."""

from __future__ import annotations

from collections.abc import Iterator

from quotes import tree
from quotes.constructions import content
from quotes.constructions.candidate import Candidate, Source
from quotes.constructions.channels import channels_in
from quotes.constructions.context import Context
from quotes.constructions.frame import Frame
from quotes.constructions.framed import framed, is_reported, region_spans
from quotes.constructions.roles import may_speak, phrase_source, source_of
from quotes.model import Sentence, Span
from quotes.tables import word_set
from quotes.word_forms import fold

RULE = "colon"
LABEL = "colon_label"
# What a speaker's label may have behind the name: *US-Minister zu Drohnen*, *Kanzlerin nach Gipfel*.
_LABEL_PREPOSITIONS = frozenset({"zu", "über", "nach", "vor", "in", "an", "im", "aus", "von", "zum", "zur"})
# Paragraphs at the head of an article that may be headlines.
_HEADLINES = 2
# Words per unquoted headline behind a label; longer paragraphs with a colon are lists or prose.
_LONGEST_HEADLINE = 25


def find(context: Context) -> Iterator[Candidate]:
    """One candidate for each colon that has a frame or a speaker's label before it and content behind it."""
    for sentence in context.sentences:
        for token in sentence.tokens:
            if token.text == ":" or (token.text.endswith(":") and len(token.text) > 1 and token.upos != "PUNCT"):
                if context.in_marks(token.start):
                    continue
                candidate = _at_colon(context, sentence, token.index)
                if candidate is not None:
                    yield candidate
                break


def _at_colon(context: Context, sentence: Sentence, colon: int) -> Candidate | None:
    text = context.text
    behind = sentence.tokens[colon].end
    paragraph = context.paragraphs[sentence.paragraph]
    follows = None
    if behind >= sentence.end and sentence.index + 1 < len(context.sentences):
        # the sentence splitter may stop at a colon
        follows = context.sentences[sentence.index + 1]
    if follows is not None and follows.paragraph != sentence.paragraph:
        follows = None
    stop = sentence.end if follows is None else follows.end
    start = behind
    while start < paragraph.end and text[start] in " \n":
        start += 1
    if start >= paragraph.end:
        return None  # a block quotation, if anything
    quoted = next((q for q in context.outermost if q.outer.start == start), None)
    if quoted is not None:
        spans = [quoted.outer]
        rest = content.trim(text, Span(quoted.outer.end, max(sentence.end, quoted.outer.end)), full_stop=True)
        goes_on = rest.start < rest.end and text[rest.start].islower()
        if goes_on and not text[quoted.outer.end : rest.start].strip().startswith(","):
            spans = [Span(quoted.outer.start, rest.end)]
    else:
        spans = [content.trim(text, Span(start, max(stop, start)), full_stop=True)]
    region = list(range(_clause_start(context, sentence, colon), colon))
    own = _has_own_frame(context, sentence, colon) or (follows is not None and _has_own_frame(context, follows, -1))
    if quoted is None and own:
        return None
    frame = _frame_before(context, sentence, colon, quoted is not None)
    if frame is not None:
        source = source_of(context, frame, until=colon)
        if source is None and not frame.impersonal and frame.entry is None:
            return None
        if quoted is None and not _unquoted_content(context, frame, spans[0], source):
            return None
        known = frame.entry is not None
        return framed(context, frame, spans, region, rule=RULE, base=0.93 if known and quoted else 0.7, source=source)
    if quoted is not None and (source := _in_a_state(context, sentence, colon)) is not None:
        return _without_cue(context, sentence, region, spans, source, base=0.7, note="whose state the colon explains")
    return _label(context, sentence, region, spans, quoted=quoted is not None)


def _has_own_frame(context: Context, sentence: Sentence, colon: int) -> bool:
    """*Das Ministerium weist das zurück: Man habe Zahlen, hieß es*: what is behind the colon names its speaker."""
    return any(
        frame.first > max(colon, 0)
        and frame.finite is not None
        and sentence.tokens[frame.first - 1].text == ","
        and frame.entry is not None
        and frame.entry.takes("clause", "direct")
        and (frame.impersonal or (frame.subject is not None and frame.subject > frame.first))
        and tree.subordinator(sentence, frame.verb) is None
        for frame in context.frames(sentence)
    )


def _in_a_state(context: Context, sentence: Sentence, colon: int) -> Source | None:
    """*Feuerwehrsprecher Kern ist beeindruckt: „…“*: a person of whom a noun or adjective is said."""
    for token in sentence.tokens[:colon]:
        if token.relation != "nsubj" or not 0 <= token.head < colon or context.is_quoted_token(sentence, token.index):
            continue
        copulas = tree.children(sentence, token.head, "cop")
        finite = any(sentence.tokens[c].feats.get("VerbForm") == "Fin" for c in copulas)
        person = token.upos == "PROPN" or context.lexicon.role(token.lemma, token.text) is not None
        main = sentence.tokens[token.head].relation in ("root", "conj", "parataxis")
        if finite and main and person and may_speak(sentence, token.index, context.lexicon):
            return phrase_source(context, sentence, token.index, until=colon)
    return None


def _clause_start(context: Context, sentence: Sentence, colon: int) -> int:
    """The frame begins behind an earlier quotation in the same sentence (*„…“, sagte X und fügte hinzu: „…“*)."""
    first = 0
    for quoted in context.outermost:
        if sentence.start <= quoted.outer.start and quoted.outer.end <= sentence.tokens[colon].start:
            after = [t.index for t in sentence.tokens if t.start >= quoted.outer.end]
            if after and context.text[quoted.outer.end] == ",":
                first = after[0]
    while first < colon and sentence.tokens[first].upos == "PUNCT":
        first += 1
    return first


def _frame_before(context: Context, sentence: Sentence, colon: int, quoted: bool) -> Frame | None:
    """The frame that the colon closes: the last cue verb before it, or any main verb before a quotation."""
    frames = [
        f
        for f in context.frames(sentence)
        if not is_reported(f)
        and f.first < colon
        and f.verb < colon
        and not context.is_quoted_token(sentence, f.verb)
        and tree.subordinator(sentence, f.verb) in (None, "dass")
    ]
    cues = [
        f for f in frames if f.entry is not None and f.entry.takes("direct", "clause", "w", "np", "fragment", "inf")
    ]
    if cues:
        return cues[-1]
    if not quoted:
        return None
    mains = [
        f
        for f in frames
        if f.finite is not None and f.subject is not None and may_speak(sentence, f.subject, context.lexicon)
    ]
    return mains[-1] if mains else None


def _unquoted_content(context: Context, frame: Frame, span: Span, source: Source | None) -> bool:
    """Without marks a colon may open a list or an explanation: it takes a cue verb and a clause with a finite verb."""
    if frame.entry is None or not content.has_finite_verb(context, span):
        return False
    if frame.entry.strength == "strong" and frame.entry.takes("clause", "direct"):
        return source is not None or frame.impersonal
    return content.mood(context, [span]) in ("konjunktiv_1", "konjunktiv_2")


def _label(
    context: Context, sentence: Sentence, region: list[int], spans: list[Span], *, quoted: bool
) -> Candidate | None:
    if not region or any(sentence.tokens[i].feats.get("VerbForm") == "Fin" for i in region) or len(region) > 14:
        return None
    if any(sentence.tokens[i].text in (".", ";", "?", "!") for i in region):
        return None
    source = label_source(context, sentence, region, quoted=quoted)
    if source is None:
        return None
    if not quoted:
        words = context.text[spans[0].start : spans[0].end].split()
        head_only = len(context.sentences_in(sentence.paragraph)) == 1
        told = content.has_finite_verb(context, spans[0]) or _is_person_label(context, sentence, source)
        if len(words) > _LONGEST_HEADLINE or not head_only or not told:
            return None
    base = 0.88 if quoted else 0.75
    return _without_cue(
        context, sentence, region, spans, source, rule=LABEL, base=base, note="speaker's label before a colon"
    )


def _without_cue(
    context: Context,
    sentence: Sentence,
    region: list[int],
    spans: list[Span],
    source: Source,
    *,
    base: float,
    note: str,
    rule: str = RULE,
) -> Candidate:
    kind, _, _ = content.settle(context, spans)
    return Candidate(
        rule=rule,
        spans=tuple(spans),
        kind=kind,
        source=source,
        frame=region_spans(sentence, region),
        channels=channels_in(context, sentence, region, without=source),
        mood=content.mood(context, spans),
        base=base,
        notes=(note,),
    )


def label_source(context: Context, sentence: Sentence, region: list[int], *, quoted: bool) -> Source | None:
    """The speaker in a label, if the label is a name or a role, alone or with a topic behind a preposition.

    A bare place is a dateline unless the content stands in marks (*Washington: „…“*).
    """
    while region and not sentence.tokens[region[0]].text[:1].isalpha():
        region = region[1:]  # the marks and the time of a live ticker (*+++ 14:10 Bahn: …*)
    if not region:
        return None
    first = region[0]
    cut = next(
        (
            i
            for i in region
            if sentence.tokens[i].text.lower() in _LABEL_PREPOSITIONS and sentence.tokens[i].upos == "ADP"
        ),
        region[-1] + 1,
    )
    last = cut - 1
    if last < first or sentence.tokens[first].upos in ("ADP", "ADV", "CCONJ", "SCONJ", "NUM", "VERB"):
        return None
    inside = range(first, last + 1)
    heads = [i for i in inside if sentence.tokens[i].head not in inside]
    nominal = [i for i in inside if sentence.tokens[i].upos in ("NOUN", "PROPN")]
    if not nominal:
        return None
    head = next((i for i in heads if i in nominal), nominal[0])
    token = sentence.tokens[head]
    if not may_speak(sentence, head, context.lexicon) or _begins_a_topic(context, sentence, head):
        return None
    lexicon = context.lexicon
    if (
        token.upos == "NOUN"
        and lexicon.role(token.lemma, token.text) is None
        and lexicon.organisation(token.lemma, token.text) is None
    ):
        noun = lexicon.noun(token.lemma, token.text)
        if noun is None or "document" not in noun.uses:
            return None
    is_place = (
        len(inside) == 1 and fold(token.text) not in lexicon.metonyms and lexicon.country_of(token.text) is not None
    )
    if is_place and not quoted:
        return None
    if not quoted and any(sentence.tokens[i].upos == "ADP" for i in inside):
        return None
    if not quoted and fold(token.text).endswith(tuple(word_set("competitions"))):
        return None
    if (
        not quoted
        and token.upos == "PROPN"
        and not _known_person(context, sentence, head)
        and not _is_metonym(context, token.text)
    ):
        return None
    return Source(sentence.index, head, first, last, "line")


def _begins_a_topic(context: Context, sentence: Sentence, head: int) -> bool:
    """*Bayern-Aus in Leverkusen: „…“*: the name is the first part of a word that means nobody."""
    last = tree.word_end(sentence, head)
    end = sentence.tokens[last]
    return last > head and end.upos != "PROPN" and context.lexicon.role(end.lemma, end.text) is None


def _is_person_label(context: Context, sentence: Sentence, source: Source) -> bool:
    """*Holm: Mehr Geld ab Oktober*: a headline without a verb takes a person of the article as its label."""
    return sentence.paragraph < _HEADLINES and _known_person(context, sentence, source.head)


def _is_metonym(context: Context, word: str) -> bool:
    return context.lexicon.metonyms.get(fold(word)) == "organisation"


def _known_person(context: Context, sentence: Sentence, head: int) -> bool:
    """A proper noun before a colon is a speaker if the article has it elsewhere as a name in running text."""
    word = sentence.tokens[head].text
    if fold(word) in context.lexicon.given_names:
        return True
    for other in context.sentences:
        if other.index == sentence.index:
            continue
        for token in other.tokens:
            if (
                token.upos == "PROPN"
                and token.text.removesuffix("s") == word
                and _person_like(context, other, token.index)
            ):
                return True
    return False


def _person_like(context: Context, sentence: Sentence, index: int) -> bool:
    lexicon = context.lexicon
    before = sentence.tokens[index - 1] if index else None
    behind = sentence.tokens[index + 1] if index + 1 < len(sentence.tokens) else None
    if before is not None and (
        fold(before.text) in lexicon.given_names
        or lexicon.role(before.lemma, before.text)
        or fold(before.text) in lexicon.titles
    ):
        return True
    return fold(sentence.tokens[index].text) in lexicon.family_first and behind is not None and behind.upos == "PROPN"
