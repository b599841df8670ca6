"""The values of the contract, from openapi.yaml. Written by `python -m tests.client_types`; do not edit."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NotRequired, TypedDict

PageHtml = str
"""The page that the article stands in, in place of `text`: its main text, headline, captions and pull quotes are
read, and what the page says of title, author, date and language, where the request does not. Nothing is
fetched. The page may have 30,000 elements, 200 of them inside each other, and 200,000 characters of article; it
is given 10 seconds (`PULLQUOTE_PAGE_SECONDS`).
"""

ArticleText = str
"""The article as plain text. Lines that are not empty are paragraphs, or the lines of one where the text is
wrapped. At most 200,000 characters, where the operator has set no other limit (`PULLQUOTE_MAX_CHARACTERS`). It
holds whole characters: half a surrogate pair (`\\ud800`) is refused.
"""

ArticleId = str | None
"""The sender's own name for the article; it comes back in the answer."""

ArticleTitle = str | None
"""The article's headline, where it is not part of the text; it comes back in the answer."""

ArticleUrl = str | None
"""Where the article is published; it comes back in the answer and is not visited."""

LanguageTag = str | None
"""The article's language (BCP 47). Only English can be read. It has the last word where a page says otherwise."""

Byline = str | None
"""The author or authors, where the sender knows them; it comes back in the answer."""

PublishedAt = str | None
"""When the article was published (RFC 3339), a date or a date and a time; it comes back in the answer."""


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
    """A stretch of the article's text, in code points; `text` is its `[start:end]`, character for character."""

    start: int
    end: int
    text: str


Kind = Literal["direct", "mixed", "indirect"]
"""Whether what was said stands in quotation marks as a whole, in part, or not at all."""


class Correction(TypedDict):
    """One correction. `speaker`: the quote is said by `speaker`, or, if that is null, by somebody unknown; a quote
    that the service does not find is added. `rename`: the speaker `speaker` is called `to`; if there is a
    speaker of that name, both become one. `drop`: this is no quote. `add`: this is a quote, said by `speaker`.
    """

    change: Literal["speaker", "rename", "drop", "add"]
    """What is corrected. It decides which of the other fields are required."""
    quote: NotRequired[Sequence[CorrectedSpan]]
    """The quote's contents, for `speaker`, `drop` and `add`. Offsets are code points whatever `options.offsets`
    says. The quote that shares most of its characters with them is meant, if that is at least half.
    """
    kind: NotRequired[Kind]
    speaker: NotRequired[str | None]
    """The speaker's name; for `rename`, the name that the service gives."""
    to: NotRequired[str]
    """The speaker's new name, for `rename`."""


class Corrections(TypedDict):
    """An editor's corrections of this article, applied to the response in their order. They are for one text:
    where the article's hash is another one, the request is refused. The screen saves them as a file
    (docs/corrections.md).
    """

    version: Literal[1]
    """The version of this format."""
    article: CorrectedArticle
    corrections: Sequence[Correction]
    quotes: NotRequired[Any]
    """The article's quotes with the corrections, as the screen saves them. It is not read."""


Kinds = Sequence[Kind]
"""The kinds of quotes that are wanted."""

Statements = Literal["speech", "all"]
"""What counts as a statement. "speech": what somebody said, wrote, announced or asked, or what a document, study
or poll says. "all": also what somebody thinks, feels, perceives or plans, as far as it stands in no quotation
marks. Where `cue_classes` is sent without `statements`, the default is "all".
"""

CueClass = Literal["say", "tell", "ask", "write", "announce", "think", "feel", "perceive", "plan", "other"]
"""What kind of reporting it is."""

CueClasses = Sequence[CueClass]
"""The classes of cues that are wanted, of the `statements` that are wanted: a quote must fit both. Speech is say,
tell, ask, write and announce; think, feel, perceive and plan are thoughts, feelings, perceptions and plans.
"""

MinConfidence = float
"""Quotes with less confidence are left out. The default is where as many wrong quotes are kept out as right ones
are lost; docs/accuracy.md has precision and recall at each value.
"""

