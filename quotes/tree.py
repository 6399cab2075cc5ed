"""Moving about in one dependency tree: extents, subjects, finite verbs, mood, negation.

All functions take a sentence and token indices and return indices; none of them knows quotations.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator

from quotes.model import Sentence, Span
from quotes.tables import word_list, word_set

CLAUSAL = frozenset({"ccomp", "xcomp", "advcl", "acl", "parataxis", "csubj"})
MODALS = frozenset({"können", "müssen", "sollen", "wollen", "dürfen", "mögen"})
NEGATIONS = frozenset({"nicht", "nie", "niemals", "kein", "keinesfalls", "keineswegs", "kaum"})
_MODAL_INDICATIVE = frozenset({"soll", "sollen", "sollst", "will", "wollen"})
# Marks that may stand behind the first part of a word with a hyphen.
_CLOSING = frozenset('“”"»«')
_SINGULAR_PRONOUNS = frozenset({"er", "sie", "es", "man", "das", "dies", "niemand", "jeder"})


def descendants(sentence: Sentence, top: int, follow: Callable[[int], bool] = lambda _: True) -> Iterator[int]:
    """``top`` and all tokens below it; a child for which ``follow`` is false is left out with all below it."""
    pending = [top]
    while pending:
        index = pending.pop()
        yield index
        pending.extend(child for child in sentence.children[index] if follow(child))


def extent(sentence: Sentence, indices: Iterable[int]) -> tuple[int, int]:
    """First and last index (inclusive) without punctuation at the edges."""
    ordered = sorted(indices)
    while len(ordered) > 1 and sentence.tokens[ordered[-1]].upos == "PUNCT":
        ordered.pop()
    while len(ordered) > 1 and sentence.tokens[ordered[0]].upos == "PUNCT":
        ordered.pop(0)
    return ordered[0], ordered[-1]


def run_around(members: Collection[int], head: int) -> tuple[int, int]:
    """First and last index (inclusive) of the members that stand around ``head`` without a gap."""
    first = last = head
    while first - 1 in members:
        first -= 1
    while last + 1 in members:
        last += 1
    return first, last


def span_of(sentence: Sentence, first: int, last: int) -> Span:
    """The code points from token ``first`` to token ``last``, both included."""
    return Span(sentence.tokens[first].start, sentence.tokens[last].end)


def hyphen_joins(sentence: Sentence, index: int) -> bool:
    """Whether the token is a hyphen without blanks between two parts of a word (*Kreml-Sprecher*)."""
    tokens = sentence.tokens
    if not 0 < index < len(tokens) - 1 or tokens[index].text != "-":
        return False
    return tokens[index - 1].end == tokens[index].start and tokens[index].end == tokens[index + 1].start


def part_behind(sentence: Sentence, index: int) -> int | None:
    """The next part of a word with hyphens; a part may stand in marks of its own (*„Spiegel“-Redakteur*)."""
    tokens = sentence.tokens
    marked = index + 1 < len(tokens) and tokens[index + 1].text in _CLOSING
    return index + 2 + marked if hyphen_joins(sentence, index + 1 + marked) else None


def word_end(sentence: Sentence, index: int) -> int:
    """The last part of a word with hyphens: its head, though the parse may hang the clause on the first part."""
    while (behind := part_behind(sentence, index)) is not None:
        index = behind
    return index


def word_start(sentence: Sentence, index: int) -> int:
    """The first part of a word with hyphens."""
    while hyphen_joins(sentence, index - 1):
        index -= 2
    return index


def children(sentence: Sentence, index: int, *relations: str) -> list[int]:
    """Dependents of a token with one of these relations (without or with their subtype)."""
    return [
        c
        for c in sentence.children[index]
        if sentence.tokens[c].relation in relations or sentence.tokens[c].deprel in relations
    ]


def finite_of(sentence: Sentence, verb: int) -> int | None:
    """The finite verb of the clause that ``verb`` heads: itself, or an auxiliary or copula below it."""
    if sentence.tokens[verb].feats.get("VerbForm") == "Fin":
        return verb
    for child in children(sentence, verb, "aux", "cop"):
        if sentence.tokens[child].feats.get("VerbForm") == "Fin":
            return child
    return None


def predicate_of(sentence: Sentence, finite: int) -> int:
    """The verb, noun or adjective that a finite auxiliary or copula belongs to; a full verb is its own."""
    token = sentence.tokens[finite]
    return token.head if token.relation in ("aux", "cop") and token.head >= 0 else finite


def mood_of(sentence: Sentence, verb: int) -> str:
    """``indicative``, ``konjunktiv_1``, ``konjunktiv_2``, ``sollen``, ``wollen``, ``imperative`` or ``none``."""
    finite = finite_of(sentence, verb)
    if finite is None:
        return "none"
    token = sentence.tokens[finite]
    form = token.text.lower()
    if token.lemma in ("sollen", "wollen") and finite != verb and form in _MODAL_INDICATIVE:
        return token.lemma
    if form in word_set("konjunktiv_1") and not _is_own(sentence, finite):
        return "konjunktiv_1"
    if form in word_set("konjunktiv_2") or form in word_set("strong_konjunktiv_2"):
        return "konjunktiv_2"
    mood = token.feats.get("Mood")
    if _present_in_e(sentence, verb, finite):
        return "konjunktiv_1"
    if mood == "Imp":
        return "imperative"
    weak_past = form.endswith(("ten", "test", "te")) and not form.endswith(word_list("stems_in_t"))
    own = token.feats.get("Tense") != "Past" and form.endswith("e") and _has_ich(sentence, finite)
    if mood == "Sub" and not weak_past and not own:
        return "konjunktiv_2" if token.feats.get("Tense") == "Past" else "konjunktiv_1"
    return "indicative"


def _is_own(sentence: Sentence, finite: int) -> bool:
    """*ich habe*, *komme ich*: the first person has the same form in the indicative; only *sei* and modals differ."""
    token = sentence.tokens[finite]
    ambiguous = token.text.lower() in word_set("konjunktiv_1_or_own")
    return ambiguous and _has_ich(sentence, finite)


def _has_ich(sentence: Sentence, finite: int) -> bool:
    return any(t.text.lower() == "ich" for t in sentence.tokens[max(0, finite - 1) : finite + 2])


def _present_in_e(sentence: Sentence, verb: int, finite: int) -> bool:
    """*fehle*, *gehe* with a third-person singular subject: the form can be nothing but Konjunktiv I."""
    token = sentence.tokens[finite]
    form = token.text.lower()
    if not form.endswith("e") or token.lemma.lower() != form + "n":
        return False
    if form.endswith("te") and not form.endswith(word_list("stems_in_t")):
        return False  # *spülte* with a wrong lemma is a past tense
    subject = subject_of(sentence, verb)
    if subject is None or sentence.tokens[subject].feats.get("Number") == "Plur":
        return False
    noun = sentence.tokens[subject]
    return noun.upos in ("NOUN", "PROPN") or noun.text.lower() in _SINGULAR_PRONOUNS


def subject_of(sentence: Sentence, verb: int) -> int | None:
    """The subject of a verb; a verb in a coordination without its own takes that of the verb before it."""
    seen = set()
    while verb not in seen:
        seen.add(verb)
        own = children(sentence, verb, "nsubj", "csubj")
        if own:
            return own[0]
        token = sentence.tokens[verb]
        helper = token.upos == "AUX" and token.relation in ("aux", "cop")
        if token.head < 0 or not (token.relation == "conj" or helper):
            return None
        verb = token.head
    return None


def is_article_for_pronoun(sentence: Sentence, pronoun: int, finite: int) -> bool:
    """*…, die Kammer bemängelte „…“*: an article that the parse takes for a relative pronoun.

    A relative clause has its finite verb last; here the noun and the verb follow at once, and more behind them.
    """
    tokens = sentence.tokens
    if tokens[pronoun].upos != "PRON" or tokens[pronoun].text.lower() not in ("der", "die", "das") or pronoun == 0:
        return False
    if finite != pronoun + 2 or tokens[pronoun + 1].upos not in ("NOUN", "PROPN") or finite + 1 >= len(tokens):
        return False
    follows = tokens[finite + 1]
    return tokens[pronoun - 1].text == "," and (follows.upos not in ("PUNCT", "AUX") or follows.text in '„»«"“')


def clause_head(sentence: Sentence, index: int) -> int:
    """The head of the clause a token stands in."""
    while True:
        token = sentence.tokens[index]
        if token.head < 0 or token.relation in CLAUSAL or (token.relation == "conj" and token.upos in ("VERB", "AUX")):
            return index
        index = token.head


def negation_of(sentence: Sentence, verb: int) -> int | None:
    """The negation that hangs directly on the verb, or the subject that is *niemand* or has a *kein*."""
    for child in sentence.children[verb]:
        token = sentence.tokens[child]
        if token.relation in ("advmod", "obl") and token.lemma.lower() in NEGATIONS:
            return child
        if token.relation == "nsubj":
            if token.lemma.lower() in ("niemand", "keiner"):
                return child
            dets = (sentence.tokens[d].lemma.lower() for d in children(sentence, child, "det"))
            if any(d.startswith("kein") for d in dets):
                return child
    return None


def modal_of(sentence: Sentence, verb: int) -> str | None:
    """The lemma of a modal that governs the verb, if one does."""
    for child in children(sentence, verb, "aux"):
        if sentence.tokens[child].lemma in MODALS:
            return sentence.tokens[child].lemma
    return None


def is_passive(sentence: Sentence, verb: int) -> bool:
    """Whether the verb stands in the *werden* passive."""
    if any(sentence.tokens[c].deprel in ("aux:pass", "nsubj:pass") for c in sentence.children[verb]):
        return True
    return sentence.tokens[verb].feats.get("Voice") == "Pass"


def subordinator(sentence: Sentence, verb: int) -> str | None:
    """The lower-case form of the conjunction that opens the verb's clause (*dass*, *wenn*), if any."""
    for child in children(sentence, verb, "mark"):
        if sentence.tokens[child].upos == "SCONJ" and child < verb:
            return sentence.tokens[child].text.lower()
    return None


