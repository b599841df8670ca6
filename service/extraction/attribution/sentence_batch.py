"""The words of several sentences as arrays, from which the features of all their candidates are gathered at once.

The sentences are concatenated, with `PADS` padding words around each. An index is a position in this sequence. A column
of texts has the id of a text for each index; `#` stands for a word outside the sentence.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain
from typing import Final

import numpy as np
from numpy.typing import NDArray

from service.extraction.attribution.linear import StringIds, StringTable
from service.extraction.attribution.sentence_view import SentenceView, bucket
from service.extraction.attribution.word_sets import WordSet, between, masks_of
from service.parsing.tree import ROOT

Indices = NDArray[np.int64]
Flags = NDArray[np.bool_]

PADS: Final = 2
_OUTSIDE: Final = "#"
_FUNCTION: Final = ("PUNCT", "ADP", "SCONJ", "PART", "CCONJ")
_MAX_COUNT: Final = 40  # counts from here on are in one bucket


class SentenceBatch:
    """The words of `views` as arrays. Properties are computed on first use and cached."""

    def __init__(self, views: Sequence[SentenceView]) -> None:
        self.views = views
        self.strings = StringTable()
        self._starts: dict[int, int] = {}
        self.size = PADS
        for view in views:
            self._starts[view.index] = self.size
            self.size += len(view.words) + PADS

    def start(self, view: SentenceView) -> int:
        """Return the index of the first word of a sentence."""
        return self._starts[view.index]

    def positions(self, indices: Indices) -> Iterator[tuple[int, int]]:
        """Yield the index of the sentence in `views`, and the position in the sentence, of each word index."""
        yield from zip(self._sentences[indices].tolist(), (indices - self.bounds[0][indices]).tolist(), strict=True)

    def texts(self, of: Callable[[SentenceView], Iterable[str | None]], outside: str | None = None) -> StringIds:
        """Return a text for each word, given those of each sentence."""
        pads = (outside,) * PADS
        return self.strings.ids(chain(pads, *((*of(view), *pads) for view in self.views)), self.size)

    def flags(self, of: Callable[[SentenceView], WordSet]) -> Flags:
        """Return for each word whether it is in a set of words of its sentence."""
        words = 0
        for view in self.views:
            words |= of(view) << self.start(view)
        result: Flags = masks_of([words], self.size)[0]
        return result

    def indices(self, of: Callable[[SentenceView], Iterable[int | None]]) -> Indices:
        """Return the index of another word of the sentence for each word, 0 (outside) for None and `ROOT`."""
        result = [0] * PADS
        for view in self.views:
            start = self.start(view)
            result += [0 if at is None or at == ROOT else start + at for at in of(view)]
            result += [0] * PADS
        return np.array(result, np.int64)

    @cached_property
    def lexemes(self) -> StringIds:
        """`SentenceView.lexemes`."""
        return self.texts(lambda view: view.lexemes)

    @cached_property
    def classes(self) -> StringIds:
        """`SentenceView.classes`."""
        return self.texts(lambda view: view.classes)

    @cached_property
    def lemmas(self) -> StringIds:
        """`SentenceView.lemmas`."""
        return self.texts(lambda view: view.lemmas)

    @cached_property
    def masked(self) -> StringIds:
        """`SentenceView.masked`."""
        return self.texts(lambda view: view.masked)

    @cached_property
    def neighbours(self) -> StringIds:
        """`SentenceView.masked_at`."""
        return self.texts(lambda view: view.masked_texts, _OUTSIDE)

    @cached_property
    def namings(self) -> StringIds:
        """`SentenceView.naming`."""
        return self.texts(lambda view: map(view.naming, range(len(view.words))))

    @cached_property
    def pos(self) -> StringIds:
        """The part of speech of each word."""
        return self.texts(lambda view: [word.upos for word in view.words])

    @cached_property
    def tags(self) -> StringIds:
        """The tag of each word."""
        return self.texts(lambda view: [word.xpos for word in view.words], _OUTSIDE)

    @cached_property
    def deprels(self) -> StringIds:
        """The relation of each word to its governor."""
        return self.texts(lambda view: [word.deprel for word in view.words])

    @cached_property
    def relations(self) -> StringIds:
        """The relation of each word without its subtype."""
        return self.texts(lambda view: [word.relation for word in view.words])

    @cached_property
    def spellings(self) -> StringIds:
        """Each word as it is written."""
        return self.texts(lambda view: [word.text for word in view.words])

    @cached_property
    def lettered(self) -> Flags:
        """The words with a letter."""
        texts = self.strings.texts()
        letters = np.array([text is not None and any(map(str.isalpha, text)) for text in texts])
        result: Flags = letters[self.spellings]
        return result

    @cached_property
    def heads(self) -> Indices:
        """The index of each word's governor."""
        return self.indices(lambda view: view.heads)

    @cached_property
    def introducers(self) -> Indices:
        """`SentenceView.introducers`."""
        return self.indices(lambda view: view.introducers)

    @cached_property
    def cases(self) -> Indices:
        """The index of each word's preposition."""
        return self.indices(lambda view: view.first_dependents("case"))

    @cached_property
    def opening(self) -> Flags:
        """The words before which a sentence has only words that open a noun phrase, up to the first other word."""
        return self.flags(lambda view: (view.past_opening ^ (view.past_opening - 1)) & between(0, len(view.words)))

    @cached_property
    def solid(self) -> Flags:
        """The words that are not punctuation."""
        return self.flags(lambda view: view.solid)

    @cached_property
    def next_solid(self) -> Indices:
        """The next index at or after each index that has a word other than punctuation."""
        indices = np.where(self.solid, np.arange(self.size), self.size)
        result: Indices = np.minimum.accumulate(indices[::-1])[::-1]
        return result

    @cached_property
    def named(self) -> Flags:
        """The words that are names or pronouns, or in a named entity."""
        return self.tagged("PROPN", "PRON") | self.flags(lambda view: sum(1 << at for at in view.entities))

    @cached_property
    def function_words(self) -> StringIds:
        """The function words and punctuation; of other words, the part of speech."""
        outside = self.pos == 0
        result: StringIds = np.where(outside | self.tagged(*_FUNCTION), self.neighbours, self.pos)
        return result

    def tagged(self, *tags: str) -> Flags:
        """The words with one of these parts of speech."""
        return self.are(self.pos, tags)

    @cached_property
    def punctuation(self) -> Flags:
        """The words that are punctuation."""
        return self.flags(lambda view: between(0, len(view.words)) & ~view.solid)

    @cached_property
    def quoted(self) -> Flags:
        """The words in quotation marks, and the marks."""
        return self.flags(lambda view: view.quoted)

    @cached_property
    def solid_before(self) -> Indices:
        """The number of words before each index that are not punctuation, in all sentences."""
        return np.concatenate([[0], self.solid.cumsum()])

    @cached_property
    def bounds(self) -> tuple[Indices, Indices]:
        """The indices of the first word and after the last word of each word's sentence."""
        starts, ends = np.zeros(self.size, np.int64), np.zeros(self.size, np.int64)
        for view in self.views:
            start = self.start(view)
            end = start + len(view.words)
            starts[start:end], ends[start:end] = start, end
        return starts, ends

    @cached_property
    def mark_before(self) -> Indices:
        """The last index at or before each index that is punctuation or outside a sentence."""
        result: Indices = np.maximum.accumulate(np.where(self.punctuation | (self.pos == 0), np.arange(self.size), 0))
        return result

    @cached_property
    def mark_after(self) -> Indices:
        """The next index at or after each index that is punctuation or outside a sentence."""
        indices = np.where(self.punctuation | (self.pos == 0), np.arange(self.size), self.size)
        result: Indices = np.minimum.accumulate(indices[::-1])[::-1]
        return result

    def of_sentences(self, of: Callable[[SentenceView], str | None]) -> StringIds:
        """Return for each word a text about its sentence."""
        return self.texts(lambda view: [of(view)] * len(view.words))

    def in_sentence(self, flags: Flags) -> Indices:
        """Return for each word how many other words of its sentence are in a set."""
        before = np.concatenate([[0], flags.cumsum()])
        starts, ends = self.bounds
        result: Indices = before[ends] - before[starts] - flags
        return result

    def paths(self, start: Indices, end: Indices, max_length: int) -> StringIds:
        """Return `SentenceView.path` between two words; None where one is 0."""
        numbers, offsets, known = self._sentences[start], self.bounds[0][start], (start > 0) & (end > 0)
        rows = zip(*(part.tolist() for part in (numbers, start - offsets, end - offsets, known)), strict=True)
        views = self.views
        paths = [views[index].path(one, other, max_length) if both else None for index, one, other, both in rows]
        return self.strings.ids(paths, len(paths))

    @cached_property
    def _sentences(self) -> Indices:
        """The index in `views` of each word's sentence."""
        result = np.zeros(self.size, np.int64)
        for index, view in enumerate(self.views):
            result[self.start(view) : self.start(view) + len(view.words)] = index
        return result

    def counts(self, counted: Indices) -> StringIds:
        """Return `bucket` of each number."""
        return self._buckets[np.minimum(counted, _MAX_COUNT)]

    @cached_property
    def _buckets(self) -> StringIds:
        return self.strings.ids(map(bucket, range(_MAX_COUNT + 1)), _MAX_COUNT + 1)

    def numerals(self, ids: Indices) -> StringIds:
        """Return each number as the id of its decimal text."""
        return self.one_of(list(map(str, range(int(ids.max(initial=0)) + 1))), ids)

    def one_of(self, texts: Sequence[str | None], which: Indices | Flags) -> StringIds:
        """Return the id of the text that each number selects."""
        return self.strings.ids(texts, len(texts))[which.astype(np.int64)]

    def are(self, ids: StringIds, texts: Iterable[str]) -> Flags:
        """Return whether each id is that of one of `texts`."""
        distinct = list(texts)
        known = self.strings.ids(distinct, len(distinct))
        among = np.zeros(len(self.strings), np.bool_)
        among[known] = True
        return among[ids]

    @cached_property
    def _marks(self) -> tuple[Indices, StringIds]:
        """The number of marks before each index; and the texts of none to three marks from each mark on."""
        texts = [view.words[at].text for view in self.views for at in view.breaks]
        joined = [
            self.strings.ids(("".join(texts[at : at + size]) for at in range(len(texts) + 1)), len(texts) + 1)
            for size in range(4)
        ]
        return np.concatenate([[0], self.punctuation.cumsum()]), np.stack(joined)

    def between(self, one: Indices, other: Indices) -> tuple[StringIds, Indices]:
        """Return the first three punctuation marks between two words, and the number of other words between them."""
        first, last = np.minimum(one, other) + 1, np.maximum(one, other)
        before, texts = self._marks
        marks = np.clip(before[last] - before[first], 0, 3)
        return texts[marks, before[first]], np.maximum(self.solid_before[last] - self.solid_before[first], 0)


def only(ids: StringIds | int, where: Flags) -> StringIds:
    """Return `ids` where `where` is true, elsewhere None."""
    result: StringIds = np.where(where, ids, 0)
    return result
