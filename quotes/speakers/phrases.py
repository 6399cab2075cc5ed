"""From a noun phrase to a speaker: names, roles and their bearers, bodies, media, several who speak as one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from quotes import tree
from quotes.constructions.candidate import Source
from quotes.constructions.roles import may_speak, phrase_source
from quotes.marks import Quoted
from quotes.model import Sentence, Speaker
from quotes.speakers.cast import Person
from quotes.speakers.figures import GROUP, Figure
from quotes.speakers.forms import nominative
from quotes.speakers.kinds import kind_of_name, kind_of_noun, speaker_named
from quotes.speakers.nameless import common_noun, read_nameless
from quotes.speakers.pronouns import is_pair, read_pronoun, read_topic
from quotes.speakers.scene import Reading, Scene
from quotes.tables import word_list, word_set
from quotes.word_forms import fold

# Classes of bodies whose name begins with a noun that says what they are for (*Pflegeverband*), as an authority's does;
# a company has its name without the noun (*die Reederei Norderstern*).
_NAMED_WITH_NOUN = frozenset({"association", "union"})
# Code points of a name in quotation marks, at most.
_LONGEST_NAME = 60


def read_source(scene: Scene, source: Source) -> Reading:
    """The speaker that a source names, and the person of the cast behind it; ``Speaker()`` where it names nobody."""
    sentence = scene.context.sentences[source.sentence]
    if source.how == "channel":
        return Reading(speaker_named(source.name, "organisation", "name", 0.9))
    if source.how == "compound":
        kind = "organisation" if scene.context.lexicon.organisation(source.name) else "group"
        return Reading(speaker_named(source.name, kind, "role", 0.85))
    if source.how == "possessive":
        return read_pronoun(scene, sentence, source.head, "possessive", common_noun)
    if source.how == "own":
        return _own(scene, sentence, source)
    if source.how == "document":
        start = min(tree.word_start(sentence, source.head), max(0, source.head - 1))
        first = sentence.tokens[start].text
        channel = scene.context.lexicon.channels.get(fold(first.rstrip("-")))
        if channel is not None and (first.endswith("-") or start < source.head - 1):
            return Reading(speaker_named(channel[0], "organisation", "name", 0.9))  # *dpa-Informationen*
        marked = _marked_name(scene, sentence, source)
        if marked is not None:
            return Reading(marked)
        return Reading(common_noun(scene, sentence, source, "document"))
    reading = _phrase(scene, sentence, source)
    if source.how == "before" and reading.speaker.name is not None:
        speaker = replace(reading.speaker, resolution="continuation", confidence=min(reading.speaker.confidence, 0.7))
        return Reading(speaker, reading.figure)
    return reading


def _own(scene: Scene, sentence: Sentence, source: Source) -> Reading:
    """*eigenen Angaben nach*: the subject of the clause it stands in."""
    lexicon = scene.context.lexicon
    subject = tree.subject_of(sentence, tree.clause_head(sentence, source.head))
    if subject is None:
        subject = tree.subject_of(sentence, next(t.index for t in sentence.tokens if t.head < 0))
    if subject is None or source.first <= subject <= source.last or not may_speak(sentence, subject, lexicon):
        return read_topic(scene, sentence, source.head, "possessive", common_noun)
    until = source.first if subject < source.first else None  # *die Firma eigenen Angaben zufolge*: two phrases
    while until is not None and until - 1 > subject and sentence.tokens[until - 1].upos in ("ADJ", "DET", "ADP"):
        until -= 1
    reading = _phrase(scene, sentence, phrase_source(scene.context, sentence, subject, until=until))
    speaker = reading.speaker
    if speaker.name is None:
        return Reading()
    speaker = replace(speaker, resolution="possessive", confidence=min(speaker.confidence, 0.85))
    return Reading(speaker, reading.figure)


def _phrase(scene: Scene, sentence: Sentence, source: Source) -> Reading:
    joined = _coordinated(scene, sentence, source)
    return joined if joined is not None else _single(scene, sentence, source)


def _coordinated(scene: Scene, sentence: Sentence, source: Source) -> Reading | None:
    """*Moskau und Pjöngjang*: two or more who speak as one, joined by *und*."""
    conjuncts = [
        c
        for c in tree.children(sentence, source.head, "conj")
        if source.head < c <= source.last and sentence.tokens[c].upos in ("NOUN", "PROPN")
    ]
    commas = [t.index for t in sentence.tokens[source.head : source.last] if t.text == ","]
    if not conjuncts or (len(conjuncts) < 2 and commas and commas[0] < conjuncts[0]):
        return None  # *Sudbrack, Rentner und Schüler* is one
    if _is_one_with_two_roles(sentence, source.head, conjuncts):
        bearer = source.head if tree.children(sentence, source.head, "appos", "flat") else conjuncts[0]
        return _single(scene, sentence, replace(source, head=bearer))
    if _shares_last_part(sentence, source):
        return Reading(_two_in_one(scene, sentence, source))
    parts = []
    heads = [source.head, *conjuncts]
    for number, head in enumerate(heads):
        last = heads[number + 1] - 1 if number < len(conjuncts) else source.last
        while last > head and sentence.tokens[last].upos not in ("NOUN", "PROPN", "ADJ", "X", "NUM"):
            last -= 1
        first = heads[number - 1] + 1 if number else source.first
        while first < head and sentence.tokens[first].upos in ("CCONJ", "PUNCT"):
            first += 1
        if number:
            first = min([head, *(i for i in sentence.children[head] if first <= i < head)])
        parts.append(_single(scene, sentence, Source(source.sentence, head, first, last, source.how)))
    speakers = [p.speaker for p in parts]
    names = [p.name for p in speakers if p.name]
    if len(names) < 2:
        return None
    kinds = {p.kind for p in speakers}
    kind = speakers[0].kind if len(kinds) == 1 and speakers[0].kind not in (None, "person") else None
    confidence = min(p.confidence for p in speakers) - 0.05
    name = ", ".join(names[:-1]) + " und " + names[-1]
    members = tuple(p.figure for p in parts if p.figure is not None)
    group = Figure(GROUP, "", sentence.index, source.head, members=members) if len(members) == len(parts) else None
    return Reading(speaker_named(name, kind or "group", speakers[0].resolution, confidence), group)


def _is_one_with_two_roles(sentence: Sentence, head: int, conjuncts: Sequence[int]) -> bool:
    """*Zverevs Bruder und Manager Mischa nahm ihn in Schutz*: the verb is in the singular, the name behind both."""
    governor = sentence.tokens[head].head
    finite = tree.finite_of(sentence, governor) if governor >= 0 else None
    if finite is None or sentence.tokens[finite].feats.get("Number") != "Sing" or len(conjuncts) != 1:
        return False
    articled = tree.children(sentence, conjuncts[0], "det", "case")
    names = [name for index in (head, conjuncts[0]) for name in tree.children(sentence, index, "appos", "flat")]
    behind = bool(names) and min(names) > conjuncts[0]
    return sentence.tokens[head].upos == "NOUN" and behind and not articled


def _shares_last_part(sentence: Sentence, source: Source) -> bool:
    """*die Industrie- und Handelskammer*: one body, whose first word waits for the end of the second."""
    tokens = sentence.tokens[source.first : source.last + 1]
    return any(
        t.text == "und" and n > 0 and tokens[n - 1].text.endswith("-") and tokens[n - 1].end < t.start
        for n, t in enumerate(tokens)
    )


def _two_in_one(scene: Scene, sentence: Sentence, source: Source) -> Speaker:
    first = source.first + (sentence.tokens[source.first].upos == "DET")
    start, end = tree.span_of(sentence, first, source.last)
    printed = " ".join(scene.context.text[start:end].split())
    kind = kind_of_noun(sentence.tokens[source.last], scene.context.lexicon) or "organisation"
    return speaker_named(printed, kind, "name", 0.85)


def _single(scene: Scene, sentence: Sentence, source: Source) -> Reading:
    head = sentence.tokens[source.head]
    pointing = (
        head.upos in ("PRON", "DET", "ADJ", "NOUN")
        and head.text.lower() in word_set("demonstratives")
        and head.feats.get("Number") != "Plur"
        and source.first == source.last
    )
    if (
        (head.upos == "PRON" or pointing)
        and not is_pair(sentence, source.head)
        and head.text.lower() not in ("viele", "einige")
    ):
        return read_pronoun(scene, sentence, source.head, "pronoun", common_noun)
    marked = _marked_name(scene, sentence, source)
    if marked is not None:
        return Reading(marked)
    person = _named(scene, sentence, source)
    if person is not None and _is_body_with_place(scene, sentence, source, person):
        speaker = common_noun(scene, sentence, source, "organisation")
        figure = scene.discourse.figure_of(person, sentence.index, source.head)
        figure.called = figure.called or speaker.name or ""
        return Reading(speaker, figure)
    if person is not None:
        return _person(scene, sentence, source, person)
    channel = _known_channel(scene, sentence, source)
    if channel is not None:
        return Reading(channel)
    lexicon = scene.context.lexicon
    role = lexicon.role(head.lemma, head.text)
    native = lexicon.homeland_of(head.text) is not None or (role is not None and role.kind == "demonym")
    name = " ".join(t.text for t in sentence.tokens[source.first : source.last + 1])
    initialled = _by_initials(scene, name)
    if initialled is not None:
        figure = scene.discourse.figure_of(initialled, sentence.index, source.head)
        return Reading(speaker_named(initialled.name, "person", "surname", 0.85), figure)
    # *Der OB*, *die Mimin*, tagged as names.
    behind_article = source.first == source.head - 1 and sentence.tokens[source.first].upos == "DET"
    called = role is not None and behind_article and source.head == source.last
    if native or called or head.upos in ("NOUN", "ADJ", "DET", "NUM", "PRON"):
        return read_nameless(scene, sentence, source)
    return Reading(speaker_named(name, kind_of_name(name, scene.context.lexicon), "name", 0.7))


def _by_initials(scene: Scene, printed: str) -> Person | None:
    """*K. R.* in an interview: the one person of the article with these initials."""
    letters = re.findall(r"\w", printed)
    if len(letters) < 2 or not re.fullmatch(r"(?:\w\.[ -]?)+:?", printed):
        return None
    fitting = [p for p in scene.cast.people if p.human and [w[0] for w in p.words if w[0].isupper()] == letters]
    return fitting[0] if len(fitting) == 1 else None


def _marked_name(scene: Scene, sentence: Sentence, source: Source) -> Speaker | None:
    """*die „Eichsfelder Rundschau“*, *der Verein „Herz für Wildtiere“*: a name in quotation marks is printed whole."""
    context = scene.context
    quoted = context.quoted_around(tree.span_of(sentence, source.head, source.head))
    if quoted is None:
        quoted = _marks_behind(scene, sentence, source)
    behind = tree.span_of(sentence, source.last, min(source.last + 2, len(sentence.tokens) - 1))
    if quoted is None or quoted.outer.end - quoted.outer.start > _LONGEST_NAME or quoted.inner.covers(behind):
        return None
    if quoted.outer.start < sentence.tokens[source.first].start - 1:
        return None
    printed = context.text[quoted.inner.start : quoted.inner.end].strip()
    channels = context.lexicon.channels
    known = channels.get(fold(printed)) or channels.get(fold(printed).removesuffix("s"))
    return speaker_named(known[0] if known else printed, "organisation", "name", 0.9)


def _marks_behind(scene: Scene, sentence: Sentence, source: Source) -> Quoted | None:
    """The marks right behind the noun for a body or medium, or behind the article there (*Bericht des „Kuriers“*)."""
    lexicon, noun = scene.context.lexicon, sentence.tokens[source.head]
    document = lexicon.is_document(noun.lemma, noun.text)
    if not document and lexicon.organisation(noun.lemma, noun.text) is None and not lexicon.is_channel_noun(noun.lemma):
        return None
    at = source.head + 1
    if document and at < source.last and sentence.tokens[at].upos == "DET":
        at += 1
    if at > source.last:
        return None
    quoted = scene.context.quoted_around(tree.span_of(sentence, at, at))
    return quoted if quoted is not None and quoted.outer.start == sentence.tokens[at].start else None


def _named(scene: Scene, sentence: Sentence, source: Source) -> Person | None:
    """The name that a phrase consists of or that stands in apposition to its head; not one in its genitive."""
    for index in range(source.first, source.last + 1):
        person = scene.cast.at(sentence.index, index)
        if person is None:
            continue
        bears = _is_adjacent(scene, sentence, index, source.head)
        if bears or _leads_to_head(scene, sentence, index, source.head):
            return person
    return None


def _leads_to_head(scene: Scene, sentence: Sentence, index: int, head: int) -> bool:
    """Whether a name hangs on the phrase's head as its name or apposition, over any number of steps."""
    while index != head:
        token = sentence.tokens[index]
        if token.relation not in ("appos", "flat", "compound", "nmod", "nsubj") or token.head < 0:
            return False
        if token.relation == "nmod" and not _is_adjacent(scene, sentence, index, head):
            return False
        genitive = token.feats.get("Case") == "Gen" and token.head == head and index < head
        if genitive and sentence.tokens[head].upos == "NOUN":
            return False
        index = token.head
    return True


