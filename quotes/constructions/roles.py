"""The role beside the cue: who speaks. Whom it is said to stands in :mod:`quotes.constructions.addressees`."""

from __future__ import annotations

from dataclasses import replace

from quotes import tree
from quotes.constructions.candidate import Source
from quotes.constructions.channels import begins_medium, known_channel
from quotes.constructions.context import Context
from quotes.constructions.frame import Frame, subject_right_of
from quotes.lexicon import Lexicon
from quotes.model import Sentence
from quotes.tables import word_list, word_set
from quotes.word_forms import fold

_PERSONAL = frozenset({"er", "sie", "ihm", "ihr", "ihnen", "ihn", "ich", "wir", "er|es|sie"})
_SHORTEST_AGENT = 7
# Where the name stands in *Von der Leyen*.
_NAME_AT = 2
_INDEFINITE = frozenset(
    {"man", "jemand", "niemand", "viele", "beide", "alle", "einige", "manche", "wer", "der", "mehrere"}
)
_QUANTIFIERS = frozenset({"beide", "viele", "einige", "andere", "dieser", "mehrere"})
# Prepositions behind which no subject stands, whatever the tree says.
_OBLIQUE = frozenset({"gegenüber", "laut", "nach", "bei", "von", "mit", "in"})
# *X wird mit den Worten zitiert*: the one who is cited speaks, not the one who cites.
_CITING = frozenset({"zitieren"})


def may_speak(sentence: Sentence, head: int, lexicon: Lexicon) -> bool:
    """Whether a noun phrase denotes someone or something that can be the source of a statement."""
    token = sentence.tokens[head]
    if token.upos == "PROPN":
        return True
    if token.upos == "PRON":
        if token.text.lower() in _PERSONAL or token.feats.get("PronType") == "Rel":
            return True
        return token.lemma.lower() in _INDEFINITE
    if token.upos in ("DET", "NUM", "ADJ"):
        return token.text[0].isupper() or token.lemma.lower() in _QUANTIFIERS
    if token.upos != "NOUN":
        return token.text[0].isupper() and token.upos != "VERB"
    if lexicon.role(token.lemma, token.text) or lexicon.organisation(token.lemma, token.text):
        return True
    if token.text.lower().endswith(("jährige", "jähriger", "jährigen")):
        return True
    if token.relation == "nsubj" and _is_agent_noun(sentence, head):
        return True
    noun = lexicon.noun(token.lemma, token.text)
    if noun is not None and noun.uses & {"document", "source"}:
        return True
    if lexicon.is_channel_noun(token.lemma) or lexicon.country_of(token.text) or fold(token.text) in lexicon.metonyms:
        return True
    if any(sentence.tokens[c].upos == "PROPN" for c in tree.children(sentence, head, "appos", "flat")):
        return True
    # *Brandstetter sieht …*: a word of no list, without an article, in the singular, is a name to a headline.
    bare = not tree.children(sentence, head, "det", "amod", "nmod", "case")
    return bare and token.feats.get("Number") != "Plur" and token.relation == "nsubj" and head == 0


def _is_agent_noun(sentence: Sentence, head: int) -> bool:
    """*die Waadtländerin*, *eine Kranführerin*: a noun of no list that names a woman by its ending."""
    token = sentence.tokens[head]
    if len(token.text) < _SHORTEST_AGENT or token.feats.get("Number") == "Plur":
        return False
    return token.feats.get("Gender") == "Fem" and token.text.endswith(word_list("female_endings"))


def source_of(context: Context, frame: Frame, *, behind: bool = False, until: int | None = None) -> Source | None:
    """The speaker of a frame: its subject, or the agent of a passive.

    Args:
        behind: the frame stands behind its content, so the subject must stand behind the finite verb.
        until: token index where the frame ends (exclusive).
    """
    sentence = frame.sentence
    if frame.entry is not None and frame.entry.lemma in _CITING:
        return _cited(context, frame)
    if frame.impersonal:
        return _container(context, frame)
    if frame.passive:
        return _agent(context, frame) or _container(context, frame)
    subject = frame.subject
    if subject is not None and sentence.tokens[subject].lemma.lower() == "man":
        return _where_one_says(context, frame)
    if behind and (subject is None or subject < frame.first):
        subject = subject_right_of(sentence, frame.verb, frame.first)
    if subject is not None and _is_feminine_dative(sentence, subject):
        subject = subject_right_of(sentence, frame.verb, frame.first) or subject
    if subject is not None and (_has_preposition(sentence, subject) or _is_adverb(sentence, subject)):
        subject = subject_right_of(sentence, frame.verb, frame.first)
    if subject is None:
        name = _name_with_particle(sentence, frame)
        return None if name is None else replace(phrase_source(context, sentence, name), first=0)
    token = sentence.tokens[subject]
    if tree.is_article_for_pronoun(sentence, subject, frame.first):
        subject += 1
        token = sentence.tokens[subject]
    if token.upos == "PRON" and (token.feats.get("PronType") == "Rel" or token.lemma == "der"):
        antecedent = _antecedent(sentence, frame.verb, subject)
        return None if antecedent is None else phrase_source(context, sentence, antecedent)
    if token.text.lower() in ("das", "dies", "was", "es", "welches") or (token.text == "Sie" and subject > 0):
        return None  # a pointer, or the polite address to the reader
    return owner_of_speech(context, sentence, subject) or phrase_source(context, sentence, subject, until=until)


