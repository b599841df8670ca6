"""Quantized linear layers approximate floating-point ones."""

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from service.parsing.embedded.encoder import affine

INPUTS, OUTPUTS = 64, 48


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
    off = affine(values, ("query", "key"), steps=127)(states) - exact(values, states)
    share = off.square().mean() / exact(values, states).var()
    assert 0 < share < 0.001
    assert off.mean(0).abs().max() < 0.02


def test_inputs_outside_the_range_are_clamped() -> None:
    values, states = drawn(ranges=True)
    compute = affine(values, ("query",), steps=127)
    low, high = values["query.input_low"], values["query.input_high"]
    torch.testing.assert_close(compute(states * 100), compute((states * 100).clamp(low, high)))


@pytest.mark.parametrize(("ranges", "steps"), [(False, 127), (True, 0)])
def test_no_quantization_without_ranges_or_fast_int8(ranges: bool, steps: int) -> None:
    values, states = drawn(ranges)
    torch.testing.assert_close(affine(values, ("query", "key"), steps)(states), exact(values, states))
