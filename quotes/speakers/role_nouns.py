"""Role nouns: what *der russische Präsident*, *Kremlchef*, *Müller, Direktor des Museums* say of their bearer."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from quotes import tree
from quotes.lexicon import Lexicon
from quotes.model import Sentence
from quotes.tables import word_list
from quotes.word_forms import fold

# Letters of a first part without a hyphen: shorter ones stand in other words by chance (*us* in *Ausbilder*).
_SHORTEST_FIRST_PART = 3


@dataclass(frozen=True, slots=True)
class Role:
    """A role as printed, with what it can be compared by.

    Attributes:
        noun: the folded noun with the parts before its hyphens (*us-präsident*).
        core: the noun without a country or body in its first part (*präsident*).
        kind: its class of interchangeable offices, if it has one.
        country: the country, region or body it belongs to, by the table's name.
        printed: the noun with its adjectives.
        gender: ``m``, ``f``, or empty.
        sentence: where it stands.
        current: false for *früherer*, *designierter*, *Ex-*: not who holds the office at the time.
    """

    noun: str
    kind: str | None
    country: str | None
    printed: str
    gender: str
    sentence: int
    core: str = ""
    current: bool = True


def role_beside(sentence: Sentence, first: int, last: int, lexicon: Lexicon) -> Role | None:
    """The role noun right before a name (*Kremlchef Putin*) or behind its comma (*Müller, Direktor des …*)."""
    tokens = sentence.tokens
    noun = first - 1
    while noun > 0 and lexicon.is_title(tokens[noun].text):
        noun -= 1
    if noun >= 0 and tokens[noun].upos in ("NOUN", "PROPN", "ADJ"):
        before = tokens[noun]
        body = lexicon.body_class(before.text) is not None  # *Fahrradhersteller Veloria* is no person
        if lexicon.role(before.lemma, before.text) and before.feats.get("Number") != "Plur" and not body:
            return role_of(sentence, noun, lexicon)
    if last + 2 < len(tokens) and tokens[last + 1].text in (",", "("):
        for index in range(last + 2, min(last + 8, len(tokens))):
            token = tokens[index]
            if token.upos == "NOUN":
                attached = token.relation == "appos" and first <= token.head <= last
                if attached and lexicon.role(token.lemma, token.text):
                    return role_of(sentence, index, lexicon)
                break
            if token.upos not in ("DET", "ADJ", "PROPN", "ADV", "NUM"):
                break
    return None


def role_of(sentence: Sentence, noun: int, lexicon: Lexicon) -> Role | None:
    """The role that a noun with its adjectives and genitives names (*der russische Präsident*), if it is a role."""
    token = sentence.tokens[noun]
    entry = lexicon.role(token.lemma, token.text)
    if entry is None:
        return None
    first = noun
    word = _printed_noun(sentence, noun)
    if token.upos == "NOUN" and lexicon.role(token.lemma) is not None and word.endswith(token.text):
        word = word.removesuffix(token.text) + token.lemma  # *dem russischen Präsidenten*
    core, country = split_office(word, lexicon)
    while first > 0 and (sentence.tokens[first - 1].upos in ("ADJ", "PROPN") or _hyphen_part(sentence, first)):
        if sentence.tokens[first - 1].upos == "PROPN" and not (
            sentence.tokens[first - 1].text.endswith("s")
            or _hyphen_part(sentence, first - 1)
            or _hyphen_part(sentence, first)
        ):
            break
        first -= 1
        country = country or _seat(sentence.tokens[first].text, lexicon)
    for child in tree.children(sentence, noun, "nmod"):
        if child > noun:
            named = min([child, *(a for a in tree.children(sentence, child, "amod") if a > noun)])
            phrases = (_printed_noun(sentence, child), _text(sentence, named, child))
            country = country or next((s for phrase in phrases if (s := _seat(phrase, lexicon))), None)
    printed = _text(sentence, first, noun)
    gender = _declined_gender(sentence, first, noun, lexicon) or (entry.gender if entry.gender in ("m", "f") else "")
    before = [t.text.lower() for t in sentence.tokens[first:noun]]
    current = not any(w.startswith(word_list("former_or_future")) for w in (*before, fold(word)))
    kind = (lexicon.role_class(word) or lexicon.role_class(core)) if current else None
    return Role(fold(word), kind, country, printed, gender, sentence.index, core, current)


def split_office(word: str, lexicon: Lexicon) -> tuple[str, str | None]:
    """A role noun without the country or body in its first part, and that country or body.

    *Kremlchef* gives *chef* and Russland, *US-Präsident* *präsident* and USA, *Minister* itself and ``None``.
    """
    folded = fold(word)
    for length in range(len(folded) - 3, 1, -1):
        hyphen = folded[length] == "-"
        if length > _SHORTEST_FIRST_PART or hyphen:
            seat = _seat(folded[:length], lexicon)
            if seat is not None:
                return folded[length + hyphen :], seat
    return folded, None


def _seat(word: str, lexicon: Lexicon) -> str | None:
    return lexicon.country_of(word) or lexicon.office_body(word)


def _declined_gender(sentence: Sentence, first: int, noun: int, lexicon: Lexicon) -> str:
    """*der Gesandte*, *ein Abgeordneter*, *die Vorsitzende*: adjectives as nouns take their gender from the article."""
    token = sentence.tokens[noun]
    word = fold(token.text)
    both = word + "r" in lexicon.roles if word.endswith("e") else word.removesuffix("r") in lexicon.roles
    if not (word.endswith(("e", "er")) and both) and not word.endswith(word_list("declined_nouns")):
        return ""
    if token.text.endswith("r"):
        return "m"
    article = sentence.tokens[first - 1].text.lower() if first > 0 else ""
    nominative = token.feats.get("Case") == "Nom" or token.relation == "nsubj"
    return {"der": "m" if nominative else "f", "dem": "m", "des": "m", "den": "m", "die": "f"}.get(article, "")


def _hyphen_part(sentence: Sentence, first: int) -> bool:
    """Whether a token belongs to the one before it by a hyphen (*US - Präsident*, *Nato- Generalsekretär*)."""
    tokens = sentence.tokens
    hyphen = first > 0 and (tokens[first - 1].text.endswith("-") or tokens[first].text == "-")
    return hyphen and tokens[first - 1].end == tokens[first].start


def _printed_noun(sentence: Sentence, noun: int) -> str:
    """The noun with the parts before its hyphens: *Kreml-Sprecher*."""
    first = noun
    while _hyphen_part(sentence, first):
        first -= 1
    return _text(sentence, first, noun)


def _text(sentence: Sentence, first: int, last: int) -> str:
    """Tokens as printed, with one blank where there was any."""
    words = sentence.tokens[first].text
    for before, token in pairwise(sentence.tokens[first : last + 1]):
        words += token.text if before.end == token.start else " " + token.text
    return words
