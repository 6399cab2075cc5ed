"""The command line: what goes to which stream, and the exit codes."""

from __future__ import annotations

import importlib
import json
import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from cli_folder import ARTICLE
from fake_parser import FakeParser
from polars.exceptions import ComputeError

from quotes.cli import cli, main
from quotes.cli.output import clean
from quotes.cli.show import mark


def fake_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise ComputeError("No space left on device (os error 28)")

    monkeypatch.setattr("polars.DataFrame.write_parquet", full)


def test_extract_prints_rows_on_stdout_and_the_rest_on_stderr(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for expected in ("1 new, 0 unchanged, 0 failed", "0 new, 1 unchanged, 0 failed"):
        assert main(["extract", "news", "--store", "s"]) == 0
        out, err = capsys.readouterr()
        rows = [json.loads(line) for line in out.splitlines()]
        assert [(row["speaker"], row["text"]) for row in rows] == [
            ("Müller", "Die Straße bleibt gesperrt"),
            (None, "Niemand weiß es"),
        ]
        assert rows[0]["source"] == "news/a.txt"
        assert rows[0]["quote_spans"] == [{"start": rows[0]["start"], "end": rows[0]["end"]}]
        assert expected in err


def test_extract_as_a_table(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["extract", "news", "--store", "s", "--format", "table", "--quiet"]) == 0
    out, err = capsys.readouterr()
    assert "speaker" in out
    assert "Die Straße bleibt gesperrt" in " ".join(out.split())
    assert "\x1b" not in out
    assert err == ""


def test_failed_documents_are_named_and_exit_with_three(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "news" / "b.txt").write_text("")
    (here / "news" / "c.jsonl").write_text('{"id": 1, "text": "„Ja“, sagte Ada."}\n{"id": 2, "te\n{"id": 3}\n')
    assert main(["extract", "news", "missing.txt", "-q", "--store", "s"]) == 3
    out, err = capsys.readouterr()
    assert len(out.splitlines()) == 3
    assert "news/b.txt: is empty" in err
    assert "news/c.jsonl line 2: is broken JSON" in err
    assert "news/c.jsonl#3: is a record without text" in err
    assert "missing.txt: does not exist" in err


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["extract", "missing.txt"], 2, "does not exist"),
        (["extract", "https://blatt.example/"], 2, "Save the page"),
        (["extract"], 2, "Missing argument"),
        (["frobnicate"], 2, "No such command"),
        (["who", "--kind", "gossip"], 2, "gossip"),
        (["who", "--store", "nowhere"], 1, "holds no store"),
        (["show", "a.txt", "--store", "nowhere"], 1, "holds no store"),
        (["explain", "a.txt", "--store", "nowhere"], 1, "holds no store"),
        (["parse", "news", "-o", "no/such/folder/x"], 1, "cannot be written"),
    ],
)
def test_exit_codes(
    here: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, message: str
) -> None:
    assert main(arguments) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err
    assert "Traceback" not in err


