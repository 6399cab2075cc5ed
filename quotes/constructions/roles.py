"""The roles beside the cue: who speaks, to whom, and through which channel."""

from __future__ import annotations

from collections.abc import Iterable

from quotes import tree
from quotes.constructions.candidate import Source
from quotes.constructions.context import Context
from quotes.constructions.frame import Frame, subject_right_of
from quotes.lexicon import Lexicon, fold
from quotes.model import Sentence, Span, Token

# Roles of people who work for a medium: *ein Sprecher der Nachrichtenagentur* names no addressee.
_MEDIA_ROLES = ("sprecher", "sprecherin", "redakteur", "redakteurin", "korrespondent", "korrespondentin", "reporter")
_MEDIA_ROLES += ("reporterin", "journalist", "journalistin", "mitarbeiter", "chef", "chefin", "leser", "intendant")
_MEDIA_ROLES += ("herausgeber", "moderator", "moderatorin", "kommentator", "büro", "bericht", "angabe", "seite")
# Prepositions before a channel (*im ZDF*, *auf X*, *bei CNN*, *gegenüber der dpa*, *via Telegram*).
_CHANNEL_PREPOSITIONS = frozenset({"in", "auf", "bei", "gegenüber", "via", "über", "von", "mit", "für", "laut", "nach"})
_DAYS = frozenset(
    "montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag januar jänner februar märz april mai juni juli"
    " august september oktober november dezember montagabend mittwochabend freitagabend".split()
)
_PERSONAL = frozenset({"er", "sie", "ihm", "ihr", "ihnen", "ihn", "ich", "wir", "er|es|sie"})


def may_speak(sentence: Sentence, head: int, lexicon: Lexicon) -> bool:
    """Whether a noun phrase denotes someone or something that can be the source of a statement."""
    token = sentence.tokens[head]
    if token.upos == "PROPN":
        return True
    if token.upos == "PRON":
        return (
            token.text.lower() in _PERSONAL
            or token.feats.get("PronType") == "Rel"
            or token.lemma.lower()
            in (
                "man",
                "jemand",
                "niemand",
                "viele",
                "beide",
                "alle",
                "einige",
                "manche",
                "wer",
                "der",
                "mehrere",
            )
        )
    if token.upos in ("DET", "NUM", "ADJ"):
        return token.text[0].isupper() or token.lemma.lower() in (
            "beide",
            "viele",
            "einige",
            "andere",
            "dieser",
            "mehrere",
        )
    if token.upos != "NOUN":
        return token.text[0].isupper() and token.upos != "VERB"
    if lexicon.role(token.lemma, token.text) or lexicon.organisation(token.lemma, token.text):
        return True
    if token.text.lower().endswith(("jährige", "jähriger", "jährigen")):
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
    if behind and (subject is None or subject < frame.first):
        subject = subject_right_of(sentence, frame.verb, frame.first)
    if subject is not None and _has_preposition(sentence, subject):
        subject = subject_right_of(sentence, frame.verb, frame.first)
    if subject is None:
        return None
    token = sentence.tokens[subject]
    if token.upos == "PRON" and (token.feats.get("PronType") == "Rel" or token.lemma == "der"):
        antecedent = sentence.tokens[frame.verb].head
        if sentence.tokens[frame.verb].relation == "acl" and antecedent >= 0:
            return phrase_source(context, sentence, antecedent)
        return None
    if token.text.lower() in ("das", "dies", "was", "es", "welches") or (token.text == "Sie" and subject > 0):
        return None  # a pointer, or the polite address to the reader
    return owner_of_speech(context, sentence, subject) or phrase_source(context, sentence, subject, until=until)


def _has_preposition(sentence: Sentence, subject: int) -> bool:
    """*Gegenüber der Agentur sagte …*: what stands behind a preposition is no subject, whatever the tree says."""
    if tree.children(sentence, subject, "case"):
        return True
    first = tree.noun_phrase(sentence, subject)[0]
    return first > 0 and sentence.tokens[first - 1].text.lower() in ("gegenüber", "laut", "nach", "bei", "von", "mit", "in")


# *X wird mit den Worten zitiert*: the one who is cited speaks, not the one who cites.
_CITING = frozenset({"zitieren"})


