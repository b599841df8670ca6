"""Character-level word vectors from a small LSTM, computed once per distinct word of a text."""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from service.parsing.embedded.recurrence import Recurrence


class Letters:
    """Stanza's `CharacterModel`, run once per distinct word."""

    def __init__(self, model: Any, number_of: Callable[[str], int]) -> None:
        """`number_of` maps a character to its id in the model's vocabulary."""
        self._model = model
        self._recurrence = Recurrence(model.charlstm.lstm, (model.charlstm_h_init, model.charlstm_c_init))
        self._number_of = number_of

    def read(self, words: Sequence[str]) -> Tensor:
        """Return a vector for each of `words`, none of them empty: [words, size]."""
        model = self._model
        different = {word: number for number, word in enumerate(dict.fromkeys(words))}
        numbers = {letter: self._number_of(letter) for letter in set("".join(different))}
        letters = model.char_emb(torch.tensor([numbers[letter] for word in different for letter in word]))
        lengths = [len(word) for word in different]
        states = self._recurrence.read(letters, lengths)
        if model.attn:
            weighed = states * torch.sigmoid(model.char_attn(states))
            found = torch.segment_reduce(weighed, "sum", lengths=torch.tensor(lengths))
        else:
            found = _ends(states, torch.tensor(lengths))
        return found[torch.tensor([different[word] for word in words])]


def _ends(states: Tensor, lengths: Tensor) -> Tensor:
    """Return the final states of both directions: the forward one at the last character, the backward one at the
    first."""
    last = lengths.cumsum(0) - 1
    forward, backward = states.chunk(2, -1)
    return torch.cat([forward[last], backward[last - lengths + 1]], -1)
