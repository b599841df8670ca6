"""The values that extraction returns: attributions, whose source is not resolved yet, and the report of quotes and
speakers. `schemas/` turns a report into JSON.
"""

from dataclasses import dataclass, field
from typing import Final, Literal, get_args

from service.input.article import Section, Span

QuoteKind = Literal["direct", "mixed", "indirect"]
CueClass = Literal["say", "tell", "ask", "write", "announce", "think", "feel", "perceive", "plan", "other"]
Resolution = Literal["name", "alias", "pronoun", "description", "continuation", "none"]
UnresolvedCode = Literal[
    "no-source", "ambiguous", "uncertain", "no-antecedent", "author", "addressee", "question", "circle"
]
SpeakerKind = Literal["person", "organization", "group", "unknown"]
OffsetUnit = Literal["codepoints", "utf16"]
Statements = Literal["speech", "all"]

READ_FROM: Final = 0.4  # what is as sure as this counts for who speaks, whatever is asked for
MIN_CONFIDENCE: Final = 0.45  # as much is missed as made up, on everyday news out of fold: docs/accuracy.md


MIN_SPEAKER_CONFIDENCE: Final = 0.4  # where a name is about as likely wrong as right: `benchmarks.speaker_reliability`
UNNAMED_CONFIDENCE: Final = 0.75  # at most, of a quote without a speaker: not for those who print without asking


@dataclass(frozen=True, slots=True)
class Options:
    """What a request asks for, with the contract's defaults."""

    kinds: tuple[QuoteKind, ...] = ("direct", "mixed", "indirect")
    statements: Statements = "speech"  # "all": thoughts, feelings, plans and perceptions too
    cue_classes: tuple[CueClass, ...] = get_args(CueClass)
    min_confidence: float = MIN_CONFIDENCE
    min_speaker_confidence: float = MIN_SPEAKER_CONFIDENCE  # a less sure speaker is not named
    unattributed: bool = False  # also quoted stretches that nobody is said to have spoken
    furniture: bool = False  # also quotes in what the page wrapped round the article
    explain: bool = False
    offsets: OffsetUnit = "codepoints"  # how the answer counts; extraction itself counts code points


@dataclass(frozen=True, slots=True)
class Cue:
    """The words that report a quote. `lemma` is the head word's; `cue_class` the lexicon's class of it."""

    span: Span
    lemma: str
    cue_class: CueClass


@dataclass(frozen=True, slots=True)
class Rule:
    """One decision that led to a quote: the rule's name, as it stands in the source, and what it saw."""

    name: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class NamedCandidate:
    """One who may be the speaker, and how well they fit beside the others: shares of 1."""

    name: str
    score: float


@dataclass(frozen=True, slots=True)
class Quote:
    """One quote. Spans are in text order; `contents` hold what was said, `marks` the quoted stretches inside it.

    `speaker` is an index into `Report.speakers`; `mention` the words that name the source in this sentence. `via` and
    `addressee` are spans of the words. A quote without a cue goes on with the speaker of the one before it, or
    (`Options.unattributed`) has no speaker at all.
    """

    kind: QuoteKind
    contents: tuple[Span, ...]
    sentence: Span
    paragraph: int
    section: Section
    marks: tuple[Span, ...] = ()
    cue: Cue | None = None
    mention: Span | None = None
    speaker: int | None = None
    resolution: Resolution = "none"
    unresolved: str | None = None  # why there is no speaker, where there is none
    unresolved_code: UnresolvedCode | None = None  # the same for programs
    speaker_confidence: float | None = None  # how sure the speaker is, where there is one
    candidates: tuple[NamedCandidate, ...] = ()  # who fitted the mention, the best first; with `Options.explain`
    continues: int | None = None  # an index into `Report.quotes`: the quote that this one goes on from
    addressee: Span | None = None
    via: Span | None = None
    negated: bool = False
    confidence: float = 1.0
    explain: tuple[Rule, ...] = ()
    repeats: int | None = None  # the index, in the same report, of the quote that a pull quote says again


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody who is quoted. `quotes` are indices into `Report.quotes`, without those that repeat another.

    `name` is the fullest form in the text.
    """

    name: str
    kind: SpeakerKind
    description: str | None = None
    aliases: tuple[str, ...] = ()
    mentions: tuple[Span, ...] = ()
    quotes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """The quotes of one article in text order, and their speakers in order of first quote."""

    quotes: tuple[Quote, ...] = ()
    speakers: tuple[Speaker, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Source:
    """The words that name who said it, in one sentence.

    `span` is the whole noun phrase as reported (with its apposition, without a relative clause); `sentence` an index
    into `Parse.sentences`, `head` the position of the phrase's head word in that sentence.
    """

    span: Span
    sentence: int
    head: int


@dataclass(frozen=True, slots=True)
class Attribution:
    """One attribution: content, cue and source as the text has them.

    `sentence` is the index of the sentence that the cue stands in (the content's first, where there is no cue).
    `continues` is the index, in the same list, of an earlier attribution whose source goes on here: a quote with no cue
    of its own, or the next paragraph of a quote.
    """

    kind: QuoteKind
    contents: tuple[Span, ...]
    sentence: int
    marks: tuple[Span, ...] = ()
    cue: Cue | None = None
    source: Source | None = None
    addressee: Span | None = None
    via: Span | None = None
    negated: bool = False
    continues: int | None = None
    score: float = 1.0
    rules: tuple[Rule, ...] = ()
