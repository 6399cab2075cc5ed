"""Training Stanza's tagger and parser together over one encoder, which is tuned with them.

Pitfalls of Stanza 1.15 that the options avoid: its parser does not read features (``pos_emb`` is appended twice), its
word embedding wants lemmas, and ``--bert_finetune`` by itself leaves the encoder almost as it was.
"""

from __future__ import annotations

import contextlib
import logging
import random
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import torch

from parser_training.augment import swap_marks
from parser_training.averaging import RunningMean
from parser_training.encoder import SETTINGS
from parser_training.loop import Course, train
from parser_training.reading import parser_batches, stanza_document, tags
from parser_training.recipe import Joint
from parser_training.shared import LAYERS, TrainedEncoder, Unsure
from parser_training.trees import Tree
from quotes.parse.models import ENCODER_NAME

log = logging.getLogger(__name__)
# Noise on a sentence's length before batches are cut, in words: an epoch's batches are not the next one's.
LENGTH_NOISE = 4.0
# A gradient's norm is cut at this.
LARGEST_NORM = 2.0
EPOCHS_BETWEEN_FIGURES = 4
# What is written beside the encoder.
FILES = ("parser.pt", "tagger.pt")
# Where a sentence's words stand in a record of Stanza's parser data.
_TEXT = 9


def _options(encoder: Path, numbers: Joint) -> tuple[dict[str, Any], dict[str, Any]]:
    """Stanza's options of parser and tagger."""
    from stanza.models import parser, tagger

    common = (
        f"--lang de --shorthand de_gsd --no_pretrain --no_char --word_emb_dim 0 --bert_hidden_layers {LAYERS} --cpu"
    )
    common += f" --hidden_dim {numbers.hidden} --num_layers 1 --dropout {numbers.dropout}"
    common += f" --word_dropout {numbers.word_dropout} --optim adam --no_second_optim"
    shared = [*common.split(), "--bert_model", str(encoder)]
    biaffine = f"--deep_biaff_hidden_dim {numbers.biaffine}"
    parsing = parser.parse_args([*shared, *f"--no_xpos --no_upos --no_ufeats --tag_emb_dim 0 {biaffine}".split()])
    tagging = tagger.parse_args([*shared, *f"--composite_deep_biaff_hidden_dim 64 --tag_emb_dim 32 {biaffine}".split()])
    tagging |= {"augment_nopunct": 0.0, "drop_initial_punct_prob": 0.0}
    # Saved with the model: whoever loads it gets trees without two subjects of one verb.
    parsing["resolve_head_constraints"] = True
    return dict(parsing), dict(tagging)


