"""The numbers of a training, in one place; where no other source is named they are those of the bootstrap models."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Joint:
    """A training of tagger and parser over one encoder. Rates are AdamW's, sizes are numbers of units."""

    layers: int
    epochs: float
    encoder_rate: float
    # The rate of each layer is that of the one above it times this.
    layer_decay: float
    head_rate: float = 2e-3
    # Words of a batch, padding counted; longer sentences than longest_words are left out.
    batch_words: int = 450
    longest_words: int = 90
    hidden: int = 200
    biaffine: int = 200
    dropout: float = 0.33
    word_dropout: float = 0.1
    # Sentences of the teacher's parses in an epoch, drawn anew for each.
    silver_sentences: int = 0
    # How often an epoch has each of our own sentences: the clauses that matter here are rare in treebanks.
    own_times: int = 1
    # What is written is a running mean of the weights; this is the share that stays at each step. 0: no mean.
    averaged: float = 0.0
    # The rise of the rate takes this share of the steps, and at least so many.
    warm_share: float = 0.08
    warm_least: int = 20
    checkpoint_steps: int = 200
    # If set, the training ends here whatever the epochs are.
    most_steps: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """All numbers of the chain."""

    seed: int = 1
    teacher: Joint = Joint(layers=12, epochs=12, encoder_rate=2e-4, layer_decay=0.92)
    student: Joint = Joint(
        layers=6,
        epochs=12,
        encoder_rate=2.5e-4,
        layer_decay=0.95,
        silver_sentences=2500,
        own_times=3,
        averaged=0.995,
    )
    # The student's last epochs have neither silver nor PUD, whose habits are GSD's only in part.
    finish: Joint = Joint(
        layers=6,
        epochs=5,
        encoder_rate=1e-4,
        layer_decay=0.95,
        head_rate=8e-4,
        own_times=3,
        averaged=0.98,
    )
    # So many of them begin at the student's weights and go through the sentences in other orders. Their mean is better
    # than each, and half of it with half of the student keeps what the student knows of rare forms from silver: of 70
    # in the Konjunktiv it finds one more than the mean alone (Wortsman et al. 2022: model soups; robust fine-tuning).
    finishes: int = 4
    # Characters of prose that the teacher reads.
    prose_characters: int = 4_000_000
    tokenizer_steps: int = 1400
    lemmatizer_epochs: int = 14
    # Entries of the lemmatizer's training list; None: all.
    lemmatizer_entries: int | None = None
    # Sentences of the held-out part that the figures are measured on; None: all.
    measured_sentences: int | None = None

    def flat(self) -> dict[str, object]:
        """The numbers as plain values, for hashes and the model card."""
        return asdict(self)


FULL = Recipe()


def smoke(steps: int, *, seed: int) -> Recipe:
    """The whole chain with so few steps that it shows only that each runs and what it gives can be loaded."""
    return Recipe(
        seed=seed,
        teacher=replace(FULL.teacher, most_steps=steps),
        student=replace(FULL.student, most_steps=steps, silver_sentences=50),
        finish=replace(FULL.finish, most_steps=steps),
        finishes=2,
        prose_characters=6_000,
        tokenizer_steps=120,
        lemmatizer_epochs=1,
        lemmatizer_entries=1_000,
        measured_sentences=25,
    )


def shortened(recipe: Recipe, steps: int) -> Recipe:
    """The recipe with at most so many steps of each training over the encoder; all else as it is."""
    parts = {name: replace(getattr(recipe, name), most_steps=steps) for name in ("teacher", "student", "finish")}
    return replace(recipe, **parts)
