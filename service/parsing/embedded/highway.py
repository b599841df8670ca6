"""Stanza's highway network over sentences: a recurrent layer, and a gate through which a word passes beside it."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from service.parsing.embedded.recurrence import Recurrence


class Highway:
    """Stanza's `HighwayLSTM`, of one layer."""

    def __init__(self, network: Any, start: tuple[Tensor, Tensor]) -> None:
        """`start` are the states that it begins with."""
        self._recurrence = Recurrence(network.lstm[0].lstm, start)
        self._gate, self._around = network.gate[0], network.highway[0]

    def read(self, words: Tensor, lengths: Sequence[int]) -> Tensor:
        """What it makes of the words [words, size] of sentences of these lengths."""
        around = torch.sigmoid(self._gate(words)) * torch.tanh(self._around(words))
        return self._recurrence.read(words, lengths) + around
