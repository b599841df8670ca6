"""Referents, and the state of coreference: who was mentioned so far, and where last."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, NamedTuple, NewType

from service.extraction.report import Attribution, Resolution, UnresolvedCode
from service.extraction.speakers.mentions import GrammaticalFunction, Mention
from service.extraction.speakers.name_kinds import Kind
from service.extraction.speakers.names import Fit, organization_fit, person_fit, tokens
from service.extraction.wordlists import Gender, person_words
from service.input.article import Article, Span
from service.parsing.tree import Parse, SentenceIndex, WordKey

ReferentIndex = NewType("ReferentIndex", int)  # in `Coreference.referents`

_ROLES: Final = 16
_NAME: Final = r"[A-Z][\w.'’-]{0,30}(?: [\w.'’-]{1,30}){0,4}"
_CREDIT: Final = re.compile(
    rf"(?:Credit ?){{1,2}}(?:\.\.\.|…|:)\s?{_NAME}"  # Credit...Ana Ruiz for the Pier
    rf"|\((?:(?:Photo|Picture|Image)s?(?: by|:)? )?{_NAME}\s?/\s?{_NAME}\)"  # (Ana Ruiz/The Pier)
    rf"|(?:Photo|Photograph|Picture|Image|Illustration)s?(?: by |: ?|/ ?| courtesy of ){_NAME}"  # Photo: Ana Ruiz
    rf"|{_NAME}\s?/\s?(?:AP|AFP|Getty|Reuters|Associated Press|EPA|PA|Shutterstock)\b[^\n.]{{0,30}}$",
    re.M,
)


class Role(NamedTuple):
    """A role of a referent: a role noun, its modifiers, its owner and the organization it acts for (numbers of
    referents)."""

    noun: str
    modifiers: frozenset[str] = frozenset()
    owner: ReferentIndex | None = None
    affiliation: ReferentIndex | None = None


class Appearance(NamedTuple):
    """An occurrence of a referent in the text."""

    span: Span
    sentence: SentenceIndex
    paragraph: int
    function: GrammaticalFunction
    form: str
    quoted: bool
    source: bool


@dataclass(slots=True)
class Referent:
    """A person, organization, place, document or group in the article.

    `forms` are its names in text order. Unknown values are None or empty.
    """

    number: ReferentIndex
    kind: Kind
    forms: list[str] = field(default_factory=list)
    gender: Gender | None = None
    plural: bool = False
    roles: list[Role] = field(default_factory=list)
    description: str | None = None
    appearances: list[Appearance] = field(default_factory=list)
    names: list[Span] = field(default_factory=list)
    named: bool = False
    surname: str = ""  # inferred, for a relative named by the given name only
    paired: bool = False  # whether two given names share that surname
    relative: bool = False  # named first as somebody's relative: "his daughter Ida Holm", not Holm before that
    narrated: int = 0  # appearances in the narration, outside quotes

    @property
    def name(self) -> str:
        """The fullest form: the first of those with the most words.

        Without an adjective that a headline puts before a full name: "Brave Marina Lacerda".
        """
        full = max(self.forms, key=lambda form: (len(tokens(form)), not form.isupper(), form.startswith("The ")))
        given, words = person_words().given, tokens(full)
        if self.kind != "person" or len(words) < 3 or words[0] in given or words[1] not in given:
            return full
        return next((form for form in self.forms if tokens(form) == words[1:]), full)

    def add_role(self, role: Role) -> None:
        """Add `role`, up to a fixed number of roles."""
        if len(self.roles) < _ROLES and role not in self.roles:
            self.roles.append(role)

    def fits(self, name: str) -> Fit:
        """Return how well `name` matches the fullest name, by the rules of the referent's kind."""
        if self.surname and name.lower() == self.surname.lower():
            return Fit.SURNAME
        comparisons = {"person": (person_fit,), "organization": (organization_fit,), "place": (organization_fit,)}
        return max(compare(name, self.name) for compare in comparisons.get(self.kind, (person_fit, organization_fit)))


class Candidate(NamedTuple):
    """A possible referent of a mention, and its score. Scores are only comparable for the same mention."""

    score: float
    referent: ReferentIndex


@dataclass(frozen=True, slots=True)
class ResolvedMention:
    """The resolution of a mention, with the rule that decided it.

    `referent` is None for an unresolved mention; `why` then states the reason. `candidates` are the referents that fit,
    best first; the first is `referent` if it was chosen by score.
    """

    referent: ReferentIndex | None
    resolution: Resolution
    rule: str
    detail: str = ""
    why: str | None = None
    code: UnresolvedCode | None = None
    candidates: tuple[Candidate, ...] = ()


