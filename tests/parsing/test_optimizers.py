"""Models are loaded without optimizers."""

import subprocess
import sys

import pytest
from stanza.models.common import utils

from service.parsing.optimizers import no_optimizers

_LOADED = """
import sys
from service.parsing.load import load_parser
from service.settings import Settings

load_parser(Settings())
print("torch._dynamo" in sys.modules)
"""


@pytest.mark.model
def test_the_model_is_loaded_without_torch_s_compiler() -> None:
    run = subprocess.run([sys.executable, "-c", _LOADED], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["False"]


def failing() -> None:
    with no_optimizers():
        assert utils.dispatch_optimizer("adam", []).param_groups == []
        raise OSError("damaged")


def test_optimizers_are_restored_even_after_a_failed_load() -> None:
    dispatch = utils.dispatch_optimizer
    with pytest.raises(OSError, match="damaged"):
        failing()
    assert utils.dispatch_optimizer is dispatch
