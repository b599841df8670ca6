"""Fit the linear models: logistic regression (L-BFGS), pruned to the most important features."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

import numpy as np
import scipy.optimize
import scipy.sparse
import scipy.special
from numpy.typing import NDArray
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from service.extraction.attribution.linear import LinearModel
from training.attribution.examples import Examples, Vocabulary
from training.recipe import recipe

_RECIPE: Final = recipe("attribution.fit")
MIN_COUNT: Final[int] = _RECIPE["min_count"]  # minimum frequency of a feature
DIGITS: Final[int] = _RECIPE["digits"]  # decimal places of shipped weights
RARE: Final[int] = _RECIPE["rare"]  # minimum frequency of a named value
NARROW: Final[float] = _RECIPE[
    "narrow"
]  # the smallest standard deviation used for scaling: weights of rare names shrink to zero
# larger makes confidences too high: chosen by log loss on everyday articles, out of fold
STRENGTH_OF_VALUES: Final[float] = _RECIPE["strength_of_values"]
CURVATURE: Final[float] = _RECIPE["curvature"]  # approximate second derivative of one example's loss
STEPS_TO_PRUNE: Final[int] = _RECIPE["steps_to_prune"]  # iterations
STEPS: Final[int] = _RECIPE["steps"]
TOLERANCE: Final[float] = _RECIPE["tolerance"]  # relative decrease of the loss at which the iterations stop
SECOND: Final[float] = _RECIPE["second"]  # regularization of a domain's second weights, relative to the shared ones


def fit(
    examples: Sequence[Examples],
    vocabulary: Vocabulary,
    max_weights: int,
    strength: float,
    words: frozenset[str] = frozenset(),
) -> LinearModel:
    """Fit a model of at most `max_weights` weights. `strength` is scikit-learn's C: larger means less regularization.
    The
    features kept are those with the largest weight times the square root of their frequency."""
    rows = [row for part in examples for row in part.rows]
    right = np.array([right for part in examples for right in part.right])
    weights = np.concatenate([np.full(len(part.rows), part.weight) for part in examples])
    matrix = _matrix(rows, len(vocabulary.index))
    frequencies = np.asarray(matrix.sum(axis=0)).ravel()
    columns = np.flatnonzero(frequencies >= MIN_COUNT)
    coefficients, _ = logistic(matrix[:, columns], right, weights, strength, STEPS_TO_PRUNE)
    importance = np.abs(coefficients) * np.sqrt(frequencies[columns])
    columns = np.sort(columns[np.argsort(-importance, kind="stable")[:max_weights]])
    coefficients, bias = logistic(matrix[:, columns], right, weights, strength, STEPS)
    names = list(vocabulary.index)
    fitted = {
        names[column]: round(float(weight), DIGITS)
        for column, weight in zip(columns, coefficients, strict=True)
        if round(float(weight), DIGITS)
    }
    return LinearModel(round(bias, DIGITS), fitted, words)


def logistic(
    matrix: scipy.sparse.csr_matrix, right: NDArray[np.bool_], weights: NDArray[np.float64], strength: float, steps: int
) -> tuple[NDArray[np.float64], float]:
    """Return the coefficients and the bias of a logistic regression with an L2 penalty, found by L-BFGS.

    Each coefficient is scaled by how often its feature occurs: among millions of features most are rare, and rare ones
    converge slowly otherwise.

    Args:
        matrix: Examples by features, of ones and zeros.
        strength: scikit-learn's C.
        steps: Iterations at most.
    """
    signs = np.where(right, 1.0, -1.0)
    transposed = matrix.T
    scale = np.append(1 / np.sqrt(CURVATURE * (transposed @ weights) + 1 / strength), 1 / np.sqrt(weights.sum()))

    def loss(scaled: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        point = scale * scaled
        margins = signs * (matrix @ point[:-1].astype(np.float32) + point[-1])
        slopes = -signs * weights * scipy.special.expit(-margins)
        gradient = np.append(transposed @ slopes.astype(np.float32) + point[:-1] / strength, slopes.sum())
        penalty = point[:-1] @ point[:-1] / (2 * strength)
        return float(weights @ np.logaddexp(0.0, -margins) + penalty), scale * gradient

    result = scipy.optimize.minimize(
        loss,
        np.zeros(len(scale)),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": steps, "ftol": TOLERANCE, "gtol": 0},
    )
    point = scale * result.x
    return point[:-1], float(point[-1])


def _matrix(rows: list[NDArray[np.int32]], width: int) -> scipy.sparse.csr_matrix:
    ends = np.concatenate([[0], np.cumsum([len(row) for row in rows])])
    return scipy.sparse.csr_matrix((np.ones(ends[-1], np.float32), np.concatenate(rows), ends), (len(rows), width))


def fit_values(
    values: Sequence[dict[str, float]],
    right: Sequence[bool],
    weights: Sequence[float],
    special: Sequence[bool] | None = None,
) -> LinearModel:
    """Fit a logistic regression over named values. A missing value counts as 0; rare names are dropped. The scaling of
    values is folded into the weights.

    Args:
        weights: Weight of each example.
        special: Which examples belong to the model's target domain. Each value then has a second weight for these
            alone, and the sum of both is returned (Daumé 2007, "Frustratingly easy domain adaptation"): where the
            domain has too few examples, the others decide.
    """
    named = Counter(name for example in values for name in example)
    names = sorted(name for name, times in named.items() if times >= RARE)
    table = DictVectorizer().fit([dict.fromkeys(names, 1.0)])
    rows = table.transform(values)
    spread = np.sqrt(np.maximum(_means(rows.multiply(rows)) - _means(rows) ** 2, 0.0))
    scale = np.where(spread > 0, np.maximum(spread, NARROW), 1.0)
    scaled = scipy.sparse.hstack([rows @ scipy.sparse.diags(1 / scale), np.ones((len(values), 1))]).tocsr()
    if special is not None:
        domain_columns = scipy.sparse.diags(SECOND * np.array(special, float)) @ scaled
        scaled = scipy.sparse.hstack([scaled, domain_columns]).tocsr()
    learner = LogisticRegression(C=STRENGTH_OF_VALUES, max_iter=1000).fit(scaled, np.array(right), np.array(weights))
    coefficients = learner.coef_[0]
    if special is not None:
        coefficients = coefficients[: len(scale) + 1] + SECOND * coefficients[len(scale) + 1 :]
    bias = round(float(learner.intercept_[0] + coefficients[-1]), 3)
    result = zip(table.get_feature_names_out(), coefficients[:-1] / scale, strict=True)
    return LinearModel(bias, {name: round(float(weight), 3) for name, weight in result if round(float(weight), 3)})


def _means(rows: scipy.sparse.spmatrix) -> NDArray[np.float64]:
    return np.asarray(rows.mean(axis=0)).ravel()
