"""What the gate before the parser costs and saves: the figures with all sentences parsed, and with those it asks for.

    python scripts/evaluate_gate.py                                    # our gold and cases, from the stored parses
    python scripts/evaluate_gate.py GOLD.jsonl --parses FILE           # a corpus; FILE keeps its parse

A sentence that the gate leaves out stands there as the parser gives it: words of no class that hang on the first.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import corpus_metric
import floors
from evaluate import parses
from scoring import summarise

from quotes.extract import extract
from quotes.model import ParsedDocument, Sentence, Token, build_sentence
from quotes.parse.gate import needed
from quotes.parse.memory import unparsed


class Loss(NamedTuple):
    """F1 of the rows or messages (0 to 1) with and without the gate, and the share of words it leaves unparsed."""

    whole: float
    gated: float
    left_out: float


def _asked(parsed: ParsedDocument) -> list[bool]:
    return needed([[token.text for token in sentence.tokens] for sentence in parsed.sentences])


def gated(parsed: ParsedDocument) -> ParsedDocument:
    """A whole parse without the trees of the sentences that need none."""
    sentences = (s if flag else _flat(s) for s, flag in zip(parsed.sentences, _asked(parsed), strict=True))
    return replace(parsed, sentences=tuple(sentences))


def _flat(sentence: Sentence) -> Sentence:
    said = unparsed(tuple(token.text for token in sentence.tokens))
    tokens = tuple(
        Token(t.index, t.text, a.lemma, a.upos, {}, a.head, a.deprel, t.start, t.end)
        for t, a in zip(sentence.tokens, said, strict=True)
    )
    return build_sentence(sentence.index, sentence.paragraph, tokens)


def left_out(articles: Iterable[ParsedDocument]) -> float:
    """The share of words in sentences that need no parse."""
    words = skipped = 0
    for parsed in articles:
        lengths = [len(sentence.tokens) for sentence in parsed.sentences]
        words += sum(lengths)
        skipped += sum(length for length, flag in zip(lengths, _asked(parsed), strict=True) if not flag)
    return skipped / words if words else 0.0


def loss_on(name: str) -> Loss:
    """The loss on one of the sets of :mod:`floors`."""
    whole = floors.articles(name)
    less = [replace(article, parsed=gated(article.parsed)) for article in whole]
    with_all, with_less = (summarise(floors.run(articles))["f1"] for articles in (whole, less))
    return Loss(with_all, with_less, left_out(article.parsed for article in whole))


def loss_on_corpus(path: Path, stored: Path | None) -> Loss:
    """The loss in F1 of messages on a corpus."""
    records = list(corpus_metric.read_corpus(path))
    whole = parses(records, stored)
    f1 = []
    for articles in (whole, [gated(parsed) for parsed in whole]):
        pairs: list[tuple[corpus_metric.Message | None, corpus_metric.Message | None]] = []
        for record, parsed in zip(records, articles, strict=True):
            pairs += corpus_metric.pair_up(record.gold, corpus_metric.messages(record, extract(parsed)))
        f1.append(corpus_metric.figures(pairs)["messages"]["f1"])
    return Loss(*f1, left_out(whole))


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    parser.add_argument("corpus", nargs="?", type=Path, metavar="GOLD.jsonl")
    parser.add_argument("--parses", type=Path, metavar="FILE", help="where the corpus's parse is kept")
    options = parser.parse_args(arguments)
    found = (
        {name: loss_on(name) for name in floors.SETS}
        if options.corpus is None
        else {options.corpus.name: loss_on_corpus(options.corpus, options.parses)}
    )
    for name, loss in found.items():
        print(f"{name}: F1 {loss.whole:.2%} whole, {loss.gated:.2%} gated; {loss.left_out:.1%} of the words unparsed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
