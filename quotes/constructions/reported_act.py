"""Speech acts told as such: *X lobte Y*, *X forderte den Rücktritt*, *X warnte vor Y*; no clause of content.

Also the fragment: a quoted word or phrase in the object of such a verb (*nannte den Plan „absurd“*,
*sprach von einer „Katastrophe“*, *sieht „Möglichkeiten“*); the row then is mixed.
"""

from __future__ import annotations

from collections.abc import Iterator

from quotes import tree
from quotes.constructions import content
from quotes.constructions.candidate import Candidate, Source
from quotes.constructions.context import Context
from quotes.constructions.frame import Frame
from quotes.constructions.framed import framed, is_reported
from quotes.constructions.roles import may_speak, source_of
from quotes.lexicon import Verb
from quotes.marks import ALL_MARKS
from quotes.model import Sentence, Span, Token
from quotes.tables import word_list, word_set
from quotes.word_forms import fold

RULE = "reported_act"
FRAGMENT = "fragment"
ACTS = (RULE, FRAGMENT)
# A modal makes a guess, a wish or a plan of the act; *soll gefordert haben* is hearsay about a real one.
_GUESSES = frozenset({"können", "dürfen", "müssen", "mögen", "wollen"})
# Adverbs that the tagger takes for prepositions.
_NO_PREPOSITIONS = frozenset({"vorab", "zuvor", "vorher", "nachher", "dazu"})
# Acts of speech that a noun phrase alone tells; thinking and perceiving need a clause or marks.
_TOLD = frozenset(
    "ask claim announce report confirm deny admit warn demand advise promise threaten criticise praise thank evaluate"
    " agree refuse call".split()
)
# Verbs of medium strength do other things to objects as well (*verteidigte seinen Platz*): only these tell acts.
_TOLD_MEDIUM = frozenset(
    "demand criticise praise warn promise threaten thank confirm announce advise deny admit".split()
)


def find(context: Context) -> Iterator[Candidate]:
    """One candidate for each cue verb with an object or a prepositional phrase that tells its content."""
    for sentence in context.sentences:
        for frame in context.frames(sentence):
            if frame.entry is None or context.is_quoted_token(sentence, frame.first):
                continue
            candidate = _act(context, frame, frame.entry)
            if candidate is not None:
                yield candidate


def _act(context: Context, frame: Frame, entry: Verb) -> Candidate | None:
    sentence = frame.sentence
    if frame.impersonal or frame.modal in _GUESSES:
        return None
    if frame.finite is None or is_reported(frame):
        return None
    source = source_of(context, frame)
    if source is None or not may_speak(context.sentences[source.sentence], source.head, context.lexicon):
        return None
    if any(t.text == ":" for t in context.sentences[source.sentence].tokens[source.head : source.last + 2]):
        return None  # *Wien: Mieter klagen über Schimmel*: a place or topic before the headline
    arguments = _arguments(context, frame, entry, source)
    if not arguments or _sentences(frame, entry):
        return None
    spans = _spans(context, sentence, arguments)
    verbatim = _without_titles(frame, content.inner_parts(context, spans))
    admitted = _admits_fragment(entry) if verbatim else _admits_act(context, frame, entry, arguments)
    if not admitted:
        return None
    region = [i for i in range(len(sentence.tokens)) if not any(a <= i <= b for a, b in arguments)]
    region = [i for i in region if tree.clause_head(sentence, i) == tree.clause_head(sentence, frame.verb)]
    return framed(
        context,
        frame,
        spans,
        region,
        rule=FRAGMENT if verbatim else RULE,
        base=0.72 if verbatim else 0.68,
        source=source,
        kind="mixed" if verbatim else "reported",
    )


