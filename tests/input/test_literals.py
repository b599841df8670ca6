"""Patterns are skipped only in texts without any of their literals."""

import re
import tomllib
from importlib.resources import files
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.input.literals import AnyPattern, literals_of

_LEXICON: Final = tomllib.loads(files("service.input").joinpath("boilerplate.toml").read_text(encoding="utf-8"))
PATTERNS: Final = [
    pattern
    for entry in _LEXICON.values()
    if isinstance(entry, list)
    for table in entry
    if isinstance(table, dict)
    for pattern in table.get("patterns", ())
    if not pattern.startswith("^")
]


@pytest.mark.parametrize(
    ("pattern", "literals"),
    [
        (r"\b(?:do|does) not necessarily (?:reflect|represent)\b", {" not necessarily re"}),
        (r"(?:click|tap)s? here", {" here"}),
        (r"all(?: of the)? comments|\bcookies?\b", {" comments", "cookie"}),
        (r"(?:x|\d+) Photo", {" photo"}),
        (r"\w+|photo", None),
        (r"(?:photo)?", None),
        ("©", None),
    ],
)
def test_every_match_has_one_of_the_literals(pattern: str, literals: set[str] | None) -> None:
    assert literals_of(pattern) == literals


def test_most_patterns_have_literals() -> None:
    assert len(PATTERNS) > 30
    assert sum(literals_of(pattern) is None for pattern in PATTERNS) <= 2


@settings(max_examples=300)
@given(st.data())
def test_texts_that_match_are_found(data: st.DataObject) -> None:
    pattern = data.draw(st.sampled_from(PATTERNS))
    text = data.draw(st.from_regex(re.compile(pattern, re.IGNORECASE)))
    assert AnyPattern([pattern]).occurs(text)


@pytest.mark.parametrize("text", ["COOK\u0130ES", "cook\u0131es", "cookie\u017f", "coo\u212aies", "Cookies"])
def test_letters_beyond_ascii_match_as_in_a_search(text: str) -> None:
    assert AnyPattern([r"\bcookies\b"]).occurs(text) == bool(re.search(r"\bcookies\b", text, re.IGNORECASE))


def test_other_texts_are_not_found() -> None:
    assert not AnyPattern([r"\bcookies\b", r"\bphotos? by\b"]).occurs("The photos were shown by a cook.")
    assert not AnyPattern([]).occurs("cookies")
