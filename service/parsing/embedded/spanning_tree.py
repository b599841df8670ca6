"""The maximum spanning tree of a sentence's head scores (Chu and Liu, 1965; Edmonds, 1967).

It is the tree that Stanza's `chuliu_edmonds` finds, ties included. Stanza copies the scores each time it contracts a
cycle; here a contraction takes time linear in the number of words, since a repeated word causes hundreds of them.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

_NEVER: Final = -np.inf


def best_tree(scores: NDArray[np.float32]) -> NDArray[np.int64]:
    """Return each word's head in the maximum spanning tree of `scores` [words, heads], log-probabilities. Index 0 is
    the root and its own head, and has one dependent."""
    tree = spanning_tree(scores.astype(np.float64))
    if (tree[1:] == 0).sum() == 1:
        return tree
    lower = scores.astype(np.float64)
    lower[:, 0] += lower[np.isfinite(lower)].min() * len(lower)
    return spanning_tree(lower)


def spanning_tree(scores: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the maximum spanning tree of `scores` [words, heads], with any number of dependents of the root."""
    size = len(scores)
    # A contracted cycle is a new node after the others. The columns of its members become -inf, so that none is a head.
    nodes = np.full((2 * size, 2 * size), _NEVER)
    nodes[1:size, :size] = scores[1:]
    np.fill_diagonal(nodes, _NEVER)
    heads = np.zeros(2 * size, np.int64)
    heads[1:size] = nodes[1:size, :size].argmax(1)
    alive = np.zeros(2 * size, np.bool_)
    alive[:size] = True
    contracted: list[tuple[NDArray[np.int64], NDArray[np.int64]]] = []
    count = size
    to_root = bytearray(2 * size)  # whether the path from a node is known to lead to the root
    to_root[0] = True
    start = 1
    while start < count:
        path = _path(start, heads, to_root) if alive[start] else None
        if path is None:
            start += 1
            continue
        members = np.array(sorted(path))
        alive[members] = False
        others = alive[:count].nonzero()[0]
        of_others = np.arange(len(others))
        of_members = nodes[members, heads[members]]
        as_dependent = nodes[members[:, None], others] - of_members[:, None] + of_members.sum()
        as_head = nodes[others[:, None], members]
        entered, left = as_dependent.argmax(0), as_head.argmax(1)
        nodes[count, others] = as_dependent[entered, of_others]
        nodes[others, count] = as_head[of_others, left]
        nodes[0, count] = _NEVER
        nodes[:count, members] = _NEVER
        # the member that gets a new head if the cycle's head is the node, and the node's head if that is the cycle
        entry, exit_ = np.zeros((2, count), np.int64)
        entry[others], exit_[others] = members[entered], members[left]
        contracted.append((entry, exit_))
        alive[count] = True
        changed = [*others[~alive[heads[others]]].tolist(), count]
        count += 1
        heads[changed] = nodes[changed, :count].argmax(1)
    for entry, exit_ in reversed(contracted):
        count -= 1
        heads[:count] = np.where(heads[:count] == count, exit_, heads[:count])
        heads[entry[heads[count]]] = heads[count]
    return heads[:size]


def _path(start: int, heads: NDArray[np.int64], to_root: bytearray) -> list[int] | None:
    """Return the cycle that the path from `start` ends in, or None if it leads to the root."""
    path: dict[int, None] = {}
    node = start
    while not to_root[node]:
        if node in path:
            nodes = list(path)
            return nodes[nodes.index(node) :]
        path[node] = None
        node = int(heads[node])
    for node in path:
        to_root[node] = True
    return None
