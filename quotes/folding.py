"""Words as a reader compares them: without case, accents, umlauts and endings."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from snowballstemmer.german_stemmer import GermanStemmer

# Two letters for one, as keyboards without umlauts and Swiss papers have it.
LETTERS = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ı": "i"}
_TABLE = str.maketrans(LETTERS)
_WORD = re.compile(r"[^\W_]+")
_HYPHEN = re.compile(r"(?<=\w)[-\u2010\u2011](?=\w)")
_SNOWBALL = GermanStemmer()
# Stems kept in memory: news prose says most of what it says with some ten thousand words.
_KEPT = 100_000


def fold(text: str) -> str:
    """Lower case without accents; umlauts as two letters, so that *Mueller* is *Müller* and *Strasse* is *Straße*."""
    plain = unicodedata.normalize("NFC", text).lower().translate(_TABLE)
    if plain.isascii():
        return plain
    return "".join(c for c in unicodedata.normalize("NFKD", plain) if unicodedata.category(c) != "Mn")


def words(text: str) -> list[str]:
    """The folded words of a text in their order; hyphens and apostrophes part words."""
    return _WORD.findall(fold(text))


@lru_cache(maxsize=_KEPT)
def stem(word: str) -> str:
    """The stem of a folded word by the Snowball stemmer for German: one for *Satellit* and *Satelliten*.

    Feminines in *-erin* share it with the masculine (*Ministerin*, *Minister*). Verbs with ablaut do not.
    """
    return str(_SNOWBALL.stemWord(word))


def readings(text: str) -> list[list[str]]:
    """The words of a text with hyphens parting them and, where there are any, joining them (*Kreml-Sprecher*)."""
    parted, joined = words(text), words(_HYPHEN.sub("", text))
    return [parted] if parted == joined else [parted, joined]
