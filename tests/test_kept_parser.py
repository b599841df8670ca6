"""Cached parses belong to the same text, split in the same way."""

from collections.abc import Sequence
from dataclasses import replace

from service.input.article import NO_DEADLINE, Article, Deadline, Paragraph
from service.input.paragraphs import read_article
from service.parsing.tree import Parse
from tests.doubles import ARTICLE, FakeParser
from tests.kept_parser import KeptParser


class Counting(FakeParser):
    """Counts the articles that it parses."""

    parsed = 0

    def parse(self, articles: Sequence[Article], deadline: Deadline = NO_DEADLINE) -> list[Parse]:
        self.parsed += len(articles)
        return super().parse(articles, deadline)


def test_an_article_is_parsed_once_whatever_its_id() -> None:
    counting, article = Counting(), read_article(ARTICLE)
    parser = KeptParser(counting)
    assert parser.parse([article, replace(article, id="b")]) == FakeParser().parse([article, article])
    assert (parser.parse([article]), counting.parsed) == (FakeParser().parse([article]), 1)


def test_article_with_other_paragraphs_is_parsed_again() -> None:
    counting, article = Counting(), read_article(ARTICLE)
    parser = KeptParser(counting)
    parser.parse([article])
    parser.parse([replace(article, paragraphs=tuple(Paragraph(one.span) for one in article.paragraphs[:1]))])
    assert counting.parsed == 2
