"""The dateline that opens a wire story: "SEOUL, South Korea (AP) — ". It is nobody's words and no part of a sentence.

The shapes are those of the agencies' stylebooks: a place in capitals (or in front of an agency in brackets), perhaps a
region or a date, perhaps the agency, a dash.
"""

import re
from typing import Final

_PLACE: Final = r"[A-Z][A-Z.'’\-]+(?:[ /][A-Z][A-Z.'’\-]+){0,3}"
_CAPITALIZED: Final = r"[A-Z][\w.'’\-]+(?: [A-Z][\w.'’\-]+){0,2}"
_REGION: Final = r"(?:, ?[\w.'’ ]{2,24}){0,2}"
_AGENCY: Final = r"\([A-Z][\w&/ .]{1,24}\)"
_DASH: Final = r"(?: ?(?:--+|[—–])| -)"  # a hyphen with no space before it is part of a word
_DATELINE: Final = re.compile(
    rf"(?:{_PLACE}{_REGION}(?: {_AGENCY})?{_DASH}\s?"
    rf"|{_CAPITALIZED}{_REGION} {_AGENCY}(?:{_DASH}| ?:)\s?"
    rf"|\([A-Z]{{2,8}}\){_DASH}\s?)(?=\S)"
)
_SPACED_COLON: Final = re.compile(rf"{_CAPITALIZED}{_REGION} : (?=\S)")


def dateline_end(paragraph: str, *, first: bool) -> int:
    """How many code points of `paragraph` are a dateline, the white space behind it included; 0 where there is none.

    `first` says that this is the article's first body paragraph, where a place may also stand before a spaced colon.
    """
    match = _DATELINE.match(paragraph) or (_SPACED_COLON.match(paragraph) if first else None)
    return match.end() if match else 0
