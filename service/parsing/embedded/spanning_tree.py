"""The best tree over a sentence's words, for what each word thinks of each as its head.

Chu and Liu's (1965) and Edmonds' (1967) search. If the tree that it finds has several roots, it is made to choose one
as Stanojević and Cohen (2021) do, which takes many more contractions. The contraction is Stanza's; the search for a
cycle, which takes most of the time there, is not.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from stanza.models.common.chuliu_edmonds import expand_contracted_tree, prepare_scores, process_cycle


def best_tree(scores: NDArray[np.float32]) -> NDArray[np.int64]:
    """Each word's head in the best tree, for `scores` [words, heads] of log-probabilities, none over 0. Place 0 is the
    root, and its own head."""
    tree = _best_tree(scores.astype(np.float64))
    if (tree[1:] == 0).sum() == 1:
        return tree
    lower = scores.astype(np.float64)
    lower[:, 0] += lower[np.isfinite(lower)].min() * len(lower)
    return _best_tree(lower)


def _best_tree(scores: NDArray[np.float64]) -> NDArray[np.int64]:
    """The best tree with any number of roots. Writes into `scores`."""
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
    """Which places form a cycle, if any do. Place 0 is its own head."""
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
