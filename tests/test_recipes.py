"""The README's Python runs: the recipes on the bare Parquet files, and the library's own call."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest
from made_store import make_article, put

README = (Path(__file__).resolve().parent.parent / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    said = [
        {"text": "Satelliten fliegen", "speaker": "Wladimir Putin", "via": ("AFP",)},
        {"text": "Raketen auch", "speaker": "Wladimir Putin", "kind": "indirect"},
        {"text": "Wir sehen das mit Sorge", "speaker": "Yoko Kamikawa"},
    ]
    put(tmp_path / "store", make_article("a.txt", said, published=datetime(2023, 9, 13), outlet="Anzeiger"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_all_ways_are_there() -> None:
    text = "".join(BLOCKS)
    assert all(f"import {library}" in text for library in ("quotes", "polars", "duckdb", "pandas"))


@pytest.mark.parametrize("block", BLOCKS, ids=range(len(BLOCKS)))
def test_a_block_runs_and_prints_rows(block: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(block, "README.md", "exec"), {})
    assert re.search("Satelliten fliegen|Wladimir Putin", capsys.readouterr().out)
