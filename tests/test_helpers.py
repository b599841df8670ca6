"""The helpers of the tests: markers of slow tests, cached parses, and responses that are nearly equal."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from service.input.article import NO_DEADLINE, Article, Deadline, Paragraph
from service.input.paragraphs import read_article
from service.parsing.tree import Parse
from tests.conftest import ROOT
from tests.doubles import ARTICLE, FakeParser, KeptParser
from tests.kinds import KINDS, kinds_of
from tests.nearly import nearly


@pytest.mark.parametrize(
    ("path", "kinds"),
    [
        ("attacks/test_http.py", ["server"]),
        ("archive/test_archive.py", ["server"]),
        ("archive/test_cluster.py", ["ray"]),
        ("archive/test_spark.py", ["spark"]),
        ("fuzzing/test_fuzzing.py", ["fuzz"]),
        ("training/test_run.py", ["training"]),
        ("parsing/test_embedded.py", ["model"]),
        ("schemas/test_quote_fields.py", []),
    ],
)
def test_kind_follows_from_the_path(path: str, kinds: list[str]) -> None:
    assert kinds_of(path) == kinds


def test_paths_exist_and_kinds_are_declared(request: pytest.FixtureRequest) -> None:
    assert [place for places in KINDS.values() for place in places if not (ROOT / "tests" / place).exists()] == []
    declared = {line.partition(":")[0] for line in request.config.getini("markers")}
    assert set(KINDS) <= declared


def test_tests_are_marked_by_path(request: pytest.FixtureRequest) -> None:
    marked = {item.path.parent.name for item in request.session.items if item.get_closest_marker("training")}
    assert marked <= {"training"}


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


@pytest.mark.parametrize(
    ("one", "other", "whether"),
    [
        ({"confidence": 0.955}, {"confidence": 0.965}, True),
        ({"confidence": 0.955}, {"confidence": 0.855}, False),
        ({"start": 4}, {"start": 5}, False),
        ({"text": "a"}, {"text": "b"}, False),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, False),
        ([1, [0.5]], [1, [0.51]], True),
        ([1], [1, 2], False),
        (1, True, False),
        ("Alder (0.971): yes\n", "Alder (0.968): yes\n", True),
        ("Alder (0.971): yes\n", "Alder (0.968): no\n", False),
        ("version 0.1.0 of 3", "version 0.1.0 of 4", False),
        (None, 0.0, False),
    ],
)
def test_only_confidences_can_differ_slightly(one: Any, other: Any, whether: bool) -> None:
    assert nearly(one, other) is whether
