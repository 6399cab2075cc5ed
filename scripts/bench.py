"""Tokens per second of the whole ``extract`` beside a plain per-document Stanza pipeline on the same text.

    python scripts/bench.py [PATH...] [--jobs N] [--rounds N] [--min-ratio X] [--json]

Ours is all that ``quotes extract`` does between the files and the store, with as many processes as it would start.
Plain is ``nlp(text)`` for each document with the same model files in a stock ``stanza.Pipeline`` and its own batch
sizes; torch spreads it over all cores. The loading of the models counts on neither side, and plain Stanza has parsed
some other text before its clock runs. The rounds alternate and the fastest of each side counts, since other work on
the machine only ever makes a round slower. Where the time goes is told of one more run, in one process.
"""

from __future__ import annotations

import argparse
import importlib
import json
import logging
import sys
import tempfile
import time
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from quotes import __version__
from quotes.lexicon import lexicon_hash
from quotes.model import Document
from quotes.parse import StanzaParser, choose_model
from quotes.parse.models import EMBEDDED, ENCODER_NAME, MODEL_FILES
from quotes.pipeline import run
from quotes.registry.keeper import settle
from quotes.registry.user_table import UserTable
from quotes.sources import read_sources
from quotes.store import StoreWriter
from quotes.text import make_document
from quotes.workers import usual_jobs

extract_room = importlib.import_module("quotes.extract")

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = ("seeds", "fixtures/gold")
# German with subordinate clauses, names and marks, so that every step is warm.
WARM_UP = "„Wir prüfen den Vertrag“, sagte die Ministerin am Montag in Bonn, als sie zum Gericht ging. " * 20
# The steps of the parser.
PARSING = ("tokenising", "encoding", "tagging", "lemmatising", "parsing")
T = TypeVar("T")


def documents_of(paths: Iterable[str]) -> list[Document]:
    """The readable documents under the paths."""
    return [item for item in read_sources(list(paths)) if isinstance(item, Document)]


