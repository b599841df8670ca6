"""The five seed articles as a whole: required, allowed and forbidden quotes."""

import pytest

from service.extraction.report import Options
from service.input.paragraphs import read_article
from service.parsing.parser import Parser
from service.pipeline import quotes_of
from tests.golden.judging import SEEDS, Verdict, gold, judge

REQUIRED_INDIRECT = 16  # of 20
UNLISTED_AT_MOST = 4  # in one article

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def verdicts(kept_parser: Parser) -> dict[str, Verdict]:
    found = {}
    for name, wanted in gold().items():
        article = read_article((SEEDS / name).read_text(encoding="utf-8"))
        found[name] = judge(article, quotes_of(article, kept_parser, Options()), wanted)
    return found


def test_direct_and_mixed_quotes_have_exact_content_and_speaker(verdicts: dict[str, Verdict]) -> None:
    wrong = [label for verdict in verdicts.values() for label in verdict.wrong if not label.startswith("indirect")]
    right = [label for verdict in verdicts.values() for label in verdict.right if not label.startswith("indirect")]
    assert (wrong, len(right)) == ([], 13)


def test_most_indirect_quotes_are_found_with_their_speaker(verdicts: dict[str, Verdict]) -> None:
    right = [label for verdict in verdicts.values() for label in verdict.right if label.startswith("indirect")]
    wrong = [label for verdict in verdicts.values() for label in verdict.wrong if label.startswith("indirect")]
    assert len(right) + len(wrong) == 20
    assert len(right) >= REQUIRED_INDIRECT, wrong


@pytest.mark.parametrize("name", gold())
def test_nothing_forbidden_is_quoted(verdicts: dict[str, Verdict], name: str) -> None:
    assert verdicts[name].forbidden == ()


@pytest.mark.parametrize("name", gold())
def test_few_unlisted_quotes_and_no_direct_ones(verdicts: dict[str, Verdict], name: str) -> None:
    unlisted = verdicts[name].unlisted
    assert len(unlisted) <= UNLISTED_AT_MOST
    assert {quote.kind for quote in unlisted} <= {"indirect"}
