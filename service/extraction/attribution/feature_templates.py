"""Features of many candidates at once, looked up in a linear model without building their names.

The name of a feature is a template whose columns are filled from the row of a candidate: "class={kind} path={path}".
Training and explanations read the names. Scores only need a hash of each name, and a polynomial hash of a text follows
from the hashes of its parts, so that a few products of arrays take the place of thousands of strings.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain, count, islice
from string import Formatter
from typing import Final

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]
Numbers = NDArray[np.int32]  # of atoms
Columns = dict[str, Numbers]

_BASE: Final = 0x9E3779B97F4A7C15  # odd, so that no power of it is 0 modulo 2 ** 64
_SPREAD: Final = np.uint64(0xBF58476D1CE4E5B9)
_MISSING: Final = "\0"  # stands for None: no name contains it
_FREE: Final = np.uint64(0)  # the hash in a free slot
_SLOTS: Final = 8  # per name at least, so that most lookups end in the first slot


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
    """The numbers of known names, from 1, by hash: an open-addressing table with linear probing."""

    def __init__(self, names: Sequence[str]) -> None:
        hashes, _ = hashes_of(names)
        if len(np.unique(hashes)) < len(names) or _FREE in hashes:
            raise ValueError("Two names of features have the same hash. Rename one of them.")
        bits = (len(names) * _SLOTS).bit_length()
        self._shift = np.uint64(64 - bits)
        self._mask = np.uint64((1 << bits) - 1)
        self._hashes = np.zeros(1 << bits, np.uint64)
        self._numbers = np.zeros(1 << bits, np.int32)
        left, slots = np.arange(len(names)), self._first_slots(hashes)
        while len(left):  # each round puts one name into each free slot that any name asks for
            _, chosen = np.unique(slots, return_index=True)
            chosen = chosen[self._hashes[slots[chosen]] == _FREE]
            self._hashes[slots[chosen]] = hashes[left[chosen]]
            self._numbers[slots[chosen]] = left[chosen] + 1
            waiting = np.ones(len(left), np.bool_)
            waiting[chosen] = False
            left, slots = left[waiting], (slots[waiting] + np.uint64(1)) & self._mask

    def _first_slots(self, hashes: Hashes) -> Hashes:
        slots: Hashes = (hashes * _SPREAD) >> self._shift
        return slots

    def numbers(self, hashes: Hashes) -> NDArray[np.int32]:
        """Return the number of the name with each hash, 0 for unknown names. `hashes` has one axis."""
        slots = self._first_slots(hashes)
        met = self._hashes[slots]
        found = np.where(met == hashes, self._numbers[slots], 0)
        (others,) = np.nonzero((met != hashes) & (met != _FREE))
        while len(others):
            slots[others] = slot = (slots[others] + np.uint64(1)) & self._mask
            met, wanted = self._hashes[slot], hashes[others]
            found[others] = np.where(met == wanted, self._numbers[slot], 0)
            others = others[(met != wanted) & (met != _FREE)]
        return found


class Atoms:
    """Texts by number. Number 0 is None, for a value that a candidate does not have."""

    def __init__(self) -> None:
        self._numbers: defaultdict[str | None, int] = defaultdict(count().__next__)
        self._numbers[None]
        self._hashes = self._powers = np.zeros(0, np.uint64)

    def __len__(self) -> int:
        return len(self._numbers)

    def numbers(self, texts: Iterable[str | None], size: int) -> Numbers:
        """Return the numbers of `size` texts."""
        return np.fromiter(map(self._numbers.__getitem__, texts), np.int32, size)

    def number(self, text: str) -> int:
        """Return the number of a text."""
        return self._numbers[text]

    def columns(self, rows: Sequence[Sequence[str | None]], width: int) -> NDArray[np.int32]:
        """Return the numbers of the texts in each column of `rows` [width, rows]."""
        return self.numbers(chain.from_iterable(rows), len(rows) * width).reshape(-1, width).T

    def texts(self) -> list[str | None]:
        """Return all texts, by number."""
        return list(self._numbers)

    def hashes(self) -> tuple[Hashes, Hashes]:
        """Return `hashes_of` all texts, by number."""
        new = islice(self._numbers, len(self._hashes), None)
        hashes, powers = hashes_of([_MISSING if text is None else text for text in new])
        self._hashes = np.concatenate([self._hashes, hashes])
        self._powers = np.concatenate([self._powers, powers])
        return self._hashes, self._powers


class Templates:
    """Templates of features over named columns, in the syntax of `str.format` without conversions.

    A column has the number of an atom for each row. A row without one of a template's atoms has no such feature.
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

    def features(self, atoms: Atoms, columns: Columns) -> list[list[str]]:
        """Return the names of the features of each row, in the order of the templates."""
        texts = atoms.texts()
        rows = zip(*(columns[name].tolist() for name in self.columns), strict=True)
        found = []
        for row in rows:
            values = {name: texts[number] for name, number in zip(self.columns, row, strict=True)}
            known = (
                t
                for t, names in zip(self.templates, self._names, strict=True)
                if None not in {values[n] for n in names}
            )
            found.append([template.format_map(values) for template in known])
        return found

    def numbers(self, table: NameTable, atoms: Atoms, columns: Columns) -> NDArray[np.int32]:
        """Return the numbers in `table` of the features of each row [templates, rows], 0 where they are unknown."""
        rows = np.stack([columns[name] for name in self.columns])
        hashes, powers = (part[rows] for part in atoms.hashes())
        found = []
        for places, literals, of_literals in self._groups:
            total: Hashes = np.broadcast_to(literals[0], (literals.shape[1], rows.shape[1]))
            for place, literal, of_literal in zip(places, literals[1:], of_literals[1:], strict=True):
                total = (total * powers[place] + hashes[place]) * of_literal + literal
            found.append(total.ravel())
        return table.numbers(np.concatenate(found)).reshape(len(self.templates), -1)
