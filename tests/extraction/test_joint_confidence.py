"""The confidence of a quote together with its speaker."""

from itertools import pairwise

import pytest

from service.extraction.attribution.confidence import joint_confidence
from service.extraction.attribution.linear import log_odds, probability
from service.extraction.report import READ_FROM, UNNAMED_CONFIDENCE

STEPS = [step / 50 for step in range(51)]


@pytest.mark.parametrize("speaker", STEPS)
def test_joint_confidence_rises_with_the_quote(speaker: float) -> None:
    found = [joint_confidence(quote, speaker) for quote in STEPS]
    assert all(one <= other for one, other in pairwise(found))
    assert all(0 <= one <= speaker for one in found)


@pytest.mark.parametrize("quote", STEPS)
def test_joint_confidence_rises_with_the_speaker(quote: float) -> None:
    found = [joint_confidence(quote, speaker) for speaker in STEPS]
    assert all(one <= other for one, other in pairwise(found))


def test_uncertain_quote_lowers_the_joint_confidence() -> None:
    assert joint_confidence(0.8, 0.95) < 0.8 < joint_confidence(0.97, 0.95) < 0.95


@pytest.mark.parametrize("quote", [step for step in STEPS if step < READ_FROM])
def test_quote_below_the_reading_threshold_is_not_raised(quote: float) -> None:
    assert joint_confidence(quote, 0.999) <= quote


@pytest.mark.parametrize(("quote", "expected"), [(0.5, 0.5), (0.9, UNNAMED_CONFIDENCE)])
def test_unnamed_quote_keeps_its_score_up_to_a_limit(quote: float, expected: float) -> None:
    assert joint_confidence(quote, None) == expected


def test_log_odds_is_the_inverse_of_probability() -> None:
    assert [round(probability(log_odds(chance)), 6) for chance in STEPS[1:-1]] == STEPS[1:-1]
    assert probability(log_odds(1.0)) == pytest.approx(1.0, abs=1e-3)