def _sentences(frame: Frame, entry: Verb) -> bool:
    """*Das Gericht verurteilte ihn zu vier Jahren*: what a court does is no opinion of it."""
    sentence = frame.sentence
    if entry.lemma not in word_set("sentencing_verbs"):
        return False
    court = frame.subject is not None and fold(sentence.tokens[frame.subject].text).endswith(word_list("court_endings"))
    return court or any(_has_case(sentence, child, "zu") for child in sentence.children[frame.verb])


def _admits_fragment(entry: Verb) -> bool:
    """Whether a verb can have quoted words in its object."""
    if entry.strength == "weak":
        return entry.takes("fragment")
    return entry.strength == "strong" or entry.takes("fragment", "np", "as", "pp")


def _admits_act(context: Context, frame: Frame, entry: Verb, arguments: list[tuple[int, int]]) -> bool:
    """Whether a verb with these arguments tells an act of speech though nothing in them is quoted."""
    sentence = frame.sentence
    if entry.strength == "weak" or not entry.takes("np", "pp", "as"):
        return False
    opens = {sentence.tokens[a].text.lower() for a, _ in arguments}
    of = entry.takes("pp:von") and bool(opens & {"von", "vom"})
    points = entry.takes("pp:auf") and bool(opens & {"auf", "aufs"})
    if (of or points) and entry.kind == "say" and frame.modal is None:
        return True  # *sprach von einem Schritt nach vorne*, *verwies auf das Wetter*
    if entry.kind in ("think", "evaluate") and frame.modal is None and _is_belief(sentence, entry, arguments):
        return True
    if entry.strength == "medium" and (frame.modal is not None or entry.kind not in _TOLD_MEDIUM):
        return False
    if entry.kind == "evaluate" and not entry.takes("as", "pp"):
        return False
    if entry.kind in _TOLD or (entry.kind in ("say", "write", "feel") and _is_speech(context, sentence, arguments)):
        return True
    return of


def _is_belief(sentence: Sentence, entry: Verb, arguments: list[tuple[int, int]]) -> bool:
    """*geht von Brandstiftung aus*, *rechnet mit Streiks*, *wertet es als Erfolg*: the verb's preposition, or *als*."""
    wanted = entry.prepositions | ({"als"} if entry.takes("as") else set())
    return any(
        t.lemma.lower() in wanted or t.text.lower() in wanted
        for first, last in arguments
        for t in sentence.tokens[first : min(first + 2, last + 1)]
    )


def _is_speech(context: Context, sentence: Sentence, arguments: list[tuple[int, int]]) -> bool:
    """*äußerte seine Bereitschaft*, *drückte ihre Hoffnung aus*: the object itself is a noun of speech or thought."""
    return any(
        context.lexicon.noun(t.lemma, t.text) is not None
        for first, last in arguments
        for t in sentence.tokens[first : min(last + 1, first + 4)]
        if t.upos == "NOUN"
    )


def _without_titles(frame: Frame, verbatim: tuple[Span, ...]) -> tuple[Span, ...]:
    """The quoted parts that are no names: *die Initiative «Für faire Mieten»*, *vom Typ „Angara“* are names.

    A name stands right behind the noun it names, or is one proper noun.
    """
    sentence, kept = frame.sentence, []
    for part in verbatim:
        inside = [t for t in sentence.tokens if part.start <= t.start < part.end and t.upos != "PUNCT"]
        before = [t for t in sentence.tokens if t.end <= part.start and t.upos != "PUNCT"]
        capital = bool(inside) and inside[0].text[0].isupper()
        behind_noun = bool(before) and before[-1].upos in ("NOUN", "PROPN")
        if before and before[-1].text.lower() == "als":
            kept.append(part)  # *als „Placebo“ verspottet*: what somebody calls it
            continue
        if any(t.head == frame.verb and t.relation == "obj" and t.upos != "PROPN" for t in inside):
            kept.append(part)  # *hatte dem Klub bei Sky „Angstfußball“ vorgeworfen*: the verb's own object
            continue
        if (behind_noun and capital) or (len(inside) == 1 and inside[0].upos == "PROPN"):
            continue
        kept.append(part)
    return tuple(kept)


