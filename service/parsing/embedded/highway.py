"""Stanza's highway network over sentences: an LSTM layer with a gated skip connection."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from service.parsing.embedded.recurrence import Recurrence


class Highway:
    """Stanza's `HighwayLSTM` with one layer."""

    def __init__(self, network: Any, start: tuple[Tensor, Tensor]) -> None:
        """Load the weights; `start` are the initial states."""
        self._recurrence = Recurrence(network.lstm[0].lstm, start)
        self._gate, self._around = network.gate[0], network.highway[0]

    def read(self, words: Tensor, lengths: Sequence[int]) -> Tensor:
        """Run the layer over the words [words, size] of sentences of these lengths."""
        around = torch.sigmoid(self._gate(words)) * torch.tanh(self._around(words))
        return self._recurrence.read(words, lengths) + around
