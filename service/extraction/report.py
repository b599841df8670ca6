"""The values that extraction returns: attributions, with unresolved sources, and the report of quotes and speakers.

`schemas/` turns a report into JSON.
"""

from dataclasses import dataclass, field
from typing import Final, Literal, NewType, get_args

from service.input.article import ArticleForm, Section, Span
from service.parsing.tree import SentenceIndex

QuoteKind = Literal["direct", "mixed", "indirect"]
CueClass = Literal["say", "tell", "ask", "write", "announce", "think", "feel", "perceive", "plan", "other"]
Resolution = Literal["name", "alias", "pronoun", "description", "continuation", "correction", "none"]
UnresolvedCode = Literal[
    "no-source", "ambiguous", "uncertain", "no-antecedent", "author", "addressee", "question", "circle", "correction"
]
QuoteForm = Literal["prose", "turn", "block", "post"]
SpeakerKind = Literal["person", "organization", "group", "unknown"]
FormOption = Literal["auto"] | ArticleForm
OffsetUnit = Literal["codepoints", "utf16"]
DecisionKind = Literal["cue", "content", "source", "quoted-span", "speaker"]
Statements = Literal["speech", "all"]
Change = Literal["speaker", "rename", "drop", "add"]

QuoteIndex = NewType("QuoteIndex", int)  # into `Report.quotes`
SpeakerIndex = NewType("SpeakerIndex", int)  # into `Report.speakers`
AttributionIndex = NewType("AttributionIndex", int)  # into the attributions of an article

FORM_OPTIONS: Final[tuple[FormOption, ...]] = ("auto", *get_args(ArticleForm))
MIN_RESOLUTION_SCORE: Final = 0.4  # attributions from it on take part in speaker resolution, whatever the options
MIN_CONFIDENCE: Final = 0.4  # where false positives equal misses, on everyday news out of fold: docs/accuracy.md
MIN_SPEAKER_CONFIDENCE: Final = 0.4  # below it a name is more often wrong than right: `training.attribution.speakers`
MAX_FEATURES: Final = 5  # of an alternative, in its explanation
UNNAMED_CONFIDENCE: Final = 0.75  # upper limit for a quote without a speaker, which needs review before it is printed


@dataclass(frozen=True, slots=True)
class Correction:
    """An editor's correction of one quote or speaker (docs/corrections.md).

    "speaker": the quote is said by `speaker`, or by somebody unknown (None). "rename": the speaker `speaker` is called
    `to`; if there is a speaker of that name, both become one. "drop": this is not a quote. "add": this is a quote by
    `speaker`. `quote` has the contents' offsets in code points, and `texts` their words.
    """

    change: Change
    quote: tuple[Span, ...] = ()
    texts: tuple[str, ...] = ()
    kind: QuoteKind = "direct"
    speaker: str | None = None
    to: str | None = None


@dataclass(frozen=True, slots=True)
class Corrections:
    """The corrections of the text with this SHA-256, in the order in which they were made."""

    sha256: str
    changes: tuple[Correction, ...] = ()


@dataclass(frozen=True, slots=True)
class Options:
    """What to return. The defaults are those of the API."""

    kinds: tuple[QuoteKind, ...] = ("direct", "mixed", "indirect")
    statements: Statements = "speech"  # "all": also thoughts, plans and the author's own words
    cue_classes: tuple[CueClass, ...] = get_args(CueClass)
    min_confidence: float = MIN_CONFIDENCE
    min_speaker_confidence: float = MIN_SPEAKER_CONFIDENCE  # below it `speaker` is None
    unattributed: bool = False  # also quoted spans that no cue reports
    furniture: bool = False  # also quotes in boilerplate
    nested: bool = False  # also what is quoted inside turns, block quotes and posts
    form: FormOption = "auto"  # what the article is; "auto": the text decides
    explain: bool = False
    offsets: OffsetUnit = "codepoints"  # unit in the response; extraction itself uses code points
    corrections: Corrections | None = None


@dataclass(frozen=True, slots=True)
class Cue:
    """The words that report a quote, with the lemma of their head word and its class in the lexicon."""

    span: Span
    lemma: str
    cue_class: CueClass


@dataclass(frozen=True, slots=True)
class Rule:
    """One decision that led to a quote: the name of the rule, and the words or scores that it was based on."""

    name: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class NamedCandidate:
    """A possible speaker, with a score from 0 to 1; the scores of all candidates sum to 1."""

    name: str
    score: float


