"""How well confidences match outcomes: calibration error and Brier score of predictions."""

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


def bins_of(told: Sequence[Prediction]) -> list[Bin]:
    """Return the non-empty bins of equal width, lowest confidence first; 1.0 is in the last."""
    held: dict[int, list[Prediction]] = {}
    for one in told:
        held.setdefault(min(int(one.confidence * BINS), BINS - 1), []).append(one)
    return [
        Bin(
            start=place / BINS,
            count=len(inside),
            confidence=sum(one.confidence for one in inside) / len(inside),
            right=sum(one.right for one in inside) / len(inside),
        )
        for place, inside in sorted(held.items())
    ]


def calibration_error(told: Sequence[Prediction]) -> float:
    """Return the mean absolute difference of a bin's confidence and its accuracy, weighted by bin size."""
    return sum(bin.count * abs(bin.confidence - bin.right) for bin in bins_of(told)) / max(len(told), 1)


def brier(told: Sequence[Prediction]) -> float:
    """Return the mean squared difference of the confidence and the outcome."""
    return sum((one.confidence - one.right) ** 2 for one in told) / max(len(told), 1)