MinSpeakerConfidence = float
"""A speaker with less `speaker_confidence` is not named: `speaker` is null, and `unresolved_code` is "uncertain".
At 0 the likeliest speaker is always named.
"""

FormOption = Literal["auto", "prose", "interview", "transcript", "subtitles", "live-blog", "alert"]
"""What the text is. "auto": the service recognizes it. "prose": labels, block quotes and posts have no meaning.
Any other value: the text is one, even where its labels are few or unusual.
"""

OffsetUnit = Literal["codepoints", "utf16"]
"""What the answer's offsets and lengths count: Unicode code points, or the UTF-16 code units of which JavaScript's
strings are made.
"""


class Options(TypedDict):
    """What is wanted in the answer."""

    kinds: NotRequired[Kinds]
    statements: NotRequired[Statements]
    cue_classes: NotRequired[CueClasses]
    min_confidence: NotRequired[MinConfidence]
    min_speaker_confidence: NotRequired[MinSpeakerConfidence]
    unattributed: NotRequired[bool]
    """Whether quoted stretches that nobody is said to have spoken are wanted too, without a speaker."""
    furniture: NotRequired[bool]
    """Whether quotes are wanted from what a page wraps round its article: link lists, promotions, credits."""
    nested: NotRequired[bool]
    """Whether what is quoted inside turns, block quotes and posts is wanted too: quotes with `within`."""
    form: NotRequired[FormOption]
    explain: NotRequired[bool]
    """Whether each quote shall tell the rules that led to it."""
    offsets: NotRequired[OffsetUnit]


class QuotesRequest(TypedDict):
    """An article, as its text or in its page, and what is wanted of it."""

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
    """A quote as somebody wants to print it."""

    text: str
    """The quote, with or without its outer quotation marks; ellipses (… and ...) and square brackets are read as a
    newsroom uses them. Where double marks stand round parts of it only, it says that those parts are direct. At
    most 300 words, where the operator has set no other limit (`PULLQUOTE_MAX_QUOTE_WORDS`).
    """
    speaker: NotRequired[str | None]
    """Who is to have said it - a name, a title and a name, an acronym, a description."""


class VerifyOptions(TypedDict):
    """What is wanted in the answer."""

    furniture: NotRequired[bool]
    """Whether quotes are wanted from what a page wraps round its article: link lists, promotions, credits."""
    explain: NotRequired[bool]
    """Whether each quote shall tell the rules that led to it."""
    offsets: NotRequired[OffsetUnit]


class VerifyRequest(TypedDict):
    """An article, as `POST /quotes` takes it, and the printed quotes that shall be held against it."""

    quotes: Sequence[PrintedQuote]
    """At most 50, where the operator has set no other limit (`PULLQUOTE_MAX_QUOTES`)."""
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
    """The article that was sent; of a page, what was found in it."""

    id: str | None
    title: str | None
    url: str | None
    """The article's address as the request gives it, else the canonical address that the page gives."""
    language: str | None
    byline: str | None
    """The author or authors, as the request or else the page gives them."""
    published_at: str | None
    """When the article was published, as the request or else the page gives it (RFC 3339). Of a page it is a date
    and a time where the page gives one with its offset from UTC, else a date.
    """
    site_name: str | None
    """The name of the site, as the page gives it. Null where a text was sent."""
    form: ArticleForm
    length: int
    """The text's length, in the unit of `options.offsets`; no offset is greater."""
    sha256: str
    """The SHA-256 of the text in UTF-8, by which sender and answer can tell that they mean the same."""
    text: str | None = None
    """The article's text, a blank line between its blocks. Only where a page was sent."""


Offset = int
"""An offset into the text that was sent, from 0, in the unit of `options.offsets`."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the article's text; `text` is its `[start:end]`, character for character."""

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
    """Where a stretch of the article's text lies."""

    start: Offset
    end: Offset


@dataclass(frozen=True, slots=True)
class Candidate:
    """One who may be the speaker."""

    name: str
    score: float
    """How well they fit beside the others; the scores of all candidates add up to 1."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One decision that led to a quote."""

    rule: str
    """The rule's name, as it stands in the service's source."""
    detail: str
    """What it saw."""


