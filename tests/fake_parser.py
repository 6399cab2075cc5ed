"""A parser and an extractor without a model: words are split at blanks, and each „…“ is a direct quotation."""

from __future__ import annotations

import re
from collections.abc import Sequence

from quotes.model import Document, ParsedDocument, Quotation, Span, Speaker, Token, build_sentence


class FakeParser:
    """Counts its calls; raises on documents that contain ``poison``."""

    name = "fake@1"

    def __init__(
        self, choice: object = None, *, name: str = "fake@1", exact: bool = False, whole: bool = False
    ) -> None:
        self.name = name
        self.batches: list[int] = []

    def load(self) -> None:
        pass

    def parse(self, documents: Sequence[Document]) -> list[ParsedDocument]:
        self.batches.append(len(documents))
        if any("poison" in document.text for document in documents):
            raise RuntimeError("the tree fell over")
        return [self._parse(document) for document in documents]

    def _parse(self, document: Document) -> ParsedDocument:
        sentences = []
        for number, span in enumerate(document.paragraphs):
            words = re.finditer(r"\S+", document.text[span.start : span.end])
            tokens = tuple(
                Token(i, w[0], w[0], "X", {}, i - 1, "dep", span.start + w.start(), span.start + w.end())
                for i, w in enumerate(words)
            )
            sentences.append(build_sentence(len(sentences), number, tokens))
        return ParsedDocument(document, tuple(sentences), self.name)


def fake_extract(parsed: ParsedDocument, **_: object) -> list[Quotation]:
    """Each „…“ with the word after *sagte* as its speaker."""
    text = parsed.document.text
    if "unerhört" in text:
        raise ValueError("no rule for that")
    found = []
    for match in re.finditer("„([^“]+)“(?:, sagte (\\w+))?", text):
        who = match[2]
        found.append(
            Quotation(
                "direct",
                (Span(*match.span(1)),),
                "marks",
                verbatim_spans=(Span(*match.span(1)),),
                speaker_spans=(Span(*match.span(2)),) if who else (),
                speaker=Speaker(who, who.lower(), "person", None, "name", 0.9) if who else Speaker(),
                via=("dpa",),
                confidence=0.8,
                trace=("the marks pair",),
            )
        )
    return found
