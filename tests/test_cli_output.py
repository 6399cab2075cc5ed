"""Tables of quotations on the screen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from quotes.cli import output
from quotes.model import KINDS


def row(number: int) -> dict[str, Any]:
    text = f"Satz {number}"
    return {
        "speaker": f"Ada {number}",
        "kind": KINDS[number % len(KINDS)],
        "text": text,
        "start": 10,
        "quote_spans": [{"start": 10, "end": 10 + len(text)}],
        "via": None,
        "source": f"a/b-{number}",
    }


def test_a_long_run_is_printed_in_several_tables(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output, "ROWS_OF_A_TABLE", 3)
    printed_before: list[int] = []

    def rows() -> Iterator[dict[str, Any]]:
        for number in range(7):
            printed_before.append(capsys.readouterr().out.count("Satz"))
            yield row(number)

    output.show_quotations(rows())
    # The first three were on the screen before the fourth was asked for: no run is held as a whole.
    assert [at for at, count in enumerate(printed_before) if count] == [3, 6]
    assert [count for count in printed_before if count] == [3, 3]
    last = capsys.readouterr().out
    assert last.count("Satz") == last.count("speaker") == 1


def test_tables_of_one_run_have_columns_of_one_width(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output, "ROWS_OF_A_TABLE", 1)
    output.show_quotations(row(number) for number in range(len(KINDS)))
    heads = [line for line in capsys.readouterr().out.splitlines() if "speaker" in line]
    assert len(heads) == len(KINDS)
    assert len(set(heads)) == 1


def test_no_rows_are_an_empty_table(capsys: pytest.CaptureFixture[str]) -> None:
    output.show_quotations([])
    assert capsys.readouterr().out.count("speaker") == 1


def test_nothing_more_is_read_when_the_reader_has_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "ROWS_OF_A_TABLE", 2)
    monkeypatch.setattr(output, "show", lambda *_, **__: False)
    rows = iter([row(number) for number in range(5)])
    output.show_quotations(rows)
    assert len(list(rows)) == 3
