"""The frame behind or inside its content: *„…“, sagte X*; *…, teilte X mit*; *„…“, sagte X, „…“*; *…, hieß es*.

The surface decides: a finite verb right behind a comma or a closing mark, its subject behind it, and before it
something that can be content. The parse only names the subject.
"""

from __future__ import annotations

from collections.abc import Iterator

from quotes import tree
from quotes.constructions import content
from quotes.constructions.candidate import Candidate
from quotes.constructions.context import Context
from quotes.constructions.frame import Frame, subject_right_of
from quotes.constructions.framed import can_attribute, framed
from quotes.constructions.roles import source_of
from quotes.marks import ALL_MARKS
from quotes.model import Sentence, Span, Token
from quotes.tables import word_set

RULE = "inverted_frame"
INTERRUPTED = "interrupted"
# A quoted clause of this length is no title; the comma behind it may be missing (*„…“ heißt es in dem Brief*).
_CLAUSE_WORDS = 5
_BARE_CLOSE = "?!…"


def find(context: Context) -> Iterator[Candidate]:
    """One candidate for each finite verb that follows its content."""
    for sentence in context.sentences:
        taken = sentence.start
        for frame in sorted(context.frames(sentence), key=lambda f: f.first):
            found = _inverted(context, frame, taken)
            if found is not None:
                candidate, taken = found
                yield candidate


def _inverted(context: Context, frame: Frame, taken: int) -> tuple[Candidate, int] | None:
    sentence, first = frame.sentence, frame.first
    if (
        frame.finite is None
        or context.is_quoted_token(sentence, first)
        or not _behind_content(context, sentence, first)
    ):
        return None
    subject = frame.subject if frame.subject is not None and frame.subject > first else None
    if subject is None:
        subject = subject_right_of(sentence, frame.verb, first)
    if subject is None and not frame.impersonal:
        return None
    if tree.subordinator(sentence, frame.verb) is not None or _is_relative(sentence, frame):
        return None
    opening = _opening(sentence, first)
    left = content.before_frame(context, sentence, opening, taken)
    left = left and _behind_colon(context, sentence, left)
    if left is None or not any(ch.isalpha() for ch in context.text[left.start : left.end]):
        return None
    if _is_subject(frame, left):
        return None
    end, right = _right(context, frame, left, subject)
    region = [t.index for t in sentence.tokens if sentence.tokens[opening].start <= t.start < end]
    source = source_of(context, frame, behind=True, until=region[-1] + 1)
    spans = [*context.reopened_before(left), left]
    if right is not None:
        spans.append(right)
    if not _is_content(context, frame, left, right) or not can_attribute(context, frame, source, spans):
        return None
    rule = RULE if right is None else INTERRUPTED
    quoted = bool(content.inner_parts(context, [left]))
    known = frame.entry is not None
    base = 0.95 if known and quoted else 0.9 if known else 0.75
    return framed(context, frame, spans, region, rule=rule, base=base, source=source), end


def _behind_content(context: Context, sentence: Sentence, first: int) -> bool:
    """A comma, a closing mark or a dash stands right before the verb; or the sentence goes on in lower case."""
    text = context.text
    at = sentence.tokens[_opening(sentence, first)].start - 1
    if first == 0 and not sentence.tokens[0].text[0].islower():
        return False
    while at >= 0 and text[at] in " \n":
        at -= 1
    if at < 0:
        return False
    if text[at] == ",":
        return True
    if text[at] in ALL_MARKS:
        inside = text[:at].rstrip()[-1:]
        closed = next((q for q in context.outermost if q.outer.end == at + 1), None)
        if closed is None:
            return False
        words = text[closed.inner.start : closed.inner.end].split()
        clause = len(words) >= _CLAUSE_WORDS and content.has_finite_verb(context, closed.inner)
        return inside in _BARE_CLOSE or inside == "," or clause
    return text[at] in "–-" and text[at - 1] == " "