class JointLearner:
    """Tagger, parser and encoder, and the data in Stanza's shape. ``learn`` takes numbers of sentences."""

    def __init__(
        self,
        encoder: Path,
        gold: Sequence[Tree],
        silver: Sequence[Tree],
        dev: Sequence[Tree],
        numbers: Joint,
        *,
        folder: Path,
        seed: int,
        begin: Path | None = None,
    ) -> None:
        """``begin``: a folder of trained models to go on from; without it the heads begin anew."""
        from stanza.models.depparse.data import Dataset as ParserData
        from stanza.models.depparse.trainer import GraphTrainer
        from stanza.models.pos.data import Dataset as TaggerData
        from stanza.models.pos.trainer import Trainer as TaggerTrainer
        from stanza.models.pos.vocab import MultiVocab

        random.seed(seed)
        torch.manual_seed(seed)
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.numbers = numbers
        self.trees = [*gold, *silver]
        self.gold = len(gold)
        self._dev = list(dev)
        self._folder, self._encoder_folder = folder, encoder
        parsing, tagging = _options(encoder, numbers)
        gold_document = stanza_document(gold, folder, "gold")
        if begin is not None:
            saved = [torch.load(begin / name, map_location="cpu", weights_only=True) for name in FILES]
            vocabularies = [MultiVocab.load_state_dict(part["vocab"]) for part in saved]
        else:
            saved = []
            vocabularies = [
                ParserData(gold_document, parsing, None, evaluation=False).vocab,
                TaggerData(gold_document, tagging, None, evaluation=False).vocab,
            ]
        document = stanza_document(self.trees, folder, "all") if silver else gold_document
        self._parser_data = ParserData(document, parsing, None, vocab=vocabularies[0], evaluation=True)
        self._tagger_data = TaggerData(document, tagging, None, vocab=vocabularies[1], evaluation=True)
        self._parser = GraphTrainer(args=parsing, vocab=vocabularies[0], pretrain=None, device=self.device)
        self._tagger = TaggerTrainer(args=tagging, vocab=vocabularies[1], device=self.device)
        for trainer, part in zip((self._parser, self._tagger), saved, strict=False):
            trainer.model.load_state_dict(part["model"], strict=False)
        self.encoder = self._parser.model.bert_model
        self._tagger.model.bert_model = self.encoder
        self._tagger.model.bert_tokenizer = self._parser.model.bert_tokenizer
        self._unsure = Unsure(self._parser.model.crit)
        self._parser.model.crit = self._unsure
        # A GPU multiplies single precision as quickly as it can be fed with models of this size.
        self._shared = TrainedEncoder(half=self.device.type == "cpu")
        self._prepare_encoder()
        self._optimizer = torch.optim.AdamW(
            self._groups(), betas=(0.9, 0.98), eps=1e-6, fused=self.device.type == "cuda"
        )
        self._full_rates = [group["lr"] for group in self._optimizer.param_groups]
        self._trained = [p for group in self._optimizer.param_groups for p in group["params"]]
        self._mean = RunningMean(self._trained, numbers.averaged) if numbers.averaged else None

    def _prepare_encoder(self) -> None:
        """No dropout in the attention; on CPU its plain form, whose backward pass in bf16 is the faster."""
        self.encoder.pooler = None  # made anew at each loading, and used by nobody
        for module in self.encoder.modules():
            if type(module).__name__.endswith("SelfAttention"):
                module.dropout.p = 0.0
        self.encoder.config.attention_probs_dropout_prob = 0.0
        self.encoder.set_attn_implementation("eager" if self.device.type == "cpu" else "sdpa")

    def _groups(self) -> list[dict[str, Any]]:
        """Parameters with their rates: falling from layer to layer downwards; the vectors of the pieces stay."""
        numbers = self.numbers
        layers = self.encoder.config.num_hidden_layers
        groups: dict[tuple[float, float], list[torch.nn.Parameter]] = {}
        for name, parameter in self.encoder.named_parameters():
            if "word_embeddings" in name or "pooler" in name:
                continue
            parameter.requires_grad = True
            below = layers if name.startswith("embeddings") else layers - 1 - int(name.split(".")[2])
            matrix = parameter.dim() > 1 and not name.startswith("embeddings")
            rate = numbers.encoder_rate * numbers.layer_decay**below
            groups.setdefault((rate, 0.01 if matrix else 0.0), []).append(parameter)
        heads = [
            parameter
            for model in (self._parser.model, self._tagger.model)
            for name, parameter in model.named_parameters()
            if not name.startswith("bert_model") and parameter.requires_grad
        ]
        groups[numbers.head_rate, 1e-5] = heads
        return [{"params": ps, "lr": rate, "weight_decay": decay} for (rate, decay), ps in groups.items()]

    def plan(self, epoch: int, *, seed: int) -> list[list[int]]:
        """The batches of an epoch: all gold, and as many silver sentences as the recipe says, by like length."""
        chance = random.Random(f"{seed}:epoch:{epoch}")
        numbers = [n for n in range(self.gold) if len(self.trees[n].words) <= self.numbers.longest_words]
        silver = range(self.gold, len(self.trees))
        numbers += chance.sample(silver, min(len(silver), self.numbers.silver_sentences))
        noisy = {n: len(self.trees[n].words) + chance.uniform(-LENGTH_NOISE, LENGTH_NOISE) for n in numbers}
        batches: list[list[int]] = []
        longest = 0
        for number in sorted(numbers, key=lambda n: (noisy[n], n)):
            words = len(self.trees[number].words)
            if not batches or max(longest, words) * (len(batches[-1]) + 1) > self.numbers.batch_words:
                batches.append([])
                longest = 0
            batches[-1].append(number)
            longest = max(longest, words)
        chance.shuffle(batches)
        return batches

    def learn(self, batch: Sequence[int], *, share: float, chance: random.Random) -> dict[str, float]:
        """One step; a sentence's marks are other ones by chance, the same for tagger and parser."""
        from stanza.models.depparse.data import DataLoader

        for group, rate in zip(self._optimizer.param_groups, self._full_rates, strict=True):
            group["lr"] = rate * share
        texts = [self._text(number, chance) for number in batch]
        records, samples = [], []
        for number, text in zip(batch, texts, strict=True):
            record = list(self._parser_data.data[number])
            record[_TEXT] = text
            records.append(record)
            sample, key = self._tagger_data[number]
            samples.append((sample._replace(text=text), key))
        parsing = DataLoader.collate(records)
        tagging = self._tagger_data.collate_fn(samples)
        for model in (self._parser.model, self._tagger.model, self.encoder):
            model.train()
        self._unsure.mark([[w.unsure for w in self.trees[batch[n]].words] for n in parsing[11]], self.device)
        inputs = [tensor.to(self.device) for tensor in parsing[:11]]
        tags = [tensor if tensor is None else tensor.to(self.device) for tensor in tagging.tags]
        places = (tagging.words, tagging.words_mask, tagging.wordchars, tagging.wordchars_mask)
        with self._shared.installed():
            parser_loss, _ = self._parser.model.loss(*inputs, *parsing[12:16])
            tagger_loss, _ = self._tagger.model(
                *(tensor.to(self.device) for tensor in places),
                tags,
                tagging.pretrained.to(self.device),
                tagging.word_orig_idx,
                tagging.lens,
                tagging.word_lens,
                tagging.text,
            )
        self._unsure.forget()
        self._optimizer.zero_grad(set_to_none=True)
        (parser_loss + tagger_loss).backward()
        torch.nn.utils.clip_grad_norm_(self._trained, LARGEST_NORM)
        self._optimizer.step()
        if self._mean is not None:
            self._mean.add()
        return {"parser": float(parser_loss.detach()), "tagger": float(tagger_loss.detach())}

    def _text(self, number: int, chance: random.Random) -> list[str]:
        words = self.trees[number].words
        return swap_marks([word.form for word in words], [word.space_after for word in words], chance)

    def state(self) -> dict[str, Any]:
        """Weights and the optimizer's memory."""
        models = {"parser": self._parser.model, "tagger": self._tagger.model}
        heads = {name: model.get_params(True) if name == "parser" else _heads(model) for name, model in models.items()}
        mean = {} if self._mean is None else {"mean": self._mean.state()}
        return {**heads, **mean, "encoder": self.encoder.state_dict(), "optimizer": self._optimizer.state_dict()}

    def restore(self, state: dict[str, Any]) -> None:
        """Take weights and the optimizer's memory back."""
        self._parser.model.load_state_dict(state["parser"], strict=False)
        self._tagger.model.load_state_dict(state["tagger"], strict=False)
        self.encoder.load_state_dict(state["encoder"])
        self._optimizer.load_state_dict(state["optimizer"])
        if self._mean is not None:
            self._mean.restore(state["mean"])

    def settle(self) -> None:
        """Take the mean of the weights for the weights, if there is one; no step may follow."""
        if self._mean is not None:
            log.info("the last weights, development: %s", _percent(self.figures()))
            self._mean.apply()

    def figures(self) -> dict[str, float]:
        """Shares of right heads, right heads with relations, tags and features on the development sentences."""
        from stanza.models.depparse.utils import predict_dataset

        document = stanza_document(self._dev, self._folder, "dev")
        self.encoder.eval()
        with torch.no_grad(), self._shared.installed():
            heads = predict_dataset(self._parser, parser_batches(self._parser, document))
            columns = tags(self._tagger, document)
        right = dict.fromkeys(("UAS", "LAS", "UPOS", "FEATS"), 0)
        words = 0
        for tree, arcs, chosen in zip(self._dev, heads, columns, strict=True):
            for word, (head, relation), (upos, feats) in zip(tree.words, arcs, chosen, strict=True):
                words += 1
                right["UAS"] += word.head == int(head)
                right["LAS"] += word.head == int(head) and word.deprel == relation
                right["UPOS"] += word.upos == upos
                right["FEATS"] += word.feats == feats
        return {name: count / words for name, count in right.items()}

    def write(self, folder: Path) -> None:
        """Write ``encoder/``, ``parser.pt`` and ``tagger.pt``; both name the encoder by the word the loader knows."""
        target = folder / ENCODER_NAME
        self.encoder.save_pretrained(target)
        for name in SETTINGS:
            shutil.copyfile(self._encoder_folder / name, target / name)
        self._parser.model.crit = self._unsure.inner
        for trainer, name in zip((self._parser, self._tagger), FILES, strict=True):
            with _named(trainer.args):
                trainer.save(str(folder / name))
        self._parser.model.crit = self._unsure


