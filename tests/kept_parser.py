"""A parser that caches parses during a test run, since several tests parse all golden articles."""

from collections.abc import Sequence
from typing import Any

from service.input.article import NO_DEADLINE, Article, Deadline
from service.parsing.parser import ModelInfo, Parser
from service.parsing.tree import Parse


class KeptParser:
    """Parses like `parser`, with a cache by text, paragraphs and what is unread."""

    def __init__(self, parser: Parser) -> None:
        self._parser = parser
        self._kept: dict[Any, Parse] = {}

    @property
    def model(self) -> ModelInfo:
        return self._parser.model

    def parse(self, articles: Sequence[Article], deadline: Deadline = NO_DEADLINE) -> list[Parse]:
        return [self._parse(article, deadline) for article in articles]

    def _parse(self, article: Article, deadline: Deadline) -> Parse:
        key = (article.text, article.paragraphs, article.unread, article.spelling)
        if key not in self._kept:
            (self._kept[key],) = self._parser.parse([article], deadline)
        return self._kept[key]