def _where_one_says(context: Context, frame: Frame) -> Source | None:
    """*Im Büro der Vizekanzlerin betont man*: the body inside which *man* speaks; else *man* itself, who is nobody."""
    sentence, lexicon = frame.sentence, context.lexicon
    gossip = any(sentence.tokens[c].lemma == "sich" for c in sentence.children[frame.verb])  # *erzählt man sich*
    for child in () if gossip else tree.children(sentence, frame.verb, "obl", "nmod"):
        cases = {sentence.tokens[c].lemma.lower() for c in tree.children(sentence, child, "case")}
        token = sentence.tokens[child]
        body = lexicon.organisation(token.lemma, token.text) or lexicon.office_body(token.text)
        if cases & {"in", "bei", "aus"} and (body or fold(token.text) in lexicon.metonyms):
            return phrase_source(context, sentence, child)
    return None if frame.subject is None else phrase_source(context, sentence, frame.subject)


def _antecedent(sentence: Sentence, verb: int, pronoun: int) -> int | None:
    """The noun that a relative pronoun stands for: by the tree, else the one before its comma that agrees with it."""
    above = sentence.tokens[verb].head
    if sentence.tokens[verb].relation == "acl" and above >= 0:
        return above
    if pronoun == 0 or sentence.tokens[pronoun - 1].text != ",":
        return None
    for index in range(pronoun - 2, max(-1, pronoun - 8), -1):
        token = sentence.tokens[index]
        if token.upos == "PUNCT" or token.feats.get("VerbForm") == "Fin":
            return None
        if token.upos not in ("NOUN", "PROPN"):
            continue
        wanted = sentence.tokens[pronoun].feats
        if all(token.feats.get(f, wanted.get(f)) == wanted.get(f) for f in ("Gender", "Number")):
            return index
    return None


def _is_feminine_dative(sentence: Sentence, subject: int) -> bool:
    """*Der Zeitung sagte Karma*: *der* before a feminine noun is no nominative, whatever the tree says."""
    token = sentence.tokens[subject]
    articles = [sentence.tokens[c].text.lower() for c in tree.children(sentence, subject, "det")]
    feminine = token.upos == "NOUN" and token.feats.get("Gender") == "Fem" and token.feats.get("Number") != "Plur"
    return feminine and articles == ["der"]


def _name_with_particle(sentence: Sentence, frame: Frame) -> int | None:
    """*Von der Leyen betonte*: a name that opens the sentence and looks like a prepositional phrase."""
    tokens = sentence.tokens
    opens = len(tokens) > _NAME_AT and [t.text for t in tokens[:_NAME_AT]] == ["Von", "der"]
    return _NAME_AT if opens and tokens[_NAME_AT].upos == "PROPN" and frame.first == _NAME_AT + 1 else None


def _is_adverb(sentence: Sentence, subject: int) -> bool:
    """*Skeptischer äußerte sich X*: an adjective without an article at the head of the sentence is no subject."""
    token = sentence.tokens[subject]
    bare = not tree.children(sentence, subject, "det", "amod", "flat", "appos")
    return token.upos == "ADJ" and bare and all(t.upos == "PUNCT" for t in sentence.tokens[:subject])


def _has_preposition(sentence: Sentence, subject: int) -> bool:
    """*Gegenüber der Agentur sagte …*: what stands behind a preposition is no subject, whatever the tree says."""
    if tree.children(sentence, subject, "case"):
        return True
    first = tree.noun_phrase(sentence, subject)[0]
    return first > 0 and sentence.tokens[first - 1].text.lower() in _OBLIQUE


