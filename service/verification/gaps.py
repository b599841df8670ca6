"""Compare what stands between two words in the article and in print: equal, equal except for spelling, or other
punctuation."""

import re
from typing import Final, Literal

from service.article.article import Span
from service.verification.words import plain

_DASH: Final = re.compile(r"[‐‑‒–—―-]+")
_DOTS: Final = re.compile(r"\.{3,}|\.(?:\s\.){2,}|…")
_SPACE: Final = re.compile(r"\s+")
_MARK: Final = re.compile("[\"']+")


def compare_gap(original: str, printed: str) -> Literal["spelling", "punctuation"] | None:
    """Return how two gaps between words differ, or None if they are equal.

    They differ in spelling if only the shape of quotation marks, dashes, ellipses and spaces differs, or if the article
    closes a quoted span and opens another between the words, as at the end of a paragraph.
    """
    if original == printed:
        return None
    mine, theirs = _spelled_alike(original), _spelled_alike(printed)
    if mine == theirs:
        return "spelling"
    reopened = len(_MARK.findall(mine)) > 1 or "\n" in original or "\r" in original
    return "spelling" if reopened and _MARK.sub("", mine) == _MARK.sub("", theirs) else "punctuation"


def same_ending(original: str, printed: str) -> bool:
    """Return whether the printed quote's final characters are those after its last word in the article, as far as they
    go, except quotation marks."""
    return _MARK.sub("", _spelled_alike(original)).startswith(_MARK.sub("", _spelled_alike(printed)))


def stripped(text: str, span: Span) -> Span | None:
    """Return `span` without surrounding white space, or None if nothing is left."""
    inside = text[span.start : span.end]
    start = span.start + len(inside) - len(inside.lstrip())
    return Span(start, start + len(inside.strip())) if inside.strip() else None


def without_marks(text: str, span: Span) -> Span | None:
    """Return `span` without surrounding quotation marks and white space, or None if nothing is left."""
    start, end = span
    while start < end and _is_edge(text[start]):
        start += 1
    while end > start and _is_edge(text[end - 1]):
        end -= 1
    return Span(start, end) if start < end else None


def _is_edge(character: str) -> bool:
    return character.isspace() or bool(_MARK.fullmatch(plain(character)))


def _spelled_alike(gap: str) -> str:
    """Normalize `gap`: straight double quotes, one hyphen for any dash, one character for dots, no spaces."""
    straight = _DOTS.sub("…", _DASH.sub("-", plain(gap)))
    return _SPACE.sub("", straight).replace("'", '"').replace('""', '"')
