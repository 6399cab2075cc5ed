"""Names in an article: runs of proper nouns, the role words beside them, and whether they name a person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from quotes import tree
from quotes.lexicon import Lexicon
from quotes.model import Sentence, Token
from quotes.speakers.role_nouns import Role, role_beside
from quotes.tables import word_list, word_set
from quotes.word_forms import fold

# Particles of names that are also German words: *von*, *zu* need a given name before them, articles open no name.
_PREPOSITIONS = frozenset({"von", "zu", "vom", "zum"})
_ARTICLES = frozenset({"der", "den"})
# Classes of words before a month or day, which the tagger takes for a name (*im Juli*, *am 3. Mai*, *letzten Montag*).
_BEFORE_A_DATE = frozenset({"ADP", "DET", "NUM", "ADJ"})


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
    before = sentence.tokens[index - 1] if index else None
    follows = sentence.tokens[index + 1] if index + 1 < len(sentence.tokens) else None
    if token.text in word_set("name_particles"):
        return before is not None and follows is not None and _begins_with_particle(sentence, index, lexicon)
    if not token.text[:1].isupper() or _in_compound(sentence, index, lexicon):
        return False
    if token.text.endswith("-") and fold(token.text[:-1]) in lexicon.given_names:
        return _open_hyphen(sentence.tokens, index)  # *Jean-* and *Jacques*
    if token.text.lower() in word_set("calendar_names") and before is not None and before.upos in _BEFORE_A_DATE:
        return False  # *im Juli Nordkorea*
    short = "." in token.text or not token.text[1:].islower()
    if short and follows is not None and lexicon.is_title(token.text):
        return False  # *Mag.a Elisabeth Kern*, *MdB Rot*, with the title taken for a name
    if token.upos in ("PROPN", "X"):
        role = lexicon.role(token.text)
        alone = follows is None or not follows.text[:1].isupper()
        native = lexicon.homeland_of(token.text) and alone if role is None else role.kind == "demonym"
        if native and before is not None and before.upos == "DET":
            return False  # *der Norweger*, *der Duisburger*
        behind = sentence.tokens[index + 1 : index + 3]
        named = len(behind) == 2 and all(t.upos == "PROPN" and t.text[:1].isupper() for t in behind)
        named = named or (follows is not None and follows.upos == "PROPN" and fold(follows.text) in lexicon.given_names)
        before_name = follows is not None and follows.upos == "PROPN"
        called = alone and before is not None and before.upos == "DET"
        if (named or called or (token.text.isupper() and before_name)) and role is not None:
            return False  # *Obmann Herbert Kickl*, *OB Kern*, *die Mimin*, with the role taken for a name
        owned = before is not None and before.upos == "PROPN" and before.feats.get("Case") == "Gen"
        return not (owned and fold(token.text) in lexicon.roles)  # *Kims Übersetzer*
    # *Koch*, *Lang*, *An*: a word that the tagger takes for a noun or adverb is a name behind or before one.
    known = fold(token.text) in lexicon.given_names or fold(token.text) in lexicon.family_first
    return known and follows is not None and follows.upos == "PROPN" and follows.text[:1].isupper() and index > 0


def _begins_with_particle(sentence: Sentence, index: int, lexicon: Lexicon) -> bool:
    """*Trainer van der Velde*: a name that begins with its particle, behind a role."""
    particle, before = sentence.tokens[index], sentence.tokens[index - 1]
    if particle.text in _ARTICLES or (particle.text in _PREPOSITIONS and particle.text != "von"):
        return False
    if particle.text == "von" and particle.relation == "case":
        return False
    ahead = index + 1
    while ahead + 1 < len(sentence.tokens) and sentence.tokens[ahead].text in word_set("name_particles"):
        ahead += 1
    behind_role = before.upos == "NOUN" and lexicon.role(before.lemma, before.text) is not None
    return behind_role and sentence.tokens[ahead].upos == "PROPN"


def _in_compound(sentence: Sentence, index: int, lexicon: Lexicon) -> bool:
    """*Kreml* in *Kreml-Sprecher*: first part of a word with a hyphen whose last part is no name."""
    tokens = sentence.tokens
    while (behind := tree.part_behind(sentence, index)) is not None:
        index = behind
        if tokens[index].upos not in ("PROPN", "X") or lexicon.role(tokens[index].text):
            return True
    return False


def _run_end(sentence: Sentence, index: int, lexicon: Lexicon) -> int:
    tokens = sentence.tokens
    last = index
    while last + 1 < len(tokens):
        token = tokens[last + 1]
        if fold(tokens[last].text) in lexicon.given_names and _double_name(sentence, last + 1):
            last += 3
            continue
        if _open_hyphen(tokens, last + 1):
            last += 2  # *Vogt-* and *Berger* as two tokens
            continue
        if token.text in word_set("name_particles") and tree.hyphen_joins(sentence, last + 2):
            if not tokens[last + 3].text[:1].isupper():
                break
            last += 3  # *Hassan al-Fadlabi* as four tokens
            continue
        if lexicon.country_of(tokens[last].text) and lexicon.country_of(token.text):
            break
        if token.upos in ("PROPN", "X") and token.text[:1].isupper():
            if _in_compound(sentence, last + 1, lexicon) or not _goes_on(tokens[last], token, lexicon):
                break
            last += 1
            continue
        if tree.hyphen_joins(sentence, last + 1) and tokens[last + 2].upos == "PROPN":
            last += 2
            continue
        ahead = _behind_particles(sentence, last, lexicon)
        if ahead is not None:
            last = ahead
            continue
        # A family name that is also a word, behind a given name (*Roland Koch*).
        if (
            fold(tokens[last].text) in lexicon.given_names
            and token.upos in ("NOUN", "ADJ")
            and token.text[:1].isupper()
            and token.relation in ("flat", "appos", "compound")
            and not (last == index and _is_addressed(tokens, index, lexicon))
        ):
            last += 1
            continue
        break
    return last


def _is_addressed(tokens: tuple[Token, ...], index: int, lexicon: Lexicon) -> bool:
    """*Frau Demir*: what looks like a given name is the family name."""
    return index > 0 and lexicon.titles.get(fold(tokens[index - 1].text)) in ("m", "f")


def _goes_on(last: Token, token: Token, lexicon: Lexicon) -> bool:
    """Whether a proper noun behind another belongs to its name; a genitive ends it, another argument begins anew."""
    if last.text.endswith("s") and last.feats.get("Case") == "Gen" and fold(last.text) not in lexicon.given_names:
        return False
    if token.relation not in ("conj", "obl", "obj", "nsubj") or last.relation in ("flat", "compound"):
        return True
    return fold(last.text) in lexicon.given_names or fold(last.text) in lexicon.family_first


def _behind_particles(sentence: Sentence, last: int, lexicon: Lexicon) -> int | None:
    """The part of the name behind its particles (*van der Velde*, *Ursula von der Leyen*)."""
    tokens = sentence.tokens
    particles = word_set("name_particles")
    token = tokens[last + 1]
    if token.text not in particles - _ARTICLES or token.upos not in ("PROPN", "ADP", "X", "DET", "PUNCT"):
        return None
    if token.text in _PREPOSITIONS and fold(tokens[last].text) not in lexicon.given_names:
        return None
    ahead = last + 2
    while ahead < len(tokens) and tokens[ahead].text.lower() in particles:
        ahead += 1
    if ahead >= len(tokens) or not tokens[ahead].text[:1].isupper():
        return None
    given = token.upos == "PROPN" or fold(tokens[last].text) in lexicon.given_names
    word = tokens[ahead]
    common = lexicon.organisation(word.lemma, word.text) or lexicon.role(word.lemma, word.text)
    # *van der Wielen*, *Ida von der Lahr*, but *Ida von der Feuerwehr*.
    small = token.text in ("von", "van", "de") and token.start != tokens[last + 2].start  # not *zur* or *vom*
    noun = word.upos == "NOUN" and given and small and common is None
    return ahead if tokens[ahead].upos == "PROPN" or noun else None


def _open_hyphen(tokens: tuple[Token, ...], index: int) -> bool:
    """*Vogt-* and *Berger*: a name with a hyphen that the tokenizer cut behind the hyphen."""
    if index + 1 >= len(tokens):
        return False
    first, second = tokens[index], tokens[index + 1]
    glued = first.text.endswith("-") and len(first.text) > 2 and first.end == second.start
    opens = first.text[0].isupper() or first.text[:-1] in word_set("name_particles")  # *Hassan al-Fadlabi*
    behind_name = index > 0 and tokens[index - 1].upos == "PROPN"
    known = second.upos == "PROPN" or (second.upos == "NOUN" and (first.upos == "PROPN" or behind_name))
    return glued and opens and second.text[0].isupper() and known


def _double_name(sentence: Sentence, index: int) -> bool:
    """*Nussbaumer-Klee* behind a given name, whatever the tagger takes its parts for."""
    tokens = sentence.tokens
    if not tree.hyphen_joins(sentence, index + 1):
        return False
    return tokens[index].text[:1].isupper() and tokens[index + 2].text[:1].isupper()


def _name(sentence: Sentence, first: int, last: int, lexicon: Lexicon) -> Name | None:
    tokens = sentence.tokens[first : last + 1]
    words = [t.text for t in tokens]
    if all(len(word) == 2 and word.endswith(".") for word in words):
        return None  # initials (*K. R.*) name nobody by themselves
    if _is_genitive(sentence, first, last):
        words[-1] = words[-1][:-1]
    role = role_beside(sentence, first, last, lexicon)
    behind = [t.text for t in sentence.tokens[last + 1 : last + 3]]
    aged = len(behind) == 2 and behind[0] == "(" and behind[1].isdigit()  # *ihre Tochter Sabine (51)*
    given = lexicon.given_names.get(fold(words[0])) if len(words) > 1 or aged else None
    family_first = len(words) > 1 and fold(words[0]) in lexicon.family_first
    titled = first > 0 and lexicon.titles.get(fold(sentence.tokens[first - 1].text.rstrip(".")))
    known_other = (
        lexicon.country_of(join_name(tuple(words))) is not None
        or fold(join_name(tuple(words))) in lexicon.channels
        or fold(words[0]) in lexicon.metonyms
        or _is_place(sentence, first)
        or (len(words) == 1 and (words[0].isupper() or lexicon.office_body(words[0]) is not None))
    )
    person = bool(given or family_first or titled or role is not None) and not (
        known_other and (role is None or words[0].isupper())
    )
    called = role.gender if role is not None else ""
    # *Stadträtin Ulli Kern*: a feminine noun is surer than the name.
    gender = called if called == "f" else given or called or (titled if isinstance(titled, str) else "") or ""
    if gender in ("u", "mf", "pl"):
        gender = ""
    subject = _is_subject(sentence, _top(sentence, first, last))
    return Name(tuple(words), sentence.index, first, last, role, person, gender, subject)


def _top(sentence: Sentence, first: int, last: int) -> Token:
    """The token through which a run of tokens hangs in the tree."""
    tokens = sentence.tokens[first : last + 1]
    return next((t for t in tokens if not first <= t.head <= last), tokens[0])


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
    head = _top(sentence, first, last)
    return head.relation not in ("nsubj", "root") and head.head >= 0


def _is_place(sentence: Sentence, first: int) -> bool:
    if first == 0:
        return False
    before = sentence.tokens[first - 1]
    return before.upos == "NOUN" and before.lemma.lower().endswith(word_list("place_nouns"))


def _is_subject(sentence: Sentence, token: Token) -> bool:
    while token.relation in ("appos", "flat", "compound") and token.head >= 0:
        token = sentence.tokens[token.head]
    return token.relation == "nsubj"
