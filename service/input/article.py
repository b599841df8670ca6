"""Values for an article: its text, its paragraphs and the deadline for processing it.

Offsets are code points, 0-based, end exclusive.
"""

import math
import time
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple, Self

from service.errors import OutOfTime

Section = Literal["headline", "body", "caption", "pullquote", "furniture"]
WarningCode = Literal["language", "capitals", "form", "encoding", "truncated"]
ArticleForm = Literal["prose", "interview", "transcript", "subtitles", "live-blog", "alert"]
PassageForm = Literal["turn", "block", "post", "alert"]
Part = Literal["named", "host", "guest", "introduced", "unknown"]


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
    """A paragraph without surrounding white space. `section` is the part of the page it belongs to.

    The other fields come from markup: whether it is a list item, whether all of it is in bold type, the number of the
    block quote that contains it (0: none), and whether it is the footer or citation of a block quote.
    """

    span: Span
    section: Section = "body"
    listed: bool = field(default=False, repr=False)
    bold: bool = field(default=False, repr=False)
    blockquote: int = field(default=0, repr=False)
    credit: bool = field(default=False, repr=False)


@dataclass(frozen=True, slots=True)
class Passage:
    """Words that the layout sets apart as the speech of one person: a turn of an interview, a block quote, a post.

    `speech` has the spans of the words spoken, at least one per paragraph. `label` is the span of the words that name
    the speaker, without colon or dash; `name` the part of it that is a name or a role, None for "Q", "A" and turns
    without a label. `part` is `host` for questions and `guest` for answers without a name, `introduced` for
    words whose speaker the paragraph at `introduction` names ("Ann Cole said:"). `error_probability` is the
    probability, judging by the form alone, that this is not a passage. A `listed` passage is a list, whose items can be
    paraphrases.
    """

    form: PassageForm
    speech: tuple[Span, ...]
    label: Span | None = None
    name: Span | None = None
    part: Part = "named"
    error_probability: float = 0.0
    introduction: Span | None = None
    listed: bool = False

    @classmethod
    def labelled(cls, form: PassageForm, speech: tuple[Span, ...], name: Span | None, error_probability: float) -> Self:
        """Create a passage whose label is the speaker's name."""
        return cls(form, speech, name, name, error_probability=error_probability)

    @classmethod
    def introduced_by(
        cls, introduction: Span, speech: tuple[Span, ...], error_probability: float, *, listed: bool = False
    ) -> Self:
        """Create a block whose speaker the paragraph at `introduction` names."""
        return cls(
            "block",
            speech,
            part="introduced",
            error_probability=error_probability,
            introduction=introduction,
            listed=listed,
        )

    @property
    def span(self) -> Span:
        """The characters from the beginning to the end of the speech."""
        return Span(self.speech[0].start, self.speech[-1].end)


@dataclass(frozen=True, slots=True)
class InputWarning:
    """A reason why quotes are likely to be missed or wrong. `detail` is a sentence for users."""

    code: WarningCode
    detail: str


@dataclass(frozen=True, slots=True)
class ArticleMetadata:
    """What a request states about an article besides its text. For a page, missing values come from the page."""

    id: str | None = None
    title: str | None = None
    url: str | None = None
    language: str | None = None
    published_at: str | None = None
    byline: str | None = None


NO_METADATA: Final = ArticleMetadata()


@dataclass(frozen=True, slots=True)
class Article:
    """An article as sent, or as extracted from a web page (`from_page`) or a document (`from_document`).

    `text` is never changed; `paragraphs` are in order and do not overlap. `form` is None until it has been recognized
    (`service/extraction/forms`), with the `passages` in text order. `skipped` are spans inside paragraphs that belong
    to no sentence: speakers' labels, stage directions, the times of subtitles. `spelling` is the truecased text for
    the parser, of the same length, or None if the parser reads `text`. `extra` is a JSON object with the request's own
    fields.
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
    from_document: bool = False
    warnings: tuple[InputWarning, ...] = ()
    extra: str | None = None
    form: ArticleForm | None = None
    passages: tuple[Passage, ...] = ()
    skipped: tuple[Span, ...] = ()
    spelling: str | None = None

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
