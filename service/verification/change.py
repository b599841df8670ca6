"""A change that a printed quote made. Values only."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from service.article.article import Span
from service.verification.meaning import Meaning
from service.verification.words import Word

ChangeKind = Literal[
    "spelling",
    "punctuation",
    "capital",
    "joined",
    "merged",
    "ellipsis",
    "bracket-insertion",
    "bracket-replacement",
    "changed",
    "added",
    "dropped",
    "unquoted",
]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: the span of `original` in the article and of `printed` in the printed quote, each None if empty.
    `meaning` says how it can change the meaning."""

    kind: ChangeKind
    original: Span | None
    printed: Span | None
    meaning: Meaning | None = None


def extent(words: Sequence[Word], places: Sequence[int]) -> Span | None:
    """Return the span from the first to the last of `places` among `words`, or None if there are none."""
    return Span(words[places[0]].span.start, words[places[-1]].span.end) if places else None


def between(words: Sequence[Word], first: int, second: int) -> Span:
    """Return the possibly empty span between two words."""
    return Span(words[first].span.end, words[second].span.start)
