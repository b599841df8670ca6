"""The words of several sentences as arrays, from which the features of all their candidates are gathered at once.

The words of all sentences follow each other, with `PADS` places around each sentence. A column of texts has the number
of an atom for each place; `#` stands for a word outside the sentence.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain
from typing import Final

import numpy as np
from numpy.typing import NDArray

from service.extraction.attribution.linear import Atoms, Numbers
from service.extraction.attribution.sentence_view import SentenceView, bucket
from service.extraction.attribution.word_sets import WordSet, between, masks_of
from service.parsing.tree import ROOT

Places = NDArray[np.int64]
Flags = NDArray[np.bool_]

PADS: Final = 2
_OUTSIDE: Final = "#"
_FUNCTION: Final = ("PUNCT", "ADP", "SCONJ", "PART", "CCONJ")
_MOST_COUNTED: Final = 40  # counts from here on are in one bucket


class SentenceBatch:
    """The words of `views` as arrays. Properties are computed on first use and cached."""

    def __init__(self, views: Sequence[SentenceView]) -> None:
        self.views = views
        self.atoms = Atoms()
        self._starts: dict[int, int] = {}
        self.size = PADS
        for view in views:
            self._starts[view.index] = self.size
            self.size += len(view.words) + PADS

    def start(self, view: SentenceView) -> int:
        """Return the place of the first word of a sentence."""
        return self._starts[view.index]

    def positions(self, places: Places) -> Iterator[tuple[int, int]]:
        """Yield the number of the sentence in `views`, and the position in the sentence, of each place."""
        yield from zip(self._sentences[places].tolist(), (places - self.bounds[0][places]).tolist(), strict=True)

    def texts(self, of: Callable[[SentenceView], Iterable[str | None]], outside: str | None = None) -> Numbers:
        """Return a text for each place, given those of each sentence."""
        pads = (outside,) * PADS
        return self.atoms.numbers(chain(pads, *((*of(view), *pads) for view in self.views)), self.size)

    def flags(self, of: Callable[[SentenceView], WordSet]) -> Flags:
        """Return for each place whether it is in a set of words of its sentence."""
        words = 0
        for view in self.views:
            words |= of(view) << self.start(view)
        found: Flags = masks_of([words], self.size)[0]
        return found

    def places(self, of: Callable[[SentenceView], Iterable[int | None]]) -> Places:
        """Return another place of the sentence for each place, 0 (outside) for None and `ROOT`."""
        found = [0] * PADS
        for view in self.views:
            start = self.start(view)
            found += [0 if at is None or at == ROOT else start + at for at in of(view)]
            found += [0] * PADS
        return np.array(found, np.int64)

    @cached_property
    def lexemes(self) -> Numbers:
        """`SentenceView.lexemes`."""
        return self.texts(lambda view: view.lexemes)

    @cached_property
    def classes(self) -> Numbers:
        """`SentenceView.classes`."""
        return self.texts(lambda view: view.classes)

    @cached_property
    def lemmas(self) -> Numbers:
        """`SentenceView.lemmas`."""
        return self.texts(lambda view: view.lemmas)

    @cached_property
    def masked(self) -> Numbers:
        """`SentenceView.masked`."""
        return self.texts(lambda view: view.masked)

    @cached_property
    def neighbours(self) -> Numbers:
        """`SentenceView.masked_at`."""
        return self.texts(lambda view: view.masked_texts, _OUTSIDE)

    @cached_property
    def namings(self) -> Numbers:
        """`SentenceView.naming`."""
        return self.texts(lambda view: map(view.naming, range(len(view.words))))

    @cached_property
    def pos(self) -> Numbers:
        """The part of speech of each word."""
        return self.texts(lambda view: [word.upos for word in view.words])

    @cached_property
    def tags(self) -> Numbers:
        """The tag of each word."""
        return self.texts(lambda view: [word.xpos for word in view.words], _OUTSIDE)

    @cached_property
    def deprels(self) -> Numbers:
        """The relation of each word to its governor."""
        return self.texts(lambda view: [word.deprel for word in view.words])

    @cached_property
    def relations(self) -> Numbers:
        """The relation of each word without its subtype."""
        return self.texts(lambda view: [word.relation for word in view.words])

    @cached_property
    def spellings(self) -> Numbers:
        """Each word as it is written."""
        return self.texts(lambda view: [word.text for word in view.words])

    @cached_property
    def lettered(self) -> Flags:
        """The words with a letter."""
        texts = self.atoms.texts()
        letters = np.array([text is not None and any(map(str.isalpha, text)) for text in texts])
        found: Flags = letters[self.spellings]
        return found

    @cached_property
    def heads(self) -> Places:
        """The place of each word's governor."""
        return self.places(lambda view: view.heads)

    @cached_property
    def introducers(self) -> Places:
        """`SentenceView.introducers`."""
        return self.places(lambda view: view.introducers)

    @cached_property
    def cases(self) -> Places:
        """The preposition of each word."""
        return self.places(lambda view: view.first_dependents("case"))

    @cached_property
    def opening(self) -> Flags:
        """The words before which a sentence has only words that open a noun phrase, up to the first other word."""
        return self.flags(lambda view: (view.past_opening ^ (view.past_opening - 1)) & between(0, len(view.words)))

    @cached_property
    def solid(self) -> Flags:
        """The words that are not punctuation."""
        return self.flags(lambda view: view.solid)

    @cached_property
    def next_solid(self) -> Places:
        """The next place at or after each place that has a word other than punctuation."""
        places = np.where(self.solid, np.arange(self.size), self.size)
        found: Places = np.minimum.accumulate(places[::-1])[::-1]
        return found

    @cached_property
    def named(self) -> Flags:
        """The words that are names or pronouns, or in a named entity."""
        return self.tagged("PROPN", "PRON") | self.flags(lambda view: sum(1 << at for at in view.entities))

    @cached_property
    def function_words(self) -> Numbers:
        """The function words and punctuation; of other words, the part of speech."""
        outside = self.pos == 0
        found: Numbers = np.where(outside | self.tagged(*_FUNCTION), self.neighbours, self.pos)
        return found

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
    def solid_before(self) -> Places:
        """The number of words that are not punctuation before each place, in all sentences."""
        return np.concatenate([[0], self.solid.cumsum()])

    @cached_property
    def bounds(self) -> tuple[Places, Places]:
        """The places of the first word and after the last word of each place's sentence."""
        starts, ends = np.zeros(self.size, np.int64), np.zeros(self.size, np.int64)
        for view in self.views:
            start = self.start(view)
            end = start + len(view.words)
            starts[start:end], ends[start:end] = start, end
        return starts, ends

    @cached_property
    def mark_before(self) -> Places:
        """The last place at or before each place that is punctuation or outside a sentence."""
        found: Places = np.maximum.accumulate(np.where(self.punctuation | (self.pos == 0), np.arange(self.size), 0))
        return found

    @cached_property
    def mark_after(self) -> Places:
        """The next place at or after each place that is punctuation or outside a sentence."""
        places = np.where(self.punctuation | (self.pos == 0), np.arange(self.size), self.size)
        found: Places = np.minimum.accumulate(places[::-1])[::-1]
        return found

    def of_sentences(self, of: Callable[[SentenceView], str | None]) -> Numbers:
        """Return for each place a text about its sentence."""
        return self.texts(lambda view: [of(view)] * len(view.words))

    def in_sentence(self, flags: Flags) -> Places:
        """Return for each place how many other words of its sentence are in a set."""
        before = np.concatenate([[0], flags.cumsum()])
        starts, ends = self.bounds
        found: Places = before[ends] - before[starts] - flags
        return found

    def paths(self, start: Places, end: Places, longest: int) -> Numbers:
        """Return `SentenceView.path` between two words; None where one is 0."""
        numbers, offsets, known = self._sentences[start], self.bounds[0][start], (start > 0) & (end > 0)
        rows = zip(*(part.tolist() for part in (numbers, start - offsets, end - offsets, known)), strict=True)
        views = self.views
        paths = [views[number].path(one, other, longest) if both else None for number, one, other, both in rows]
        return self.atoms.numbers(paths, len(paths))

    @cached_property
    def _sentences(self) -> Places:
        """The index in `views` of each place's sentence."""
        found = np.zeros(self.size, np.int64)
        for number, view in enumerate(self.views):
            found[self.start(view) : self.start(view) + len(view.words)] = number
        return found

    def counts(self, counted: Places) -> Numbers:
        """Return `bucket` of each number."""
        return self._buckets[np.minimum(counted, _MOST_COUNTED)]

    @cached_property
    def _buckets(self) -> Numbers:
        return self.atoms.numbers(map(bucket, range(_MOST_COUNTED + 1)), _MOST_COUNTED + 1)

    def numerals(self, numbers: Places) -> Numbers:
        """Return each number as a text."""
        return self.one_of(list(map(str, range(int(numbers.max(initial=0)) + 1))), numbers)

    def one_of(self, texts: Sequence[str | None], which: Places | Flags) -> Numbers:
        """Return the text with each number."""
        return self.atoms.numbers(texts, len(texts))[which.astype(np.int64)]

    def are(self, numbers: Numbers, texts: Iterable[str]) -> Flags:
        """Return whether each atom is one of `texts`."""
        distinct = list(texts)
        known = self.atoms.numbers(distinct, len(distinct))
        among = np.zeros(len(self.atoms), np.bool_)
        among[known] = True
        return among[numbers]

    @cached_property
    def _marks(self) -> tuple[Places, Numbers]:
        """The number of marks before each place; and the texts of one, two and three marks from each mark on."""
        texts = [view.words[at].text for view in self.views for at in view.breaks]
        joined = [
            self.atoms.numbers(("".join(texts[at : at + size]) for at in range(len(texts) + 1)), len(texts) + 1)
            for size in range(4)
        ]
        return np.concatenate([[0], self.punctuation.cumsum()]), np.stack(joined)

    def between(self, one: Places, other: Places) -> tuple[Numbers, Places]:
        """Return the first three punctuation marks between two words, and the number of other words between them."""
        first, last = np.minimum(one, other) + 1, np.maximum(one, other)
        before, texts = self._marks
        marks = np.clip(before[last] - before[first], 0, 3)
        return texts[marks, before[first]], np.maximum(self.solid_before[last] - self.solid_before[first], 0)


def only(numbers: Numbers | int, where: Flags) -> Numbers:
    """Return `numbers` where `where` is true, elsewhere None."""
    found: Numbers = np.where(where, numbers, 0)
    return found
