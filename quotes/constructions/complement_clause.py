"""The clause that complements a cue verb before it: *X sagte, dass …*, *X sagte, er sei …*, *X versprach, … zu …*.

The verb-second clause may be parsed as ccomp or parataxis; several conjoined clauses belong to one quotation.
"""

from __future__ import annotations

from collections.abc import Iterator

from quotes import tree
from quotes.constructions import clauses, content
from quotes.constructions.candidate import Candidate
from quotes.constructions.context import Context
from quotes.constructions.frame import Frame
from quotes.constructions.framed import can_attribute, framed
from quotes.constructions.roles import source_of
from quotes.model import Sentence, Span
from quotes.tables import word_set

RULE = "complement_clause"
_CLAUSE_RELATIONS = ("ccomp", "xcomp", "csubj", "parataxis", "acl", "advcl", "obj", "obl", "conj", "dep", "appos")
# Conjunctions and verbs that may open a complement; behind any other conjunction stands an adverbial clause.
_COMPLEMENTIZERS = frozenset({"dass", "daß", "ob", "wie", "sollte", "sollten"})
# Conjunctions of a clause that may stand before the main clause of the content (*befürchtet, sobald er …, werde …*).
_FORE_CLAUSES = frozenset({"wenn", "falls", "sobald", "solange", "sofern", "nachdem", "bevor", "seit", "seitdem"})
# An epistemic modal makes a guess of the reporter's (*dürfte hoffen*), not an act of speech or thought.
_GUESSES = frozenset({"können", "dürfen", "müssen", "sollen", "mögen"})


def find(context: Context) -> Iterator[Candidate]:
    """One candidate for each frame with a complement clause behind its verb."""
    for sentence in context.sentences:
        for frame in context.frames(sentence):
            if not context.is_quoted_token(sentence, frame.first):
                candidate = complement(context, frame)
                if candidate is not None:
                    yield candidate


def complement(context: Context, frame: Frame) -> Candidate | None:
    """The candidate of one frame, ``None`` if no clause behind it can be its content."""
    sentence = frame.sentence
    if frame.modal in _GUESSES and frame.finite is not None and not frame.passive:
        return None
    clause = _clause(context, frame)
    if clause is None:
        return None
    head, first, last = clause
    span = tree.span_of(sentence, first, last)
    region = [i for i in _frame_tokens(sentence, frame) if not first <= i <= last]
    source = source_of(context, frame, until=first if first > frame.first else None)
    if source is None and not frame.impersonal and not frame.passive:
        return None
    if source is not None and source.first <= first <= source.last:
        return None
    if not can_attribute(context, frame, source, [span]):
        return None
    form = _form(sentence, head, first)
    if not _admits(context, frame, form, span):
        return None
    base = {"dass": 0.9, "v2": 0.88, "w": 0.7, "inf": 0.72}[form]
    if frame.entry is None or frame.entry.strength != "strong":
        base -= 0.12
    return framed(context, frame, [span], region, rule=RULE, base=base, source=source)


def _clause(context: Context, frame: Frame) -> tuple[int, int, int] | None:
    """Head, first and last token of the clause behind the frame's verb that can be its content."""
    sentence = frame.sentence
    best: tuple[int, int, int] | None = None
    for child in [*sentence.children[frame.verb], *_da_clauses(sentence, frame), *_stray_clauses(context, frame)]:
        token = sentence.tokens[child]
        if token.relation not in _CLAUSE_RELATIONS or child < frame.first or child in frame.cue:
            continue
        verbal = tree.finite_of(sentence, child) is not None or clauses.has_zu(sentence, child)
        if not verbal and tree.subordinator(sentence, child) != "dass":
            continue
        if token.relation in ("conj", "parataxis") and any(c < child for c in tree.children(sentence, child, "cc")):
            continue
        members = [i for i in _without_told(sentence, child) if i > frame.first and i not in frame.cue]
        first, last = _clause_extent(sentence, members, child)
        if first == 0 or not _comma_before(sentence, first) or sentence.tokens[first].upos == "CCONJ":
            continue
        if best is None or first < best[1]:
            best = child, first, _extended(context, frame, first, last)
    return best or _by_position(frame)


def _infinitive_by_position(frame: Frame) -> tuple[int, int, int] | None:
    """The infinitive clause right behind the comma that closes the frame, wherever the parse hangs it."""
    sentence = frame.sentence
    if frame.entry is None or not frame.entry.takes("inf"):
        return None
    return clauses.infinitive_behind(sentence, max(frame.first, *frame.cue) + 1)


