"""Linear models over named features, read from JSON, and their lookup for many candidates at once.

The name of a feature is a template whose columns are filled from the row of a candidate: "class={kind} path={path}".
Training and explanations read the names. Scores only need a hash of each name, and a polynomial hash of a text follows
from the hashes of its parts, so that a few products of arrays take the place of thousands of strings.

A file has a `bias` and a weight for each feature, in log-odds. `weights/CARD.md` describes the training data and
method.
"""

import json
import math
import zlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from itertools import chain, count, islice, repeat
from operator import mul
from string import Formatter
from typing import Final

import numpy as np
from numpy.typing import NDArray

from service.extraction.attribution.name_table import Hashes, NameTable, hashes_of
from service.extraction.report import Weight

StringIds = NDArray[np.int32]  # ids of a `StringTable`
Columns = dict[str, StringIds]

_MISSING: Final = "\0"  # stands for None: no name contains it
_DECIMALS: Final = (100, 1_000, 10_000)  # possible scales: weights have two, three or four decimals
_IMPOSSIBLE: Final = 1e-4  # stands for a probability of 0
NAMES: Final = ("cues", "contents", "sources", "quoted_spans", "confidence", "speech")
_LARGE: Final = frozenset({"cues", "contents", "sources"})  # their features are weighted for all candidates at once
WITH_READER: Final = ("reader-cues", "reader-contents", "reader-sources", "reader-confidence", "reader-speech")


class StringTable:
    """Interned texts with consecutive ids. Id 0 is None, for a value that a candidate does not have."""

    def __init__(self) -> None:
        self._ids: defaultdict[str | None, int] = defaultdict(count().__next__)
        self._ids[None]
        self._hashes = self._powers = np.zeros(0, np.uint64)

    def __len__(self) -> int:
        return len(self._ids)

    def ids(self, texts: Iterable[str | None], size: int) -> StringIds:
        """Return the ids of `size` texts; new texts get the next ids."""
        return np.fromiter(map(self._ids.__getitem__, texts), np.int32, size)

    def id_of(self, text: str) -> int:
        """Return the id of a text, which gets the next id if it is new."""
        return self._ids[text]

    def columns(self, rows: Sequence[Sequence[str | None]], width: int) -> NDArray[np.int32]:
        """Return the ids of the texts in each column of `rows` [width, rows]."""
        return self.ids(chain.from_iterable(rows), len(rows) * width).reshape(-1, width).T

    def texts(self) -> list[str | None]:
        """Return all texts in the order of their ids."""
        return list(self._ids)

    def hashes(self) -> tuple[Hashes, Hashes]:
        """Return `hashes_of` all texts in the order of their ids."""
        new = islice(self._ids, len(self._hashes), None)
        hashes, powers = hashes_of([_MISSING if text is None else text for text in new])
        self._hashes = np.concatenate([self._hashes, hashes])
        self._powers = np.concatenate([self._powers, powers])
        return self._hashes, self._powers


class Templates:
    """Templates of features over named columns, in the syntax of `str.format` without conversions.

    A column has the id of a text for each row. A row in which one of a template's columns is None lacks that feature.
    """

    def __init__(self, templates: Iterable[str]) -> None:
        self.templates = tuple(templates)
        parsed = [list(Formatter().parse(template)) for template in self.templates]
        self._names = [[name for _, name, _, _ in parts if name is not None] for parts in parsed]
        self._literals = [[text for text, _, _, _ in parts] + [""] * (parts[-1][1] is not None) for parts in parsed]
        self.columns = tuple(dict.fromkeys(chain.from_iterable(self._names)))
        self._groups = []  # templates with equally many columns
        for size in sorted(set(map(len, self._names))):
            indices = [index for index, names in enumerate(self._names) if len(names) == size]
            columns_of = np.array([[self.columns.index(name) for name in self._names[index]] for index in indices]).T
            texts = list(chain.from_iterable(zip(*(self._literals[index] for index in indices), strict=True)))
            hashes, powers = (part.reshape(size + 1, -1, 1) for part in hashes_of(texts))
            self._groups.append((columns_of, hashes, powers))

    def features(self, strings: StringTable, columns: Columns) -> list[list[str]]:
        """Return the names of the features of each row, in the order of the templates."""
        texts = strings.texts()
        rows = zip(*(columns[name].tolist() for name in self.columns), strict=True)
        result = []
        for row in rows:
            values = {name: texts[string] for name, string in zip(self.columns, row, strict=True)}
            known = (
                t
                for t, names in zip(self.templates, self._names, strict=True)
                if None not in {values[n] for n in names}
            )
            result.append([template.format_map(values) for template in known])
        return result

    def ids(self, table: NameTable, strings: StringTable, columns: Columns) -> NDArray[np.int32]:
        """Return the ids in `table` of the features of each row [templates, rows], 0 where they are unknown."""
        rows = np.stack([columns[name] for name in self.columns])
        hashes, powers = (part[rows] for part in strings.hashes())
        result = []
        for indices, literals, of_literals in self._groups:
            total: Hashes = np.broadcast_to(literals[0], (literals.shape[1], rows.shape[1]))
            for index, literal, power in zip(indices, literals[1:], of_literals[1:], strict=True):
                total = (total * powers[index] + hashes[index]) * power + literal
            result.append(total.ravel())
        return table.ids(np.concatenate(result)).reshape(len(self.templates), -1)


