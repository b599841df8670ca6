"""The Makefile passes valid arguments to the recipe."""

import shlex
import subprocess
from pathlib import Path

from tests.conftest import ROOT
from training.run import arguments


def test_make_model_passes_valid_arguments() -> None:
    command = ["make", "-n", "model", "SHARED=given", "WORK=here"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    (line,) = (line for line in told.splitlines() if "training.run" in line)
    args = arguments().parse_args(shlex.split(line.partition("training.run")[2]))
    assert (args.shared, args.work) == (Path("given"), Path("here"))
