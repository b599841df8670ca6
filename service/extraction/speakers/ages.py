"""Ages that an article states next to a person's name: "Ann Cole, 34", "34-year-old Ann Cole"."""

import re
from typing import Final

from service.extraction.speakers.referents import Coreference, Referent

_MOST_NAMES: Final = 4  # names of a person examined
_WINDOW: Final = 40  # code points before them
_AGED_BEFORE: Final = re.compile(r"\b(?P<years>\d{1,3})-year-old(?:\s[\w-]+){0,4}\s\Z")
_OLD: Final = re.compile(r"(?:,\s(?:aged\s|who is\s)?|\s\()(?P<years>\d{1,3})(?=[,.;)]|\s(?:who|of|from)\b)")


def ages_of(coref: Coreference, referent: Referent) -> set[int]:
    """Return the ages that the words around the person's names state: "Ann Cole, 34", "34-year-old Ann Cole"."""
    if referent.kind not in {"person", "unknown"} or not referent.named:
        return set()
    text, found = coref.article.text, set()
    for span in referent.names[:_MOST_NAMES]:
        after = _OLD.match(text, span.end)
        before = _AGED_BEFORE.search(text, max(0, span.start - _WINDOW), span.start)
        found |= {int(one["years"]) for one in (after, before) if one is not None}
    return found
