"""A clause in the Konjunktiv I inside a sentence in the indicative: *… lehnte den Plan ab, weil er zu teuer sei*.

No frame of its own carries it; the mood alone says that the reason, the relative clause or the addition is somebody
else's. The speaker is the subject of the sentence if it can speak, else that of the row before (Wikinews: *Indirect*
without a cue; Duden-Grammatik on the Konjunktiv I of reported speech).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from quotes import tree
from quotes.constructions import content
from quotes.constructions.candidate import Candidate, Source
from quotes.constructions.claimed import claims
from quotes.constructions.context import Context
from quotes.constructions.roles import may_speak, phrase_source
from quotes.model import Sentence
from quotes.tables import word_set

RULE = "embedded_konjunktiv"
_CLAUSES = ("advcl", "acl", "parataxis", "ccomp", "conj")
_SHORTEST = 3


def find(context: Context, settled: Sequence[Candidate]) -> Iterator[Candidate]:
    """One candidate for each highest clause in the Konjunktiv I that no row holds."""
    claimed = claims(context, settled)
    for sentence in context.sentences:
        taken = [s for c in claimed.get(sentence.index, ()) for s in (*c.spans, *c.frame)]
        for token in sentence.tokens:
            if token.relation not in _CLAUSES or not _reports(context, sentence, token.index):
                continue
            members = tree.run_around(set(tree.descendants(sentence, token.index)), token.index)
            first, last = tree.extent(sentence, range(members[0], members[1] + 1))
            span = content.trim(context.text, tree.span_of(sentence, first, last), full_stop=True)
            if last - first < _SHORTEST or any(span.overlaps(s) for s in taken):
                continue
            source = _source(context, sentence, token.index)
            yield Candidate(
                rule=RULE,
                spans=(span,),
                kind=content.settle(context, [span])[0],
                source=source,
                carries=source is None,
                mood="konjunktiv_1",
                base=0.6,
                notes=("a clause in the Konjunktiv inside a sentence in the indicative",),
            )


def _reports(context: Context, sentence: Sentence, head: int) -> bool:
    """Whether the clause is the highest in the Konjunktiv I, with a conjunction that allows reported speech."""
    finite = tree.finite_of(sentence, head)
    if finite is None or tree.mood_of(sentence, head) != "konjunktiv_1" or context.is_quoted_token(sentence, finite):
        return False
    if any(sentence.tokens[c].text.lower() in word_set("reporters_voice") for c in sentence.children[head]):
        return False
    subordinator = tree.subordinator(sentence, head)
    if subordinator is not None and subordinator not in word_set("reporting_conjunctions"):
        return False
    above = sentence.tokens[head].head
    while above >= 0:
        if tree.mood_of(sentence, above) == "konjunktiv_1":
            return False
        above = sentence.tokens[above].head
    words = [t.text.lower() for t in sentence.tokens[max(0, finite - 2) : finite + 3]]
    return "denn" not in words[2:] and words[2:4] != ["sei", "es"]


def _source(context: Context, sentence: Sentence, clause: int) -> Source | None:
    """The subject of the clause above, if it is somebody.

    What goes on with *das* (*Vereine stritten nun einmal, das sei kein Drama*) comments the clause above.
    """
    own = tree.subject_of(sentence, clause)
    if own is not None and sentence.tokens[own].text.lower() in ("das", "dies"):
        return None
    above = tree.clause_head(sentence, sentence.tokens[clause].head)
    subject = tree.subject_of(sentence, above)
    if subject is None or subject == clause or not may_speak(sentence, subject, context.lexicon):
        return None
    if sentence.tokens[subject].text.lower() in ("es", "das", "dies", "man"):
        return None
    return phrase_source(context, sentence, subject)
