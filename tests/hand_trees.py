"""Trees built by hand: one word a line, as ``form upos head relation features``, so that no model is needed.

A form that begins with ``~`` stands without a blank before it (*US ~- ~Präsident*).
"""

from __future__ import annotations

from quotes.model import ParsedDocument, Sentence, Token, build_sentence
from quotes.text import make_document

# Signs that stand without a blank before them, and those without one behind.
_LEFT, _RIGHT = set(",.:;!?“«)"), set("„»(")


def tree(table: str, *, index: int = 0, start: int = 0) -> Sentence:
    """A sentence from lines of ``form upos head relation [features] [lemma=…]``; heads count from 1, 0 is the root.

    Features as in CoNLL-U (``VerbForm=Fin|Mood=Ind``), ``_`` for none; the lemma is the form in lower case or as given.
    """
    rows = [line.split() for line in table.strip().splitlines()]
    tokens: list[Token] = []
    at, glue = start, True
    for number, (form, upos, head, relation, *rest) in enumerate(rows):
        lemma = next((r.removeprefix("lemma=") for r in rest if r.startswith("lemma=")), form)
        feats = next((r for r in rest if not r.startswith("lemma=")), "_")
        glue = glue or form in _LEFT or form.startswith("~")
        form = form.removeprefix("~") or form
        if not glue:
            at += 1
        named = dict(f.split("=") for f in feats.split("|")) if feats != "_" else {}
        tokens.append(Token(number, form, lemma, upos, named, int(head) - 1, relation, at, at + len(form)))
        at += len(form)
        glue = form in _RIGHT
    return build_sentence(index, 0, tuple(tokens))


def text_of(sentence: Sentence) -> str:
    """The sentence as printed, up to its offset filled with blanks."""
    text = ""
    for token in sentence.tokens:
        text += " " * (token.start - len(text)) + token.text
    return text


def parsed(*tables: str) -> ParsedDocument:
    """A document of one paragraph from several trees."""
    sentences: list[Sentence] = []
    text = ""
    for number, table in enumerate(tables):
        sentence = tree(table, index=number, start=len(text) + bool(text))
        text += text_of(sentence)[len(text) :]
        sentences.append(sentence)
    return ParsedDocument(make_document(text, source="hand"), tuple(sentences))


def says(subject: str) -> str:
    """*SUBJECT sagte, es regne.* Heads in the subject count from 1; ``V`` is the verb."""
    return _with_verb(
        subject,
        """
        sagte VERB 0 root VerbForm=Fin|Mood=Ind|Tense=Past lemma=sagen
        , PUNCT +3 punct
        es PRON +3 nsubj Number=Sing
        regne VERB V ccomp VerbForm=Fin|Mood=Sub|Tense=Pres lemma=regnen
        . PUNCT V punct
        """,
    )


def comes(subject: str) -> str:
    """*SUBJECT kam.*"""
    return _with_verb(subject, "kam VERB 0 root VerbForm=Fin|Mood=Ind|Tense=Past lemma=kommen\n. PUNCT V punct")


def _with_verb(subject: str, rest: str) -> str:
    verb = len(subject.strip().splitlines()) + 1
    table = f"{subject.strip()}\n{rest.strip()}"
    return table.replace(" V ", f" {verb} ").replace(" +3 ", f" {verb + 3} ")
