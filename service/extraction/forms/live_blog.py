"""Recognize live blogs by the times of their posts."""

import re
from collections.abc import Sequence
from typing import Final

from service.extraction.forms.lines import Line

_CLOCK: Final = r"\d{1,2}[.:]\d{2}\s?(?:[ap]\.?m\.?\b)?"
_ZONE: Final = r"(?:\s?(?:GMT|UTC|BST|CET|CEST|IST|E[SD]?T|P[SD]?T|C[SD]T|AE[SD]T))?"
_TIME: Final = re.compile(
    rf"(?:updated?(?: at)?\s+)?(?:{_CLOCK}{_ZONE}|\d{{1,2}} ?(?:[hm]|min(?:ute)?s?|hours?) ago)\s*(?:[-–—|:]\s|\Z)",
    re.I,
)
_FEWEST: Final = 3  # posts
_SHARE: Final = 0.08  # of the lines


def is_live_blog(lines: Sequence[Line]) -> bool:
    """Return whether the times of posts stand between the paragraphs, three at least."""
    times = sum(_TIME.match(line.text) is not None for line in lines)
    return times >= _FEWEST and times >= _SHARE * len(lines)
