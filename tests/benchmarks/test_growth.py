"""Adversarial texts take time in proportion to their length: `benchmarks/growth.py` measures them at full length."""

import math
from collections.abc import Sequence

import pytest

from benchmarks.growth import SHAPES, cost, exponent, growth_exponent, row
from service.input.article import NO_DEADLINE, Article, Deadline
from service.parsing.parser import Parser
from service.parsing.tree import Parse
from tests.doubles import FakeParser

MOST = 1.4  # linear growth on a shared machine; quadratic growth has 2


def grows_no_faster(parser: Parser, shape: str, lengths: tuple[int, ...]) -> bool:
    """Return whether the time grows about linearly.

    Up to six tries; the minimum for each length counts, since other load can only add to it.
    """
    least = dict.fromkeys(lengths, math.inf)
    for _ in range(6):
        least = {length: min(seconds, cost(parser, SHAPES[shape](length))) for length, seconds in least.items()}
        if exponent([(length, seconds + 0.02) for length, seconds in least.items()]) < MOST:
            return True
    return False


def test_exponent_is_the_power_of_growth() -> None:
    assert exponent([(10, 3), (20, 6), (40, 12)]) == pytest.approx(1)
    assert exponent([(10, 1), (20, 4), (40, 16)]) == pytest.approx(2)
    runs = [{"length": length, "seconds": length**2 / 1000, "mb": 1.0} for length in (10, 20, 40)]
    assert growth_exponent(runs, "seconds") == pytest.approx(2)
    assert growth_exponent(runs, "mb") is None
    assert row("marks", runs) == "| marks | 40 | 1.6 | 2.00 | 1 | – |"


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_has_the_requested_length(shape: str) -> None:
    assert 0.9 * 5_000 <= len(SHAPES[shape](5_000)) <= 5_000


@pytest.mark.parametrize("shape", SHAPES)
def test_reading_and_extraction_take_linear_time(shape: str) -> None:
    assert grows_no_faster(FakeParser(), shape, (3_000, 12_000))


class Nothing(FakeParser):
    """Finds no sentences, so that only the steps before and after the parse are measured."""

    def parse(self, articles: Sequence[Article], deadline: Deadline = NO_DEADLINE) -> list[Parse]:
        return [Parse() for _ in articles]


def test_many_paragraphs_are_read_in_linear_time() -> None:
    assert grows_no_faster(Nothing(), "one letter per paragraph", (20_000, 80_000))


@pytest.mark.model
@pytest.mark.parametrize(
    "shape", ["a quotation mark after each word", "one endless sentence", "one word per paragraph"]
)
def test_parsing_takes_linear_time(embedded_parser: Parser, shape: str) -> None:
    assert grows_no_faster(embedded_parser, shape, (2_000, 8_000))
