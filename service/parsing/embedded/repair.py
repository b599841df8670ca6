"""Repair trees in which a word has two subjects or two objects.

The method is that of Stanza's `head_constraints`: each of the conflicting dependents in turn keeps its relation while
the others choose their next best head and relation, and the best outcome is kept. Computing on whole arrays makes it
cheap.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from service.parsing.embedded.spanning_tree import best_tree

_MOST_REPAIRS: Final = 5  # per sentence, as in Stanza
Scores = NDArray[np.float32]
Places = NDArray[np.int64]


def repaired(tree: Places, heads: Scores, relations: Scores, groups: Places) -> tuple[Places, Places]:
    """Return the heads and relations of a sentence whose best `tree` violates the constraint. Index 0 is the root.

    `heads` [words, words] and `relations` [words, words, relations] are log-probabilities of each word's head, and of
    its relation to each head; `groups` maps each relation to its constraint group, of which a word can have one
    dependent, or -1.
    """
    relations = relations.copy()
    best = relations.max(2)  # best relation for each word and head
    chosen = _best_relations(tree, relations)
    for _ in range(_MOST_REPAIRS):
        conflict = first_conflict(tree, groups[chosen])
        if conflict is None:
            break
        outcomes = [
            _outcome(keeper, conflict, tree, heads, relations, best, groups[chosen], groups) for keeper in conflict
        ]
        _, tree, changed = max(outcomes, key=lambda outcome: outcome[0])
        for place, left in changed.items():
            relations[place], best[place] = left, left.max(1)
        chosen = _best_relations(tree, relations)
    return tree, chosen


def first_conflict(tree: Places, kinds: Places) -> Sequence[int] | None:
    """Return the dependents of the first word with two or more of one kind; kinds of -1 are unconstrained."""
    seen: dict[tuple[int, int], list[int]] = {}
    for place in range(1, len(tree)):
        if kinds[place] >= 0:
            seen.setdefault((int(tree[place]), int(kinds[place])), []).append(place)
    return next((places for places in seen.values() if len(places) > 1), None)


def _best_relations(tree: Places, relations: Scores) -> Places:
    found: Places = relations[np.arange(len(tree)), tree].argmax(1)
    return found


def _outcome(
    keeper: int, conflict: Sequence[int], tree: Places, heads: Scores, relations: Scores, best: Scores, kinds: Places,
    groups: Places,
) -> tuple[float, Places, dict[int, Scores]]:  # fmt: skip
    """Return the score and tree if only `keeper` keeps its relation, and the remaining options of the others."""
    head, barred = tree[keeper], groups == kinds[keeper]
    left = {place: relations[place].copy() for place in conflict if place != keeper}
    trial = heads.copy()
    for place, row in left.items():
        row[head, barred] = -np.inf
        trial[place] = heads[place] + row.max(1)
    found = best_tree(trial)
    words = np.arange(len(found))
    of_relations = best[words, found]
    for place, row in left.items():
        of_relations[place] = row[found[place]].max()
    score = heads[words[1:], found[1:]].sum() + of_relations[1:].sum()
    return float(score), found, left