def _cited(context: Context, frame: Frame) -> Source | None:
    sentence = frame.sentence
    if frame.passive:
        return None if frame.subject is None else phrase_source(context, sentence, frame.subject)
    for child in tree.children(sentence, frame.verb, "obj"):
        if may_speak(sentence, child, context.lexicon):
            return phrase_source(context, sentence, child)
    return None


def _container(context: Context, frame: Frame) -> Source | None:
    """*heißt es in der Mitteilung*, *aus den Akten geht hervor*: the document or body in which it stands."""
    sentence = frame.sentence
    lexicon = context.lexicon
    for child in tree.children(sentence, frame.verb, "obl", "nmod"):
        cases = {sentence.tokens[c].lemma.lower() for c in tree.children(sentence, child, "case")}
        if not cases & {"in", "aus", "auf", "bei", "von", "seitens", "laut"}:
            continue
        token = sentence.tokens[child]
        noun = lexicon.noun(token.lemma, token.text)
        if noun is not None and "document" in noun.uses:
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
    head = _word_end(sentence, _name_top(sentence, head))
    first, last = tree.noun_phrase(sentence, head)
    first = min(first, _word_start(sentence, head))
    if context.lexicon.role(sentence.tokens[head].lemma, sentence.tokens[head].text):
        # *Kreml-Sprecher Peskow*: the name right behind a role belongs to it, whatever the tree says
        while last + 1 < len(sentence.tokens) and _is_name(sentence, last + 1):
            last += 1
    if until is not None:
        last = max(head, min(last, until - 1))
    country = context.lexicon.country_of
    if head < last and country(sentence.tokens[head].text) and country(sentence.tokens[head + 1].text):
        last = head  # *bot Russland Pjöngjang an*: two arguments, not one name
    for index in range(head + 1, last + 1):
        if _begins_addressee(context, sentence, index, head):
            last = index - 1
            break
    while last > head and sentence.tokens[last].upos in ("PUNCT", "CCONJ", "ADP"):
        if sentence.tokens[last].text == ")" and any(t.text == "(" for t in sentence.tokens[head:last]):
            break
        last -= 1
    return Source(sentence.index, head, first, last)


def _glued(sentence: Sentence, index: int) -> bool:
    """Whether a hyphen at ``index`` joins the words on both sides (*Kreml-Sprecher*)."""
    tokens = sentence.tokens
    if not 0 < index < len(tokens) - 1 or tokens[index].text != "-":
        return False
    return tokens[index - 1].end == tokens[index].start and tokens[index].end == tokens[index + 1].start


def _word_end(sentence: Sentence, index: int) -> int:
    """The last part of a word with hyphens: its head, though the parse may hang the clause on the first part."""
    while _glued(sentence, index + 1):
        index += 2
    return index


def _word_start(sentence: Sentence, index: int) -> int:
    while _glued(sentence, index - 1):
        index -= 2
    return index


def _is_name(sentence: Sentence, index: int) -> bool:
    token = sentence.tokens[index]
    genitive = token.text.endswith("s") and token.feats.get("Case") == "Gen"
    return token.upos == "PROPN" and token.text[:1].isupper() and not genitive and token.relation not in ("obl", "iobj")


def _name_top(sentence: Sentence, head: int) -> int:
    """A name part leads to its name; *Peskow* as apposition of *Sprecher* is met at *Sprecher*."""
    while sentence.tokens[head].relation == "flat" and sentence.tokens[head].head >= 0:
        head = sentence.tokens[head].head
    return head


def _begins_addressee(context: Context, sentence: Sentence, index: int, head: int) -> bool:
    """*…, der Nachrichtenagentur AFP*, *der „Bild“*: a dative article and a medium behind the speaker."""
    token = sentence.tokens[index]
    if token.text.lower() not in ("der", "dem", "den"):
        return False
    noun = index + 1
    while noun < len(sentence.tokens) and sentence.tokens[noun].upos in ("ADJ", "PUNCT") and noun < index + 5:
        noun += 1
    if noun >= len(sentence.tokens):
        return False
    medium = sentence.tokens[noun]
    known = known_channel(context, sentence, noun)
    if not context.lexicon.is_channel_noun(medium.lemma) and known is None:
        return False
    before = sentence.tokens[index - 1]
    if before.text == ",":
        return True
    owner = fold(before.lemma)
    return not (before.upos == "NOUN" and owner.endswith(_MEDIA_ROLES))


