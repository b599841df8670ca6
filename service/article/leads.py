"""What a page writes before a paragraph's first sentence: "Media caption", "BREAKING", "Video:", a live post's time.

Nobody says it, and it is no part of a name.
"""

import re
from typing import Final

_CAPTION: Final = r"(?:media|image|video|photo|picture) caption\s*[,:]?\s+(?=[A-Z“\"])"
_KINDS: Final = (
    "breaking news|breaking|just in|update|updated|exclusive|watch|listen|video|live|developing|alert|revealed"
)
_TIME: Final = r"\d{1,2}[:.]\d{2}(?:\s?[ap]\.?m\b\.?)?(?:\s?(?:GMT|UTC|BST|CET|CEST|IST|E[SD]?T|P[SD]?T|C[SD]T))?"
_MARKED_TIME: Final = (
    r"(?:\d{1,2}[:.]\d{2}\s?(?:[ap]\.?m\b\.?|GMT|UTC|BST|CET|CEST|IST|E[SD]?T|P[SD]?T)|(?=\S+\s?[:—–|]))"
)
_LEAD: Final = re.compile(
    rf"(?i:{_CAPTION}|(?:{_KINDS})\s*[:|—–]\s+)|(?:{_KINDS.upper()})\s+(?=[A-Z][a-z]|[“\"])"
    rf"|(?={_MARKED_TIME}){_TIME}\s*[:—–|-]?\s+(?=[A-Z“\"])"
)
_REPORTS: Final = re.compile(r"\b(?:said|says|say|told|tells)\b")
_OTHER_STORY: Final = re.compile(r"(?:how|why|what|when|where|who|watch|read|see)\b", re.I)


def lead_end(paragraph: str) -> int:
    """How many code points of `paragraph` are a page's label, the white space behind it included; 0 without one."""
    match = _LEAD.match(paragraph)
    return match.end() if match else 0


def reports_behind(paragraph: str, end: int) -> bool:
    """Whether what follows a label is a sentence that reports somebody's words, and no link to another story."""
    rest = paragraph[end:]
    return bool(end and _REPORTS.search(rest)) and not _OTHER_STORY.match(rest)
