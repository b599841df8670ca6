"""Which blocks of a page stand in the main content: letters laid over letters.

White space, punctuation and capitals are left out of the comparison, and so is where either side breaks its paragraphs:
trafilatura ends one at each `<br>`, and its text has lost where inline tags stood.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from itertools import accumulate
from typing import Final

from service.input.html_blocks import HtmlBlock

GRAM: Final = 16  # letters; a run of so many is hardly ever in a text by chance
_NO_LETTER: Final = re.compile(r"[\W_]+")
_STRIDE: Final = 8
_SAME: Final = 0.8  # of a block's runs stand in the main content, or it is not in it
_REACH: Final = 6  # units, or blocks, that a short block may stand from its neighbour
_NEAR: Final = 120  # letters; within so many a short block stands from its neighbour too, as cells are short themselves


def letters(text: str) -> str:
    """What is left of `text` however white space, punctuation and capitals are written."""
    return _NO_LETTER.sub("", text).casefold()


def aligned(blocks: Sequence[HtmlBlock], units: Sequence[str]) -> list[int]:
    """The indices of the blocks that stand in the main content, whose blocks' letters are `units`.

    A long block is known by its letters, wherever trafilatura breaks it. A short one ("No.") could stand anywhere, and
    counts only where the main content continues with it, or begins with it right before its first long block.
    """
    content = "".join(units)
    starts = [0, *accumulate(map(len, units))]
    places = {content[at : at + GRAM]: at for at in range(len(content) - GRAM + 1)}
    keys = [letters(block.text) for block in blocks]
    left = Counter(units)
    kept: list[int] = []
    unit: int | None = None  # that the last block ends in
    for at, key in enumerate(keys):
        found = _end_in(key, content, places, starts, unit)
        if found is None and "\n" in blocks[at].text:
            found = _end_of_lines(blocks[at].text, content, places, starts)
        if found is None or (key in left and not left[key]):
            continue
        if unit is None:
            kept += _leading(keys, at, content[: found - len(key)], starts)
        left[key] -= key in left
        unit = bisect_right(starts, found - 1) - 1
        kept.append(at)
    return kept


def _end_in(key: str, content: str, places: dict[str, int], starts: Sequence[int], unit: int | None) -> int | None:
    """Where in the main content's letters the block `key` ends, the block before it ending in `unit`, or None."""
    if unit is not None:
        for start in starts[unit : max(unit + _REACH, bisect_right(starts, starts[unit] + _NEAR))]:
            end = start + len(key)
            if content.startswith(key, start) and starts[bisect_left(starts, end)] == end:
                return end
    runs = range(0, len(key) - GRAM + 1, _STRIDE)
    ends = [places[run] + len(key) - at for at in runs if (run := key[at : at + GRAM]) in places]
    return min(ends[-1], len(content)) if runs and len(ends) >= _SAME * len(runs) else None


def _end_of_lines(text: str, content: str, places: dict[str, int], starts: Sequence[int]) -> int | None:
    """Where the last line ends of a block whose lines stand in the main content, in another order or with gaps."""
    found = total = 0
    last: int | None = None
    for key in filter(None, map(letters, text.splitlines())):
        total += len(key)
        end = _end_in(key, content, places, starts, None)
        if end is not None:
            found, last = found + len(key), end
    return last if found >= _SAME * total else None


def _leading(keys: Sequence[str], first: int, before: str, starts: Sequence[int]) -> list[int]:
    """The indices, in order, of the blocks a little before the block `first` that end the letters `before` it."""
    found: list[int] = []
    for at in range(first - 1, max(first - 1 - _REACH, -1), -1):
        start = len(before) - len(keys[at])
        if before.endswith(keys[at]) and starts[bisect_left(starts, start)] == start:
            found.insert(0, at)
            before = before[:start]
    return found
