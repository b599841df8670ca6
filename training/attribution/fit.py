"""Fits the linear models: logistic regression, pruned to the features that weigh most (scikit-learn's liblinear)."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

import numpy as np
import scipy.sparse
from numpy.typing import NDArray
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from service.extraction.learned.linear import LinearModel
from training.attribution.examples import Examples, Vocabulary

FEWEST: Final = 4  # times that a feature must be seen
DIGITS: Final = 2  # of a weight, as it is shipped
RARE: Final = 25  # times that a value must be named
NARROW: Final = 0.5  # the least spread that a value is scaled by: rare names are drawn to zero
STRENGTH_OF_VALUES: Final = 0.3


def fit(
    examples: Sequence[Examples],
    vocabulary: Vocabulary,
    most: int,
    strength: float,
    words: frozenset[str] = frozenset(),
) -> LinearModel:
    """A model of at most `most` weights. `strength` is scikit-learn's C: the larger, the less the weights are drawn to
    zero. The features kept are those whose weight, times the root of how often they are seen, is largest."""
    rows = [row for one in examples for row in one.rows]
    right = np.array([right for one in examples for right in one.right])
    matrix = _matrix(rows, len(vocabulary.numbers))
    seen = np.asarray(matrix.sum(axis=0)).ravel()
    columns = np.flatnonzero(seen >= FEWEST)
    learner = LogisticRegression(C=strength, solver="liblinear", max_iter=200)
    weighed = np.abs(learner.fit(matrix[:, columns], right).coef_[0]) * np.sqrt(seen[columns])
    columns = np.sort(columns[np.argsort(-weighed, kind="stable")[:most]])
    learner.fit(matrix[:, columns], right)
    names = list(vocabulary.numbers)
    weights = {
        names[column]: round(float(weight), DIGITS)
        for column, weight in zip(columns, learner.coef_[0], strict=True)
        if round(float(weight), DIGITS)
    }
    return LinearModel(round(float(learner.intercept_[0]), DIGITS), weights, words)


def _matrix(rows: list[NDArray[np.int32]], width: int) -> scipy.sparse.csr_matrix:
    ends = np.concatenate([[0], np.cumsum([len(row) for row in rows])])
    return scipy.sparse.csr_matrix((np.ones(ends[-1], np.float32), np.concatenate(rows), ends), (len(rows), width))


def fit_values(values: Sequence[dict[str, float]], right: Sequence[bool]) -> LinearModel:
    """A logistic regression over named values, a value that is not named being 0; names that are rare are left out. The
    values' scaling is folded into the weights."""
    named = Counter(name for one in values for name in one)
    names = sorted(name for name, times in named.items() if times >= RARE)
    table = DictVectorizer(sparse=False).fit([dict.fromkeys(names, 1.0)])
    rows = table.transform(values)
    scale = np.where(rows.std(axis=0) > 0, np.maximum(rows.std(axis=0), NARROW), 1.0)
    learner = LogisticRegression(C=STRENGTH_OF_VALUES, max_iter=3000).fit(rows / scale, np.array(right))
    weights = learner.coef_[0] / scale
    found = zip(table.get_feature_names_out(), weights, strict=True)
    return LinearModel(
        round(float(learner.intercept_[0]), 3), {name: round(float(weight), 3) for name, weight in found}
    )