def _opening(sentence: Sentence, first: int) -> int:
    """The first token of the frame: its finite verb, or the *so* before it (*…, so urteilte das Gericht*)."""
    return first - 1 if first > 0 and sentence.tokens[first - 1].text == "so" else first


def _is_relative(sentence: Sentence, frame: Frame) -> bool:
    """*…, der sagte*: the verb stands behind its relative pronoun and is no inverted frame."""
    return any(tree.is_relative(sentence, c) and c < frame.first for c in sentence.children[frame.verb])


def _behind_colon(context: Context, sentence: Sentence, left: Span) -> Span:
    """*Das Ministerium weist das zurück: Man habe Zahlen, hieß es*: before the colon the reporter speaks.

    Where the Konjunktiv stands before it already, all of it is content (*Er wisse eins: Man müsse handeln, sagte X*).
    """
    words = [t for t in sentence.tokens if left.start <= t.start < left.end]
    colon = next((n for n, t in enumerate(words) if t.text == ":" and not context.in_marks(t.start)), None)
    if colon is None:
        return left
    said = Span(words[colon].end, left.end)
    before = [t for t in words[:colon] if t.feats.get("VerbForm") == "Fin"]
    told = bool(before) and all(t.feats.get("Mood") != "Sub" for t in before)
    direct = content.settle(context, [said])[0] == "direct"
    reported = direct or content.mood(context, [said]) == "konjunktiv_1"
    return said if told and reported and not content.inner_parts(context, [Span(left.start, said.start)]) else left


def _is_subject(frame: Frame, left: Span) -> bool:
    """*Der Archäologe, der nicht beteiligt war, nennt das Ergebnis „…“*: before the verb stands its subject alone."""
    sentence, subject = frame.sentence, frame.subject
    if subject is None or subject > frame.first:
        return False
    phrase = set(tree.descendants(sentence, subject))
    return all(t.index in phrase for t in sentence.tokens if left.start <= t.start < left.end and t.upos != "PUNCT")


def _right(context: Context, frame: Frame, left: Span, subject: int | None) -> tuple[int, Span | None]:
    """Where the frame ends (code point), and the content behind it where the frame stands inside its content."""
    sentence = frame.sentence
    stop = sentence.end
    behind = sentence.tokens[max(frame.first, subject or 0)].end
    if content.is_open(context, left, stop) and content.settle(context, [left])[0] != "direct":
        for token in sentence.tokens:
            if token.start >= behind and token.text == ",":
                rest = content.trim(context.text, Span(token.end, stop), full_stop=True)
                if any(ch.isalnum() for ch in context.text[rest.start : rest.end]):
                    return token.start, rest
    for quoted in context.outermost:
        if quoted.outer.start < behind:
            continue
        if quoted.outer.start >= stop:
            break
        lead = context.text[behind : quoted.outer.start].rstrip()
        if lead.endswith(","):
            edge = context.text.rfind(",", behind, quoted.outer.start)
            return edge, quoted.outer
        if lead.endswith(":"):
            return quoted.outer.start, None
    for token in sentence.tokens:
        if token.start < behind or token.text not in (",", ";"):
            continue
        rest = content.trim(context.text, Span(token.end, stop), full_stop=True)
        if _goes_on(sentence, rest):
            return token.start, rest
    return stop, None


def _goes_on(sentence: Sentence, rest: Span) -> bool:
    """*…, sagte X, nur sei es dort billiger*: a clause in the Konjunktiv behind the frame is content again."""
    words = [t for t in sentence.tokens if rest.start <= t.start < rest.end and t.upos != "PUNCT"]
    if (
        len(words) < 3
        or words[0].upos == "SCONJ"
        or tree.is_relative(sentence, words[0].index)
        or words[0].text.lower() in word_set("adverbial_openings")
    ):
        return False
    finite = next((t for t in words if t.feats.get("VerbForm") == "Fin"), None)
    if finite is None or words.index(finite) > 4:
        return False
    if any(t.text == "," for t in sentence.tokens[words[0].index : finite.index]):
        return False
    clause = tree.predicate_of(sentence, finite.index)
    return tree.mood_of(sentence, clause) == "konjunktiv_1" and tree.subordinator(sentence, clause) is None


