"""How good a parser's models are, against treebanks: on gold tokens, and on raw text by the product's own way.

    python scripts/evaluate_parser.py                    # the embedded models
    python scripts/evaluate_parser.py --model FOLDER
    python scripts/evaluate_parser.py --news-only        # without UD German-GSD
    python scripts/evaluate_parser.py --raise-floors

Two treebanks: the last 400 sentences of UD German-GSD's test file, which training never sees, and the test part of
our own news clauses (``fixtures/treebank``). Gold tokens: the sentences' own words, their tags predicted. Raw text:
GSD in paragraphs of five sentences, ours in paragraphs of one to four; words are aligned as in the CoNLL 2018 shared
task (https://universaldependencies.org/conll18/evaluation.html). ``LAS`` counts subtypes of relations, ``LAS
universal`` does not, as the shared task had it; punctuation counts in both.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from floors import Floors, drops, raised, read_floors, write_floors
from gold import digest
from tree_scores import APART, Count, Text, joined, score, shares
from treebank import FOLDER, Tree, Word, fixture_files, harmonised, in_fives, paragraphs, read_treebank

from quotes.errors import QuotesError
from quotes.model import ParsedDocument
from quotes.parse import StanzaParser, choose_model
from quotes.parse.lemmas import mended
from quotes.parse.models import ModelChoice
from quotes.parse.stanza_parser import features_of
from quotes.text import make_document

FLOORS = FOLDER / "floors.json"
GSD = FOLDER.parent.parent.parent / "shared" / "treebanks" / "de_gsd-ud-test.conllu"
GSD_HOME = "https://github.com/UniversalDependencies/UD_German-GSD"
# Sentences at the end of GSD's test file that no training may see; those before them are training data.
HELD_OUT = 400
# Our raw text: sentences a paragraph at most, and the seed of the paragraphs.
MOST_TOGETHER, SEED = 4, 1
GOLD_TOKENS, RAW_TEXT = "gold tokens", "raw text"


def gold_text(trees: Sequence[Tree]) -> Text:
    """The trees as one text, one after the other."""
    sentences = []
    at = 0
    for tree in trees:
        sentences.append([replace(word, start=word.start + at, end=word.end + at) for word in tree.words])
        at += tree.length
    return joined(sentences)


def parsed_text(parsed: ParsedDocument) -> Text:
    """What the product's parser found, with places in characters that are not blank."""
    before = [0]
    for character in parsed.document.text:
        before.append(before[-1] + (not character.isspace()))
    sentences = []
    for sentence in parsed.sentences:
        tokens = sentence.tokens
        sharing = Counter(token.start for token in tokens)
        sentences.append(
            [
                Word(
                    token.text,
                    token.lemma,
                    token.upos,
                    frozenset(f"{name}={value}" for name, value in token.feats.items()),
                    token.head + 1,
                    token.deprel,
                    before[token.start],
                    before[token.end],
                    sharing[token.start] > 1,
                )
                for token in tokens
            ]
        )
    return joined(sentences)


class MeasuredParser(StanzaParser):
    """The product's parser, which also parses gold tokens; it parses every sentence."""

    def __init__(self, choice: ModelChoice, *, exact: bool = True) -> None:
        """``exact``: compute alike on all machines, see :class:`quotes.parse.StanzaParser`."""
        super().__init__(choice, exact=exact, whole=True)

    def on_gold_tokens(self, trees: Sequence[Tree]) -> Text:
        """The sentences with tags, lemmas, heads and relations of the models, by the same steps as raw text."""
        from stanza.models.common.doc import Document as StanzaDocument

        self.load()
        document = StanzaDocument(
            [[{"id": n, "text": word.form} for n, word in enumerate(tree.words, start=1)] for tree in trees]
        )
        sharing = self._encoder.installed() if self._encoder else contextlib.nullcontext()
        with sharing:
            document = self._run(document, ("pos", "lemma", "depparse"))
        found = []
        for tree, sentence in zip(trees, document.sentences, strict=True):
            words = [
                replace(
                    word,
                    lemma=mended(w.lemma, w.text, w.upos, w.feats),
                    upos=w.upos,
                    feats=frozenset(feats.split("|")) - {"_"},
                    head=w.head,
                    deprel=w.deprel,
                )
                for word, w, feats in zip(tree.words, sentence.words, features_of(sentence), strict=True)
            ]
            found.append(replace(tree, words=tuple(words)))
        return gold_text(found)

    def on_raw_text(self, text: str) -> Text:
        """The text as ``quotes extract`` parses it.

        Raises:
            ValueError: reading changed characters of the text, so that nothing can be aligned.
        """
        document = make_document(text, source="treebank")
        if "".join(document.text.split()) != "".join(text.split()):
            raise ValueError("the treebank has characters that are normalised when an article is read")
        return parsed_text(self.parse([document])[0])