@dataclass(frozen=True, slots=True)
class Weight:
    """A feature and its weight."""

    feature: str
    """The feature's name, as it stands in the model's weights."""
    weight: float
    """How much it weighed for (above 0) or against (below 0) the alternative, in log-odds."""


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
    """The features that weighed most in the score, heaviest first."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision that led to a quote."""

    decision: Literal["cue", "content", "source", "quoted-span", "speaker"]
    """What was decided. `quoted-span` is the cue that reports a quoted span, or none."""
    about: str | None
    """The quoted span, in a `quoted-span` decision. Otherwise null."""
    decided_by: str
    """`model`, or the name of the rule that decided."""
    winner: Alternative
    runner_up: Alternative | None
    """The next best alternative, or what the model preferred where a rule decided. Null without one."""


@dataclass(frozen=True, slots=True)
class Quote:
    """What was said (`contents`), the words that report it (`cue`), and who said it (`mention`, `speaker`)."""

    id: str
    """The quote's name in this answer."""
    kind: Kind
    form: Literal["prose", "turn", "block", "post"]
    """How the text sets the quote apart. `turn`: a speaker's turn in an interview, a transcript or subtitles,
    direct speech without quotation marks. `block`: a statement or a list after "said:", a block quote. `post`:
    a post with its signature. `prose`: everything else.
    """
    text: str
    """The texts of `contents`, a space between each two: for people to read. Where there is one content, it is
    that content, verbatim.
    """
    contents: tuple[Span, ...]
    """What was said, in text order; several where other words stand between them: “We,” she said, “lost.” The
    outer quotation marks are part of it.
    """
    marks: tuple[Span, ...]
    """The stretches of the contents that stand in quotation marks, these included."""
    cue: Cue | None
    """The words that report the quote. Null for a turn or a post, and where the quote goes on with the speaker of
    the one before it.
    """
    mention: Span | None
    """The words that name who said it, in this place of the text; for a turn, its label."""
    speaker: str | None
    """The id of one of the answer's speakers. Null where the text does not say, or it cannot be told."""
    resolution: Literal["name", "alias", "pronoun", "description", "continuation", "correction", "none"]
    """How the speaker was found from the mention: it is the name (`name`), another form of it (`alias`), a
    pronoun, a description ("the spokesperson"), the speaker of the quote before it (`continuation`), or not at
    all (`none`). Or an editor named the speaker, in the request's `corrections` (`correction`).
    """
    speaker_confidence: float | None
    """How sure the service is that the mention means this speaker, from 0 to 1. Null where there is no speaker."""
    unresolved: str | None
    """Why there is no speaker. Null where there is one."""
    unresolved_code: UnresolvedCode | None
    """The same for programs. `no-source`: nobody is named. `ambiguous`: several fit about equally. `uncertain`:
    the likeliest is less sure than `options.min_speaker_confidence`. `no-antecedent`: nobody fits. `author`,
    `addressee`: "I" or "you" outside a speech. `question`: the source is "who". `circle`: two quotes name each
    other as their source. `correction`: an editor says so. Null where there is a speaker.
    """
    continues: str | None
    """The `id` of the quote that this one goes on from, as a next paragraph does. Null where it stands alone."""
    within: str | None
    """The `id` of the turn, block quote or post that this is quoted in. Only where `options.nested` is true, else
    null.
    """
    addressee: Span | None
    """Who it was said to, as in told *reporters*."""
    via: Span | None
    """The outlet or person through whom it came, as in the ministry confirmed it, according to *the agency*."""
    negated: bool
    """Whether the text says that this was *not* said."""
    sentence: Extent
    """The sentence that the cue stands in, or, without a cue, the first of the contents."""
    paragraph: int
    """The number of the paragraph that the contents begin in, from 0."""
    section: Literal["headline", "body", "caption", "pullquote", "furniture"]
    """What part of the page that paragraph is."""
    confidence: float
    """How likely the quote and its speaker are both right, from 0 to 1: never more than `speaker_confidence`, and
    below 0.8 where the speaker is not known.
    """
    candidates: tuple[Candidate, ...] | None = None
    """Those who fit a pronoun or a description, the best first. Only where `options.explain` is true."""
    explain: tuple[Rule, ...] | None = None
    """The rules that led to the quote, in order. Only where `options.explain` is true."""
    decisions: tuple[Decision, ...] | None = None
    """The decisions that led to the quote: what won, what came second, and the features that weighed most. Only
    where `options.explain` is true. For people who debug a result: names and weights change between versions.
    """
    repeats: str | None = None
    """The id of the quote that this one says again, where it is a pull quote: a block set apart whose words are in
    another quote. Its speaker is that one's, whose `quotes` do not list it. Else left out.
    """


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody who is quoted."""

    id: str
    """The speaker's name in this answer."""
    name: str
    """The fullest form of the name in the text, or the description of who has no name."""
    kind: Literal["person", "organization", "group", "unknown"]
    description: str | None
    """The role or affiliation that the text gives."""
    aliases: tuple[str, ...]
    """Other forms of the name in the text."""
    mentions: tuple[Span, ...]
    """Where the text mentions the speaker."""
    quotes: tuple[str, ...]
    """The ids of the speaker's quotes."""


