"""The values of the contract, from openapi.yaml. Written by `python -m tests.client_types`; do not edit."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NotRequired, TypedDict

PageHtml = str
"""The page with the article, instead of `text`. The service reads its main text, headline, captions and pull
quotes, and the page's own title, author, date and language where the request has none. Nothing is fetched.
Limits: 30,000 elements, 200 levels of nesting, 200,000 characters of article, and 10 seconds
(`PULLQUOTE_PAGE_SECONDS`).
"""

ArticleText = str
"""The article as plain text. Each line that is not empty is a paragraph or, where the text is wrapped, a line of
one. At most 200,000 characters unless the operator has set another limit (`PULLQUOTE_MAX_CHARACTERS`). A lone
surrogate (`\\ud800`) is refused.
"""

ArticleId = str | None
"""The sender's own id for the article; returned in the response."""

ArticleTitle = str | None
"""The article's headline, if it is not part of the text; returned in the response."""

ArticleUrl = str | None
"""Where the article is published; returned in the response, and not fetched."""

LanguageTag = str | None
"""The article's language (BCP 47). Only English is supported. It takes precedence over the page's declaration."""

Byline = str | None
"""The author or authors, if known; returned in the response."""

PublishedAt = str | None
"""When the article was published (RFC 3339), a date or a date and time; returned in the response."""


class CorrectedArticle(TypedDict):
    """The article that corrections are for. The hash decides; the rest is for people."""

    sha256: str
    """The SHA-256 of the text in UTF-8, as in the response's `article.sha256`."""
    length: NotRequired[int]
    """The text's length in code points."""
    id: NotRequired[str | None]
    title: NotRequired[str | None]
    url: NotRequired[str | None]


class CorrectedSpan(TypedDict):
    """A span of the article's text, in code points; `text` is its `[start:end]`, character for character."""

    start: int
    end: int
    text: str


Kind = Literal["direct", "mixed", "indirect"]
"""Whether the content is inside quotation marks entirely, partly, or not at all."""


class Correction(TypedDict):
    """One correction. `speaker`: the quote is said by `speaker`, or, if that is null, by an unknown speaker; a
    quote that the service does not find is added. `rename`: the speaker `speaker` is called `to`; if there is a
    speaker of that name, both become one. `drop`: this is not a quote. `add`: this is a quote, said by
    `speaker`.
    """

    change: Literal["speaker", "rename", "drop", "add"]
    """What is corrected. It decides which of the other fields are required."""
    quote: NotRequired[Sequence[CorrectedSpan]]
    """The quote's contents, for `speaker`, `drop` and `add`. Offsets are code points whatever `options.offsets`
    says. The correction applies to the quote that shares most of its characters with them, if that is at least
    half.
    """
    kind: NotRequired[Kind]
    speaker: NotRequired[str | None]
    """The speaker's name; for `rename`, the name that the service gives."""
    to: NotRequired[str]
    """The speaker's new name, for `rename`."""


class Corrections(TypedDict):
    """An editor's corrections of this article, applied to the response in their order. They are for one text: if
    the article's hash differs, the request is refused. The web interface saves them as a file
    (docs/corrections.md).
    """

    version: Literal[1]
    """The version of this format."""
    article: CorrectedArticle
    corrections: Sequence[Correction]
    quotes: NotRequired[Any]
    """The article's quotes with the corrections, as the web interface saves them. It is not read."""


Kinds = Sequence[Kind]
"""The kinds of quotes to return."""

Statements = Literal["speech", "all"]
"""What counts as a statement. "speech": what somebody said, wrote, announced or asked, or what a document, study
or poll states. "all": also what somebody thinks, feels, perceives or plans without quotation marks, and the
indirect speech of an unnamed author ("I asked whether …"). If `cue_classes` is sent without `statements`, the
default is "all".
"""

CueClass = Literal["say", "tell", "ask", "write", "announce", "think", "feel", "perceive", "plan", "other"]
"""The class of the reporting word."""

CueClasses = Sequence[CueClass]
"""The classes of cues to return. A quote must match both `cue_classes` and `statements`. Speech is say, tell, ask,
write and announce; think, feel, perceive and plan are thoughts, feelings, perceptions and plans.
"""

MinConfidence = float
"""Quotes with a lower confidence are left out. At the default, about as many returned quotes are wrong as correct
ones are missing; docs/accuracy.md has precision and recall at each value.
"""

MinSpeakerConfidence = float
"""A speaker with a lower `speaker_confidence` is not named: `speaker` is null, and `unresolved_code` is
"uncertain". If several candidates fit about equally, no speaker is named at any value ("ambiguous").
"""

