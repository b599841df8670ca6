"""A tree in which no word has two subjects or two objects, made from one in which some word has.

The method is that of Stanza's `head_constraints`: each of the dependents in conflict in turn keeps its relation, the
others look for the best head and relation anew, and the best outcome stays. Here on whole arrays, which makes it cheap.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from service.parsing.embedded.spanning_tree import best_tree

_MOST_REPAIRS: Final = 5  # of one sentence, as in Stanza
Scores = NDArray[np.float32]
Places = NDArray[np.int64]


def repaired(tree: Places, heads: Scores, relations: Scores, groups: Places) -> tuple[Places, Places]:
    """The heads and relations of a sentence whose best `tree` breaks the rule. Place 0 is the root.

    `heads` [words, words] and `relations` [words, words, relations] are log-probabilities of each word's head, and of
    its relation to each; `groups` has for each relation the group of which a word may have one dependent, -1 for none.
    """
    chosen = _best_relations(tree, relations)
    for _ in range(_MOST_REPAIRS):
        conflict = first_conflict(tree, groups[chosen])
        if conflict is None:
            break
        outcomes = [_outcome(keeper, conflict, tree, heads, relations, groups[chosen], groups) for keeper in conflict]
        _, tree, relations = max(outcomes, key=lambda outcome: outcome[0])
        chosen = _best_relations(tree, relations)
    return tree, chosen


def first_conflict(tree: Places, kinds: Places) -> Sequence[int] | None:
    """The dependents of the first word that has two or more of one kind; `kinds` of -1 are free."""
    seen: dict[tuple[int, int], list[int]] = {}
    for place in range(1, len(tree)):
        if kinds[place] >= 0:
            seen.setdefault((int(tree[place]), int(kinds[place])), []).append(place)
    return next((places for places in seen.values() if len(places) > 1), None)


def _best_relations(tree: Places, relations: Scores) -> Places:
    found: Places = relations[np.arange(len(tree)), tree].argmax(1)
    return found


def _outcome(
    keeper: int, conflict: Sequence[int], tree: Places, heads: Scores, relations: Scores, kinds: Places, groups: Places
) -> tuple[float, Places, Scores]:
    """How good the best tree is in which `keeper` alone keeps its relation; it; and what the others may still be."""
    head, barred = tree[keeper], groups == kinds[keeper]
    allowed, trial = relations.copy(), heads.copy()
    for place in conflict:
        if place != keeper:
            allowed[place, head, barred] = -np.inf
            trial[place] = heads[place] + allowed[place].max(1)
    found = best_tree(trial)
    words = np.arange(1, len(found))
    governors = found[1:]
    score = heads[words, governors].sum() + allowed[words, governors].max(1).sum()
    return float(score), found, allowed
