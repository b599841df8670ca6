"""Somebody an article speaks of, and the state of a reading: who has been named so far, and where last."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, NamedTuple

from service.extraction.report import Attribution, Resolution, UnresolvedCode
from service.extraction.speakers.mentions import Kind, Mention, Place
from service.extraction.speakers.names import Fit, organization_fit, person_fit, tokens
from service.extraction.wordlists import Gender
from service.input.article import Article, Span
from service.parsing.tree import Parse

_ROLES: Final = 16

Key = tuple[int, int]  # a mention's sentence and head


class Role(NamedTuple):
    """What somebody is said to be: a role noun, the words that narrow it, whose, and for whom or what they act (the
    numbers of referents)."""

    noun: str
    narrowed: frozenset[str] = frozenset()
    owner: int | None = None
    body: int | None = None


class Appearance(NamedTuple):
    """Where a referent stands: in which sentence and paragraph, as what, inside quotation marks or not, as a source."""

    span: Span
    sentence: int
    paragraph: int
    place: Place
    form: str
    quoted: bool
    source: bool


@dataclass(slots=True)
class Referent:
    """Somebody. `forms` are the names found, in the text's order; what is not known yet is None or empty."""

    number: int
    kind: Kind
    forms: list[str] = field(default_factory=list)
    gender: Gender | None = None
    plural: bool = False
    roles: list[Role] = field(default_factory=list)
    description: str | None = None
    members: tuple[int, ...] = ()
    appearances: list[Appearance] = field(default_factory=list)
    names: list[Span] = field(default_factory=list)
    named: bool = False
    surname: str = ""  # of one who is called by the given name only: the wife's, where the article names the husband
    narrated: int = 0  # appearances in the article's own voice

    @property
    def name(self) -> str:
        """The fullest form: the one of the most words, the first of those."""
        return max(self.forms, key=lambda form: (len(tokens(form)), not form.isupper(), form.startswith("The ")))

    def hold(self, role: Role) -> None:
        """Keep `role`; more than a few tell nothing new."""
        if len(self.roles) < _ROLES and role not in self.roles:
            self.roles.append(role)

    def fits(self, name: str) -> Fit:
        """How well `name` may stand for the fullest name here, by the rules of its kind."""
        if self.surname and name.lower() == self.surname.lower():
            return Fit.SURNAME
        ways = {"person": (person_fit,), "organization": (organization_fit,), "place": (organization_fit,)}
        return max(way(name, self.name) for way in ways.get(self.kind, (person_fit, organization_fit)))


class Candidate(NamedTuple):
    """One whom a phrase may mean, and how well it fits, in points that compare with those of the same phrase only."""

    score: float
    referent: int


@dataclass(frozen=True, slots=True)
class ResolvedMention:
    """Whom a phrase means, how that was made out, and by which rule; `referent` is None where `why` says why not.

    `candidates` are those who fit at all, the best first: its first is `referent`, where the choice was one of fits.
    """

    referent: int | None
    resolution: Resolution
    rule: str
    detail: str = ""
    why: str | None = None
    code: UnresolvedCode | None = None
    candidates: tuple[Candidate, ...] = ()


@dataclass(slots=True)
class Coreference:
    """An article being read from its beginning: its mentions, whom they mean as far as is known, and who was last.

    `marks` are the stretches that report somebody's words, in order and apart; `spoken` the same with the source that
    each has, not joined; `sources` the attributions that each phrase is the source of; `found` whom the phrases mean,
    `ambiguous` those that name one of several; `phrases` the referents that have a description but no name; `same` the
    described ones who turned out to be a named one; `seen` the phrases that have appeared; `recent` the numbers of the
    referents, the one that appeared last at the end; `asked` the one who was asked a question in the sentence before.
    """

    article: Article
    parse: Parse
    attributions: Sequence[Attribution]
    mentions: dict[Key, Mention]
    marks: list[Span]
    spoken: list[tuple[Span, Key]]
    sources: dict[Key, list[int]]
    referents: list[Referent] = field(default_factory=list)
    found: dict[Key, ResolvedMention] = field(default_factory=dict)
    ambiguous: dict[Key, tuple[int, ...]] = field(default_factory=dict)
    seen: set[Key] = field(default_factory=set)
    recent: dict[int, None] = field(default_factory=dict)
    phrases: dict[str, int] = field(default_factory=dict)
    same: dict[int, int] = field(default_factory=dict)
    asked: int | None = None
    _starts: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self._starts = [paragraph.span.start for paragraph in self.article.paragraphs]

    def add(self, kind: Kind, form: str, **known: Gender | bool | None) -> Referent:
        """A new referent of `kind`, called `form`."""
        referent = Referent(len(self.referents), kind, [form])
        for what, value in known.items():
            setattr(referent, what, value)
        self.referents.append(referent)
        return referent

    def paragraph(self, offset: int) -> int:
        """The number of the paragraph that holds `offset`, or begins last before it."""
        return bisect_right(self._starts, offset) - 1

    def in_headline(self, offset: int) -> bool:
        """Whether the paragraph that holds `offset` is the article's headline."""
        at = self.paragraph(offset)
        return at >= 0 and self.article.paragraphs[at].section == "headline"

    def quoted(self, offset: int) -> bool:
        """Whether `offset` lies between quotation marks that report somebody's words."""
        at = bisect_right(self.marks, (offset, len(self.article.text) + 1)) - 1
        return at >= 0 and self.marks[at].start <= offset < self.marks[at].end

    def appear(self, referent: int, mention: Mention) -> None:
        """Take down that `referent` stands at `mention`."""
        start = mention.span.start
        self.seen.add((mention.sentence, mention.head))
        quoted = self.quoted(start)
        self.referents[referent].narrated += not quoted
        self.referents[referent].appearances.append(
            Appearance(
                span=mention.span,
                sentence=mention.sentence,
                paragraph=self.paragraph(start),
                place=mention.place,
                form=mention.form,
                quoted=quoted,
                source=(mention.sentence, mention.head) in self.sources,
            )
        )
        self.recent.pop(referent, None)
        self.recent[referent] = None

    def lately(self, limit: int) -> list[Referent]:
        """The referents that appeared last, the last first, at most `limit`."""
        return [self.referents[number] for number in islice(reversed(self.recent), limit)]
