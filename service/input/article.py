"""An article as values: its text, its paragraphs, and the deadline for processing it.

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


@dataclass(frozen=True, slots=True)
class Deadline:
    """A time on the monotonic clock, `seconds` after it was set."""

    moment: float
    seconds: float

    @classmethod
    def after(cls, seconds: float) -> "Deadline":
        """Return the deadline `seconds` from now."""
        return cls(time.monotonic() + seconds, seconds)

    def check(self, done: int, of: int, what: str) -> None:
        """Raise `OutOfTime` if the deadline has passed; the message says how far the work got."""
        if time.monotonic() >= self.moment:
            raise OutOfTime(
                f"Processing the article took longer than {self.seconds:g} seconds and was stopped after "
                f"{done} of {of} {what}. Send it in parts, or retry when the load is lower.",
                math.ceil(self.seconds),
            )


NO_DEADLINE: Final = Deadline(math.inf, math.inf)
