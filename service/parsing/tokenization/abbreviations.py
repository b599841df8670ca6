"""Load `abbreviations.toml`: the kinds of abbreviations, and which ones are also words."""

import tomllib
from functools import cache
from importlib import resources
from typing import Final, Literal, get_args

AbbreviationKind = Literal[
    "titles",
    "places",
    "after_names",
    "organizations",
    "months",
    "days",
    "states",
    "streets",
    "numbers",
    "linking",
    "measures",
    "others",
]
_KINDS: Final[tuple[AbbreviationKind, ...]] = get_args(AbbreviationKind)


@cache
def abbreviations() -> dict[str, tuple[AbbreviationKind, ...]]:
    """Map each abbreviation, in each of its spellings and without its full stop, to its kinds."""
    found: dict[str, list[AbbreviationKind]] = {}
    for kind in _KINDS:
        for word in _list(kind):
            for spelling in _spellings(word):
                found.setdefault(spelling, []).append(kind)
    return {word: tuple(kinds) for word, kinds in found.items()}


@cache
def ambiguous() -> frozenset[str]:
    """Return the abbreviations that are also words, in each spelling."""
    return frozenset(spelling for word in _list("words") for spelling in _spellings(word))


@cache
def openers() -> frozenset[str]:
    """Return words that begin sentences but not names, in lower case."""
    return frozenset(_list("openers"))


@cache
def capitalized_openers() -> frozenset[str]:
    """Return words that are capitalized only at the start of a sentence: neither "I" nor parts of names (USA Today)."""
    return openers() - {"i", "i'm", "i've", "i'd", "i'll", "today", "tomorrow", "tonight", "yesterday"}


def _spellings(word: str) -> tuple[str, ...]:
    return (word, word.upper(), word.capitalize()) if word.islower() else (word, word.upper())


def _list(name: str) -> list[str]:
    return _content()[name].split()


@cache
def _content() -> dict[str, str]:
    file = resources.files("service.parsing.tokenization") / "abbreviations.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))
