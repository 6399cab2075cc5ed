"""A fixture for tests that empty a word list: nobody remembers the full one, before or afterwards."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from quotes.tables import word_set


@pytest.fixture
def fresh_lists() -> Iterator[None]:
    """The sets of words are read anew inside the test and behind it."""
    word_set.cache_clear()
    yield
    word_set.cache_clear()
