"""Pronouns, possessives, and other words for somebody spoken of just before (*der 34-Jährige*, *die Politikerin*)."""

from __future__ import annotations

from quotes import tree
from quotes.constructions.candidate import Source
from quotes.lexicon import fold
from quotes.model import Sentence, Speaker
from quotes.speakers.antecedents import (
    Describe,
    Scene,
    body_before,
    group_before,
    only_person_near,
    person_before,
    speaking_body,
    subject_before,
    unnamed_before,
)
from quotes.speakers.cast import Person
from quotes.speakers.kinds import speaker_named
from quotes.tables import word_list

_MASCULINE = frozenset({"er", "ihm", "ihn", "seiner", "sein"})
# The reporter's own voice, and words that point to nobody in particular.
_NOBODY = frozenset(
    {"ich", "wir", "uns", "mir", "unser", "mein", "man", "es", "jemand", "niemand", "wer", "viele", "alle"}
)
_ARTICLE_GENDERS = {"der": "m", "dem": "m", "den": "m"}


def read_pronoun(
    scene: Scene, sentence: Sentence, index: int, resolution: str, describe: Describe
) -> tuple[Speaker, Person | None]:
    """The speaker a pronoun or possessive at a token means; nobody where no reading holds.

    Args:
        scene: the article, its people and the row before.
        sentence: the sentence of the pronoun.
        index: its token.
        resolution: what the row says of how the speaker was found, ``pronoun`` or ``possessive``.
        describe: turns a noun phrase into a speaker.
    """
    form = sentence.tokens[index].text.lower()
    if form in _NOBODY:
        return Speaker(), None
    if _is_plural(sentence, index):
        return group_before(scene, sentence, resolution), None
    gender = "m" if _is_masculine(form) else "f"
    found = person_before(scene, sentence, index, gender)
    unnamed = unnamed_before(scene, sentence, gender, resolution, describe)
    if unnamed is not None and (found is None or unnamed[1] > found[2]):
        return unnamed[0], None
    if found is None:
        return body_before(scene, sentence, gender, resolution), None
    body = speaking_body(scene, sentence, gender, resolution)
    if body is not None and body[1] > found[2]:
        return body[0], None
    person, confidence, _ = found
    role = person.roles[0].printed if person.roles else None
    return speaker_named(person.name, "person", resolution, confidence, role=role), person


def _is_masculine(form: str) -> bool:
    return form in _MASCULINE or form.startswith("sein")


def _is_plural(sentence: Sentence, index: int) -> bool:
    """*ihnen*, and *sie* with a verb in the plural; *ihr* and *ihre* are read as the singular."""
    token = sentence.tokens[index]
    form = token.text.lower()
    if form != "sie":
        return form == "ihnen"
    finite = tree.finite_of(sentence, token.head) if token.head >= 0 else None
    if finite is not None and token.relation == "nsubj":
        return sentence.tokens[finite].feats.get("Number") == "Plur"
    return token.feats.get("Number") == "Plur"


def read_described(
    scene: Scene, sentence: Sentence, source: Source, describe: Describe
) -> tuple[Speaker, Person | None] | None:
    """*der 34-Jährige*, *die FDP-Politikerin*, *der Coach*: another word for the person spoken of just before.

    Only a definite phrase without a complement, of fitting gender, for the speaker of the row before within two
    sentences; not where the same word has named somebody unnamed before.
    """
    head = sentence.tokens[source.head]
    article = sentence.tokens[source.first].text.lower()
    aged = _is_aged(sentence, source.head)
    single = aged or head.text.endswith("in") or head.feats.get("Number") != "Plur"
    if article not in ("der", "die", "dem", "den", "des") or not single:
        return None
    entry = scene.context.lexicon.role(head.lemma, head.text)
    woman = entry is None and head.upos == "NOUN" and head.text.endswith(word_list("female_endings"))
    unfit = entry is None or entry.kind in ("relation", "anonymous")
    if (unfit and not woman and not aged) or (source.last > source.head and not aged):
        return None
    gender = entry.gender if entry is not None else "f" if woman else _ARTICLE_GENDERS.get(article, "")
    if (aged and article == "die") or (entry is not None and entry.kind == "group_member"):
        gender = _ARTICLE_GENDERS.get(article, "f")  # *der Liberale*, *die Liberale*
    last = scene.last
    fresh = subject_before(scene, sentence, gender)
    if fresh is not None and (last is None or last.sentence < sentence.index - 1):
        person: Person | None = fresh  # nearer than the speaker of an older row
    elif aged and (last is None or last.person is None):
        found = person_before(scene, sentence, source.head, gender or "m")
        unnamed = unnamed_before(scene, sentence, gender or "m", "role", describe)
        if unnamed is not None and (found is None or unnamed[1] > found[2]):
            return unnamed[0], None
        person = found[0] if found else None
    elif last is not None and last.person is not None and sentence.index - last.sentence <= 2:
        person = last.person
    else:
        person = only_person_near(scene, sentence, gender)
    if person is None or not person.human or (person.gender and gender and person.gender != gender):
        return None
    if not aged and scene.bodies.stood_unnamed(head.lemma, sentence.index):
        return None
    printed = " ".join(t.text for t in sentence.tokens[source.first + 1 : source.last + 1])
    return speaker_named(person.name, "person", "role", 0.7 if aged else 0.6, role=printed), person


def _is_aged(sentence: Sentence, index: int) -> bool:
    """*34-Jährige* as one token, or *Jährige* behind the number and its hyphen."""
    word = fold(sentence.tokens[index].text)
    if word.startswith("jährig"):
        return word.startswith("jährige") and index > 1
    return word.endswith(("jährige", "jähriger", "jährigen"))