def _arguments(context: Context, frame: Frame, entry: Verb, source: Source) -> list[tuple[int, int]]:
    """The token runs that tell the content: objects, and phrases with the verb's preposition."""
    sentence = frame.sentence
    prepositions = entry.prepositions
    found = []
    for child in sentence.children[frame.verb]:
        token = sentence.tokens[child]
        if child in frame.cue or source.holds(sentence.index, child):
            continue
        if token.upos in ("PRON", "DET") and not _points_to_a_statement(token, entry):
            continue
        if token.relation not in ("obj", "obl", "xcomp", "nmod", "advmod"):
            continue
        cases = [
            c for c in tree.children(sentence, child, "case") if sentence.tokens[c].text.lower() not in _NO_PREPOSITIONS
        ]
        words = {sentence.tokens[c].text.lower() for c in cases} | {sentence.tokens[c].lemma for c in cases}
        quoted = _is_quoted_argument(context, sentence, child)
        takes = (
            (token.relation == "obj" and not cases and (entry.takes("np", "as", "fragment") or quoted))
            or (words & prepositions)
            or ("als" in words and entry.takes("as"))
            or (quoted and entry.takes("fragment", "as") and not (cases and words & {"in", "auf", "bei", "mit"}))
        )
        dative = token.feats.get("Case") == "Dat" and not cases and token.relation == "obl"
        if entry.lemma in word_set("dative_verbs") and not cases and token.relation in ("obj", "obl", "iobj"):
            takes, dative = True, False  # *widersprach dem Vorwurf*
        if not takes or dative:
            continue
        if token.relation == "advmod" and not quoted:
            continue
        if token.upos in ("PRON", "DET"):
            found.append((child, child))
            continue
        first, last = _whole_phrase(sentence, child)
        first = min([first, *cases])
        while first < last and sentence.tokens[first].text.lower() in _NO_PREPOSITIONS:
            first += 1
        last = _with_complements(sentence, last, frame)
        if source.sentence == sentence.index and first <= source.head <= last:
            continue
        found.append((first, last))
    found.sort()
    if prepositions and len(found) > 1:
        # *dankte Müller für den Einsatz*: the person is addressed, the phrase is the content.
        phrased = [a for a in found if sentence.tokens[a[0]].upos == "ADP"]
        found = phrased or found
    bare = [a for a in found if sentence.tokens[a[0]].upos != "ADP"]
    if len(bare) > 1:
        # *verspricht Kim Hilfe*: of two bare phrases the name is addressed
        names = [a for a in bare if all(t.upos == "PROPN" for t in sentence.tokens[a[0] : a[1] + 1])]
        found = [a for a in found if a not in names] if len(names) < len(bare) else found
    if entry.kind == "thank":
        found = [a for a in found if sentence.tokens[a[0]].upos == "ADP"] or _thanked(frame, source)
    if entry.kind in ("evaluate", "call") and any(_is_quoted_argument(context, sentence, b) for _, b in found):
        found += _judged(frame, found, source)
    if entry.takes("as"):
        found += _als_phrases(frame, found)
    if not any(_is_quoted_argument(context, sentence, i) for a, b in found for i in range(a, b + 1)):
        found += _quoted_als(context, frame, found)
    if len(found) > 1:  # *wies dies als „Unverschämtheit“ zurück*: the pointer says less than the rest
        found = [a for a in found if a[0] != a[1] or sentence.tokens[a[0]].upos not in ("PRON", "DET")]
    return sorted(found)


def _points_to_a_statement(token: Token, entry: Verb) -> bool:
    """*wies das zurück*, *bestätigte dies*, *bestreitet alles*: what is denied or confirmed was said before."""
    return entry.kind in ("deny", "confirm") and token.text.lower() in ("das", "dies", "alles", "beides")


