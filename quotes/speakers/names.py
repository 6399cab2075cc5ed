"""Names in an article: runs of proper nouns, the role words beside them, and whether they name a person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from quotes import tree
from quotes.lexicon import Lexicon, fold
from quotes.model import Sentence, Token

PARTICLES = frozenset("von van de der den di da dos del al el bin ibn zu vom zum la le ten ter".split())
FOREIGN_PARTICLES = frozenset("van de di da do dos del al el bin ibn la le ten ter".split())
# Nouns before a name that make it a place: *im Bundesstaat New Jersey*, *die Stadt Emden*.
_PLACE_NOUNS = (
    "staat",
    "stadt",
    "insel",
    "provinz",
    "region",
    "dorf",
    "ort",
    "kreis",
    "gemeinde",
    "fluss",
    "straße",
    "see",
)


@dataclass(frozen=True, slots=True)
class Role:
    """A role as printed, with what it can be compared by: noun, class of offices, country."""

    noun: str
    kind: str | None
    country: str | None
    printed: str
    gender: str
    sentence: int


@dataclass(frozen=True, slots=True)
class Name:
    """A name in the text: its words without a genitive -s, its tokens, its role if one stands beside it."""

    words: tuple[str, ...]
    sentence: int
    first: int
    last: int
    role: Role | None
    person: bool
    gender: str
    subject: bool

    @property
    def text(self) -> str:
        return join_name(self.words)


def join_name(words: tuple[str, ...]) -> str:
    """Words joined by blanks, and without one beside a hyphen."""
    return " ".join(words).replace(" - ", "-").replace("- ", "-")


def find_names(sentence: Sentence, lexicon: Lexicon) -> Iterator[Name]:
    """All runs of proper nouns that are no part of a compound."""
    index = 0
    while index < len(sentence.tokens):
        if not _begins_name(sentence, index, lexicon):
            index += 1
            continue
        last = _run_end(sentence, index, lexicon)
        name = _name(sentence, index, last, lexicon)
        if name is not None:
            yield name
        index = last + 1


def _begins_name(sentence: Sentence, index: int, lexicon: Lexicon) -> bool:
    token = sentence.tokens[index]
    if token.text in PARTICLES and index > 0 and index + 1 < len(sentence.tokens):
        # *Trainer van der Velde*: a name that begins with its particle, behind a role
        before = sentence.tokens[index - 1]
        ahead = index + 1
        while ahead + 1 < len(sentence.tokens) and sentence.tokens[ahead].text in PARTICLES:
            ahead += 1
        behind_role = before.upos == "NOUN" and lexicon.role(before.lemma, before.text) is not None
        return (
            behind_role
            and token.text not in ("der", "den", "zu", "zum", "vom")
            and sentence.tokens[ahead].upos == "PROPN"
            and (token.text != "von" or not sentence.tokens[index].relation == "case")
        )
    if not token.text[:1].isupper() or _in_compound(sentence, index, lexicon):
        return False
    if token.text.endswith("-") and fold(token.text[:-1]) in lexicon.given_names:
        return _open_hyphen(sentence.tokens, index)  # *Jean-* and *Jacques*
    if token.upos in ("PROPN", "X"):
        if lexicon.role(token.text) and index + 1 < len(sentence.tokens):
            follows = sentence.tokens[index + 1]
            if fold(follows.text) in lexicon.given_names and follows.upos == "PROPN":
                return False  # *Obmann Herbert Kickl*, with the role taken for a name
        before = sentence.tokens[index - 1] if index else None
        owned = before is not None and before.upos == "PROPN" and before.feats.get("Case") == "Gen"
        return not (owned and fold(token.text) in lexicon.roles)  # *Kims Übersetzer*
    # *Koch*, *Lang*, *An*: a word that the tagger takes for a noun or adverb is a name behind or before one.
    follows = sentence.tokens[index + 1] if index + 1 < len(sentence.tokens) else None
    known = fold(token.text) in lexicon.given_names or fold(token.text) in lexicon.family_first
    return known and follows is not None and follows.upos == "PROPN" and follows.text[:1].isupper() and index > 0


def _in_compound(sentence: Sentence, index: int, lexicon: Lexicon) -> bool:
    """*Kreml* in *Kreml-Sprecher*: first part of a word with a hyphen whose last part is no name."""
    tokens = sentence.tokens
    while index + 2 < len(tokens) and tokens[index + 1].text == "-" and _glued(tokens[index : index + 3]):
        index += 2
        if tokens[index].upos not in ("PROPN", "X") or lexicon.role(tokens[index].text):
            return True
    return False


def _glued(tokens: tuple[Token, ...]) -> bool:
    return all(a.end == b.start for a, b in zip(tokens, tokens[1:], strict=False))


def _run_end(sentence: Sentence, index: int, lexicon: Lexicon) -> int:
    tokens = sentence.tokens
    last = index
    while last + 1 < len(tokens):
        token = tokens[last + 1]
        if fold(tokens[last].text) in lexicon.given_names and _double_name(tokens, last + 1):
            last += 3
            continue
        if _open_hyphen(tokens, last + 1):
            last += 2  # *Vogt-* and *Berger* as two tokens
            continue
        if lexicon.country_of(tokens[last].text) and lexicon.country_of(token.text):
            break
        if token.upos in ("PROPN", "X") and token.text[:1].isupper():
            if (
                _in_compound(sentence, last + 1, lexicon)
                or (tokens[last].text.endswith("s")
                and tokens[last].feats.get("Case") == "Gen")
            ):
                break
            if token.relation in ("conj", "obl", "obj", "nsubj") and tokens[last].relation not in ("flat", "compound"):
                if (
                    fold(tokens[last].text) not in lexicon.given_names
                    and fold(tokens[last].text) not in lexicon.family_first
                ):
                    break
            last += 1
            continue
        if (
            token.text == "-"
            and last + 2 < len(tokens)
            and _glued(tokens[last : last + 3])
            and tokens[last + 2].upos == "PROPN"
        ):
            last += 2
            continue
        if token.text.lower() in PARTICLES and token.text[:1].islower() and token.upos in ("PROPN", "ADP", "X", "DET"):
            ahead = last + 2
            while ahead < len(tokens) and tokens[ahead].text.lower() in PARTICLES:
                ahead += 1
            known = fold(tokens[last].text) in lexicon.given_names or token.text in FOREIGN_PARTICLES
            german = token.text in ("von", "zu", "vom", "zum")
            fits = token.text in FOREIGN_PARTICLES or german
            if (
                known
                and fits
                and ahead < len(tokens)
                and tokens[ahead].upos == "PROPN"
                and tokens[ahead].text[:1].isupper()
            ):
                last = ahead
                continue
        # A family name that is also a word, behind a given name (*Roland Koch*).
        known = fold(tokens[last].text) in lexicon.given_names
        if (
            known
            and token.upos in ("NOUN", "ADJ")
            and token.text[:1].isupper()
            and token.relation in ("flat", "appos", "compound")
        ):
            last += 1
            continue
        break
    return last


def _open_hyphen(tokens: tuple[Token, ...], index: int) -> bool:
    if index + 1 >= len(tokens):
        return False
    first, second = tokens[index], tokens[index + 1]
    glued = first.text.endswith("-") and len(first.text) > 2 and first.end == second.start
    return glued and first.text[0].isupper() and second.text[0].isupper() and second.upos == "PROPN"


def _double_name(tokens: tuple[Token, ...], index: int) -> bool:
    """*Nussbaumer-Klee* behind a given name, whatever the tagger takes its parts for."""
    if index + 2 >= len(tokens) or tokens[index + 1].text != "-" or not _glued(tokens[index : index + 3]):
        return False
    return tokens[index].text[:1].isupper() and tokens[index + 2].text[:1].isupper()


def _name(sentence: Sentence, first: int, last: int, lexicon: Lexicon) -> Name | None:
    tokens = sentence.tokens[first : last + 1]
    words = [t.text for t in tokens]
    if _is_genitive(sentence, first, last):
        words[-1] = words[-1][:-1]
    role = role_beside(sentence, first, last, lexicon)
    given = lexicon.given_names.get(fold(words[0])) if len(words) > 1 else None
    family_first = len(words) > 1 and fold(words[0]) in lexicon.family_first
    titled = first > 0 and lexicon.titles.get(fold(sentence.tokens[first - 1].text.rstrip(".")))
    known_other = (
        lexicon.country_of(join_name(tuple(words))) is not None
        or fold(join_name(tuple(words))) in lexicon.channels
        or fold(words[0]) in lexicon.metonyms
        or _is_place(sentence, first)
    )
    person = bool(given or family_first or titled or role is not None) and not (known_other and role is None)
    gender = given or (role.gender if role is not None else "") or (titled if isinstance(titled, str) else "") or ""
    if gender in ("u", "mf", "pl"):
        gender = ""
    head = next((t for t in tokens if t.head < first or t.head > last), tokens[0])
    subject = _is_subject(sentence, head)
    return Name(tuple(words), sentence.index, first, last, role, person, gender, subject)


def _is_genitive(sentence: Sentence, first: int, last: int) -> bool:
    """*Putins Sprecher*: a final -s of the case, on a name that modifies a noun."""
    token = sentence.tokens[last]
    if (
        not token.text.endswith("s")
        or len(token.text) < 4
        or token.text.endswith("ss")
        or token.feats.get("Case") != "Gen"
    ):
        return False
    head = next((t for t in sentence.tokens[first : last + 1] if not first <= t.head <= last), token)
    return head.relation not in ("nsubj", "root") and head.head >= 0


def _is_place(sentence: Sentence, first: int) -> bool:
    if first == 0:
        return False
    before = sentence.tokens[first - 1]
    return before.upos == "NOUN" and before.lemma.lower().endswith(_PLACE_NOUNS)


def _is_subject(sentence: Sentence, token: Token) -> bool:
    while token.relation in ("appos", "flat", "compound") and token.head >= 0:
        token = sentence.tokens[token.head]
    return token.relation == "nsubj"


def role_beside(sentence: Sentence, first: int, last: int, lexicon: Lexicon) -> Role | None:
    """The role noun right before a name (*Kremlchef Putin*) or behind its comma (*Müller, Direktor des …*)."""
    tokens = sentence.tokens
    if first > 0 and tokens[first - 1].upos in ("NOUN", "PROPN", "ADJ"):
        before = tokens[first - 1]
        if lexicon.role(before.lemma, before.text) and before.feats.get("Number") != "Plur":
            return role_of(sentence, first - 1, lexicon)
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
    """The role that a noun with its adjectives and genitives names: *der russische Präsident*, *Russlands Präsident*."""
    token = sentence.tokens[noun]
    entry = lexicon.role(token.lemma, token.text)
    if entry is None:
        return None
    first = noun
    country = _country_in_compound(sentence, noun, lexicon)
    while first > 0 and (sentence.tokens[first - 1].upos in ("ADJ", "PROPN") or _hyphen_part(sentence, first)):
        if sentence.tokens[first - 1].upos == "PROPN" and not (
            sentence.tokens[first - 1].text.endswith("s")
            or _hyphen_part(sentence, first - 1)
            or _hyphen_part(sentence, first)
        ):
            break
        first -= 1
        country = country or lexicon.country_of(sentence.tokens[first].text)
    for child in sentence.children[noun]:
        country = country or (
            lexicon.country_of(sentence.tokens[child].text)
            if sentence.tokens[child].relation == "nmod" and child > noun
            else None
        )
    word = _printed_noun(sentence, noun)
    printed = _text(sentence, first, noun)
    gender = entry.gender if entry.gender in ("m", "f") else ""
    return Role(fold(word), lexicon.role_class(word), country, printed, gender, sentence.index)


def _hyphen_part(sentence: Sentence, first: int) -> bool:
    tokens = sentence.tokens
    return first > 0 and (
        (tokens[first - 1].text == "-" and tokens[first - 1].end == tokens[first].start)
        or (tokens[first].text == "-" and tokens[first - 1].end == tokens[first].start)
    )


def _printed_noun(sentence: Sentence, noun: int) -> str:
    """The noun with the parts before its hyphens: *Kreml-Sprecher*."""
    first = noun
    while _hyphen_part(sentence, first):
        first -= 1
    return _text(sentence, first, noun)


def _text(sentence: Sentence, first: int, last: int) -> str:
    words = ""
    for index in range(first, last + 1):
        token = sentence.tokens[index]
        if words and sentence.tokens[index - 1].end != token.start:
            words += " "
        words += token.text
    return words


def _country_in_compound(sentence: Sentence, noun: int, lexicon: Lexicon) -> str | None:
    """*Kremlchef*, *US-Präsident*, *Nordkorea-Machthaber*: the country in the first part of the word."""
    word = _printed_noun(sentence, noun)
    folded = fold(word).replace("-", "")
    for length in range(len(folded) - 3, 1, -1):
        if length == 2 and "-" not in word:
            continue
        found = lexicon.country_of(folded[:length]) if length > 3 or "-" in word else None
        if found:
            return found
    return None


def person_head(sentence: Sentence, name: Name) -> int:
    """The token of a name through which it hangs in the tree."""
    return next(
        (i for i in range(name.first, name.last + 1) if not name.first <= sentence.tokens[i].head <= name.last),
        name.first,
    )


def subject_sentence(sentence: Sentence) -> int | None:
    """The subject of the main clause."""
    root = next((t.index for t in sentence.tokens if t.head < 0), None)
    return None if root is None else tree.subject_of(sentence, root)
