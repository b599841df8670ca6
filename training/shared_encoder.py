"""The narrow encoder during joint training: each batch is encoded once, and all heads use the same states.

In Stanza, each head requests the states of words separately and can only train its own encoder. Here the function that
computes them is replaced in the models of all three heads: it returns the states already computed, and the
gradients of all heads' losses accumulate in them.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import torch
from stanza.models.depparse import model as parser_model
from stanza.models.ner import model as names_model
from stanza.models.pos import model as tagger_model
from torch import Tensor, nn

from training.encoder import Encoder
from training.head_examples import TrainingExample

LAYER = "encoder.layer."
MASK = 103  # id of [MASK]


class SharedEncoder(Encoder):
    """An encoder in training. Call `read` with a batch, then run the heads on its sentences."""

    def read(self, batch: Sequence[TrainingExample], masked: float = 0.0) -> None:
        """Encode a batch, masking each subword with probability `masked`."""
        lengths = torch.tensor([len(example.pieces) for example in batch])
        width = int(lengths.max())
        ids = torch.zeros(len(batch), width, dtype=torch.long)
        for row, example in enumerate(batch):
            ids[row, : len(example.pieces)] = torch.tensor(example.pieces)
        if masked:
            maskable = torch.arange(1, width + 1) < lengths[:, None]
            maskable[:, 0] = False
            ids[maskable & (torch.rand(ids.shape) < masked)] = MASK
        places = torch.tensor([row * width + place for row, example in enumerate(batch) for place in example.places])
        layers = self._encode(ids, lengths)
        self._states = torch.stack([layer.flatten(0, 1).index_select(0, places).float() for layer in layers])
        self._sizes = [len(example.places) for example in batch]
        self._numbers = {example.words: number for number, example in enumerate(batch)}

    def words(self, sentences: Iterable[Sequence[str]], mix: nn.Linear, ends: bool) -> list[Tensor]:
        """Return the upper layers at each word of `sentences`, mixed as in Stanza; with `ends`, also at both ends."""
        weights = mix.weight[0] + 1 / mix.in_features
        mixed = torch.tensordot(weights, self._states[-mix.in_features :], 1).split(self._sizes)
        result = [mixed[self._numbers[tuple(sentence)]] for sentence in sentences]
        return result if ends else [states[1:-1] for states in result]


def share() -> None:
    """Make Stanza's three models use the states that a `SharedEncoder` has computed."""

    def extract(
        _name: str, _pieces: object, encoder: SharedEncoder, sentences: Any, _device: object, keep_endpoints: bool,
        bert_layer_mix: nn.Linear, **_unused: object,
    ) -> list[Tensor]:  # fmt: skip
        return encoder.words(sentences, bert_layer_mix, keep_endpoints)

    for model in (parser_model, tagger_model, names_model):
        model.extract_bert_embeddings = extract


def with_layers(weights: dict[str, Tensor], kept: Sequence[int]) -> dict[str, Tensor]:
    """Return the weights of an encoder that has only the layers `kept` of `weights`."""
    result = {name: values for name, values in weights.items() if not name.startswith(LAYER)}
    for new, old in enumerate(kept):
        prefix = f"{LAYER}{old}."
        result |= {
            f"{LAYER}{new}.{name.removeprefix(prefix)}": values
            for name, values in weights.items()
            if name.startswith(prefix)
        }
    return result
