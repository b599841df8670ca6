"""Selection of the embedded models' arithmetic."""

import os
import subprocess
import sys

import pytest

from service.errors import ModelMismatch
from service.parsing.embedded.arithmetic import ARITHMETICS, FLOAT32, NAMES, abilities, arithmetic


@pytest.mark.parametrize(
    ("able", "name"),
    [
        ({"avx2", "vnni", "amx_bf16"}, "bf16-amx"),
        ({"avx2", "vnni", "avx512_bf16"}, "bf16-avx512"),
        ({"avx2", "vnni"}, "int8-vnni"),
        ({"avx2"}, "int8-avx2"),
        ({"bf16"}, "bf16-arm"),
        (set(), "float32"),
    ],
)
def test_each_processor_has_its_fastest_arithmetic(able: set[str], name: str) -> None:
    assert arithmetic(able=able).name == name


@pytest.mark.parametrize("name", NAMES[1:])
def test_an_arithmetic_can_be_chosen_by_name(name: str) -> None:
    assert arithmetic(name, {"vnni"}).name == name


def test_inexact_arithmetic_is_rejected() -> None:
    with pytest.raises(ModelMismatch, match="int8-vnni needs a processor with vnni"):
        arithmetic("int8-vnni", {"avx2"})


@pytest.mark.model
def test_default_is_this_processor_s_arithmetic() -> None:
    assert arithmetic() is arithmetic(able=abilities())


def test_names_are_unique_and_float32_runs_everywhere() -> None:
    assert len({one.name for one in ARITHMETICS}) == len(ARITHMETICS)
    assert (FLOAT32.name, FLOAT32.needs) == ("float32", "")


@pytest.mark.server
def test_arithmetic_that_runs_everywhere_is_known_without_torch() -> None:
    command = "from service.parsing.embedded.arithmetic import arithmetic; import sys; arithmetic('float32'); "
    subprocess.run([sys.executable, "-c", command + "assert 'torch' not in sys.modules"], check=True)


@pytest.mark.server
def test_torch_and_onednn_variables_restrict_the_arithmetic() -> None:
    if "avx2" not in abilities():
        pytest.skip("this processor has no AVX2")
    command = "from service.parsing.embedded.arithmetic import arithmetic; print(arithmetic().name)"
    held = os.environ | {"ONEDNN_MAX_CPU_ISA": "AVX2", "ATEN_CPU_CAPABILITY": "avx2"}
    run = subprocess.run([sys.executable, "-c", command], env=held, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "int8-avx2"
