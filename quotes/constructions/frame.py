"""Verb frames: a cue verb, with its particle or phrase, its subject, and how it is meant.

The frame is where a quotation is attributed; the constructions look for the content around it.
"""

from __future__ import annotations

from dataclasses import dataclass

from quotes import tree
from quotes.lexicon import Lexicon, Phrase, Verb
from quotes.model import Sentence
from quotes.tables import word_set
from quotes.word_forms import fold

_HYPOTHETICAL = frozenset({"wenn", "falls", "sofern", "ob"})
# Adverbs that look like particles.
_LOOSE = frozenset({"weiter", "zusammen", "wieder", "vorher", "nach", "zu"})
# What may stand between the finite verb and its subject, besides adverbs.
_BETWEEN = frozenset({"sich", "mir", "ihm", "ihr", "uns", "ihnen"})
_REFLEXIVE = frozenset({"sich", "mich", "uns"})
# Prepositions that melt with the article: a phrase cited with *zum* may be printed with *zu dem*.
_MELTED = frozenset({"zum", "zur", "im", "ins", "am", "aufs"})
_SUBJECT_POS = frozenset({"DET", "ADJ", "NOUN", "PROPN", "NUM", "PRON"})


@dataclass(frozen=True, slots=True)
class Frame:
    """A clause that may attribute content. All numbers are token indices of ``sentence``."""

    sentence: Sentence
    verb: int
    finite: int | None
    cue: tuple[int, ...]
    entry: Verb | None
    subject: int | None
    passive: bool
    impersonal: bool
    polarity: str
    modal: str | None

    @property
    def first(self) -> int:
        """The finite verb, or the verb itself."""
        return self.verb if self.finite is None else self.finite


def find_frames(sentence: Sentence, lexicon: Lexicon) -> tuple[Frame, ...]:
    """A frame for each clause of the sentence that has a verb; ``entry`` is ``None`` for verbs that are no cues."""
    frames = []
    for token in sentence.tokens:
        predicate = _predicate_frame(sentence, token.index, lexicon)
        if predicate is not None:
            frames.append(predicate)
            continue
        if token.upos not in ("VERB", "AUX") or token.relation in ("aux", "cop", "amod"):
            continue
        if token.feats.get("VerbForm") == "Part" and token.relation in ("acl", "amod") and token.head > token.index:
            continue
        frames.append(_frame(sentence, token.index, lexicon))
    return tuple(frames)


def _frame(sentence: Sentence, verb: int, lexicon: Lexicon) -> Frame:
    token = sentence.tokens[verb]
    particle = particle_of(sentence, verb)
    printed = sentence.tokens[particle].text if particle is not None else ""
    reflexives = _reflexives(sentence, verb)
    entry = lexicon.verb(token.lemma, token.text, printed, reflexive=bool(reflexives))
    if entry is None and particle is not None and printed.lower() in _LOOSE:
        # *sagte er weiter*, *hieß es weiter*: an adverb, whatever the parse calls it
        particle, printed = None, ""
        entry = lexicon.verb(token.lemma, token.text, reflexive=bool(reflexives))
    cue: list[int] = [verb] if particle is None else [verb, particle]
    if entry is not None and entry.reflexive:
        cue += reflexives
    phrase = _phrase(sentence, verb, lexicon, printed)
    if phrase is not None:
        entry, words = phrase
        cue = sorted({*cue, *words, *_light_words(sentence, words, phrase[0])})
    finite = tree.finite_of(sentence, verb)
    subject = _speaking_subject(sentence, finite, tree.subject_of(sentence, verb), lexicon)
    entry = _document_verb(sentence, verb, subject, lexicon, printed) or entry
    passive = tree.is_passive(sentence, verb)
    lemma = fold(sentence.tokens[subject].lemma) if subject is not None else ""
    impersonal = subject is not None and (sentence.tokens[subject].text.lower() == "es" or lemma == "es")
    impersonal = impersonal or (entry is not None and entry.kind == "document")
    if "heissen" in lexicon.bases(token.lemma, token.text) and particle is None:
        impersonal = impersonal or subject is None
        if not impersonal and not _is_heisst_es(sentence, verb):
            entry = None
    return Frame(
        sentence,
        verb,
        finite,
        tuple(cue),
        entry,
        subject,
        passive,
        impersonal,
        _polarity(sentence, verb, entry),
        tree.modal_of(sentence, verb),
    )


def _speaking_subject(sentence: Sentence, finite: int | None, subject: int | None, lexicon: Lexicon) -> int | None:
    """*Das weist Landrat Paul Kern zurück*: *das* has one form for both cases, and the parse takes it for the subject.

    Whoever stands right behind the finite verb by a role, without an article or in the nominative, is it instead.
    """
    if finite is None:
        return subject
    if subject is None:
        return _before_its_object(sentence, finite)
    if subject > finite:
        return subject
    if sentence.tokens[subject].text.lower() not in ("das", "dies"):
        return subject
    for index in range(finite + 1, min(finite + 4, len(sentence.tokens))):
        token = sentence.tokens[index]
        if token.upos in ("DET", "ADJ"):
            continue
        called = token.upos == "NOUN" and lexicon.role(token.lemma, token.text) is not None
        told = index == finite + 1 or token.feats.get("Case", "Nom") == "Nom"
        return index if called and told else subject
    return subject


