"""Questions to a store of generated quotations, beside DuckDB on the same files in the same run.

    python scripts/bench_query.py --rows 10000000 --store /tmp/ten_million

The store is made if it is not there (some minutes and 3 GB for ten million rows), laid out as ``quotes extract`` lays
it out. Printed are the seconds for the index, then for each question the rows found, the median seconds of five runs of
this program and of DuckDB, and the peak memory of either. Each program answers in a process of its own.

DuckDB is asked for the words by ILIKE, which finds fewer forms of a word than we do: where they matter, it has fewer
rows.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

SHARD_DOCUMENTS, ROWS_OF_DOCUMENT, WORDS = 8_000, 14, 20
SPEAKERS, TERMS, OUTLETS, DAYS = 100_000, 200_000, 40, 15 * 365
RUNS = 5
# Name of the question, filters of ours, and the same in SQL over the table q.
QUESTIONS: list[tuple[str, dict[str, Any], str]] = [
    (
        "frequent speaker, three months, a word",
        {"name": "{frequent}", "since": "2020-03-01", "until": "2020-05-31", "about": "{common}"},
        "speaker = '{frequent}' AND published >= '2020-03-01' AND published < '2020-06-01' AND text ILIKE '%{common}%'",
    ),
    (
        "rare speaker, since a day, a word",
        {"name": "{rare}", "since": "2015-01-01", "about": "{common}"},
        "speaker = '{rare}' AND published >= '2015-01-01' AND text ILIKE '%{common}%'",
    ),
    (
        "frequent speaker, one year",
        {"name": "{frequent}", "since": "2020-01-01", "until": "2020-12-31"},
        "speaker = '{frequent}' AND published >= '2020-01-01' AND published < '2021-01-01'",
    ),
    ("rare speaker", {"name": "{rare}"}, "speaker = '{rare}'"),
    ("rare word", {"about": "{seldom}"}, "text ILIKE '%{seldom}%'"),
    ("part of a compound", {"about": "{part}"}, "text ILIKE '%{part}%'"),
]


def make_store(path: Path, rows: int) -> None:
    """Generate a store shard by shard; the same bytes for the same number of rows."""
    import numpy as np
    import polars as pl

    from quotes.schema import SCHEMA_VERSION, document_schema, quotation_schema
    from quotes.store import manifest
    from quotes.store.layout import MANIFEST, TABLES
    from quotes.store.shards import sort_quotations, to_parquet

    random = np.random.default_rng(1)
    speakers, terms = names(), vocabulary()
    for table in TABLES:
        (path / table).mkdir(parents=True, exist_ok=True)
    shards = -(-rows // (SHARD_DOCUMENTS * ROWS_OF_DOCUMENT))
    made = []
    for shard in range(shards):
        size = min(SHARD_DOCUMENTS * ROWS_OF_DOCUMENT, rows - shard * SHARD_DOCUMENTS * ROWS_OF_DOCUMENT)
        said = terms[_skewed(random, size * WORDS, len(terms))]
        text = pl.Series(said).reshape((size, WORDS)).arr.join(" ")
        who = speakers[_skewed(random, size, len(speakers))]
        document = np.arange(size) // ROWS_OF_DOCUMENT
        days = (shard + random.random(document.max() + 1)) * DAYS / shards
        published = np.datetime64("2010-01-01T00:00:00", "us") + (days * 86_400e6).astype("timedelta64[us]")
        start = random.integers(0, 4_000, size)
        frame = pl.DataFrame(
            {"text": text, "speaker": who, "start": start, "document": document + shard * SHARD_DOCUMENTS}
        )
        frame = frame.with_columns(
            published=pl.Series(published[document]),
            quote_id=pl.Series([random.bytes(10).hex() for _ in range(size)]),
            doc_id=pl.col("document").hash(seed=2).cast(pl.String).str.pad_start(64, "0"),
            source=pl.format("https://zeitung.example/artikel/{}", "document"),
            outlet=pl.format("Zeitung {}", pl.col("document") % OUTLETS),
            title=pl.lit("Ein Titel von mittlerer Länge"),
            language=pl.lit("de"),
            kind=pl.Series(np.array(["direct", "indirect", "mixed"])[random.integers(0, 3, size)]),
            mood=pl.lit("konjunktiv_1"),
            medium=pl.lit("speech"),
            polarity=pl.lit("affirmed"),
            end=pl.col("start") + pl.col("text").str.len_chars().cast(pl.Int64),
            speaker_id=pl.col("speaker").str.to_lowercase().str.replace(" ", "-"),
            speaker_kind=pl.lit("person"),
            speaker_text=pl.col("speaker"),
            speaker_in_article=pl.col("speaker"),
            resolution=pl.lit("name"),
            cue=pl.lit("sagte"),
            via=pl.lit([], dtype=pl.List(pl.String)),
            prefix=pl.col("text").str.slice(0, 64),
            suffix=pl.col("text").str.slice(20, 64),
            rule=pl.lit("complement_clause"),
            confidence=pl.Series(random.random(size)),
            speaker_confidence=pl.Series(random.random(size)),
            schema_version=pl.lit(SCHEMA_VERSION),
        )
        span = pl.concat_list(pl.struct(start=pl.col("start"), end=pl.col("end")))
        frame = frame.with_columns(quote_spans=span, cue_spans=span, frame_spans=span, speaker_spans=span)
        schema = quotation_schema()
        frame = frame.with_columns([pl.lit(None).alias(name) for name in schema if name not in frame.columns])
        frame = frame.select([pl.col(name).cast(kind) for name, kind in schema.items()])
        name = f"{shard:016x}"
        (path / "quotations" / f"{name}.parquet").write_bytes(to_parquet(sort_quotations(frame)))
        documents = frame.unique("doc_id").select("doc_id", "source", "title", "outlet", "published", "schema_version")
        lacking = [pl.lit(None, dtype=k).alias(n) for n, k in document_schema().items() if n not in documents.columns]
        documents = documents.with_columns(lacking).select(list(document_schema()))
        (path / "documents" / f"{name}.parquet").write_bytes(to_parquet(documents))
        made.append(name)
    (path / MANIFEST).write_bytes(manifest.to_bytes(made))


def names() -> Any:
    """Full names that nobody bears, each once."""
    import numpy as np

    from quotes.tables import read_table

    given = [row["name"] for row in read_table("given_names_berlin.tsv")][:2_000]
    first, second = (
        "Al Ber Dor Eich Fal Gre Hol Kal Lin Mor".split(),
        "bach berg dorf feld hoff kamp mann stedt".split(),
    )
    middle = [a + b for a in "a e i o u an en il or ut".split() for b in "d f g k l m n r s t".split()]
    surnames = [f + m + s for m in middle for s in second for f in first]
    return np.array([f"{given[i % len(given)]} {surnames[(i * 7) % len(surnames)]}" for i in range(SPEAKERS)])


def vocabulary() -> Any:
    """Words as German has them: nouns of the package's tables and compounds of two."""
    import numpy as np

    from quotes.tables import read_table

    nouns = sorted({row["lemma"].lower() for row in read_table("roles.tsv") if row["lemma"].isalpha()})
    made = [nouns[(i * 31) % len(nouns)] + "s" + nouns[(i * 17 + i // len(nouns)) % len(nouns)] for i in range(TERMS)]
    return np.array([*nouns, *made])[:TERMS]


def _skewed(random: Any, size: int, most: int) -> Any:
    """Indices of which the small ones are far more frequent."""
    import numpy as np

    return np.minimum((most * random.random(size) ** 5).astype(np.int64), most - 1)


def fill(value: Any, words: dict[str, str]) -> Any:
    return value.format(**words) if isinstance(value, str) else value


def ask_quotes(store: Path, words: dict[str, str]) -> list[Callable[[], int]]:
    from datetime import date

    from quotes.search import open_store

    def ask(filters: dict[str, Any]) -> Callable[[], int]:
        filled = {key: fill(value, words) for key, value in filters.items()}
        days = {key: date.fromisoformat(filled[key]) for key in ("since", "until") if key in filled}
        return lambda: len(open_store(store).find(**(filled | days)).collect())

    return [ask(filters) for _, filters, _ in QUESTIONS]


def ask_duckdb(store: Path, words: dict[str, str]) -> list[Callable[[], int]]:
    import duckdb

    db = duckdb.connect()
    db.execute("SET threads = 2")
    db.execute(f"CREATE VIEW q AS SELECT * FROM read_parquet('{store}/quotations/*.parquet')")
    order = "ORDER BY source, doc_id, start"
    sql = [f"SELECT * FROM q WHERE {fill(where, words)} {order}" for _, _, where in QUESTIONS]
    return [lambda s=s: db.execute(s).to_arrow_table().num_rows for s in sql]  # type: ignore[misc]


def measure(program: str, store: Path, words: dict[str, str]) -> dict[str, Any]:
    """Medians of one program, in this process: call it in one of its own."""
    asks = {"quotes": ask_quotes, "duckdb": ask_duckdb}[program](store, words)
    found = []
    for ask in asks:
        seconds = []
        for _ in range(RUNS):
            before = time.perf_counter()
            rows = ask()
            seconds.append(time.perf_counter() - before)
        found.append({"rows": rows, "seconds": statistics.median(seconds), "worst": max(seconds)})
    return {"answers": found, "peak_mb": peak_mb()}


def peak_mb() -> float:
    """Peak resident memory of this process. Not getrusage on Linux: that counts what the parent had before the fork."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def child(program: str, store: Path, words: dict[str, str]) -> dict[str, Any]:
    command = [sys.executable, __file__, "--store", str(store), "--program", program, "--words", json.dumps(words)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--program", help=argparse.SUPPRESS)
    parser.add_argument("--words", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.program:
        print(json.dumps(measure(given.program, given.store, json.loads(given.words))))
        return
    if not (given.store / "manifest.json").exists():
        before = time.perf_counter()
        make_store(given.store, given.rows)
        print(f"made {given.rows} rows in {time.perf_counter() - before:.0f} s", flush=True)
    speakers, terms = names(), vocabulary()
    words = {
        "frequent": str(speakers[20]),
        "rare": str(speakers[60_000]),
        "common": str(terms[8]),
        "seldom": str(terms[150_000]),
        "part": str(terms[4_000]),
    }
    from quotes.search import open_store

    before = time.perf_counter()
    open_store(given.store).find(words["rare"])
    size = sum(path.stat().st_size for path in (given.store / "index").iterdir()) / 1e6
    tables = sum(path.stat().st_size for path in (given.store / "quotations").iterdir()) / 1e6
    print(
        f"index: {time.perf_counter() - before:.1f} s, {size:.0f} MB beside {tables:.0f} MB of quotations", flush=True
    )
    ours, theirs = child("quotes", given.store, words), child("duckdb", given.store, words)
    print(f"{'question':42} {'rows':>8} {'quotes s':>9} {'DuckDB s':>9} {'ratio':>7}   DuckDB's rows")
    for (name, _, _), a, b in zip(QUESTIONS, ours["answers"], theirs["answers"], strict=True):
        ratio = b["seconds"] / a["seconds"]
        print(f"{name:42} {a['rows']:8} {a['seconds']:9.3f} {b['seconds']:9.3f} {ratio:6.1f}x   {b['rows']}")
    print(f"peak memory: quotes {ours['peak_mb']:.0f} MB, DuckDB {theirs['peak_mb']:.0f} MB")


if __name__ == "__main__":
    main()
