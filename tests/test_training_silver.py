"""Silver: which prose is read, and which of its sentences are kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from parser_training import silver
from training_inputs import tree


def test_sentences_of_prose_that_are_kept() -> None:
    assert silver.worth_keeping(tree("\n".join(f"wort wort X _ {int(n > 0)} dep +" for n in range(5))))
    assert not silver.worth_keeping(tree("\n".join(f"wort wort X _ {int(n > 0)} dep +" for n in range(3))))
    assert not silver.worth_keeping(tree("\n".join(f"12 12 X _ {int(n > 0)} dep +" for n in range(5))))
    assert not silver.worth_keeping(tree("\n".join("wort wort X _ 0 dep +" for _ in range(5))))


def test_prose_has_a_paragraph_a_line_each_once(tmp_path: Path) -> None:
    (tmp_path / "p.txt").write_text("Ein  Satz.\n\nEin Satz.\nNoch einer.\nUnd einer mehr.\n")
    assert silver.prose_paragraphs(tmp_path / "p.txt", 15) == ["Ein Satz.", "Noch einer."]
    (tmp_path / "p.txt").write_text("\n")
    with pytest.raises(ValueError, match="no prose"):
        silver.prose_paragraphs(tmp_path / "p.txt", 15)
