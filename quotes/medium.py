"""Whether a statement was spoken, written or thought: by the cue, by where it was made, by who made it.

The cue comes first where it settles the question (*schrieb*, *hofft*), then what the frame says of the occasion (*auf
Twitter*, *in einem Interview*), then the speaker: a person speaks, a document is written, and of a body's *teilte mit*
nobody can tell.
"""

from __future__ import annotations

from collections.abc import Iterator

from quotes.constructions.candidate import Candidate
from quotes.constructions.context import Context
from quotes.model import Speaker
from quotes.tables import word_set
from quotes.word_forms import fold

_SPEAKING = frozenset({"person", "anonymous"})


def medium_of(context: Context, candidate: Candidate, speaker: Speaker) -> str:
    """``speech``, ``writing``, ``thought`` or ``unknown``.

    Args:
        context: the article.
        candidate: the quotation before it becomes a row; its ``medium`` is what the cue says by itself.
        speaker: who it was resolved to; the kind decides where the words leave it open.
    """
    if candidate.medium in ("thought", "writing"):
        return candidate.medium
    occasion = _occasion(context, candidate)
    if occasion:
        return occasion
    if speaker.kind == "document":
        return "writing" if _is_document(context, candidate) else "unknown"
    if candidate.medium == "speech" or speaker.kind in _SPEAKING:
        return "speech"
    return "unknown"


def _is_document(context: Context, candidate: Candidate) -> bool:
    """*dem Bericht zufolge* is written; *Angaben*, *Informationen* and the like may be either."""
    source = candidate.source
    if source is None:
        return True
    token = context.sentences[source.sentence].tokens[source.head]
    noun = context.lexicon.noun(token.lemma, token.text)
    return noun is None or "document" in noun.uses


def _occasion(context: Context, candidate: Candidate) -> str:
    """What the frame's nouns and adverbs say of the occasion; empty where they say nothing or both."""
    found = {medium for word in _words(context, candidate) for medium in _MEDIA if word in word_set(f"in_{medium}")}
    return found.pop() if len(found) == 1 else ""


_MEDIA = ("speech", "writing")


def _words(context: Context, candidate: Candidate) -> Iterator[str]:
    """The folded words of the frame that are not the speaker's."""
    source = candidate.source
    for span in candidate.frame:
        for sentence, token in context.tokens_in(span):
            if source is None or not source.holds(sentence.index, token.index):
                yield fold(token.text)
                yield fold(token.lemma)