class HashedWeights(Mapping[str, float]):
    """The weights of features by the hashes of their names, in a third of the memory of a dictionary.

    Looking up many names at once is fast; looking up one takes as long as a hundred. An unknown name with the same hash
    of 64 bits as a known one would be taken for it.
    """

    def __init__(self, weights: Mapping[str, float]) -> None:
        """Take weights with at most four decimals. Raises a ValueError if one has more."""
        self.scale = _scale_of(weights.values())
        _check_scale(self.scale)
        self.table = NameTable(tuple(weights))
        self.units = np.array([0, *(round(weight * self.scale) for weight in weights.values())], np.float64)
        self._names = zlib.compress("\n".join(weights).encode("utf-8", "surrogatepass"))

    def units_of(self, names: Sequence[str]) -> NDArray[np.float64]:
        """Return the weights of `names` times `scale`, which are integers; 0 for unknown names."""
        result: NDArray[np.float64] = self.units[self.table.ids(hashes_of(names)[0])]
        return result

    def __getitem__(self, name: str) -> float:
        (name_id,) = self.table.ids(hashes_of([name])[0])
        if not name_id:
            raise KeyError(name)
        return float(self.units[name_id]) / self.scale

    def __len__(self) -> int:
        return len(self.units) - 1

    def __iter__(self) -> Iterator[str]:
        return iter(zlib.decompress(self._names).decode("utf-8", "surrogatepass").split("\n") if len(self) else ())