def _is_adjacent(scene: Scene, sentence: Sentence, index: int, head: int) -> bool:
    """A name right behind a role noun, or behind its titles, is its bearer, whatever the tree says."""
    noun = sentence.tokens[head]
    lexicon = scene.context.lexicon
    token = sentence.tokens[index]
    genitive = token.text.endswith("s") and token.feats.get("Case") not in ("Nom", None)
    if index <= head or lexicon.role(noun.lemma, noun.text) is None or genitive:
        return False
    return lexicon.behind_titles([t.text for t in sentence.tokens[:index]], head + 1) == index


def _is_body_with_place(scene: Scene, sentence: Sentence, source: Source, person: Person) -> bool:
    """*die Kantonspolizei Thurgau*, *die Stadt Wien*: the place belongs to the name of the body."""
    head = sentence.tokens[source.head]
    if head.upos != "NOUN" or any(n.sentence == sentence.index and n.first == source.head for n in person.mentions):
        return False
    lexicon = scene.context.lexicon
    if lexicon.organisation(head.lemma, head.text) is None or lexicon.is_channel_noun(head.lemma):
        return False
    local = fold(head.lemma).endswith(word_list("local_bodies"))
    kind = lexicon.body_class(head.lemma)
    known = lexicon.organisation(person.name) is not None or (kind == "authority" and person.name.isupper())
    generic = lexicon.body_noun(head.lemma) == fold(head.lemma)
    if not known and (kind == "authority" or (kind in _NAMED_WITH_NOUN and not generic)):
        return True  # *der Pflegeverband Unteramt*, but *der Verband Suva*, *die Raumfahrtbehörde JAXA*
    return local or (lexicon.country_of(person.name) is not None and not person.human)


