"""The parser interface. `stanza_parser.py` and `embedded_parser.py` implement it; tests use their own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from service.article.article import Article
from service.deadline import NO_DEADLINE, Deadline
from service.parsing.tree import Parse


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """The model's name, version and arithmetic, as reported in responses."""

    name: str
    version: str
    arithmetic: str = "float32"


class Parser(Protocol):
    """Parses articles, one call at a time. An article's parse does not depend on the other articles in the call."""

    @property
    def model(self) -> ModelInfo:
        """The parser's model."""
        ...

    def parse(self, articles: Sequence[Article], deadline: Deadline = NO_DEADLINE) -> list[Parse]:
        """Return a parse for each article, in order. Only paragraphs are parsed, except those marked as boilerplate;
        offsets are into each article's text.

        Raises `OutOfTime` soon after the deadline, and `Invalid` if an article has too many sentences.
        """
        ...