def _is_content(context: Context, frame: Frame, left: Span, right: Span | None) -> bool:
    """Whether the part before the verb is content and not an adverbial clause that opens the sentence."""
    sentence = frame.sentence
    inner = content.inner_parts(context, [left])
    if inner and content.settle(context, [left])[0] == "direct":
        return frame.entry is None or frame.entry.takes("direct", "clause", "np") or frame.impersonal
    if frame.entry is None:
        return False
    if right is not None:
        return content.has_finite_verb(context, left) or content.is_open(context, left, sentence.end)
    if not _has_main_clause(frame, left):
        return False
    opening = next((t for t in sentence.tokens if t.start >= left.start and t.upos != "PUNCT"), None)
    if opening is not None and _opens_an_aside(sentence, opening):
        return False
    adverbial = opening is not None and opening.text.lower() in word_set("adverbial_openings")
    if adverbial and opening is not None and opening.upos in ("SCONJ", "ADP", "CCONJ"):
        if opening.upos == "ADP" and _is_second(sentence, left):
            return frame.entry.takes("clause", "direct") or frame.impersonal
        return any(
            left.start <= t.start < left.end
            and t.feats.get("VerbForm") == "Fin"
            and t.index > 0
            and sentence.tokens[t.index - 1].text == ","
            for t in sentence.tokens
        )
    return frame.entry.takes("clause", "direct") or frame.impersonal


def _opens_an_aside(sentence: Sentence, opening: Token) -> bool:
    """*Wie aus dem Papier hervorgeht, das X vorliegt, rechnet der Konzern mit Verlust*: an adverbial clause."""
    mark = opening.text.lower() == "wie" and opening.relation == "mark" and opening.head >= 0
    return mark and sentence.tokens[opening.head].relation == "advcl"


def _is_second(sentence: Sentence, left: Span) -> bool:
    """*Ohne die Zusage hätte man …*: the finite verb stands behind one phrase, and so in a main clause."""
    words = [t for t in sentence.tokens if left.start <= t.start < left.end]
    at = next((n for n, t in enumerate(words) if t.feats.get("VerbForm") == "Fin"), None)
    if at is None or at == len(words) - 1:
        return False
    return not any(t.text == "," or t.upos in ("SCONJ", "PRON") for t in words[:at])


def _has_main_clause(frame: Frame, left: Span) -> bool:
    """Whether a clause before the verb is no relative or adverbial one: *Auf die Frage, ob …, sagte X* has none."""
    sentence = frame.sentence
    for token in sentence.tokens:
        if not left.start <= token.start < left.end or token.feats.get("VerbForm") != "Fin":
            continue
        head = token.index
        while sentence.tokens[head].relation in ("aux", "cop") and sentence.tokens[head].head >= 0:
            head = sentence.tokens[head].head
        relation = sentence.tokens[head].relation
        governor = sentence.tokens[head].head
        if relation == "ccomp" and sentence.tokens[governor].upos == "NOUN" and governor < token.index:
            continue  # the clause of the noun: no content of the verb
        if relation in ("ccomp", "parataxis", "csubj", "root", "conj", "xcomp", "dep") or governor < 0:
            return True
        if relation in ("advmod", "amod", "nmod"):
            return True  # no finite verb can be that: the parse is wrong, and the surface is a main clause
        argument = relation in ("advcl", "obl", "obj", "nsubj", "acl") and governor in (frame.verb, frame.first)
        if argument and tree.subordinator(sentence, head) in (None, "dass", "ob"):
            return True
    return False
