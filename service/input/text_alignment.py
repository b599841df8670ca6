"""Aligns the blocks of a page with the main content that trafilatura returned.

Only letters and digits are compared, without case and paragraph breaks: trafilatura breaks paragraphs at each `<br>`
and loses white space at inline tags.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from itertools import accumulate
from typing import Final

from service.input.html_blocks import HtmlBlock

GRAM: Final = 16  # letters; a run of this length rarely recurs by chance
_NO_LETTER: Final = re.compile(r"[\W_]+")
_STRIDE: Final = 8
_SAME: Final = 0.8  # minimum share of a block's runs found in the main content
_REACH: Final = 6  # maximum distance of a short block from its neighbour, in units or blocks
_NEAR: Final = 120  # or in letters, since table cells are short


def letters(text: str) -> str:
    """Return the letters and digits of `text`, case-folded."""
    return _NO_LETTER.sub("", text).casefold()


def aligned(blocks: Sequence[HtmlBlock], units: Sequence[str]) -> list[int]:
    """Return the indices of the blocks that occur in the main content.

    `units` are the letters of the main content's blocks. A long block is found by its letters, wherever trafilatura
    breaks it. A short one ("No.") could occur anywhere; it counts only if the main content continues with it, or begins
    with it directly before the first long block.
    """
    content = "".join(units)
    starts = [0, *accumulate(map(len, units))]
    positions = {content[at : at + GRAM]: at for at in range(len(content) - GRAM + 1)}
    keys = [letters(block.text) for block in blocks]
    remaining = Counter(units)
    matched: list[int] = []
    unit: int | None = None  # unit in which the last block ends
    for at, key in enumerate(keys):
        found = _end_in(key, content, positions, starts, unit)
        if found is None and "\n" in blocks[at].text:
            found = _end_of_lines(blocks[at].text, content, positions, starts)
        if found is None or (key in remaining and not remaining[key]):
            continue
        if unit is None:
            matched += _leading(keys, at, content[: found - len(key)], starts)
        remaining[key] -= key in remaining
        unit = bisect_right(starts, found - 1) - 1
        matched.append(at)
    return matched


def _end_in(key: str, content: str, positions: dict[str, int], starts: Sequence[int], unit: int | None) -> int | None:
    """Return the end of the block `key` in the main content's letters, or None.

    `unit` is the unit in which the previous block ends.
    """
    if unit is not None:
        for start in starts[unit : max(unit + _REACH, bisect_right(starts, starts[unit] + _NEAR))]:
            end = start + len(key)
            if content.startswith(key, start) and starts[bisect_left(starts, end)] == end:
                return end
    runs = range(0, len(key) - GRAM + 1, _STRIDE)
    ends = [positions[run] + len(key) - at for at in runs if (run := key[at : at + GRAM]) in positions]
    return min(ends[-1], len(content)) if runs and len(ends) >= _SAME * len(runs) else None


def _end_of_lines(text: str, content: str, positions: dict[str, int], starts: Sequence[int]) -> int | None:
    """Return the end of the last matching line of a block whose lines occur in another order or with gaps."""
    found = total = 0
    last: int | None = None
    for key in filter(None, map(letters, text.splitlines())):
        total += len(key)
        end = _end_in(key, content, positions, starts, None)
        if end is not None:
            found, last = found + len(key), end
    return last if found >= _SAME * total else None


def _leading(keys: Sequence[str], first: int, before: str, starts: Sequence[int]) -> list[int]:
    """Return the indices of blocks shortly before the block `first` whose letters end `before`, in order."""
    found: list[int] = []
    for at in range(first - 1, max(first - 1 - _REACH, -1), -1):
        start = len(before) - len(keys[at])
        if before.endswith(keys[at]) and starts[bisect_left(starts, start)] == start:
            found.insert(0, at)
            before = before[:start]
    return found
