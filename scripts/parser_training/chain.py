"""The chain: all steps from the sources to the packed models, each skipped if it is done."""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from parser_training.augment import konjunktiv_copies
from parser_training.averaging import write_mean
from parser_training.card import Facts, Figures, card, measured
from parser_training.encoder import build_encoder, cut_layers
from parser_training.joint import FILES, train_joint
from parser_training.lemmatizer import train_lemmatizer
from parser_training.pack import LARGEST, pack, size
from parser_training.recipe import Joint, Recipe
from parser_training.silver import make_silver, prose_paragraphs
from parser_training.sources import Split, make_split, source_files
from parser_training.steps import Steps
from parser_training.tables import FOLDER as TABLES
from parser_training.tokenizer import train_tokenizer
from parser_training.trees import Tree, read_trees, write_trees
from parser_training.weights import TOKENIZER, WEIGHTS, package_file, read_published
from quotes.parse.models import ENCODER_FILES, ENCODER_NAME, MODEL_FILES

log = logging.getLogger(__name__)
FIGURES = "figures.json"
CARD = "MODEL_CARD.md"


@dataclass(frozen=True, kw_only=True)
class Chain:
    """Where the sources are, where the work is kept, and by which recipe. The final models are in ``out``."""

    treebanks: Path
    fixtures: Path
    work: Path
    out: Path
    recipe: Recipe
    steps: Steps
    weights: Path | None = None
    tokenizer: Path | None = None
    prose: Path | None = None
    prose_licence: str = ""
    all_gold: bool = False
    smoke: bool = False
    unseen: Path | None = None

    def run(self, only: Collection[str] = ()) -> None:
        """All steps in their order, or some of them by name: what they need must be there then.

        Raises:
            FileNotFoundError: a source is missing.
            ValueError: a source is damaged, or there is no such step.
        """
        source_files(self.treebanks, self.fixtures)
        works = self._works()
        if unknown := set(only) - set(works):
            raise ValueError(f"no step {', '.join(sorted(unknown))}; the steps are {', '.join(works)}")
        if "silver" not in works:
            log.info("no prose is given: there is no silver, the student learns from gold alone")
        for name, work in works.items():
            if not only or name in only:
                work()

    def _works(self) -> dict[str, Callable[[], None]]:
        """What each step does, in their order."""
        recipe = self.recipe
        has_prose = self.prose is not None or self.smoke
        finishes = [f"finish-{n}" for n in range(1, 1 + recipe.finishes)]
        works: dict[str, Callable[[], None]] = {
            "data": self.make_data,
            "encoder": self.make_encoder,
            "tokenizer": self.make_tokenizer,
            "lemmatizer": self.make_lemmatizer,
            "teacher": partial(self.make_joint, "teacher", self.work / "encoder", recipe.teacher),
        }
        if has_prose:
            works["silver"] = self.make_silver
        # Without prose the teacher is still where the student's layers come from.
        works["start"] = partial(self.make_start, self.work / "teacher" / ENCODER_NAME)
        silver = self._silver if has_prose else None
        works["student"] = partial(self.make_joint, "student", self.work / "start", recipe.student, silver)
        for seed, name in enumerate(finishes, start=recipe.seed):
            works[name] = partial(self.make_finish, name, self.work / "student", seed=seed)
        works["mean"] = partial(self.make_mean, finishes)
        works["packed"] = partial(self.make_packed, "packed", self.work / "mean", self.out)
        works["figures"] = self.make_card
        return works

    @cached_property
    def split(self) -> Split:
        """The treebanks' sentences."""
        return make_split(self.treebanks, self.fixtures, all_gold=self.all_gold)

    @property
    def data(self) -> Path:
        """The folder of the training sentences."""
        return self.work / "data"

    def _tables(self) -> list[Path]:
        return sorted(TABLES.glob("*.tsv"))

    def make_data(self) -> None:
        """The split, and gold with its copies in the Konjunktiv."""

        def work(_: str) -> None:
            split = self.split
            copies = list(konjunktiv_copies(split.train, seed=self.recipe.seed))
            write_trees(split.train, self.data / "train.conllu")
            write_trees([*split.train, *copies], self.data / "gold.conllu")
            native = [*split.native, *konjunktiv_copies(split.native, seed=self.recipe.seed)]
            write_trees(native, self.data / "native.conllu")
            write_trees(split.dev, self.data / "dev.conllu")
            write_trees(split.test, self.data / "test.conllu")
            log.info(
                "train %d, Konjunktiv %d, dev %d, held out %d", *map(len, (split.train, copies, split.dev, split.test))
            )

        names = ("train", "gold", "native", "dev", "test")
        self.steps.run(
            "data",
            work,
            files=[*source_files(self.treebanks, self.fixtures), *self._tables()],
            numbers=[self.all_gold, self.recipe.seed],
            outputs=[self.data / f"{name}.conllu" for name in names],
        )

    def _trees(self, name: str) -> list[Tree]:
        return read_trees(self.data / f"{name}.conllu")

    def make_encoder(self) -> None:
        """The published encoder with a German vocabulary."""
        folder = self.work / "encoder"

        def work(_: str) -> None:
            texts = [tree.text for tree in self._trees("train")]
            if self.prose is not None:
                texts += prose_paragraphs(self.prose, self.recipe.prose_characters)
            settings = json.loads(package_file(TOKENIZER, self.tokenizer))
            kept = build_encoder(read_published(package_file(WEIGHTS, self.weights)), settings, texts, folder)
            log.info("the vocabulary has %d pieces", kept)

        given = [path for path in (self.weights, self.tokenizer, self.prose) if path is not None and path.is_file()]
        self.steps.run(
            "encoder",
            work,
            files=[self.data / "train.conllu", *given],
            numbers=self.recipe.prose_characters,
            outputs=[folder / name for name in ENCODER_FILES],
        )

    def make_tokenizer(self) -> None:
        """Tokenizer and the expansion of contractions."""
        folder = self.work / "tokenizer"
        self.steps.run(
            "tokenizer",
            lambda _: train_tokenizer(
                self._trees("train"),
                self._trees("dev"),
                folder,
                steps=self.recipe.tokenizer_steps,
                seed=self.recipe.seed,
            ),
            files=[self.data / "train.conllu", self.data / "dev.conllu", *self._tables()],
            numbers=[self.recipe.tokenizer_steps, self.recipe.seed],
            outputs=[folder / "tokenizer.pt", folder / "mwt.pt"],
        )

    def make_lemmatizer(self) -> None:
        """The lemmatizer, from gold and its Konjunktiv copies."""
        folder = self.work / "lemmatizer"
        numbers = [self.recipe.lemmatizer_epochs, self.recipe.lemmatizer_entries, self.recipe.seed]
        self.steps.run(
            "lemmatizer",
            lambda _: train_lemmatizer(
                self._trees("gold"),
                self._trees("dev"),
                folder,
                epochs=self.recipe.lemmatizer_epochs,
                most=self.recipe.lemmatizer_entries,
                seed=self.recipe.seed,
            ),
            files=[self.data / "gold.conllu", self.data / "dev.conllu"],
            numbers=numbers,
            outputs=[folder / "lemmatizer.pt"],
        )

    def make_joint(self, name: str, encoder: Path, numbers: Joint, silver: Path | None = None) -> None:
        """Tagger and parser over the encoder, from heads that know nothing."""
        self._train(name, encoder, numbers, gold="gold", seed=self.recipe.seed, silver=silver)

    def make_finish(self, name: str, student: Path, *, seed: int) -> None:
        """The student's last epochs, once more with another order."""
        self._train(name, student / ENCODER_NAME, self.recipe.finish, gold="native", seed=seed, begin=student)

    def _train(
        self,
        name: str,
        encoder: Path,
        numbers: Joint,
        *,
        gold: str,
        seed: int,
        silver: Path | None = None,
        begin: Path | None = None,
    ) -> None:
        folder = self.work / name

        def work(inputs: str) -> None:
            parses = read_trees(silver) if silver else []
            trees = self._trees(gold)
            own = [tree for tree in trees if tree.sent_id in self._own]
            trees += own * (numbers.own_times - 1)
            train_joint(
                encoder, trees, parses, self._trees("dev"), numbers, folder, seed=seed, inputs=inputs, begin=begin
            )

        given = [self.data / f"{gold}.conllu", *(encoder / part for part in ENCODER_FILES)]
        given += ([silver] if silver else []) + ([begin / file for file in FILES] if begin else [])
        self.steps.run(
            name,
            work,
            files=[*given, TABLES / "quotation_marks.tsv"],
            numbers=[asdict(numbers), seed],
            outputs=self._trained(folder),
        )

    @staticmethod
    def _trained(folder: Path) -> list[Path]:
        """The files of a training."""
        return [*(folder / name for name in FILES), *(folder / ENCODER_NAME / part for part in ENCODER_FILES)]

    @cached_property
    def _own(self) -> frozenset[str]:
        """The names of our own sentences that are trained on."""
        return frozenset(tree.sent_id for tree in self.split.train if tree.part)

    @property
    def _silver(self) -> Path:
        return self.work / "silver" / "silver.conllu"

    def make_silver(self) -> None:
        """The teacher's parses of the prose; a trial run without prose takes the training sentences for it."""
        prose = self.prose
        if prose is None:
            prose = self.work / "silver" / "prose.txt"
            prose.parent.mkdir(parents=True, exist_ok=True)
            prose.write_text("\n".join(tree.text for tree in self._trees("train")), encoding="utf-8")
        teacher = self.work / "teacher-packed"
        self.make_packed("teacher-packed", self.work / "teacher", teacher)

        def work(_: str) -> None:
            held_out = [tree.text for name in ("dev", "test") for tree in self._trees(name)]
            paragraphs = prose_paragraphs(prose, self.recipe.prose_characters)
            write_trees(make_silver(paragraphs, teacher, without=() if self.all_gold else held_out), self._silver)

        self.steps.run(
            "silver",
            work,
            files=[prose, *self._packed(teacher)],
            numbers=[self.recipe.prose_characters, self.all_gold],
            outputs=[self._silver],
        )

    def make_start(self, encoder: Path) -> None:
        """The student's encoder as it begins: the first layers of the teacher's."""
        folder = self.work / "start"
        self.steps.run(
            "start",
            lambda _: cut_layers(encoder, folder, self.recipe.student.layers),
            files=[encoder / name for name in ENCODER_FILES],
            numbers=self.recipe.student.layers,
            outputs=[folder / name for name in ENCODER_FILES],
        )

    def make_mean(self, finishes: Sequence[str]) -> None:
        """Half the student, half the mean of its finishes."""
        folders = [self.work / name for name in (*finishes, *["student"] * len(finishes))]
        self.steps.run(
            "mean",
            lambda _: write_mean(folders, self.work / "mean", heads=FILES),
            files=[path for folder in folders for path in self._trained(folder)],
            numbers=None,
            outputs=self._trained(self.work / "mean"),
        )

    def _packed(self, folder: Path) -> list[Path]:
        return [folder / name for name in MODEL_FILES.values()] + [folder / ENCODER_NAME / n for n in ENCODER_FILES]

    def make_packed(self, name: str, trained: Path, folder: Path) -> None:
        """The models in the form that ``quotes`` loads."""
        parts = {
            "tokenize": self.work / "tokenizer" / "tokenizer.pt",
            "mwt": self.work / "tokenizer" / "mwt.pt",
            "pos": trained / "tagger.pt",
            "lemma": self.work / "lemmatizer" / "lemmatizer.pt",
            "depparse": trained / "parser.pt",
            ENCODER_NAME: trained / ENCODER_NAME,
        }

        def work(_: str) -> None:
            shutil.rmtree(folder / ENCODER_NAME, ignore_errors=True)
            found = pack(parts, folder)
            log.info("%s: %.1f MB", folder.name, found / 1e6)
            if folder == self.out and found > LARGEST:
                log.warning("the models are larger than the %.0f MB they should have", LARGEST / 1e6)

        files = [path for step, path in parts.items() if step != ENCODER_NAME]
        files += [trained / ENCODER_NAME / part for part in ENCODER_FILES]
        self.steps.run(name, work, files=files, numbers=None, outputs=self._packed(folder))

    def make_card(self) -> None:
        """The figures and the card beside the models; the figures are kept in the working folder too."""
        path = self.work / FIGURES

        def work(_: str) -> None:
            found = measured(self.out, self.treebanks, most=self.recipe.measured_sentences)
            path.write_text(json.dumps(found, indent=1), encoding="utf-8")

        tests = source_files(self.treebanks, self.fixtures)
        numbers = self.recipe.measured_sentences
        self.steps.run("figures", work, files=[*self._packed(self.out), *tests], numbers=numbers, outputs=[path])
        figures: Figures = json.loads(path.read_text(encoding="utf-8"))
        unseen: Figures | None = json.loads(self.unseen.read_text(encoding="utf-8")) if self.unseen else None
        text = card(self._facts(), figures, unseen=unseen)
        (self.out / CARD).write_text(text, encoding="utf-8")
        log.info("%s written", self.out / CARD)

    def _facts(self) -> Facts:
        config: dict[str, Any] = json.loads((self.out / ENCODER_NAME / "config.json").read_text(encoding="utf-8"))
        names = {"train": "training", "gold": "with Konjunktiv copies", "dev": "development", "test": "held out"}
        return Facts(
            gold={title: len(self._trees(name)) for name, title in names.items()},
            silver=len(read_trees(self._silver)) if self._silver.is_file() else 0,
            prose=self.prose.name if self.prose else "the training sentences themselves",
            prose_licence=self.prose_licence or "licence not stated",
            all_gold=self.all_gold,
            smoke=self.smoke,
            pieces=config["vocab_size"],
            size=size(self.out),
            seconds=self.steps.seconds(self._works()),
            numbers=self.recipe.flat(),
        )
