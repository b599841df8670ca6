"""py3langid's model in a third of its memory: tables that are mostly one value per column keep only the others.

The languages and probabilities are exactly py3langid's.
"""

from array import array
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier
from py3langid.modelio import load_model

_BYTES: Final = 256


class SparseMoves:
    """The transitions of a byte automaton: what py3langid reads at `row * 256 + byte` of one array.

    A row keeps the bytes at which it differs from the first row.
    """

    def __init__(self, moves: NDArray[np.unsignedinteger[Any]]) -> None:
        """Take the `moves` [rows × 256]."""
        rows = moves.reshape(-1, _BYTES)
        differs = rows != rows[0]
        self._usual = rows[0].tolist()
        self._bytes = np.nonzero(differs)[1].astype(np.uint8).tobytes()
        self._targets = array("I", rows[differs].astype(np.uint32).tobytes())
        self._starts = array("I", _starts(differs).tobytes())

    def __getitem__(self, place: int) -> int:
        row, byte = place >> 8, place & 255
        found = self._bytes.find(byte, self._starts[row], self._starts[row + 1])
        target: int = self._usual[byte] if found < 0 else self._targets[found]
        return target


class SparseTable:
    """The log-probabilities of each feature in each language [features, languages], indexed by arrays of features.

    A row keeps the languages in which the feature was seen; in the others, it has the language's lowest value.
    """

    def __init__(self, table: NDArray[np.floating[Any]]) -> None:
        self._lowest = table.min(0)
        seen = table != self._lowest
        self._languages = np.nonzero(seen)[1].astype(np.min_scalar_type(table.shape[1]))
        self._values = table[seen]
        self._starts = _starts(seen).astype(np.intp)

    def __getitem__(self, features: NDArray[np.intp]) -> NDArray[np.floating[Any]]:
        first = self._starts[features]
        counts = self._starts[features + 1] - first
        before = np.cumsum(counts) - counts
        kept = np.arange(counts.sum()) + np.repeat(first - before, counts)
        rows = np.repeat(np.arange(len(features)) * len(self._lowest), counts)
        found = np.tile(self._lowest, len(features))
        found[rows + self._languages[kept]] = self._values[kept]
        return found.reshape(len(features), -1)


def _starts(kept: NDArray[np.bool_]) -> NDArray[np.uint32]:
    """Return the number of kept values before each row, and before the end."""
    return np.concatenate([[0], np.cumsum(kept.sum(1))]).astype(np.uint32)


def load_identifier() -> LanguageIdentifier:
    """Load py3langid's model, with probabilities that sum to 1. Takes a second."""
    table, priors, languages, moves, rows, features = load_model(MODEL_DIR / MODEL_FILE)
    return LanguageIdentifier(
        SparseTable(table), priors, languages, SparseMoves(np.asarray(moves)), array("i", features), norm_probs=True,
        tk_row=rows,
    )  # fmt: skip