def _heads(model: Any) -> dict[str, Any]:
    return {k: v for k, v in model.state_dict().items() if k.split(".")[0] not in model.unsaved_modules}


@contextlib.contextmanager
def _named(options: dict[str, Any]) -> Iterator[None]:
    """Inside the block the options say nothing of this machine."""
    kept = {name: options[name] for name in ("bert_model", "device")}
    options |= {"bert_model": ENCODER_NAME, "device": "cpu"}
    try:
        yield
    finally:
        options |= kept


def train_joint(
    encoder: Path,
    gold: Sequence[Tree],
    silver: Sequence[Tree],
    dev: Sequence[Tree],
    numbers: Joint,
    folder: Path,
    *,
    seed: int,
    inputs: str,
    begin: Path | None = None,
) -> dict[str, float]:
    """Train to the end, from a checkpoint in ``folder`` if there is one, and write the models there.

    ``begin``: a folder of trained models whose heads are trained on; ``encoder`` is theirs then.

    Returns the figures on the development sentences.
    """
    learner = JointLearner(encoder, gold, silver, dev, numbers, folder=folder / "data", seed=seed, begin=begin)
    steps = int(len(learner.plan(0, seed=seed)) * numbers.epochs)
    steps = min(steps, numbers.most_steps or steps)
    warm = max(numbers.warm_least, int(numbers.warm_share * steps))
    log.info("%d gold and %d silver sentences, %d steps on %s", len(gold), len(silver), steps, learner.device)
    course = Course(steps=steps, warm=warm, seed=seed, every=numbers.checkpoint_steps, inputs=inputs)

    def report(epoch: int) -> None:
        if epoch % EPOCHS_BETWEEN_FIGURES == 0:
            log.info("epoch %d, development: %s", epoch, _percent(learner.figures()))

    checkpoint = folder / "checkpoint.pt"
    train(learner, lambda epoch: learner.plan(epoch, seed=seed), course, checkpoint, after_epoch=report)
    learner.settle()
    figures = learner.figures()
    log.info("development: %s", _percent(figures))
    learner.write(folder)
    checkpoint.unlink(missing_ok=True)
    return figures


def _percent(figures: dict[str, float]) -> str:
    return ", ".join(f"{name} {share:.1%}" for name, share in figures.items())
