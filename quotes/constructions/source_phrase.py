"""Source phrases: *laut X*, *nach Angaben von X*, *X zufolge*, *eigenen Angaben nach*, *aus Sicht X*.

The content is the host clause without the phrase. Where the host clause is itself a frame with content
(*X sagte laut Y, …*), the phrase names the channel of that quotation instead.
Grammar: Smailagić on *laut/zufolge/gemäß*.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from quotes import tree
from quotes.constructions import content
from quotes.constructions.candidate import Candidate, Source
from quotes.constructions.context import Context
from quotes.constructions.framed import cue_spans, region_spans
from quotes.constructions.roles import known_channel, may_speak, phrase_source
from quotes.lexicon import fold
from quotes.model import Sentence, Span

RULE = "source_phrase"
_BEFORE = frozenset({"laut", "nach", "gemäß", "gemäss", "aus", "zufolge", "entsprechend", "in", "seitens"})
_OWN = frozenset({"eigen", "eigener", "eigene", "eigenen"})
# *laut Plan*, *laut Gesetz*, *gemäß Artikel 5* say what is laid down, not what somebody said.
_NO_SOURCES = frozenset(
    "plan fahrplan spielplan zeitplan gesetz artikel paragraf paragraph vertrag verfassung regel regelwerk programm"
    " vorschrift satzung statut".split()
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A source phrase: its tokens, its cue tokens, and whom it names."""

    sentence: Sentence
    tokens: tuple[int, ...]
    cue: tuple[int, ...]
    source: Source | None
    anonymous: bool = False


def find(context: Context) -> Iterator[Candidate]:
    """One candidate for each host clause of a source phrase."""
    for sentence in context.sentences:
        phrases = list(phrases_in(context, sentence))
        for phrase in phrases:
            if context.is_quoted_token(sentence, phrase.cue[0]):
                continue
            host = _host(context, phrase, phrases)
            if host is None:
                continue
            spans, region = host
            kind = content.settle(context, spans)[0]
            yield Candidate(
                rule=RULE,
                spans=tuple(spans),
                kind="mixed" if kind == "direct" and len(spans) == 1 else kind,
                source=phrase.source,
                impersonal=phrase.source is None,
                cue=cue_spans(sentence, phrase.cue),
                frame=region_spans(sentence, region),
                medium=_medium(context, phrase),
                mood=content.mood(context, spans),
                base=0.85,
                notes=("source phrase " + " ".join(sentence.tokens[i].text for i in phrase.tokens),),
            )


def phrases_in(context: Context, sentence: Sentence) -> Iterator[Phrase]:
    """All source phrases of a sentence, in order."""
    taken = -1
    for token in sentence.tokens:
        if token.index <= taken:
            continue
        word = token.text.lower()
        phrase = None
        if word in ("zufolge", "nach", "gemäß", "gemäss", "entsprechend"):
            phrase = _postposed(context, sentence, token.index, word)
        if phrase is None and word in _BEFORE:
            phrase = _preposed(context, sentence, token.index, word)
        if phrase is not None:
            taken = max(phrase.tokens)
            yield phrase


def _medium(context: Context, phrase: Phrase) -> str:
    for index in phrase.tokens:
        noun = context.lexicon.noun(phrase.sentence.tokens[index].lemma, phrase.sentence.tokens[index].text)
        if noun is not None and noun.medium:
            return noun.medium
    return "unknown"


def _source_noun(context: Context, sentence: Sentence, index: int) -> bool:
    token = sentence.tokens[index]
    noun = context.lexicon.noun(token.lemma, token.text) if token.upos in ("NOUN", "PROPN") else None
    return noun is not None and "source" in noun.uses


def _document(context: Context, sentence: Sentence, index: int) -> bool:
    token = sentence.tokens[index]
    noun = context.lexicon.noun(token.lemma, token.text)
    return noun is not None and "document" in noun.uses


def _preposed(context: Context, sentence: Sentence, at: int, word: str) -> Phrase | None:
    """*laut der Polizei*, *nach Angaben des Sprechers*, *aus Sicht der Kritiker*."""
    head = _nominal_behind(sentence, at)
    if head is None:
        return None
    token = sentence.tokens[head]
    if any(base in _NO_SOURCES for base in (fold(token.lemma), fold(token.text))):
        return None
    if _source_noun(context, sentence, head) or (word == "nach" and _indefinite_document(context, sentence, head, at)):
        if word in ("in", "zufolge", "seitens"):
            return None
        if word == "aus" and fold(token.lemma) not in ("sicht", "perspektive", "blickwinkel"):
            return None
        if word == "nach" and _is_after(context, sentence, head):
            return None
        return _noun_phrase_source(context, sentence, head, at, (at, head))
    speaks = word == "laut" or may_speak(sentence, head, context.lexicon) or _document(context, sentence, head)
    if word in ("laut", "gemäß", "gemäss") and speaks:
        if word != "laut" and not (_document(context, sentence, head) or known_channel(context, sentence, head)):
            return None
        if any(sentence.tokens[i].upos == "NUM" for i in range(at + 1, head + 1)):
            return None
        source = phrase_source(context, sentence, head)
        source = Source(source.sentence, source.head, max(at + 1, source.first), source.last, "phrase")
        return Phrase(sentence, tuple(range(at, source.last + 1)), (at,), source)
    return None