def known_channel(context: Context, sentence: Sentence, index: int) -> tuple[int, str, str] | None:
    """A channel of the lexicon that begins at a token: last token, canonical name, kind.

    A name that is also a word (*Welt*, *Bild*, *X*) counts only inside quotation marks, as a proper noun of
    the parse, or behind a noun for media.
    """
    lexicon = context.lexicon
    for last in range(min(index + 5, len(sentence.tokens) - 1), index - 1, -1):
        printed = context.text[sentence.tokens[index].start : sentence.tokens[last].end]
        found = lexicon.channels.get(fold(printed))
        if found is None:
            continue
        if last == index and not _stands_as_name(context, sentence, index):
            continue
        return last, found[0], found[1]
    return None


def _stands_as_name(context: Context, sentence: Sentence, index: int) -> bool:
    token = sentence.tokens[index]
    if not token.text[:1].isalnum() or (token.text.islower() and len(token.text) > 4):
        return False
    if context.is_quoted_token(sentence, index):
        return True
    before = sentence.tokens[index - 1] if index else None
    if len(token.text) == 1:
        return before is not None and before.text.lower() in ("auf", "bei", "plattform", "netzwerk", "dienst")
    if before is not None and context.lexicon.is_channel_noun(before.lemma):
        return True
    return token.upos == "PROPN" or token.text.isupper() or (token.text.islower() and len(token.text) <= 4)


def _agent(context: Context, frame: Frame) -> Source | None:
    sentence = frame.sentence
    for child in tree.children(sentence, frame.verb, "obl"):
        cases = {sentence.tokens[c].lemma for c in tree.children(sentence, child, "case")}
        if cases & {"von", "durch", "seitens"} and may_speak(sentence, child, context.lexicon):
            return phrase_source(context, sentence, child)
    return None


def addressee_of(context: Context, frame: Frame, source: Source | None) -> tuple[Span, ...]:
    """*gegenüber Journalisten*, *vor Reportern*, *zu Putin*, *der Nachrichtenagentur AFP*: as printed."""
    sentence = frame.sentence
    taken = range(source.first, source.last + 1) if source and source.sentence == sentence.index else range(0)
    if source and source.sentence == sentence.index and source.last + 1 < len(sentence.tokens):
        after = source.last + 1
        if sentence.tokens[after].text == ",":
            after += 1
        if after < len(sentence.tokens) and _begins_addressee(context, sentence, after, source.head):
            last = _medium_end(context, sentence, after)
            return (tree.span_of(sentence, after, last),)
    for child in sentence.children[frame.verb]:
        token = sentence.tokens[child]
        if (
            child in taken
            or token.relation not in ("obl", "iobj", "obj", "nmod")
            or (token.upos == "PRON"
            and token.lemma == "sich")
        ):
            continue
        cases = [sentence.tokens[c] for c in tree.children(sentence, child, "case")]
        words = {c.text.lower() for c in cases}
        if "gegenüber" in words or (words & {"vor", "zu", "an"} and _is_person(context, sentence, child)):
            first, last = tree.noun_phrase(sentence, child)
            first = min([first, *(c.index for c in cases)])
            last = max([last, *(c.index for c in cases if c.index == last + 1)])
            return (tree.span_of(sentence, first, last),)
        dative = token.feats.get("Case") == "Dat" and not cases and token.upos in ("NOUN", "PROPN")
        dative = dative and (token.upos == "PROPN" or bool(tree.children(sentence, child, "det")))
        if dative and token.relation in ("iobj", "obl", "obj") and may_speak(sentence, child, context.lexicon):
            if frame.entry is None or frame.entry.kind != "thank":
                first, last = tree.noun_phrase(sentence, child)
                return (tree.span_of(sentence, first, last),)
    return ()


def _is_person(context: Context, sentence: Sentence, index: int) -> bool:
    token = sentence.tokens[index]
    if context.lexicon.role(token.lemma, token.text) is not None:
        return True
    return token.upos == "PROPN" and token.text.lower() not in _DAYS


