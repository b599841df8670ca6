"""Searches for many regular expressions, most of which are skipped because none of their words is in the text.

Every match of a pattern contains at least one of its literals: the longest stretch of plain characters outside
optional parts, or for alternatives, one of each. Looking for these takes a tenth of the time of the search.
"""

import re
from collections.abc import Iterable, Sequence
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any, Final

Literals = frozenset[str]

_REPEATS: Final = frozenset({op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT})
_BOUNDARIES: Final = frozenset({op.AT})  # match no character
# the characters outside ASCII that match an ASCII letter if case is ignored
_LIKE_ASCII: Final = re.compile("[\u0130\u0131\u017f\u212a]")


class AnyPattern:
    """Finds whether one of some patterns matches anywhere in a text, ignoring case."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._patterns = [(literals_of(pattern), re.compile(pattern, re.IGNORECASE)) for pattern in patterns]

    def occurs(self, text: str) -> bool:
        """Return whether one of the patterns matches anywhere in `text`."""
        every = _LIKE_ASCII.search(text) is not None
        lowered = text.lower()
        return any(
            pattern.search(text) is not None
            for literals, pattern in self._patterns
            if every or literals is None or any(literal in lowered for literal in literals)
        )


def literals_of(pattern: str) -> Literals | None:
    """Return texts in lower case, one of which is in every match of `pattern`, ignoring case; None if there are none.

    Texts with U+0130, U+0131, U+017F or U+212A, which match ASCII letters, are an exception.
    """
    return _of_sequence(_parser.parse(pattern, re.IGNORECASE))


def _of_sequence(parts: Sequence[tuple[Any, Any]]) -> Literals | None:
    found: list[Literals] = []
    run = ""
    for code, value in parts:
        if code is op.LITERAL and value < 128:
            run += chr(value).lower()
        elif code not in _BOUNDARIES:
            found += [frozenset({run})] if run else []
            run = ""
            inner = _of_part(code, value)
            found += [] if inner is None else [inner]
    found += [frozenset({run})] if run else []
    return max(found, key=lambda literals: (min(map(len, literals)), -len(literals)), default=None)


def _of_part(code: Any, value: Any) -> Literals | None:
    if code is op.SUBPATTERN:
        return _of_sequence(value[-1])
    if code in _REPEATS and value[0] > 0:
        return _of_sequence(value[2])
    if code is op.BRANCH:
        branches = [_of_sequence(branch) for branch in value[1]]
        known = [literals for literals in branches if literals is not None]
        return frozenset().union(*known) if len(known) == len(branches) else None
    return None
