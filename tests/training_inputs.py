"""Sentences, treebanks and an encoder that are small enough to be trained on in seconds."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import numpy as np
from parser_training import sources, weights
from parser_training.trees import Tree, Word, write_trees

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


def write_treebanks(folder: Path) -> tuple[Path, Path]:
    """Treebanks of the real files' names and sizes, and a folder of our own sentences."""
    ud, ours = folder / "ud", folder / "ours"
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
