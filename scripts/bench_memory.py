"""Peak memory of ``quotes extract`` over many articles beside few: it must not grow with their number.

    python scripts/bench_memory.py [--few 1000] [--many 10000]

The articles are made of sentences of the gold articles, drawn and numbered so that none is like another. Each run is a
process of its own, and its peak is what the system counted. It does its work in that one process: with more of them
each is such a process, and the one that deals out the work needs less.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from gold import PARTS, load_gold

# The command, whether or not its script is on the path.
RUN = "from quotes.cli import run; run()"
# Exit code of an extraction that finished without some documents: a made article in ten thousand is not German enough.
SOME_FAILED = 3
# Sentences of a made article.
SENTENCES = 4
# How much more the many may take than the few.
ALLOWED = 1.10


def made_articles(count: int, *, seed: int = 1) -> list[dict[str, str]]:
    """Articles as JSON Lines have them, each of sentences that stand in no other."""
    chance = random.Random(seed)
    sentences = [
        " ".join(article.parsed.document.text[s.start : s.end].split())
        for part in PARTS
        for article in load_gold(part)
        for s in article.parsed.sentences
    ]
    made = []
    for number in range(count):
        drawn = chance.sample(sentences, SENTENCES)
        text = "\n\n".join(
            f"{sentence} Es war der Fall {number * SENTENCES + at}." for at, sentence in enumerate(drawn)
        )
        made.append({"id": f"made-{number}", "text": text})
    return made


def peak_megabytes(count: int) -> float:
    """The peak resident memory of one extraction of so many articles into an empty store, in MB.

    Raises:
        RuntimeError: the extraction failed.
    """
    with tempfile.TemporaryDirectory() as folder:
        articles = Path(folder) / "articles.jsonl"
        articles.write_text("".join(json.dumps(a) + "\n" for a in made_articles(count)), encoding="utf-8")
        command = [sys.executable, "-c", RUN, "extract", str(articles), "--jobs", "1"]
        command += ["--store", str(Path(folder) / "store")]
        with (Path(folder) / "printed").open("w") as printed:
            process = subprocess.Popen(command, stdout=printed)
            _, status, usage = os.wait4(process.pid, 0)
        if os.waitstatus_to_exitcode(status) not in (0, SOME_FAILED):
            raise RuntimeError(f"the extraction of {count} articles failed")
        # Linux counts kilobytes, macOS bytes.
        return usage.ru_maxrss / (1e6 if sys.platform == "darwin" else 1024)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; exit code 1 if the many take more than a tenth more than the few."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--few", type=int, default=1_000, metavar="N")
    parser.add_argument("--many", type=int, default=10_000, metavar="N")
    options = parser.parse_args(arguments)
    few = peak_megabytes(options.few)
    print(f"{options.few} articles: {few:.0f} MB", flush=True)
    many = peak_megabytes(options.many)
    print(f"{options.many} articles: {many:.0f} MB, {many / few:.2f} times")
    return int(many / few > ALLOWED)


if __name__ == "__main__":
    sys.exit(main())
