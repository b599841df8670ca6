"""Recurrent networks over sequences of unlike length, as fast as torch runs them.

torch has one fused kernel for a batch of sequences of one length, and for anything else a loop that costs several times
as much. So sequences of like length go together, the shorter ones with padding behind them, where it changes nothing
that is read: a network that reads backwards is given its sequences turned round.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

_AT_LEAST: Final = 8  # sequences at once: fewer leave the processor idle
_PADDING: Final = 0.1  # of a batch; more is taken only to have that many


class Recurrence:
    """A recurrent layer of Stanza's, read in one direction or both."""

    def __init__(self, network: nn.LSTM, start: tuple[Tensor, Tensor] | None = None) -> None:
        """`start` are the states that each direction begins with [directions, 1, size]; zeros if there are none."""
        self._size = network.hidden_size
        self._directions = [_direction(network, suffix) for suffix in ("", "_reverse")[: 1 + network.bidirectional]]
        self._start = start

    def read(self, items: Tensor, lengths: Sequence[int]) -> Tensor:
        """What the layer makes of sequences of these lengths, none 0, whose `items` [items, size] lie one behind the
        other: [items, directions × size]."""
        counts = np.asarray(lengths)
        starts = np.cumsum(counts) - counts
        found = items.new_empty(len(items), len(self._directions) * self._size)
        for batch in batches(counts):
            rows, width = counts[batch], int(counts[batch].max())
            step = np.arange(width)
            within = step < rows[:, None]
            forward = starts[batch][:, None] + np.minimum(step, rows[:, None] - 1)
            backward = starts[batch][:, None] + np.maximum(rows[:, None] - 1 - step, 0)
            real = torch.from_numpy(within)
            for number, (network, order) in enumerate(zip(self._directions, (forward, backward), strict=False)):
                places = torch.from_numpy(order)
                states = network(items[places], self._begin(number, len(batch)))[0]
                found[places[real], number * self._size : (number + 1) * self._size] = states[real]
        return found

    def _begin(self, direction: int, sequences: int) -> tuple[Tensor, ...] | None:
        if self._start is None:
            return None
        return tuple(state[direction : direction + 1].expand(-1, sequences, -1).contiguous() for state in self._start)


def batches(lengths: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """The places of the sequences to read together, longest first: of like length, or a few."""
    order = np.argsort(-lengths, kind="stable")
    first = 0
    while first < len(order):
        ordered = lengths[order[first:]]
        padding = 1 - np.cumsum(ordered) / (ordered[0] * np.arange(1, len(ordered) + 1))
        too_much = np.nonzero(padding > _PADDING)[0]
        count = max(_AT_LEAST, int(too_much[0]) if len(too_much) else len(ordered))
        yield order[first : first + count]
        first += count


def _direction(network: nn.LSTM, suffix: str) -> Any:
    """One direction of `network`, by itself."""
    alone = nn.LSTM(network.input_size, network.hidden_size, batch_first=True, dtype=network.weight_hh_l0.dtype)
    with torch.no_grad():
        for name, values in alone.named_parameters():
            values.copy_(getattr(network, name + suffix))
    return alone.requires_grad_(False).eval()
