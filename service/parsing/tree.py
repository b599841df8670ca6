"""A parsed article, as the rest of the project sees it: sentences, words, dependency relations, named entities.

The words of a multi-word token ("don't") have their own spans where the pieces add up to the token, else the token's.
Relations are Universal Dependencies v2; `head` is the position of the governor in the same sentence, or `ROOT`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal

from service.article.article import Span

ROOT: Final = -1
EntityKind = Literal["person", "organization", "place"]


@dataclass(frozen=True, slots=True)
class Word:
    """One syntactic word. `text` is the article's own characters, not the parser's spelling of them; `relation` is
    `deprel` without its subtype: `nsubj` of `nsubj:pass`."""

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
    """One sentence: its words in text order, and the tree they form. Positions are 0-based indices into `words`."""

    words: tuple[Word, ...]
    _children: tuple[tuple[int, ...], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        children: list[list[int]] = [[] for _ in self.words]
        for position, word in enumerate(self.words):
            if word.head != ROOT:
                children[word.head].append(position)
        object.__setattr__(self, "_children", tuple(map(tuple, children)))

    @property
    def span(self) -> Span:
        """From the first word's start to the last word's end."""
        return Span(self.words[0].span.start, self.words[-1].span.end)

    def children(self, position: int) -> tuple[int, ...]:
        """The positions of the words that `position` governs, in text order."""
        return self._children[position]

    def child(self, position: int, *deprels: str) -> int | None:
        """The first child of `position` whose relation, with or without its subtype, is one of `deprels`."""
        for index in self._children[position]:
            if self.words[index].deprel in deprels or self.words[index].relation in deprels:
                return index
        return None

    def subtree(self, position: int) -> list[int]:
        """`position` and all that it governs, directly or not, in text order."""
        found, waiting = [], [position]
        while waiting:
            index = waiting.pop()
            found.append(index)
            waiting.extend(self._children[index])
        return sorted(found)

    def ancestors(self, position: int) -> Iterator[int]:
        """The governors of `position`, nearest first, up to the root."""
        head = self.words[position].head
        while head != ROOT:
            yield head
            head = self.words[head].head

    def root(self) -> int:
        """The position of the sentence's root."""
        return next(position for position, word in enumerate(self.words) if word.head == ROOT)


@dataclass(frozen=True, slots=True)
class Entity:
    """A named mention."""

    span: Span
    kind: EntityKind


@dataclass(frozen=True, slots=True)
class Parse:
    """What a parser found in one article: `sentences` and `entities`, each in text order."""

    sentences: tuple[Sentence, ...] = ()
    entities: tuple[Entity, ...] = ()
