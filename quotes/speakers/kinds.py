"""What a speaker is: person, organisation, place, group, document or nobody in particular; and its identifier."""

from __future__ import annotations

import re
import unicodedata

from quotes.lexicon import Lexicon
from quotes.model import Speaker, Token
from quotes.word_forms import fold

_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "o", "ł": "l", "đ": "d"})


def slug(name: str) -> str:
    """A local identifier: lower-case ASCII words joined by hyphens (*Müller-Lüdenscheidt*: ``mueller-luedenscheidt``).

    A name without any Latin letter or digit gives ``unnamed``.
    """
    folded = name.lower().translate(_LETTERS)
    ascii_only = unicodedata.normalize("NFKD", folded).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-") or "unnamed"


def speaker_named(name: str, kind: str, resolution: str, confidence: float, *, role: str | None = None) -> Speaker:
    """A speaker with the identifier that belongs to the name; the vocabularies are those of :mod:`quotes.model`."""
    return Speaker(name, slug(name), kind, role, resolution, confidence)


def kind_of_name(name: str, lexicon: Lexicon) -> str:
    """The kind of a proper name: a person, unless the tables know better or the name is an abbreviation."""
    folded = fold(name)
    if folded in lexicon.metonyms:
        return lexicon.metonyms[folded]
    if folded in lexicon.channels or lexicon.known_body(name) is not None:
        return "organisation"
    if lexicon.country_of(name):
        return "place"
    if lexicon.organisation(name.split()[-1]) or (name.isupper() and len(name) > 1):
        return "organisation"
    return "person"


def kind_of_noun(token: Token, lexicon: Lexicon) -> str | None:
    """The kind that a common noun denotes, ``None`` where no table has it."""
    organisation = lexicon.organisation(token.lemma, token.text)
    if organisation is not None:
        return organisation.kind
    if lexicon.is_channel_noun(token.lemma):
        return "organisation"
    role = lexicon.role(token.lemma, token.text)
    if role is not None:
        if role.kind == "anonymous":
            return "anonymous"
        return "group" if token.feats.get("Number") == "Plur" else "person"
    noun = lexicon.noun(token.lemma, token.text)
    return "document" if noun is not None and noun.uses & {"document", "source"} else None
