"""Values for an article: its text, its paragraphs and the deadline for processing it.

Offsets are code points, 0-based, end exclusive.
"""

import math
import time
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from service.errors import OutOfTime

Section = Literal["headline", "body", "caption", "pullquote", "furniture"]
WarningCode = Literal["language", "capitals", "form", "encoding", "truncated"]


class Span(NamedTuple):
    """A range of an article's text: `text[start:end]`, in code points."""

    start: int
    end: int

    def overlaps(self, other: "Span") -> bool:
        """Return whether the two spans share at least one character."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: "Span") -> bool:
        """Return whether `other` lies entirely inside this span."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph without surrounding white space. `section` is the part of the page it belongs to."""

    span: Span
    section: Section = "body"


@dataclass(frozen=True, slots=True)
class InputWarning:
    """A reason why quotes are likely to be missed or wrong. `detail` is a sentence for users."""

    code: WarningCode
    detail: str


@dataclass(frozen=True, slots=True)
class Article:
    """An article as sent, or as extracted from a web page (`from_page`) or a document (`text_found`).

    `text` is never changed; `paragraphs` are in order and do not overlap. `extra` is a JSON object with the sender's
    own fields.
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
        """Return the characters of `span`, verbatim."""
        return self.text[span.start : span.end]


@dataclass(frozen=True, slots=True)
class Deadline:
    """A time on the monotonic clock, and the `seconds` that were allowed."""

    moment: float
    seconds: float

    @classmethod
    def after(cls, seconds: float) -> "Deadline":
        """Return the deadline `seconds` from now."""
        return cls(time.monotonic() + seconds, seconds)

    def check(self, done: int, of: int, what: str) -> None:
        """Raise `OutOfTime` if the deadline has passed. The message states how far the work got."""
        if time.monotonic() >= self.moment:
            raise OutOfTime(
                f"Processing the article took longer than {self.seconds:g} seconds and was stopped after "
                f"{done} of {of} {what}. Send it in parts, or retry when the load is lower.",
                math.ceil(self.seconds),
            )


NO_DEADLINE: Final = Deadline(math.inf, math.inf)
