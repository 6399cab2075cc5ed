"""The fixtures as values: articles with the quotations a careful reader finds in them, and their stored parses.

Three sets: ``seeds`` (fixtures/seeds_gold.json), ``gold`` (fixtures/gold) and ``cases`` (fixtures/cases). In the
case tables ``\\n`` is a paragraph break, `` … `` joins the parts of an interrupted quotation, ``; `` the channels,
kind ``-`` says that there is nothing to find, and a note ``speaker or: X`` names another right answer.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quotes.model import Document, ParsedDocument, Span
from quotes.parse.conllu import read_conllu
from quotes.text import decode, make_document

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "fixtures"
PARSES = FIXTURES / "parses"


@dataclass(frozen=True, slots=True)
class Expected:
    """A quotation that ought to be found. A field in the plural holds every right answer, the best first.

    ``optional``: two careful readers may differ on whether it is one; it counts neither as missing nor as wrong.
    """

    place: str
    spans: tuple[Span, ...]
    kinds: tuple[str, ...]
    speakers: tuple[str | None, ...]
    vias: tuple[tuple[str, ...], ...] = ((),)
    polarities: tuple[str, ...] = ("affirmed",)
    cues: tuple[str, ...] = ()
    resolutions: tuple[str, ...] = ()
    addressees: tuple[str, ...] = ()
    moods: tuple[str, ...] = ()
    mediums: tuple[str, ...] = ()
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Article:
    """A parsed text with what is to be found in it, in the order of the annotation."""

    parsed: ParsedDocument
    expected: tuple[Expected, ...]

    @property
    def text(self) -> str:
        return self.parsed.document.text

    @property
    def source(self) -> str:
        return self.parsed.document.source


def article(path: Path) -> Document:
    """An article file as a document named by its file name."""
    text, encoding = decode(path.read_bytes(), source=path.name)
    return make_document(text, source=path.name, encoding=encoding)


def case_rows(path: Path) -> list[dict[str, str]]:
    """The lines of a case table by column."""
    columns, *lines = path.read_text(encoding="utf-8").splitlines()
    return [dict(zip(columns.split("\t"), line.split("\t"), strict=True)) for line in lines if line.strip()]


def case_documents(path: Path) -> list[Document]:
    """The distinct texts of a case table, in file order, named ``FILE#`` and the first digits of the text's hash."""
    texts = dict.fromkeys(row["text"] for row in case_rows(path))
    return [make_document(text.replace("\\n", "\n"), source=f"{path.name}#{_digits(text)}") for text in texts]


