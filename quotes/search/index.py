"""The index: which words and names stand in which rows, derived from the shards and never the truth.

One SQLite file in STORE/index. Each live shard is read into it once; what belongs to shards that are gone is passed
over and leaves with the next rebuilding. It may be removed at any time. Where the store cannot be written, an index of
the same kind is made in a temporary folder and is gone with the process.

Tables:
    shards    the shards read in
    terms     every folded word of a quotation; ``term_parts`` finds it by any three letters of it or of its stem
    content   FTS5 without a copy of the text; rowid is ``number of the shard << 32 | row of the shard``; the tag is
              ``s`` with the number of the speaker
    speakers  canonical names; ``named`` is 0 for somebody who is only described
    forms     what a speaker is called, folded; ``form_stems`` finds it by the stems of its words
    borne     which form stands in which shard; ``spoke``: which speaker does
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

from quotes.folding import readings, stem
from quotes.registry.people import NAMING
from quotes.schema import is_unnamed, quotation_schema
from quotes.search.columns import folded
from quotes.search.matching import Asked, forms_of, traces
from quotes.store import INDEX
from quotes.store.reading import Shard
from quotes.store.shards import read_shard

# Another version is another file, and old ones are removed.
_FILE = "search-1.sqlite"
_COLUMNS = ("text", "speaker", "speaker_id", "doc_id", "speaker_text", "speaker_role", "resolution", "published")
_SHIFT = 32
# Seconds that a reader waits for another one that is bringing the index up to date.
_PATIENCE = 600.0
# Dead rows for each live one above which the index is made anew, and below which number it never is.
_WASTE, _LEAST_WASTE = 1.0, 10_000
# Memory of SQLite for pages, and for postings before they are written.
_CACHE_BYTES, _HASH_BYTES = 64 << 20, 32 << 20
# What a form is: the canonical name, words that were printed for the speaker, a role.
NAME, PRINTED, ROLE = "name", "printed", "role"
_SCHEMA = """
CREATE TABLE shards (no INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, rows INTEGER, first TEXT, last TEXT);
CREATE TABLE waste (rows INTEGER);
INSERT INTO waste VALUES (0);
CREATE TABLE terms (id INTEGER PRIMARY KEY, term TEXT UNIQUE, stem TEXT);
CREATE INDEX terms_by_stem ON terms (stem);
CREATE VIRTUAL TABLE term_parts USING fts5 (term, content='', tokenize='trigram');
CREATE VIRTUAL TABLE content USING fts5 (text, tag, content='', tokenize='unicode61 remove_diacritics 0');
CREATE TABLE speakers (id INTEGER PRIMARY KEY, name TEXT UNIQUE, named INTEGER);
CREATE TABLE forms (id INTEGER PRIMARY KEY, speaker INTEGER, form TEXT, what TEXT, UNIQUE (form, speaker, what));
CREATE VIRTUAL TABLE form_stems USING fts5 (stems, content='', tokenize='unicode61 remove_diacritics 0');
CREATE TABLE borne (shard INTEGER, form INTEGER, PRIMARY KEY (shard, form)) WITHOUT ROWID;
CREATE INDEX borne_by_form ON borne (form);
CREATE TABLE spoke (speaker INTEGER, shard INTEGER, PRIMARY KEY (speaker, shard)) WITHOUT ROWID;
"""


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
        bounds = min(numbers) << _SHIFT, (max(numbers) + 1) << _SHIFT
        found: dict[str, list[int]] = {}
        for (rowid,) in self._db.execute(
            "SELECT rowid FROM content WHERE content MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid",
            (question, *bounds),
        ):
            shard = numbers.get(rowid >> _SHIFT)
            if shard is not None:
                found.setdefault(shard, []).append(rowid & ((1 << _SHIFT) - 1))
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
            for statement in filter(str.strip, _SCHEMA.split(";")):
                self._db.execute(statement)
            self._db.execute("INSERT INTO content (content, rank) VALUES ('hashsize', ?)", (_HASH_BYTES,))
        for no, name in self._db.execute("SELECT no, name FROM shards").fetchall():
            if name not in self._shards:
                self._forget(no)
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
                    self._add(name)
            except (PolarsError, pl.exceptions.PanicException) as error:
                self._db.execute("ROLLBACK")
                self.unreadable[self._shards[name]] = f"is damaged ({str(error).splitlines()[0][:200]})"
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            else:
                self._db.execute("COMMIT")

    def _add(self, name: str) -> None:
        rows = read_shard(self._shards[name], {column: quotation_schema()[column] for column in _COLUMNS})
        days = (rows["published"].min(), rows["published"].max())
        first, last = (day.isoformat() if isinstance(day, datetime) else None for day in days)
        values = (name, len(rows), first, last)
        no = self._db.execute("INSERT INTO shards (name, rows, first, last) VALUES (?, ?, ?, ?)", values).lastrowid or 0
        text = rows.select(folded(pl.col("text"))).to_series()
        self._add_terms(text)
        self._add_names(no, rows)
        numbers = dict(self._db.execute("SELECT name, id FROM speakers").fetchall())
        tags = (f"s{numbers[speaker]}" if speaker else "" for speaker in rows["speaker"])
        keyed = zip(range(no << _SHIFT, (no << _SHIFT) + len(rows)), text, tags, strict=True)
        self._db.executemany("INSERT INTO content (rowid, text, tag) VALUES (?, ?, ?)", keyed)

    def _add_terms(self, text: pl.Series) -> None:
        terms = text.str.extract_all(r"[\p{L}\p{N}]+").explode().drop_nulls().unique().sort()
        self._db.execute("CREATE TEMP TABLE IF NOT EXISTS seen (term TEXT)")
        self._db.execute("DELETE FROM seen")
        self._db.executemany("INSERT INTO seen VALUES (?)", ((term,) for term in terms))
        new = self._db.execute("SELECT term FROM seen WHERE term NOT IN (SELECT term FROM terms)").fetchall()
        last = self._db.execute("SELECT coalesce(max(id), 0) FROM terms").fetchone()[0]
        self._db.executemany("INSERT INTO terms (term, stem) VALUES (?, ?)", ((term, stem(term)) for (term,) in new))
        self._db.execute(
            "INSERT INTO term_parts (rowid, term) SELECT id, term || ' ' || stem FROM terms WHERE id > ?", (last,)
        )

    def _add_names(self, no: int, rows: pl.DataFrame) -> None:
        spoken = rows.filter(pl.col("speaker").is_not_null()).with_columns(named=~is_unnamed())
        speakers = spoken.group_by("speaker").agg(pl.col("named").any()).sort("speaker")
        self._db.executemany(
            "INSERT INTO speakers (name, named) VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET named = max(named, excluded.named)",
            speakers.iter_rows(),
        )
        self._db.execute("CREATE TEMP TABLE IF NOT EXISTS incoming (speaker TEXT, form TEXT, what TEXT)")
        self._db.execute("DELETE FROM incoming")
        described = spoken.filter(pl.col("resolution").is_in(NAMING), "named")
        called = {
            NAME: speakers.select("speaker", form="speaker"),
            PRINTED: described.select("speaker", form="speaker_text"),
            ROLE: spoken.filter("named").select("speaker", form="speaker_role"),
        }
        for what, forms in called.items():
            pairs = forms.drop_nulls().unique().iter_rows()
            incoming = ((speaker, " ".join(form), what) for speaker, printed in pairs for form in readings(printed))
            self._db.executemany("INSERT INTO incoming VALUES (?, ?, ?)", incoming)
        last = self._db.execute("SELECT coalesce(max(id), 0) FROM forms").fetchone()[0]
        self._db.execute(
            "INSERT OR IGNORE INTO forms (speaker, form, what)"
            " SELECT DISTINCT speakers.id, form, what FROM incoming JOIN speakers ON speakers.name = speaker"
            " WHERE form <> '' ORDER BY 1, 2, 3"
        )
        self._db.execute(
            "INSERT OR IGNORE INTO borne SELECT ?, forms.id"
            " FROM incoming JOIN speakers ON speakers.name = incoming.speaker"
            " JOIN forms ON forms.form = incoming.form AND forms.speaker = speakers.id AND forms.what = incoming.what",
            (no,),
        )
        self._db.execute(
            "INSERT INTO spoke SELECT DISTINCT speakers.id, ? FROM incoming JOIN speakers ON name = speaker", (no,)
        )
        new = self._db.execute("SELECT id, form FROM forms WHERE id > ?", (last,)).fetchall()
        stems = ((number, " ".join(stem(word) for word in form.split())) for number, form in new)
        self._db.executemany("INSERT INTO form_stems (rowid, stems) VALUES (?, ?)", stems)

    def _forget(self, no: int) -> None:
        self._db.execute("UPDATE waste SET rows = rows + (SELECT rows FROM shards WHERE no = ?)", (no,))
        for table, column in (("shards", "no"), ("borne", "shard"), ("spoke", "shard")):
            self._db.execute(f"DELETE FROM {table} WHERE {column} = ?", (no,))  # noqa: S608

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
