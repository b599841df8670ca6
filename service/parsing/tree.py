"""A parsed article: sentences, words, dependency relations and named entities, independent of the parser.

The words of a multi-word token ("don't") have their own spans if they concatenate to the token, else the token's.
Relations are Universal Dependencies v2; `head` is the index of the governor in the same sentence, or `ROOT`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, NewType

from service.input.article import Span

if TYPE_CHECKING:
    from numpy import float16, float32
    from numpy.typing import NDArray

ROOT: Final = -1
SentenceIndex = NewType("SentenceIndex", int)  # in `Parse.sentences`
ArticleWordIndex = NewType("ArticleWordIndex", int)  # among all words of the article
FIRST_SENTENCE: Final = SentenceIndex(0)
WordKey = tuple[SentenceIndex, int]  # a word: its sentence, and its position in it
_QUOTATION_MARKS: Final = frozenset("\"“”'‘’`") | {"''", "``"}
EntityKind = Literal["person", "organization", "place"]


@dataclass(frozen=True, slots=True)
class Word:
    """A syntactic word. `text` is as written in the article; `relation` is `deprel` without its subtype: `nsubj` for
    `nsubj:pass`."""

    span: Span
    text: str
    lemma: str
    upos: str
    deprel: str
    head: int
    xpos: str = ""
    feats: str = ""
    relation: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "relation", self.deprel.partition(":")[0])


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence: its words in text order, and their dependency tree. Positions are 0-based indices into `words`;
    `punctuation` has those of punctuation, `quotation_marks` those of quotation marks."""

    words: tuple[Word, ...]
    punctuation: tuple[int, ...] = field(init=False, repr=False, compare=False)
    quotation_marks: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _children: tuple[tuple[int, ...], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        children: list[list[int]] = [[] for _ in self.words]
        for position, word in enumerate(self.words):
            if word.head != ROOT:
                children[word.head].append(position)
        object.__setattr__(self, "_children", tuple(map(tuple, children)))
        marks = tuple([position for position, word in enumerate(self.words) if word.upos == "PUNCT"])
        object.__setattr__(self, "punctuation", marks)
        quotation_marks = tuple([position for position in marks if self.words[position].text in _QUOTATION_MARKS])
        object.__setattr__(self, "quotation_marks", quotation_marks)

    @property
    def span(self) -> Span:
        """The span from the first word's start to the last word's end."""
        return Span(self.words[0].span.start, self.words[-1].span.end)

    def children(self, position: int) -> tuple[int, ...]:
        """Return the positions of the dependents of `position`, in text order."""
        return self._children[position]

    def child(self, position: int, *deprels: str) -> int | None:
        """Return the first dependent of `position` whose relation, with or without its subtype, is one of `deprels`."""
        words = self.words
        for index in self._children[position]:
            if words[index].deprel in deprels or words[index].relation in deprels:
                return index
        return None

    def subtree(self, position: int) -> list[int]:
        """Return `position` and all its descendants, in text order."""
        result, waiting = [], [position]
        while waiting:
            index = waiting.pop()
            result.append(index)
            waiting.extend(self._children[index])
        return sorted(result)

    def ancestors(self, position: int) -> Iterator[int]:
        """Yield the governors of `position`, nearest first, up to the root."""
        head = self.words[position].head
        while head != ROOT:
            yield head
            head = self.words[head].head

    def root(self) -> int:
        """Return the position of the root."""
        return next(position for position, word in enumerate(self.words) if word.head == ROOT)


@dataclass(frozen=True, slots=True)
class Entity:
    """A named entity."""

    span: Span
    kind: EntityKind


@dataclass(frozen=True, slots=True)
class CueReaderOutput:
    """A reader's output for one cue: the log-odds that each word from number `first` of the article on is in its
    content, and in its source. They cover the cue's sentence and its neighbours."""

    first: ArticleWordIndex
    content: "NDArray[float16]"
    source: "NDArray[float16]"


@dataclass(frozen=True, slots=True)
class ReaderOutput:
    """A reader's output for an article: the log-odds that each word is a cue, and its output for each likely cue, by
    the number of the word. `starts` has the number of the first word of each sentence."""

    starts: tuple[ArticleWordIndex, ...]
    cues: "NDArray[float32]"
    likely: Mapping[ArticleWordIndex, CueReaderOutput]


@dataclass(frozen=True, slots=True)
class Parse:
    """The parse of an article: `sentences` and `entities`, each in text order.

    `reader_output` comes from models that include a reader, and is None for others.
    """

    sentences: tuple[Sentence, ...] = ()
    entities: tuple[Entity, ...] = ()
    reader_output: ReaderOutput | None = field(default=None, repr=False, compare=False)

    def numbered(self) -> Iterator[tuple[SentenceIndex, Sentence]]:
        """Yield each sentence with its index."""
        for number, sentence in enumerate(self.sentences):
            yield SentenceIndex(number), sentence
