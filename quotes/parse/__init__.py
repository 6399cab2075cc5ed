"""From text to dependency trees: the only room that knows Stanza and torch."""

from quotes.parse.conllu import read_conllu, write_conllu
from quotes.parse.models import ModelChoice, choose_model
from quotes.parse.stanza_parser import StanzaParser, limit_threads

__all__ = ["ModelChoice", "StanzaParser", "choose_model", "limit_threads", "read_conllu", "write_conllu"]
