"""Align a printed quote with the words of an article.

This is the Smith–Waterman algorithm (1981) over words, with two changes. The whole quote is aligned while the article's
ends are free, so even the first word of a quote can be a changed one. And skipping article words has an affine gap
penalty (Gotoh 1982) that depends on the place: small where the article itself interrupts a speech, almost zero where
the printed quote has an ellipsis.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

_Numbers = NDArray[np.float64]

_CHANGED: Final = 1.0  # substitution of a word
_ADDED: Final = 1.05  # insertion of a word; slightly more than a substitution, which is preferred at the end
_ACROSS: Final = 0.6  # added to a substitution across a sentence boundary
_NARRATED: Final = 0.5  # added to a substitution of a word outside all quotes
_OPENED: Final = 1.0  # opening a gap of skipped words
_OPENED_BETWEEN: Final = 0.2  # ... between two spoken spans
_LEFT_OUT: Final = 0.03  # each skipped word
_CUT: Final = 0.1  # the same where the printed quote has an ellipsis
_LEFT_OUT_IN_CUT: Final = 0.001
_BRACKETED: Final = 0.1  # a bracket that replaces no word, or more than one
_LEFT_OUT_IN_BRACKET: Final = 0.3  # each further word that it replaces
_BONUS: Final = 0.5  # bonus for the whole quote, less than any change costs; it breaks ties between equal wordings
_ENDS_TRIED: Final = 64  # maximum number of end positions traced back
_DOWN, _OUT, _HERE = 1, 2, 4  # how a cell was reached: by an insertion, by a gap, or where a gap can start


@dataclass(frozen=True, slots=True)
class Ground:
    """The article as aligned: an id for each word form, and the properties of each position.

    `spoken`: the word is quoted; `segment`: it is the first of a spoken span; `sentence`: it begins a sentence;
    `likely`: a prior from 0 to 1.
    """

    forms: NDArray[np.int64]
    spoken: NDArray[np.bool_]
    segment: NDArray[np.bool_]
    sentence: NDArray[np.bool_]
    likely: _Numbers


@dataclass(frozen=True, slots=True)
class Row:
    """A printed word: the id of its form (-1: not in the article), its weight, whether it is a bracket, which can
    replace any words, and whether an ellipsis follows it."""

    form: int
    weight: float
    bracket: bool = False
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Alignment:
    """For each printed word, the index of the aligned article word or None; and a score: 1 is word for word, 0 or less
    is chance."""

    places: tuple[int | None, ...]
    score: float


def align(rows: Sequence[Row], ground: Ground) -> list[Alignment]:
    """Return the best alignment, then equally good ones that share no word with an earlier one.

    Returns an empty list if either side has no words that count. Of equally good places, the first comes first. Takes
    time proportional to rows × article words.
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
    """Fill the dynamic-programming table (printed words × article words). Returns the backpointers [rows, words + 1]
    and the scores of the last row."""
    size = len(ground.forms)
    bonus = ground.likely * (_BONUS / len(rows))
    before = ground.sentence
    behind = np.append(ground.sentence[1:], True)
    narrated = np.where(ground.spoken, 0.0, _NARRATED)
    opened = np.append(_OPENED, np.where(_between(ground), _OPENED_BETWEEN, _OPENED))
    left_out = np.append(0.0, np.cumsum(_LEFT_OUT + _OPENED * (ground.segment & ground.spoken)))
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
    """Return the words after which the article itself interrupts a speech: the last word of each spoken span."""
    after: NDArray[np.bool_] = np.append(~ground.spoken[1:] | ground.segment[1:], True)
    return ground.spoken & after


def _trace(steps: NDArray[np.int8], end: int) -> Iterator[int | None]:
    """Trace back the alignment that ends after article word `end - 1`; returns the place of each printed word, in
    order."""
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
