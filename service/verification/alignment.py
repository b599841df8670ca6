"""Where in an article the words of a printed quote stand: the best way to lay the one along the other.

The method is Smith and Waterman's (1981) over words instead of letters, with two changes. The quote is laid down whole
while the article's ends are free, so a quote's first word may be a changed one. And leaving out words of the article
costs an opening and a little for each word (Gotoh 1982), by where it is done: little where the article itself goes
between two stretches of a speech, next to nothing where the printed quote has an ellipsis.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

_Numbers = NDArray[np.float64]

_CHANGED: Final = 1.0  # a word for another
_ADDED: Final = 1.05  # a word that the article has not: so much more that a changed word at the end is one
_ACROSS: Final = 0.6  # more, for a change of a word beyond a sentence's end
_NARRATED: Final = 0.5  # more, for a change of a word that nobody says
_OPENED: Final = 1.0  # words left out
_OPENED_BETWEEN: Final = 0.2  # ... that stand between two stretches
_LEFT_OUT: Final = 0.03  # each of them
_CUT: Final = 0.1  # the same where an ellipsis shows it
_LEFT_OUT_IN_CUT: Final = 0.001
_BRACKETED: Final = 0.1  # a bracket that stands for nothing, or for more than a word
_LEFT_OUT_IN_BRACKET: Final = 0.3  # each word more that it stands for
_BONUS: Final = 0.5  # for the whole quote, less than any change costs: likelier places win where the words are alike
_ENDS_TRIED: Final = 64  # and so many places found at most
_DOWN, _OUT, _HERE = 1, 2, 4  # how a cell was reached: a word added, words left out, or these begin here


@dataclass(frozen=True, slots=True)
class Ground:
    """The article as it is laid along: an id for each word's form, and what is known of each word's place.

    `spoken` says whether somebody says the word; `stretch` whether it is the first of a spoken stretch; `sentence`
    whether it begins a sentence; `likely` from 0 to 1 how welcome the place is.
    """

    forms: NDArray[np.int64]
    spoken: NDArray[np.bool_]
    stretch: NDArray[np.bool_]
    sentence: NDArray[np.bool_]
    likely: _Numbers


@dataclass(frozen=True, slots=True)
class Row:
    """One printed word: the id of its form (-1: not in the article), its weight, whether it is a bracket and so may
    stand for any words, and whether an ellipsis stands behind it."""

    form: int
    weight: float
    bracket: bool = False
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Alignment:
    """For each printed word the article's word that it is laid on, None where there is none; and how well it fits:
    1 is word for word, 0 or less is by chance."""

    places: tuple[int | None, ...]
    score: float


def align(rows: Sequence[Row], ground: Ground) -> list[Alignment]:
    """The best alignment, then others as good that share no word with one before. Time: rows × words of the article.

    An empty list where either has no words that count. Of places equally good the first comes first.
    """
    worth = sum(row.weight for row in rows)
    if not worth or not len(ground.forms):
        return []
    steps, last = _fill(rows, ground)
    best = float(last.max())
    ends = np.flatnonzero(last >= best - _BONUS)
    ends = ends[np.argsort(-last[ends], kind="stable")][:_ENDS_TRIED]
    found: list[Alignment] = []
    taken: set[int] = set()
    for end in ends.tolist():
        places = tuple(_trace(steps, end))
        used = {place for place in places if place is not None}
        if used and not used & taken:
            taken |= used
            found.append(Alignment(places, float(last[end]) / worth))
    return found


def _fill(rows: Sequence[Row], ground: Ground) -> tuple[NDArray[np.int8], _Numbers]:
    """How each cell (printed word × article word) is best reached, and the worth of the last row's cells."""
    size = len(ground.forms)
    bonus = ground.likely * (_BONUS / len(rows))
    before = ground.sentence
    behind = np.append(ground.sentence[1:], True)
    narrated = np.where(ground.spoken, 0.0, _NARRATED)
    opened = np.append(_OPENED, np.where(_between(ground), _OPENED_BETWEEN, _OPENED))
    left_out = np.append(0.0, np.cumsum(_LEFT_OUT + _OPENED * (ground.stretch & ground.spoken)))
    ranks = np.arange(size + 1, dtype=np.float64)
    steps = np.zeros((len(rows), size + 1), dtype=np.int8)
    worth: _Numbers = np.zeros(size + 1)
    for number, row in enumerate(rows):
        change = narrated + (0.0 if row.bracket else _CHANGED)
        if number:
            change = change + _ACROSS * before
        if number + 1 < len(rows):
            change = change + _ACROSS * behind
        laid = np.where(ground.forms == row.form, row.weight + bonus, -change)
        reached = np.append(-np.inf, worth[:-1] + laid)
        added = worth - (_BRACKETED if row.bracket else _ADDED)
        steps[number] = np.where(added > reached, _DOWN, 0)
        worth = np.maximum(added, reached)
        if number + 1 == len(rows):
            break
        if row.cut:
            cost, opening = ranks * _LEFT_OUT_IN_CUT, np.full(size + 1, _CUT)
        elif row.bracket:
            cost, opening = ranks * _LEFT_OUT_IN_BRACKET, np.full(size + 1, _BRACKETED)
        else:
            cost, opening = left_out, opened
        start = worth - opening + cost
        reach = np.maximum.accumulate(start)
        skipped = np.append(-np.inf, reach[:-1] - cost[1:])
        steps[number] |= np.where(skipped > worth, _OUT, 0).astype(np.int8)
        steps[number] |= np.where(start >= reach, _HERE, 0).astype(np.int8)
        worth = np.maximum(worth, skipped)
    return steps, worth


def _between(ground: Ground) -> NDArray[np.bool_]:
    """Behind which words the article itself goes between: the last of a spoken stretch."""
    after: NDArray[np.bool_] = np.append(~ground.spoken[1:] | ground.stretch[1:], True)
    return ground.spoken & after


def _trace(steps: NDArray[np.int8], end: int) -> Iterator[int | None]:
    """The places of the printed words, in order, of the alignment that ends behind the article's word `end - 1`."""
    places: list[int | None] = []
    at = end
    for number in range(len(steps) - 1, -1, -1):
        if number < len(steps) - 1 and steps[number, at] & _OUT:
            at -= 1
            while not steps[number, at] & _HERE:
                at -= 1
        if steps[number, at] & _DOWN:
            places.append(None)
        else:
            at -= 1
            places.append(at)
    return reversed(places)
