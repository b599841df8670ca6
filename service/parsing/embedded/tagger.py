"""Part-of-speech and feature tagging with the weights of Stanza's tagger."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

from service.parsing.embedded.recurrence import CharLSTM, HighwayLSTM
from service.parsing.embedded.subwords import States

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
        self._letters = CharLSTM(model.charmodel, vocabulary["char"].unit2id)
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
        letters = model.trans_char(self._letters.read(words))
        seen = torch.cat([letters, states.of_words(model.bert_layer_mix.weight[0])], 1)
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
        found: list[int] = scores[torch.arange(len(words)), parts].argmax(1).tolist()
        return found
