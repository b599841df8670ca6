"""Helpers to find set-off passages: runs of lines, the spans of their text, and the name in a signature."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from service.extraction.forms.lines import Line
from service.input.article import Passage, Span

DASH: Final = r"(?:—|–|―|--?)\s{0,2}"
SIGNED: Final = re.compile(
    rf"(?P<dash>{DASH})"
    r"(?P<name>[A-Z][\w.'’-]{0,40}(?: (?:(?:de|da|del|van|von|der|bin|al|la|le) )?[A-Z][\w.'’-]{0,40}){0,4})"
    r"(?P<office>(?:,| \(| of | from )[^\n]{1,120})?\Z"
)
QUOTED: Final = re.compile(r"\W{0,2}[“\"‘'«].*[”\"’'»]\W{0,2}\Z", re.S)
_ITEM_WORDS: Final = 12


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive lines, by the index of the first and of the one after the last."""

    first: int
    end: int


Found = Iterator[tuple[Run, Passage, Span | None]]  # lines, the passage in them, and its signature


def signature_in(line: Line, *, needs_dash: bool) -> Span | None:
    """Return the name in a signature "— Ann Cole, mayor", or in a block quote's credit."""
    match = SIGNED.match(line.text)
    if match is None and (line.dashed or not needs_dash):
        match = re.match(SIGNED.pattern.replace(f"(?P<dash>{DASH})", ""), line.text)
    return None if match is None else trimmed(line, match.span("name"))


def is_item(line: Line) -> bool:
    """Return whether the line can be an item of a list: a few words without a full stop."""
    return len(line.text.split()) <= _ITEM_WORDS and line.text[-1] not in ".!?:" and not line.furniture


def speech_of(lines: Sequence[Line]) -> tuple[Span, ...]:
    """Return a span for each line that has words, or for lines of one paragraph together."""
    spans: list[Span] = []
    paragraph = -1
    for line in lines:
        if not any(map(str.isalnum, line.text)):
            continue
        if line.paragraph_index == paragraph:
            spans[-1] = Span(spans[-1].start, line.span.end)
        else:
            spans.append(line.span)
        paragraph = line.paragraph_index
    return tuple(spans)


def trimmed(line: Line, offsets: tuple[int, int]) -> Span | None:
    """Return the span of the letters at `offsets` in the line, without symbols and white space at its ends."""
    start, end = offsets
    while start < end and not line.text[start].isalnum():
        start += 1
    while end > start and not (line.text[end - 1].isalnum() or line.text[end - 1] == "."):
        end -= 1
    return Span(line.span.start + start, line.span.start + end) if start < end else None
