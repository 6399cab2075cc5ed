"""What the index holds, and how a shard of quotations gets into it.

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
from datetime import datetime
from pathlib import Path

import polars as pl

from quotes.folding import readings, stem
from quotes.registry.people import NAMING
from quotes.schema import is_unnamed, quotation_schema
from quotes.search.columns import folded
from quotes.store.shards import read_shard

# Bits of a rowid that number the rows of a shard.
SHIFT = 32
# What a form is: the canonical name, words that were printed for the speaker, a role.
NAME, PRINTED, ROLE = "name", "printed", "role"
# Memory of SQLite for postings before they are written.
_HASH_BYTES = 32 << 20
_COLUMNS = ("text", "speaker", "speaker_id", "doc_id", "speaker_text", "speaker_role", "resolution", "published")
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


def make_tables(db: sqlite3.Connection) -> None:
    """Make the tables of an empty index."""
    for statement in filter(str.strip, _SCHEMA.split(";")):
        db.execute(statement)
    db.execute("INSERT INTO content (content, rank) VALUES ('hashsize', ?)", (_HASH_BYTES,))


def add_shard(db: sqlite3.Connection, name: str, path: Path) -> None:
    """Read a shard of quotations into the index.

    Raises:
        FileNotFoundError: it has gone.
        PolarsError: it is damaged.
    """
    rows = read_shard(path, {column: quotation_schema()[column] for column in _COLUMNS})
    days = (rows["published"].min(), rows["published"].max())
    first, last = (day.isoformat() if isinstance(day, datetime) else None for day in days)
    values = (name, len(rows), first, last)
    no = db.execute("INSERT INTO shards (name, rows, first, last) VALUES (?, ?, ?, ?)", values).lastrowid or 0
    text = rows.select(folded(pl.col("text"))).to_series()
    _add_terms(db, text)
    _add_names(db, no, rows)
    numbers = dict(db.execute("SELECT name, id FROM speakers").fetchall())
    tags = (f"s{numbers[speaker]}" if speaker else "" for speaker in rows["speaker"])
    keyed = zip(range(no << SHIFT, (no << SHIFT) + len(rows)), text, tags, strict=True)
    db.executemany("INSERT INTO content (rowid, text, tag) VALUES (?, ?, ?)", keyed)


def forget_shard(db: sqlite3.Connection, no: int) -> None:
    """Pass over a shard from now on; its rows stay until the index is made anew."""
    db.execute("UPDATE waste SET rows = rows + (SELECT rows FROM shards WHERE no = ?)", (no,))
    for table, column in (("shards", "no"), ("borne", "shard"), ("spoke", "shard")):
        db.execute(f"DELETE FROM {table} WHERE {column} = ?", (no,))  # noqa: S608


def _add_terms(db: sqlite3.Connection, text: pl.Series) -> None:
    terms = text.str.extract_all(r"[\p{L}\p{N}]+").explode().drop_nulls().unique().sort()
    db.execute("CREATE TEMP TABLE IF NOT EXISTS seen (term TEXT)")
    db.execute("DELETE FROM seen")
    db.executemany("INSERT INTO seen VALUES (?)", ((term,) for term in terms))
    new = db.execute("SELECT term FROM seen WHERE term NOT IN (SELECT term FROM terms)").fetchall()
    last = db.execute("SELECT coalesce(max(id), 0) FROM terms").fetchone()[0]
    db.executemany("INSERT INTO terms (term, stem) VALUES (?, ?)", ((term, stem(term)) for (term,) in new))
    db.execute("INSERT INTO term_parts (rowid, term) SELECT id, term || ' ' || stem FROM terms WHERE id > ?", (last,))


def _add_names(db: sqlite3.Connection, no: int, rows: pl.DataFrame) -> None:
    spoken = rows.filter(pl.col("speaker").is_not_null()).with_columns(named=~is_unnamed())
    speakers = spoken.group_by("speaker").agg(pl.col("named").any()).sort("speaker")
    db.executemany(
        "INSERT INTO speakers (name, named) VALUES (?, ?)"
        " ON CONFLICT (name) DO UPDATE SET named = max(named, excluded.named)",
        speakers.iter_rows(),
    )
    db.execute("CREATE TEMP TABLE IF NOT EXISTS incoming (speaker TEXT, form TEXT, what TEXT)")
    db.execute("DELETE FROM incoming")
    described = spoken.filter(pl.col("resolution").is_in(NAMING), "named")
    called = {
        NAME: speakers.select("speaker", form="speaker"),
        PRINTED: described.select("speaker", form="speaker_text"),
        ROLE: spoken.filter("named").select("speaker", form="speaker_role"),
    }
    for what, forms in called.items():
        pairs = forms.drop_nulls().unique().iter_rows()
        incoming = ((speaker, " ".join(form), what) for speaker, printed in pairs for form in readings(printed))
        db.executemany("INSERT INTO incoming VALUES (?, ?, ?)", incoming)
    last = db.execute("SELECT coalesce(max(id), 0) FROM forms").fetchone()[0]
    db.execute(
        "INSERT OR IGNORE INTO forms (speaker, form, what)"
        " SELECT DISTINCT speakers.id, form, what FROM incoming JOIN speakers ON speakers.name = speaker"
        " WHERE form <> '' ORDER BY 1, 2, 3"
    )
    db.execute(
        "INSERT OR IGNORE INTO borne SELECT ?, forms.id"
        " FROM incoming JOIN speakers ON speakers.name = incoming.speaker"
        " JOIN forms ON forms.form = incoming.form AND forms.speaker = speakers.id AND forms.what = incoming.what",
        (no,),
    )
    db.execute("INSERT INTO spoke SELECT DISTINCT speakers.id, ? FROM incoming JOIN speakers ON name = speaker", (no,))
    new = db.execute("SELECT id, form FROM forms WHERE id > ?", (last,)).fetchall()
    stems = ((number, " ".join(stem(word) for word in form.split())) for number, form in new)
    db.executemany("INSERT INTO form_stems (rowid, stems) VALUES (?, ?)", stems)
