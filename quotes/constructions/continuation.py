"""What carries no frame of its own: marks that stand alone, and sentences that go on in the Konjunktiv.

The speaker is that of the row before; 77.6 % of unframed sentences stand in the Konjunktiv I, and their speaker
nearly always in the sentence before (Wikinews counts; Brunner 2015 on independent Konjunktiv clauses).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence, Set
from dataclasses import replace

from quotes import tree
from quotes.constructions import content, reported_act
from quotes.constructions.candidate import Candidate, Source
from quotes.constructions.claimed import Claims, claims
from quotes.constructions.context import Context
from quotes.constructions.echoes import is_heading, repeated
from quotes.constructions.framed import is_reported
from quotes.constructions.roles import may_speak, phrase_source, source_of
from quotes.marks import Quoted
from quotes.model import Sentence, Span, Token
from quotes.tables import word_set
from quotes.word_forms import fold

DIRECT = "continued_marks"
INDIRECT = "continued_konjunktiv"
# The year of a plan.
_YEAR = re.compile(r"20\d\d")
# *Es sei denn*, *sei es*, *so sei gesagt*, *man nehme*: Konjunktiv I that reports nothing.
_FIXED = (("es", "sei", "denn"), ("sei", "es"), ("wie", "dem", "auch", "sei"), ("man", "nehme"), ("es", "lebe"))
# A plural in the Konjunktiv II stands in for a Konjunktiv I that would look like the indicative (Duden-Grammatik).
_REPLACING = frozenset(
    {"hätten", "würden", "müssten", "könnten", "dürften", "sollten", "wollten", "bräuchten", "kämen"}
)

# Words of a quotation in a headline.
_SHORTEST_HEADLINE = 3


def find_marks(context: Context, settled: Sequence[Candidate]) -> Iterator[Candidate]:
    """Quoted sentences that stand alone: no frame before, in or behind them."""
    claimed = claims(context, settled)
    by_end = sorted(settled, key=lambda c: c.span.end)
    ends = [c.span.end for c in by_end]
    for quoted in context.outermost:
        if _is_taken(context, claimed, quoted):
            continue
        if not _stands_alone(context, quoted):
            continue
        earlier = bisect_right(ends, quoted.outer.start)
        before = by_end[earlier - 1] if earlier else None
        echoed = repeated(context, settled, quoted)
        source = _announced(context, settled, quoted) or (echoed.source if echoed is not None else None)
        near = before is not None and context.paragraphs_between(before.span.end, quoted.outer.start) <= 1
        yield Candidate(
            rule=DIRECT,
            spans=(quoted.outer,),
            kind="direct",
            source=source,
            carries=near and source is None and echoed is None,
            echoes=echoed.span if echoed is not None and source is None else None,
            medium=before.medium if near and before is not None and source is None else "speech",
            mood=content.mood(context, [quoted.outer]),
            base=0.8 if near else 0.55,
            notes=("a sentence in marks without a frame",),
        )


def _is_taken(context: Context, claimed: Claims, quoted: Quoted) -> bool:
    return any(
        span.overlaps(quoted.outer)
        for sentence in context.sentences_over(quoted.outer)
        for candidate in claimed.get(sentence.index, ())
        for span in candidate.spans
    )


def _announced(context: Context, settled: Sequence[Candidate], quoted: Quoted) -> Source | None:
    """*Der Sänger schwärmt von seiner Freundin. „Sie ist mein Anker!“*: the cue stands in the sentence before."""
    sentence = context.sentence_at(quoted.outer.start)
    if sentence is None or sentence.index == 0:
        return None
    before = context.sentences[sentence.index - 1]
    if before.paragraph != sentence.paragraph or context.in_marks(before.end - 1):
        return None
    if any(c.rule not in reported_act.ACTS and _touches(c, before.span) for c in settled):
        return None
    for frame in context.frames(before):
        told = frame.entry is not None and frame.entry.kind not in ("know", "perceive")
        if before.tokens[frame.verb].head >= 0 or frame.passive or is_reported(frame):
            continue
        source = source_of(context, frame)
        if source is None or before.tokens[source.head].feats.get("Number") == "Plur":
            continue
        if told and may_speak(before, source.head, context.lexicon):
            return source
        if _introduces(context, before, source) and not _is_spoken_of(context, quoted, before.tokens[source.head]):
            return source
    return None


def _is_spoken_of(context: Context, quoted: Quoted, token: Token) -> bool:
    """*Ihr Mann Thorsten wich nicht von ihrer Seite. „Er hat jeden Abend gesungen.“*: not his own words."""
    gender = token.feats.get("Gender")
    for _, word in context.tokens_in(quoted.inner):
        if word.relation != "nsubj" or word.upos == "PUNCT":
            continue
        # The first subject decides: *sie* of one woman, not of several.
        if word.upos != "PRON" or word.feats.get("Number") == "Plur":
            return False
        return {"er": "Masc", "sie": "Fem"}.get(word.text.lower()) == gender
    return False


def _introduces(context: Context, sentence: Sentence, source: Source) -> bool:
    """*Treuhänder Pius Ammann schüttelt den Kopf. „…“*: somebody by role and name, whatever is told of the gesture."""
    role = any(
        context.lexicon.role(t.lemma, t.text) is not None for t in sentence.tokens[source.first : source.last + 1]
    )
    named = sum(t.upos == "PROPN" for t in sentence.tokens[source.first : source.last + 1])
    head = sentence.tokens[source.head]
    if source.first == source.last and head.upos in ("PRON", "DET") and head.text.lower() in ("der", "die"):
        return True  # *Und Ida? Die winkt ab. „…“*
    return sentence.tokens[source.head].upos in ("NOUN", "PROPN") and named > 0 and (role or named > 1)


def _touches(candidate: Candidate, span: Span) -> bool:
    return any(s.overlaps(span) for s in candidate.spans)


def _fills(context: Context, paragraph: Span, quoted: Quoted) -> bool:
    """Whether the marks are all of a paragraph, or all behind its topic (*Prozess in Augsburg: „…“*)."""
    topic = context.text[paragraph.start : quoted.outer.start].rstrip()
    return paragraph.end == quoted.outer.end and (not topic or topic.endswith(":"))


def _stands_alone(context: Context, quoted: Quoted) -> bool:
    """A whole sentence or more inside the marks, and nothing of its sentences outside them."""
    text = context.text
    inside = text[quoted.inner.start : quoted.inner.end].strip()
    if len(inside.split()) < 2:
        return False
    ends = inside[-1] in ".!?…" or text[quoted.outer.end : quoted.outer.end + 1] in (".", "!", "?")
    paragraph = next((p for p in context.paragraphs if p.start <= quoted.outer.start < p.end), None)
    headline = paragraph is not None and len(inside.split()) > 3 and _fills(context, paragraph, quoted)
    if is_heading(context, quoted) and len(inside.split()) >= _SHORTEST_HEADLINE:
        return True
    if not (ends or headline) or not content.has_finite_verb(context, quoted.inner):
        return False
    sentence = context.sentence_at(quoted.outer.start)
    last = context.sentence_at(quoted.outer.end - 1)
    if sentence is None or last is None:
        return False
    lead = text[sentence.start : quoted.outer.start] if sentence.start < quoted.outer.start else ""
    tail = text[quoted.outer.end : last.end] if last.end > quoted.outer.end else ""
    lead = lead[lead.rfind("“") + 1 :] if "“" in lead else lead
    if lead.rstrip().endswith(":") and len(inside.split()) > 3:
        lead = ""  # *Die Pflichten seien klar: „…“*: no frame, but announced
    return not any(ch.isalnum() for ch in lead + tail)


def find_konjunktiv(context: Context, settled: Sequence[Candidate]) -> Iterator[Candidate]:
    """Sentences whose main clause stands in the Konjunktiv I (or its replacement) outside every found row."""
    carried: Candidate | None = None
    claimed = claims(context, settled)
    surnames = {t.text for s in context.sentences for t in s.tokens if t.upos == "PROPN" and t.relation == "flat"}
    for sentence in context.sentences:
        here = claimed.get(sentence.index, ())
        span = content.trim(context.text, _before_colon(context, here, sentence), full_stop=True)
        own = [c for c in here if any(s.overlaps(span) for s in (*c.spans, *c.frame))]
        if own:
            carried = own[-1]
            continue
        near = carried is not None and context.paragraphs_between(carried.span.end, span.start) <= 1
        verb = _konjunktiv_verb(context, sentence, near=near)
        if verb is None and carried is not None and _follows(context, carried, sentence):
            verb = _sollen_verb(context, sentence)
        if verb is None:
            if carried is not None and context.paragraphs_between(carried.span.end, span.start) > 0:
                carried = None
            continue
        source = _spoken_of(context, settled, sentence, surnames)
        if near and source is not None and not _takes_over(context, carried, source):
            source = None
        found = Candidate(
            rule=INDIRECT,
            spans=(span,),
            kind="free_indirect",
            source=source,
            carries=near and source is None,
            medium=carried.medium if near and carried is not None else "unknown",
            mood=tree.mood_of(sentence, verb),
            base=0.85 if near else 0.6,
            notes=("Konjunktiv without a frame",),
        )
        yield found
        carried = found if near or source is not None else None


def _takes_over(context: Context, carried: Candidate | None, source: Source) -> bool:
    """*„…“, sagte der Trainer. Ob X bleibt, ließ Sportdirektorin Anke Holm offen. Es gebe Gespräche.*

    Whether the one spoken of, by role and name, stands behind what was carried on: then the next words are theirs.
    """
    sentence = context.sentences[source.sentence]
    if carried is None or carried.span.end > sentence.start:
        return False
    return _introduces(context, sentence, source) or _shows_attitude(context, sentence, source)


def _shows_attitude(context: Context, sentence: Sentence, source: Source) -> bool:
    """*Der Staatsanwalt zeigte sich unbeeindruckt.*"""
    verb = sentence.tokens[source.head].head
    if verb < 0 or not word_set("attitude_verbs") & set(
        context.lexicon.bases(sentence.tokens[verb].lemma, sentence.tokens[verb].text)
    ):
        return False
    beside = [sentence.tokens[child] for child in sentence.children[verb]]
    return any(t.text.lower() == "sich" for t in beside) and any(t.upos == "ADJ" for t in beside)


def _spoken_of(context: Context, settled: Sequence[Candidate], sentence: Sentence, surnames: Set[str]) -> Source | None:
    """*Kämmerer Brinkhoff erinnerte an die Lage. Die Vorgaben seien klar.* The subject of the sentence before speaks.

    Only a person or body that is the subject of the main clause, in the reporter's own words and the same paragraph.
    ``surnames``: what stands behind another name somewhere in the article.
    """
    if sentence.index == 0:
        return None
    before = context.sentences[sentence.index - 1]
    if before.paragraph != sentence.paragraph or context.in_marks(before.end - 1) or context.in_marks(before.start):
        return None
    root = next(t.index for t in before.tokens if t.head < 0)
    subject = next((f.subject for f in context.frames(before) if f.verb == root), tree.subject_of(before, root))
    if subject is None or any(_touches(c, before.span) for c in settled):
        return None
    if before.tokens[subject].text.lower() in ("einer", "eine", "eines"):
        # *Einer der beiden, der Student Emre Kaplan, winkte ab.*
        subject = next(iter(tree.children(before, subject, "appos")), subject)
    token, lexicon = before.tokens[subject], context.lexicon
    pronoun = token.upos == "PRON" and token.text.lower() in ("er", "sie")
    called = lexicon.role(token.lemma, token.text) or lexicon.organisation(token.lemma, token.text)
    body = fold(token.text) in lexicon.channels or lexicon.office_body(token.text) or token.text.isupper()
    full = token.text in surnames or tree.children(before, subject, "flat", "appos")
    named = token.upos == "PROPN" and bool(body or full)
    if not (pronoun or called or named):
        return None
    return replace(phrase_source(context, before, subject), how="before")


def _before_colon(context: Context, settled: Sequence[Candidate], sentence: Sentence) -> Span:
    """The sentence, or its part before a colon behind which marks without a frame stand."""
    for candidate in settled:
        lead = Span(sentence.start, candidate.span.start)
        inside = candidate.rule == DIRECT and sentence.start < candidate.span.start < sentence.end
        if inside and context.text[slice(*lead)].rstrip().endswith(":"):
            return lead
    return sentence.span


def _follows(context: Context, carried: Candidate, sentence: Sentence) -> bool:
    """Whether the sentence stands right behind the attributed one, in the same paragraph."""
    if sentence.index == 0:
        return False
    before = context.sentences[sentence.index - 1]
    return before.paragraph == sentence.paragraph and carried.span.end > before.start


def _sollen_verb(context: Context, sentence: Sentence) -> int | None:
    """The main verb if *soll* or *sollen* governs it: behind an attributed sentence it goes on with what was said.

    94.7 % of the unframed *free indirect* sentences of the Wikinews corpus have *soll(en)*.
    """
    verb = next(t.index for t in sentence.tokens if t.head < 0)
    finite = tree.finite_of(sentence, verb)
    if finite is None or finite == 0 or context.is_quoted_token(sentence, finite):
        return None
    if tree.mood_of(sentence, verb) != "sollen" or sentence.tokens[-1].text in ("?", "!"):
        return None
    words = {t.text.lower() for t in sentence.tokens}
    # A plan with its date is the reporter's own knowledge (*Der Prozess soll im September beginnen*).
    dates = word_set("calendar_names") | word_set("future_words") | word_set("seasons")
    dated = any(word in dates or _YEAR.fullmatch(word) for word in words)
    return None if dated or words & word_set("reporters_voice") else verb


def _konjunktiv_verb(context: Context, sentence: Sentence, *, near: bool) -> int | None:
    """The main verb if it stands in the Konjunktiv of reported speech."""
    words = [t.text.lower() for t in sentence.tokens if t.upos != "PUNCT"]
    if any(tuple(words[i : i + len(f)]) == f for f in _FIXED for i in range(len(words))):
        return None
    asked = words[:1] == ["ob"] and sentence.tokens[-1].text == "?"  # *Ob er wiederkomme?*: the reporter asks
    if sentence.tokens[-1].text == "!" or asked or len(words) < 3:
        return None
    verb: int | None = next(t.index for t in sentence.tokens if t.head < 0)
    finite = None if verb is None else tree.finite_of(sentence, verb)
    if finite is None:
        finite = verb = _second_place(sentence)
    if finite is None or verb is None or context.is_quoted_token(sentence, finite):
        return None
    mood = tree.mood_of(sentence, verb)
    token = sentence.tokens[finite]
    condition = words[0] in ("wenn", "falls", "sollte", "sollten")
    if finite == 0 or condition:
        # *Sei er doch …*, *Wenn …, wäre*: wishes and conditions of the reporter's own.
        return verb if condition and mood == "konjunktiv_1" else None
    own_voice = word_set("reporters_voice")
    if any(t.text.lower() in own_voice and not context.is_quoted_token(sentence, t.index) for t in sentence.tokens):
        return None
    if mood == "konjunktiv_1":
        subject = words[0] == "wer" or tree.subject_of(sentence, verb) is not None  # *Wer so fahre, nehme …*
        if token.text.lower() not in word_set("konjunktiv_1") and not subject:
            return None  # an imperative (*Unterstütze uns*)
        return None if token.feats.get("Person") == "1" or words[0] == "möge" else verb
    form = token.text.lower()
    strong = (
        form in _REPLACING or form in word_set("strong_konjunktiv_2") or (near and form not in word_set("konjunktiv_2"))
    )
    if mood == "konjunktiv_2" and strong and token.feats.get("Number", "Plur") == "Plur":
        conditional = any(t.text.lower() in ("wenn", "falls", "sonst", "andernfalls") for t in sentence.tokens)
        modal = form in ("könnten", "dürften", "sollten", "müssten", "wollten")
        return None if conditional or modal else verb
    return None


def _second_place(sentence: Sentence) -> int | None:
    """*Nötig seien mehr Polizisten*: a Konjunktiv I in second place, though the parse has another word as the head."""
    for token in sentence.tokens:
        if token.upos == "SCONJ" or token.text in (",", ":", "(", "–"):
            return None
        if token.feats.get("VerbForm") == "Fin":
            return token.index if token.index and token.text.lower() in word_set("konjunktiv_1") else None
    return None