def _judged(frame: Frame, found: list[tuple[int, int]], source: Source) -> list[tuple[int, int]]:
    """*hält die Bewertung für „sportlich“*: what is judged belongs to the judgement."""
    sentence = frame.sentence
    for child in tree.children(sentence, frame.verb, "obj"):
        token = sentence.tokens[child]
        taken = source.holds(sentence.index, child) or child in frame.cue or any(a <= child <= b for a, b in found)
        if not taken and token.upos in ("NOUN", "PROPN"):
            return [_whole_phrase(sentence, child)]
    return []


def _thanked(frame: Frame, source: Source) -> list[tuple[int, int]]:
    """*dankte den Helfern*: without a reason, whom one thanks is the content."""
    sentence = frame.sentence
    for child in tree.children(sentence, frame.verb, "obj", "iobj", "obl"):
        token = sentence.tokens[child]
        cased = bool(tree.children(sentence, child, "case"))
        own = source.holds(sentence.index, child)
        if token.upos in ("NOUN", "PROPN") and not cased and not own and child > frame.first:
            return [_whole_phrase(sentence, child)]
    return []


def _quoted_als(context: Context, frame: Frame, found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """*wies dies … als „Unverschämtheit“ zurück*: *als* right before a mark, wherever the parse hangs it."""
    sentence = frame.sentence
    for als in sentence.tokens[:-2]:
        if als.text.lower() != "als" or any(a <= als.index <= b for a, b in found):
            continue
        opening = als.index + 1 + (sentence.tokens[als.index + 1].upos == "DET")
        quoted = next((q for q in context.outermost if q.outer.start == sentence.tokens[opening].start), None)
        if quoted is None or quoted.outer.end > sentence.end:
            continue
        last = max(t.index for t in sentence.tokens if t.start < quoted.outer.end)
        between = sentence.tokens[min(frame.first, frame.verb) : max(frame.first, frame.verb, als.index)]
        closed = any(t.text in (";", ":") for t in between)
        behind = frame.first < als.index or frame.verb == last + 1
        if behind and not closed and frame.entry is not None and frame.entry.strength != "weak":
            return [(als.index, last)]
    return []


def _als_phrases(frame: Frame, found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """*bezeichnete den Plan als „absurd“*: phrases with *als* that hang on the verb or on an argument."""
    sentence = frame.sentence
    runs = list(found)
    for als in sentence.tokens[1:]:
        if als.text.lower() != "als" or als.head < als.index or any(a <= als.index <= b for a, b in runs):
            continue
        first, last = _whole_phrase(sentence, als.head)
        governor = sentence.tokens[als.head].head
        if governor == frame.verb or any(a <= governor <= b for a, b in runs):
            runs.append((min(first, als.index), last))
    return runs[len(found) :]


def _has_case(sentence: Sentence, noun: int, preposition: str) -> bool:
    return any(sentence.tokens[c].lemma.lower() == preposition for c in tree.children(sentence, noun, "case"))


def _whole_phrase(sentence: Sentence, head: int) -> tuple[int, int]:
    """An argument with the clauses that belong to it (*den Vorwurf, er habe gelogen*), not with adverbial ones.

    The interview in which it was said does not belong to it, even if the parse hangs it there.
    """

    def follow(child: int) -> bool:
        if child == tree.misread_dative(sentence, head):
            return False
        if sentence.tokens[child].lemma.lower().endswith(word_list("occasions")) and child > head:
            # *im Gespräch mit der „Zeit“*, not *Mut im öffentlichen Gespräch*
            bare = not tree.children(sentence, child, "amod")
            return not (bare and _has_case(sentence, child, "in"))
        finite = tree.finite_of(sentence, child)
        pronouns = [c for c in sentence.children[child] if sentence.tokens[c].upos == "PRON"]
        if finite is not None and any(tree.is_article_for_pronoun(sentence, c, finite) for c in pronouns):
            return False
        adverbial = tree.subordinator(sentence, child) not in (None, "dass", "ob")
        if adverbial and not any(sentence.tokens[i].text in ALL_MARKS for i in tree.descendants(sentence, child)):
            return False
        openings = [sentence.tokens[c].text.lower() for c in sentence.children[child] if c < child]
        relative = any(tree.is_relative(sentence, c) for c in sentence.children[child])
        if relative and tree.mood_of(sentence, child) == "konjunktiv_1":
            return False  # *begrüßte den Abschluss, der viel bringe*: the clause is content of its own
        return not word_set("consecutive_openings").intersection(openings)

    first, last = tree.run_around(set(tree.descendants(sentence, head, follow)), head)
    return tree.extent(sentence, range(first, last + 1))


def _with_complements(sentence: Sentence, last: int, frame: Frame) -> int:
    """The argument with prepositional phrases right behind it that the parse hangs on the verb.

    *sieht „Möglichkeiten“ für eine Zusammenarbeit*, *Hilfe beim Bau von Satelliten*; times and occasions stay out.
    """
    tokens = sentence.tokens
    last = _with_genitive(sentence, last, frame)
    for clause in tree.children(sentence, frame.verb, "xcomp", "ccomp", "acl"):
        zu = any(tokens[c].text == "zu" for c in tree.children(sentence, clause, "mark"))
        inside = set(tree.descendants(sentence, clause))
        if zu and clause > last and all(i in inside or tokens[i].upos == "PUNCT" for i in range(last + 1, clause)):
            return clause  # *seine Bereitschaft, Beziehungen zu fördern*
    while True:
        at = last + 1
        while at < len(tokens) and tokens[at].upos == "PUNCT" and tokens[at].text in '“”"»«‘’':
            at += 1
        if at >= len(tokens) or tokens[at].upos != "ADP" or tokens[at].deprel == "compound:prt":
            return last
        noun = tokens[at].head
        if at in frame.cue or noun in frame.cue:
            return last
        if noun <= at or tokens[noun].head != frame.verb or tokens[noun].upos not in ("NOUN", "PROPN"):
            return last
        circumstance = tokens[noun].lemma.lower().endswith(word_list("circumstance_nouns"))
        if circumstance or tokens[at].text.lower() in ("gegenüber", "vor"):
            return last
        last = max(noun, *tree.descendants(sentence, noun))
        while tokens[last].upos == "PUNCT":
            last -= 1


def _with_genitive(sentence: Sentence, last: int, frame: Frame) -> int:
    """*zwei Starts ballistischer Raketen*: a genitive right behind the object that the parse hangs elsewhere."""
    tokens = sentence.tokens
    at = last + 1
    while at < len(tokens) and tokens[at].upos in ("DET", "ADJ") and tokens[at].feats.get("Case") == "Gen":
        at += 1
    if last < at < len(tokens) and tokens[at].upos == "NOUN" and at > last + 1 and at not in frame.cue:
        return at
    return last


def _is_quoted_argument(context: Context, sentence: Sentence, head: int) -> bool:
    return any(context.is_quoted_token(sentence, i) for i in tree.descendants(sentence, head))


def _spans(context: Context, sentence: Sentence, arguments: list[tuple[int, int]]) -> list[Span]:
    spans: list[Span] = []
    for first, last in arguments:
        span = tree.span_of(sentence, first, last)
        if spans and span.start <= spans[-1].end + 2:
            spans[-1] = Span(spans[-1].start, max(span.end, spans[-1].end))
        else:
            spans.append(span)
    whole = []
    for span in spans:
        start, end = span
        for quoted in context.outermost:
            if quoted.outer.start < end and start < quoted.outer.end and quoted.outer.end - quoted.outer.start < 200:
                start, end = min(start, quoted.outer.start), max(end, quoted.outer.end)
        whole.append(Span(start, end))
    return whole
