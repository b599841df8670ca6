"""Recurrent networks over batches of sequences: LSTMs (Hochreiter and Schmidhuber, 1997), Stanza's highway LSTM, and
the character LSTM that represents a word by its letters.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

_GATES_AT_ONCE: Final = 2**22  # maximum number of gate values at once (16 MB), except for a single long sequence


class BatchedLSTM:
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
        result = items.new_empty(len(items), len(self._hidden) * self._size)
        for batch in batches(counts, _GATES_AT_ONCE // self._bias.numel()):
            longest_first, first = counts[batch], starts[batch]
            # number of active sequences at each step
            active = (longest_first > np.arange(longest_first[0])[:, None]).sum(1)
            step = np.repeat(np.arange(len(active)), active)
            sequence = np.arange(len(step)) - np.repeat(np.cumsum(active) - active, active)
            forward = first[sequence] + step
            backward = first[sequence] + longest_first[sequence] - 1 - step
            orders = [torch.from_numpy(order) for order in (forward, backward)][: len(self._hidden)]
            gates = torch.baddbmm(self._bias, torch.stack([items[order] for order in orders]), self._of_items)
            for number, (states, order) in enumerate(zip(self._steps(gates, active), orders, strict=True)):
                result[order, number * self._size : (number + 1) * self._size] = states
        return result

    def _steps(self, gates: Tensor, active: NDArray[np.int64]) -> Tensor:
        """Return the states [directions, items, size], given the `gates` of all items and the number of active
        sequences at each step."""
        states = gates.new_empty(*gates.shape[:2], self._size)
        hidden, cell = (start.expand(-1, int(active[0]), -1) for start in (self._hidden, self._cell))
        offset = 0
        for count in active.tolist():
            state = slice(offset, offset + count)
            opened = torch.baddbmm(gates[:, state], hidden[:, :count], self._of_states).sigmoid_()
            enter, forget, new, leave = opened.chunk(4, 2)
            # twice the cell: 2 (forget × cell + enter × (2 new - 1))
            cell = (forget * cell[:, :count]).addcmul_(enter, new, value=4).sub_(enter, alpha=2)
            # half the state: leave × (2 σ(2 cell) - 1) / 2
            hidden = torch.mul(torch.sigmoid(cell).sub_(0.5), leave, out=states[:, state])
            offset += count
        return states.mul_(2)


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

    def __init__(self, network: Any, start: tuple[Tensor, Tensor]) -> None:
        """Load the weights; `start` are the initial states."""
        self._lstm = BatchedLSTM(network.lstm[0].lstm, start)
        self._gate, self._around = network.gate[0], network.highway[0]

    def read(self, words: Tensor, lengths: Sequence[int]) -> Tensor:
        """Run the layer over the words [words, size] of sentences of these lengths."""
        around = torch.sigmoid(self._gate(words)) * torch.tanh(self._around(words))
        return self._lstm.read(words, lengths) + around


class CharLSTM:
    """Stanza's `CharacterModel`, run once per distinct word."""

    def __init__(self, model: Any, number_of: Callable[[str], int]) -> None:
        """`number_of` maps a character to its id in the model's vocabulary."""
        self._model = model
        self._lstm = BatchedLSTM(model.charlstm.lstm, (model.charlstm_h_init, model.charlstm_c_init))
        self._number_of = number_of

    def read(self, words: Sequence[str]) -> Tensor:
        """Return a vector for each of `words`, none of them empty: [words, size]."""
        model = self._model
        different = {word: number for number, word in enumerate(dict.fromkeys(words))}
        numbers = {letter: self._number_of(letter) for letter in set("".join(different))}
        letters = model.char_emb(torch.tensor([numbers[letter] for word in different for letter in word]))
        lengths = [len(word) for word in different]
        states = self._lstm.read(letters, lengths)
        if model.attn:
            weighed = states * torch.sigmoid(model.char_attn(states))
            result = torch.segment_reduce(weighed, "sum", lengths=torch.tensor(lengths))
        else:
            result = _ends(states, torch.tensor(lengths))
        return result[torch.tensor([different[word] for word in words])]


def _ends(states: Tensor, lengths: Tensor) -> Tensor:
    """Return the final states of both directions: the forward one at the last character, the backward one at the
    first."""
    last = lengths.cumsum(0) - 1
    forward, backward = states.chunk(2, -1)
    return torch.cat([forward[last], backward[last - lengths + 1]], -1)
