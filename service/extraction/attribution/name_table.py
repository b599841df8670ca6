"""Hashes of texts, and a table of known names by their hashes."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]

_BASE: Final = 0x9E3779B97F4A7C15  # odd, so that no power of it is 0 modulo 2 ** 64
_SPREAD: Final = np.uint64(0xBF58476D1CE4E5B9)
_FREE: Final = np.uint64(0)  # the hash in a free slot
_SLOTS: Final = 4  # per name at least, so that most lookups end in the first slot


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
