"""A quote before its source is known by name: what cues, sources, contents and links hand to speakers. Values only."""

from dataclasses import dataclass

from service.article.article import Span
from service.extraction.report import Cue, QuoteKind, Rule


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
