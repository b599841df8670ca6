"""The transformer that the tagger, the parser and the entity finder of the embedded pack share.

It is BERT's architecture (Devlin et al., 2019): each sentence is encoded once for all three. Rows of word pieces lie
one behind the other, so that no product is spent on padding; only attention, which stays within a row, is padded.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor
from torch.nn import functional

PIECES_AT_ONCE: Final = 1024  # enough to keep a core busy, few enough to stay near it
LONGEST_ROW: Final = 512  # pieces: positions that the weights know
NORM_EPSILON: Final = 1e-12


@dataclass(frozen=True, slots=True)
class Affine:
    """A linear map: `weight` times, plus `bias`."""

    weight: Tensor
    bias: Tensor

    def __call__(self, states: Tensor) -> Tensor:
        """The map of each row of `states`."""
        return functional.linear(states, self.weight, self.bias)


@dataclass(frozen=True, slots=True)
class Layer:
    """One transformer layer. `attend` makes queries, keys and values at once."""

    attend: Affine
    mix: Affine
    mix_norm: Affine
    widen: Affine
    narrow: Affine
    narrow_norm: Affine


class Encoder:
    """From rows of word pieces to the hidden states of the embeddings and of each layer above them."""

    def __init__(self, weights: Mapping[str, Tensor], heads: int, numbers: torch.dtype) -> None:
        """`weights` by BERT's names. It computes with `numbers`."""
        values = {name: tensor.to(numbers) for name, tensor in weights.items()}

        def affine(*names: str) -> Affine:
            return Affine(*(torch.cat([values[f"{name}.{part}"] for name in names]) for part in ("weight", "bias")))

        count = sum(name.endswith("intermediate.dense.weight") for name in values)
        self._heads = heads
        self._words = values["embeddings.word_embeddings.weight"]
        self._places = (
            values["embeddings.position_embeddings.weight"] + values["embeddings.token_type_embeddings.weight"][0]
        )
        self._norm = affine("embeddings.LayerNorm")
        self._layers = [
            Layer(
                affine(*(f"{layer}.attention.self.{part}" for part in ("query", "key", "value"))),
                affine(f"{layer}.attention.output.dense"),
                affine(f"{layer}.attention.output.LayerNorm"),
                affine(f"{layer}.intermediate.dense"),
                affine(f"{layer}.output.dense"),
                affine(f"{layer}.output.LayerNorm"),
            )
            for layer in (f"encoder.layer.{number}" for number in range(count))
        ]

    @property
    def size(self) -> int:
        """How many numbers a state has."""
        return self._words.shape[1]

    @property
    def numbers(self) -> torch.dtype:
        """The numbers that it computes with."""
        return self._words.dtype

    def encode(self, rows: Sequence[Sequence[int]]) -> Tensor:
        """The states of all pieces of `rows`, of at most `LONGEST_ROW` pieces each, one row behind the other:
        [layers + 1, pieces, size], the embeddings' first."""
        starts = [0]
        for row in rows:
            starts.append(starts[-1] + len(row))
        found = torch.empty(len(self._layers) + 1, starts[-1], self.size, dtype=self.numbers)
        for batch in batches(rows):
            places = torch.cat([torch.arange(starts[number], starts[number + 1]) for number in batch])
            found[:, places] = self._encode([rows[number] for number in batch])
        return found

    def _encode(self, rows: Sequence[Sequence[int]]) -> Tensor:
        lengths = torch.tensor([len(row) for row in rows])
        within = torch.arange(int(lengths.max())) < lengths[:, None]  # [rows, width]: where a row has pieces
        mask = None
        if not bool(within.all()):
            mask = torch.zeros(within.shape, dtype=self.numbers).masked_fill_(~within, -torch.inf)[:, None, None, :]
        ids = torch.tensor([piece for row in rows for piece in row])
        places = torch.arange(within.shape[1]).expand(within.shape)[within]
        states = self._normed(self._words[ids] + self._places[places], self._norm)
        found = [states]
        for layer in self._layers:
            mixed = self._attention(layer.attend(states), within, mask)
            states = self._normed(layer.mix(mixed) + states, layer.mix_norm)
            states = self._normed(layer.narrow(functional.gelu(layer.widen(states))) + states, layer.narrow_norm)
            found.append(states)
        return torch.stack(found)

    def _attention(self, attended: Tensor, within: Tensor, mask: Tensor | None) -> Tensor:
        rows, width = within.shape
        if mask is not None:
            padded = attended.new_zeros(rows, width, attended.shape[1])
            padded[within] = attended
            attended = padded
        query, key, value = attended.view(rows, width, 3, self._heads, -1).permute(2, 0, 3, 1, 4)
        mixed = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask).transpose(1, 2)
        flat = mixed.reshape(rows, width, -1)
        return flat.flatten(0, 1) if mask is None else flat[within]

    def _normed(self, states: Tensor, norm: Affine) -> Tensor:
        return functional.layer_norm(states, states.shape[-1:], norm.weight, norm.bias, NORM_EPSILON)


def batches(rows: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """The numbers of the rows to encode together: of like length, `PIECES_AT_ONCE` at most but for one long row."""
    waiting = sorted(range(len(rows)), key=lambda number: (len(rows[number]), number))
    while waiting:
        count = max(1, PIECES_AT_ONCE // len(rows[waiting[-1]]))
        yield waiting[-count:]
        waiting = waiting[:-count]