def _indefinite_document(context: Context, sentence: Sentence, head: int, at: int) -> bool:
    """*nach einer Studie*, *nach einer Umfrage der Zeitung*: a document that the text introduces, no point in time."""
    articles = [t.text.lower() for t in sentence.tokens[at + 1 : head] if t.upos == "DET"]
    token = sentence.tokens[head]
    noun = context.lexicon.noun(token.lemma, token.text)
    told = noun is not None and "document" in noun.uses and "source" in noun.uses
    return told and bool(articles) and articles[0] in ("einer", "einem", "eines")


def _is_after(context: Context, sentence: Sentence, head: int) -> bool:
    """*Nach den Worten des Ministers klatschte …* is a source; *nach der Rede*, *nach dem Bericht* tell the time.

    *nach* with a document needs the plural without an article or a word of saying; with an article in the singular
    it is temporal.
    """
    noun = context.lexicon.noun(sentence.tokens[head].lemma, sentence.tokens[head].text)
    if noun is None or "document" not in noun.uses:
        return False
    definite = any(
        sentence.tokens[d].text.lower() in ("der", "dem", "die", "das", "den", "dieser", "diesem", "seinem", "ihrem")
        for d in tree.children(sentence, head, "det")
    )
    return definite and sentence.tokens[head].feats.get("Number") != "Plur"


def _nominal_behind(sentence: Sentence, at: int) -> int | None:
    """The head of the noun phrase behind a preposition: by the tree, else by position."""
    above = sentence.tokens[at].head
    if above > at and sentence.tokens[above].upos in ("NOUN", "PROPN", "PRON", "ADJ", "NUM", "X"):
        if not any(t.text in (",", ":") for t in sentence.tokens[at:above]):
            return _first_of_compound(sentence, at, above)
    for index in range(at + 1, min(at + 6, len(sentence.tokens))):
        token = sentence.tokens[index]
        if token.upos in ("NOUN", "PROPN"):
            return index
        if token.upos not in ("DET", "ADJ", "ADV", "NUM", "PUNCT"):
            return None
    return None


def _first_of_compound(sentence: Sentence, at: int, above: int) -> int:
    """A speech noun before the head wins where the parse made its genitive the head."""
    return above


def _noun_phrase_source(
    context: Context, sentence: Sentence, head: int, at: int, cue: tuple[int, ...]
) -> Phrase | None:
    """A source noun with whoever it belongs to: genitive, *von* X, a possessive, *eigen*, a compound's first part."""
    first, last = tree.noun_phrase(sentence, head)
    first = min(first, at) if at < head else first
    token = sentence.tokens[head]
    start = at + 1 if at < head else first
    for index in range(start, head):
        if sentence.tokens[index].lemma.lower() in _OWN or fold(sentence.tokens[index].text) in _OWN:
            tokens = tuple(range(min(start, at), max(head, at) + 1))
            return Phrase(sentence, tokens, cue, Source(sentence.index, head, head, head, "own"))
    for child in sentence.children[head]:
        owner = sentence.tokens[child]
        if owner.deprel == "det:poss" or (owner.upos in ("DET", "PRON") and owner.feats.get("Poss") == "Yes"):
            end = max(head, at) if at > head else _end_of(sentence, head, last)
            tokens = tuple(range(min(start, at), end + 1))
            return Phrase(sentence, tokens, cue, Source(sentence.index, child, child, child, "possessive"))
    owner_head = _owner(context, sentence, head, last)
    if owner_head is not None:
        source = phrase_source(context, sentence, owner_head)
        if source.first <= head <= source.last:
            source = Source(
                source.sentence,
                source.head,
                head + 1 if source.head > head else source.first,
                source.last if source.head > head else head - 1,
            )
        tokens = tuple(range(min(start, at, source.first), max(source.last, head, at if at > head else head) + 1))
        return Phrase(sentence, tokens, cue, source)
    end = at if at > head else head
    tokens = tuple(range(min(start, at), end + 1))
    prefix = _compound_owner(context, token.text, token.lemma)
    if prefix:
        return Phrase(sentence, tokens, cue, Source(sentence.index, head, head, head, "compound", prefix))
    described = Source(sentence.index, head, start, head, "document")
    return Phrase(sentence, tokens, cue, described, anonymous=True)


