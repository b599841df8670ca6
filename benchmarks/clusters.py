"""B-cubed: how well two groupings of the same items agree (Bagga and Baldwin, 1998)."""

from collections import Counter
from collections.abc import Hashable, Sequence
from typing import NamedTuple


class BCubed(NamedTuple):
    """Precision, recall and F1, each from 0 to 1; 0 without items."""

    precision: float
    recall: float
    f1: float


def b_cubed(pairs: Sequence[tuple[Hashable, Hashable]]) -> BCubed:
    """Return B-cubed over items, each a pair of its gold cluster and its predicted cluster.

    For each item, precision is the share of its predicted cluster that is in its gold cluster, and recall the share of
    its gold cluster that is in its predicted cluster. Both are averaged over items, so clusters count in proportion to
    their size.
    """
    if not pairs:
        return BCubed(0.0, 0.0, 0.0)
    gold, predicted, joint = Counter(g for g, _ in pairs), Counter(a for _, a in pairs), Counter(pairs)
    precision = sum(count * count / predicted[a] for (_, a), count in joint.items()) / len(pairs)
    recall = sum(count * count / gold[g] for (g, _), count in joint.items()) / len(pairs)
    return BCubed(precision, recall, 2 * precision * recall / (precision + recall))
