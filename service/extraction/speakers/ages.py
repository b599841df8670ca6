"""Ages of people: "Ann Cole, 34", "34-year-old Ann Cole", "the 34-year-old"."""

import re
from typing import Final

from service.extraction.noun_phrases import is_aged
from service.extraction.speakers.mentions import Mention
from service.extraction.speakers.referents import Coreference, Referent

_MOST_NAMES: Final = 4  # names of a person examined
_WINDOW: Final = 40  # code points around them
_AGED: Final = re.compile(r"\b(?P<years>\d{1,3})[- ]year[- ]old")
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


def age_in(coref: Coreference, mention: Mention) -> int | None:
    """Return the age that the description states: 34 in "the 34-year-old"."""
    text, start = coref.article.text, mention.span.start
    near = _AGED.finditer(text, max(0, start - _WINDOW), start + _WINDOW)
    stated = next((one for one in near if one.end() > start), None)
    if stated is None:
        return None
    sentence = coref.parse.sentences[mention.sentence]
    aged = any(is_aged(sentence, at) for at in sentence.subtree(mention.head) if at <= mention.head)
    return int(stated["years"]) if aged else None


def is_of_other_age(referent: Referent, age: int | None) -> bool:
    """Return whether the description of an unnamed person states another age than `age`."""
    stated = None if age is None or referent.named else _AGED.search(referent.name)
    return stated is not None and int(stated["years"]) != age
