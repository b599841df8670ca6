"""Fit models over a few numeric features, the first of which is another model's score (stacking: Wolpert, 1992)."""

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
STRENGTH: Final[float] = _RECIPE["strength"]  # scikit-learn's C, on standardized features
DECAY: Final[float] = _RECIPE["decay"]  # of the listwise weights, on standardized features

FeatureValues = dict[str, float]
Floats = NDArray[np.float64]


@dataclass
class CandidateGroups:
    """Examples of one choice, in groups of candidates; each group has a weight."""

    features: list[list[FeatureValues]] = field(default_factory=list)
    right: list[list[bool]] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)

    def add(self, features: list[FeatureValues], right: list[bool], weight: float) -> None:
        """Add a group."""
        self.features.append(features)
        self.right.append(right)
        self.weights.append(weight)

    def extend(self, other: "CandidateGroups") -> None:
        """Add the groups of `other`."""
        self.features += other.features
        self.right += other.right
        self.weights += other.weights


def fit_single(rows: CandidateGroups) -> LinearModel:
    """Fit a logistic regression: whether each candidate is right, independent of the others in its group."""
    features = [candidate for group in rows.features for candidate in group]
    right = [label for group in rows.right for label in group]
    weights = [weight for group, weight in zip(rows.right, rows.weights, strict=True) for _ in group]
    return fit_logistic(features, right, weights)


def fit_logistic(features: Sequence[FeatureValues], right: Sequence[bool], weights: Sequence[float]) -> LinearModel:
    """Fit a logistic regression over standardized features; a missing one counts as 0."""
    names = list(dict.fromkeys(name for candidate in features for name in candidate))
    matrix = np.array([[candidate.get(name, 0.0) for name in names] for candidate in features])
    mean, spread = matrix.mean(0), matrix.std(0) + 1e-6
    regression = LogisticRegression(C=STRENGTH, max_iter=1000)
    regression.fit((matrix - mean) / spread, np.array(right), np.array(weights))
    coefficients = regression.coef_[0] / spread
    return _model(names, coefficients, float(regression.intercept_[0] - coefficients @ mean))


def fit_listwise(rows: CandidateGroups) -> LinearModel:
    """Fit weights so that the right candidates' share of the softmax over their group is large (as ListNet: Cao et
    al., 2007, Learning to Rank)."""
    names = list(rows.features[0][0])
    matrix = np.array([[candidate[name] for name in names] for group in rows.features for candidate in group])
    right = np.array([label for group in rows.right for label in group])
    sizes_of = np.array([len(group) for group in rows.right])
    starts = np.cumsum(sizes_of) - sizes_of
    weights = np.array(rows.weights) / sum(rows.weights)
    mean, spread = matrix.mean(0), matrix.std(0) + 1e-6
    standard = (matrix - mean) / spread

    def loss(point: Floats) -> tuple[float, Floats]:
        scores = standard @ point
        scores = scores - np.repeat(np.maximum.reduceat(scores, starts), sizes_of)
        odds = np.exp(np.maximum(scores, -40.0))
        all_sums, right_sums = np.add.reduceat(odds, starts), np.add.reduceat(odds * right, starts)
        shares = odds / np.repeat(all_sums, sizes_of) - odds * right / np.repeat(right_sums, sizes_of)
        gradient = (shares * np.repeat(weights, sizes_of)) @ standard + 2 * DECAY * point
        return float(weights @ (np.log(all_sums) - np.log(right_sums)) + DECAY * point @ point), gradient

    result = scipy.optimize.minimize(loss, np.zeros(matrix.shape[1]), jac=True, method="L-BFGS-B")
    coefficients = result.x / spread
    return _model(names, coefficients, float(-coefficients @ mean))


def _model(names: Sequence[str], weights: Floats, bias: float) -> LinearModel:
    rounded = {name: round(float(weight), DIGITS) for name, weight in zip(names, weights, strict=True)}
    return LinearModel(round(bias, DIGITS), {name: weight for name, weight in rounded.items() if weight})
