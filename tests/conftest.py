"""The scripts that measure are tested too, and the tests read the fixtures through them."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scripts"))

# The folder that tests of commands run in; word lists that a test may empty.
pytest_plugins = ["cli_folder", "fresh_word_lists"]
