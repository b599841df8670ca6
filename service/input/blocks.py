"""Where the blocks of a scraped text begin and end: paragraphs, headings, list items and crumbs, as its lines show.

Scrapes come with a blank line between paragraphs, with one paragraph to a line, or wrapped at a column. A wrapped
line is known by its successor: the next line's first word would not have fitted.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from service.input.article import Section, Span

_LINE: Final = re.compile(r"[^\n\r\v\f\x85\u2028\u2029]+")
_BLANK: Final = "\\s\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff"
_CONTENT: Final = re.compile(f"[^{_BLANK}]")
_MARKER: Final = re.compile(
    r"(?!\(c\)\s*\d{4})(?:[•‣◦▪▫●○■□◆►▶➤✓✔*·∙–—»>-]|\(?\d{1,2}[.)]|\(?[a-z][.)])[ \t\u00a0]+(?=\S)"
)
_BREAK: Final = re.compile(r"\r\n?|[\n\v\f\x85\u2028\u2029]")
_SENTENCE_END: Final = re.compile(r"[.!?…][)\]’”»\"'*]*\Z")
_WORD: Final = re.compile(r"\S{1,40}")
_PLAIN_WORD: Final = re.compile(r"[a-zà-ÿ]+(?:['’-][a-zà-ÿ]+)*[,;:.]?(?=\s)")  # no capital, and no address
_DOUBLE_MARK: Final = re.compile('[“”"]')
_LONGEST_SPEECH: Final = 8  # lines
_NARROWEST_WRAP: Final = 40
_SHORTEST_BREAK: Final = 4  # words of a line that the next one, from a small letter to a full stop, ends
_WIDEST_WRAP: Final = 110
_FULL_SHARE: Final = 0.8  # of the line breaks in wrapped text come where the next word would not have fitted
_FLOWING_SHARE: Final = 0.4  # ... and so many of them stand before a small letter

_FairLock = tuple[int, int]  # where a line's content starts and ends


@dataclass(frozen=True, slots=True)
class Block:
    """One block: its span without surrounding white space and list marker, its text, and whether it was a list item.

    `section` is what the markup of a page says that the block is, where there was one and it does; `linked` whether all
    of it is links there, None for a bare text, and `row` whether it is a table's row.
    """

    span: Span
    text: str
    listed: bool = False
    section: Section | None = None
    linked: bool | None = None
    row: bool = False


def find_blocks(text: str) -> list[Block]:
    """The blocks of `text` in order; together they hold every character that is not white space or a list marker."""
    runs = list(_runs(text))
    whole_column = _column(text, runs)
    blocks = []
    for run in runs:
        column = _column(text, [run]) if whole_column is None else whole_column
        for start, end in _joined(text, run, column):
            marker = _MARKER.match(text, start, end)
            begin = marker.end() if marker else start
            blocks.append(Block(Span(begin, end), text[begin:end], listed=marker is not None))
    return blocks


def _runs(text: str) -> Iterator[list[_FairLock]]:
    """Runs of lines with no blank line between them, each line without its surrounding white space."""
    run: list[_FairLock] = []
    previous_end = 0
    for line in _LINE.finditer(text):
        first = _CONTENT.search(text, line.start(), line.end())
        breaks = len(_BREAK.findall(text, previous_end, line.start()))
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


def _joined(text: str, run: list[_FairLock], column: int | None) -> Iterator[_FairLock]:
    """The run's lines, those joined that a column or a mere line break keeps apart."""
    start, end = run[0]
    for number, (above, below) in enumerate(pairwise(run), start=1):
        if not (_goes_on(text, above, below, column) or _speaks_on(text, (start, end), run[number:])):
            yield start, end
            start = below[0]
        end = below[1]
    yield start, end


def _goes_on(text: str, above: _FairLock, below: _FairLock, column: int | None) -> bool:
    """Whether the line `below` belongs to the paragraph of the line `above`."""
    if _MARKER.match(text, *below):
        return False
    length = above[1] - above[0]
    if column is not None and length + 1 + _first_word(text, below) > column - 2:
        return True
    sentence = _ends(text, below) and len(text[above[0] : above[1]].split()) >= _SHORTEST_BREAK
    broken_off = (length >= _NARROWEST_WRAP or sentence) and not _ends(text, above) and text[above[1] - 1] not in ":;"
    return broken_off and bool(_PLAIN_WORD.match(text, *below))


def _speaks_on(text: str, block: _FairLock, lines: list[_FairLock]) -> bool:
    """Whether a quotation stands open at the end of `block`, and one of the next `lines` closes it."""
    if not _stands_open(text[block[0] : block[1]]):
        return False
    for start, end in lines[:_LONGEST_SPEECH]:
        if _MARKER.match(text, start, end):
            return False
        mark = _DOUBLE_MARK.search(text, start, end)
        if mark is not None:
            before = text[mark.start() - 1 : mark.start()]
            closes = mark[0] == "”" or (mark[0] == '"' and mark.start() > start and not before.isspace())
            return closes
        if not _ends(text, (start, end)) and end - start < _NARROWEST_WRAP:
            return False  # a heading, a caption
    return False


def _stands_open(block: str) -> bool:
    marks = _DOUBLE_MARK.findall(block)
    if not marks:
        return False
    return marks[-1] == "“" or (marks[-1] == '"' and marks.count('"') % 2 == 1)


def _column(text: str, runs: list[list[_FairLock]]) -> int | None:
    """The column that these lines were wrapped at, or None where they were not."""
    breaks = [pair for run in runs for pair in pairwise(run)]
    if len(breaks) < 2:
        return None
    lengths = sorted(end - start for run in runs for start, end in run)
    column = lengths[-1 - len(lengths) // 20]  # not the longest: an address may stick out
    if not _NARROWEST_WRAP <= column <= _WIDEST_WRAP:
        return None
    full = sum(above[1] - above[0] + 1 + _first_word(text, below) > column - 2 for above, below in breaks)
    flowing = sum(text[below[0]].islower() for _, below in breaks)
    return column if full >= _FULL_SHARE * len(breaks) and flowing >= _FLOWING_SHARE * len(breaks) else None


def _first_word(text: str, line: _FairLock) -> int:
    word = _WORD.match(text, *line)
    return word.end() - word.start() if word else 0


def _ends(text: str, line: _FairLock) -> bool:
    return bool(_SENTENCE_END.search(text, max(line[0], line[1] - 12), line[1]))
