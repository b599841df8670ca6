"""The transformer encoder that the tagger, the parser and the entity tagger of the embedded pack share.

Its linear layers compute in floating point or quantized to 8 bits, for the subwords of many sentences at once, without
padding; attention is computed for the sentences of each length.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, groupby
from typing import Final

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from service.parsing.embedded.arithmetic import FLOAT32, Arithmetic, abilities

INPUTS: Final = ("low", "high", "mean")  # per input channel, measured by `training.encoder`
STEPS: Final = 255  # of quantized activations
STEP: Final = 32  # the number of subwords computed at once is a multiple of it
_MAX_STEPS: Final = 16  # enough to keep a core busy, few enough for its cache

Affine = Callable[[Tensor], Tensor]
Ranges = tuple[Tensor, Tensor, Tensor]  # of each channel of activations: the `INPUTS`
# Input channels of a feed-forward layer that are not quantized, those with the largest range times weight: a few have
# many times the range of the others, and would make the quantization of all weights coarse.
WIDEST: Final = 32
_FAST_BFLOAT16: Final = frozenset({"amx_bf16", "avx512_bf16"})  # of `abilities`
DEVIATIONS: Final = 4.5  # standard deviations that a quantized normalized state reaches; what is beyond them is cut


def affine(
    values: Mapping[str, Tensor], names: Sequence[str], arithmetic: Arithmetic = FLOAT32, widest: int = 0
) -> Affine:
    """Return the linear layers `names` of the weights `values` as one map with concatenated outputs.

    Activations are quantized, if `arithmetic` is and their ranges are known, except for the `widest` channels;
    otherwise the weights' dtype is used.
    """
    weight, bias = (torch.cat([values[f"{name}.{part}"] for name in names]) for part in ("weight", "bias"))
    inputs = [values.get(f"{names[0]}.input_{part}") for part in INPUTS]
    if arithmetic.quantized and all(part is not None for part in inputs):
        ranges = (part.float() for part in inputs if part is not None)
        return _of_integers(arithmetic.pairwise, widest, weight.float(), bias.float(), *ranges)
    return _product(weight, bias)


def _product(weight: Tensor, bias: Tensor) -> Affine:
    """Return the product in the weights' dtype. Those in bfloat16 are kept in oneDNN's layout, to which
    `functional.linear` converts them each time."""
    if weight.dtype is not torch.bfloat16 or abilities().isdisjoint(_FAST_BFLOAT16):
        return lambda states: functional.linear(states, weight, bias)
    packed = torch.ops.mkldnn._reorder_linear_weight(weight, STEP * _MAX_STEPS)

    def compute(states: Tensor) -> Tensor:
        product: Tensor = torch.ops.mkldnn._linear_pointwise(states, packed, bias, "none", [], "")
        return product

    return compute


def linear(weight: Tensor, bias: Tensor, arithmetic: Arithmetic = FLOAT32, ranges: Ranges | None = None) -> Affine:
    """Return a linear layer of any number of float32 rows as a map to float32.

    It is computed in bfloat16 or quantized, if `arithmetic` is and the `ranges` of the rows are known, else in float32.
    """
    dtype: torch.dtype = getattr(torch, arithmetic.dtype)
    if dtype is torch.bfloat16:
        product = _product(weight.to(dtype), bias.to(dtype))
    elif arithmetic.quantized and ranges is not None:
        product = _of_integers(arithmetic.pairwise, 0, weight, bias, *ranges)
    else:
        return lambda rows: functional.linear(rows, weight, bias)

    def compute(rows: Tensor) -> Tensor:
        result = rows.new_empty(len(rows), len(bias))
        for part in parts(-(-len(rows) // STEP) * STEP):
            own = rows[part].to(dtype)
            if part.stop > len(rows):
                own = functional.pad(own, (0, 0, 0, part.stop - len(rows)))
            result[part] = product(own)[: len(rows) - part.start]
        return result

    return compute


def _of_integers(
    pairwise: bool, widest: int, weight: Tensor, bias: Tensor, low: Tensor, high: Tensor, mean: Tensor
) -> Affine:
    step = ((high - low) / STEPS).clamp(min=1e-6)
    channels = (weight * step).abs().amax(0).topk(widest).indices
    of_widest = weight[:, channels].T.contiguous()
    weight = weight.index_fill(1, channels, 0)
    whole, scales = quantized_weights(weight * step, pairwise)
    bias = bias + weight @ mean - (whole * scales[:, None]) @ ((mean - low) / step)
    packed = torch.ops.onednn.qlinear_prepack(whole.to(torch.int8), None)
    zeros = torch.zeros(len(whole), dtype=torch.int32)
    steps_of_one, steps_of_none = 1 / step, 0.5 - low / step  # conversion truncates

    def compute(states: Tensor) -> Tensor:
        quantized = torch.addcmul(steps_of_none, states, steps_of_one).clamp_(0, STEPS)
        # torch converts float32 to uint8 one by one, but not these two
        product = quantized_product(quantized.to(torch.int16).to(torch.uint8), packed, scales, zeros, bias)
        return product.addmm_(states.index_select(1, channels), of_widest) if widest else product

    return compute


def quantized_weights(weights: Tensor, pairwise: bool) -> tuple[Tensor, Tensor]:
    """Return `weights` [outputs, inputs] as whole numbers up to 127, and the scale of each output.

    If sums of two products have 16 bits (`pairwise`), two neighbours are at most 128 together, so that the products
    with any 8-bit activations are exact.
    """
    most = weights.abs().amax(1)
    if pairwise:
        most = torch.maximum(most, weights.view(len(weights), -1, 2).sum(2).abs().amax(1))
    scales = most / 127
    return (weights / scales[:, None]).round(), scales


def quantized_product(inputs: Tensor, packed: Tensor, scales: Tensor, zeros: Tensor, bias: Tensor) -> Tensor:
    """Multiply uint8 `inputs` [rows, inputs] by `packed` int8 weights with oneDNN; returns float32 [rows, outputs].

    `scales` and `zeros` are the quantization parameters of each output's weights.
    """
    product: Tensor = torch.ops.onednn.qlinear_pointwise(
        inputs, 1.0, 0, packed, scales, zeros, bias, 1.0, 0, torch.float32, "none", [], ""
    )
    return product


@dataclass(frozen=True, slots=True)
class Packed:
    """Rows of subwords one after the other, those of the same length together.

    `ids` and `positions` are each subword's id and position in its row, padded with zeros to a multiple of `STEP`;
    `starts` are the rows' offsets among them. `groups` are the rows of each length: the offset of the first row, their
    number and their length.
    """

    ids: Tensor
    positions: Tensor
    starts: Sequence[int]
    groups: Sequence[tuple[int, int, int]]


def pack(rows: Sequence[Sequence[int]]) -> Packed:
    """Concatenate `rows`, shortest first."""
    order = sorted(range(len(rows)), key=lambda number: (len(rows[number]), number))
    starts = [0] * len(rows)
    groups: list[tuple[int, int, int]] = []
    offset = 0
    for length, numbers in groupby(order, key=lambda number: len(rows[number])):
        first = offset
        for number in numbers:
            starts[number] = offset
            offset += length
        groups.append((first, (offset - first) // length, length))
    ids, positions = np.zeros((2, -(-offset // STEP) * STEP), dtype=np.int64)
    ids[:offset] = np.fromiter(chain.from_iterable(rows[number] for number in order), np.int64, offset)
    for first, count, length in groups:
        positions[first : first + count * length] = np.tile(np.arange(length), count)
    return Packed(torch.from_numpy(ids), torch.from_numpy(positions), starts, groups)


def attention(attended: Tensor, heads: int, groups: Sequence[tuple[int, int, int]]) -> Tensor:
    """Return multi-head attention within rows, given the concatenated queries, keys and values [subwords, 3 × size] and
    the `groups` of rows of the same length: [subwords, size].

    It is computed in float32, in which torch is faster at this size than in bfloat16. Padding gets zeros.
    """
    result = attended.new_zeros(len(attended), attended.shape[1] // 3)
    for first, count, length in groups:
        state = slice(first, first + count * length)
        query, key, value = attended[state].view(count, length, 3, heads, -1).permute(2, 0, 3, 1, 4)
        mixed = functional.scaled_dot_product_attention(query, key, value)
        result[state].view(count, length, heads, -1).copy_(mixed.transpose(1, 2))
    return result


MAX_ROW_LENGTH: Final = 512  # subwords: the number of position embeddings
NORM_EPSILON: Final = 1e-12
_WORDS: Final = "embeddings.word_embeddings.weight"


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


def parts(rows: int, step: int = STEP, most: int = _MAX_STEPS) -> Iterator[slice]:
    """Divide `rows`, a multiple of `step`, into parts of `most` steps, and of powers of two for the rest.

    oneDNN generates kernels for each number of rows, so there must be few.
    """
    first = 0
    while first < rows:
        size = step * min(most, 1 << ((rows - first) // step).bit_length() - 1)
        yield slice(first, first + size)
        first += size


class Encoder:
    """Encodes rows of subwords to the hidden states of the embeddings and every layer."""

    def __init__(self, weights: Mapping[str, Tensor], heads: int, arithmetic: Arithmetic) -> None:
        """Load `weights`, named as in BERT.

        If `arithmetic` is quantized and the weights include activation ranges, all products are quantized.
        """
        dtype: torch.dtype = getattr(torch, arithmetic.dtype)
        self._dtype = dtype
        # The largest table stays as stored, half the size of float32; its rows are converted when they are read.
        self._words = weights[_WORDS].clone()
        values = {name: tensor.to(dtype) for name, tensor in weights.items() if name != _WORDS}

        def linear(*names: str, of: Arithmetic = arithmetic, widest: int = 0) -> Affine:
            return affine(values, names, of, widest)

        def norm(name: str) -> Norm:
            return Norm(values[f"{name}.weight"].float(), values[f"{name}.bias"].float())

        count = sum(name.endswith("intermediate.dense.weight") for name in values)
        self._heads = heads
        self._attended = 3 * len(values["encoder.layer.0.attention.self.query.bias"])
        self._places = (
            values["embeddings.position_embeddings.weight"] + values["embeddings.token_type_embeddings.weight"][0]
        ).float()
        self._norm = norm("embeddings.LayerNorm")
        self._layers = [
            Layer(
                linear(*(f"{layer}.attention.self.{part}" for part in ("query", "key", "value"))),
                linear(f"{layer}.attention.output.dense"),
                norm(f"{layer}.attention.output.LayerNorm"),
                linear(f"{layer}.intermediate.dense", widest=WIDEST),
                linear(f"{layer}.output.dense", widest=WIDEST),
                norm(f"{layer}.output.LayerNorm"),
            )
            for layer in (f"encoder.layer.{number}" for number in range(count))
        ]

    @property
    def size(self) -> int:
        """The size of a hidden state."""
        return self._words.shape[1]

    def ranges(self, mix: Tensor) -> Ranges:
        """Return the ranges of the upper layers' states, mixed by these weights. They follow from the layer norms."""
        norms = [self._norm, *(layer.narrow_norm for layer in self._layers)][-len(mix) :]
        mean = mix @ torch.stack([norm.bias for norm in norms])
        reach = DEVIATIONS * (mix.abs() @ torch.stack([norm.weight.abs() for norm in norms]))
        return mean - reach, mean + reach, mean

    def encode(self, rows: Sequence[Sequence[int]]) -> Encoded:
        """Return the float32 states of all subwords of `rows`, of at most `MAX_ROW_LENGTH` subwords each."""
        packed = pack(rows)
        count = len(packed.ids)
        states = torch.empty(len(self._layers) + 1, count, self.size)
        attended = torch.empty(count, self._attended)
        for part in parts(count):
            words = self._words.index_select(0, packed.ids[part]).float()
            states[0, part] = own = self._norm(words.add_(self._places.index_select(0, packed.positions[part])))
            attended[part] = self._layers[0].attend(own.to(self._dtype))
        for number, layer in enumerate(self._layers, start=1):
            mixed = attention(attended, self._heads, packed.groups).to(self._dtype)
            for part in parts(count):
                own = layer.mix_norm(states[number - 1, part].add(layer.mix(mixed[part])))
                wide = functional.gelu(layer.widen(own.to(self._dtype)))
                states[number, part] = own = layer.narrow_norm(own.add_(layer.narrow(wide)))
                if number < len(self._layers):
                    attended[part] = self._layers[number].attend(own.to(self._dtype))
        return Encoded(states, packed.starts)