FormOption = Literal["auto", "prose", "interview", "transcript", "subtitles", "live-blog", "alert"]
"""The form of the text. "auto": the service detects it. "prose": labels, block quotes and posts are ignored. Any
other value: the text has this form, even if its labels are few or unusual.
"""

OffsetUnit = Literal["codepoints", "utf16"]
"""The unit of offsets and lengths in the response: Unicode code points, or UTF-16 code units as in JavaScript's
strings.
"""


class Options(TypedDict):
    """What to return."""

    kinds: NotRequired[Kinds]
    statements: NotRequired[Statements]
    cue_classes: NotRequired[CueClasses]
    min_confidence: NotRequired[MinConfidence]
    min_speaker_confidence: NotRequired[MinSpeakerConfidence]
    unattributed: NotRequired[bool]
    """Whether to return quoted spans that nothing in the article attributes, without a speaker."""
    furniture: NotRequired[bool]
    """Whether to return quotes in boilerplate: link lists, promotions, credits."""
    nested: NotRequired[bool]
    """Whether to return what is quoted inside turns, block quotes and posts: quotes with `within`."""
    form: NotRequired[FormOption]
    explain: NotRequired[bool]
    """Whether to return the rules and decisions that led to each quote."""
    offsets: NotRequired[OffsetUnit]


class QuotesRequest(TypedDict):
    """An article, as text or as a page, and the options."""

    html: NotRequired[PageHtml]
    text: NotRequired[ArticleText]
    id: NotRequired[ArticleId]
    title: NotRequired[ArticleTitle]
    url: NotRequired[ArticleUrl]
    language: NotRequired[LanguageTag]
    byline: NotRequired[Byline]
    published_at: NotRequired[PublishedAt]
    corrections: NotRequired[Corrections]
    options: NotRequired[Options]


class PrintedQuote(TypedDict):
    """A quote as it will be printed."""

    text: str
    """The quote, with or without its outer quotation marks. Ellipses (… and ...) and square brackets are read as
    newsrooms use them. If only parts of it are in double quotation marks, those parts are direct. At most 300
    words unless the operator has set another limit (`PULLQUOTE_MAX_QUOTE_WORDS`).
    """
    speaker: NotRequired[str | None]
    """The speaker as printed: a name, a title and a name, an acronym, or a description."""


class VerifyOptions(TypedDict):
    """What to return."""

    furniture: NotRequired[bool]
    """Whether to return quotes in boilerplate: link lists, promotions, credits."""
    explain: NotRequired[bool]
    """Whether to return the rules and decisions that led to each quote."""
    offsets: NotRequired[OffsetUnit]


class VerifyRequest(TypedDict):
    """An article, as in `POST /quotes`, and the printed quotes to verify."""

    quotes: Sequence[PrintedQuote]
    """At most 50 unless the operator has set another limit (`PULLQUOTE_MAX_QUOTES`)."""
    html: NotRequired[PageHtml]
    text: NotRequired[ArticleText]
    id: NotRequired[ArticleId]
    title: NotRequired[ArticleTitle]
    url: NotRequired[ArticleUrl]
    language: NotRequired[LanguageTag]
    byline: NotRequired[Byline]
    published_at: NotRequired[PublishedAt]
    options: NotRequired[VerifyOptions]


ArticleForm = Literal["prose", "interview", "transcript", "subtitles", "live-blog", "alert"]
"""The form of a text. `interview` and `transcript`: labels name who speaks, in turns; `subtitles`: SRT or WebVTT;
`live-blog`: posts with their time; `alert`: lines of a news agency in capitals; `prose`: everything else.
"""


@dataclass(frozen=True, slots=True)
class Article:
    """The article that was sent or, for a page, what was found in it."""

    id: str | None
    title: str | None
    url: str | None
    """The article's address from the request, otherwise the page's canonical address."""
    language: str | None
    byline: str | None
    """The author or authors, from the request or otherwise the page."""
    published_at: str | None
    """When the article was published, from the request or otherwise the page (RFC 3339). From a page it is a date
    and time if the page states the offset from UTC, otherwise a date.
    """
    site_name: str | None
    """The name of the site, from the page. Null for a text."""
    form: ArticleForm
    length: int
    """The text's length in the unit of `options.offsets`; no offset is greater."""
    sha256: str
    """The SHA-256 of the text in UTF-8, to check that offsets refer to the same text."""
    text: str | None = None
    """The article's text, with a blank line between blocks. Only for a page."""


Offset = int
"""An offset into the text that was sent, from 0, in the unit of `options.offsets`."""