def _person(scene: Scene, sentence: Sentence, source: Source, person: Person) -> Reading:
    """A bearer of a name, with the role that stands beside it here."""
    lexicon = scene.context.lexicon
    mention = next(
        (n for n in person.mentions if n.sentence == sentence.index and source.first <= n.first <= source.last),
        None,
    )
    beside = mention.role if mention is not None else None
    channel = lexicon.channels.get(fold(person.name))
    if channel is not None and beside is None:
        return Reading(speaker_named(channel[0], "organisation", "name", 0.95))
    if source.how == "line":
        resolution = "attribution_line"
    elif mention is not None and len(mention.words) < len(person.words):
        resolution = "surname"
    elif mention is not None and beside is not None and source.head < mention.first:
        resolution = "apposition"
    else:
        resolution = "name"
    kind = "person" if person.human else kind_of_name(person.name, lexicon)
    if kind == "person" and not person.human and sentence.tokens[source.head].upos == "NOUN":
        kind = kind_of_noun(sentence.tokens[source.head], lexicon) or "organisation"
    confidence = 0.7 if resolution == "surname" and scene.cast.ambiguous(person) else 0.95
    if kind == "person" and not person.human:
        confidence = 0.85
    last = mention.last if mention else source.head
    role = _role_behind(scene, sentence, source, last)
    bracketed = last + 1 < len(sentence.tokens) and sentence.tokens[last + 1].text == "("
    if beside is not None and (role is None or bracketed):
        role = beside.printed  # *Stadtpräsidentin Regula Ammann (SP)*
    if role is None and kind == "organisation" and sentence.tokens[source.head].upos == "NOUN":
        role = nominative(sentence.tokens[source.head])  # *die Gewerkschaft EVB*
    if mention is not None:
        scene.discourse.meet_name(sentence, mention, person)
    figure = scene.discourse.figure_of(person, sentence.index, mention.first if mention else source.head)
    return Reading(speaker_named(person.name, kind, resolution, confidence, role=role), figure)


