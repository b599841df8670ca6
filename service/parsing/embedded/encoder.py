"""The transformer encoder that the tagger, the parser and the entity tagger of the embedded pack share.

Its linear layers compute in floating point or quantized to 8 bits; rows of subwords are packed into blocks of one
width, with a block-diagonal attention mask.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from service.parsing.embedded.arithmetic import Arithmetic

INPUTS: Final = ("low", "high", "mean")  # per input channel, measured by `training.input_ranges`

Affine = Callable[[Tensor], Tensor]


def affine(values: Mapping[str, Tensor], names: Sequence[str], steps: int) -> Affine:
    """Return the linear layers `names` of the weights `values` as one map with concatenated outputs.

    Activations are quantized to `steps` steps, if it is not 0 and their ranges are known; otherwise the weights' dtype
    is used.
    """
    weight, bias = (torch.cat([values[f"{name}.{part}"] for name in names]) for part in ("weight", "bias"))
    inputs = [values.get(f"{names[0]}.input_{part}") for part in INPUTS]
    if steps and all(part is not None for part in inputs):
        return _of_integers(steps, weight.float(), bias.float(), *(part.float() for part in inputs if part is not None))
    return lambda states: functional.linear(states, weight, bias)


def _of_integers(steps: int, weight: Tensor, bias: Tensor, low: Tensor, high: Tensor, mean: Tensor) -> Affine:
    step = ((high - low) / steps).clamp(min=1e-6)
    of_steps = weight * step
    scales = of_steps.abs().amax(1) / 127
    whole = (of_steps / scales[:, None]).round()
    bias = bias + weight @ mean - (whole * scales[:, None]) @ ((mean - low) / step)
    packed = torch.ops.onednn.qlinear_prepack(whole.to(torch.int8), None)
    zeros = torch.zeros(len(whole), dtype=torch.int32)
    steps_of_one, steps_of_none = 1 / step, -low / step

    def compute(states: Tensor) -> Tensor:
        quantized = torch.addcmul(steps_of_none, states, steps_of_one).round_().clamp_(0, steps).to(torch.uint8)
        return quantized_product(quantized, packed, scales, zeros, bias)

    return compute


def quantized_product(inputs: Tensor, packed: Tensor, scales: Tensor, zeros: Tensor, bias: Tensor) -> Tensor:
    """Multiply uint8 `inputs` [rows, inputs] by `packed` int8 weights with oneDNN; returns float32 [rows, outputs].

    `scales` and `zeros` are the quantization parameters of each output's weights.
    """
    product: Tensor = torch.ops.onednn.qlinear_pointwise(
        inputs, 1.0, 0, packed, scales, zeros, bias, 1.0, 0, torch.float32, "none", [], ""
    )
    return product


@dataclass(frozen=True, slots=True)
class Blocks:
    """Rows in `count` blocks of `width` subwords. `starts` are the rows' offsets among the subwords of all blocks;
    `ids` and `places` [count × width] each subword's id and position in its row; `owners` [count, width] each subword's
    row, -1 for padding."""

    count: int
    width: int
    starts: list[int]
    ids: Tensor
    places: Tensor
    owners: NDArray[np.int64]

    def mask(self, first: int, last: int) -> Tensor:
        """Return the attention mask of the blocks [first, last): [blocks, 1, width, width], 0 within a row, -∞
        elsewhere.

        Padding attends to padding, so that no subword has nothing to attend to.
        """
        owners = self.owners[first:last]
        apart = owners[:, :, None] != owners[:, None]
        mask = torch.zeros(apart.shape).masked_fill_(torch.from_numpy(apart), -torch.inf)
        return mask[:, None]


def pack(rows: Sequence[Sequence[int]], width: int) -> Blocks:
    """Pack `rows`, none longer than `width`, into few blocks: first fit, longest first."""
    starts = [0] * len(rows)
    free: list[int] = []  # free width of each block
    for number in sorted(range(len(rows)), key=lambda number: (-len(rows[number]), number)):
        size = len(rows[number])
        block = next((block for block, left in enumerate(free) if size <= left), len(free))
        if block == len(free):
            free.append(width)
        starts[number] = (block + 1) * width - free[block]
        free[block] -= size
    ids, places = np.zeros((2, len(free) * width), dtype=np.int64)
    owners = np.full(len(free) * width, -1)
    for number, (start, row) in enumerate(zip(starts, rows, strict=True)):
        state = slice(start, start + len(row))
        ids[state], places[state], owners[state] = row, np.arange(len(row)), number
    return Blocks(
        len(free), width, starts, torch.from_numpy(ids), torch.from_numpy(places), owners.reshape(len(free), width)
    )


def attention(attended: Tensor, heads: int, mask: Tensor) -> Tensor:
    """Return multi-head attention within blocks, given the concatenated queries, keys and values [subwords, 3 × size]:
    [subwords, size].

    It is computed in float32, in which torch is faster at this size than in bfloat16.
    """
    count, _, width, _ = mask.shape
    query, key, value = attended.float().view(count, width, 3, heads, -1).permute(2, 0, 3, 1, 4)
    mixed = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
    return mixed.transpose(1, 2).reshape(len(attended), -1).to(attended.dtype)


PIECES_AT_ONCE: Final = 1024  # enough to keep a core busy, few enough for its cache
LONGEST_ROW: Final = 512  # subwords: the number of position embeddings
NORM_EPSILON: Final = 1e-12
_WORDS: Final = "embeddings.word_embeddings.weight"
_WIDTHS: Final = (64, 128, LONGEST_ROW)  # of blocks: attention within a block costs its square; most sentences fit 64


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


def parts(count: int, most: int) -> Iterator[tuple[int, int]]:
    """Yield the first block of each part and the one after its last: parts of `most` of the `count` blocks, and of
    powers of two for the rest.

    oneDNN generates kernels for each number of rows, so there must be few.
    """
    first = 0
    while first < count:
        size = min(most, 1 << ((count - first).bit_length() - 1))
        yield first, first + size
        first += size


class Encoder:
    """Encodes rows of subwords to the hidden states of the embeddings and every layer."""

    def __init__(self, weights: Mapping[str, Tensor], heads: int, arithmetic: Arithmetic) -> None:
        """Load `weights`, named as in BERT. All products but the last of each layer are quantized, if `arithmetic` has
        steps and the weights include activation ranges."""
        dtype: torch.dtype = getattr(torch, arithmetic.dtype)
        self._dtype = dtype
        # The largest table stays as stored, half the size of float32; its rows are converted when they are read.
        self._words = weights[_WORDS].clone()
        values = {name: tensor.to(dtype) for name, tensor in weights.items() if name != _WORDS}

        def linear(*names: str, steps: int = arithmetic.steps) -> Affine:
            return affine(values, names, steps)

        def norm(name: str) -> Norm:
            return Norm(values[f"{name}.weight"], values[f"{name}.bias"])

        count = sum(name.endswith("intermediate.dense.weight") for name in values)
        self._heads = heads
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
        offset = 0
        for least, width in pairwise((0, *_WIDTHS)):
            numbers = [number for number, row in enumerate(rows) if least < len(row) <= width]
            if numbers:
                blocks = pack([rows[number] for number in numbers], width)
                for number, start in zip(numbers, blocks.starts, strict=True):
                    starts[number] = offset + start
                parts.append(self._encode(blocks))
                offset += blocks.count * width
        return Encoded(parts[0] if len(parts) == 1 else torch.cat(parts, 1), starts)

    def _encode(self, blocks: Blocks) -> Tensor:
        """Return the states of all subwords of `blocks`, including padding: [layers + 1, subwords, size]."""
        found = torch.empty(len(self._layers) + 1, len(blocks.ids), self.size)
        step = PIECES_AT_ONCE // blocks.width
        for first, last in parts(blocks.count, step):
            state = slice(first * blocks.width, last * blocks.width)
            mask = blocks.mask(first, last)
            words = self._words[blocks.ids[state]].to(self._dtype)
            states = self._norm(words + self._places[blocks.places[state]])
            found[0, state] = states
            for number, layer in enumerate(self._layers, start=1):
                states = layer.mix_norm(layer.mix(attention(layer.attend(states), self._heads, mask)) + states)
                states = layer.narrow_norm(layer.narrow(functional.gelu(layer.widen(states))) + states)
                found[number, state] = states
        return found
