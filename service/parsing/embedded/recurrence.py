"""LSTMs (Hochreiter and Schmidhuber, 1997) over batches of sequences of different lengths.

torch's kernel needs sequences of equal length, and is compiled for each new length and batch size, which takes half of
its time here. So this runs step by step over all active sequences, in both directions at once. The input part of all
steps is one matrix product.

All gates are sigmoids, which torch computes several times faster than hyperbolic tangents: tanh x = 2 σ(2x) - 1. The
factors 2 are folded into the weights.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

_GATES_AT_ONCE: Final = 2**22  # maximum number of gate values at once (16 MB), except for a single long sequence


class Recurrence:
    """One of Stanza's recurrent layers, unidirectional or bidirectional, in float32."""

    def __init__(self, network: nn.LSTM, start: tuple[Tensor, Tensor] | None = None) -> None:
        """`start` are the initial states of each direction [directions, 1, size], or None for zeros."""
        size = self._size = network.hidden_size
        suffixes = ("", "_reverse")[: 1 + network.bidirectional]
        scale = torch.ones(4, size, 1)
        scale[2] = 2  # torch's gate order is input, forget, cell, output; the cell gate is the tanh

        def scaled(name: str) -> list[Tensor]:
            return [
                (getattr(network, name + suffix).detach().view(4, size, -1) * scale).flatten(0, 1)
                for suffix in suffixes
            ]

        biases = (torch.stack(scaled("bias_ih_l0")) + torch.stack(scaled("bias_hh_l0"))).squeeze(2)
        self._of_items = torch.stack([weight.t() for weight in scaled("weight_ih_l0")])
        self._bias = biases[:, None]
        # The state is kept halved between steps, see `_steps`.
        self._of_states = 2 * torch.stack([weight.t().contiguous() for weight in scaled("weight_hh_l0")])
        hidden, cell = start or (torch.zeros(len(suffixes), 1, size),) * 2
        self._hidden, self._cell = hidden.detach() / 2, cell.detach() * 2

    def read(self, items: Tensor, lengths: Sequence[int]) -> Tensor:
        """Run the layer over sequences of these lengths, none 0, whose `items` [items, size] are concatenated. Returns
        [items, directions × size]."""
        counts = np.asarray(lengths)
        starts = np.cumsum(counts) - counts
        found = items.new_empty(len(items), len(self._hidden) * self._size)
        for batch in batches(counts, _GATES_AT_ONCE // self._bias.numel()):
            longest_first, first = counts[batch], starts[batch]
            # number of active sequences at each step
            going_on = (longest_first > np.arange(longest_first[0])[:, None]).sum(1)
            step = np.repeat(np.arange(len(going_on)), going_on)
            sequence = np.arange(len(step)) - np.repeat(np.cumsum(going_on) - going_on, going_on)
            forward = first[sequence] + step
            backward = first[sequence] + longest_first[sequence] - 1 - step
            orders = [torch.from_numpy(order) for order in (forward, backward)][: len(self._hidden)]
            gates = torch.baddbmm(self._bias, torch.stack([items[order] for order in orders]), self._of_items)
            for number, (states, order) in enumerate(zip(self._steps(gates, going_on), orders, strict=True)):
                found[order, number * self._size : (number + 1) * self._size] = states
        return found

    def _steps(self, gates: Tensor, going_on: NDArray[np.int64]) -> Tensor:
        """Return the states [directions, items, size], given the `gates` of all items and the number of active
        sequences at each step."""
        states = gates.new_empty(*gates.shape[:2], self._size)
        hidden, cell = (start.expand(-1, int(going_on[0]), -1) for start in (self._hidden, self._cell))
        begun = 0
        for count in going_on.tolist():
            here = slice(begun, begun + count)
            opened = torch.baddbmm(gates[:, here], hidden[:, :count], self._of_states).sigmoid_()
            enter, forget, new, leave = opened.chunk(4, 2)
            # twice the cell: 2 (forget × cell + enter × (2 new - 1))
            cell = (forget * cell[:, :count]).addcmul_(enter, new, value=4).sub_(enter, alpha=2)
            # half the state: leave × (2 σ(2 cell) - 1) / 2
            hidden = torch.mul(torch.sigmoid(cell).sub_(0.5), leave, out=states[:, here])
            begun += count
        return states.mul_(2)


def batches(lengths: NDArray[np.int64], most: int) -> list[NDArray[np.int64]]:
    """Group the sequences into batches, longest first, of about `most` items each. Returns the indices of each
    batch."""
    order = np.argsort(-lengths, kind="stable")
    before = np.cumsum(lengths[order]) - lengths[order]
    count = -(-int(lengths.sum()) // most)
    cuts = np.searchsorted(before, np.arange(1, count) * lengths.sum() / count)
    return [batch for batch in np.split(order, cuts) if len(batch)]  # cuts inside a long sequence leave empty batches