@dataclass(frozen=True, slots=True)
class Weight:
    """A feature of a choice, and its contribution in log-odds: above 0 for the choice, below 0 against it."""

    feature: str
    weight: float


@dataclass(frozen=True, slots=True)
class Alternative:
    """One of the alternatives of a decision. `text` is None for "none of them"; `score` is in log-odds, None where no
    model scored it; `features` are those with the largest contributions, largest first."""

    text: str | None
    score: float | None = None
    features: tuple[Weight, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision that led to a quote. `decided_by` is `model`, or the name of the rule that set the winner.

    `runner_up` is the next best alternative, or what the model preferred where a rule decided. `about` has the words
    that a `quoted-span` decision is about.
    """

    kind: DecisionKind
    decided_by: str
    winner: Alternative
    runner_up: Alternative | None = None
    about: str | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """One quote.

    `contents` are the spans of what was said, in text order, and `marks` the quoted spans inside them. `mention` is the
    span that names the source in this sentence, or the label of a turn; `speaker` an index into `Report.speakers`.
    `addressee` and `via` are spans too. A quote without a cue is a turn, a block quote or a post (`form`), continues
    the quote of the same speaker before it, or has no speaker (`Options.unattributed`).
    """

    kind: QuoteKind
    contents: tuple[Span, ...]
    sentence: Span
    paragraph: int
    section: Section
    marks: tuple[Span, ...] = ()
    cue: Cue | None = None
    mention: Span | None = None
    speaker: SpeakerIndex | None = None
    resolution: Resolution = "none"
    unresolved: str | None = None  # the reason why `speaker` is None, for readers
    unresolved_code: UnresolvedCode | None = None  # the same reason, for programs
    speaker_confidence: float | None = None  # 0 to 1; None without a speaker
    candidates: tuple[NamedCandidate, ...] = ()  # best first; only with `Options.explain`
    continues: QuoteIndex | None = None  # index in `Report.quotes` of the quote that this one continues
    addressee: Span | None = None
    via: Span | None = None
    negated: bool = False
    confidence: float = 1.0
    explain: tuple[Rule, ...] = ()
    decisions: tuple[Decision, ...] = ()  # with `Options.explain`
    repeats: QuoteIndex | None = None  # index in `Report.quotes` of the quote that this pull quote repeats
    form: QuoteForm = "prose"
    within: QuoteIndex | None = None  # index in `Report.quotes` of the turn, block quote or post that this is quoted in


@dataclass(frozen=True, slots=True)
class Speaker:
    """A person, organization or group that is quoted.

    `name` is the fullest form in the text. `quotes` are indices into `Report.quotes`, without pull quotes that repeat
    another.
    """

    name: str
    kind: SpeakerKind
    description: str | None = None
    aliases: tuple[str, ...] = ()
    mentions: tuple[Span, ...] = ()
    quotes: tuple[QuoteIndex, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """The quotes of one article in text order, and their speakers in order of first quote."""

    quotes: tuple[Quote, ...] = ()
    speakers: tuple[Speaker, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Source:
    """The noun phrase that names the source of a quote.

    `span` is the whole noun phrase with its apposition, without relative clauses. `sentence` is an index into
    `Parse.sentences`, `head` the position of the head word in that sentence.
    """

    span: Span
    sentence: SentenceIndex
    head: int


@dataclass(frozen=True, slots=True)
class Attribution:
    """A content with its cue and source, before the source is resolved to a speaker.

    `sentence` is the index of the cue's sentence, or of the content's first sentence without a cue. `continues` is the
    index, in the same list, of an earlier attribution with the same source: for a quote without a cue of its own, or
    the next paragraph of a quote.
    """

    kind: QuoteKind
    contents: tuple[Span, ...]
    sentence: SentenceIndex
    marks: tuple[Span, ...] = ()
    cue: Cue | None = None
    source: Source | None = None
    addressee: Span | None = None
    via: Span | None = None
    negated: bool = False
    continues: AttributionIndex | None = None
    score: float = 1.0
    rules: tuple[Rule, ...] = ()
    decisions: tuple[Decision, ...] = ()  # where they were asked for
    form: QuoteForm = "prose"
    passage: int | None = None  # index in `Article.passages` of the turn, block quote or post that this is
    label: Span | None = None  # of the passage
    within: AttributionIndex | None = None  # index, in the same list, of the passage that this is quoted in
