"""Things taken together up to a size."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from quotes.batches import in_batches


def test_a_thing_larger_than_the_most_stands_alone() -> None:
    assert list(in_batches(["aa", "bbbbb", "c", "d"], len, 3)) == [["aa"], ["bbbbb"], ["c", "d"]]


@given(st.lists(st.text(max_size=6)), st.integers(1, 12))
def test_nothing_is_lost_and_no_batch_could_be_joined_to_the_next(things: list[str], most: int) -> None:
    batches = list(in_batches(things, len, most))
    assert [thing for batch in batches for thing in batch] == things
    assert all(sum(map(len, batch)) <= most or sum(map(len, batch[1:])) == 0 for batch in batches)
    for batch, following in pairwise(batches):
        assert sum(map(len, batch)) + len(following[0]) > most