@dataclass(frozen=True, slots=True)
class Span:
    """A span of the article's text; `text` is its `[start:end]`, character for character."""

    start: Offset
    end: Offset
    text: str


@dataclass(frozen=True, slots=True)
class Cue:
    """The words that report a quote."""

    start: Offset
    end: Offset
    text: str
    lemma: str
    """The dictionary form of the cue's main word."""
    class_: CueClass


UnresolvedCode = Literal[
    "no-source", "ambiguous", "uncertain", "no-antecedent", "author", "addressee", "question", "circle", "correction"
]


@dataclass(frozen=True, slots=True)
class Extent:
    """The offsets of a span of the article's text."""

    start: Offset
    end: Offset


@dataclass(frozen=True, slots=True)
class Candidate:
    """A candidate for the speaker."""

    name: str
    score: float
    """The score relative to the other candidates; the scores of all candidates sum to 1."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One decision that led to a quote."""

    rule: str
    """The rule's name (docs/rules.md)."""
    detail: str
    """The words or scores that it was based on."""


@dataclass(frozen=True, slots=True)
class Weight:
    """A feature and its weight."""

    feature: str
    """The feature's name in the model's weights."""
    weight: float
    """The contribution to the score in log-odds; above 0 for the alternative, below 0 against it."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """One of the alternatives of a decision."""

    text: str | None
    """The words or the speaker's name. Null for none, such as no source, no cue or no speaker."""
    score: float | None
    """The model's score in log-odds; scores compare only within a decision. Of a speaker, how certain the choice
    is. Null where no model scored the alternative.
    """
    features: tuple[Weight, ...]
    """The features with the largest contributions to the score, largest first."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision that led to a quote."""

    decision: Literal["cue", "content", "source", "quoted-span", "speaker"]
    """What was decided. `quoted-span` is the cue that reports a quoted span, or none."""
    about: str | None
    """The quoted span, for a `quoted-span` decision. Otherwise null."""
    decided_by: str
    """`model`, or the name of the rule that decided."""
    winner: Alternative
    runner_up: Alternative | None
    """The next best alternative, or what the model preferred where a rule decided. Null without one."""


@dataclass(frozen=True, slots=True)
class Quote:
    """What was said (`contents`), the words that report it (`cue`), and who said it (`mention`, `speaker`)."""

    id: str
    """The quote's id in this response."""
    kind: Kind
    form: Literal["prose", "turn", "block", "post"]
    """How the text sets the quote apart. `turn`: a speaker's turn in an interview, a transcript or subtitles,
    direct speech without quotation marks. `block`: a statement or a list after "said:", a block quote. `post`:
    a post with its signature. `prose`: everything else.
    """
    text: str
    """The texts of `contents`, joined by spaces, for people to read. With one content, it is that content,
    verbatim.
    """
    contents: tuple[Span, ...]
    """What was said, in text order; several if other words stand between them: “We,” she said, “lost.” The outer
    quotation marks are included.
    """
    marks: tuple[Span, ...]
    """The parts of the contents inside quotation marks, including the marks."""
    cue: Cue | None
    """The words that report the quote. Null for a turn or a post, and for a quote that continues the one before
    it.
    """
    mention: Span | None
    """The words that name the source in this sentence; for a turn, its label."""
    speaker: str | None
    """The id of a speaker in this response. Null if the article does not say, or if the speaker is uncertain."""
    resolution: Literal["name", "alias", "pronoun", "description", "continuation", "correction", "none"]
    """How the speaker was resolved from the mention: it is the name (`name`), another form of the name (`alias`),
    a pronoun, a description ("the spokesperson"), the speaker of the quote that this one continues
    (`continuation`), or unresolved (`none`). Or an editor named the speaker, in the request's `corrections`
    (`correction`).
    """
    speaker_confidence: float | None
    """The probability that the speaker is correct, from 0 to 1. Null without a speaker."""
    unresolved: str | None
    """Why there is no speaker, for people. Null with a speaker."""
    unresolved_code: UnresolvedCode | None
    """The same for programs. `no-source`: no source is named. `ambiguous`: several candidates fit about equally.
    `uncertain`: the likeliest is below `options.min_speaker_confidence`. `no-antecedent`: no candidate fits.
    `author`, `addressee`: "I" or "you" outside a quote. `question`: the source is "who". `circle`: two quotes
    name each other as their source. `correction`: an editor removed the speaker. Null with a speaker.
    """
    continues: str | None
    """The `id` of the quote that this one continues, for example the next paragraph of a speech. Otherwise null."""
    within: str | None
    """The `id` of the turn, block quote or post that this is quoted in. Only where `options.nested` is true, else
    null.
    """
    addressee: Span | None
    """To whom it was said: told *reporters*."""
    via: Span | None
    """The outlet or person that passed it on: the ministry confirmed it, according to *the agency*."""
    negated: bool
    """Whether the article reports that this was *not* said."""
    sentence: Extent
    """The sentence of the cue or, without a cue, of the first content."""
    paragraph: int
    """The number of the paragraph in which the contents begin, from 0."""
    section: Literal["headline", "body", "caption", "pullquote", "furniture"]
    """Which part of the page that paragraph belongs to."""
    confidence: float
    """A cautious estimate of the probability that quote and speaker are both correct, from 0 to 1: never more than
    `speaker_confidence`, and below 0.8 without a speaker.
    """
    candidates: tuple[Candidate, ...] | None = None
    """The candidates for a pronoun or a description, best first. Only with `options.explain`."""
    explain: tuple[Rule, ...] | None = None
    """The rules that led to the quote, in order (docs/rules.md). Only with `options.explain`."""
    decisions: tuple[Decision, ...] | None = None
    """The decisions that led to the quote: the winner, the runner-up, and the features with the largest
    contributions. Only with `options.explain`. For people who debug a result: names and weights change between
    versions.
    """
    repeats: str | None = None
    """The id of the quote that this pull quote repeats: a block set apart whose words are in another quote. It has
    the speaker of that quote, whose `quotes` do not list it. Omitted for other quotes.
    """


