"""Stored parses: CoNLL-U out and in, with the offsets that lead back to the article.

Each document begins with ``# newdoc id``; the offsets stand in MISC as ``start_char`` and ``end_char`` (code
points into the document's text), on the token of a multi-word range for all its words. A form is printed with plain
blanks; the token's own text comes back from the document.
Format: https://universaldependencies.org/format.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType

from quotes.errors import DataError
from quotes.model import Document, ParsedDocument, Sentence, Token, build_sentence


@lru_cache(maxsize=4096)
def parse_feats(feats: str) -> Mapping[str, str]:
    """``Case=Nom|Number=Sing`` as a mapping; ``_`` is empty. Kept, since a corpus has few different ones."""
    if feats in ("", "_"):
        return MappingProxyType({})
    return MappingProxyType(dict(part.split("=", 1) for part in feats.split("|") if "=" in part))


def write_conllu(parsed: Iterable[ParsedDocument]) -> Iterator[str]:
    """CoNLL-U text, one block a sentence."""
    for item in parsed:
        text = item.document.text
        for sentence in item.sentences:
            lines = []
            if sentence.index == 0:
                lines += [f"# newdoc id = {item.document.doc_id}", f"# source = {_line(item.document.source)}"]
                if item.model:
                    lines.append(f"# model = {item.model}")
            lines += [
                f"# sent_id = {item.document.doc_id[:12]}-{sentence.index + 1}",
                f"# paragraph = {sentence.paragraph}",
                f"# text = {_line(text[sentence.start : sentence.end])}",
            ]
            tokens = sentence.tokens
            at = 0
            while at < len(tokens):
                end = at + 1
                while end < len(tokens) and tokens[end].start == tokens[at].start:
                    end += 1
                place = f"start_char={tokens[at].start}|end_char={tokens[at].end}"
                if end - at > 1:
                    form = _line(text[tokens[at].start : tokens[at].end])
                    lines.append(f"{at + 1}-{end}\t{form}" + "\t_" * 7 + f"\t{place}")
                    place = "_"
                lines += [_word_line(token, place) for token in tokens[at:end]]
                at = end
            yield "\n".join(lines) + "\n\n"


def _line(text: str) -> str:
    return " ".join(text.split())


def _word_line(token: Token, place: str) -> str:
    # UD sorts features without regard to case: Number before NumType.
    feats = "|".join(f"{key}={token.feats[key]}" for key in sorted(token.feats, key=str.lower)) or "_"
    form, lemma = _line(token.text), _line(token.lemma)
    fields = (token.index + 1, form, lemma, token.upos, "_", feats, token.head + 1, token.deprel, "_", place)
    return "\t".join(str(f) for f in fields)


def read_conllu(text: str, documents: Mapping[str, Document], *, source: str = "CoNLL-U") -> list[ParsedDocument]:
    """Stored parses joined to their documents, in file order.

    Args:
        text: what :func:`write_conllu` wrote.
        documents: the documents by ``doc_id``; stored documents that are not among them are passed over.
        source: names the file in errors.

    Raises:
        DataError: a line that is not CoNLL-U, an offset outside the document, or a head outside the sentence.
    """
    sentences: dict[str, list[Sentence]] = {}
    models: dict[str, str] = {}
    doc_id = ""
    paragraph = 0
    rows: list[tuple[int, list[str]]] = []

    def close() -> None:
        if rows and doc_id in documents:
            kept = sentences[doc_id]
            kept.append(build_sentence(len(kept), paragraph, _tokens(rows, documents[doc_id], source)))
        rows.clear()

    for number, line in enumerate(text.split("\n"), start=1):
        if not line:
            close()
        elif line.startswith("#"):
            key, _, value = line[1:].partition("=")
            key, value = key.strip(), value.strip()
            if key == "newdoc id":
                doc_id = value
                sentences.setdefault(doc_id, [])
            elif key == "model":
                models[doc_id] = value
            elif key == "paragraph":
                if not value.isdecimal():
                    raise DataError(f"line {number} names no paragraph", source=source)
                paragraph = int(value)
        else:
            fields = line.split("\t")
            if len(fields) != 10:
                raise DataError(f"line {number} has {len(fields)} fields, not 10", source=source)
            rows.append((number, fields))
    close()
    return [ParsedDocument(documents[k], tuple(v), models.get(k, "")) for k, v in sentences.items() if k in documents]


def _tokens(rows: list[tuple[int, list[str]]], document: Document, source: str) -> tuple[Token, ...]:
    tokens: list[Token] = []
    shared_until, shared = 0, (0, 0)
    for number, fields in rows:
        try:
            misc = parse_feats(fields[9])
            if "-" in fields[0]:
                shared_until = int(fields[0].partition("-")[2])
                shared = int(misc["start_char"]), int(misc["end_char"])
                continue
            index, head = int(fields[0]) - 1, int(fields[6]) - 1
            inside = index < shared_until
            start, end = shared if inside else (int(misc["start_char"]), int(misc["end_char"]))
        except (KeyError, ValueError) as error:
            raise DataError(f"line {number} is no word with offsets ({error})", source=source) from error
        if not 0 <= start < end <= len(document.text):
            raise DataError(f"line {number} points outside the document", source=source)
        if index != len(tokens):
            raise DataError(f"line {number} is word {index + 1}, not word {len(tokens) + 1}", source=source)
        text = fields[1] if inside else document.text[start:end]
        tokens.append(Token(index, text, fields[2], fields[3], parse_feats(fields[5]), head, fields[7], start, end))
    for token, (number, _) in zip(tokens, (row for row in rows if "-" not in row[1][0]), strict=True):
        if not -1 <= token.head < len(tokens):
            raise DataError(f"line {number} has its head outside the sentence", source=source)
    return tuple(tokens)