class Clock:
    """Seconds by step."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)

    def timed(self, step: str, function: Callable[..., T]) -> Callable[..., T]:
        """The function with its time counted."""

        def call(*arguments: Any, **options: Any) -> T:
            started = time.perf_counter()
            try:
                return function(*arguments, **options)
            finally:
                self.seconds[step] += time.perf_counter() - started

        return call

    def iterated(self, step: str, items: Iterable[T]) -> Iterator[T]:
        """The items with the time counted that it takes to make them."""
        iterator = iter(items)
        end: Any = object()
        following = self.timed(step, lambda: next(iterator, end))
        while (item := following()) is not end:
            yield item


def run_ours(paths: list[str], jobs: int) -> tuple[int, float]:
    """Tokens and seconds of one extraction into an empty store, without the time until the models were there."""
    with tempfile.TemporaryDirectory() as folder, StoreWriter(folder) as store:
        started = time.perf_counter()
        summary = run(
            read_sources(paths),
            parser=StanzaParser(choose_model("embedded")),
            extract=extract_room.extract,
            store=store,
            extractor_version=__version__,
            lexicon_hash=lexicon_hash(),
            jobs=jobs,
        )
        settle(store, UserTable())
        return summary.tokens, time.perf_counter() - started - summary.loading


def run_by_steps(paths: list[str]) -> tuple[float, dict[str, float]]:
    """Seconds of one extraction in this process, and those of each of its steps."""
    # A new parser each time: what it remembers of an earlier round must not count.
    parser = StanzaParser(choose_model("embedded"))
    parser.parse([make_document(WARM_UP, source="warm-up")])
    parser.seconds.clear()
    clock = Clock()
    whole = extract_room.Resolver

    class Resolver(whole):  # type: ignore[misc, valid-type]
        """Speakers with their time counted."""

        __init__ = clock.timed("speakers", whole.__init__)
        resolve = clock.timed("speakers", whole.resolve)

    with tempfile.TemporaryDirectory() as folder, StoreWriter(folder) as store:
        writing = clock.timed("writing", store.commit)
        store.commit = writing  # type: ignore[method-assign]
        started = time.perf_counter()
        extract_room.Resolver = Resolver  # type: ignore[misc]
        try:
            run(
                clock.iterated("reading", read_sources(paths)),
                parser=parser,
                extract=clock.timed("extraction", extract_room.extract),
                store=store,
                extractor_version=__version__,
                lexicon_hash=lexicon_hash(),
            )
        finally:
            extract_room.Resolver = whole  # type: ignore[misc]
        clock.timed("registry", settle)(store, UserTable())
        seconds = time.perf_counter() - started
    steps = {
        "reading": clock.seconds["reading"],
        "tokenising": parser.seconds["tokenize"] + parser.seconds["mwt"],
        "encoding": parser.seconds["encoder"],
        "tagging": parser.seconds["pos"],
        "lemmatising": parser.seconds["lemma"],
        "parsing": parser.seconds["depparse"],
        "extraction": clock.seconds["extraction"] - clock.seconds["speakers"],
        "speakers": clock.seconds["speakers"],
        "registry": clock.seconds["registry"],
        "writing": clock.seconds["writing"],
    }
    steps["the rest"] = seconds - sum(steps.values())
    return seconds, steps


def stock_pipeline() -> Any:
    """A plain Stanza pipeline with the embedded model files, warm. It repairs double subjects, as ours does."""
    import stanza
    from stanza.models.common.foundation_cache import FoundationCache
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()
    cache = FoundationCache(local_files_only=True)
    cache.load_bert(str(EMBEDDED / ENCODER_NAME))
    cache.bert[ENCODER_NAME] = cache.bert.pop(str(EMBEDDED / ENCODER_NAME))
    nlp = stanza.Pipeline(
        lang="de",
        dir=str(EMBEDDED),
        package=None,
        processors={},
        allow_unknown_language=True,
        download_method=None,
        foundation_cache=cache,
        use_gpu=False,
        depparse_resolve_head_constraints=True,
        **{f"{step}_model_path": str(EMBEDDED / name) for step, name in MODEL_FILES.items()},
    )
    nlp(WARM_UP)
    return nlp


def run_stock(nlp: Any, texts: list[str]) -> tuple[int, float]:
    """Tokens and seconds of one pass, a call a document."""
    started = time.perf_counter()
    tokens = sum(nlp(text).num_words for text in texts)
    return tokens, time.perf_counter() - started


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("paths", nargs="*", metavar="PATH", help="articles; the seeds and the gold articles if none")
    options.add_argument("--jobs", type=int, default=usual_jobs(), metavar="N", help="processes of ours (%(default)s)")
    options.add_argument("--rounds", type=int, default=3, metavar="N", help="rounds of each side (3)")
    options.add_argument("--min-ratio", type=float, metavar="X", help="exit 1 if ours is not X times as fast")
    options.add_argument("--json", action="store_true", help="print one JSON object")
    chosen = options.parse_args()

    logging.getLogger("stanza").setLevel(logging.CRITICAL)
    warnings.simplefilter("ignore")
    paths = chosen.paths or [str(ROOT / folder) for folder in SHIPPED]
    texts = [document.text for document in documents_of(paths)]
    nlp = stock_pipeline()
    ours, plain = [], []
    for _ in range(max(1, chosen.rounds)):
        ours.append(run_ours(paths, chosen.jobs))
        plain.append(run_stock(nlp, texts))
    tokens, seconds = min(ours, key=lambda result: result[1])
    stepwise, steps = run_by_steps(paths)
    plain_tokens, plain_seconds = min(plain, key=lambda result: result[1])
    of_parsing = steps["speakers"] / sum(steps[step] for step in PARSING)
    rate, plain_rate = tokens / seconds, plain_tokens / plain_seconds
    ratio = rate / plain_rate
    result = {
        "documents": len(texts),
        "tokens": tokens,
        "jobs": chosen.jobs,
        "extract_tokens_per_second": round(rate),
        "stanza_tokens_per_second": round(plain_rate),
        "ratio": round(ratio, 2),
        "rounds": {"extract": [round(r[1], 2) for r in ours], "stanza": [round(r[1], 2) for r in plain]},
        "speakers_to_parsing": round(of_parsing, 4),
        "one_process_tokens_per_second": round(tokens / stepwise),
        "seconds": {step: round(value, 2) for step, value in steps.items()},
    }
    if chosen.json:
        print(json.dumps(result))
    else:
        print(f"{len(texts)} documents, {tokens} tokens, the fastest of {len(ours)} rounds")
        print(f"quotes extract         {rate:6.0f} tokens/s  ({seconds:.2f} s, processes: {chosen.jobs})")
        print(f"plain Stanza           {plain_rate:6.0f} tokens/s  ({plain_seconds:.2f} s, parsing alone)")
        print(f"ratio                  {ratio:6.2f}")
        print(f"in one process         {tokens / stepwise:6.0f} tokens/s  ({stepwise:.2f} s)")
        for step, value in steps.items():
            print(f"  {step:<20} {value:6.2f} s  {100 * value / stepwise:3.0f} %")
        print(f"speakers to parsing    {100 * of_parsing:6.1f} %")
    if chosen.min_ratio is not None and ratio < chosen.min_ratio:
        print(f"The ratio is {ratio:.2f}, below {chosen.min_ratio}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
