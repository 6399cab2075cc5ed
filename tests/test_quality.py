"""The checks of style, types and architecture, as tests, so that one command runs everything."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def check(tool: str, *arguments: str) -> None:
    # Beside the interpreter first: the environment need not be activated.
    program = shutil.which(tool, path=os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]))
    if program is None:
        pytest.skip(f"{tool} is not installed")
    done = subprocess.run([program, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_ruff() -> None:
    check("ruff", "check", ".")


def test_types() -> None:
    check("mypy", "--strict", "quotes")


def test_lower_rooms_import_no_higher_ones() -> None:
    check("lint-imports", "--no-cache")


def test_the_readme_names_the_two_commands() -> None:
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.S)
    assert blocks[:2] == ["pip install . && quotes extract seeds --store store\n", "pip install '.[test]' && pytest\n"]
    assert blocks[1].strip() in (ROOT / ".ci" / "run").read_text("utf-8")


def test_no_function_word_is_listed_twice_or_in_capitals() -> None:
    lines = (ROOT / "quotes" / "data" / "function_words.txt").read_text("utf-8").splitlines()
    words = [line for line in lines if not line.startswith("#")]
    assert words == sorted(set(words))
    assert all(word == word.lower().strip() for word in words)
