"""The words that bound reports, as `lexicon/boundaries.toml` has them."""

import tomllib
from functools import cache
from importlib import resources


@cache
def boundary_words(table: str, entry: str) -> frozenset[str]:
    """The words under `entry` in `table`, in lower case. Raises KeyError where the lexicon has no such entry."""
    return _tables()[table][entry]


@cache
def _tables() -> dict[str, dict[str, frozenset[str]]]:
    text = (resources.files(__package__) / "lexicon/boundaries.toml").read_text(encoding="utf-8")
    return {
        table: {entry: frozenset(words.split()) for entry, words in entries.items()}
        for table, entries in tomllib.loads(text).items()
    }
