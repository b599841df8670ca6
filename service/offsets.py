"""Offsets in code points, the unit used internally, or in UTF-16 code units, as JavaScript counts them."""

import re
from bisect import bisect_left
from collections.abc import Callable
from typing import Any, Final

from service.extraction.report import OffsetUnit

_TWO_UNITS: Final = re.compile("[\U00010000-\U0010ffff]")
_COUNTED: Final = frozenset({"start", "end", "length"})  # the response's fields that count characters of the text


def counting(text: str, unit: OffsetUnit) -> Callable[[int], int]:
    """Return a function that converts an offset into `text` from code points to `unit`.

    Building it takes time linear in the text. An unpaired surrogate counts as one in both units.
    """
    if unit == "codepoints":
        return lambda offset: offset
    wide = [found.start() for found in _TWO_UNITS.finditer(text)]
    return lambda offset: offset + bisect_left(wide, offset)


def counted(document: dict[str, Any], text: str, unit: OffsetUnit) -> dict[str, Any]:
    """Return `document`, a response about `text` in code points, with all offsets and lengths converted to `unit`."""
    if unit == "codepoints":
        return document
    place = counting(text, unit)
    return {name: _counted(name, value, place) for name, value in document.items()}


def _counted(name: str, value: Any, place: Callable[[int], int]) -> Any:
    if isinstance(value, dict):
        return {below: _counted(below, inner, place) for below, inner in value.items()}
    if isinstance(value, list):
        return [_counted(name, item, place) for item in value]
    return place(value) if name in _COUNTED else value
