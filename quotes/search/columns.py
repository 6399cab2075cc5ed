"""Columns compared as :mod:`quotes.folding` compares words."""

from __future__ import annotations

import re

import polars as pl

from quotes.folding import LETTERS, words

# What a word may end in besides, where a column must hold it: *Journalist* is *Journalisten*, *AFP* is *AFPs*.
_ENDINGS = "(?:s|es|n|en|e|er|em|in|innen|nen)?"


def folded(column: pl.Expr) -> pl.Expr:
    """The same as :func:`quotes.folding.fold`, on a column of str."""
    lower = column.str.normalize("NFC").str.to_lowercase().str.replace_many(list(LETTERS), list(LETTERS.values()))
    return lower.str.normalize("NFKD").str.replace_all(r"\p{Mn}", "")


def has_words(column: pl.Expr, asked: str) -> pl.Expr:
    """Whether a column of str holds each word that is asked for, in any order, with or without an ending."""
    text = folded(column)
    found = [
        text.str.contains(rf"(?:^|[^\p{{L}}\p{{N}}]){re.escape(word)}{_ENDINGS}(?:$|[^\p{{L}}\p{{N}}])")
        for word in words(asked)
    ]
    return pl.all_horizontal(found or [pl.lit(True)]).fill_null(False)
