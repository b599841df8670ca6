"""Compare responses from different processors, on which sums are rounded differently: all must be equal except
confidences.

The parses differ only where two analyses are about equally likely, which does not occur in the documentation's
examples.
"""

import re
from typing import Any, Final

TOLERANCE: Final = 0.02
_CONFIDENCE: Final = re.compile(r"\b[01]\.\d+\b")


def nearly(one: Any, other: Any) -> bool:
    """Return whether two JSON values are equal, with floats within `TOLERANCE`."""
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(nearly(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(nearly, one, other))
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) <= TOLERANCE
    if isinstance(one, str) and isinstance(other, str):
        return nearly_printed(one, other)
    return type(one) is type(other) and bool(one == other)


def nearly_printed(one: str, other: str) -> bool:
    """Return the same for text that contains confidences."""
    numbers = list(map(float, _CONFIDENCE.findall(one))), list(map(float, _CONFIDENCE.findall(other)))
    return (
        _CONFIDENCE.sub("", one) == _CONFIDENCE.sub("", other)
        and len(numbers[0]) == len(numbers[1])
        and all(abs(first - second) <= TOLERANCE for first, second in zip(*numbers, strict=True))
    )
