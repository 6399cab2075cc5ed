"""Steps that are done are not done again: a file says for each with which inputs it ran and what it wrote."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)
# The folder with a file for each step that is done: several processes may do several steps at once.
STATE = "state"


def file_digest(path: Path) -> str:
    """The sha256 of a file, in hex."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def inputs_digest(files: Iterable[Path], numbers: Any) -> str:
    """The sha256 over the files, by name and content, and over numbers that JSON can hold."""
    digest = hashlib.sha256(json.dumps(numbers, sort_keys=True).encode())
    for path in files:
        digest.update(f"{path.name}:{file_digest(path)}\n".encode())
    return digest.hexdigest()


class Steps:
    """The steps of a working folder. The code is no input: after a change of it, do a step ``again``."""

    def __init__(self, folder: Path, *, again: Sequence[str] = (), machine: str = "") -> None:
        """``machine``: what the steps run on; it is kept with the seconds that each took."""
        self.folder = folder
        self._machine = machine
        self._again = frozenset(again)
        folder.mkdir(parents=True, exist_ok=True)

    def run(
        self,
        name: str,
        work: Callable[[str], None],
        *,
        files: Sequence[Path],
        numbers: Any,
        outputs: Sequence[Path],
    ) -> bool:
        """Do the work unless it was done with these inputs and its outputs stand as it left them.

        ``work`` is given the digest of the inputs. Returns whether it was done now.

        Raises:
            FileNotFoundError: the work did not write an output.
        """
        inputs = inputs_digest(files, numbers)
        if name not in self._again and self._done(name, inputs, outputs):
            log.info("%s: done before", name)
            return False
        log.info("%s: begins", name)
        started = time.monotonic()
        work(inputs)
        written = {self._key(path): file_digest(path) for path in outputs}
        seconds = round(time.monotonic() - started, 1)
        self._save(name, {"inputs": inputs, "outputs": written, "seconds": seconds, "machine": self._machine})
        log.info("%s: done in %.1f s", name, seconds)
        return True

    def _key(self, path: Path) -> str:
        return str(path.relative_to(self.folder)) if path.is_relative_to(self.folder) else path.name

    def _done(self, name: str, inputs: str, outputs: Sequence[Path]) -> bool:
        kept = self._kept(name)
        if kept is None or kept["inputs"] != inputs or not all(path.is_file() for path in outputs):
            return False
        return bool(kept["outputs"] == {self._key(path): file_digest(path) for path in outputs})

    def seconds(self, names: Iterable[str]) -> dict[str, dict[str, float]]:
        """By machine, how long each of these steps took when it was done; those that never were are left out."""
        found: dict[str, dict[str, float]] = {}
        for name in names:
            if state := self._kept(name):
                found.setdefault(state["machine"], {})[name] = state["seconds"]
        return found

    def _kept(self, name: str) -> dict[str, Any] | None:
        path = self.folder / STATE / f"{name}.json"
        kept: dict[str, Any] | None = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None
        return kept

    def _save(self, name: str, state: dict[str, Any]) -> None:
        path = self.folder / STATE / f"{name}.json"
        path.parent.mkdir(exist_ok=True)
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps(state, indent=1), encoding="utf-8")
        os.replace(fresh, path)