@dataclass(frozen=True, slots=True)
class LinearModel:
    """A bias and the weights by feature name, in log-odds. `words` are the lexemes that were candidates in training."""

    bias: float
    weights: Mapping[str, float]
    words: frozenset[str] = frozenset()
    _units: dict[str, int] = field(init=False, repr=False, compare=False)  # the weights as integers, times `_scale`
    _scale: int = field(init=False, repr=False, compare=False)
    _lookup: list[tuple[NameTable, NDArray[np.float64]]] = field(
        default_factory=list, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        units: dict[str, int] = {}
        if isinstance(self.weights, HashedWeights):
            scale = self.weights.scale
            self._lookup.append((self.weights.table, self.weights.units))
        else:
            scale = _scale_of(self.weights.values())
            shared: dict[int, int] = {}  # one object per value, for locality in memory
            for feature, weight in self.weights.items():
                unit = round(weight * scale)
                units[feature] = shared.setdefault(unit, unit)
        object.__setattr__(self, "_scale", scale)
        object.__setattr__(self, "_units", units)

    def score(self, features: Iterable[str]) -> float:
        """Return the log-odds of a choice with these features, each counted once.

        The sum is exact, because the order of a set of strings differs between processes and the result must not.
        """
        if isinstance(self.weights, HashedWeights):
            return self.score_each([list(set(features))])[0]
        units = self._units
        return self.bias + sum(map(units.__getitem__, units.keys() & features)) / self._scale

    def score_each(self, candidates: Sequence[Sequence[str]]) -> list[float]:
        """Return the log-odds of choices with these features, which must be without duplicates."""
        if isinstance(self.weights, HashedWeights):
            rows = np.repeat(np.arange(len(candidates)), np.array([len(item) for item in candidates], np.intp))
            units = self.weights.units_of(list(chain.from_iterable(candidates)))
            return self._log_odds(np.bincount(rows, units, len(candidates)))
        return [self.bias + sum(map(self._units.get, item, repeat(0))) / self._scale for item in candidates]

    def score_rows(self, templates: Templates, strings: StringTable, columns: Columns) -> list[float]:
        """Return the same as `score_each` for the features of each row."""
        table, units = self._table()
        return self._log_odds(units[templates.ids(table, strings, columns)].sum(axis=0))

    def score_groups(
        self, groups: Iterable[tuple[Templates, Columns, NDArray[np.int64]]], strings: StringTable, size: int
    ) -> list[float]:
        """Return the same as `score` for each of `size` candidates, whose features come from several rows.

        Each group has the templates and columns of its rows, and the index of the candidate that each row belongs to.
        """
        table, units = self._table()
        pairs = []
        for templates, columns, candidates in groups:
            ids = templates.ids(table, strings, columns)
            pair = candidates * len(units) + ids
            pairs.append(pair[ids > 0])
        pair = np.sort(np.concatenate(pairs))
        candidates_of, ids_of = np.divmod(pair[np.diff(pair, prepend=-1) > 0], len(units))
        return self._log_odds(np.bincount(candidates_of, units[ids_of], size))

    def _log_odds(self, sums: NDArray[np.number]) -> list[float]:
        result: list[float] = (self.bias + sums / self._scale).tolist()
        return result

    def _table(self) -> tuple[NameTable, NDArray[np.float64]]:
        """Return the ids of the feature names, and the weights by id, as integers times `_scale`."""
        if not self._lookup:
            _check_scale(self._scale)
            self._lookup.append((NameTable(tuple(self._units)), np.array([0, *self._units.values()], np.float64)))
        return self._lookup[0]

    def weighted_sum(self, values: Mapping[str, float]) -> float:
        """Return the log-odds of a choice whose features have these values."""
        weighted: Iterator[float] = map(mul, map(self.weights.get, values, repeat(0.0)), values.values())
        return self.bias + sum(weighted)

    def weighted_sums(self, names: Sequence[str], rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the log-odds of choices whose features `names` have the values in each row [rows, names]."""
        result = np.full(len(rows), self.bias)
        for name, column in zip(names, rows.T, strict=True):  # a product of matrices rounds differently by their size
            result += self.weights.get(name, 0.0) * column
        return result

    def top_features(self, values: Mapping[str, float], limit: int) -> tuple[Weight, ...]:
        """Return the `limit` features with the largest contributions, largest first.

        `values` are the values of the features: 1 for a feature that is either present or absent.
        """
        if isinstance(self.weights, HashedWeights):
            weights = (self.weights.units_of(list(values)) / self._scale).tolist()
        else:
            weights = [self.weights.get(feature, 0.0) for feature in values]
        contributions = [
            Weight(feature, round(weight * value, 3))
            for (feature, value), weight in zip(values.items(), weights, strict=True)
            if weight
        ]
        largest = sorted(contributions, key=lambda weight: (-abs(weight.weight), weight.feature))[:limit]
        return tuple(weight for weight in largest if weight.weight)


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
    """One model for each decision, which combines the reader's features with the score of the model without them, and
    one for each of the two probabilities. They are used for parses with a reader's output."""

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
    """Read the models from the files in `folder`; those with the reader's features are optional."""
    reader = None
    if (folder / f"{WITH_READER[0]}.json").is_file():
        reader = ReaderModels(*(read_model(folder / f"{name}.json") for name in WITH_READER))
    cues, contents, sources, quoted_spans, confidence, speech = (
        read_model(folder / f"{name}.json", name in _LARGE) for name in NAMES
    )
    return Models(cues, contents, sources, quoted_spans, confidence, speech, reader)


def read_model(file: Traversable, large: bool = False) -> LinearModel:
    """Read one model; the weights of a `large` one are kept by hash."""
    table = json.loads(file.read_text(encoding="utf-8"))
    weights = HashedWeights(table["weights"]) if large else table["weights"]
    return LinearModel(table["bias"], weights, frozenset(table.get("words", ())))


def _scale_of(weights: Collection[float]) -> int:
    """Return the scale that makes every weight an integer, so that sums are exact.

    Weights have few decimals, so small integers suffice. For any other weights, a power of two does, as for every
    float.
    """
    for parts in _DECIMALS:
        if all(round(weight * parts) / parts == weight for weight in weights):
            return parts
    return max(weight.as_integer_ratio()[1] for weight in weights)


def _check_scale(scale: int) -> None:
    if scale > _DECIMALS[-1]:
        raise ValueError(f"A weight has more than {len(str(_DECIMALS[-1])) - 1} decimals. Round the weights.")


def probability(log_odds: float) -> float:
    """Convert log-odds to a probability, 0 to 1."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, log_odds))))


def log_odds(chance: float) -> float:
    """Convert a probability to log-odds, those of 0 and 1 to a large finite number."""
    inside = min(max(chance, _IMPOSSIBLE), 1 - _IMPOSSIBLE)
    return math.log(inside / (1 - inside))
