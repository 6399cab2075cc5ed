"""The chain: what it trains on, a training of few steps from encoder to loaded models, and the card."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from parser_training import card, chain, encoder, joint, pack, weights
from parser_training.recipe import FULL, smoke
from parser_training.steps import Steps
from parser_training.tables import FOLDER
from parser_training.trees import Tree
from training_inputs import published_file, settings, tree, write_treebanks

from quotes.parse import StanzaParser, choose_model
from quotes.parse.models import EMBEDDED, ENCODER_FILES, ENCODER_NAME
from quotes.text import make_document

FACTS = card.Facts(
    gold={"training": 3}, silver=0, prose="", prose_licence="", all_gold=False, smoke=False, pieces=9, size=52_900_000,
    seconds={"2 CPU threads": {"data": 1.0}}, numbers=FULL.flat(),
)  # fmt: skip
FIGURES = {s: {"gold tokens": {"LAS": share}} for s, share in ((card.GSD_SET, 0.8291), (card.NEWS_SET, 0.7351))}


def test_the_card_gives_no_figure_of_sentences_that_were_trained_on() -> None:
    assert "82.9" in card.card(FACTS, FIGURES)
    shipped = replace(FACTS, all_gold=True)
    assert "82.9" not in card.card(shipped, FIGURES)
    assert "73.5" in card.card(shipped, FIGURES)
    unseen = {card.GSD_SET: {"gold tokens": {"LAS": 0.8123}}}
    text = card.card(shipped, FIGURES, unseen=unseen)
    assert "81.2" in text
    assert "82.9" not in text


def test_a_trial_run_says_that_it_is_one() -> None:
    assert "of no use" in card.card(replace(FACTS, smoke=True), FIGURES)
    assert "of no use" not in card.card(FACTS, FIGURES)
    assert smoke(4, seed=2).teacher.most_steps == 4


def test_every_table_is_read() -> None:
    """Each is emptied in no test; but each is needed by one above, and none lies here unread."""
    code = "".join(path.read_text() for path in FOLDER.parent.glob("*.py"))
    assert [path.name for path in FOLDER.glob("*.tsv") if path.name not in code] == []


# A matrix of the encoder that is looked at after each step.
WATCHED = "encoder.layer.1.output.dense.weight"
NUMBERS = replace(FULL.student, hidden=8, biaffine=8, silver_sentences=1, checkpoint_steps=1, warm_least=1, epochs=2)


def test_our_own_sentences_are_given_as_often_as_the_recipe_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    treebanks, fixtures = write_treebanks(tmp_path)
    work, given = tmp_path / "work", []

    def training(encoder: Path, gold: list[Tree], *others: Any, **options: Any) -> None:
        given.append(Counter(found.text for found in gold))
        for name in ("parser.pt", "tagger.pt", *(f"{ENCODER_NAME}/{part}" for part in ENCODER_FILES)):
            path = work / "student" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()

    monkeypatch.setattr(chain, "train_joint", training)
    start = tmp_path / "start"
    start.mkdir()
    for part in ENCODER_FILES:
        (start / part).touch()
    for times in (1, 3):
        recipe = replace(FULL, student=replace(FULL.student, own_times=times))
        made = chain.Chain(
            treebanks=treebanks, fixtures=fixtures, work=work, out=tmp_path / "out", recipe=recipe, steps=Steps(work)
        )
        made.make_data()
        made.make_joint("student", start, recipe.student)
    once, thrice = given
    assert thrice - once == Counter({"Unser erster Satz": 2})
    assert once["Unser erster Satz"] == 1


def test_a_step_can_be_asked_for_alone(tmp_path: Path) -> None:
    treebanks, fixtures = write_treebanks(tmp_path)
    work = tmp_path / "work"
    made = chain.Chain(
        treebanks=treebanks, fixtures=fixtures, work=work, out=tmp_path, recipe=FULL, steps=Steps(work), smoke=True
    )
    made.run(["data"])
    assert sorted(path.name for path in work.iterdir()) == ["data", "state"]
    assert sorted(path.name for path in (work / "data").iterdir()) == [
        "dev.conllu", "gold.conllu", "native.conllu", "test.conllu", "train.conllu",
    ]  # fmt: skip
    with pytest.raises(ValueError, match=r"no step finish-5; .* data, .*teacher, silver.*finish-4, mean"):
        made.run(["finish-5"])


@pytest.mark.model
def test_a_packed_training_loads_and_an_interrupted_one_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from transformers import BertModel

    start = tmp_path / "start"
    encoder.build_encoder(weights.read_published(published_file()), settings(), ["aber"], start)
    first = replace(tree(), words=(replace(tree().words[0], unsure=True), *tree().words[1:]))
    gold = [first, *(replace(tree(), sent_id=f"g{n}") for n in range(60))]
    parses = [replace(tree(), sent_id="silver")]

    def go(name: str) -> Path:
        figures = joint.train_joint(start, gold, parses, gold[:3], NUMBERS, tmp_path / name, seed=1, inputs="x")
        assert set(figures) == {"UAS", "LAS", "UPOS", "FEATS"}
        assert not (tmp_path / name / "checkpoint.pt").exists()
        return tmp_path / name

    learn, steps = joint.JointLearner.learn, []
    past: list[torch.Tensor] = []

    def remembering(self: Any, batch: Any, **options: Any) -> dict[str, float]:
        losses = learn(self, batch, **options)
        past.append(self.state()["encoder"][WATCHED].clone())
        return losses

    monkeypatch.setattr(joint.JointLearner, "learn", remembering)
    whole = go("whole")
    shares = [NUMBERS.averaged**age for age in reversed(range(len(past)))]
    mean = sum(share * values for share, values in zip(shares, past, strict=True)) / sum(shares)
    written = BertModel.from_pretrained(whole / ENCODER_NAME, add_pooling_layer=False).state_dict()[WATCHED]
    assert len(past) > 3
    assert torch.allclose(written, mean, atol=1e-6)
    assert not torch.allclose(written, past[-1], atol=1e-5)

    def failing(self: Any, batch: Any, **options: Any) -> dict[str, float]:
        steps.append(1)
        if len(steps) == 3:
            raise KeyboardInterrupt
        return learn(self, batch, **options)

    monkeypatch.setattr(joint.JointLearner, "learn", failing)
    with pytest.raises(KeyboardInterrupt):
        go("resumed")
    monkeypatch.setattr(joint.JointLearner, "learn", learn)
    resumed = go("resumed")
    for name in ("parser.pt", "tagger.pt"):
        one, other = (torch.load(folder / name, weights_only=True) for folder in (whole, resumed))
        assert all(torch.equal(values, other["model"][key]) for key, values in one["model"].items())
        assert str(tmp_path) not in str(one["config"])

    # The last epochs begin at these weights and keep their relations, though the gold has only two of them.
    few = replace(tree(), words=tuple(replace(w, deprel="det" if w.head else "root") for w in tree().words))
    last = replace(NUMBERS, silver_sentences=0, most_steps=1, encoder_rate=0.0, head_rate=0.0)
    joint.train_joint(
        whole / ENCODER_NAME, [few], [], gold[:3], last, tmp_path / "last", seed=2, inputs="y", begin=whole
    )
    one, other = (torch.load(folder / "parser.pt", weights_only=True) for folder in (whole, tmp_path / "last"))
    assert one["vocab"] == other["vocab"]
    assert all(torch.allclose(values, other["model"][key], atol=1e-5) for key, values in one["model"].items())

    parts = {
        "tokenize": EMBEDDED / "tokenizer.pt", "mwt": EMBEDDED / "mwt.pt", "lemma": EMBEDDED / "lemmatizer.pt",
        "pos": whole / "tagger.pt", "depparse": whole / "parser.pt", ENCODER_NAME: whole / ENCODER_NAME,
    }  # fmt: skip
    packed = tmp_path / "packed"
    assert pack.pack(parts, packed) == pack.size(packed)
    [parsed] = StanzaParser(choose_model(str(packed))).parse([make_document("Der Zug kommt. Gut so.", source="x")])
    assert [token.text for token in parsed.sentences[0].tokens] == ["Der", "Zug", "kommt", "."]
    assert sum(token.head < 0 for token in parsed.sentences[0].tokens) == 1
    state = torch.load(packed / "parser.pt", weights_only=True)["model"]
    assert {values.dtype for values in state.values()} == {torch.float16}
