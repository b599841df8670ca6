"""Recurrent networks over batches of sequences: LSTMs (Hochreiter and Schmidhuber, 1997), Stanza's highway LSTM, and
the character LSTM that represents a word by its characters.
"""

from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from service.parsing.embedded.arithmetic import FLOAT32, Arithmetic
from service.parsing.embedded.encoder import Ranges, linear

_GATES_AT_ONCE: Final = 2**22  # maximum number of gate values at once (16 MB), except for a single long sequence


class BatchedLSTM:
    """One of Stanza's recurrent layers, unidirectional or bidirectional, in float32."""

    def __init__(
        self,
        network: nn.LSTM,
        start: tuple[Tensor, Tensor] | None = None,
        arithmetic: Arithmetic = FLOAT32,
        ranges: Ranges | None = None,
    ) -> None:
        """`start` are the initial states of each direction [directions, 1, size], or None for zeros. The products of
        the items, which have these `ranges`, are computed in `arithmetic`."""
        size = self._size = network.hidden_size
        self._of_items = linear(*of_inputs(network), arithmetic, ranges)
        # The state is kept halved between steps, see `_steps`.
        self._of_states = 2 * torch.stack([weight.t().contiguous() for weight in _scaled(network, "weight_hh_l0")])
        hidden, cell = start or (torch.zeros(len(self._of_states), 1, size),) * 2
        self._hidden, self._cell = hidden.detach() / 2, cell.detach() * 2

    def read(self, items: Tensor, lengths: Sequence[int]) -> Tensor:
        """Run the layer over sequences of these lengths, none 0, whose `items` [items, size] are concatenated. Returns
        [items, directions × size]."""
        return self.of_gates(self._of_items(items), lengths)

    def of_gates(self, gates: Tensor, lengths: Sequence[int]) -> Tensor:
        """Return the same, given the linear layer `of_inputs` of the items [items, directions × 4 × size]. There can be
        more columns."""
        counts = np.asarray(lengths)
        starts = np.cumsum(counts) - counts
        directions, width = len(self._hidden), 4 * self._size
        result = gates.new_empty(len(gates), directions * self._size)
        for batch in batches(counts, _GATES_AT_ONCE // (directions * width)):
            longest_first, first = counts[batch], starts[batch]
            # number of active sequences at each step
            active = (longest_first > np.arange(longest_first[0])[:, None]).sum(1)
            step = np.repeat(np.arange(len(active)), active)
            sequence = np.arange(len(step)) - np.repeat(np.cumsum(active) - active, active)
            forward = first[sequence] + step
            backward = first[sequence] + longest_first[sequence] - 1 - step
            orders = [torch.from_numpy(order) for order in (forward, backward)][:directions]
            ordered = gates.new_empty(directions, len(step), width)
            for number, order in enumerate(orders):
                torch.index_select(gates[:, number * width : (number + 1) * width], 0, order, out=ordered[number])
            for number, (states, order) in enumerate(zip(self._steps(ordered, active), orders, strict=True)):
                result[:, number * self._size : (number + 1) * self._size].index_copy_(0, order, states)
        return result

    def _steps(self, gates: Tensor, active: NDArray[np.int64]) -> Tensor:
        """Return the states [directions, items, size], given the `gates` of all items and the number of active
        sequences at each step."""
        counts = active.tolist()
        states = gates.new_empty(*gates.shape[:2], self._size)
        hidden, cell = (start.expand(-1, counts[0], -1) for start in (self._hidden, self._cell))
        before = counts[0]
        for count, entered, state in zip(
            counts, torch.split(gates, counts, 1), torch.split(states, counts, 1), strict=True
        ):
            if count < before:
                hidden, cell, before = hidden[:, :count], cell[:, :count], count
            opened = torch.baddbmm(entered, hidden, self._of_states).sigmoid_()
            input_gate, forget_gate, new, output_gate = opened.chunk(4, 2)
            # twice the cell: 2 (forget gate × cell + input gate × (2 new - 1))
            cell = (forget_gate * cell).addcmul_(input_gate, new, value=4).sub_(input_gate, alpha=2)
            # half the state: output gate × (2 σ(2 cell) - 1) / 2
            hidden = torch.mul(torch.sigmoid(cell).sub_(0.5), output_gate, out=state)
        return states.mul_(2)


def of_inputs(network: nn.LSTM) -> tuple[Tensor, Tensor]:
    """Return the linear layer of a recurrent layer's inputs: its weight [directions × 4 × size, inputs] and bias."""
    weight, *biases = (torch.cat(_scaled(network, name)) for name in ("weight_ih_l0", "bias_ih_l0", "bias_hh_l0"))
    return weight, (biases[0] + biases[1]).squeeze(1)


def _scaled(network: nn.LSTM, name: str) -> list[Tensor]:
    """Return the parameter of each direction, that of the cell gate doubled: it is computed by a sigmoid."""
    scale = torch.ones(4, network.hidden_size, 1)
    scale[2] = 2  # torch's gate order is input, forget, cell, output; the cell gate is the tanh
    return [
        (getattr(network, name + suffix).detach().view(4, network.hidden_size, -1) * scale).flatten(0, 1)
        for suffix in ("", "_reverse")[: 1 + network.bidirectional]
    ]


def batches(lengths: NDArray[np.int64], most: int) -> list[NDArray[np.int64]]:
    """Group the sequences into batches, longest first, of about `most` items each. Returns the indices of each
    batch."""
    order = np.argsort(-lengths, kind="stable")
    before = np.cumsum(lengths[order]) - lengths[order]
    count = -(-int(lengths.sum()) // most)
    cuts = np.searchsorted(before, np.arange(1, count) * lengths.sum() / count)
    return [batch for batch in np.split(order, cuts) if len(batch)]  # cuts inside a long sequence leave empty batches


class HighwayLSTM:
    """Stanza's `HighwayLSTM` with one layer."""

    def __init__(
        self, network: Any, start: tuple[Tensor, Tensor], arithmetic: Arithmetic = FLOAT32, ranges: Ranges | None = None
    ) -> None:
        """Load the weights; `start` are the initial states. The products of the words, which have these `ranges`, are
        computed in `arithmetic`."""
        self._lstm = BatchedLSTM(network.lstm[0].lstm, start)
        layers = (
            of_inputs(network.lstm[0].lstm),
            *((one.weight, one.bias) for one in (network.gate[0], network.highway[0])),
        )
        self._sizes = [len(bias) for _, bias in layers]
        weight, bias = (torch.cat(parts).detach() for parts in zip(*layers, strict=True))
        self._of_words = linear(weight, bias, arithmetic, ranges)

    def read(self, words: Tensor, lengths: Sequence[int]) -> Tensor:
        """Run the layer over the words [words, size] of sentences of these lengths."""
        products = self._of_words(words)
        _, gate, around = torch.split(products, self._sizes, 1)
        return self._lstm.of_gates(products, lengths).add_(gate.sigmoid_().mul_(around.tanh_()))


class CharLSTM:
    """Stanza's `CharacterModel`, run once per distinct word."""

    def __init__(self, model: Any, number_of: Callable[[str], int]) -> None:
        """`number_of` maps a character to its id in the model's vocabulary."""
        self._model = model
        self._lstm = BatchedLSTM(model.charlstm.lstm, (model.charlstm_h_init, model.charlstm_c_init))
        self._gates = linear(*of_inputs(model.charlstm.lstm))(model.char_emb.weight.detach())  # of each character
        self._number_of = number_of

    def read(self, words: Sequence[str]) -> Tensor:
        """Return a vector for each of `words`, none of them empty: [words, size]."""
        model = self._model
        different = {word: number for number, word in enumerate(dict.fromkeys(words))}
        numbers = {letter: self._number_of(letter) for letter in set("".join(different))}
        lengths = list(map(len, different))
        characters = np.fromiter(map(numbers.__getitem__, chain.from_iterable(different)), np.int64, sum(lengths))
        states = self._lstm.of_gates(self._gates.index_select(0, torch.from_numpy(characters)), lengths)
        if model.attn:
            weighed = states * torch.sigmoid(model.char_attn(states))
            result = torch.segment_reduce(weighed, "sum", lengths=torch.tensor(lengths))
        else:
            result = _ends(states, torch.tensor(lengths))
        return result.index_select(
            0, torch.from_numpy(np.fromiter(map(different.__getitem__, words), np.int64, len(words)))
        )


def _ends(states: Tensor, lengths: Tensor) -> Tensor:
    """Return the final states of both directions: the forward one at the last character, the backward one at the
    first."""
    last = lengths.cumsum(0) - 1
    forward, backward = states.chunk(2, -1)
    return torch.cat([forward[last], backward[last - lengths + 1]], -1)
