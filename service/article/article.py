"""The text a request is about, and how it falls into paragraphs. Values only.

Every offset in this project is a Unicode code point, 0-based, end exclusive, into `Article.text`.
"""

from dataclasses import dataclass
from typing import Literal, NamedTuple

Section = Literal["headline", "body", "caption", "pullquote", "furniture"]
WarningCode = Literal["language", "capitals", "form", "encoding", "truncated"]


class Span(NamedTuple):
    """A stretch of an article's text: `text[start:end]`, in code points."""

    start: int
    end: int

    def overlaps(self, other: "Span") -> bool:
        """Whether the two share at least one character."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: "Span") -> bool:
        """Whether `other` lies wholly inside."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph, its surrounding white space left out. `section` says what part of the page it is."""

    span: Span
    section: Section = "body"


@dataclass(frozen=True, slots=True)
class InputWarning:
    """Something about an article by which quotes are likely to be missed or wrong. `detail` is a sentence for users."""

    code: WarningCode
    detail: str


@dataclass(frozen=True, slots=True)
class Article:
    """An article as it was sent, or as it stands in the page (`from_page`) or document (`text_found`) that was sent.

    `text` is never changed; `paragraphs` are in order and do not overlap. `extra` are the fields that were sent with it
    and are not ours, as a JSON object.
    """

    text: str
    paragraphs: tuple[Paragraph, ...] = ()
    id: str | None = None
    title: str | None = None
    url: str | None = None
    language: str | None = None
    published_at: str | None = None
    byline: str | None = None
    site_name: str | None = None
    from_page: bool = False
    text_found: bool = False
    warnings: tuple[InputWarning, ...] = ()
    extra: str | None = None

    def slice(self, span: Span) -> str:
        """The characters of `span`, verbatim."""
        return self.text[span.start : span.end]
