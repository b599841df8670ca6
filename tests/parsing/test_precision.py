"""Which numbers the embedded models compute with."""

import pytest
import torch

from service.parsing.embedded.precision import integers, precision


@pytest.mark.parametrize(
    ("able", "numbers"),
    [
        ({"avx2": True, "avx512_f": True, "avx512_bf16": True}, torch.bfloat16),
        ({"avx2": True, "amx_bf16": True, "avx512_bf16": False}, torch.bfloat16),
        ({"neon": True, "bf16": True}, torch.bfloat16),
        ({"neon": True, "bf16": False}, torch.float32),
        ({"avx2": True, "avx512_f": True, "avx512_bf16": False, "amx_bf16": False}, torch.float32),
        ({}, torch.float32),
    ],
)
def test_short_numbers_are_for_processors_that_multiply_them(able: dict[str, bool], numbers: torch.dtype) -> None:
    assert precision(able) is numbers


def test_without_being_told_it_asks_this_processor() -> None:
    assert precision() is precision(torch.cpu.get_capabilities())


@pytest.mark.parametrize(
    ("able", "whether"),
    [({"avx2": True}, True), ({"avx2": False, "avx512_vnni": True}, True), ({"avx2": False}, False), ({}, False)],
)
def test_integers_are_multiplied_where_they_are_faster(able: dict[str, bool], whether: bool) -> None:
    assert integers(able) is whether