def _role_behind(scene: Scene, sentence: Sentence, source: Source, last: int) -> str | None:
    """The apposition behind a name, as printed (*…, Direktor des Internationalen Instituts*); no age (*(51)*)."""
    if last + 2 > source.last or sentence.tokens[last + 1].text not in (",", "("):
        return None
    first = last + 2
    while first < source.last and sentence.tokens[first].upos == "DET":
        first += 1
    start, end = tree.span_of(sentence, first, source.last)
    printed = " ".join(scene.context.text[start:end].strip(" ,()").split())
    return printed if any(c.isalpha() for c in printed) else None


def _known_channel(scene: Scene, sentence: Sentence, source: Source) -> Speaker | None:
    """*die staatliche Nachrichtenagentur Ria Nowosti*: the name of a medium behind the noun."""
    context = scene.context
    for first in range(source.head, source.last + 1):
        for last in range(source.last, first - 1, -1):
            start, end = tree.span_of(sentence, first, last)
            printed = context.text[start:end]
            known = context.lexicon.channels.get(fold(printed.strip('„“"»«”')))
            if known is None:
                continue
            proper = sentence.tokens[first].upos in ("PROPN", "X") or printed.isupper()
            if last > first or proper or context.is_quoted_token(sentence, first):
                return speaker_named(known[0], "organisation", "name", 0.95)
    return None
