"""Tokenize text into strings."""

from service.input.article import Span
from service.input.characters import straighten, unwrap
from service.parsing.tokenization.sentences import Token, split_sentences


def sentences(text: str) -> list[list[Token]]:
    """Return the sentences of a text of one paragraph."""
    return split_sentences(unwrap(straighten(text)), [Span(0, len(text))])


def tokens(text: str) -> list[str]:
    """Return the tokens of a text, whatever sentence they are in."""
    return [token.text for sentence in sentences(text) for token in sentence]


def split(text: str) -> list[str]:
    """Return the sentences of a text as strings."""
    return [text[sentence[0].span.start : sentence[-1].span.end] for sentence in sentences(text)]
