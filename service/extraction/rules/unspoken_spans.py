"""Quoted spans that are not speech: names, titles of works and signs."""

import re
from functools import cache
from typing import Final

from service.extraction.attribution.lexicons import boundary_words
from service.extraction.document import Document
from service.extraction.quotations.span_features import Quotation
from service.extraction.wordlists import word_list

_BEFORE: Final = 90  # code points examined before a quoted span
_MAX_TITLE_WORDS: Final = 8  # words
_SENTENCE_INSIDE: Final = re.compile(r"[.!?;]\s")


def unspoken(document: Document, quotation: Quotation) -> str | None:
    """Return the kind of a quoted span that is not speech: "name", "title" or "sign"; None for any other span."""
    before = document.article.text[max(0, quotation.span.start - _BEFORE) : quotation.span.start]
    before = re.split(r"[.!?][”\"']?\s+(?=[A-Z“\"])|\n", before)[-1]
    if quotation.opens or not before.strip():
        return None
    if _names().search(before) and quotation.words <= _MAX_TITLE_WORDS:
        return "name"
    if _signs().search(before):
        return "sign"
    if _is_titled(document, quotation) and (_works().search(before) or _after_title(before)):
        return "title"
    return None


def _is_titled(document: Document, quotation: Quotation) -> bool:
    """Return whether the words are in title case."""
    words = re.findall(r"[^\W_]+(?:['’][^\W_]+)?", document.article.slice(quotation.span))
    if not words or len(words) > _MAX_TITLE_WORDS or _SENTENCE_INSIDE.search(document.article.slice(quotation.span)):
        return False
    return words[0][:1].isupper() and all(
        word[:1].isupper() or word[:1].isdigit() or word.lower() in word_list("rules", "title_function_words")
        for word in words
    )


def _after_title(before: str) -> bool:
    """Return whether another title with "and" or a comma precedes: “Night Train” and “Red Hill”."""
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