@dataclass(frozen=True, slots=True)
class Speaker:
    """A person, organization or group that is quoted."""

    id: str
    """The speaker's id in this response."""
    name: str
    """The fullest form of the name in the text, or the description of a speaker without a name."""
    kind: Literal["person", "organization", "group", "unknown"]
    description: str | None
    """The role or affiliation that the article states."""
    aliases: tuple[str, ...]
    """Other forms of the name in the text."""
    mentions: tuple[Span, ...]
    """Where the text mentions the speaker."""
    quotes: tuple[str, ...]
    """The ids of the speaker's quotes."""


@dataclass(frozen=True, slots=True)
class Warning:
    """A reason why quotes of this article are likely to be missed or wrong."""

    code: str
    """The kind of problem. Later versions can add codes: treat an unknown code as a warning too. Codes of this
    version:

    - `language`: the text is probably not in English.
    - `capitals`: the text is written in capitals, or without any.
    - `form`: the text looks like a transcript or an interview whose labels the service could not use.
    - `encoding`: characters were lost, or decoded with the wrong encoding.
    - `truncated`: the article ends at a paywall, in an ellipsis or in the middle of a sentence.
    """
    detail: str
    """What was found and what to do, in a sentence or two for people."""


@dataclass(frozen=True, slots=True)
class Model:
    """The model that parsed the article."""

    name: str
    version: str
    arithmetic: str
    """The arithmetic of the model: `float32`, or a faster one for the service's processor, such as `int8-avx2` or
    `bf16-amx`. Services that differ only in this return the same quotes except for 0.1 to 2 % of them.
    """


@dataclass(frozen=True, slots=True)
class Service:
    """The versions of Pullquote and of the model."""

    version: str
    """Pullquote's version."""
    model: Model


@dataclass(frozen=True, slots=True)
class Report:
    """The quotes of one article and their speakers."""

    article: Article
    quotes: tuple[Quote, ...]
    """In text order."""
    speakers: tuple[Speaker, ...]
    """In order of first quote."""
    warnings: tuple[Warning, ...]
    """Reasons why quotes of this article are likely to be missed or wrong; empty for most articles."""
    service: Service
    extra: dict[str, Any] | None = None
    """The fields of a batch's line that a request does not have, as they were sent. Only in a batch, and only if
    there are any.
    """