def _medium_end(context: Context, sentence: Sentence, first: int) -> int:
    """The last token of *der Nachrichtenagentur AFP*, *der „Bild am Sonntag“*."""
    known = known_channel(context, sentence, first + 1)
    if known is not None:
        return known[0]
    last = first + 1
    while last + 1 < len(sentence.tokens):
        token = sentence.tokens[last + 1]
        if _glued(sentence, last + 1):
            last += 2
            continue
        quoted = context.is_quoted_token(sentence, last + 1)
        if not (token.upos in ("PROPN", "ADJ") or quoted or context.lexicon.is_channel_noun(token.lemma)):
            break
        last += 1
    return last


def channels_in(
    context: Context, sentence: Sentence, indices: Iterable[int], *, without: Source | None
) -> tuple[Source, ...]:
    """The channels named among some tokens of a sentence: *im ZDF*, *auf Telegram*, *der Nachrichtenagentur AFP*."""
    allowed = set(indices)
    if without and without.sentence == sentence.index:
        allowed -= set(range(without.first, without.last + 1))
    found: list[Source] = []
    index = 0
    while index < len(sentence.tokens):
        if index not in allowed:
            index += 1
            continue
        known = known_channel(context, sentence, index)
        if known is not None and _introduced(context, sentence, index):
            found.append(Source(sentence.index, index, index, known[0], "channel", known[1]))
            index = known[0] + 1
            while index + 1 < len(sentence.tokens) and sentence.tokens[index].text in ("und", "sowie", ","):
                known = known_channel(context, sentence, index + 1)
                if known is None:
                    break
                found.append(Source(sentence.index, index + 1, index + 1, known[0], "channel", known[1]))
                index = known[0] + 1
            continue
        token = sentence.tokens[index]
        if (
            context.lexicon.is_channel_noun(token.lemma)
            and token.upos == "NOUN"
            and _introduced(context, sentence, index)
        ):
            named = _name_behind(context, sentence, index)
            if named is not None:
                found += named
                index = named[-1].last + 1
                continue
        index += 1
    return tuple(found)


def _name_behind(context: Context, sentence: Sentence, noun: int) -> list[Source] | None:
    """The names that follow a noun for media (*Nachrichtenagenturen Tass und Ria Nowosti*)."""
    found: list[Source] = []
    index = noun + 1
    while index < len(sentence.tokens):
        if sentence.tokens[index].upos == "PUNCT" and context.is_quoted_token(sentence, index):
            index += 1
            continue
        known = known_channel(context, sentence, index)
        if known is not None:
            found.append(Source(sentence.index, index, index, known[0], "channel", known[1]))
            index = known[0] + 1
        elif sentence.tokens[index].upos == "PROPN" or (
            context.is_quoted_token(sentence, index) and sentence.tokens[index].upos != "PUNCT"
        ):
            last = index
            while last + 1 < len(sentence.tokens) and _same_name(context, sentence, index, last + 1):
                last += 1
            name = context.text[sentence.tokens[index].start : sentence.tokens[last].end]
            found.append(Source(sentence.index, index, index, last, "channel", name))
            index = last + 1
        else:
            break
        if index + 1 < len(sentence.tokens) and sentence.tokens[index].text in ("und", ","):
            follows = sentence.tokens[index + 1]
            if follows.upos == "PROPN" and sentence.tokens[index].text == "und":
                index += 1
                continue
        break
    return found or None


def _same_name(context: Context, sentence: Sentence, first: int, index: int) -> bool:
    token = sentence.tokens[index]
    if context.is_quoted_token(sentence, first):
        return context.is_quoted_token(sentence, index) and token.text not in '“”"»«'
    return token.upos == "PROPN"


def _introduced(context: Context, sentence: Sentence, index: int) -> bool:
    """Whether a channel is said to carry the statement: behind a preposition, a dative article or a medium noun."""
    at = index - 1
    while at >= 0 and (
        sentence.tokens[at].upos in ("DET", "ADJ", "PUNCT")
        or context.lexicon.is_channel_noun(sentence.tokens[at].lemma)
    ):
        if sentence.tokens[at].upos == "PUNCT" and sentence.tokens[at].text in (".", ":", ";", ")"):
            return False
        at -= 1
    if at < 0:
        return False
    before: Token = sentence.tokens[at]
    articles = [t.text.lower() for t in sentence.tokens[at + 1 : index] if t.upos == "DET"]
    if before.upos == "ADP":
        return before.text.lower() in _CHANNEL_PREPOSITIONS or before.lemma in _CHANNEL_PREPOSITIONS
    return any(a in ("der", "dem", "den") for a in articles)