def _end_of(sentence: Sentence, head: int, last: int) -> int:
    """The end of the phrase behind its noun: *nach seinen Angaben zur Lage* stops at the noun."""
    return head


def _owner(context: Context, sentence: Sentence, head: int, last: int) -> int | None:
    """Whose statement: a genitive or *von* phrase right behind the noun, or a genitive name before it."""
    for child in sentence.children[head]:
        token = sentence.tokens[child]
        if token.relation not in ("nmod", "obl", "appos", "obj", "flat") or token.upos not in (
            "NOUN",
            "PROPN",
            "ADJ",
            "PRON",
            "X",
        ):
            continue
        cases = {sentence.tokens[c].text.lower() for c in tree.children(sentence, child, "case")}
        if child > head:
            if cases and not cases & {"von", "vom", "aus", "seitens", "der"}:
                continue
            between = sentence.tokens[head + 1 : child]
            if any(t.text in (",", ":") for t in between):
                continue
            return child
        if not cases and token.upos == "PROPN":
            return child
    index = head + 1
    if index + 1 < len(sentence.tokens) and sentence.tokens[index].text.lower() in (
        "von",
        "vom",
        "der",
        "des",
        "eines",
        "einer",
    ):
        for at in range(index + 1, min(index + 7, len(sentence.tokens))):
            token = sentence.tokens[at]
            if token.upos in ("NOUN", "PROPN"):
                return at
            if token.upos not in ("DET", "ADJ", "ADV", "NUM", "ADP"):
                return None
    return None


def _compound_owner(context: Context, form: str, lemma: str) -> str | None:
    """*Polizeiangaben* → *Polizei*, *Ministeriumsangaben* → *Ministerium*; no part, no owner."""
    folded = fold(form)
    for start in range(3, len(folded) - 3):
        tail = context.lexicon.nouns.get(folded[start:]) or context.lexicon.nouns.get(folded[start:].removesuffix("n"))
        if tail is None or "document" in tail.uses:
            continue
        for prefix in (form[:start], form[:start].removesuffix("s"), form[:start].removesuffix("-")):
            found = context.lexicon.organisation(prefix)
            if found and len(prefix) > 3:
                return prefix.rstrip("-")
            if context.lexicon.role(prefix):
                return prefix.rstrip("-")
    return None


def _postposed(context: Context, sentence: Sentence, at: int, word: str) -> Phrase | None:
    """*X zufolge*, *ihm zufolge*, *eigenen Angaben nach*, *seiner Meinung nach*."""
    if at == 0:
        return None
    previous = sentence.tokens[at - 1]
    if word == "zufolge":
        head = sentence.tokens[at].head
        if not 0 <= head < at:
            head = at - 1
            while head > 0 and sentence.tokens[head].upos == "PUNCT":
                head -= 1
        if sentence.tokens[head].upos not in ("NOUN", "PROPN", "PRON", "ADJ", "NUM", "DET", "X"):
            return None
        if _source_noun(context, sentence, head) and not _document(context, sentence, head):
            found = _noun_phrase_source(context, sentence, head, at, (at,))
            if found is not None and found.source is not None:
                first = min(*found.tokens, _phrase_first(sentence, head))
                return Phrase(
                    sentence,
                    tuple(range(first, at + 1)),
                    (head, at) if found.source.how != "phrase" else (head, at),
                    found.source,
                )
        owner = next(
            (
                c
                for c in sentence.children[head]
                if c > head and sentence.tokens[c].relation in ("nmod", "appos", "flat")
            ),
            None,
        )
        first, last = tree.noun_phrase(sentence, head)
        del owner
        last = min(last, at - 1)
        return Phrase(
            sentence, tuple(range(first, at + 1)), (at,), Source(sentence.index, head, first, max(last, head))
        )
    if word == "nach" and previous.text == "Vernehmen":
        first = _phrase_first(sentence, previous.index)
        return Phrase(sentence, tuple(range(first, at + 1)), (previous.index, at), None)
    if not _source_noun(context, sentence, previous.index):
        return None
    first = _phrase_first(sentence, previous.index)
    opening = sentence.tokens[first]
    owned = opening.feats.get("Poss") == "Yes" or fold(opening.lemma) in _OWN or fold(opening.text) in _OWN
    if first > 0 and sentence.tokens[first - 1].upos == "ADP":
        return None
    genitive = (
        opening.upos in ("DET", "PROPN")
        and not owned
        and word == "nach"
        and opening.feats.get("Case") in ("Dat", "Gen")
    )
    if not owned and not genitive:
        return None
    if genitive and (at + 1 < len(sentence.tokens) and sentence.tokens[sentence.tokens[at].head].index > at):
        return None
    return _noun_phrase_source(context, sentence, previous.index, at, (previous.index, at))