def _cited(context: Context, frame: Frame) -> Source | None:
    sentence = frame.sentence
    if frame.passive:
        return None if frame.subject is None else phrase_source(context, sentence, frame.subject)
    for child in tree.children(sentence, frame.verb, "obj"):
        if may_speak(sentence, child, context.lexicon):
            return phrase_source(context, sentence, child)
    for token in sentence.tokens[frame.first + 1 :]:
        if token.text in (",", ":", ";") or token.upos == "ADP":
            break
        if token.head != frame.verb or token.index == frame.subject or token.upos not in ("NOUN", "PROPN"):
            continue
        citing = known_channel(context, sentence, token.index) is not None
        if citing or context.is_quoted_token(sentence, token.index):
            continue
        if may_speak(sentence, token.index, context.lexicon):
            return phrase_source(context, sentence, token.index)
    return None


def citing_channel(context: Context, frame: Frame) -> tuple[Source, ...]:
    """*zitiert die Agentur Tass die Ministerin*: whoever cites is the channel."""
    cites = frame.entry is not None and frame.entry.lemma in _CITING
    if not cites or frame.passive or frame.subject is None:
        return ()
    sentence = frame.sentence
    first, last = tree.noun_phrase(sentence, frame.subject)
    for index in range(first, last + 1):
        known = known_channel(context, sentence, index)
        if known is not None:
            return (Source(sentence.index, index, index, known[0], "channel", known[1]),)
    return (phrase_source(context, sentence, frame.subject),)


def _container(context: Context, frame: Frame) -> Source | None:
    """*heißt es in der Mitteilung*, *aus den Akten geht hervor*: the document or body in which it stands."""
    sentence = frame.sentence
    lexicon = context.lexicon
    for child in tree.children(sentence, frame.verb, "obl", "nmod"):
        cases = {sentence.tokens[c].lemma.lower() for c in tree.children(sentence, child, "case")}
        if not cases & {"in", "aus", "auf", "bei", "von", "seitens", "laut"}:
            continue
        token = sentence.tokens[child]
        if lexicon.is_document(token.lemma, token.text):
            return owner_of_speech(context, sentence, child) or phrase_source(context, sentence, child)
        body = lexicon.organisation(token.lemma, token.text) or lexicon.role(token.lemma, token.text)
        if cases & {"aus", "bei", "seitens"} and frame.impersonal and token.upos in ("NOUN", "PROPN"):
            return phrase_source(context, sentence, child)
        if body is not None or (frame.entry is not None and frame.entry.kind == "document"):
            return phrase_source(context, sentence, child)
    return None


def owner_of_speech(context: Context, sentence: Sentence, noun: int) -> Source | None:
    """Whose *Antwort*, *Fazit*, *Stellungnahme* it is: the genitive, the *von* phrase or the possessive."""
    token = sentence.tokens[noun]
    entry = context.lexicon.noun(token.lemma, token.text) if token.upos == "NOUN" else None
    if (
        entry is None
        or context.lexicon.role(token.lemma, token.text)
        or context.lexicon.organisation(token.lemma, token.text)
    ):
        return None
    for child in sentence.children[noun]:
        owner = sentence.tokens[child]
        if owner.deprel == "det:poss" or (owner.upos == "DET" and owner.feats.get("Poss") == "Yes"):
            return Source(sentence.index, child, child, child, "possessive")
        if owner.relation not in ("nmod", "appos") or not may_speak(sentence, child, context.lexicon):
            continue
        cases = {sentence.tokens[c].text.lower() for c in tree.children(sentence, child, "case")}
        if cases & {"von", "vom"} or (not cases and owner.feats.get("Case") == "Gen"):
            return phrase_source(context, sentence, child)
    return None


