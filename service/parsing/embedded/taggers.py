"""Sequence taggers with the weights of Stanza's: parts of speech and features, and named entities."""

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from stanza.models.common.vocab import VOCAB_PREFIX_SIZE
from stanza.models.ner.trainer import fix_singleton_tags
from stanza.models.ner.utils import decode_from_bioes
from torch import Tensor
from torch.nn import functional

from service.parsing.embedded.arithmetic import FLOAT32, Arithmetic
from service.parsing.embedded.encoder import Ranges
from service.parsing.embedded.recurrence import BatchedLSTM, CharLSTM, HighwayLSTM
from service.parsing.embedded.words import States

FEATURES: Final = ("Number", "Polarity")  # the ones that extraction uses; the others are not computed
_EMPTY: Final = 2  # Stanza's id for an absent feature


class Tag(NamedTuple):
    """A word's universal part of speech, its Penn tag, and its features as `Name=Value|…`."""

    upos: str
    xpos: str
    feats: str


class Tagger:
    """Tags words from their encoder states and character vectors."""

    def __init__(self, trainer: Any) -> None:
        """Take the weights from Stanza's `trainer`."""
        vocabulary, model = trainer.vocab, trainer.model.float()
        self._model = model
        self._highway = HighwayLSTM(model.taggerlstm, (model.taggerlstm_h_init, model.taggerlstm_c_init))
        self._characters = CharLSTM(model.charmodel, vocabulary["char"].unit2id)
        self._upos = vocabulary["upos"]._id2unit
        self._xpos = vocabulary["xpos"]._id2unit
        names = list(vocabulary["feats"]._id2unit)
        self._features = [(name, vocabulary["feats"]._id2unit[name]) for name in FEATURES]
        # The scorers of tags and features also depend on the part of speech; for a given one, each is linear.
        parts = model.upos_emb.weight
        self._tag_scores = _Scorer(model.tag_clf["xpos"], parts)
        self._feature_scores = [_Scorer(model.tag_clf["feats"][names.index(name)], parts) for name in FEATURES]

    def tag(self, words: Sequence[str], states: States) -> list[Tag]:
        """Return a tag for each of `words`, those of all sentences concatenated."""
        model = self._model
        characters = model.trans_char(self._characters.read(words))
        seen = torch.cat([characters, states.of_words(model.bert_layer_mix.weight[0])], 1)
        hidden = self._highway.read(seen, states.lengths)
        parts = model.upos_clf(functional.relu(model.upos_hid(hidden))).argmax(1)
        for_tag, for_features = (functional.relu(model.tag_hid[name](hidden)) for name in ("xpos", "feats"))
        tags = self._tag_scores.best(for_tag, parts)
        features = [scores.best(for_features, parts) for scores in self._feature_scores]
        return [
            Tag(self._upos[part], self._xpos[tag], self._written(values))
            for part, tag, *values in zip(parts.tolist(), tags, *features, strict=True)
        ]

    def _written(self, values: Sequence[int]) -> str:
        return "|".join(
            f"{name}={known[value]}"
            for (name, known), value in zip(self._features, values, strict=True)
            if value != _EMPTY
        )


class _Scorer:
    """Stanza's biaffine scorer of a word and its part of speech: one linear map per part of speech."""

    def __init__(self, scorer: Any, parts: Tensor) -> None:
        bilinear = scorer.W_bilin
        with_one = torch.cat([parts, parts.new_ones(len(parts), 1)], 1)
        maps = torch.einsum("oij,pj->poi", bilinear.weight, with_one)
        self._parts = len(parts)
        self._weight = maps[:, :, :-1].flatten(0, 1).contiguous()
        self._bias = (maps[:, :, -1] + bilinear.bias).flatten()

    def best(self, words: Tensor, parts: Tensor) -> list[int]:
        """Return the best class of each word, given its part of speech."""
        scores = functional.linear(words, self._weight, self._bias).view(len(words), self._parts, -1)
        result: list[int] = scores[torch.arange(len(words)), parts].argmax(1).tolist()
        return result


class NamedEntity(NamedTuple):
    """A named entity: the words [start, end) of a sentence, and its kind."""

    start: int
    end: int
    kind: str


class EntityRecognizer:
    """Recognizes named entities from words' encoder states and character vectors."""

    def __init__(
        self, trainer: Any, arithmetic: Arithmetic = FLOAT32, ranges: Callable[[Tensor], Ranges] | None = None
    ) -> None:
        """Take the weights from Stanza's `trainer`. The products of the words are computed in `arithmetic`; `ranges`
        returns those of the states by the weights that mix them."""
        model = self._model = trainer.model.float()
        start, network = (model.taggerlstm_h_init, model.taggerlstm_c_init), model.taggerlstm.lstm
        of_items = None
        if ranges is not None and not model.charmodel.attn:
            of_states = ranges(model.bert_layer_mix.weight[0].detach())
            characters = torch.ones(network.input_size - len(of_states[0]))  # states of an LSTM are between -1 and 1
            low, high, mean = (
                torch.cat([part, bound * characters]) for part, bound in zip(of_states, (-1, 1, 0), strict=True)
            )
            of_items = low, high, mean
        self._lstm = BatchedLSTM(network, start, arithmetic, of_items)
        self._characters = CharLSTM(self._model.charmodel, trainer.vocab["char"].unit2id)
        (self._tags,) = trainer.vocab["tag"]._id2unit.values()
        self._transitions = self._model.crits[0]._transitions.detach().numpy()

    def find(self, words: Sequence[str], states: States) -> list[list[NamedEntity]]:
        """Return the entities of each sentence. `words` are those of all sentences, concatenated."""
        model = self._model
        seen = torch.cat([states.of_words(model.bert_layer_mix.weight[0]), self._characters.read(words)], 1)
        scores = model.tag_clfs[0](self._lstm.read(seen, states.lengths))
        padded = torch.nn.utils.rnn.pad_sequence(list(scores.split(states.lengths)), batch_first=True)
        lengths = np.array(states.lengths)
        best = best_sequences(padded.numpy(), self._transitions, lengths)
        return [self._names(row[:length]) for row, length in zip(best, lengths, strict=True)]

    def _names(self, numbers: NDArray[np.int64]) -> list[NamedEntity]:
        if (numbers <= VOCAB_PREFIX_SIZE).all():  # "O", and the special ids below it
            return []
        tags = [self._tags[max(number, VOCAB_PREFIX_SIZE)] for number in numbers.tolist()]
        return [
            NamedEntity(name["start"], name["end"] + 1, name["type"])
            for name in decode_from_bioes(fix_singleton_tags(tags))
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
    result = np.empty_like(ordered)
    result[longest_first] = ordered
    return result
