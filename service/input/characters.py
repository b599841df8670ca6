"""Character classes for regular expressions, and normalization of characters before parsing.

Normalization replaces each character by one character, so offsets stay valid. The target is the spelling of the
treebanks.
"""

import re
import sys
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from typing import Final

# Replaces each invisible character within a word before parsing (`straighten`).
SOFT_HYPHEN: Final = "\u00ad"


# Unicode categories (General_Category), for `characters_in`
COMBINING: Final = ("Mn", "Mc", "Me")  # combined with the preceding letter
CURRENCY: Final = ("Sc",)
INVISIBLE: Final = ("Cf",)  # zero-width spaces and joiners, soft hyphens, direction marks, byte order marks

_DOUBLE: Final = "“”„‟″«»＂〝〞〟"
_SINGLE: Final = "‘’‚‛′ʼʹ`´＇‹›"
_LINE_BREAK: Final = re.compile(r"[\t\r\n]")


@cache
def characters_in(*categories: str) -> str:
    """Return the characters of Unicode `categories`, as ranges for a character class. The first call takes 0.1 s."""
    runs = (run for category in categories for run in _runs()[category])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in runs)


@cache
def _runs() -> dict[str, list[tuple[int, int]]]:
    """Return the first and last code point of each run of characters, by category."""
    runs: dict[str, list[tuple[int, int]]] = {}
    first = 0
    for category, points in groupby(map(unicodedata.category, map(chr, range(sys.maxunicode + 1)))):
        last = first + sum(1 for _ in points) - 1
        runs.setdefault(category, []).append((first, last))
        first = last + 1
    return runs


@cache
def _straight() -> dict[int, str]:
    table = {ord(mark): '"' for mark in _DOUBLE} | {ord(mark): "'" for mark in _SINGLE}
    table |= {point: " " for point in _points("Zs", "Cc") if chr(point) not in "\t\n\r"}
    # a lone surrogate cannot be encoded, and word-piece tokenizers refuse it
    return table | dict.fromkeys(_points("Cs"), "\N{REPLACEMENT CHARACTER}")


def _points(*categories: str) -> Iterator[int]:
    return (point for category in categories for first, last in _runs()[category] for point in range(first, last + 1))


@cache
def _hidden_characters() -> re.Pattern[str]:
    return re.compile(f"[{characters_in(*INVISIBLE)}]+")


def straighten(text: str) -> str:
    """Normalize quotation marks, apostrophes and unusual spaces to the treebanks' spelling.

    An invisible character becomes a soft hyphen within a word, which a tokenizer drops, and a space elsewhere. The
    result has exactly as many code points as `text`; line breaks and tabs are unchanged.
    """
    straight = text.translate(_straight())
    return straight if straight.isascii() else _hidden_characters().sub(_hidden, straight)


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
