"""Detect a parser that keeps failing."""

from collections.abc import Sequence
from typing import Final

from service.article.article import Article
from service.deadline import NO_DEADLINE, Deadline
from service.errors import PullquoteError
from service.parsing.parser import ModelInfo, Parser
from service.parsing.tree import Parse

_FAILURES: Final = 3  # in a row: one or two can be caused by the articles


class WatchedParser:
    """Parses like `parser`, and counts its consecutive unexpected failures."""

    def __init__(self, parser: Parser) -> None:
        self._parser = parser
        self._failures = 0

    @property
    def model(self) -> ModelInfo:
        """The parser's model."""
        return self._parser.model

    @property
    def failing(self) -> bool:
        """Whether the last calls failed unexpectedly."""
        return self._failures >= _FAILURES

    def parse(self, articles: Sequence[Article], deadline: Deadline = NO_DEADLINE) -> list[Parse]:
        """Return a parse for each article, in order. Raises what the parser raises."""
        try:
            found = self._parser.parse(articles, deadline)
        except PullquoteError:  # an expected rejection, not a failure
            raise
        except BaseException:
            self._failures += 1
            raise
        self._failures = 0
        return found