@dataclass(frozen=True, slots=True)
class Warning:
    """Something about the article that makes it likely that quotes are missed or wrong."""

    code: str
    """What it is about. Later versions can add codes, so a client treats one that it does not know as a warning
    without a code. Codes of this version:

    - `language`: the text is probably not in English.
    - `capitals`: the text is written in capitals, or without any.
    - `form`: the text looks like a transcript or an interview whose labels the service could not use.
    - `encoding`: characters were lost, or decoded with the wrong encoding.
    - `truncated`: the article ends at a paywall, in an ellipsis or in the middle of a sentence.
    """
    detail: str
    """What was found, and what to do, in a sentence or two for people."""


@dataclass(frozen=True, slots=True)
class Model:
    """The model that reads the articles."""

    name: str
    version: str
    arithmetic: str
    """What it computes with: `float32`, or what is faster on the service's processor, as `int8-avx2` or
    `bf16-amx`. Services that differ in it alone give the same quotes, but for a few in a thousand.
    """


@dataclass(frozen=True, slots=True)
class Service:
    """Who answers."""

    version: str
    """Pullquote's version."""
    model: Model


@dataclass(frozen=True, slots=True)
class Report:
    """The quotes of one article, and who spoke them."""

    article: Article
    quotes: tuple[Quote, ...]
    """In text order."""
    speakers: tuple[Speaker, ...]
    """In order of first quote."""
    warnings: tuple[Warning, ...]
    """What makes it likely that quotes of this article are missed or wrong; empty for most articles."""
    service: Service
    extra: dict[str, Any] | None = None
    """The fields of a batch's line that a request does not have, as they were sent. Only in a batch's answer, and
    only where there are such fields.
    """


FoundIn = Literal["quote", "paraphrase", "narration"]
"""A quote's marks, what is reported without marks, or the article's own words."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A speaker of the answer whom a printed speaker may stand for."""

    speaker: str
    """The speaker's id."""
    name: str
    """The speaker's name."""
    likeness: Literal["spelling", "short-form", "spokesperson"]
    """How the two are alike: by `spelling` ("Aldar" for Alder), as a `short-form` ("Tom B." for Tom Brandt), or as
    a body and its `spokesperson` ("the ministry" for the ministry's spokesman, or the other way round).
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
    """Of no weight: marks, dashes, spaces or letters otherwise spelled (`spelling`), other punctuation
    (`punctuation`), the article's own words left out between two pieces of one quote (`joined`). Newsroom
    style: a capital or a small letter (`capital`), words cut and an ellipsis in their place (`ellipsis`), words
    in brackets added (`bracket-insertion`) or in place of others (`bracket-replacement`), two quotes made one
    (`merged`). Other words: `changed`, `added`, `dropped`. And what is printed as direct and is not
    (`unquoted`).
    """
    original: Span | None
    """The span of the article. Null where there is nothing in it."""
    printed: Span | None
    """The span of the printed quote, offsets into its `text`. Null where there is nothing in it."""
    meaning: Literal["negation", "number", "hedge", "question"] | None
    """What the change may do to the meaning: a negation comes or goes, a number is another one, a doubt ("may",
    "perhaps") comes or goes, a question is none or one. Null where nothing of it is seen. Any of them makes the
    wording `altered`.
    """


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A place of the article where the words stand."""

    found_in: FoundIn
    originals: tuple[Span, ...]
    """The unbroken stretches of the article that the printed quote is made of, in its order."""
    quotes: tuple[str, ...]
    """The ids of the quotes that these stretches are of."""
    said_by: tuple[str, ...]
    """The ids of the speakers who say them here."""


