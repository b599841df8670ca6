"""The encoder: quantized layers, and attention within rows."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor
from torch.nn import functional

from service.parsing.embedded.arithmetic import abilities, named
from service.parsing.embedded.encoder import (
    STEP,
    affine,
    attention,
    linear,
    pack,
    parts,
    quantized_product,
    quantized_weights,
)

INPUTS, OUTPUTS = 64, 48
HEADS, SIZE = 2, 6


def drawn(ranges: bool) -> tuple[dict[str, Tensor], Tensor]:
    """Return two layers of the same inputs, some of which are much larger than others, as in an encoder."""
    generator = torch.Generator().manual_seed(4)
    states = torch.randn(500, INPUTS, generator=generator) * torch.logspace(-1, 1.5, INPUTS) + 3
    values = {}
    for name in ("query", "key"):
        values[f"{name}.weight"] = torch.randn(OUTPUTS, INPUTS, generator=generator) / torch.logspace(-1, 1.5, INPUTS)
        values[f"{name}.bias"] = torch.randn(OUTPUTS, generator=generator)
    if ranges:
        low, high = torch.aminmax(states, dim=0)
        values |= {"query.input_low": low, "query.input_high": high, "query.input_mean": states.mean(0)}
    return values, states


def exact(values: dict[str, Tensor], states: Tensor) -> Tensor:
    return torch.cat(
        [functional.linear(states, values[f"{name}.weight"], values[f"{name}.bias"]) for name in ("query", "key")], 1
    )


def test_quantized_layers_are_close_and_unbiased() -> None:
    values, states = drawn(ranges=True)
    off = affine(values, ("query", "key"), named("int8-avx2"))(states) - exact(values, states)
    share = off.square().mean() / exact(values, states).var()
    assert 0 < share < 0.0005
    assert off.mean(0).abs().max() < 0.02


def test_inputs_outside_the_range_are_clamped() -> None:
    values, states = drawn(ranges=True)
    compute = affine(values, ("query",), named("int8-avx2"))
    low, high = values["query.input_low"], values["query.input_high"]
    torch.testing.assert_close(compute(states * 100), compute((states * 100).clamp(low, high)))


@pytest.mark.parametrize(("ranges", "name"), [(False, "int8-avx2"), (True, "float32")])
def test_no_quantization_without_ranges_or_fast_int8(ranges: bool, name: str) -> None:
    values, states = drawn(ranges)
    torch.testing.assert_close(affine(values, ("query", "key"), named(name))(states), exact(values, states))


def test_quantized_products_are_exact_with_16_bit_sums_of_pairs() -> None:
    weights = torch.randn(OUTPUTS, INPUTS, generator=torch.Generator().manual_seed(4))
    whole, scales = quantized_weights(weights, pairwise=True)
    assert whole.view(OUTPUTS, -1, 2).sum(2).abs().max() <= 128
    torch.testing.assert_close(whole * scales[:, None], weights, atol=float(scales.max()) / 2, rtol=0)
    inputs = torch.full((STEP, INPUTS), 255, dtype=torch.uint8)
    packed = torch.ops.onednn.qlinear_prepack(whole.to(torch.int8), None)
    ones, zeros, bias = torch.ones(OUTPUTS), torch.zeros(OUTPUTS, dtype=torch.int32), torch.zeros(OUTPUTS)
    assert quantized_product(inputs, packed, ones, zeros, bias).equal(inputs.float() @ whole.t())


@pytest.mark.parametrize("rows", [1, STEP, 17 * STEP + 3])
def test_bfloat16_layer_takes_any_number_of_rows(rows: int) -> None:
    name = "bf16-avx512"
    if named(name).needs not in abilities():
        pytest.skip("this processor has no products in bfloat16")
    values, states = drawn(ranges=False)
    layer = values["query.weight"], values["query.bias"]
    found = linear(*layer, named(name))(states[:1].repeat(rows, 1))
    expected = functional.linear(states[:1].bfloat16(), *(part.bfloat16() for part in layer)).float()
    torch.testing.assert_close(found, expected.repeat(rows, 1), atol=0.05, rtol=0.01)


@settings(max_examples=25)
@given(st.lists(st.integers(1, 30), min_size=1, max_size=20))
def test_rows_attend_only_to_themselves(lengths: list[int]) -> None:
    packed = pack([[1] * length for length in lengths])
    attended = torch.randn(len(packed.ids), 3 * SIZE, generator=torch.Generator().manual_seed(0))
    found = attention(attended, HEADS, packed.groups)
    assert not found.isnan().any()
    for start, length in zip(packed.starts, lengths, strict=True):
        row = attended[start : start + length]
        query, key, value = (part.reshape(length, HEADS, -1).transpose(0, 1) for part in row.chunk(3, 1))
        alone = functional.scaled_dot_product_attention(query[None], key[None], value[None])[0]
        expected = alone.transpose(0, 1).flatten(1)
        torch.testing.assert_close(found[start : start + length], expected, atol=1e-5, rtol=1e-4)


@given(st.lists(st.integers(1, 30), min_size=1, max_size=20))
def test_each_subword_has_one_place(lengths: list[int]) -> None:
    rows = [list(range(100 * number, 100 * number + length)) for number, length in enumerate(lengths, start=1)]
    packed = pack(rows)
    for start, row in zip(packed.starts, rows, strict=True):
        assert packed.ids[start : start + len(row)].tolist() == row
        assert packed.positions[start : start + len(row)].tolist() == list(range(len(row)))
    assert (packed.ids > 0).sum() == sum(lengths)
    assert len(packed.ids) % STEP == 0
    assert len(packed.ids) - sum(lengths) < STEP


def test_rows_of_the_same_length_are_together() -> None:
    packed = pack([[1] * length for length in (10, 28, 2, 10, 28)])
    assert packed.groups == [(0, 1, 2), (2, 2, 10), (22, 2, 28)]
    assert packed.starts == [2, 22, 0, 12, 50]


@given(st.integers(0, 100))
def test_rows_are_computed_in_parts_of_few_sizes(count: int) -> None:
    found = list(parts(count * STEP, most=16))
    assert [row for part in found for row in range(part.start, part.stop)] == list(range(count * STEP))
    assert {part.stop - part.start for part in found} <= {STEP * size for size in (1, 2, 4, 8, 16)}


def test_a_wide_channel_in_float32_keeps_the_others_accurate() -> None:
    values, states = drawn(ranges=True)
    for name in ("query", "key"):
        values[f"{name}.weight"][:, 7] *= 100
    without, with_it = (
        (affine(values, ("query", "key"), named("int8-avx2"), widest)(states) - exact(values, states)).square().mean()
        for widest in (0, 1)
    )
    assert 0 < with_it < without / 100
