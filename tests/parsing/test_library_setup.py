"""Stanza and torch are set up for inference: deferred imports, few kernels, no optimizers."""

import os
import subprocess
import sys

import pytest

from service.parsing import library_setup
from service.parsing.library_setup import no_optimizers
from tests.conftest import ROOT

_PACKAGE = """
import sys
from service.parsing import library_setup
library_setup.SELDOM_USED = ("email", "no_such_package")
library_setup.defer_imports()
import email
import email.errors
assert "email.message" not in sys.modules, "imported although not used"
{used}
"""
_KERNELS = """
import sys
import torch
from service.parsing.library_setup import set_up_torch

if sys.argv[1] == "bounded":
    set_up_torch(1)
for size in range(1, 101):
    torch.ones(size, 64).bfloat16() @ torch.ones(64, 64).bfloat16()
for size in range(1, 101):
    torch.ones(size, 64).bfloat16() @ torch.ones(64, 64).bfloat16()
"""
_LOADED = """
import sys
from service.parsing.load import load_parser
from service.settings import Settings

load_parser(Settings())
print("torch._dynamo" in sys.modules)
"""
_SHORTENED = """
import sys
from service.parsing.library_setup import DeferredPackage, shorten_torch
from service.parsing.load import load_parser
from service.pipeline import warm_up
from service.settings import Settings

shorten_torch()
warm_up(load_parser(Settings()))
print(*sorted(name for name, module in sys.modules.items() if isinstance(module, DeferredPackage) and "torch" in name))
print("torch._decomp" in sys.modules)
import torch
print(torch.distributions.Normal(0.0, 1.0).mean.item())
"""


def run(used: str) -> None:
    code = _PACKAGE.format(used=used)
    done = subprocess.run([sys.executable, "-S", "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_an_attribute_imports_the_package() -> None:
    run("assert email.message_from_string('a: b')['a'] == 'b'; assert sys.modules['email'] is not email")


def test_submodules_imported_before_stay_the_same() -> None:
    run("before = sys.modules['email.errors']; email.message_from_string; import email; assert email.errors is before")


def test_a_missing_package_stays_missing() -> None:
    run("assert 'no_such_package' not in sys.modules")


def test_a_missing_attribute_is_an_attribute_error() -> None:
    run("assert not hasattr(email, 'no_such_attribute')")


def kernels_made(how: str) -> int:
    """Return the number of kernels that oneDNN generates for a hundred matrix sizes, each used twice."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ONEDNN")}
    command = [sys.executable, "-c", _KERNELS, how]
    run = subprocess.run(command, env=environment | {"ONEDNN_VERBOSE": "2"}, capture_output=True, text=True, check=True)
    return sum("create:cache_miss" in line for line in run.stdout.splitlines())


@pytest.mark.server
def test_number_of_cached_kernels_is_limited() -> None:
    unbounded = kernels_made("as it comes")
    if not unbounded:
        pytest.skip("on this processor torch multiplies bfloat16 without oneDNN")
    assert kernels_made("bounded") > 1.5 * unbounded


@pytest.mark.model
def test_the_model_is_loaded_without_torch_s_compiler() -> None:
    run = subprocess.run([sys.executable, "-c", _LOADED], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["False"]


@pytest.mark.model
def test_articles_are_parsed_without_torch_s_parts_for_training() -> None:
    run = subprocess.run([sys.executable, "-c", _SHORTENED], capture_output=True, text=True, check=True)
    deferred, decompositions, mean = run.stdout.splitlines()
    assert deferred.split() == sorted(library_setup.NOT_FOR_INFERENCE)
    assert (decompositions, mean) == ("False", "0.0")


@pytest.mark.model
def test_optimizers_are_restored_even_after_a_failed_load() -> None:
    from stanza.models.common import utils

    def fail() -> None:
        with no_optimizers():
            assert utils.dispatch_optimizer("adam", []).param_groups == []
            raise OSError("damaged")

    dispatch = utils.dispatch_optimizer
    with pytest.raises(OSError, match="damaged"):
        fail()
    assert utils.dispatch_optimizer is dispatch
