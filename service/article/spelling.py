"""One spelling for the marks a parser meets: the treebanks' own, a character for a character.

Treebanks write quotation marks and apostrophes straight, news writes them curly. The parser is trained on straight
text (`training/prepare.py`) and reads straightened text at run time (`service/parsing`), through this one table, so
that the two agree. No replacement changes the length of the text, so offsets stay those of the input.
"""

import re
import sys
import unicodedata
from typing import Final

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
        elif category == "Cf":  # zero-width and direction marks: invisible to a reader, so to the parser
            table[point] = " "
    return table


_STRAIGHT: Final = _table()
_LINE_BREAK: Final = re.compile(r"[\t\r\n]")


def straighten(text: str) -> str:
    """Return `text` with its quotation marks, apostrophes and odd spaces as the treebanks spell them.

    The answer has exactly as many code points as `text`; line breaks and tabs stay.
    """
    return text.translate(_STRAIGHT)


def unwrap(text: str) -> str:
    """Return `text` with each tab and line break replaced by one space: a paragraph as one line, offsets kept."""
    return _LINE_BREAK.sub(" ", text)
