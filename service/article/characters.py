"""Classes of characters by Unicode category, as ranges for a regular expression's brackets: `f"[{COMBINING}]"`."""

import sys
import unicodedata
from itertools import groupby
from typing import Final

# Stands for each invisible character within a word in text that a parser reads (`spelling.straighten`).
SOFT_HYPHEN: Final = "\u00ad"


def _classes() -> dict[str, str]:
    """The characters of each category, as ranges."""
    found: dict[str, list[str]] = {}
    for category, points in groupby(range(sys.maxunicode + 1), key=lambda point: unicodedata.category(chr(point))):
        run = list(points)
        found.setdefault(category, []).append(f"{chr(run[0])}-{chr(run[-1])}")
    return {category: "".join(ranges) for category, ranges in found.items()}


_CLASSES: Final = _classes()
COMBINING: Final = _CLASSES["Mn"] + _CLASSES["Mc"] + _CLASSES["Me"]  # written onto the letter before them
CURRENCY: Final = _CLASSES["Sc"]
INVISIBLE: Final = _CLASSES["Cf"]  # zero-width spaces and joiners, soft hyphens, marks of direction, byte order marks
