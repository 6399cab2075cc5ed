"""Source phrases: *laut X*, *nach Angaben von X*, *X zufolge*, *eigenen Angaben nach*, *aus Sicht X*.

The content is the host clause without the phrase. Where the host clause is itself a frame with content
(*X sagte laut Y, …*), the phrase names the channel of that quotation instead.
Grammar: Smailagić on *laut/zufolge/gemäß*.
"""

from __future__ import annotations

from collections.abc import Iterator

from quotes import tree
from quotes.constructions import content
from quotes.constructions.candidate import Candidate
from quotes.constructions.context import Context
from quotes.constructions.framed import cue_spans, region_spans
from quotes.constructions.source_words import Phrase, phrases_in
from quotes.model import Sentence, Span

RULE = "source_phrase"


def find(context: Context) -> Iterator[Candidate]:
    """One candidate for each host clause of a source phrase."""
    for sentence in context.sentences:
        phrases = list(phrases_in(context, sentence))
        for phrase in phrases:
            if context.is_quoted_token(sentence, phrase.cue[0]):
                continue
            spans = _host(context, phrase, phrases)
            if not spans:
                continue
            kind = content.settle(context, spans)[0]
            yield Candidate(
                rule=RULE,
                spans=tuple(spans),
                kind="mixed" if kind == "direct" and len(spans) == 1 else kind,
                source=phrase.source,
                cue=cue_spans(sentence, phrase.cue),
                frame=region_spans(sentence, phrase.tokens),
                medium=_medium(context, phrase),
                mood=content.mood(context, spans),
                base=0.85,
                notes=("source phrase " + " ".join(sentence.tokens[i].text for i in phrase.tokens),),
            )


def _medium(context: Context, phrase: Phrase) -> str:
    for index in phrase.tokens:
        noun = context.lexicon.noun(phrase.sentence.tokens[index].lemma, phrase.sentence.tokens[index].text)
        if noun is not None and noun.medium:
            return noun.medium
    return "unknown"


def _host(context: Context, phrase: Phrase, phrases: list[Phrase]) -> list[Span]:
    """The content spans around a phrase, without it and without the other phrases of its clause; often one."""
    sentence = phrase.sentence
    first, last = _clause_bounds(sentence, phrase)
    out = set(phrase.tokens)
    for other in phrases:
        if other is not phrase and first <= other.tokens[0] and other.tokens[-1] <= last:
            out |= set(other.tokens)
    for quoted in context.outermost:
        named = any(quoted.outer.covers(tree.span_of(sentence, i, i)) for i in out)
        if named and quoted.outer.end - quoted.outer.start < 60:
            out |= {t.index for t in sentence.tokens if quoted.outer.covers(Span(t.start, t.end))}
    kept = [i for i in range(first, last + 1) if i not in out]
    wanted = ("VERB", "AUX", "NOUN", "PROPN") if len(kept) > 1 else ("NOUN", "PROPN")
    if not any(sentence.tokens[i].upos in wanted for i in kept):
        return []
    text = context.text
    spans = [content.trim(text, run) for run in region_spans(sentence, kept)]
    said = (s for s in spans if any(ch.isalnum() for ch in text[s.start : s.end]))
    return [s for s in said if not content.is_stamp(text, s)]


def _clause_bounds(sentence: Sentence, phrase: Phrase) -> tuple[int, int]:
    """First and last token of the host clause: the sentence, or the conjunct that the phrase stands in."""
    attach = next((i for i in phrase.tokens if sentence.tokens[i].head not in phrase.tokens), phrase.tokens[0])
    above = sentence.tokens[attach].head
    clause = tree.clause_head(sentence, above) if above >= 0 else attach
    first, last = 0, len(sentence.tokens) - 1
    token = sentence.tokens[clause]
    own = list(tree.descendants(sentence, clause))
    if (
        token.relation == "conj"
        and tree.children(sentence, clause, "nsubj", "csubj")
        and token.upos in ("VERB", "AUX", "NOUN", "ADJ")
    ):
        first = min(own)
        while first < clause and sentence.tokens[first].upos in ("CCONJ", "PUNCT"):
            first += 1
    elif token.relation in ("acl", "advcl", "ccomp") and above >= 0:
        first, last = min(own), max(own)
        while first < clause and sentence.tokens[first].upos in ("PUNCT", "SCONJ", "CCONJ"):
            first += 1
        return first, last
    for child in sentence.children[clause]:
        follower = sentence.tokens[child]
        if follower.relation in ("conj", "parataxis") and child > max(phrase.tokens) and _separate(sentence, child):
            start = min(tree.descendants(sentence, child))
            if start > max(phrase.tokens):
                last = min(last, start - 1)
    first, last = _between_semicolons(sentence, phrase, first, last)
    while (
        last > first and sentence.tokens[last].upos in ("PUNCT", "CCONJ") and sentence.tokens[last].text not in '“”"»«)'
    ):
        last -= 1
    return first, last


def _between_semicolons(sentence: Sentence, phrase: Phrase, first: int, last: int) -> tuple[int, int]:
    """A semicolon parts the clauses of two sources (*Die Veranstalter schätzten 1500; nach Polizeiangaben …*)."""
    for token in sentence.tokens[first : last + 1]:
        if token.text != ";":
            continue
        before = token.index < phrase.tokens[0]
        side = range(first, token.index) if before else range(token.index + 1, last + 1)
        if not any(sentence.tokens[i].feats.get("VerbForm") == "Fin" for i in side):
            continue  # an enumeration
        if not before:
            return first, token.index - 1
        first = token.index + 1
    return first, last


def _separate(sentence: Sentence, conjunct: int) -> bool:
    """A coordinated clause with its own subject behind *doch*, *aber* or a semicolon is no part of the content."""
    if sentence.tokens[conjunct].upos not in ("VERB", "AUX") or not tree.children(sentence, conjunct, "nsubj"):
        return False
    words = {sentence.tokens[c].text.lower() for c in tree.children(sentence, conjunct, "cc", "advmod")}
    return (
        bool(words & {"doch", "aber", "jedoch", "allerdings", "während"})
        and tree.mood_of(sentence, conjunct) != "konjunktiv_1"
    )
