"""*X soll … getötet haben* (somebody says so of X) and *X will … gesehen haben* (X says so).

Only with a perfect infinitive, or with a verb of state: *sollen* and *wollen* with other infinitives are duty, plan
and wish (Schenner; Vanderbiesen on reportative *sollen*).
"""

from __future__ import annotations

from collections.abc import Iterator

from quotes import tree
from quotes.constructions import content, interview
from quotes.constructions.candidate import Candidate
from quotes.constructions.context import Context
from quotes.constructions.framed import cue_spans
from quotes.constructions.roles import may_speak, phrase_source
from quotes.model import Sentence
from quotes.tables import word_set

RULE = "hearsay"


def find(context: Context) -> Iterator[Candidate]:
    """One candidate for each main clause with *soll* or *will* and a perfect infinitive."""
    for sentence in context.sentences:
        for token in sentence.tokens:
            if token.lemma not in ("sollen", "wollen") or token.text.lower() not in (
                "soll",
                "sollen",
                "will",
                "wollen",
            ):
                continue
            if context.is_quoted_token(sentence, token.index) or token.feats.get("VerbForm") != "Fin":
                continue
            verb = token.head if token.relation == "aux" else token.index
            if verb < 0:
                continue
            state = token.lemma == "sollen" and _stative_infinitive(sentence, verb, token.index)
            if not state and not _perfect_infinitive(sentence, verb, token.index):
                continue
            clause = sentence.tokens[verb]
            if clause.relation in ("ccomp", "acl", "advcl") or interview.addresses(sentence.tokens):
                continue
            subject = tree.subject_of(sentence, verb)
            source = None
            if token.lemma == "wollen":
                if subject is None or not may_speak(sentence, subject, context.lexicon):
                    continue
                source = phrase_source(context, sentence, subject)
            span = content.trim(context.text, sentence.span, full_stop=True)
            yield Candidate(
                rule=RULE,
                spans=(span,),
                kind="indirect" if token.lemma == "wollen" else "free_indirect",
                source=source,
                carries=token.lemma == "sollen",
                cue=cue_spans(sentence, [token.index]) if token.lemma == "wollen" else (),
                medium="unknown",
                mood=token.lemma,
                base=0.65,
                notes=(f"{token.text} with an infinitive that reports",),
            )
            break


def _stative_infinitive(sentence: Sentence, verb: int, modal: int) -> bool:
    """*soll rund 200 betragen*, *sollen sich dort befinden*: a state can be reported, but not be anybody's duty."""
    lemma = sentence.tokens[verb].lemma.lower()
    if lemma not in word_set("stative_verbs") or verb <= modal:
        return False
    words = {t.text.lower() for t in sentence.tokens}
    return not words & word_set("future_words")


def _perfect_infinitive(sentence: Sentence, verb: int, modal: int) -> bool:
    """*getötet haben*, *gewesen sein*, *verletzt worden sein* behind the modal."""
    tokens = sentence.tokens
    for index in range(modal + 1, len(tokens)):
        if tokens[index].text.lower() in ("haben", "sein") and tokens[index].feats.get("VerbForm") != "Fin":
            before = tokens[index - 1]
            participle = before.feats.get("VerbForm") == "Part" or before.text.lower() in ("worden", "gewesen")
            if participle and before.index > modal:
                return (
                    tree.clause_head(sentence, index) == tree.clause_head(sentence, modal) or tokens[index].head == verb
                )
    return False