Figures = dict[str, dict[str, Count]]


def measure(parser: MeasuredParser, trees: Sequence[Tree], text: str) -> Figures:
    """The figures on gold tokens and on raw text, which holds the sentences in their order."""
    trees = [harmonised(tree) for tree in trees]
    gold = gold_text(trees)
    return {
        GOLD_TOKENS: score(gold, parser.on_gold_tokens(trees)),
        RAW_TEXT: score(gold, parser.on_raw_text(text)),
    }


def news_trees(path: Path) -> list[Tree]:
    """The test part of a file of ours."""
    return [tree for tree in read_treebank(path) if tree.part == "test"]


def measure_news(parser: MeasuredParser, paths: Sequence[Path]) -> Figures:
    """The figures on the test part of files of ours, taken together."""
    trees = [tree for path in paths for tree in news_trees(path)]
    return measure(parser, trees, paragraphs(trees, most=MOST_TOGETHER, seed=SEED))


def measure_gsd(parser: MeasuredParser, path: Path) -> Figures:
    """The figures on the held-out end of GSD's test file."""
    trees = read_treebank(path)[-HELD_OUT:]
    return measure(parser, trees, in_fives(trees))


def measured_floors(figures: Figures, paths: Sequence[Path], *, allowed: int = 0) -> Floors:
    """The figures of our news clauses in the shape of the floors; ``allowed`` as in :func:`tree_scores.shares`."""
    return {
        way: {
            "sha256": digest(paths),
            "figures": {name: round(share, 4) for name, share in shares(counts, allowed=allowed)},
        }
        for way, counts in figures.items()
    }


def table(title: str, figures: Figures) -> str:
    """The figures of a treebank in percent, both ways side by side."""
    ways = list(figures)
    counts = figures[GOLD_TOKENS]
    lines = [f"\n{title}: {counts['sentences'].gold} sentences, {counts['words'].gold} words"]
    lines.append(f"{'':24}" + "".join(f"{way:>20}" for way in ways))
    for name in counts:
        cells = "".join(f"{_cell(figures[way][name], name in APART):>20}" for way in ways)
        lines.append(f"{f'{name} ({counts[name].gold})' if name in APART else name:24}{cells}")
    return "\n".join(lines)


def _cell(count: Count, apart: bool) -> str:
    return f"P {count.precision:.1%} R {count.recall:.1%}" if apart else f"{count.f1:.2%}"


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; the exit code is 2 for a wrong call or a missing treebank, 1 for one that cannot be read."""
    options = _options().parse_args(arguments)
    writing: bool = options.raise_floors or options.lower_floors
    gsd: Path | None = None if options.news_only or writing else options.treebank
    if gsd is not None and not gsd.is_file():
        print(f"{gsd}: not there. UD German-GSD is at {GSD_HOME}; name its test file with --treebank", file=sys.stderr)
        return 2
    if writing and (options.model != "embedded" or options.quick):
        print("the floors are those of the embedded models: leave --model and --quick out", file=sys.stderr)
        return 2
    try:
        return _report(options, gsd, writing=writing)
    except QuotesError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1


def _report(options: argparse.Namespace, gsd: Path | None, *, writing: bool) -> int:
    paths = fixture_files()
    parser = MeasuredParser(choose_model(options.model), exact=not options.quick)
    news = measure_news(parser, paths)
    if writing:
        measured, kept = measured_floors(news, paths), read_floors(FLOORS)
        result = measured if options.lower_floors else raised(kept, measured)
        write_floors(result, FLOORS)
        print(*drops(result, measured), sep="\n", file=sys.stderr)
        return 0
    sets: dict[str, Figures] = {} if gsd is None else {f"GSD, last {HELD_OUT} of test": measure_gsd(parser, gsd)}
    sets["news clauses, test part"] = news
    if len(paths) > 1:
        sets |= {path.name: measure_news(parser, [path]) for path in paths if news_trees(path)}
    if options.json:
        print(json.dumps({name: {w: dict(shares(c)) for w, c in f.items()} for name, f in sets.items()}, indent=1))
    else:
        print(parser.name, *(table(name, figures) for name, figures in sets.items()), sep="\n")
    return 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    parser.add_argument("--model", default="embedded", help="embedded (default), stanza[:PACKAGE] or a folder")
    parser.add_argument("--treebank", type=Path, default=GSD, metavar="PATH", help="UD German-GSD's test file")
    parser.add_argument("--news-only", action="store_true", help="measure on our own news clauses only")
    parser.add_argument("--quick", action="store_true", help="compute as quickly as this machine can, as extract does")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--raise-floors", action="store_true", help="raise the news clauses' floors to what is reached")
    parser.add_argument("--lower-floors", action="store_true", help="set them to what is reached now")
    return parser


if __name__ == "__main__":
    sys.exit(main())
