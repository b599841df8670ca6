"""The hyperparameters of the recipe, in `recipe.toml`: learning rates, batch sizes, shares, seeds, regularization.

Each step of `training.run` and of `training.attribution.run` reads its own table.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final

FILE: Final = Path(__file__).with_name("recipe.toml")


def recipe(step: str) -> dict[str, Any]:
    """Return the hyperparameters of `step`, a module of this package. Raises KeyError without any."""
    return _tables()[step]


@cache
def _tables() -> dict[str, dict[str, Any]]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))
