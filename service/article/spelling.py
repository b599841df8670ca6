"""One spelling for the marks a parser meets: the treebanks' own, a character for a character.

Treebanks write quotation marks and apostrophes straight, news writes them curly. The parser is trained on straight
text (`training/prepare.py`) and reads straightened text at run time (`service/parsing`), through this one table, so
that the two agree. No replacement changes the length of the text, so offsets stay those of the input.
"""

import re
import sys
import unicodedata
from typing import Final

from service.article.characters import INVISIBLE, SOFT_HYPHEN

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
    """Return `text` with its quotation marks, apostrophes and odd spaces as the treebanks spell them.

    What is invisible to a reader is a soft hyphen within a word, which a tokenizer drops, and else a space. The result
    has exactly as many code points as `text`; line breaks and tabs stay.
    """
    straight = text.translate(_STRAIGHT)
    return straight if straight.isascii() else _HIDDEN.sub(_hidden, straight)


def _hidden(match: re.Match[str]) -> str:
    """What stands for a run of invisible characters."""
    start, end = match.span()
    before, after = match.string[max(0, start - 1) : start], match.string[end : end + 1]
    inside = _in_word(before) and _in_word(after) and before + after != "''"
    return (SOFT_HYPHEN if inside else " ") * len(match[0])


def _in_word(character: str) -> bool:
    return character == "'" or (character != "" and unicodedata.category(character)[0] in "LMN")


def unwrap(text: str) -> str:
    """Return `text` with each tab and line break replaced by one space: a paragraph as one line, offsets kept."""
    return _LINE_BREAK.sub(" ", text)
