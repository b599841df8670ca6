"""The maximum spanning tree over a sentence's words.

The algorithm of Chu and Liu (1965) and Edmonds (1967). If its tree has several roots, one is enforced as by Stanojević
and Cohen (2021), which takes many more contractions. The contraction is Stanza's; the cycle search, which takes most of
the time there, is our own.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from stanza.models.common.chuliu_edmonds import expand_contracted_tree, prepare_scores, process_cycle


def best_tree(scores: NDArray[np.float32]) -> NDArray[np.int64]:
    """Return each word's head in the maximum spanning tree of `scores` [words, heads], log-probabilities. Index 0 is
    the root and its own head."""
    tree = _best_tree(scores.astype(np.float64))
    if (tree[1:] == 0).sum() == 1:
        return tree
    lower = scores.astype(np.float64)
    lower[:, 0] += lower[np.isfinite(lower)].min() * len(lower)
    return _best_tree(lower)


def _best_tree(scores: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the maximum spanning tree with any number of roots. Overwrites `scores`."""
    contracted: list[tuple[Any, ...]] = []
    prepare_scores(scores)
    tree: NDArray[np.int64] = scores.argmax(1)
    while (cycle := _cycle(tree.tolist())) is not None:
        smaller, *places = process_cycle(tree, cycle, scores)
        contracted.append((tree, *places))
        scores = smaller
        prepare_scores(scores)
        tree = scores.argmax(1)
    for whole, *places in reversed(contracted):
        tree = expand_contracted_tree(whole, tree, *places)
    return tree


def _cycle(heads: Sequence[int]) -> NDArray[np.bool_] | None:
    """Return a mask of the nodes of a cycle, or None. Node 0 is its own head."""
    seen = [0] * len(heads)
    for start in range(1, len(heads)):
        place = start
        while place and not seen[place]:
            seen[place] = start
            place = heads[place]
        if place and seen[place] == start:
            cycle = np.zeros(len(heads), dtype=bool)
            while not cycle[place]:
                cycle[place] = True
                place = heads[place]
            return cycle
    return None