def _before_its_object(sentence: Sentence, finite: int) -> int | None:
    """*kündigte Kobachidse Gespräche an*: a name in the nominative that the parse hangs on the object behind it."""
    index = finite + 1
    if index >= len(sentence.tokens):
        return None
    name = sentence.tokens[index]
    misread = name.upos == "PROPN" and name.relation == "nmod" and name.head > index
    object_ = misread and sentence.tokens[name.head].relation == "obj" and sentence.tokens[name.head].head == finite
    return index if object_ and name.feats.get("Case") == "Nom" else None


def _predicate_frame(sentence: Sentence, predicate: int, lexicon: Lexicon) -> Frame | None:
    """*ist der Meinung*, *war sich sicher*, *wurde bekannt*: a phrase with the copula of its noun or adjective.

    In Universal Dependencies the noun or adjective heads the clause; it takes the place of the verb.
    """
    near: list[tuple[int, str, str]] | None = None
    for child in tree.children(sentence, predicate, "cop", "aux"):
        copula = sentence.tokens[child]
        for base in lexicon.bases(copula.lemma, copula.text):
            found: tuple[Phrase, list[int]] | None = None
            for phrase in lexicon.phrases.get(base, ()):
                near = near or _words_near(sentence, predicate)
                words = _words_of(near, phrase.words)
                if predicate in words and (found is None or len(phrase.words) > len(found[0].words)):
                    found = phrase, words
            if found is None:
                continue
            subject = tree.subject_of(sentence, predicate)
            clausal = subject is not None and sentence.tokens[subject].deprel.startswith("csubj")
            entry = found[0].entry
            return Frame(
                sentence,
                predicate,
                tree.finite_of(sentence, predicate),
                tuple(sorted({child, *found[1], *_light_words(sentence, found[1], entry)})),
                entry,
                None if clausal else subject,
                False,
                entry.kind == "report" and (subject is None or clausal),
                _polarity(sentence, predicate, entry),
                tree.modal_of(sentence, predicate),
            )
    return None


def _document_verb(sentence: Sentence, verb: int, subject: int | None, lexicon: Lexicon, particle: str) -> Verb | None:
    """*aus den Akten geht hervor*, *in der Resolution steht*: the phrase with the preposition is the source."""
    token = sentence.tokens[verb]
    for base in lexicon.bases(token.lemma, token.text):
        wanted = lexicon.document_verbs.get(fold(particle) + base)
        if wanted is None or (subject is not None and sentence.tokens[subject].upos in ("NOUN", "PROPN")):
            continue
        for child in tree.children(sentence, verb, "obl", "nmod"):
            for case in tree.children(sentence, child, "case"):
                if sentence.tokens[case].lemma.lower() in wanted:
                    return Verb(
                        fold(particle) + base,
                        particle,
                        "document",
                        "writing",
                        "affirmed",
                        frozenset({"clause", "direct"}),
                        "strong",
                        False,
                    )
    return None


def _is_heisst_es(sentence: Sentence, verb: int) -> bool:
    """*hieß es*, *es heißt*, not *das heißt* or *er heißt Meier*."""
    around = sentence.tokens[max(0, verb - 1) : verb + 2]
    return any(t.text.lower() == "es" for t in around)


def particle_of(sentence: Sentence, verb: int) -> int | None:
    """The separated particle of a verb (*teilte … mit*); it is in lower case, and no colon parts it from its verb."""
    near = [c for c in sentence.children[verb] if sentence.tokens[c].text.islower() and not _parted(sentence, verb, c)]
    for child in near:
        token = sentence.tokens[child]
        # *sagte der Agentur Tass zufolge*: a preposition that is no particle of any verb
        other = token.upos == "ADP" and token.text not in word_set("separable_particles")
        if token.deprel == "compound:prt" and not other:
            return child
    for child in near:
        token = sentence.tokens[child]
        if child <= verb or token.upos not in ("ADP", "ADV", "PART") or sentence.children[child]:
            continue
        follows = sentence.tokens[child + 1] if child + 1 < len(sentence.tokens) else None
        closes = follows is None or follows.upos in ("PUNCT", "CCONJ")
        closes = closes and sentence.tokens[child - 1].upos != "ADP"  # *meinte eine Frau von gegenüber*
        if closes and token.text in word_set("separable_particles"):
            return child
    return None


def _parted(sentence: Sentence, verb: int, child: int) -> bool:
    return any(t.text in (":", ";") for t in sentence.tokens[verb:child])


