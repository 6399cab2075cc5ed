"""The index: which words and names stand in which rows, derived from the shards and never the truth.

One SQLite file in STORE/index. Each live shard is read into it once; what belongs to shards that are gone is passed
over and leaves with the next rebuilding. It may be removed at any time. Where the store cannot be written, an index of
the same kind is made in a temporary folder and is gone with the process.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import polars as pl
from polars.exceptions import PolarsError

from quotes.folding import stem
from quotes.search.indexing import SHIFT, add_shard, forget_shard, make_tables
from quotes.search.matching import Asked, forms_of, traces
from quotes.store import INDEX
from quotes.store.reading import Shard

# Another version is another file, and old ones are removed.
_FILE = "search-1.sqlite"
# Seconds that a reader waits for another one that is bringing the index up to date.
_PATIENCE = 600.0
# Dead rows for each live one above which the index is made anew, and below which number it never is.
_WASTE, _LEAST_WASTE = 1.0, 10_000
# Memory of SQLite for pages.
_CACHE_BYTES = 64 << 20


class Called(NamedTuple):
    """A way in which a speaker is called: canonical name, whether that is a name, the folded form, what the form is."""

    speaker: str
    named: bool
    form: str
    what: str


class Index:
    """The index of one store, brought up to date with a list of shards; a context manager.

    Args:
        folder: the store.
        shards: its live shards of quotations.
        on_progress: is told how many shards of how many are read in, before each one.

    Attributes:
        unreadable: what is wrong with shards that could not be read in, by file.
        is_temporary: whether it could not be kept in the store.

    Raises:
        FileNotFoundError: a shard has gone meanwhile: the list is an old one.
        sqlite3.Error: it can be made neither in the store nor in a temporary folder.
    """

    def __init__(
        self, folder: Path, shards: Sequence[Shard], *, on_progress: Callable[[int, int], None] | None = None
    ) -> None:
        self._folder = folder
        self._shards = {shard.name: shard.path for shard in shards}
        self._on_progress = on_progress
        self._temporary: tempfile.TemporaryDirectory[str] | None = None
        self._numbers: dict[int, str] = {}
        self.unreadable: dict[Path, str] = {}

    @property
    def is_temporary(self) -> bool:
        return self._temporary is not None

    def __enter__(self) -> Index:
        kept = self._folder / INDEX
        try:
            try:
                self._open(kept)
            except sqlite3.DatabaseError as error:
                self._close()
                if "locked" in str(error):
                    raise
                # Damaged, or made by another program: nothing is lost by making it anew.
                _remove(kept)
                self._open(kept)
        except (sqlite3.DatabaseError, PermissionError, OSError) as error:
            if isinstance(error, FileNotFoundError):
                raise
            self._close()
            self._temporary = tempfile.TemporaryDirectory(prefix="quotes-index-")
            self._open(Path(self._temporary.name))
        return self

    def __exit__(self, *_: object) -> None:
        self._close()
        if self._temporary is not None:
            self._temporary.cleanup()

    def called(self, asked: Sequence[str]) -> list[Called]:
        """The forms in which all the folded words occur, in any inflection, of speakers who still have rows."""
        stems = " AND ".join(_quoted(stem(word)) for word in asked)
        found = self._db.execute(
            "SELECT speakers.name, named, form, what FROM form_stems JOIN forms ON forms.id = form_stems.rowid"
            " JOIN speakers ON speakers.id = forms.speaker WHERE form_stems MATCH ?"
            " AND EXISTS (SELECT 1 FROM borne WHERE borne.form = forms.id) ORDER BY forms.id",
            (stems,),
        )
        return [Called(name, bool(named), form, what) for name, named, form, what in found]

    def shards_of(self, speakers: Iterable[str]) -> set[str]:
        """The names of the shards in which one of the speakers has rows."""
        numbers = self._speaker_numbers(list(speakers))
        found = self._db.execute(
            f"SELECT DISTINCT shard FROM spoke WHERE speaker IN ({_marks(numbers)})",  # noqa: S608  (question marks)
            numbers,
        )
        return {self._numbers[no] for (no,) in found if no in self._numbers}

    def shards_between(self, begin: datetime | None, end: datetime | None) -> set[str]:
        """The names of the shards that may have rows published from ``begin`` on and before ``end``."""
        found = self._db.execute("SELECT no, first, last FROM shards").fetchall()
        return {
            self._numbers[no]
            for no, first, last in found
            if no in self._numbers
            and (begin is None or (last is not None and last >= begin.isoformat()))
            and (end is None or (first is not None and first < end.isoformat()))
        }

    def rows(self, asked: Sequence[Asked], *, speakers: Sequence[str] | None, shards: set[str]) -> dict[str, list[int]]:
        """The rows in whose quotation all of one alternative occurs: numbers by name of the shard, ascending.

        Args:
            asked: alternatives of words and phrases.
            speakers: only rows of these; ``None`` for all.
            shards: only rows in these, by name.
        """
        alternatives = [condition for one in asked if (condition := self._condition(one)) is not None]
        if not alternatives:
            return {}
        question = " OR ".join(f"({alternative})" for alternative in alternatives)
        if speakers is not None:
            tags = " OR ".join(f"s{number}" for number in self._speaker_numbers(speakers))
            question = f"({question}) AND tag : ({tags})"
        numbers = {no: name for no, name in self._numbers.items() if name in shards}
        if not numbers:
            return {}
        bounds = min(numbers) << SHIFT, (max(numbers) + 1) << SHIFT
        found: dict[str, list[int]] = {}
        for (rowid,) in self._db.execute(
            "SELECT rowid FROM content WHERE content MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid",
            (question, *bounds),
        ):
            shard = numbers.get(rowid >> SHIFT)
            if shard is not None:
                found.setdefault(shard, []).append(rowid & ((1 << SHIFT) - 1))
        return found

    def _condition(self, asked: Asked) -> str | None:
        """What is asked for in the language of FTS5; ``None`` where a word has no form in the store."""
        conditions = [f"text : {_quoted(' '.join(phrase))}" for phrase in asked.phrases]
        for word in asked.words:
            terms = self._forms(word)
            if not terms:
                return None
            conditions.append(f"text : ({' OR '.join(map(_quoted, terms))})")
        return " AND ".join(f"({condition})" for condition in conditions)

    def _forms(self, word: str) -> list[str]:
        """The words of the store's quotations that a folded word means."""
        terms = {term for (term,) in self._db.execute("SELECT term FROM terms WHERE stem = ?", (stem(word),))}
        for trace in traces(word):
            parts = "SELECT term FROM terms WHERE id IN (SELECT rowid FROM term_parts WHERE term_parts MATCH ?)"
            terms |= {term for (term,) in self._db.execute(parts, (_quoted(trace),))}
        return forms_of(word, sorted(terms), self._is_term)

    def _is_term(self, word: str) -> bool:
        return self._db.execute("SELECT 1 FROM terms WHERE term = ?", (word,)).fetchone() is not None

    def _speaker_numbers(self, names: Sequence[str]) -> list[int]:
        numbers = self._db.execute(f"SELECT id FROM speakers WHERE name IN ({_marks(names)})", names)  # noqa: S608
        return [number for (number,) in numbers] or [0]

    def _open(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        path = folder / _FILE
        for old in folder.glob("search-*"):
            if not old.name.startswith(_FILE):
                old.unlink()
        self._db = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)
        self._db.execute(f"PRAGMA cache_size = -{_CACHE_BYTES // 1024}")
        if self._is_up_to_date():
            return
        # Taken before anything is looked at: of two readers one waits, and then finds the work done.
        self._db.execute("BEGIN IMMEDIATE")
        if not self._has_tables():
            make_tables(self._db)
        for no, name in self._db.execute("SELECT no, name FROM shards").fetchall():
            if name not in self._shards:
                forget_shard(self._db, no)
        self._db.execute("COMMIT")
        wasted, live = self._db.execute("SELECT (SELECT rows FROM waste), (SELECT sum(rows) FROM shards)").fetchone()
        if wasted > _LEAST_WASTE and wasted > (live or 0) * _WASTE:
            self._close()
            _remove(folder)
            self._open(folder)
            return
        self._read_in()
        self._numbers = dict(self._db.execute("SELECT no, name FROM shards").fetchall())

    def _is_up_to_date(self) -> bool:
        if not self._has_tables():
            return False
        self._numbers = dict(self._db.execute("SELECT no, name FROM shards").fetchall())
        return set(self._numbers.values()) == set(self._shards)

    def _has_tables(self) -> bool:
        return self._db.execute("SELECT 1 FROM sqlite_master WHERE name = 'spoke'").fetchone() is not None

    def _read_in(self) -> None:
        """Read in the shards that are not there yet, each in a transaction of its own."""
        known = {name for (name,) in self._db.execute("SELECT name FROM shards")}
        new = [name for name in self._shards if name not in known]
        for done, name in enumerate(new):
            if self._on_progress is not None:
                self._on_progress(done, len(new))
            self._db.execute("BEGIN IMMEDIATE")
            try:
                if self._db.execute("SELECT 1 FROM shards WHERE name = ?", (name,)).fetchone() is None:
                    add_shard(self._db, name, self._shards[name])
            except (PolarsError, pl.exceptions.PanicException) as error:
                self._db.execute("ROLLBACK")
                self.unreadable[self._shards[name]] = f"is damaged ({str(error).splitlines()[0][:200]})"
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            else:
                self._db.execute("COMMIT")

    def _close(self) -> None:
        if (db := getattr(self, "_db", None)) is not None:
            db.close()


def _quoted(words_of_phrase: str) -> str:
    """A string of FTS5; folded words hold no quotation mark."""
    return f'"{words_of_phrase}"'


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def discard(store: Path) -> None:
    """Remove the index of a store; the next question makes it anew.

    Raises:
        OSError: the store cannot be written to.
    """
    _remove(store / INDEX)


def _remove(folder: Path) -> None:
    for path in folder.glob("search-*"):
        path.unlink(missing_ok=True)
