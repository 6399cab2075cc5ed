"""The same statement in several articles: rows grouped by what is said, and how their wordings differ."""

from __future__ import annotations

from quotes.statements.agreement import same_statement
from quotes.statements.differences import Difference, Piece, differ
from quotes.statements.grouping import NearCopy, Statement, Wording, group, near_copies

__all__ = [
    "Difference",
    "NearCopy",
    "Piece",
    "Statement",
    "Wording",
    "differ",
    "group",
    "near_copies",
    "same_statement",
]
