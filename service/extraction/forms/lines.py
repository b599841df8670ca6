"""The lines of an article, which labels, stage directions and signatures are read from."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from service.input.article import Article, Paragraph, Span

_LINE: Final = re.compile(r"[^\n\r\v\f\x85\u2028\u2029]+")
_BREAK: Final = re.compile(r"\r\n?|[\n\v\f\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Line:
    """A line without surrounding white space. `apart` is whether a blank line, or the article's start, precedes it."""

    span: Span
    text: str
    number: int  # of its paragraph
    paragraph: Paragraph
    apart: bool

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
            told = line.strip()
            if told:
                apart = not end or len(_BREAK.findall(article.text, end, start)) != 1
                end = start + len(told)
                yield Line(Span(start, end), told, number, paragraph, apart)