def _by_position(frame: Frame) -> tuple[int, int, int] | None:
    """A clause in the Konjunktiv or with *dass* behind a strong verb's comma, wherever the parse hangs it."""
    sentence = frame.sentence
    infinitive = _infinitive_by_position(frame)
    if infinitive is not None:
        return infinitive
    if frame.entry is None or frame.entry.strength != "strong" or not frame.entry.takes("clause"):
        return None
    if frame.finite is None or tree.subordinator(sentence, frame.verb) is not None:
        return None
    behind = max(frame.first, frame.subject or 0, *frame.cue)
    end = _last_word(sentence, behind)
    for comma in range(behind + 1, end):
        token = sentence.tokens[comma]
        if token.feats.get("VerbForm") == "Fin" and comma not in frame.cue:
            return None  # a second verb before the comma has the clause (*bestätigte den Abschuss und sagte, dass …*)
        if token.text != ",":
            continue
        opening = comma + 1
        while opening < end and sentence.tokens[opening].upos == "PUNCT":
            opening += 1
        dass = sentence.tokens[opening].text.lower() == "dass"
        for index in range(opening, min(opening + (40 if dass else 7), end + 1)):
            token = sentence.tokens[index]
            if token.feats.get("VerbForm") != "Fin":
                continue
            clause = tree.predicate_of(sentence, index)
            if dass or tree.mood_of(sentence, clause) == "konjunktiv_1":
                return clause, comma + 1, end
            return None
    return None


def _last_word(sentence: Sentence, behind: int) -> int:
    """The sentence's last token without its final punctuation, at least ``behind``; closing marks stay."""
    end = len(sentence.tokens) - 1
    while end > behind and sentence.tokens[end].upos == "PUNCT" and sentence.tokens[end].text not in '“”"»«)':
        end -= 1
    return end


def _without_told(sentence: Sentence, head: int) -> list[int]:
    """The clause's tokens without a coordinated clause in the indicative behind a verb-second one in the Konjunktiv.

    *sagte, sie müssten aufgeben, und bemühte ein Bild*: the second clause tells what the speaker did.
    """
    mood = tree.mood_of(sentence, head)
    if tree.subordinator(sentence, head) is not None or mood not in ("konjunktiv_1", "konjunktiv_2"):
        return list(tree.descendants(sentence, head))

    def follow(child: int) -> bool:
        token = sentence.tokens[child]
        if token.relation != "conj" or token.head != head or token.upos != "VERB":
            return True
        told = tree.mood_of(sentence, child) == "indicative" and not tree.children(sentence, child, "nsubj")
        return not told

    return list(tree.descendants(sentence, head, follow))


def _da_clauses(sentence: Sentence, frame: Frame) -> list[int]:
    """*wies darauf hin, dass …*, *ging davon aus, …*: the clause may hang on the da-word or on a short object."""
    found = []
    for child in sentence.children[frame.verb]:
        token = sentence.tokens[child]
        word = token.text.lower()
        pointer = word == "es" or (word.startswith(("da", "hier")) and token.upos in ("ADV", "PRON"))
        if pointer or child in frame.cue:
            found += [c for c in sentence.children[child] if c > child]
    return found


def _stray_clauses(context: Context, frame: Frame) -> list[int]:
    """A *dass*-clause that the parse hangs on a noun in the frame (*sagte in einem Interview, dass …*).

    Position wins: the noun stands behind the verb, the clause right behind the noun, and it is no noun of speech.
    """
    sentence = frame.sentence
    if frame.entry is None or not frame.entry.takes("clause"):
        return []
    found = []
    for noun in sentence.children[frame.verb]:
        token = sentence.tokens[noun]
        if (
            noun < frame.first
            or token.relation not in ("obl", "obj", "nsubj", "iobj")
            or token.upos not in ("NOUN", "PROPN", "PRON")
        ):
            continue
        speech = context.lexicon.noun(token.lemma, token.text)
        if speech is not None and "clause" in speech.uses and "document" not in speech.uses:
            continue
        found += [
            i
            for i in tree.descendants(sentence, noun)
            if sentence.tokens[i].relation in ("acl", "ccomp") and tree.subordinator(sentence, i) == "dass"
        ]
    return found


def _clause_extent(sentence: Sentence, members: list[int], head: int) -> tuple[int, int]:
    """The run of tokens around a clause's head; the comma before it and what lies beyond a gap stay out."""
    ordered = sorted(members)
    inside = set(ordered)
    first = last = head
    while first - 1 in inside or (first - 1 > 0 and first - 2 in inside and sentence.tokens[first - 1].upos == "PUNCT"):
        first -= 1
    while last + 1 in inside or (
        last + 2 in inside and last + 2 < len(sentence.tokens) and sentence.tokens[last + 1].upos == "PUNCT"
    ):
        last += 1
    marks = [
        c
        for c in tree.children(sentence, head, "mark")
        if sentence.tokens[c].text.lower() in ("dass", "ob") and c < head
    ]
    if marks:
        first = min(first, marks[0])
    while first < head and sentence.tokens[first].text in (",", ":", "-", "–"):
        first += 1
    while last > head and sentence.tokens[last].upos == "PUNCT" and sentence.tokens[last].text not in '“”"»«)?!':
        last -= 1
    return first, last


def _comma_before(sentence: Sentence, first: int) -> bool:
    at = first - 1
    while at > 0 and sentence.tokens[at].text in '„“"»«(':
        at -= 1
    return sentence.tokens[at].text in (",", "–", "-", ";")


