"""Our treebank is sound: each tree is one, its text is its tokens', and its tags are those of the closed lists."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import treebank
from treebank import PARTS, Tree, faults, fixture_files, harmonised, in_fives, paragraphs, read_treebank

SAMPLE = """# sent_id = a-1
# text = Sie ging zum See, sagt er.
# part = train
1	Sie	sie	PRON	_	Case=Nom|Number=Sing|PronType=Prs	2	nsubj	_	_
2	ging	gehen	VERB	_	Mood=Ind|Tense=Past|VerbForm=Fin	7	ccomp	_	_
3-4	zum	_	_	_	_	_	_	_	_
3	zu	zu	ADP	_	_	5	case	_	_
4	dem	der	DET	_	Case=Dat|PronType=Art	5	det	_	_
5	See	See	NOUN	_	Case=Dat|Gender=Masc	2	obl	_	SpaceAfter=No
6	,	,	PUNCT	_	_	2	punct	_	_
7	sagt	sagen	VERB	_	Mood=Ind|Tense=Pres|VerbForm=Fin	0	root	_	_
8	er	er	PRON	_	Case=Nom|PronType=Prs	7	nsubj	_	SpaceAfter=No
9	.	.	PUNCT	_	_	7	punct	_	_

"""


def read(text: str, folder: Path) -> list[Tree]:
    path = folder / "a.conllu"
    path.write_text(text, encoding="utf-8")
    return read_treebank(path)


def changed(*changes: tuple[str, str]) -> str:
    text = SAMPLE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text


@pytest.mark.parametrize("path", fixture_files(), ids=lambda path: path.name)
def test_a_file_of_ours_is_sound(path: Path) -> None:
    trees = read_treebank(path)
    assert trees
    assert list(faults(trees)) == []


def test_ids_are_unique_over_all_files() -> None:
    ids = Counter(tree.sent_id for path in fixture_files() for tree in read_treebank(path))
    assert ids
    assert [sent_id for sent_id, times in ids.items() if times > 1] == []


def test_no_sentence_of_the_test_part_is_trained_on() -> None:
    trees = [tree for path in fixture_files() for tree in read_treebank(path)]
    train, test = ({tree.text for tree in trees if tree.part == part} for part in PARTS)
    assert test
    assert train & test == set()


def test_the_reader_places_words_by_their_printed_tokens(tmp_path: Path) -> None:
    (tree,) = read(SAMPLE, tmp_path)
    assert (tree.sent_id, tree.part, tree.text) == ("a-1", "train", tree.printed)
    assert [(word.form, word.start, word.end) for word in tree.words if word.shares] == [("zu", 7, 10), ("dem", 7, 10)]
    assert [(word.start, word.end) for word in tree.words[4:6]] == [(10, 13), (13, 14)]
    assert tree.length == len(tree.text.replace(" ", ""))
    assert list(faults([tree])) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("# sent_id = a-1\n", "", "no sent_id"),
        ("# part = train", "# part = dev", "part 'dev'"),
        ("# part = train\n", "", "part ''"),
        ("See, sagt", "See , sagt", "its tokens give"),
        ("2	nsubj	_	_", "0	root	_	_", "2 roots: Sie, sagt"),
        ("0	root", "2	conj", "0 roots"),
        ("0	root", "2	conj", "a cycle at Sie"),
        ("5	case", "3	case", "a cycle at zu"),
        ("5	det", "12	det", "a head outside"),
        ("7	ccomp", "7	root", "relation root with head 7"),
        ("0	root", "0	ccomp", "relation ccomp with head 0"),
        ("2	obl", "2	obl:tmod", "relation obl:tmod"),
        ("zu	ADP", "zu	PREP", "tag PREP"),
        ("Gender=Masc", "Gender=Com", "feature Gender=Com"),
        ("Gender=Masc", "Animacy=Anim", "feature Animacy=Anim"),
        ("Case=Dat|Gender=Masc", "Case=Dat|Case=Dat", "a feature twice"),
        ("Case=Dat|Gender=Masc", "Gender=Masc|Case=Dat", "not in the order"),
        ("Mood=Ind|Tense=Past|VerbForm=Fin", "Mood=Ind|Tense=Past", "without VerbForm"),
        ("5	See	See", "5	See	_", "no lemma"),
    ],
)
def test_each_fault_is_named(old: str, new: str, fault: str, tmp_path: Path) -> None:
    assert any(fault in found for found in faults(read(changed((old, new)), tmp_path)))


def test_an_id_that_stands_twice_is_named(tmp_path: Path) -> None:
    assert list(faults(read(SAMPLE + SAMPLE, tmp_path))) == ["a-1: stands 2 times"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("4	dem", "5	dem", "a.conllu:8: '5' where word 4 is due"),
        ("3-4	zum", "3-x	zum", "a.conllu:6: '3-x'"),
        ("5	case", "x	case", "a.conllu:7: head 'x'"),
        ("	5	det	_	_", "	5	det	_", "a.conllu:8: 9 fields"),
    ],
)
def test_what_is_no_conllu_is_refused_with_its_line(old: str, new: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=message):
        read(changed((old, new)), tmp_path)


@pytest.mark.parametrize("name", ["TAGS", "RELATIONS", "FEATURES"])
def test_an_emptied_list_lets_nothing_through(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    trees = read(SAMPLE, tmp_path)
    monkeypatch.setattr(treebank, name, {})
    assert list(faults(trees))


def test_what_models_do_not_tell_apart_is_made_alike(tmp_path: Path) -> None:
    other = changed(
        ("2	obl", "2	obl:tmod"), ("Gender=Masc", "Typo=Yes"), ("PUNCT	_	_", "PUNCT	_	Case=Nom")
    )
    plain = changed(("|Gender=Masc", ""))
    assert harmonised(read(other, tmp_path)[0]).words == read(plain, tmp_path)[0].words


def trees(*texts: str) -> list[Tree]:
    return [Tree(str(n), text, "test", (), text, ()) for n, text in enumerate(texts)]


def test_paragraphs_hold_all_sentences_and_headlines_stand_alone() -> None:
    texts = [f"Satz {n}." for n in range(200)]
    texts[50] = "Beispielhausen: Rat vertagt sich"
    found = paragraphs(trees(*texts), most=4, seed=1)
    assert found.replace("\n\n", " ") == " ".join(texts)
    assert texts[50] in found.split("\n\n")
    assert {part.count(".") for part in found.split("\n\n") if part != texts[50]} == {1, 2, 3, 4}
    assert found == paragraphs(trees(*texts), most=4, seed=1)
    assert found != paragraphs(trees(*texts), most=4, seed=2)


def test_in_fives() -> None:
    assert in_fives(trees(*"abcdefg")) == "a b c d e\n\nf g"


def test_files_are_given_by_name(tmp_path: Path) -> None:
    for name in ("b.conllu", "a.conllu", "c.txt"):
        (tmp_path / name).write_text("", encoding="utf-8")
    assert [path.name for path in fixture_files(tmp_path)] == ["a.conllu", "b.conllu"]
