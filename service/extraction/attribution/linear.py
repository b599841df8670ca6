"""Linear models over named features, read from JSON, and their lookup for many candidates at once.

The name of a feature is a template whose columns are filled from the row of a candidate: "class={kind} path={path}".
Training and explanations read the names. Scores only need a hash of each name, and a polynomial hash of a text follows
from the hashes of its parts, so that a few products of arrays take the place of thousands of strings.

A file has a `bias` and a weight for each feature, in log-odds. `weights/CARD.md` describes the training data and
method.
"""

import json
import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from itertools import chain, count, islice, repeat
from string import Formatter
from typing import Final

import numpy as np
from numpy.typing import NDArray

from service.extraction.report import Weight

Hashes = NDArray[np.uint64]
StringIds = NDArray[np.int32]  # ids of a `StringTable`
Columns = dict[str, StringIds]

_BASE: Final = 0x9E3779B97F4A7C15  # odd, so that no power of it is 0 modulo 2 ** 64
_SPREAD: Final = np.uint64(0xBF58476D1CE4E5B9)
_MISSING: Final = "\0"  # stands for None: no name contains it
_FREE: Final = np.uint64(0)  # the hash in a free slot
_SLOTS: Final = 8  # per name at least, so that most lookups end in the first slot
_DECIMALS: Final = (100, 1_000, 10_000)  # possible scales: weights have two, three or four decimals
_IMPOSSIBLE: Final = 1e-4  # stands for a probability of 0
NAMES: Final = ("cues", "contents", "sources", "quoted_spans", "confidence", "speech")
WITH_READER: Final = ("reader-cues", "reader-contents", "reader-sources", "reader-confidence", "reader-speech")


def hashes_of(texts: Sequence[str]) -> tuple[Hashes, Hashes]:
    """Return the polynomial hash of each text, modulo 2 ** 64, and the power of the base that its length asks for.

    The hash of one text followed by another is the first hash times the other's power, plus the other's hash.
    """
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    powers = np.full(lengths.max(initial=0) + 1, _BASE, np.uint64)
    powers[0] = 1
    np.cumprod(powers, out=powers)
    ends = lengths.cumsum()
    places = np.repeat(ends, lengths) - 1 - np.arange(len(codes))  # counted from the end of each text
    sums = np.zeros(len(codes) + 1, np.uint64)
    np.cumsum((codes + np.uint64(1)) * powers[places], out=sums[1:])
    return sums[ends] - sums[ends - lengths], powers[lengths]


class NameTable:
    """Ids of feature names, from 1, by hash: an open-addressing hash table with linear probing."""

    def __init__(self, names: Sequence[str]) -> None:
        hashes, _ = hashes_of(names)
        if len(np.unique(hashes)) < len(names) or _FREE in hashes:
            raise ValueError("Two names of features have the same hash. Rename one of them.")
        bits = (len(names) * _SLOTS).bit_length()
        self._shift = np.uint64(64 - bits)
        self._mask = np.uint64((1 << bits) - 1)
        self._hashes = np.zeros(1 << bits, np.uint64)
        self._ids = np.zeros(1 << bits, np.int32)
        left, slots = np.arange(len(names)), self._first_slots(hashes)
        while len(left):  # each round fills every free slot that is the next one of some name
            _, chosen = np.unique(slots, return_index=True)
            chosen = chosen[self._hashes[slots[chosen]] == _FREE]
            self._hashes[slots[chosen]] = hashes[left[chosen]]
            self._ids[slots[chosen]] = left[chosen] + 1
            waiting = np.ones(len(left), np.bool_)
            waiting[chosen] = False
            left, slots = left[waiting], (slots[waiting] + np.uint64(1)) & self._mask

    def _first_slots(self, hashes: Hashes) -> Hashes:
        slots: Hashes = (hashes * _SPREAD) >> self._shift
        return slots

    def ids(self, hashes: Hashes) -> NDArray[np.int32]:
        """Return the id of the name with each hash, 0 for unknown names. `hashes` has one axis."""
        slots = self._first_slots(hashes)
        met = self._hashes[slots]
        result = np.where(met == hashes, self._ids[slots], 0)
        (others,) = np.nonzero((met != hashes) & (met != _FREE))
        while len(others):
            slots[others] = slot = (slots[others] + np.uint64(1)) & self._mask
            met, searched = self._hashes[slot], hashes[others]
            result[others] = np.where(met == searched, self._ids[slot], 0)
            others = others[(met != searched) & (met != _FREE)]
        return result


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
            places = [place for place, names in enumerate(self._names) if len(names) == size]
            columns_of = np.array([[self.columns.index(name) for name in self._names[place]] for place in places]).T
            texts = list(chain.from_iterable(zip(*(self._literals[place] for place in places), strict=True)))
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
        for places, literals, of_literals in self._groups:
            total: Hashes = np.broadcast_to(literals[0], (literals.shape[1], rows.shape[1]))
            for place, literal, power in zip(places, literals[1:], of_literals[1:], strict=True):
                total = (total * powers[place] + hashes[place]) * power + literal
            result.append(total.ravel())
        return table.ids(np.concatenate(result)).reshape(len(self.templates), -1)


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
        shared: dict[int, int] = {}  # one object per value, for locality in memory
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

    def score_rows(self, templates: Templates, strings: StringTable, columns: Columns) -> list[float]:
        """Return the same as `score_distinct` for the features of each row."""
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
            if self._scale > _DECIMALS[-1]:
                raise ValueError(f"A weight has more than {len(str(_DECIMALS[-1])) - 1} decimals. Round the weights.")
            self._lookup.append((NameTable(tuple(self._units)), np.array([0, *self._units.values()], np.float64)))
        return self._lookup[0]

    def weigh(self, values: Mapping[str, float]) -> float:
        """Return the log-odds of a choice whose features have these values."""
        return self.bias + sum(self.weights.get(name, 0.0) * value for name, value in values.items())

    def weigh_rows(self, names: Sequence[str], rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the log-odds of choices whose features `names` have the values in each row [rows, names]."""
        result = np.full(len(rows), self.bias)
        for name, column in zip(names, rows.T, strict=True):  # a product of matrices rounds differently by their size
            result += self.weights.get(name, 0.0) * column
        return result

    def top_features(self, values: Mapping[str, float], limit: int) -> tuple[Weight, ...]:
        """Return the `limit` features with the largest contributions, largest first.

        `values` are the values of the features: 1 for a feature that is either present or absent.
        """
        contributions = [
            Weight(feature, round(self.weights[feature] * value, 3))
            for feature, value in values.items()
            if feature in self.weights
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
