"""Split an article into lines, the unit in which labels, stage directions and signatures are recognized."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from service.input.article import Article, Paragraph, Span

_LINE: Final = re.compile(r"[^\n\r\v\f\x85\u2028\u2029]+")
_MARKER: Final = re.compile(r"[^\s\w]{1,2}[ \t\u00a0]*\Z")
_LONGEST_MARKER: Final = 6
_DASHES: Final = frozenset({"—", "–", "―", "-", "--", "——"})
_BREAK: Final = re.compile(r"\r\n?|[\n\v\f\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Line:
    """A line without surrounding white space.

    `after_blank`: a blank line, or the article's start, precedes it. `marker`: the bullet, dash or ">" before it, which
    is not part of the paragraph.
    """

    span: Span
    text: str
    paragraph_index: int
    paragraph: Paragraph
    after_blank: bool
    marker: str = ""

    @property
    def dashed(self) -> bool:
        """Whether the line begins after a dash, as signatures do."""
        return self.marker in _DASHES

    @property
    def furniture(self) -> bool:
        """Whether the page added the line to the article."""
        return self.paragraph.section == "furniture"

    @property
    def heading(self) -> bool:
        """Whether the line is a headline or a heading in the text."""
        return self.paragraph.section == "headline"


def lines_of(article: Article) -> list[Line]:
    """Return the lines of the article's paragraphs in order, in time linear in the text."""
    return list(_lines(article))


def _lines(article: Article) -> Iterator[Line]:
    end = 0
    for number, paragraph in enumerate(article.paragraphs):
        for match in _LINE.finditer(article.text, *paragraph.span):
            line = match[0]
            start = match.start() + len(line) - len(line.lstrip())
            stripped = line.strip()
            if stripped:
                after_blank = not end or len(_BREAK.findall(article.text, end, start)) != 1
                end = start + len(stripped)
                marker = _MARKER.search(article.text, max(0, start - _LONGEST_MARKER), start)
                yield Line(
                    Span(start, end), stripped, number, paragraph, after_blank, marker[0].strip() if marker else ""
                )
