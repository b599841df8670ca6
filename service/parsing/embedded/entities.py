"""Named entity recognition (persons, organizations, places) with the weights of Stanza's tagger."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from stanza.models.common.vocab import VOCAB_PREFIX_SIZE
from stanza.models.ner.trainer import fix_singleton_tags
from stanza.models.ner.utils import decode_from_bioes

from service.parsing.embedded.recurrence import BatchedLSTM, CharLSTM
from service.parsing.embedded.subwords import States


class Name(NamedTuple):
    """A named entity: the words [start, end) of a sentence, and its kind."""

    start: int
    end: int
    kind: str


class NameFinder:
    """Recognizes named entities from words' encoder states and character vectors."""

    def __init__(self, trainer: Any) -> None:
        """Take the weights from Stanza's `trainer`."""
        model = self._model = trainer.model.float()
        self._lstm = BatchedLSTM(model.taggerlstm.lstm, (model.taggerlstm_h_init, model.taggerlstm_c_init))
        self._letters = CharLSTM(self._model.charmodel, trainer.vocab["char"].unit2id)
        (self._tags,) = trainer.vocab["tag"]._id2unit.values()
        self._transitions = self._model.crits[0]._transitions.detach().numpy()

    def find(self, words: Sequence[str], states: States) -> list[list[Name]]:
        """Return the entities of each sentence. `words` are those of all sentences, concatenated."""
        model = self._model
        seen = torch.cat([states.of_words(model.bert_layer_mix.weight[0]), self._letters.read(words)], 1)
        scores = model.tag_clfs[0](self._lstm.read(seen, states.lengths))
        padded = torch.nn.utils.rnn.pad_sequence(list(scores.split(states.lengths)), batch_first=True)
        lengths = np.array(states.lengths)
        best = best_sequences(padded.numpy(), self._transitions, lengths)
        return [self._names(row[:length]) for row, length in zip(best, lengths, strict=True)]

    def _names(self, numbers: NDArray[np.int64]) -> list[Name]:
        if (numbers <= VOCAB_PREFIX_SIZE).all():  # "O", and the special ids below it
            return []
        tags = [self._tags[max(number, VOCAB_PREFIX_SIZE)] for number in numbers.tolist()]
        return [
            Name(name["start"], name["end"] + 1, name["type"]) for name in decode_from_bioes(fix_singleton_tags(tags))
        ]


def best_sequences(
    scores: NDArray[np.float32], transitions: NDArray[np.float32], lengths: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the best tag sequence of each sentence (Viterbi, 1967), for `scores` [sentences, longest, tags].

    Positions after a sentence's end are undefined.
    """
    longest_first = np.argsort(-lengths, kind="stable")
    scores = scores[longest_first]
    # number of active sentences at each step
    active = (lengths[:, None] > np.arange(scores.shape[1])).sum(0).tolist()
    reached = scores[:, 0].copy()
    came_from = np.zeros(scores.shape, dtype=np.int64)
    for step, count in enumerate(active[1:], start=1):
        ways = reached[:count, None] + transitions.T
        came_from[:count, step] = best = ways.argmax(2)
        reached[:count] = np.take_along_axis(ways, best[:, :, None], 2)[:, :, 0] + scores[:count, step]
    ordered = np.zeros(scores.shape[:2], dtype=np.int64)
    tag, everyone = reached.argmax(1), np.arange(len(scores))
    for step, count in reversed(list(enumerate(active))):
        ordered[:count, step] = tag[:count]
        tag[:count] = came_from[everyone[:count], step, tag[:count]]
    found = np.empty_like(ordered)
    found[longest_first] = ordered
    return found