def is_relative(sentence: Sentence, pronoun: int) -> bool:
    """Whether a pronoun opens a relative clause, whose finite verb stands last: not *das sei kein Drama*.

    GSD's features leave *der*, *die*, *das* open (``PronType=Dem,Rel``); the place of the verb tells.
    """
    token = sentence.tokens[pronoun]
    if token.upos != "PRON" or "Rel" not in token.feats.get("PronType", "").split(",") or token.head < 0:
        return False
    finite = finite_of(sentence, clause_head(sentence, token.head))
    return finite is not None and finite > pronoun + 1


def misread_dative(sentence: Sentence, obj: int) -> int | None:
    """*verspricht Kim Hilfe*: a name right before the object, which the parse hangs on it; a genitive ends in -s."""
    before = sentence.tokens[obj - 1] if obj else None
    if before is None or before.upos != "PROPN" or before.head != obj or before.relation != "nmod":
        return None
    return None if before.text.endswith(("s", "’", "'")) or children(sentence, before.index, "case") else before.index


def noun_phrase(sentence: Sentence, head: int) -> tuple[int, int]:
    """First and last token of a noun phrase with its appositions, without its preposition and its clauses.

    Only what is joined to the head without a gap counts, so that a stray attachment cannot stretch it.
    """

    def follow(child: int) -> bool:
        token = sentence.tokens[child]
        if token.relation in ("acl", "advcl", "parataxis", "ccomp", "xcomp", "csubj", "mark", "discourse"):
            return _is_participle_phrase(sentence, child)
        if token.relation in ("nsubj", "obj", "obl", "cop", "aux", "iobj", "expl", "vocative"):
            return token.head != head
        return not (token.relation == "case" and token.head == head)

    first, last = run_around(set(descendants(sentence, head, follow)), head)
    while last > head and sentence.tokens[last].upos in ("PUNCT", "CCONJ"):
        last -= 1
    while first < head and sentence.tokens[first].upos in ("PUNCT", "CCONJ"):
        first += 1
    return first, last


def _is_participle_phrase(sentence: Sentence, index: int) -> bool:
    """*das vom Kreml veröffentlichte Video*: a participle before its noun belongs to the noun phrase."""
    token = sentence.tokens[index]
    return token.relation == "acl" and token.head > index and token.upos in ("ADJ", "VERB")
