"""Measures of the confidence, with figures worked out by hand."""

import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from benchmarks.pages import ACCURACY, filled
from benchmarks.reliability import (
    PLOT,
    Point,
    at_least,
    curve_of,
    predictions_of,
    recalls_table,
    thresholds_table,
)
from benchmarks.results import result_of
from tests.benchmarks.small_corpus import DOCUMENT
from tests.doubles import FakeParser
from training.attribution.judge import Bin, Prediction, bins_of, brier, calibration_error
from training.corpora.news import scorer

SURE_AND_RIGHT = Prediction(1.0, True)
TOLD = [SURE_AND_RIGHT, Prediction(0.95, True), Prediction(0.9, False), Prediction(0.25, False)]


def test_bin_has_mean_confidence_and_accuracy() -> None:
    low, high = bins_of(TOLD)
    assert low == Bin(0.2, 1, 0.25, 0.0)
    assert (high.start, high.count) == (0.9, 3)
    assert (high.confidence, high.right) == pytest.approx((0.95, 2 / 3))


def test_calibration_error_is_the_mean_gap_of_the_bins() -> None:
    assert calibration_error(TOLD) == pytest.approx((3 * (0.95 - 2 / 3) + 0.25) / 4)
    assert calibration_error([SURE_AND_RIGHT]) == calibration_error([]) == 0


def test_the_brier_score_is_the_mean_squared_distance() -> None:
    assert brier(TOLD) == pytest.approx((0 + 0.05**2 + 0.9**2 + 0.25**2) / 4)
    assert brier([]) == 0


def test_curve_adds_predictions_by_confidence_with_ties_together() -> None:
    predictions = [Prediction(0.5, True), Prediction(0.9, True), Prediction(0.5, False)]
    assert curve_of(predictions, gold=4) == [Point(0.9, 1.0, 0.25), Point(0.5, 2 / 3, 0.5)]


def test_recall_has_the_best_precision_that_reaches_it() -> None:
    rows = recalls_table([Point(0.9, 0.5, 0.1), Point(0.8, 0.75, 0.2)]).splitlines()[2:]
    assert [[cell.strip() for cell in row.strip("|").split("|")] for row in rows] == [
        ["0.1", "0.750", "0.800"],
        ["0.2", "0.750", "0.800"],
    ]


def test_quotes_below_the_confidence_are_dropped() -> None:
    report = result_of(DOCUMENT, FakeParser()).report
    least, most = sorted(quote.confidence for quote in report.quotes)
    assert [quote.confidence for quote in at_least(report, most).quotes] == [most]
    assert len(at_least(report, least).quotes) == 2


def test_correctness_is_decided_by_the_scorer(shared: Path) -> None:
    result = result_of(DOCUMENT, FakeParser())
    assert predictions_of([result], scorer(shared)) == [
        Prediction(marked.confidence, True) for marked in result.predicted
    ]
    rows = thresholds_table([result], scorer(shared)).splitlines()[2:]
    assert [cell.strip() for cell in rows[0].strip("|").split("|")] == ["0.0", "2", *["1.000"] * 5]


def test_the_plot_has_a_dot_for_each_bin_and_the_page_shows_it() -> None:
    plot = ElementTree.fromstring(filled("reliability.svg", bins=bins_of(TOLD), found=4, curve=curve_of(TOLD, 4)))
    circles = list(plot.iter("{http://www.w3.org/2000/svg}circle"))
    assert [(circle.get("cx"), circle.get("cy")) for circle in circles] == [("135.0", "330.0"), ("345.0", "130.0")]
    assert f"({PLOT.name})" in ACCURACY.read_text(encoding="utf-8")
    assert ElementTree.parse(PLOT).getroot().tag == "{http://www.w3.org/2000/svg}svg"
