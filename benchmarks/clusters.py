"""B-cubed: how well two groupings of the same items agree (Bagga and Baldwin, 1998)."""

from collections import Counter
from collections.abc import Hashable, Sequence
from typing import NamedTuple


class BCubed(NamedTuple):
    """Precision, recall and F1, each from 0 to 1; 0 where nothing was sorted."""

    precision: float
    recall: float
    f1: float


def b_cubed(pairs: Sequence[tuple[Hashable, Hashable]]) -> BCubed:
    """The agreement over things of which each pair says its cluster in the gold, and in the answer.

    Of each thing: how much of its cluster in the answer belongs to its gold cluster (precision), and how much of its
    gold cluster is there (recall); both are means over all things, so that large clusters weigh as much as they hold.
    """
    if not pairs:
        return BCubed(0.0, 0.0, 0.0)
    gold, answer, both = Counter(g for g, _ in pairs), Counter(a for _, a in pairs), Counter(pairs)
    precision = sum(count * count / answer[a] for (_, a), count in both.items()) / len(pairs)
    recall = sum(count * count / gold[g] for (g, _), count in both.items()) / len(pairs)
    return BCubed(precision, recall, 2 * precision * recall / (precision + recall))