def _extended(context: Context, frame: Frame, first: int, last: int) -> int:
    """The last token of the content when clauses follow that belong to it though the parse puts them elsewhere.

    What follows is taken in up to a verb that is a frame of its own, or to a clause in the indicative that is
    coordinated with the frame itself.
    """
    sentence = frame.sentence
    end = _last_word(sentence, last)
    if end <= last:
        return last
    rest = range(last + 1, end + 1)
    for index in rest:
        token = sentence.tokens[index]
        if token.upos not in ("VERB", "AUX") or token.feats.get("VerbForm") != "Fin":
            continue
        clause = index if token.relation not in ("aux", "cop") else token.head
        if first <= clause <= last:
            continue
        other = next((f for f in context.frames(sentence) if f.verb == clause), None)
        mood = tree.mood_of(sentence, clause)
        governed = first <= sentence.tokens[clause].head <= last
        if mood == "konjunktiv_1" or governed or tree.subordinator(sentence, clause) in ("dass", "ob"):
            continue
        if other is not None and (sentence.tokens[clause].head in (frame.verb, -1) or other.entry is not None):
            return _before_clause(sentence, last, index)
    attached = first <= sentence.tokens[end].head <= last
    return end if attached or any(sentence.tokens[i].upos in ("VERB", "AUX") for i in rest) else last


def _before_clause(sentence: Sentence, last: int, finite: int) -> int:
    """The last token before the comma or conjunction that opens the clause of ``finite``."""
    at = finite
    while (
        at > last + 1 and sentence.tokens[at].text not in (",", ";", "–", "-") and sentence.tokens[at].upos != "CCONJ"
    ):
        at -= 1
    while at > last + 1 and sentence.tokens[at - 1].upos in ("PUNCT", "CCONJ"):
        at -= 1
    return max(last, at - 1)


def _form(sentence: Sentence, head: int, first: int) -> str:
    """``dass``, ``w`` (ob and question words), ``inf`` or ``v2``."""
    opening = sentence.tokens[first].text.lower()
    marked = tree.subordinator(sentence, head)
    if opening == "dass" or marked in ("dass", "daß"):
        return "dass"
    if opening in word_set("question_words"):
        return "w"
    if tree.finite_of(sentence, head) is None:
        return "inf"
    return "v2"


def _admits(context: Context, frame: Frame, form: str, span: Span) -> bool:
    """Whether the verb takes a clause of this form; a clause with another conjunction is no complement."""
    sentence = frame.sentence
    entry = frame.entry
    opening = next(t for t in sentence.tokens if t.start >= span.start and t.upos != "PUNCT")
    word = opening.text.lower()
    mood = content.mood(context, [span])
    if opening.upos == "SCONJ" and word not in _COMPLEMENTIZERS:
        return word in _FORE_CLAUSES and mood == "konjunktiv_1"
    if clauses.opens_relative(sentence, opening.index):
        return False
    if word in clauses.PURPOSE:
        return False
    if form == "inf":
        return entry is not None and (entry.takes("inf") or (entry.strength == "strong" and entry.takes("clause")))
    if form == "w":
        asks = entry is not None and (entry.takes("w") or entry.strength == "strong")
        follows = sentence.tokens[opening.index + 1] if opening.index + 1 < len(sentence.tokens) else opening
        return asks and (word != "wie" or follows.upos in ("ADJ", "ADV"))
    if form == "v2":
        if mood in ("konjunktiv_1", "konjunktiv_2"):
            return entry is None or entry.strength != "weak" or entry.takes("clause", "direct")
        strong = entry is not None and entry.strength == "strong" and entry.takes("clause")
        return strong and _lacks_object(frame, opening.index)
    return entry is None or entry.takes("clause") or entry.strength == "strong"


def _lacks_object(frame: Frame, clause: int) -> bool:
    """Whether a main clause in the indicative behind the frame can be its content: it has a subject, and nothing else
    in the frame fills the place of the content (*bestritt den Vorwurf, beharrt aber …*; *geht von Mord aus, …*).
    """
    sentence, entry = frame.sentence, frame.entry
    if sentence.tokens[clause - 1].text == ";":
        return False
    finite = next((t for t in sentence.tokens[clause:] if t.feats.get("VerbForm") == "Fin"), None)
    if finite is None:
        return False
    head = tree.predicate_of(sentence, finite.index)
    if not any(c >= clause for c in tree.children(sentence, head, "nsubj", "csubj", "expl")):
        return False
    taken = entry.prepositions if entry else frozenset()
    for child in sentence.children[frame.verb]:
        token = sentence.tokens[child]
        if child >= clause or child in frame.cue or token.upos not in ("NOUN", "PROPN"):
            continue
        cases = {sentence.tokens[c].lemma.lower() for c in tree.children(sentence, child, "case")}
        if (token.relation == "obj" and not cases) or cases & taken:
            return False
    return True


def _frame_tokens(sentence: Sentence, frame: Frame) -> list[int]:
    """The tokens of the frame's own clause: everything below its verb but other clauses coordinated with it."""

    def follow(child: int) -> bool:
        token = sentence.tokens[child]
        return not (token.relation in ("conj", "parataxis", "advcl") and token.upos in ("VERB", "AUX"))

    return sorted(tree.descendants(sentence, frame.verb, follow))
