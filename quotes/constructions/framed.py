"""A candidate from a verb frame and its raw content: the same steps for every construction with a verb."""

from __future__ import annotations

from collections.abc import Sequence

from quotes import tree
from quotes.constructions import content
from quotes.constructions.addressees import addressee_of
from quotes.constructions.candidate import Candidate, Source
from quotes.constructions.channels import channels_in
from quotes.constructions.context import Context
from quotes.constructions.frame import Frame
from quotes.constructions.roles import citing_channel, may_speak
from quotes.model import Sentence, Span
from quotes.tables import word_set
from quotes.word_forms import fold

# *wurden angewiesen, … zu …*, *wird beschuldigt, … zu haben*: whoever is told or accused, somebody said so.
_URGING = frozenset({"demand", "advise", "criticise", "claim", "ask"})
# *demnach*, *danach*: through what was named before (*sagte Putin demnach*).
_ANAPHORIC = frozenset({"demnach", "danach", "demzufolge"})


def region_spans(sentence: Sentence, indices: Sequence[int]) -> tuple[Span, ...]:
    """The code points of tokens, joined to runs."""
    spans: list[Span] = []
    previous = -2
    for index in sorted(indices):
        token = sentence.tokens[index]
        if index == previous + 1:
            spans[-1] = Span(spans[-1].start, token.end)
        else:
            spans.append(tree.span_of(sentence, index, index))
        previous = index
    return tuple(spans)


def cue_spans(sentence: Sentence, indices: Sequence[int]) -> tuple[Span, ...]:
    """One span a cue word, in text order."""
    return tuple(sorted({tree.span_of(sentence, i, i) for i in indices}))


def is_reported(frame: Frame) -> bool:
    """Whether the frame is itself reported or supposed (*Er habe gesagt, …*; *Beide hätten vereinbart, …*).

    Then its sentence is the content, and the frame of that content stands elsewhere. *möchte* is no Konjunktiv here.
    """
    if tree.subordinator(frame.sentence, frame.verb) is not None or frame.finite is None:
        return False
    mood = tree.mood_of(frame.sentence, frame.verb)
    form = frame.sentence.tokens[frame.finite].text.lower()
    return mood == "konjunktiv_1" or (
        mood == "konjunktiv_2" and form in ("hätte", "hätten", "würde", "würden", "wäre", "wären")
    )


def can_attribute(context: Context, frame: Frame, source: Source | None, spans: Sequence[Span]) -> bool:
    """Whether a frame attributes this clause: by the verb, or by marks and Konjunktiv where the verb leaves it open.

    A strong verb always does, a medium one with someone who can speak, a weak or unknown one only when the content
    is in marks or in the Konjunktiv I besides. Mood is evidence, never a condition, for verbs that are known.
    """
    if is_reported(frame) or _is_author(context, source):
        return False
    entry = frame.entry
    if frame.impersonal:
        heisst = entry is not None and entry.lemma == "heißen" and not frame.passive
        return heisst or (entry is not None and entry.strength == "strong")
    speaks = source is not None and may_speak(context.sentences[source.sentence], source.head, context.lexicon)
    if entry is not None and entry.strength == "strong":
        # Whoever is the subject of *sagen* speaks; only a noun of speech does not (*die Befürchtung bestätigt, …*).
        return speaks or source is None or not _is_speech_noun(context, source)
    if frame.passive and source is None:
        mood = content.mood(context, spans)
        if entry is None or entry.strength != "medium":
            return False
        urged = mood == "none" and entry.takes("inf") and entry.kind in _URGING
        return urged or (entry.takes("clause") and mood == "konjunktiv_1")
    evident = bool(content.inner_parts(context, spans)) or content.mood(context, spans) == "konjunktiv_1"
    if entry is not None and entry.strength == "medium":
        return speaks or (source is None and evident)
    return speaks and evident


def _is_author(context: Context, source: Source | None) -> bool:
    """*Ich glaube, dass …* outside marks is the author's own voice, and nobody's quotation."""
    if source is None or source.first != source.last:
        return False
    return context.sentences[source.sentence].tokens[source.head].text.lower() in ("ich", "wir")


def _is_speech_noun(context: Context, source: Source) -> bool:
    token = context.sentences[source.sentence].tokens[source.head]
    return token.upos == "NOUN" and context.lexicon.noun(token.lemma, token.text) is not None


def _polarity(frame: Frame, kind: str, spans: Sequence[Span]) -> str:
    """Who denies in their own words affirms these words: *X dementierte: „Kein Thema.“* is X's own statement."""
    entry, said = frame.entry, frame.polarity
    negation = tree.negation_of(frame.sentence, frame.verb)
    if negation is not None and any(s.start <= frame.sentence.tokens[negation].start < s.end for s in spans):
        said = entry.polarity if entry is not None else "affirmed"  # *„Mit mir nicht“, sagte X*
    if entry is None and said == "denied":
        return "affirmed"  # *wollte sich nicht beteiligen: „Wir nehmen den Punkt mit.“*: what is negated is no saying
    denies = entry is not None and entry.polarity == "denied" and said == "denied"
    # *„Wo waren die Sirenen?“, fragt sie*: the question mark is hers, not the reporter's.
    asks = said == "questioned" and tree.subordinator(frame.sentence, frame.verb) is None
    return "affirmed" if kind == "direct" and (denies or asks) else said


def _goes_on(sentence: Sentence, region: Sequence[int]) -> bool:
    """*hieß es weiter*, *hieß es zudem*: from the same source as what was said before."""
    return any(sentence.tokens[i].text.lower() in word_set("going_on") for i in region)


def framed(
    context: Context,
    frame: Frame,
    spans: Sequence[Span],
    region: Sequence[int],
    *,
    rule: str,
    base: float,
    source: Source | None,
    kind: str | None = None,
) -> Candidate:
    """Fill the roles of a frame whose content and extent are known.

    Args:
        context: the article.
        frame: the verb frame.
        spans: raw content, code points.
        region: token indices of the frame, without the content.
        rule: the construction's name.
        base: the confidence it starts from.
        source: the speaker, if the frame names one.
        kind: overrides what the marks say.
    """
    sentence = frame.sentence
    entry = frame.entry
    cue = list(frame.cue)
    if frame.impersonal and entry is not None and fold(entry.lemma) == "heissen":
        cue += [
            i
            for i in (frame.verb - 1, frame.verb + 1)
            if 0 <= i < len(sentence.tokens) and sentence.tokens[i].text.lower() == "es"
        ]
    found = kind or content.settle(context, spans)[0]
    return Candidate(
        rule=rule,
        spans=tuple(spans),
        kind=found,
        source=source,
        carries=source is None and frame.impersonal and _goes_on(sentence, region),
        cue=cue_spans(sentence, cue),
        frame=region_spans(sentence, [i for i in region if sentence.tokens[i].upos != "PUNCT"]),
        addressee=tuple(a for a in addressee_of(context, frame, source) if not any(a.overlaps(s) for s in spans)),
        channels=citing_channel(context, frame) or channels_in(context, sentence, region, without=source),
        anaphoric_channel=any(sentence.tokens[i].text.lower() in _ANAPHORIC for i in region),
        medium=entry.medium if entry else "unknown",
        polarity=_polarity(frame, found, spans),
        mood=content.mood(context, spans),
        base=base,
        notes=(f"verb {entry.lemma} ({entry.kind}, {entry.strength})" if entry else "verb unknown to the lexicon",),
    )
