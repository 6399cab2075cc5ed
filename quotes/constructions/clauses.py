"""Clauses found by position: what stands right behind a comma, wherever the parse hangs it.

The parser often hangs a content clause on the wrong word; the surface (comma, *dass*, *zu*, Konjunktiv) is clear.
"""

from __future__ import annotations

from quotes import tree
from quotes.model import Sentence
from quotes.tables import word_set

# What opens an infinitive of purpose or circumstance: nobody's statement.
PURPOSE = frozenset({"um", "ohne", "anstatt", "statt"})
# A verb-second clause has its finite verb in one of its first words.
_FINITE_WITHIN = 8


def has_zu(sentence: Sentence, verb: int) -> bool:
    """Whether the verb is an infinitive with *zu*, its own or inside its form (*einzuräumen*)."""
    token = sentence.tokens[verb]
    helpers = tree.children(sentence, verb, "aux", "cop")
    if any(sentence.tokens[c].text.lower() == "zu" for h in helpers for c in sentence.children[h]):
        return True
    if any(
        sentence.tokens[c].text.lower() == "zu" and sentence.tokens[c].upos == "PART" for c in sentence.children[verb]
    ):
        return True
    return (
        token.feats.get("VerbForm") == "Inf" and "zu" in token.text[2:-2] and not tree.children(sentence, verb, "aux")
    )


def infinitive_behind(sentence: Sentence, comma: int) -> tuple[int, int, int] | None:
    """Head, first and last token of the infinitive clause behind the comma at ``comma``."""
    if comma >= len(sentence.tokens) - 2 or sentence.tokens[comma].text != ",":
        return None
    opening = sentence.tokens[comma + 1]
    if opening.upos in ("SCONJ", "CCONJ") or opening.text.lower() in PURPOSE or tree.is_relative(sentence, comma + 1):
        return None
    for index in range(comma + 1, len(sentence.tokens)):
        token = sentence.tokens[index]
        if token.feats.get("VerbForm") == "Fin" or token.text in (":", ";"):
            return None
        if token.upos in ("VERB", "AUX", "ADJ") and has_zu(sentence, index):
            last = index
            while last + 1 < len(sentence.tokens) and sentence.tokens[last + 1].head == index:
                if sentence.tokens[last + 1].upos not in ("AUX", "PART"):
                    break
                last += 1
            return index, comma + 1, last
    return None


def statement_behind(sentence: Sentence, comma: int) -> tuple[int, int, int] | None:
    """Head, first and last token of the *dass*-clause, or the main clause in the Konjunktiv I, behind the comma."""
    if comma >= len(sentence.tokens) - 2 or sentence.tokens[comma].text != ",":
        return None
    opening = sentence.tokens[comma + 1]
    dass = opening.text.lower() in ("dass", "daß")
    other = opening.upos in ("SCONJ", "CCONJ") or opening.feats.get("PronType") == "Int"
    if not dass and (other or opens_relative(sentence, comma + 1)):
        return None
    reach = len(sentence.tokens) if dass else min(len(sentence.tokens), comma + 1 + _FINITE_WITHIN)
    for index in range(comma + 1, reach):
        token = sentence.tokens[index]
        if token.feats.get("VerbForm") != "Fin":
            continue
        head = token.head if token.relation in ("aux", "cop") and token.head > comma else index
        if not dass and token.text.lower() not in word_set("konjunktiv_1") | word_set("konjunktiv_2"):
            return None
        members = [i for i in tree.descendants(sentence, head) if i > comma]
        first, last = tree.extent(sentence, range(comma + 1, max(tree.run_around(set(members), head)[1], index) + 1))
        return head, first, last
    return None


def opens_relative(sentence: Sentence, at: int) -> bool:
    """Whether a clause that begins at a token is a relative or consecutive one, and so no content.

    *…, das …*, *…, auf denen …*, *…, deren Haus …*, *…, welches …*, *so dass*, *wobei*, whatever the tree says.
    """
    opening = sentence.tokens[at]
    follows = sentence.tokens[at + 1] if at + 1 < len(sentence.tokens) else opening
    word = opening.text.lower()
    if word in word_set("consecutive_openings") or (word == "so" and follows.text.lower() == "dass"):
        return True
    if opening.upos == "ADP" and tree.is_relative(sentence, follows.index):
        return True
    if word.startswith("welch"):
        return follows.upos not in ("NOUN", "ADJ", "PROPN")
    return word not in word_set("question_words") and tree.is_relative(sentence, at)
