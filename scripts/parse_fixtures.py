"""Parse the seeds, the case tables and the gold articles with the embedded models into fixtures/parses/.

The tests read these stored parses and need no model. Run it again after the models or a fixture's text changed:

    python scripts/parse_fixtures.py
"""

from __future__ import annotations

import sys
from collections.abc import Iterable

from gold import FIXTURES, PARSES, article, case_documents, case_paths, seed_paths

from quotes.model import Document
from quotes.parse import StanzaParser, choose_model, write_conllu


def main() -> int:
    parser = StanzaParser(choose_model("embedded"), exact=True, whole=True)
    PARSES.mkdir(exist_ok=True)
    jobs: list[tuple[str, Iterable[Document]]] = [
        ("seeds", [article(p) for p in seed_paths()]),
        ("gold", [article(p) for p in sorted((FIXTURES / "gold").glob("*.txt"))]),
        ("cases", [d for p in case_paths() for d in case_documents(p)]),
    ]
    for name, documents in jobs:
        distinct = {d.doc_id: d for d in documents}
        parsed = parser.parse(list(distinct.values()))
        (PARSES / f"{name}.conllu").write_text("".join(write_conllu(parsed)), encoding="utf-8")
        print(f"{name}: {len(parsed)} documents, {sum(len(p.sentences) for p in parsed)} sentences")
    return 0


if __name__ == "__main__":
    sys.exit(main())
