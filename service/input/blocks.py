"""Splits a plain text into blocks: paragraphs, headings, list items and breadcrumbs.

Scraped texts have a blank line between paragraphs, or one paragraph per line, or lines wrapped at a column. A line was
wrapped if the first word of the next line would not have fitted.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from service.input.article import Section, Span

LINE: Final = re.compile(r"[^\n\r\v\f\x85\u2028\u2029]+")
_BLANK: Final = "\\s\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff"
_CONTENT: Final = re.compile(f"[^{_BLANK}]")
_MARKER: Final = re.compile(
    r"(?!\(c\)\s*\d{4})(?:[•‣◦▪▫●○■□◆►▶➤✓✔*·∙–—»>-]|\(?\d{1,2}[.)]|\(?[a-z][.)])[ \t\u00a0]+(?=\S)"
)
LINE_BREAK: Final = re.compile(r"\r\n?|[\n\v\f\x85\u2028\u2029]")
_SENTENCE_END: Final = re.compile(r"[.!?…][)\]’”»\"'*]*\Z")
_WORD: Final = re.compile(r"\S{1,40}")
_PLAIN_WORD: Final = re.compile(r"[a-zà-ÿ]+(?:['’-][a-zà-ÿ]+)*[,;:.]?(?=\s)")  # no capital letter, not an address
_DOUBLE_MARK: Final = re.compile('[“”"]')
_MAX_SPEECH_LINES: Final = 8  # lines
_MIN_WRAP: Final = 40
_MIN_WORDS_BEFORE_BREAK: Final = 4  # minimum words in a line that the next line can continue to the end of the sentence
_MAX_WRAP: Final = 110
_FULL_SHARE: Final = 0.8  # share of line breaks in wrapped text where the next word would not have fitted
_FLOWING_SHARE: Final = 0.4  # ... and share of line breaks before a lower-case letter

_Line = tuple[int, int]  # start and end of a line's content


@dataclass(frozen=True, slots=True)
class Block:
    """A block of text: its span, without surrounding white space and list marker, and whether it is a list item.

    The other fields come from the markup of a page: `section` is the part of the page, if the markup states it;
    `linked` is whether all of the block is links, None for plain text; `row` is whether it is a table row, `bold`
    whether it is in bold type; `blockquote` is the number of the block quote that contains it, `credit` whether it is
    its credit.
    """

    span: Span
    text: str
    listed: bool = False
    section: Section | None = None
    linked: bool | None = None
    row: bool = False
    bold: bool = False
    blockquote: int = 0
    credit: bool = False


def find_blocks(text: str) -> list[Block]:
    """Return the blocks of `text` in order.

    Together they contain every character that is neither white space nor a list marker.
    """
    runs = list(_runs(text))
    common_column = _column(text, runs)
    blocks = []
    for run in runs:
        column = _column(text, [run]) if common_column is None else common_column
        for start, end in _paragraphs(text, run, column):
            marker = _MARKER.match(text, start, end)
            content_start = marker.end() if marker else start
            blocks.append(Block(Span(content_start, end), text[content_start:end], listed=marker is not None))
    return blocks


def _runs(text: str) -> Iterator[list[_Line]]:
    """Yield groups of lines without a blank line in between; lines have no surrounding white space."""
    run: list[_Line] = []
    previous_end = 0
    for line in LINE.finditer(text):
        first = _CONTENT.search(text, line.start(), line.end())
        breaks = len(LINE_BREAK.findall(text, previous_end, line.start()))
        previous_end = line.end()
        if run and (first is None or breaks > 1):
            yield run
            run = []
        if first is not None:
            run.append((first.start(), _content_end(text, first.start(), line.end())))
    if run:
        yield run


def _content_end(text: str, start: int, end: int) -> int:
    while end > start and not _CONTENT.match(text, end - 1):
        end -= 1
    return end


def _paragraphs(text: str, run: list[_Line], column: int | None) -> Iterator[_Line]:
    """Yield the paragraphs of `run`, merging lines that were wrapped or broken in mid-sentence."""
    start, end = run[0]
    for number, (above, below) in enumerate(pairwise(run), start=1):
        if not (_continues(text, above, below, column) or _continues_quotation(text, (start, end), run[number:])):
            yield start, end
            start = below[0]
        end = below[1]
    yield start, end


def _continues(text: str, above: _Line, below: _Line, column: int | None) -> bool:
    """Return whether the line `below` continues the paragraph of the line `above`."""
    if _MARKER.match(text, *below):
        return False
    length = above[1] - above[0]
    if column is not None and length + 1 + _first_word(text, below) > column - 2:
        return True
    ends_sentence = _ends(text, below) and len(text[above[0] : above[1]].split()) >= _MIN_WORDS_BEFORE_BREAK
    broken_off = (length >= _MIN_WRAP or ends_sentence) and not _ends(text, above) and text[above[1] - 1] not in ":;"
    return broken_off and bool(_PLAIN_WORD.match(text, *below))


def _continues_quotation(text: str, block: _Line, lines: list[_Line]) -> bool:
    """Return whether a quotation is open at the end of `block` and closed within the next `lines`."""
    if not _has_open_quotation(text[block[0] : block[1]]):
        return False
    for start, end in lines[:_MAX_SPEECH_LINES]:
        if _MARKER.match(text, start, end):
            return False
        mark = _DOUBLE_MARK.search(text, start, end)
        if mark is not None:
            before = text[mark.start() - 1 : mark.start()]
            closes = mark[0] == "”" or (mark[0] == '"' and mark.start() > start and not before.isspace())
            return closes
        if not _ends(text, (start, end)) and end - start < _MIN_WRAP:
            return False  # a heading, a caption
    return False


def _has_open_quotation(block: str) -> bool:
    marks = _DOUBLE_MARK.findall(block)
    if not marks:
        return False
    return marks[-1] == "“" or (marks[-1] == '"' and marks.count('"') % 2 == 1)


def _column(text: str, runs: list[list[_Line]]) -> int | None:
    """Return the column at which these lines were wrapped, or None if they were not."""
    breaks = [pair for run in runs for pair in pairwise(run)]
    if len(breaks) < 2:
        return None
    lengths = sorted(end - start for run in runs for start, end in run)
    column = lengths[-1 - len(lengths) // 20]  # not the longest: an address can exceed the column
    if not _MIN_WRAP <= column <= _MAX_WRAP:
        return None
    full = sum(above[1] - above[0] + 1 + _first_word(text, below) > column - 2 for above, below in breaks)
    flowing = sum(text[below[0]].islower() for _, below in breaks)
    return column if full >= _FULL_SHARE * len(breaks) and flowing >= _FLOWING_SHARE * len(breaks) else None


def _first_word(text: str, line: _Line) -> int:
    word = _WORD.match(text, *line)
    return word.end() - word.start() if word else 0


def _ends(text: str, line: _Line) -> bool:
    return bool(_SENTENCE_END.search(text, max(line[0], line[1] - 12), line[1]))
