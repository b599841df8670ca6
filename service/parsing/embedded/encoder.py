"""The transformer that the tagger, the parser and the entity finder of the embedded pack share.

It is BERT's architecture (Devlin et al., 2019): each sentence is encoded once for all three. Rows of word pieces lie
one behind the other, so that no product is spent on padding.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor
from torch.nn import functional

from service.parsing.embedded.affine import Affine, affine
from service.parsing.embedded.arithmetic import Arithmetic
from service.parsing.embedded.attention import attention, groups

PIECES_AT_ONCE: Final = 1024  # enough to keep a core busy, few enough to stay near it
LONGEST_ROW: Final = 512  # pieces: positions that the weights know
NORM_EPSILON: Final = 1e-12
_PADDED_TO: Final = 128  # pieces: oneDNN generates a kernel for each number of them


@dataclass(frozen=True, slots=True)
class Norm:
    """A layer's normalization: `weight` times the normalized states, plus `bias`."""

    weight: Tensor
    bias: Tensor

    def __call__(self, states: Tensor) -> Tensor:
        """Normalize each row of `states`."""
        return functional.layer_norm(states, self.bias.shape, self.weight, self.bias, NORM_EPSILON)


@dataclass(frozen=True, slots=True)
class Layer:
    """One transformer layer. `attend` makes queries, keys and values at once."""

    attend: Affine
    mix: Affine
    mix_norm: Norm
    widen: Affine
    narrow: Affine
    narrow_norm: Norm


@dataclass(frozen=True, slots=True)
class Encoded:
    """The `states` of all pieces [layers + 1, pieces, size], the embeddings' first; each row's `starts` among them."""

    states: Tensor
    starts: Sequence[int]


class Encoder:
    """From rows of word pieces to the hidden states of the embeddings and of each layer above them."""

    def __init__(self, weights: Mapping[str, Tensor], heads: int, arithmetic: Arithmetic) -> None:
        """`weights` by BERT's names. It computes with `arithmetic`; its products are quantized only if the weights come
        with the ranges of their inputs."""
        dtype: torch.dtype = getattr(torch, arithmetic.dtype)
        values = {name: tensor.to(dtype) for name, tensor in weights.items()}

        def linear(*names: str) -> Affine:
            return affine(values, names, arithmetic.steps)

        def norm(name: str) -> Norm:
            return Norm(values[f"{name}.weight"], values[f"{name}.bias"])

        count = sum(name.endswith("intermediate.dense.weight") for name in values)
        self._heads = heads
        self._words = values["embeddings.word_embeddings.weight"]
        self._places = (
            values["embeddings.position_embeddings.weight"] + values["embeddings.token_type_embeddings.weight"][0]
        )
        self._norm = norm("embeddings.LayerNorm")
        self._layers = [
            Layer(
                linear(*(f"{layer}.attention.self.{part}" for part in ("query", "key", "value"))),
                linear(f"{layer}.attention.output.dense"),
                norm(f"{layer}.attention.output.LayerNorm"),
                linear(f"{layer}.intermediate.dense"),
                linear(f"{layer}.output.dense"),
                norm(f"{layer}.output.LayerNorm"),
            )
            for layer in (f"encoder.layer.{number}" for number in range(count))
        ]

    @property
    def size(self) -> int:
        """How many numbers a state has."""
        return self._words.shape[1]

    def encode(self, rows: Sequence[Sequence[int]]) -> Encoded:
        """The states of all pieces of `rows`, of at most `LONGEST_ROW` pieces each, in float32."""
        states = torch.empty(len(self._layers) + 1, sum(map(len, rows)), self.size)
        starts = [0] * len(rows)
        begun = 0
        for batch in batches(rows):
            first = begun
            for number in batch:
                starts[number] = begun
                begun += len(rows[number])
            self._encode([rows[number] for number in batch], states[:, first:begun])
        return Encoded(states, starts)

    def _encode(self, rows: Sequence[Sequence[int]], found: Tensor) -> None:
        together = groups([len(row) for row in rows])
        ids = torch.tensor([piece for row in rows for piece in row])
        places = torch.cat([torch.arange(len(row)) for row in rows])
        count = len(ids)
        padding = (0, 0, 0, -count % _PADDED_TO)
        states = functional.pad(self._norm(self._words[ids] + self._places[places]), padding)
        found[0] = states[:count]
        for number, layer in enumerate(self._layers, start=1):
            attended = functional.pad(attention(layer.attend(states)[:count], self._heads, together), padding)
            states = layer.mix_norm(layer.mix(attended) + states)
            states = layer.narrow_norm(layer.narrow(functional.gelu(layer.widen(states))) + states)
            found[number] = states[:count]


def batches(rows: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """The numbers of the rows to encode together, the longest first: `PIECES_AT_ONCE` at most, or one row."""
    waiting = sorted(range(len(rows)), key=lambda number: (-len(rows[number]), number))
    batch: list[int] = []
    pieces = 0
    for number in waiting:
        if batch and pieces + len(rows[number]) > PIECES_AT_ONCE:
            yield batch
            batch, pieces = [], 0
        batch.append(number)
        pieces += len(rows[number])
    if batch:
        yield batch
