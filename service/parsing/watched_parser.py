"""A parser that is watched: whether it still parses."""

from collections.abc import Sequence
from typing import Final

from service.article.article import Article
from service.deadline import NO_DEADLINE, Deadline
from service.errors import PullquoteError
from service.parsing.parser import ModelInfo, Parser
from service.parsing.tree import Parse

_FAILURES: Final = 3  # one after the other: one or two may be the articles'


class WatchedParser:
    """Parses as `parser` does, and counts how often that has failed since it last succeeded."""

    def __init__(self, parser: Parser) -> None:
        self._parser = parser
        self._failures = 0

    @property
    def model(self) -> ModelInfo:
        """The model of the parser."""
        return self._parser.model

    @property
    def failing(self) -> bool:
        """Whether the last calls have failed, for reasons that nobody foresaw."""
        return self._failures >= _FAILURES

    def parse(self, articles: Sequence[Article], deadline: Deadline = NO_DEADLINE) -> list[Parse]:
        """One parse for each article, in order. Raises what the parser raises."""
        try:
            found = self._parser.parse(articles, deadline)
        except PullquoteError:  # the parser has said what it will not read
            raise
        except BaseException:
            self._failures += 1
            raise
        self._failures = 0
        return found