def phrase_source(context: Context, sentence: Sentence, head: int, *, until: int | None = None) -> Source:
    """The noun phrase around a head as a source, cut where an addressee or the end of the frame begins."""
    head = tree.word_end(sentence, _name_top(sentence, head))
    first, last = tree.noun_phrase(sentence, head)
    first = min(first, tree.word_start(sentence, head))
    if context.lexicon.role(sentence.tokens[head].lemma, sentence.tokens[head].text):
        # *Kreml-Sprecher Peskow*: the name right behind a role belongs to it, whatever the tree says
        words = [t.text for t in sentence.tokens]
        ahead = context.lexicon.behind_titles(words, last + 1) if last == head else last + 1
        while ahead < len(sentence.tokens) and _is_name(sentence, ahead):
            last, ahead = ahead, ahead + 1
    known = known_channel(context, sentence, head)
    if known is not None:
        last = max(last, known[0])  # *Sport Bild*, which the parse takes for two phrases
    if until is not None:
        last = max(head, min(last, until - 1))
    country = context.lexicon.country_of
    if head < last and country(sentence.tokens[head].text) and country(sentence.tokens[head + 1].text):
        last = head  # *bot Russland Pjöngjang an*: two arguments, not one name
    for index in range(head + 1, last + 1):
        told = sentence.tokens[index].text in word_set("dative_articles") and sentence.tokens[index - 1].upos != "ADP"
        if sentence.tokens[index].text.lower() in word_set("parts_of_time"):
            last = index - 1  # *soll nach Angaben einer Sprecherin Ende Mai vorliegen*
            break
        worded = sentence.tokens[index].text.lower() == "mit" and any(
            t.text.lower() == "worten" for t in sentence.tokens[index + 1 : index + 4]
        )  # *zitierte einen Arzt mit den Worten: „…“*
        if worded or begins_medium(context, sentence, index) or (told and sentence.tokens[index].upos == "DET"):
            last = index - 1
            break
    for index in range(head + 1, last):
        if sentence.tokens[index].upos == "CCONJ" and sentence.tokens[index + 1].feats.get("VerbForm") == "Fin":
            last = index  # *sagt die Chefin und lächelt*
            break
    while last > head and sentence.tokens[last].upos in ("PUNCT", "CCONJ", "ADP"):
        if sentence.tokens[last].text == ")" and any(t.text == "(" for t in sentence.tokens[head:last]):
            break
        last -= 1
    particles = word_set("name_particles")
    while last + 1 < len(sentence.tokens) and sentence.tokens[last].text in particles and _is_name(sentence, last + 1):
        last += 1  # *de Maizière*, which the parse takes for two subjects
    if until is None:
        last = _affiliated(context, sentence, last)
    last = _from_where(sentence, head, last)
    return Source(sentence.index, head, first, last)


def _affiliated(context: Context, sentence: Sentence, last: int) -> int:
    """The end of *Vera Holm von der Universität Bergen*: a name with its body, wherever the tree hangs it."""
    tokens, at = sentence.tokens, last + 1
    if tokens[last].upos != "PROPN" or at + 1 >= len(tokens) or tokens[at].text.lower() not in ("von", "vom"):
        return last
    clause = tree.clause_head(sentence, last)
    while at + 1 < len(tokens) and tokens[at + 1].upos in ("DET", "ADJ"):
        at += 1
    at += 1
    body = at < len(tokens) and (
        context.lexicon.organisation(tokens[at].lemma, tokens[at].text) is not None
        or context.lexicon.office_body(tokens[at].text) is not None
        or tokens[at].upos == "X"
    )
    if not body or tree.is_passive(sentence, clause):
        return last
    while at + 1 < len(tokens) and tokens[at + 1].upos in ("PROPN", "X") and tokens[at + 1].text[:1].isupper():
        at += 1
    return at


def _from_where(sentence: Sentence, head: int, last: int) -> int:
    """The end of *eine Oma aus Bergheim*, wherever the tree hangs the place."""
    tokens = sentence.tokens
    behind = tokens[last + 1 : last + 3]
    if last != head or tokens[head].upos != "NOUN" or [t.upos for t in behind] != ["ADP", "PROPN"]:
        return last
    return last + 2 if behind[0].text == "aus" else last


def _is_name(sentence: Sentence, index: int) -> bool:
    token = sentence.tokens[index]
    genitive = token.text.endswith("s") and token.feats.get("Case") == "Gen"
    return token.upos == "PROPN" and token.text[:1].isupper() and not genitive and token.relation not in ("obl", "iobj")


def _name_top(sentence: Sentence, head: int) -> int:
    """A name part leads to its name; *Peskow* as apposition of *Sprecher* is met at *Sprecher*."""
    while sentence.tokens[head].relation == "flat" and sentence.tokens[head].head >= 0:
        head = sentence.tokens[head].head
    return head


def _agent(context: Context, frame: Frame) -> Source | None:
    sentence = frame.sentence
    for child in tree.children(sentence, frame.verb, "obl"):
        cases = {sentence.tokens[c].lemma for c in tree.children(sentence, child, "case")}
        if cases & {"von", "durch", "seitens"} and may_speak(sentence, child, context.lexicon):
            return phrase_source(context, sentence, child)
    return None
