"""What the service asks of a parser. `stanza_parser.py` is the real one; tests bring their own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from service.article.article import Article
from service.deadline import NO_DEADLINE, Deadline
from service.parsing.tree import Parse


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """Which model answers: its name, its version, and the arithmetic that it computes with, as reports show them."""

    name: str
    version: str
    arithmetic: str = "float32"


class Parser(Protocol):
    """Parses articles. One call at a time; the same article gives the same parse, whatever else is in the call."""

    @property
    def model(self) -> ModelInfo:
        """The model this parser runs."""
        ...

    def parse(self, articles: Sequence[Article], deadline: Deadline = NO_DEADLINE) -> list[Parse]:
        """One parse for each article, in order. Only the articles' paragraphs are parsed, furniture left out unless
        the paragraph list was made with it kept; offsets are into each article's text.

        Raises `OutOfTime` soon after the deadline, `Invalid` where an article has more sentences than may be.
        """
        ...
