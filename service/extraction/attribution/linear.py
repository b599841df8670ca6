"""Linear models over named features, read from JSON.

A file has a `bias` and a weight for each feature, in log-odds. `weights/CARD.md` describes the training data and
method.
"""

import json
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from itertools import repeat
from typing import Final

import numpy as np
from numpy.typing import NDArray

from service.extraction.attribution.feature_templates import Atoms, Columns, NameTable, Templates
from service.extraction.report import Weight

_DECIMALS: Final = (100, 1_000, 10_000)  # possible scales: weights have two, three or four decimals
_IMPOSSIBLE: Final = 1e-4  # stands for a probability of 0
NAMES: Final = ("cues", "contents", "sources", "quoted_spans", "confidence", "speech")
WITH_READER: Final = ("reader-cues", "reader-contents", "reader-sources", "reader-confidence", "reader-speech")


@dataclass(frozen=True, slots=True)
class LinearModel:
    """A bias and the weights by feature name, in log-odds. `words` are the lexemes that were candidates in training."""

    bias: float
    weights: dict[str, float]
    words: frozenset[str] = frozenset()
    _units: dict[str, int] = field(init=False, repr=False, compare=False)  # the weights as integers, times `_scale`
    _scale: int = field(init=False, repr=False, compare=False)
    _lookup: list[tuple[NameTable, NDArray[np.float64]]] = field(
        default_factory=list, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        scale = _scale_of(self.weights.values())
        shared: dict[int, int] = {}  # one object per number, for locality in memory
        units = {feature: round(weight * scale) for feature, weight in self.weights.items()}
        object.__setattr__(self, "_scale", scale)
        object.__setattr__(self, "_units", {feature: shared.setdefault(unit, unit) for feature, unit in units.items()})

    def score(self, features: Iterable[str]) -> float:
        """Return the log-odds of a choice with these features, each counted once.

        The sum is exact, because the order of a set of strings differs between processes and the result must not.
        """
        units = self._units
        return self.bias + sum(map(units.__getitem__, units.keys() & features)) / self._scale

    def score_distinct(self, features: Iterable[str]) -> float:
        """Return the same as `score`, faster, for features without duplicates."""
        return self.bias + sum(map(self._units.get, features, repeat(0))) / self._scale

    def score_rows(self, templates: Templates, atoms: Atoms, columns: Columns) -> list[float]:
        """Return the same as `score_distinct` for the features of each row."""
        table, units = self._table()
        return self._log_odds(units[templates.numbers(table, atoms, columns)].sum(axis=0))

    def score_groups(
        self, groups: Iterable[tuple[Templates, Columns, NDArray[np.int64]]], atoms: Atoms, size: int
    ) -> list[float]:
        """Return the same as `score` for each of `size` candidates, whose features come from several rows.

        Each group has rows of one kind, and the number of the candidate that each row belongs to.
        """
        table, units = self._table()
        pairs = []
        for templates, columns, candidates in groups:
            numbers = templates.numbers(table, atoms, columns)
            pair = candidates * len(units) + numbers
            pairs.append(pair[numbers > 0])
        pair = np.sort(np.concatenate(pairs))
        candidates_of, numbers_of = np.divmod(pair[np.diff(pair, prepend=-1) > 0], len(units))
        return self._log_odds(np.bincount(candidates_of, units[numbers_of], size))

    def _log_odds(self, sums: NDArray[np.number]) -> list[float]:
        found: list[float] = (self.bias + sums / self._scale).tolist()
        return found

    def _table(self) -> tuple[NameTable, NDArray[np.float64]]:
        """Return the numbers of the features by name, and the weights by number, as integers times `_scale`."""
        if not self._lookup:
            if self._scale > _DECIMALS[-1]:
                raise ValueError(f"A weight has more than {len(str(_DECIMALS[-1])) - 1} decimals. Round the weights.")
            self._lookup.append((NameTable(tuple(self._units)), np.array([0, *self._units.values()], np.float64)))
        return self._lookup[0]

    def weigh(self, values: Mapping[str, float]) -> float:
        """Return the log-odds of a choice whose features have these values."""
        return self.bias + sum(self.weights.get(name, 0.0) * value for name, value in values.items())

    def weigh_rows(self, names: Sequence[str], rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the log-odds of choices whose features `names` have the values in each row [rows, names]."""
        found = np.full(len(rows), self.bias)
        for name, column in zip(names, rows.T, strict=True):  # a product of matrices rounds differently by their size
            found += self.weights.get(name, 0.0) * column
        return found

    def reasons(self, values: Mapping[str, float], most: int) -> tuple[Weight, ...]:
        """Return the `most` features that weighed most, heaviest first, given the value of each feature (1 for a
        feature that is there or not)."""
        weighed = [
            Weight(feature, round(self.weights[feature] * value, 3))
            for feature, value in values.items()
            if feature in self.weights
        ]
        heaviest = sorted(weighed, key=lambda one: (-abs(one.weight), one.feature))[:most]
        return tuple(one for one in heaviest if one.weight)


@dataclass(frozen=True, slots=True)
class Models:
    """One model for each decision: cues, contents, sources, the cue of a quoted span, and two probabilities.

    `confidence` is for the probability that an attribution is a correct statement of any kind, `speech` that it is
    speech.
    """

    cues: LinearModel
    contents: LinearModel
    sources: LinearModel
    quoted_spans: LinearModel
    confidence: LinearModel
    speech: LinearModel
    reader: "ReaderModels | None" = None


@dataclass(frozen=True, slots=True)
class ReaderModels:
    """One model for each decision that weighs the reader's numbers with the score of the model without them, and for
    each of the two probabilities. They are used for parses with a reading."""

    cues: LinearModel
    contents: LinearModel
    sources: LinearModel
    confidence: LinearModel
    speech: LinearModel


@cache
def shipped_models() -> Models:
    """Read the models in the package."""
    return read_models(resources.files(__package__) / "weights")


@cache
def speaker_model() -> LinearModel:
    """Read the model for the confidence of a speaker, over the features of `speakers/speaker_features.py`."""
    return read_model(resources.files(__package__) / "weights/speakers.json")


def read_models(folder: Traversable) -> Models:
    """Read the models from the files in `folder`; those with the reader's numbers are optional."""
    reader = None
    if (folder / f"{WITH_READER[0]}.json").is_file():
        reader = ReaderModels(*(read_model(folder / f"{name}.json") for name in WITH_READER))
    cues, contents, sources, quoted_spans, confidence, speech = (read_model(folder / f"{name}.json") for name in NAMES)
    return Models(cues, contents, sources, quoted_spans, confidence, speech, reader)


def read_model(file: Traversable) -> LinearModel:
    """Read one model."""
    table = json.loads(file.read_text(encoding="utf-8"))
    return LinearModel(table["bias"], table["weights"], frozenset(table.get("words", ())))


def _scale_of(weights: Collection[float]) -> int:
    """Return the scale that makes every weight an integer, so that sums are exact.

    Weights have few decimals, so small integers suffice. For any other weights, a power of two does, as for every
    float.
    """
    for parts in _DECIMALS:
        if all(round(weight * parts) / parts == weight for weight in weights):
            return parts
    return max(weight.as_integer_ratio()[1] for weight in weights)


def probability(log_odds: float) -> float:
    """Convert log-odds to a probability, 0 to 1."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, log_odds))))


def log_odds(chance: float) -> float:
    """Convert a probability to log-odds, those of 0 and 1 to a large finite number."""
    inside = min(max(chance, _IMPOSSIBLE), 1 - _IMPOSSIBLE)
    return math.log(inside / (1 - inside))
