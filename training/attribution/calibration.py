"""Measure how well confidences match outcomes: calibration error and Brier score."""

from collections.abc import Sequence
from dataclasses import dataclass

BINS = 10


@dataclass(frozen=True, slots=True)
class Prediction:
    """A predicted attribution: its confidence, and whether it is correct."""

    confidence: float
    right: bool


@dataclass(frozen=True, slots=True)
class Bin:
    """The predictions in an interval of confidence: their mean confidence, and the share that is correct."""

    start: float
    count: int
    confidence: float
    right: float


def bins_of(predictions: Sequence[Prediction]) -> list[Bin]:
    """Return the non-empty bins of equal width, lowest confidence first; 1.0 is in the last."""
    by_bin: dict[int, list[Prediction]] = {}
    for prediction in predictions:
        by_bin.setdefault(min(int(prediction.confidence * BINS), BINS - 1), []).append(prediction)
    return [
        Bin(
            start=index / BINS,
            count=len(members),
            confidence=sum(prediction.confidence for prediction in members) / len(members),
            right=sum(prediction.right for prediction in members) / len(members),
        )
        for index, members in sorted(by_bin.items())
    ]


def calibration_error(predictions: Sequence[Prediction]) -> float:
    """Return the mean absolute difference of a bin's confidence and its accuracy, weighted by bin size."""
    return sum(bin.count * abs(bin.confidence - bin.right) for bin in bins_of(predictions)) / max(len(predictions), 1)


def brier(predictions: Sequence[Prediction]) -> float:
    """Return the mean squared difference of the confidence and the outcome."""
    return sum((prediction.confidence - prediction.right) ** 2 for prediction in predictions) / max(len(predictions), 1)
