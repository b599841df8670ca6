"""Character classes for regular expressions, and normalization of characters before parsing.

Normalization replaces each character by one character, so offsets stay valid. The target is the spelling of the
treebanks.
"""

import re
import sys
import unicodedata
from itertools import groupby
from typing import Final

# Replaces each invisible character within a word before parsing (`straighten`).
SOFT_HYPHEN: Final = "\u00ad"


def _classes() -> dict[str, str]:
    """Return the characters of each Unicode category, as ranges."""
    found: dict[str, list[str]] = {}
    for category, points in groupby(range(sys.maxunicode + 1), key=lambda point: unicodedata.category(chr(point))):
        run = list(points)
        found.setdefault(category, []).append(f"{chr(run[0])}-{chr(run[-1])}")
    return {category: "".join(ranges) for category, ranges in found.items()}


_CLASSES: Final = _classes()
COMBINING: Final = _CLASSES["Mn"] + _CLASSES["Mc"] + _CLASSES["Me"]  # combined with the preceding letter
CURRENCY: Final = _CLASSES["Sc"]
INVISIBLE: Final = _CLASSES["Cf"]  # zero-width spaces and joiners, soft hyphens, direction marks, byte order marks


_DOUBLE: Final = "“”„‟″«»＂〝〞〟"
_SINGLE: Final = "‘’‚‛′ʼʹ`´＇‹›"


def _table() -> dict[int, str]:
    table = {ord(mark): '"' for mark in _DOUBLE} | {ord(mark): "'" for mark in _SINGLE}
    for point in range(sys.maxunicode + 1):
        category = unicodedata.category(chr(point))
        if category == "Zs" or (category == "Cc" and chr(point) not in "\t\n\r"):
            table[point] = " "
        elif category == "Cs":  # a lone surrogate cannot be encoded, and word-piece tokenizers refuse it
            table[point] = "\N{REPLACEMENT CHARACTER}"
    return table


_STRAIGHT: Final = _table()
_HIDDEN: Final = re.compile(f"[{INVISIBLE}]+")
_LINE_BREAK: Final = re.compile(r"[\t\r\n]")


def straighten(text: str) -> str:
    """Normalize quotation marks, apostrophes and unusual spaces to the treebanks' spelling.

    An invisible character becomes a soft hyphen within a word, which a tokenizer drops, and a space elsewhere. The
    result has exactly as many code points as `text`; line breaks and tabs are unchanged.
    """
    straight = text.translate(_STRAIGHT)
    return straight if straight.isascii() else _HIDDEN.sub(_hidden, straight)


def _hidden(match: re.Match[str]) -> str:
    """Return the replacement for a run of invisible characters."""
    start, end = match.span()
    before, after = match.string[max(0, start - 1) : start], match.string[end : end + 1]
    inside = _in_word(before) and _in_word(after) and before + after != "''"
    return (SOFT_HYPHEN if inside else " ") * len(match[0])


def _in_word(character: str) -> bool:
    return character == "'" or (character != "" and unicodedata.category(character)[0] in "LMN")


def unwrap(text: str) -> str:
    """Replace each tab and line break by one space, so that a paragraph is one line. Offsets stay valid."""
    return _LINE_BREAK.sub(" ", text)