def _phrase_first(sentence: Sentence, head: int) -> int:
    """The first token of the noun phrase that ends in ``head``: its articles and adjectives by position."""
    first = head
    while first > 0 and sentence.tokens[first - 1].upos in ("DET", "ADJ"):
        first -= 1
    if first > 0 and sentence.tokens[first - 1].upos == "PROPN" and sentence.tokens[first - 1].head == head:
        first -= 1
    return first


def _host(context: Context, phrase: Phrase, phrases: list[Phrase]) -> tuple[list[Span], list[int]] | None:
    """The content spans around a phrase, and the phrase's own tokens with the commas that set it off."""
    sentence = phrase.sentence
    first, last = _clause_bounds(context, sentence, phrase)
    out = set(phrase.tokens)
    for other in phrases:
        if other is not phrase and first <= other.tokens[0] and other.tokens[-1] <= last:
            out |= set(other.tokens)
    for quoted in context.outermost:
        named = any(quoted.outer.covers(Span(sentence.tokens[i].start, sentence.tokens[i].end)) for i in out)
        if named and quoted.outer.end - quoted.outer.start < 60:
            out |= {t.index for t in sentence.tokens if quoted.outer.covers(Span(t.start, t.end))}
    kept = [i for i in range(first, last + 1) if i not in out]
    if len(kept) < 2 or not any(sentence.tokens[i].upos in ("VERB", "AUX") for i in kept):
        if not any(sentence.tokens[i].upos in ("NOUN", "PROPN") for i in kept):
            return None
    runs: list[Span] = []
    previous = -2
    for index in kept:
        token = sentence.tokens[index]
        if index == previous + 1 and runs:
            runs[-1] = Span(runs[-1].start, max(runs[-1].end, token.end))
        else:
            runs.append(Span(token.start, token.end))
        previous = index
    text = context.text
    spans = [content.trim(text, run) for run in runs]
    spans = [s for s in spans if s.start < s.end and any(ch.isalnum() for ch in text[s.start : s.end])]
    if not spans:
        return None
    return spans, sorted(phrase.tokens)


def _clause_bounds(context: Context, sentence: Sentence, phrase: Phrase) -> tuple[int, int]:
    """First and last token of the host clause: the sentence, or the conjunct that the phrase stands in."""
    attach = next((i for i in phrase.tokens if sentence.tokens[i].head not in phrase.tokens), phrase.tokens[0])
    above = sentence.tokens[attach].head
    clause = tree.clause_head(sentence, above) if above >= 0 else attach
    first, last = 0, len(sentence.tokens) - 1
    token = sentence.tokens[clause]
    own = [i for i in tree.descendants(sentence, clause)]
    if (
        token.relation == "conj"
        and tree.children(sentence, clause, "nsubj", "csubj")
        and token.upos in ("VERB", "AUX", "NOUN", "ADJ")
    ):
        first = min(own)
        while first < clause and sentence.tokens[first].upos in ("CCONJ", "PUNCT"):
            first += 1
    elif token.relation in ("acl", "advcl", "ccomp") and above >= 0:
        inside_frame = min(own), max(own)
        first, last = inside_frame
        while first < clause and sentence.tokens[first].upos in ("PUNCT", "SCONJ", "CCONJ"):
            first += 1
        return first, last
    for child in sentence.children[clause]:
        follower = sentence.tokens[child]
        if follower.relation in ("conj", "parataxis") and child > max(phrase.tokens) and _separate(sentence, child):
            start = min(tree.descendants(sentence, child))
            if start > max(phrase.tokens):
                last = min(last, start - 1)
    while (
        last > first and sentence.tokens[last].upos in ("PUNCT", "CCONJ") and sentence.tokens[last].text not in '“”"»«)'
    ):
        last -= 1
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


def names_channel(context: Context, phrase: Phrase) -> bool:
    """Whether a phrase names an agency, a paper or another medium."""
    source = phrase.source
    if source is None:
        return False
    sentence = phrase.sentence
    return any(
        known_channel(context, sentence, i) is not None or context.lexicon.is_channel_noun(sentence.tokens[i].lemma)
        for i in range(source.first, source.last + 1)
    )
