"""A folder to run commands in, with one article and without a model."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest
from fake_parser import FakeParser, fake_extract

ARTICLE = "Kopf [bold]zeile[/bold]\n„Die Straße bleibt gesperrt“, sagte Müller. „Niemand weiß es“."


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, with the fake parser and extractor in the place of the real ones."""
    room = ModuleType("quotes.extract")
    room.extract = fake_extract  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "quotes.extract", room)
    monkeypatch.setattr("quotes.parse.StanzaParser", FakeParser)
    monkeypatch.setattr("quotes.parse.choose_model", lambda wanted: wanted)
    monkeypatch.delenv("QUOTES_STORE", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "a.txt").write_text(ARTICLE)
    return tmp_path