@dataclass(slots=True)
class Coreference:
    """State of coreference over one article, in text order.

    - `marks`: quoted spans that report speech, in order and disjoint;
    - `spoken`: the same with the source of each, not merged;
    - `sources`: the attributions of each source phrase;
    - `resolutions`: the resolutions so far;
    - `ambiguous`: mentions with several possible referents;
    - `phrases`: referents that have a description but no name;
    - `identified`: described referents that were later identified with a named one;
    - `seen`: the phrases that have appeared;
    - `recent`: referent numbers, the last to appear at the end;
    - `asked`: the referent who was asked a question in the previous sentence;
    - `questions`: the contents of all questions.
    """

    article: Article
    parse: Parse
    attributions: Sequence[Attribution]
    mentions: dict[WordKey, Mention]
    marks: list[Span]
    spoken: list[tuple[Span, WordKey]]
    sources: dict[WordKey, list[int]]
    referents: list[Referent] = field(default_factory=list)
    resolutions: dict[WordKey, ResolvedMention] = field(default_factory=dict)
    ambiguous: dict[WordKey, tuple[ReferentIndex, ...]] = field(default_factory=dict)
    seen: set[WordKey] = field(default_factory=set)
    recent: dict[ReferentIndex, None] = field(default_factory=dict)
    phrases: dict[str, ReferentIndex] = field(default_factory=dict)
    identified: dict[ReferentIndex, ReferentIndex] = field(default_factory=dict)
    asked: ReferentIndex | None = None
    questions: list[Span] = field(init=False)
    _credits: list[Span] = field(init=False)
    _starts: list[int] = field(init=False)
    _contents: list[Span] = field(init=False)

    def __post_init__(self) -> None:
        self._credits = _photo_credits(self.article.text)
        self._starts = [paragraph.span.start for paragraph in self.article.paragraphs]
        self._contents = sorted(span for one in self.attributions for span in one.contents)
        asked = (one for one in self.attributions if one.cue is not None and one.cue.cue_class == "ask")
        self.questions = [span for one in asked for span in one.contents]

    def add(self, kind: Kind, form: str, **known: Gender | bool | None) -> Referent:
        """Add a new referent of `kind` with the name `form` and return it."""
        referent = Referent(ReferentIndex(len(self.referents)), kind, [form])
        for what, value in known.items():
            setattr(referent, what, value)
        self.referents.append(referent)
        return referent

    def paragraph(self, offset: int) -> int:
        """Return the index of the last paragraph that begins at or before `offset`."""
        return bisect_right(self._starts, offset) - 1

    def in_headline(self, offset: int) -> bool:
        """Return whether `offset` is in the article's headline."""
        at = self.paragraph(offset)
        return at >= 0 and self.article.paragraphs[at].section == "headline"

    def quoted(self, offset: int) -> bool:
        """Return whether `offset` is inside quotation marks that report speech."""
        at = bisect_right(self.marks, (offset, len(self.article.text) + 1)) - 1
        return at >= 0 and self.marks[at].start <= offset < self.marks[at].end

    def reported(self, offset: int) -> bool:
        """Return whether `offset` is in a content."""
        at = bisect_right(self._contents, (offset, len(self.article.text) + 1)) - 1
        return at >= 0 and self._contents[at].start <= offset < self._contents[at].end

    def credited(self, offset: int) -> bool:
        """Return whether `offset` is in the credit of a photograph."""
        at = bisect_right(self._credits, (offset, len(self.article.text) + 1)) - 1
        return at >= 0 and offset < self._credits[at].end

    def appear(self, referent: ReferentIndex, mention: Mention) -> None:
        """Record an appearance of `referent` at `mention`, unless it is in the credit of a photograph."""
        start = mention.span.start
        self.seen.add((mention.sentence, mention.head))
        if self.credited(start):
            return
        quoted = self.quoted(start)
        self.referents[referent].narrated += not quoted
        self.referents[referent].appearances.append(
            Appearance(
                span=mention.span,
                sentence=mention.sentence,
                paragraph=self.paragraph(start),
                function=mention.function,
                form=mention.form,
                quoted=quoted,
                source=(mention.sentence, mention.head) in self.sources,
            )
        )
        self.recent.pop(referent, None)
        self.recent[referent] = None

    def recently_mentioned(self, limit: int) -> list[Referent]:
        """Return the referents that appeared last, most recent first, at most `limit`."""
        return [self.referents[number] for number in islice(reversed(self.recent), limit)]


def _photo_credits(text: str) -> list[Span]:
    """Return the credits of photographs, whose names are not people in the story, in text order."""
    return [Span(*match.span()) for match in _CREDIT.finditer(text)]
