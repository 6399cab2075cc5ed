"""Lemmas: each pair of form and tag is lemmatised once, and what cannot be a lemma is put right."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

# Pairs kept, in some 10 MB: about what two thousand articles have.
MOST_KEPT = 30_000
# Letters. The lemmatizer writes at most 50, so that longer words (addresses, mostly) have no lemma of its making.
LONGEST_WORD = 50


class LemmaMemory:
    """Runs Stanza's lemmatizer on pairs of form and tag not seen before: it looks at nothing else."""

    def __init__(self, processor: Any) -> None:
        self._processor = processor
        self._known: dict[tuple[str, str | None], str] = {}

    @staticmethod
    def suits(processor: Any) -> bool:
        """Whether the lemmatizer looks at single words only."""
        trainer = processor.trainer
        return not processor.use_identity and trainer is not None and not trainer.has_contextual_lemmatizers()

    def annotate(self, document: Any) -> None:
        """Set the lemma of every word of a tagged Stanza document."""
        words = [word for sentence in document.sentences for word in sentence.words]
        if len(self._known) > MOST_KEPT:
            self._known.clear()
        self._learn(dict.fromkeys((word.text, word.upos) for word in words))
        for word in words:
            word.lemma = self._known[word.text, word.upos]

    def _learn(self, pairs: Iterable[tuple[str, str | None]]) -> None:
        from stanza.models.common.doc import Document as StanzaDocument

        new = []
        for pair in pairs:
            if pair in self._known:
                continue
            if len(pair[0]) > LONGEST_WORD:
                self._known[pair] = pair[0]
            else:
                new.append(pair)
        if not new:
            return
        # A batch is written until its longest lemma is done: words of like length go together.
        new.sort(key=lambda pair: len(pair[0]))
        entries = [{"id": i, "text": form, "upos": tag} for i, (form, tag) in enumerate(new, start=1)]
        document = StanzaDocument([entries])
        self._processor.process(document)
        self._known.update(zip(new, (word.lemma for word in document.sentences[0].words), strict=True))


def mended(lemma: str | None, form: str, upos: str | None, feats: str | None) -> str:
    """The lemma, or the form where the lemmatizer is known to fail."""
    if not lemma:
        return form
    # It writes letters until it sees an end, and on rare compounds does not stop in time.
    if len(lemma) > len(form) + 4:
        return form
    if upos != "PROPN":
        return lemma
    if "ß" in lemma and "ß" not in form:
        lemma = lemma.replace("ß", "ss")  # Rußland is a spelling of the training data
    # Names have no ending but the genitive's.
    return lemma if lemma == form.removesuffix("s") or (feats and "Case=Gen" in feats) else form
