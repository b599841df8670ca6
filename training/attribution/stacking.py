"""Fit models of a few numbers, the first of which is the score of another model (stacking: Wolpert, 1992)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import scipy.optimize
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from service.extraction.attribution.linear import LinearModel
from training.recipe import recipe

_RECIPE: Final = recipe("attribution.stacking")
DIGITS: Final[int] = _RECIPE["digits"]  # decimal places of the weights
STRENGTH: Final[float] = _RECIPE["strength"]  # scikit-learn's C, on standardized numbers
DECAY: Final[float] = _RECIPE["decay"]  # of the listwise weights, on standardized numbers

Numbers = dict[str, float]
Floats = NDArray[np.float64]


@dataclass
class Rows:
    """Examples of one choice, in groups of candidates; each group has a weight."""

    numbers: list[list[Numbers]] = field(default_factory=list)
    right: list[list[bool]] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)

    def add(self, numbers: list[Numbers], right: list[bool], weight: float) -> None:
        """Add a group."""
        self.numbers.append(numbers)
        self.right.append(right)
        self.weights.append(weight)

    def extend(self, other: "Rows") -> None:
        """Add the groups of `other`."""
        self.numbers += other.numbers
        self.right += other.right
        self.weights += other.weights


def fit_single(rows: Rows) -> LinearModel:
    """Fit a logistic regression: whether each candidate is right, whatever the others of its group are."""
    numbers = [one for group in rows.numbers for one in group]
    right = [one for group in rows.right for one in group]
    weights = [weight for group, weight in zip(rows.right, rows.weights, strict=True) for _ in group]
    return fit_logistic(numbers, right, weights)


def fit_logistic(numbers: Sequence[Numbers], right: Sequence[bool], weights: Sequence[float]) -> LinearModel:
    """Fit a logistic regression over standardized numbers; a missing one counts as 0."""
    names = list(dict.fromkeys(name for one in numbers for name in one))
    matrix = np.array([[one.get(name, 0.0) for name in names] for one in numbers])
    mean, spread = matrix.mean(0), matrix.std(0) + 1e-6
    learner = LogisticRegression(C=STRENGTH, max_iter=1000)
    learner.fit((matrix - mean) / spread, np.array(right), np.array(weights))
    learned = learner.coef_[0] / spread
    return _model(names, learned, float(learner.intercept_[0] - learned @ mean))


def fit_listwise(rows: Rows) -> LinearModel:
    """Fit weights so that the right candidates' share of the softmax over their group is large (as ListNet: Cao et
    al., 2007, Learning to Rank)."""
    names = list(rows.numbers[0][0])
    matrix = np.array([[one[name] for name in names] for group in rows.numbers for one in group])
    right = np.array([one for group in rows.right for one in group])
    sizes_of = np.array([len(group) for group in rows.right])
    starts = np.cumsum(sizes_of) - sizes_of
    weights = np.array(rows.weights) / sum(rows.weights)
    mean, spread = matrix.mean(0), matrix.std(0) + 1e-6
    standard = (matrix - mean) / spread

    def loss(point: Floats) -> tuple[float, Floats]:
        scores = standard @ point
        scores = scores - np.repeat(np.maximum.reduceat(scores, starts), sizes_of)
        odds = np.exp(np.maximum(scores, -40.0))
        every, good = np.add.reduceat(odds, starts), np.add.reduceat(odds * right, starts)
        shares = odds / np.repeat(every, sizes_of) - odds * right / np.repeat(good, sizes_of)
        gradient = (shares * np.repeat(weights, sizes_of)) @ standard + 2 * DECAY * point
        return float(weights @ (np.log(every) - np.log(good)) + DECAY * point @ point), gradient

    found = scipy.optimize.minimize(loss, np.zeros(matrix.shape[1]), jac=True, method="L-BFGS-B")
    learned = found.x / spread
    return _model(names, learned, float(-learned @ mean))


def _model(names: Sequence[str], weights: Floats, bias: float) -> LinearModel:
    rounded = {name: round(float(weight), DIGITS) for name, weight in zip(names, weights, strict=True)}
    return LinearModel(round(bias, DIGITS), {name: weight for name, weight in rounded.items() if weight})