def test_a_full_disk_is_one_line(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        fake_disk(patch)
        assert main(["extract", "news", "--store", "s"]) == 1
    assert "Free some space" in capsys.readouterr().err
    assert main(["extract", "news", "--store", "s"]) == 0


def test_an_interruption(here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(FakeParser, "parse", interrupt)
    assert main(["extract", "news", "--store", "s"]) == 130
    assert "Interrupted" in capsys.readouterr().err


def test_an_unforeseen_error_is_one_line(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("by nought")

    monkeypatch.setattr("quotes.sources.read_sources", broken)
    monkeypatch.delenv("QUOTES_DEBUG", raising=False)
    assert main(["extract", "news"]) == 1
    assert capsys.readouterr().err.startswith("Error: ZeroDivisionError: by nought")
    monkeypatch.setenv("QUOTES_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        main(["extract", "news"])


def test_show(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["extract", "news", "--store", "s"])
    capsys.readouterr()
    assert main(["show", "a.txt", "--store", "s", "--format", "text"]) == 0
    out = capsys.readouterr().out
    assert "Kopf [bold]zeile[/bold]" in out
    assert "„⟦1 Müller: Die Straße bleibt gesperrt⟧“, sagte Müller. „⟦2 ?: Niemand weiß es⟧“." in out
    assert "1 Müller [direct, marks] via: dpa" in out
    assert main(["show", "a", "--store", "s"]) == 0
    article = json.loads(capsys.readouterr().out)
    assert article["text"] == ARTICLE
    assert len(article["quotations"]) == 2
    assert main(["show", "b.txt", "--store", "s"]) == 1
    assert "Did you mean news/a.txt?" in capsys.readouterr().err


def test_explain(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["extract", "news", "--store", "s"])
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert main(["explain", "a.txt", "--store", "s", "--format", "text"]) == 0
    out = capsys.readouterr().out
    assert "Sentence 2 (paragraph 2)" in out
    assert "Sentence 1" not in out
    assert f"{rows[0]['quote_id']}: rule marks, direct" in out
    assert "the marks pair" in out
    assert main(["explain", "a.txt", "--store", "s", "--quote", rows[1]["quote_id"][:6]]) == 0
    (sentence,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [q["quote_id"] for q in sentence["quotations"]] == [rows[1]["quote_id"]]
    assert sentence["tokens"][0] == {
        "id": 1, "form": "„Die", "lemma": "„Die", "upos": "X", "feats": {}, "head": 0, "deprel": "dep",
        "start": 24, "end": 28,
    }  # fmt: skip
    assert main(["explain", "a.txt", "--store", "s", "--sentence", "1", "--format", "text"]) == 0
    assert "Sentence 1" in capsys.readouterr().out
    assert main(["explain", "a.txt", "--store", "s", "--sentence", "9"]) == 2
    assert main(["explain", "a.txt", "--store", "s", "--quote", "zz"]) == 2


def test_parse(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["parse", "news"]) == 0
    printed = capsys.readouterr().out
    assert "# source = news/a.txt" in printed
    assert main(["parse", "news", "gone.txt", "-o", "x.conllu"]) == 3
    assert (here / "x.conllu").read_text() == printed
    assert "gone.txt: does not exist" in capsys.readouterr().err


def commands() -> list[str]:
    return sorted(cli.commands)


@pytest.mark.parametrize("command", [None, *commands()])
@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_every_help_ends_with_an_example(capsys: pytest.CaptureFixture[str], command: str | None, flag: str) -> None:
    assert main([*([command] if command else []), flag]) == 0
    last = capsys.readouterr().out.strip().split("\n\n")[-1].strip()
    assert last.startswith("Example: quotes ")


def test_the_examples_run(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "seeds").mkdir()
    name = "000_b290009d49df3ff8.txt"
    (here / "seeds" / name).write_text("„Eins“.\n„Zwei“.\n„Satelliten“, sagte Putin.")
    examples = [cli.epilog, *(command.epilog for command in (cli.commands[n] for n in ["extract", *commands()]))]
    for example in examples:
        assert example is not None
        assert main(shlex.split(example.removeprefix("Example: quotes "))) == 0, example


def test_every_option_is_explained() -> None:
    for command in cli.commands.values():
        assert command.help
        for option in command.params:
            if isinstance(option, click.Option):
                assert option.help, f"{command.name} {option.name}"


def row(speaker: str, *spans: tuple[int, int]) -> dict[str, object]:
    return {"speaker": speaker, "quote_spans": [{"start": s, "end": e} for s, e in spans]}


@pytest.mark.parametrize(
    ("rows", "marked"),
    [
        ([], "abcdef"),
        ([row("X", (1, 3))], "a⟦1 X: bc⟧def"),
        ([row("X", (0, 2), (4, 6))], "⟦1 X: ab⟧cd⟦1 … ef⟧"),
        ([row("X", (0, 6)), row("Y", (2, 4))], "⟦1 X: ab⟦2 Y: cd⟧ef⟧"),
        ([row("X", (0, 3)), row("Y", (3, 6))], "⟦1 X: abc⟧⟦2 Y: def⟧"),
        ([row("X", (0, 6)), row("Y", (0, 6))], "⟦1 X: ⟦2 Y: abcdef⟧⟧"),
        ([row("X", (0, 4)), row("Y", (2, 6))], "⟦1 X: ab⟦2 Y: cd⟧ef⟧"),
    ],
)
def test_mark(rows: list[dict[str, object]], marked: str) -> None:
    pieces = list(mark("abcdef", rows))
    assert "".join(piece.text for piece in pieces) == marked
    assert "".join(piece.text for piece in pieces if not piece.mark) == "abcdef"


def test_terminal_controls_are_stripped() -> None:
    assert clean("rot\x1b[31m \x07und\u202e weiter\n") == "rot[31m und weiter\n"


def run_python(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONIOENCODING": "utf-8"},
    )


SILENT_HELP = (
    "from quotes.cli import main; import io, sys; out = sys.stdout; sys.stdout = io.StringIO(); "
    "main(['--help']); main(['extract', '--help']); sys.stdout = out"
)
HEAVY = (
    "import sys; print(sorted({'torch', 'stanza', 'transformers', 'polars', 'pydantic', 'rich'} & set(sys.modules)))"
)


@pytest.mark.parametrize(
    "code",
    [
        f"import quotes; {HEAVY}",
        f"{SILENT_HELP}; {HEAVY}",
    ],
)
def test_import_and_help_load_nothing_heavy(code: str) -> None:
    done = run_python(code)
    assert done.stdout.strip() == "[]", done.stderr


def test_public_names() -> None:
    import quotes

    for name in quotes.__all__:
        assert getattr(quotes, name) is not None
    assert set(quotes.__all__) <= set(dir(quotes))
    missing: Callable[[], object] = lambda: quotes.nothing  # noqa: E731
    with pytest.raises(AttributeError, match="nothing"):
        missing()
    assert importlib.import_module("quotes").__version__


def test_a_closed_pipe_is_quiet(here: Path) -> None:
    many = " ".join(f"„Das ist der Satz {n}“, sagte Ada." for n in range(2000))
    (here / "news" / "a.txt").write_text(many)
    assert main(["extract", "news", "--store", "s", "-q", "--format", "jsonl"]) == 0
    command = [sys.executable, "-c", "import sys; from quotes.cli import main; sys.exit(main())", "who", "--store", "s"]
    env = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith(b'{"quote_id"')
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 0


def test_speakers_lists_shows_decides_and_undoes(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "news" / "b.txt").write_text("„Nie“, sagte Mueller.")
    assert main(["extract", "news", "--store", "s", "-q"]) == 0
    capsys.readouterr()

    def speakers(*arguments: str) -> tuple[list[dict[str, object]], str]:
        assert main(["speakers", *arguments, "--store", "s"]) == 0
        out, err = capsys.readouterr()
        return [json.loads(line) for line in out.splitlines()], err

    assert {row["speaker"] for row in speakers()[0]} == {"Müller", "Mueller"}
    assert speakers("log")[0] == []
    assert "1 quotation changed" in speakers("merge", "Mueller", "Müller")[1]
    (row,) = speakers()[0]
    assert (row["speaker"], row["quotations"], row["articles"]) == ("Müller", 2, 2)
    (shown,) = speakers("show", "Müller")[0]
    assert [alias["text"] for alias in shown["aliases"]] == ["Mueller", "Müller"]  # type: ignore[index,union-attr]
    assert [d["holds"] for d in speakers("log")[0]] == [True]
    assert "1 quotation changed" in speakers("undo")[1]
    assert len(speakers()[0]) == 2
    assert [d["holds"] for d in speakers("log")[0]] == [False, True]
    assert "1 quotation changed" in speakers("rename", "Mueller", "Max Müller")[1]
    assert "1 quotation changed" in speakers("split", "Müller", "Müller (Baudirektor)", "--source", "a.txt")[1]
    for refused in (["merge", "Ada", "Müller"], ["show", "Ada"], ["rename", "Max Müller", "Müller (Baudirektor)"]):
        assert main(["speakers", *refused, "--store", "s"]) == 2
    assert main(["speakers", "--store", "nowhere"]) == 1
    capsys.readouterr()
    assert main(["speakers", "--store", "s", "--format", "table"]) == 0
    assert main(["speakers", "show", "Max Müller", "--store", "s", "--format", "text"]) == 0
    assert main(["speakers", "log", "--store", "s", "--format", "text"]) == 0
    out = capsys.readouterr().out
    assert "Müller (Baudirektor)" in out
    assert "printed as: Mueller (1)" in out
    assert "merge Mueller -> Müller  (undone)" in out


def test_a_damaged_speakers_table_stops_before_anything_is_done(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "s").mkdir()
    (here / "s" / "speakers.toml").write_text('[[speaker]]\nname = "A"\nwikidata = "Q1"\n')
    assert main(["extract", "news", "--store", "s"]) == 1
    err = capsys.readouterr().err
    assert "speakers.toml" in err
    assert "wikidata" in err
    (here / "s" / "speakers.toml").write_text('[[speaker]]\nname = "Anna Müller"\naliases = ["Müller"]\n')
    assert main(["extract", "news", "--store", "s", "-q"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[0])["speaker"] == "Anna Müller"
