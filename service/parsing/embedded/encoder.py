"""The transformer encoder shared by the tagger, the parser and the entity recognizer of the embedded pack.

A BERT architecture (Devlin et al., 2019). Each sentence is encoded once for all three. Rows of subwords are packed into
blocks (`blocks.py`) to avoid padding.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import torch
from torch import Tensor
from torch.nn import functional

from service.parsing.embedded.affine import Affine, affine
from service.parsing.embedded.arithmetic import Arithmetic
from service.parsing.embedded.blocks import Blocks, attention, pack

PIECES_AT_ONCE: Final = 1024  # enough to keep a core busy, few enough for its cache
LONGEST_ROW: Final = 512  # subwords: the number of position embeddings
NORM_EPSILON: Final = 1e-12
_WIDTHS: Final = (128, LONGEST_ROW)  # widths of blocks; few sentences are longer than the first


@dataclass(frozen=True, slots=True)
class Norm:
    """Layer normalization: `weight` times the normalized states, plus `bias`."""

    weight: Tensor
    bias: Tensor

    def __call__(self, states: Tensor) -> Tensor:
        """Normalize each row of `states`."""
        return functional.layer_norm(states, self.bias.shape, self.weight, self.bias, NORM_EPSILON)


@dataclass(frozen=True, slots=True)
class Layer:
    """A transformer layer. `attend` computes queries, keys and values in one product."""

    attend: Affine
    mix: Affine
    mix_norm: Norm
    widen: Affine
    narrow: Affine
    narrow_norm: Norm


@dataclass(frozen=True, slots=True)
class Encoded:
    """The `states` of all subwords [layers + 1, subwords, size], the embeddings first, and the `starts` of each row
    among them."""

    states: Tensor
    starts: Sequence[int]


class Encoder:
    """Encodes rows of subwords to the hidden states of the embeddings and every layer."""

    def __init__(self, weights: Mapping[str, Tensor], heads: int, arithmetic: Arithmetic) -> None:
        """Load `weights`, named as in BERT. All products but the last of each layer are quantized, if `arithmetic` has
        steps and the weights include activation ranges."""
        dtype: torch.dtype = getattr(torch, arithmetic.dtype)
        values = {name: tensor.to(dtype) for name, tensor in weights.items()}

        def linear(*names: str, steps: int = arithmetic.steps) -> Affine:
            return affine(values, names, steps)

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
                # its inputs, after GELU, have few large values, so quantizing them costs the most accuracy
                linear(f"{layer}.output.dense", steps=0),
                norm(f"{layer}.output.LayerNorm"),
            )
            for layer in (f"encoder.layer.{number}" for number in range(count))
        ]

    @property
    def size(self) -> int:
        """The size of a hidden state."""
        return self._words.shape[1]

    def encode(self, rows: Sequence[Sequence[int]]) -> Encoded:
        """Return the float32 states of all subwords of `rows`, of at most `LONGEST_ROW` subwords each."""
        starts = [0] * len(rows)
        parts: list[Tensor] = []
        begun = 0
        for least, width in pairwise((0, *_WIDTHS)):
            numbers = [number for number, row in enumerate(rows) if least < len(row) <= width]
            if numbers:
                blocks = pack([rows[number] for number in numbers], width)
                for number, start in zip(numbers, blocks.starts, strict=True):
                    starts[number] = begun + start
                parts.append(self._encode(blocks))
                begun += blocks.count * width
        return Encoded(parts[0] if len(parts) == 1 else torch.cat(parts, 1), starts)

    def _encode(self, blocks: Blocks) -> Tensor:
        """Return the states of all subwords of `blocks`, including padding: [layers + 1, subwords, size]."""
        found = torch.empty(len(self._layers) + 1, len(blocks.ids), self.size)
        step = PIECES_AT_ONCE // blocks.width
        for first in range(0, blocks.count, step):
            last = min(first + step, blocks.count)
            here = slice(first * blocks.width, last * blocks.width)
            mask = blocks.mask(first, last, self._words.dtype)
            states = self._norm(self._words[blocks.ids[here]] + self._places[blocks.places[here]])
            found[0, here] = states
            for number, layer in enumerate(self._layers, start=1):
                states = layer.mix_norm(layer.mix(attention(layer.attend(states), self._heads, mask)) + states)
                states = layer.narrow_norm(layer.narrow(functional.gelu(layer.widen(states))) + states)
                found[number, here] = states
        return found
