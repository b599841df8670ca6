"""Torch's own caches are bounded before it computes anything."""

import os
import subprocess
import sys

import pytest

_KERNELS = """
import sys
import torch
from service.parsing.torch_setup import set_up_torch

if sys.argv[1] == "bounded":
    set_up_torch(1)
for size in range(1, 101):
    torch.ones(size, 64).bfloat16() @ torch.ones(64, 64).bfloat16()
for size in range(1, 101):
    torch.ones(size, 64).bfloat16() @ torch.ones(64, 64).bfloat16()
"""


def kernels_made(how: str) -> int:
    """Return the number of kernels that oneDNN generates for a hundred matrix sizes, each used twice."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ONEDNN")}
    command = [sys.executable, "-c", _KERNELS, how]
    run = subprocess.run(command, env=environment | {"ONEDNN_VERBOSE": "2"}, capture_output=True, text=True, check=True)
    return sum("create:cache_miss" in line for line in run.stdout.splitlines())


@pytest.mark.server
def test_few_kernels_are_kept() -> None:
    unbounded = kernels_made("as it comes")
    if not unbounded:
        pytest.skip("on this processor torch multiplies bfloat16 without oneDNN")
    assert kernels_made("bounded") > 1.5 * unbounded
