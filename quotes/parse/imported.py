"""Imports all that a parser needs, for a process that others are forked from: it takes seconds, and once is enough."""

import quotes.parse.arcs
import quotes.parse.lemmas
import quotes.parse.loading
import quotes.parse.sentences  # noqa: F401
