"""What the lemmatizer is trained on."""

from __future__ import annotations

from parser_training import lemmatizer
from parser_training.trees import Tree
from training_inputs import word


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
