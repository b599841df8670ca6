"""Quoted stretches that mention and do not quote: a name, the title of a work, what a sign says. By what stands before
them, with words from `lexicon/boundaries.toml`."""

import re
from functools import cache
from typing import Final

from service.extraction.boundary_lexicon import boundary_words
from service.extraction.learned.stretch_features import Quotation
from service.extraction.page import Page

_BEFORE: Final = 90  # code points before a stretch that are looked at
_LONGEST_TITLE: Final = 8  # words
_SMALL: Final = frozenset("a an the of and or in on at to for from with by as is it my your vs de la".split())
_SENTENCE_INSIDE: Final = re.compile(r"[.!?;]\s")


def unspoken(page: Page, quotation: Quotation) -> str | None:
    """What a stretch that nobody speaks is, or None for any other: "name", "title" or "sign"."""
    before = page.article.text[max(0, quotation.span.start - _BEFORE) : quotation.span.start]
    before = re.split(r"[.!?][”\"']?\s+(?=[A-Z“\"])|\n", before)[-1]
    if quotation.opens or not before.strip():
        return None
    if _names().search(before) and quotation.words <= _LONGEST_TITLE:
        return "name"
    if _signs().search(before):
        return "sign"
    if _is_titled(page, quotation) and (_works().search(before) or _behind_title(before)):
        return "title"
    return None


def _is_titled(page: Page, quotation: Quotation) -> bool:
    """Whether the words are capitalized as those of a title are."""
    words = re.findall(r"[^\W_]+(?:['’][^\W_]+)?", page.article.slice(quotation.span))
    if not words or len(words) > _LONGEST_TITLE or _SENTENCE_INSIDE.search(page.article.slice(quotation.span)):
        return False
    return words[0][:1].isupper() and all(
        word[:1].isupper() or word[:1].isdigit() or word.lower() in _SMALL for word in words
    )


def _behind_title(before: str) -> bool:
    """Whether another title, with "and" or a comma, stands before it: “Night Train” and “Red Hill”."""
    closed = re.search(r"[“\"‘'](?P<title>[^”\"’']{1,60})[”\"’'],?\s*(?:and|or|,)?\s*\Z", before)
    return closed is not None and bool(_works().search(before[: closed.start()] or " "))


@cache
def _names() -> re.Pattern[str]:
    named, naming = _choice("named"), _choice("naming")
    return re.compile(
        rf"\b(?:{naming})\b[^,;:“”\"]{{0,40}}\b(?:as|is|was)\s*\Z|\b(?:{named})(?:\s+(?:only|simply|just))?(?:\s+as)?,?\s*\Z",
        re.I,
    )


@cache
def _works() -> re.Pattern[str]:
    works, making = _choice("works"), _choice("making")
    return re.compile(
        rf"\b(?:{works})s?,?\s*\Z|\b(?:{making})(?:\s+(?:in|of|on|as|for|the|a|an|his|her|their))*\s*\Z", re.I
    )


@cache
def _signs() -> re.Pattern[str]:
    signs, saying = _choice("signs"), _choice("saying")
    return re.compile(rf"\b(?:{signs})s?\b[^,;:“”\"]{{0,40}}\b(?:{saying})[,:]?\s*\Z", re.I)


def _choice(entry: str) -> str:
    return "|".join(re.escape(words).replace("_", r"\s+") for words in sorted(boundary_words("unspoken", entry)))
