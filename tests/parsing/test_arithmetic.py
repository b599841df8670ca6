"""Which arithmetic the embedded models compute with."""

import pytest
import torch

from service.parsing.embedded.arithmetic import ARITHMETICS, FLOAT32, arithmetic

ZEN_4 = {"avx2": True, "avx512_f": True, "avx512_vnni": True, "avx512_bf16": True, "amx_bf16": False}
GRANITE_RAPIDS = ZEN_4 | {"amx_bf16": True, "amx_int8": True}


@pytest.mark.parametrize(
    ("able", "held_to", "name"),
    [
        (GRANITE_RAPIDS, "", "bf16-amx"),
        (GRANITE_RAPIDS, "AVX512_CORE_AMX", "bf16-amx"),
        (GRANITE_RAPIDS, "AVX512_CORE_BF16", "int8-avx512"),
        (GRANITE_RAPIDS, "AVX512_CORE", "int8-avx2"),
        (GRANITE_RAPIDS, "avx2", "int8-avx2"),
        (ZEN_4, "", "int8-avx512"),
        (ZEN_4, "AVX2", "int8-avx2"),
        ({"avx2": True, "avx512_f": True}, "", "int8-avx2"),
        ({"avx2": True}, "", "int8-avx2"),
        ({"neon": True, "bf16": True}, "", "bf16-arm"),
        ({"neon": True, "bf16": False}, "", "float32"),
        ({}, "", "float32"),
    ],
)
def test_each_processor_has_its_fastest_arithmetic(able: dict[str, bool], held_to: str, name: str) -> None:
    assert arithmetic(able, {"ONEDNN_MAX_CPU_ISA": held_to} if held_to else {}).name == name


def test_by_default_it_is_that_of_this_processor() -> None:
    assert arithmetic() is arithmetic(torch.cpu.get_capabilities())


def test_names_are_unique_and_float32_runs_everywhere() -> None:
    assert len({one.name for one in ARITHMETICS}) == len(ARITHMETICS)
    assert FLOAT32.name == "float32"
    assert FLOAT32.suits({})
