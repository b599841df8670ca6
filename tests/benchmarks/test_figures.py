"""Figures equal the scorer's own, and the parts add up to the whole."""

from pathlib import Path

import pytest

from benchmarks.figures import Part, Verdict, by_document, by_publisher, figures_of, split, verdicts
from benchmarks.results import Marked, Result, result_of
from service.extraction.report import Report
from tests.benchmarks.small_corpus import BRIDGE, DOCUMENT, WINTER, marked
from tests.doubles import ARTICLE, FakeParser
from training.corpora.news import Scorer, scorer

WRONG_SOURCE = marked(ARTICLE, "reporters", "told", "the bridge will reopen")
SPURIOUS = marked(ARTICLE, "Mayor", "", "in May")


@pytest.fixture
def score(shared: Path) -> Scorer:
    return scorer(shared)


def one(attribution: dict[str, list[list[int]]], kind: str = "indirect") -> Marked:
    return Marked(attribution, kind, "say", "say")


@pytest.fixture
def flawed() -> Result:
    """Two gold attributions and three predictions: one with a wrong source and end, one correct, one spurious."""
    found = (one(WRONG_SOURCE), one(WINTER, "direct"), one(SPURIOUS))
    return Result(DOCUMENT, (one(BRIDGE), one(WINTER, "direct")), found, Report(), ())


def test_perfect_output_has_perfect_scores(score: Scorer) -> None:
    figures = figures_of([result_of(DOCUMENT, FakeParser())], score)
    assert figures["attribution"] == figures["content_exact"] == (1.0, 1.0, 1.0)


def test_single_verdicts_agree_with_the_scorer(score: Scorer, flawed: Result) -> None:
    gold, predicted = verdicts(flawed, score)
    assert gold == [Verdict(0), Verdict(1, right=True, exact=True)]
    assert predicted == [Verdict(0), Verdict(1, right=True, exact=True), Verdict()]
    figures = figures_of([flawed], score)
    assert figures["attribution"][:2] == (1 / 3, 1 / 2)
    assert figures["content"][:2] == (2 / 3, 1.0)
    assert figures["content_exact"][:2] == (1 / 3, 1 / 2)


def test_parts_have_precision_and_recall(score: Scorer, flawed: Result) -> None:
    assert split([flawed], score, lambda m: m.kind, lambda m: m.kind) == {
        "indirect": Part(1, 2, 0.0, 0.0),
        "direct": Part(1, 1, 1.0, 1.0),
    }
    only_found = split([flawed], score, lambda m: m.kind)
    assert only_found == {"indirect": Part(None, 2, 0.0, None), "direct": Part(None, 1, 1.0, None)}
    assert only_found["direct"].f1 is None


def test_the_worst_document_comes_first(score: Scorer, flawed: Result) -> None:
    best = result_of({**DOCUMENT, "id": "herald_2026"}, FakeParser())
    assert list(by_document([best, flawed], score)) == [DOCUMENT["id"], "herald_2026"]
    assert {name: figures["counts"]["pred"] for name, figures in by_publisher([best, flawed], score).items()} == {
        "courier": 3,
        "herald": 2,
    }
