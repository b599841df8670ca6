"""A linear model over named features, read from a file that a person can read too.

A file holds `bias` and `weights`: how much each feature speaks for (above 0) or against a choice, in log-odds. How the
weights were learned, and from what, is told in `weights/CARD.md`.
"""

import json
import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from itertools import repeat
from typing import Final

_DECIMALS: Final = (100, 1_000, 10_000)  # parts of one that weights are written in
NAMES: Final = ("cues", "contents", "sources", "stretches", "confidence", "speech")


@dataclass(frozen=True, slots=True)
class LinearModel:
    """Weights by feature. `words` are the lexemes that the model was taught to look at, where it was taught any."""

    bias: float
    weights: dict[str, float]
    words: frozenset[str] = frozenset()
    _units: dict[str, int] = field(
        init=False, repr=False, compare=False
    )  # the weights in parts of one, `_in_one` of them
    _in_one: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        in_one = _parts(self.weights.values())
        shared: dict[int, int] = {}  # one object for each number: few, so that they lie close together
        units = {feature: round(weight * in_one) for feature, weight in self.weights.items()}
        object.__setattr__(self, "_in_one", in_one)
        object.__setattr__(self, "_units", {feature: shared.setdefault(unit, unit) for feature, unit in units.items()})

    def score(self, features: Iterable[str]) -> float:
        """The log-odds of a choice with these features, each counted once. Summed exactly, for the order of a set of
        strings is another in each process, and the same input gives the same answer."""
        units = self._units
        return self.bias + sum(map(units.__getitem__, units.keys() & features)) / self._in_one

    def score_distinct(self, features: Iterable[str]) -> float:
        """The same, for features of which none is there twice."""
        return self.bias + sum(map(self._units.get, features, repeat(0))) / self._in_one

    def weigh(self, values: Mapping[str, float]) -> float:
        """The log-odds of a choice whose features have these values."""
        return self.bias + sum(self.weights.get(name, 0.0) * value for name, value in values.items())

    def reasons(self, features: Iterable[str], most: int) -> list[tuple[str, float]]:
        """The `most` features that weighed most, heaviest first."""
        known = [(feature, self.weights[feature]) for feature in set(features) if feature in self.weights]
        return sorted(known, key=lambda pair: (-abs(pair[1]), pair[0]))[:most]


@dataclass(frozen=True, slots=True)
class Models:
    """One model for each choice: which word is a cue, what it reports, by whom, whose a quoted stretch is; how sure it
    is that all this is a statement of any kind (`confidence`), and that it is speech."""

    cues: LinearModel
    contents: LinearModel
    sources: LinearModel
    quoted_spans: LinearModel
    confidence: LinearModel
    speech: LinearModel


@cache
def shipped_models() -> Models:
    """The models that ship with the package."""
    return read_models(resources.files(__package__) / "weights")


@cache
def speaker_model() -> LinearModel:
    """The model of how sure a speaker is, over `service/extraction/speakers/speaker_features.py`."""
    return _read(resources.files(__package__) / "weights/speakers.json")


def read_models(folder: Traversable) -> Models:
    """The models whose files stand in `folder`."""
    return Models(*(_read(folder / f"{name}.json") for name in NAMES))


def _read(file: Traversable) -> LinearModel:
    table = json.loads(file.read_text(encoding="utf-8"))
    return LinearModel(table["bias"], table["weights"], frozenset(table.get("words", ())))


def _parts(weights: Collection[float]) -> int:
    """Into how many parts one is divided, so that each weight is a whole number of them. Sums of whole numbers are
    exact, and quick while they are small: weights are written with few decimals. Any float is a whole number of halves
    of halves …."""
    for parts in _DECIMALS:
        if all(round(weight * parts) / parts == weight for weight in weights):
            return parts
    return max(weight.as_integer_ratio()[1] for weight in weights)


def probability(log_odds: float) -> float:
    """Log-odds as a number from 0 to 1."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, log_odds))))
