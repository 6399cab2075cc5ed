"""Parse the seeds, the case tables and the gold articles with the embedded models into fixtures/parses/.

The tests read these stored parses and need no model. Run it again after the models or a fixture's text changed:

    python scripts/parse_fixtures.py
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from quotes.model import Document
from quotes.parse import StanzaParser, choose_model, write_conllu
from quotes.text import decode, make_document

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "fixtures"


def case_documents(path: Path) -> list[Document]:
    """The distinct texts of a case table, in file order; ``\\n`` in a cell is a paragraph break."""
    rows = path.read_text(encoding="utf-8").splitlines()[1:]
    texts = dict.fromkeys(row.split("\t")[0].replace("\\n", "\n") for row in rows if row.strip())
    return [make_document(text, source=f"{path.name}#{number}") for number, text in enumerate(texts, start=1)]


def article(path: Path) -> Document:
    """An article file as a document named by its file name."""
    text, encoding = decode(path.read_bytes(), source=path.name)
    return make_document(text, source=path.name, encoding=encoding)


def main() -> int:
    parser = StanzaParser(choose_model("embedded"))
    target = FIXTURES / "parses"
    target.mkdir(exist_ok=True)
    jobs: list[tuple[str, Iterable[Document]]] = [
        ("seeds", [article(p) for p in sorted((ROOT / "seeds").glob("*.txt"))]),
        ("gold", [article(p) for p in sorted((FIXTURES / "gold").glob("*.txt"))]),
        ("cases", [d for p in sorted((FIXTURES / "cases").glob("*.tsv")) for d in case_documents(p)]),
    ]
    for name, documents in jobs:
        distinct = {d.doc_id: d for d in documents}
        parsed = parser.parse(list(distinct.values()))
        (target / f"{name}.conllu").write_text("".join(write_conllu(parsed)), encoding="utf-8")
        print(f"{name}: {len(parsed)} documents, {sum(len(p.sentences) for p in parsed)} sentences")
    return 0


if __name__ == "__main__":
    sys.exit(main())