FoundIn = Literal["quote", "paraphrase", "narration"]
"""Inside a quote's marks, in what is reported without marks, or in the article's own words."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A speaker of the response whom a printed speaker may refer to."""

    speaker: str
    """The speaker's id."""
    name: str
    """The speaker's name."""
    likeness: Literal["spelling", "short-form", "spokesperson"]
    """How the two are similar: by `spelling` ("Aldar" for Alder), as a `short-form` ("Tom B." for Tom Brandt), or
    as an organization and its `spokesperson` ("the ministry" for the ministry's spokesman, or the reverse).
    """


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between the article and the printed quote."""

    kind: Literal[
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
    """Harmless: marks, dashes, spaces or spelling (`spelling`), punctuation (`punctuation`), the article's own
    words omitted between two parts of one quote (`joined`). Newsroom style: capitalization (`capital`), words
    replaced by an ellipsis (`ellipsis`), words in brackets added (`bracket-insertion`) or in place of others
    (`bracket-replacement`), two quotes merged (`merged`). Other words: `changed`, `added`, `dropped`. Printed
    as direct although it is not: `unquoted`.
    """
    original: Span | None
    """The span of the article. Null if the article has nothing there."""
    printed: Span | None
    """The span of the printed quote, as offsets into its `text`. Null if the printed quote has nothing there."""
    meaning: Literal["negation", "number", "hedge", "question"] | None
    """How the change can affect the meaning: a negation, a number, a hedge ("may", "perhaps") or a question is
    added, removed or changed. Null if none of these was found. Any of them makes the wording `altered`.
    """


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A place in the article where the words occur."""

    found_in: FoundIn
    originals: tuple[Span, ...]
    """The spans of the article that the printed quote consists of, in its order."""
    quotes: tuple[str, ...]
    """The ids of the quotes that contain these spans."""
    said_by: tuple[str, ...]
    """The ids of the speakers of these quotes."""


@dataclass(frozen=True, slots=True)
class Check:
    """The result for one printed quote."""

    text: str
    """The printed quote, as it was sent."""
    speaker: str | None
    """The printed speaker, as it was sent."""
    verdict: Literal[
        "verbatim",
        "edited",
        "altered",
        "paraphrase",
        "narration",
        "speaker-differs",
        "speaker-unknown",
        "denied",
        "not-found",
    ]
    """The most serious finding, most serious first: the words are not in the article (`not-found`); they are the
    article's own words (`narration`); another speaker said them (`speaker-differs`); the article reports that
    they were *not* said, or that the speaker denied them (`denied`); the article only paraphrases them, at
    least in part (`paraphrase`); words were changed, added or dropped (`altered`); the article does not name
    the speaker (`speaker-unknown`); only newsroom style differs, see `changes` (`edited`); every letter, digit
    and emoji is the speaker's, in order (`verbatim`).
    """
    wording: Literal["verbatim", "edited", "altered"] | None
    """Whether the words are those of the article, wherever they are. Null if they were not found."""
    found_in: FoundIn | None
    """Whether the words that are printed as direct are inside a quote's marks (`quote`), in the article's own
    words (`narration`), or at least partly in what it reports without marks (`paraphrase`). Null if they were
    not found.
    """
    attribution: Literal["same", "differs", "unknown", "denied", "not-given"] | None
    """Whether the article gives the words to the printed speaker (`same`) or to another one (`differs`).
    `unknown`: the article does not name the speaker. `denied`: it reports that they were not said, or were
    denied. `not-given`: no speaker is printed. Null if the words were not found.
    """
    originals: tuple[Span, ...]
    """The spans of the article that the printed quote consists of, in its order."""
    quotes: tuple[str, ...]
    """The ids of the quotes that contain these spans."""
    said_by: tuple[str, ...]
    """The ids of the speakers of these quotes."""
    meant: tuple[str, ...]
    """The ids of the speakers whom the printed speaker can refer to. Empty if no quoted speaker fits."""
    did_you_mean: tuple[Suggestion, ...]
    """At most three speakers whom the printed speaker may refer to, if it fits no speaker of these words.
    Suggestions do not change the verdict.
    """
    changes: tuple[Change, ...]
    """Every difference, in the order of the printed quote; `unquoted` spans come last."""
    elsewhere: tuple[Occurrence, ...]
    """At most four other places of the article with the same words."""


@dataclass(frozen=True, slots=True)
class Verification:
    """The result for each printed quote, and the report it is based on."""

    article: Article
    checks: tuple[Check, ...]
    """In the order of the printed quotes in the request."""
    quotes: tuple[Quote, ...]
    """In text order."""
    speakers: tuple[Speaker, ...]
    """In order of first quote."""
    warnings: tuple[Warning, ...]
    """Reasons why quotes of this article are likely to be missed or wrong; empty for most articles."""
    service: Service


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a request."""

    pointer: str
    """The field (JSON pointer, RFC 6901); empty for the whole request."""
    detail: str
    """What is wrong with the field."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong (RFC 9457)."""

    type: str
    """A reference to the part of this document that describes this type of problem."""
    title: str
    """The type in words, the same for every problem of this type."""
    status: int
    """The HTTP status."""
    detail: str
    """What was wrong with this request, the limit, and what to do."""
    request_id: str | None = None
    """The id of the request in the service's log, as in the header `X-Request-ID`. Not in a batch."""
    line: int | None = None
    """The number of the line in a batch, from 1. Only in a batch."""
    errors: tuple[Fault, ...] | None = None
    """The faults of an invalid request, at most the first 20."""