def _digits(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


PARTS = ("development", "calibration", "unseen")
# These articles, where they are not unseen, only count how often each construction is right.
_CALIBRATION = range(73, 97)


def part_of(path: Path) -> str:
    """The part of the gold that an article belongs to, by its number.

    Every third is kept unseen, so that nobody fits a rule to it; some of the others give the confidences their rates
    (``scripts/calibrate.py``), and nobody fits a rule to them either.
    """
    number = int(path.name.partition("_")[0])
    if number % 3 == 0:
        return "unseen"
    return "calibration" if number in _CALIBRATION else "development"


def gold_paths(part: str) -> list[Path]:
    """The gold articles of one of :data:`PARTS`."""
    return [p for p in sorted((FIXTURES / "gold").glob("*.txt")) if part_of(p) == part]


def case_paths() -> list[Path]:
    """The case tables."""
    return sorted((FIXTURES / "cases").glob("*.tsv"))


def seed_paths() -> list[Path]:
    """The five articles."""
    return sorted((ROOT / "seeds").glob("*.txt"))


def stored_parses(name: str, documents: Iterable[Document]) -> dict[str, ParsedDocument]:
    """Parses from ``fixtures/parses``, by document.

    Raises:
        LookupError: a text changed and was not parsed again.
    """
    wanted = {d.doc_id: d for d in documents}
    text = (PARSES / f"{name}.conllu").read_text(encoding="utf-8")
    found = {p.document.doc_id: p for p in read_conllu(text, wanted)}
    for doc_id, document in wanted.items():
        if doc_id not in found:
            raise LookupError(f"{document.source} has no stored parse: run python scripts/parse_fixtures.py")
    return found


def load_cases(paths: Sequence[Path] | None = None) -> list[Article]:
    """The case tables, one article a distinct text."""
    paths = case_paths() if paths is None else paths
    documents = {p: case_documents(p) for p in paths}
    parses = stored_parses("cases", (d for group in documents.values() for d in group))
    articles = []
    for path in paths:
        rows: dict[str, list[dict[str, str]]] = {}
        for row in case_rows(path):
            rows.setdefault(f"{path.name}#{_digits(row['text'])}", []).append(row)
        for document in documents[path]:
            found = [row for row in rows[document.source] if row["kind"] != "-"]
            expected = [_case(document, row, f"{document.source}/{n}") for n, row in enumerate(found, start=1)]
            articles.append(Article(parses[document.doc_id], tuple(expected)))
    return articles


def _case(document: Document, row: Mapping[str, str], place: str) -> Expected:
    notes = [note.strip() for note in row["note"].split(";")]

    def others(field: str) -> tuple[str, ...]:
        return tuple(n.removeprefix(f"{field} or: ") for n in notes if n.startswith(f"{field} or: "))

    via = tuple(v for v in row["via"].split("; ") if v)
    return Expected(
        place,
        find_parts(document.text, row["quotation"].replace("\\n", "\n").split(" … "), place=place),
        (row["kind"], *others("kind")),
        (row["speaker"] or None, *others("speaker")),
        (via, *((v,) for v in others("via"))),
        (row["polarity"], *others("polarity")),
        (row["cue"], *others("cue")),
    )


def find_parts(text: str, parts: Sequence[str], *, nth: int = 1, place: str) -> tuple[Span, ...]:
    """The spans of parts that follow one another; ``nth`` counts the occurrences of the first.

    Raises:
        LookupError: a part is not there.
    """
    spans: list[Span] = []
    at = 0
    for number, part in enumerate(parts):
        for _ in range(nth if number == 0 else 1):
            start = text.find(part, at)
            at = start + 1
            if start < 0:
                raise LookupError(f"{place}: the text does not hold {part!r}")
        spans.append(Span(start, start + len(part)))
        at = start + len(part)
    return tuple(spans)


def load_gold(part: str = "development") -> list[Article]:
    """The gold articles of one of :data:`PARTS`."""
    paths = gold_paths(part)
    annotations = [json.loads(p.with_suffix(".json").read_text(encoding="utf-8")) for p in paths]
    return _annotated("gold", paths, [a["quotations"] for a in annotations])


def load_seeds() -> list[Article]:
    """The five articles with their annotation."""
    rows = json.loads((FIXTURES / "seeds_gold.json").read_text(encoding="utf-8"))["rows"]
    return _annotated("seeds", seed_paths(), [[r for r in rows if r["source"] == p.name] for p in seed_paths()])


def _annotated(name: str, paths: Sequence[Path], annotations: Sequence[Sequence[Mapping[str, Any]]]) -> list[Article]:
    documents = [article(p) for p in paths]
    parses = stored_parses(name, documents)
    return [
        Article(parses[d.doc_id], tuple(_entry(d, q, f"{d.source}/{n}") for n, q in enumerate(quotations, start=1)))
        for d, quotations in zip(documents, annotations, strict=True)
    ]


def _entry(document: Document, entry: Mapping[str, Any], place: str) -> Expected:
    """One quotation of the JSON annotation; ``or`` holds further right answers by field."""
    others = entry.get("or", {})

    def answers(field: str, default: Any = None) -> tuple[Any, ...]:
        return (entry.get(field, default), *others.get(field, ()))

    return Expected(
        place,
        find_parts(document.text, entry["spans"], nth=entry.get("nth", 1), place=place),
        answers("kind"),
        answers("speaker"),
        tuple(tuple(via) for via in answers("via", ())),
        answers("polarity", "affirmed"),
        answers("cue", ""),
        answers("resolution", "none"),
        answers("addressee", ""),
        answers("mood", ""),
        answers("medium", ""),
        bool(entry.get("optional")),
    )


def digest(paths: Iterable[Path]) -> str:
    """One sha256 over files with their names; line ends do not count."""
    total = hashlib.sha256()
    for path in sorted(paths, key=lambda p: p.name):
        total.update(path.name.encode() + b"\0" + re.sub(rb"\r\n", b"\n", path.read_bytes()) + b"\0")
    return total.hexdigest()
