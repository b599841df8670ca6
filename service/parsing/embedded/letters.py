"""What a word's letters say of it: a small recurrent network over each different word of a text."""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from service.parsing.embedded.recurrence import Recurrence


class Letters:
    """Stanza's `CharacterModel`, read once for each different word."""

    def __init__(self, model: Any, number_of: Callable[[str], int]) -> None:
        """`number_of` gives a letter's number in the model's vocabulary."""
        self._model = model
        self._recurrence = Recurrence(model.charlstm.lstm, (model.charlstm_h_init, model.charlstm_c_init))
        self._number_of = number_of

    def read(self, words: Sequence[str]) -> Tensor:
        """A vector for each of `words`, none of them empty: [words, size]."""
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
    """The last states of both directions: the forward one's at the last letter, the other's at the first."""
    last = lengths.cumsum(0) - 1
    forward, backward = states.chunk(2, -1)
    return torch.cat([forward[last], backward[last - lengths + 1]], -1)