@dataclass(frozen=True, slots=True)
class Check:
    """What is to be said of one printed quote."""

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
    """The gravest thing that is to be said of it, the gravest first: the words are not in the article
    (`not-found`); they are the article's own and nobody's (`narration`); another speaker says them
    (`speaker-differs`); the article reports that they were *not* said, or that the speaker denied them
    (`denied`); it only paraphrases them, at least in part (`paraphrase`); words were changed, added or dropped
    (`altered`); the article does not tell who says them (`speaker-unknown`); they differ only by what newsroom
    style does, see `changes` (`edited`); every letter, digit and emoji is the speaker's, in their order
    (`verbatim`).
    """
    wording: Literal["verbatim", "edited", "altered"] | None
    """Whether the words are the article's, wherever they stand. Null where they were not found."""
    found_in: FoundIn | None
    """Whether the words that are printed as direct stand in a quote's marks (`quote`), in nobody's words but the
    article's (`narration`), or in what it reports without marks, at least in part (`paraphrase`). Null where
    they were not found.
    """
    attribution: Literal["same", "differs", "unknown", "denied", "not-given"] | None
    """Whether those who say the words in the article are the printed speaker (`same`), or another one (`differs`).
    It may not tell who (`unknown`), it may report that they were not said or were denied (`denied`), and no
    speaker may be printed (`not-given`). Null where the words were not found.
    """
    originals: tuple[Span, ...]
    """The unbroken stretches of the article that the printed quote is made of, in its order."""
    quotes: tuple[str, ...]
    """The ids of the quotes that these stretches are of."""
    said_by: tuple[str, ...]
    """The ids of the speakers who say them here."""
    meant: tuple[str, ...]
    """The ids of the speakers whom the printed speaker may mean. Empty where nobody who is quoted fits."""
    did_you_mean: tuple[Suggestion, ...]
    """Speakers whom the printed speaker may stand for, at most three, where it fits nobody who says the words. A
    suggestion changes no verdict.
    """
    changes: tuple[Change, ...]
    """Every difference, in the printed quote's order; `unquoted` stretches come last."""
    elsewhere: tuple[Occurrence, ...]
    """Other places of the article where the words stand as well as here, at most four."""


@dataclass(frozen=True, slots=True)
class Verification:
    """What is to be said of each printed quote, and the report that it rests on."""

    article: Article
    checks: tuple[Check, ...]
    """In the order in which the printed quotes were sent."""
    quotes: tuple[Quote, ...]
    """In text order."""
    speakers: tuple[Speaker, ...]
    """In order of first quote."""
    warnings: tuple[Warning, ...]
    """What makes it likely that quotes of this article are missed or wrong; empty for most articles."""
    service: Service


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a request."""

    pointer: str
    """Where it is in the request (JSON pointer, RFC 6901); empty for the request as a whole."""
    detail: str
    """What is wrong with it."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong (RFC 9457)."""

    type: str
    """A reference to the place in this document that describes this type of problem."""
    title: str
    """The type in words, the same for every problem of it."""
    status: int
    """The HTTP status."""
    detail: str
    """What was wrong this time, what the limit is, what to do."""
    request_id: str | None = None
    """How the service's log names the request, as in the header `X-Request-ID`. Not in a batch's answer."""
    line: int | None = None
    """Which line of a batch it is about, from 1. Only in a batch's answer."""
    errors: tuple[Fault, ...] | None = None
    """Where a request is invalid, each fault that was found; of more than 20, the first 20."""