def _phrase(sentence: Sentence, verb: int, lexicon: Lexicon, particle: str) -> tuple[Verb, list[int]] | None:
    """The longest light-verb phrase (*gab … bekannt*, *übte Kritik*) whose words stand in the verb's clause."""
    token = sentence.tokens[verb]
    found: tuple[Phrase, list[int]] | None = None
    near: list[tuple[int, str, str]] | None = None
    for base in lexicon.bases(token.lemma, token.text):
        for phrase in lexicon.phrases.get(fold(particle) + base, ()):
            near = near or _words_near(sentence, verb)
            words = _words_of(near, phrase.words)
            if words and (found is None or len(phrase.words) > len(found[0].words)):
                found = phrase, words
    return (found[0].entry, found[1]) if found else None


def _words_near(sentence: Sentence, verb: int) -> list[tuple[int, str, str]]:
    """The words of a verb's own clause, without clauses in it: index, folded form, folded lemma."""

    def near(index: int) -> bool:
        return sentence.tokens[index].relation not in (*tree.CLAUSAL, "conj") or sentence.tokens[index].upos == "ADJ"

    members = sorted({*tree.descendants(sentence, verb, near), *sentence.children[verb]})
    return [(index, fold(sentence.tokens[index].text), fold(sentence.tokens[index].lemma)) for index in members]


def _words_of(near: list[tuple[int, str, str]], wanted: tuple[str, ...]) -> list[int]:
    """Where the words of a phrase stand, each once; nowhere unless all are there."""
    indices: list[int] = []
    for word in wanted:
        for index, form, lemma in near:
            if index not in indices and word in (form, lemma):
                indices.append(index)
                break
        else:
            return []
    return indices


def _light_words(sentence: Sentence, words: list[int], entry: Verb) -> list[int]:
    """The small words of a phrase as it is cited (*stellte in Aussicht*, *kommt zu dem Schluss*)."""
    cited = set(entry.lemma.lower().split())
    return [
        child
        for word in words
        for child in tree.children(sentence, word, "case", "det", "mark")
        if sentence.tokens[child].text.lower() in cited or (sentence.tokens[child].upos == "ADP" and cited & _MELTED)
    ]


def _reflexives(sentence: Sentence, verb: int) -> list[int]:
    return [
        c
        for c in sentence.children[verb]
        if sentence.tokens[c].upos == "PRON"
        and (sentence.tokens[c].lemma in ("sich", "er|es|sie") or sentence.tokens[c].text.lower() in _REFLEXIVE)
    ]


def _polarity(sentence: Sentence, verb: int, entry: Verb | None) -> str:
    """*sagte nicht, dass*, *dementierte*: denied; *wenn X sagt*, *sollte X sagen*, *sagte X?*: questioned."""
    polarity = entry.polarity if entry else "affirmed"
    if tree.negation_of(sentence, verb) is not None:
        polarity = "affirmed" if polarity == "denied" else "denied"
    if tree.subordinator(sentence, verb) in _HYPOTHETICAL:
        return "questioned"
    finite = tree.finite_of(sentence, verb)
    if finite is not None:
        token = sentence.tokens[finite]
        opens = finite == 0 or all(t.upos == "PUNCT" for t in sentence.tokens[:finite])
        if opens and token.lemma == "sollen" and finite != verb:
            return "questioned"
        if opens and sentence.tokens[-1].text == "?":
            return "questioned"
    return polarity


def subject_right_of(sentence: Sentence, verb: int, finite: int) -> int | None:
    """The head of the noun phrase right behind a finite verb: the subject of an inverted frame, by position.

    Used where the parse has none or sees it before the verb; adverbs and *sich* may stand between.
    """
    index = finite + 1
    while index < len(sentence.tokens) and (
        sentence.tokens[index].upos in ("ADV", "PART")
        or sentence.tokens[index].text.lower() in _BETWEEN
        or _is_time_of_day(sentence, index)
    ):
        index += 1
    if index >= len(sentence.tokens):
        return None
    if sentence.tokens[index].upos not in _SUBJECT_POS:
        return index if _is_mistagged_name(sentence, index) else None
    head = index
    while True:
        above = sentence.tokens[head].head
        if above <= finite or above == verb or sentence.tokens[above].upos not in ("NOUN", "PROPN", "ADJ", "NUM"):
            break
        if any(t.text == "," and t.upos == "PUNCT" for t in sentence.tokens[head:above]):
            break
        head = above
    return head if sentence.tokens[head].upos in ("NOUN", "PROPN", "PRON", "ADJ", "NUM", "DET") else None


def _is_time_of_day(sentence: Sentence, index: int) -> bool:
    """*sagte heute Abend*: the noun belongs to the adverb before it."""
    before = sentence.tokens[index - 1]
    return before.upos == "ADV" and sentence.tokens[index].text.lower() in word_set("times_of_day")


def _is_mistagged_name(sentence: Sentence, index: int) -> bool:
    """*sagt An Chan-il*: a capital inside the sentence, and a proper noun behind it."""
    if index + 1 >= len(sentence.tokens):
        return False
    return sentence.tokens[index].text[0].isupper() and sentence.tokens[index + 1].upos == "PROPN"
