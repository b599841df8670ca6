"""What stands between two words, in the article and in print: the same, the same otherwise spelled, or other marks."""

import re
from typing import Final, Literal

from service.article.article import Span
from service.verification.words import plain

_DASH: Final = re.compile(r"[‐‑‒–—―-]+")
_DOTS: Final = re.compile(r"\.{3,}|\.(?:\s\.){2,}|…")
_SPACE: Final = re.compile(r"\s+")
_MARK: Final = re.compile("[\"']+")


def compare_gap(original: str, printed: str) -> Literal["spelling", "punctuation"] | None:
    """How the two stretches without words differ.

    The spelling differs where only the shape of marks, dashes, dots and spaces does, and where the article closes a
    stretch and opens another between the words, a paragraph's end for instance.
    """
    if original == printed:
        return None
    mine, theirs = _spelled_alike(original), _spelled_alike(printed)
    if mine == theirs:
        return "spelling"
    reopened = len(_MARK.findall(mine)) > 1 or "\n" in original or "\r" in original
    return "spelling" if reopened and _MARK.sub("", mine) == _MARK.sub("", theirs) else "punctuation"


def same_ending(original: str, printed: str) -> bool:
    """Whether the printed quote's last characters are those that stand behind its last word in the article, as far as
    they go, quotation marks apart."""
    return _MARK.sub("", _spelled_alike(original)).startswith(_MARK.sub("", _spelled_alike(printed)))


def stripped(text: str, span: Span) -> Span | None:
    """`span` without the white space at its ends, None where there is nothing else."""
    inside = text[span.start : span.end]
    start = span.start + len(inside) - len(inside.lstrip())
    return Span(start, start + len(inside.strip())) if inside.strip() else None


def without_marks(text: str, span: Span) -> Span | None:
    """`span` without the quotation marks and white space at its ends, None where there is nothing else."""
    start, end = span
    while start < end and _is_edge(text[start]):
        start += 1
    while end > start and _is_edge(text[end - 1]):
        end -= 1
    return Span(start, end) if start < end else None


def _is_edge(character: str) -> bool:
    return character.isspace() or bool(_MARK.fullmatch(plain(character)))


def _spelled_alike(gap: str) -> str:
    """`gap` in one spelling: straight double marks, one hyphen for any dash, one character for dots, no spaces."""
    straight = _DOTS.sub("…", _DASH.sub("-", plain(gap)))
    return _SPACE.sub("", straight).replace("'", '"').replace('""', '"')
