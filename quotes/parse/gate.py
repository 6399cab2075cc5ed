"""Which sentences of an article need a parse.

A sentence can carry a quotation if it has a mark, a colon, a cue, a Konjunktiv or a word for a source; those beside it
may continue it. All others are looked at by the speakers alone, and only for names: a sentence that has none either
needs no parse, and neither does any sentence of an article without a quotation.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from quotes.language import function_words
from quotes.lexicon import load_lexicon
from quotes.marks import ALL_MARKS
from quotes.tables import word_set
from quotes.word_forms import fold

# Words whose answers are kept: what a thousand articles have, of which the rare ones do not come again.
_KEPT = 20_000
# Signs that set off what somebody says: *Scholz: Wir bauen*; *so gehe es nicht – sagt er*.
_SIGNS = frozenset(ALL_MARKS) | frozenset(":–—")
# What may stand behind the stem of a verb in a finite form, an infinitive or a participle.
_VERB_ENDINGS = frozenset(
    ["", "e", "est", "et", "en", "n", "st", "t", "te", "test", "ten", "tet", "ete", "eten", "end", "ende", "enden"]
)
# Letters of the shortest stem (*ruf*).
_SHORTEST_STEM = 3
# Sentences on each side that may continue a quotation or hold its frame.
NEIGHBOURS = 1


def needed(sentences: Sequence[Sequence[str]]) -> list[bool]:
    """Whether each sentence of an article, given by its words in the order of the text, needs a parse."""
    carrying = [carries(words) for words in sentences]
    if not any(carrying):
        return carrying
    return [
        any(carrying[max(0, at - NEIGHBOURS) : at + NEIGHBOURS + 1]) or names_somebody(words)
        for at, words in enumerate(sentences)
    ]


def carries(words: Sequence[str]) -> bool:
    """Whether a sentence may hold a quotation or its frame."""
    # A noun is no verb (*Wetter*, *wettern*), but the first word has a capital whatever it is.
    if any(_signals(word) for word in words) or (words and _signals(words[0].lower())):
        return True
    particles = {particle for word in words for particle in _particles_wanted(word)}
    return bool(particles) and any(word in particles for word in words)


def names_somebody(words: Sequence[str]) -> bool:
    """Whether a sentence may name somebody: a name of two words, a title, a given name, a role."""
    before = False
    openings = word_set("sentence_openings")
    for at, word in enumerate(words):
        capital = word[:1].isupper() and len(word) > 1
        if (capital and before) or _introduces(word):
            return True
        # The first word has a capital whatever it is.
        before = capital and (at > 0 or not (word.lower() in function_words() or word.lower() in openings))
    return False


@lru_cache(maxsize=1)
def _stems() -> tuple[frozenset[str], dict[str, frozenset[str]]]:
    """The stems of cue verbs as they stand in one word, and of those that leave a particle, with these."""
    lexicon = load_lexicon()
    whole: set[str] = set()
    parted: dict[str, set[str]] = {}
    for verb in (*lexicon.verbs.values(), *lexicon.reflexives.values()):
        lemma, particle = fold(verb.lemma), fold(verb.particle)
        if verb.strength == "weak":
            continue
        whole.add(_stem(lemma))
        if particle:
            parted.setdefault(_stem(lemma.removeprefix(particle)), set()).add(particle)
    return frozenset(whole), {stem: frozenset(particles) for stem, particles in parted.items()}


def _stem(infinitive: str) -> str:
    return infinitive.removesuffix("n").removesuffix("e")


@lru_cache(maxsize=_KEPT)
def _signals(word: str) -> bool:
    """Whether a word alone makes a sentence worth a parse."""
    if any(sign in _SIGNS for sign in word):
        return True
    folded = fold(word)
    if folded in word_set("source_words") or folded in word_set("konjunktiv_1") or folded in word_set("konjunktiv_2"):
        return True
    lexicon = load_lexicon()
    if word[:1].isupper() and (lexicon.noun(word, word) is not None or lexicon.is_channel_noun(word)):
        return True
    if word[:1].isupper():
        return False
    stems, _ = _stems()
    return any(stem in stems for stem in _possible_stems(folded))


@lru_cache(maxsize=_KEPT)
def _particles_wanted(word: str) -> frozenset[str]:
    """The particles with which a word would be a cue verb (*teilte*: mit, ein)."""
    _, parted = _stems()
    return frozenset(p for stem in _possible_stems(fold(word)) for p in parted.get(stem, ()))


def _possible_stems(folded: str) -> Iterator[str]:
    """The stems of infinitives that a form may belong to: by its endings, without *ge* or *zu*, by its strong form."""
    lexicon = load_lexicon()
    for base in lexicon.bases(folded, folded):
        yield _stem(base)
    for form in _without_inner_syllable(folded):
        for base in lexicon.bases(form, form):
            yield _stem(base)
        for ending in _VERB_ENDINGS:
            if form.endswith(ending) and len(form) - len(ending) >= _SHORTEST_STEM:
                yield form.removesuffix(ending)


def _without_inner_syllable(folded: str) -> Iterator[str]:
    """The form, and without the *ge* of its participle or the *zu* of its infinitive (*mitgeteilt*, *mitzuteilen*)."""
    yield folded
    for prefix in ("", *word_set("separable_particles")):
        for syllable in ("ge", "zu"):
            if folded.startswith(prefix + syllable):
                yield prefix + folded.removeprefix(prefix + syllable)


@lru_cache(maxsize=_KEPT)
def _introduces(word: str) -> bool:
    """Whether a word stands with a name or for somebody: a title, a given name, a role."""
    if not word[:1].isupper():
        return False
    lexicon = load_lexicon()
    folded = fold(word)
    return (
        fold(word.rstrip(".")) in lexicon.titles
        or folded in lexicon.given_names
        or lexicon.role(word, word) is not None
    )
