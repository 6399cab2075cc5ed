"""Silver: sentences of free prose with a teacher's parses.

Prose is a text file; each line is a paragraph. What it is and what its licence is stands in the model card.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from pathlib import Path

from parser_training.trees import Tree, Word, feature_column
from quotes.model import ParsedDocument, Sentence
from quotes.parse import StanzaParser, choose_model
from quotes.text import make_document

log = logging.getLogger(__name__)
# Words of a sentence that is kept, and the share of them that must be letters: no lists, tables and results.
SHORTEST, LONGEST, LETTERS = 4, 60, 0.6
# Characters that are parsed together; the log has a line for each.
CHUNK = 200_000


def prose_paragraphs(path: Path, characters: int) -> list[str]:
    """The paragraphs of a prose file, each once, until they have so many characters.

    Raises:
        ValueError: there is none.
    """
    found: dict[str, None] = {}
    size = 0
    for line in path.read_text(encoding="utf-8").splitlines():
        paragraph = " ".join(line.split())
        if paragraph and paragraph not in found and size < characters:
            found[paragraph] = None
            size += len(paragraph)
    if not found:
        raise ValueError(f"{path.name}: no prose")
    return list(found)


def make_silver(paragraphs: Iterable[str], teacher: Path, *, without: Iterable[str] = ()) -> list[Tree]:
    """The teacher's trees of the paragraphs' sentences, each once.

    ``without``: texts of sentences that must not be among them, as the held-out ones.
    """
    parser = StanzaParser(choose_model(str(teacher)), whole=True)
    seen = set(without)
    trees: list[Tree] = []
    for number, text in enumerate(_chunks(paragraphs)):
        for parsed in parser.parse([make_document(text, source=f"prose-{number}")]):
            for tree in _trees(parsed, number):
                if tree.text not in seen and worth_keeping(tree):
                    seen.add(tree.text)
                    trees.append(tree)
        log.info("silver: %d sentences", len(trees))
    return trees


def _chunks(paragraphs: Iterable[str]) -> Iterator[str]:
    chunk: list[str] = []
    size = 0
    for paragraph in paragraphs:
        chunk.append(paragraph)
        size += len(paragraph)
        if size >= CHUNK:
            yield "\n\n".join(chunk)
            chunk, size = [], 0
    if chunk:
        yield "\n\n".join(chunk)


def _trees(parsed: ParsedDocument, chunk: int) -> Iterator[Tree]:
    for number, sentence in enumerate(parsed.sentences):
        yield Tree(f"silver-{chunk}-{number}", tuple(_words(sentence, parsed.document.text)))


def _words(sentence: Sentence, text: str) -> Iterator[Word]:
    for token in sentence.tokens:
        feats = feature_column(dict(token.feats))
        space = not text[token.end : token.end + 1].strip()
        relation = token.deprel
        yield Word(token.text, token.lemma or "_", token.upos, "_", feats, token.head + 1, relation, space)


def worth_keeping(tree: Tree) -> bool:
    """Whether a sentence has a length and words to learn from, and one root."""
    forms = [word.form for word in tree.words]
    if not SHORTEST <= len(forms) <= LONGEST or any(not form.strip() or " " in form for form in forms):
        return False
    return sum(form.isalpha() for form in forms) >= LETTERS * len(forms) and sum(w.head == 0 for w in tree.words) == 1
