"""Features of a sentence for the models: its tree as word sets, its quoted spans, names and reporting words.

Names, nationalities and parties are masked by their kind (`masks`).
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, get_args

from service.extraction.attribution.asides import Aside, authority_aside, reporting_aside
from service.extraction.attribution.cues import CuePhrase, cue_at
from service.extraction.attribution.lexicons import cue_lexicon, masks
from service.extraction.attribution.sources import phrase
from service.extraction.attribution.word_sets import WordSet, between, grouped, positions, subtrees, united
from service.extraction.document import Document
from service.extraction.quotations.marks import QuotedSpanIndex
from service.extraction.report import CueClass
from service.input.article import Span
from service.parsing.tree import ROOT, EntityKind, Sentence, SentenceIndex, Word

if TYPE_CHECKING:
    from service.extraction.attribution.reader_scores import ReaderScores

NO_CLASS = frozenset({"-", "n-"})
FRAME = frozenset({"obj", "xcomp", "ccomp", "iobj", "obl", "advcl", "parataxis"})
_OF_VERBS = frozenset(get_args(CueClass))
_EDGES = (0, 1, 2, 3, 4, 6, 10, 20, 40)
_BUCKETS = tuple(str(_EDGES[bisect_right(_EDGES, count) - 1]) for count in range(_EDGES[-1] + 1))


@dataclass(frozen=True)
class SentenceView:
    """Sentence number `index` of a document. Properties are computed on first use and cached."""

    document: Document
    index: SentenceIndex

    @cached_property
    def sentence(self) -> Sentence:
        """The parsed sentence."""
        return self.document.parse.sentences[self.index]

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """The words of the sentence."""
        return self.sentence.words

    @cached_property
    def lemmas(self) -> tuple[str, ...]:
        """The lemma of each word, in lower case."""
        return tuple(word.lemma.lower() for word in self.words)

    @cached_property
    def masked(self) -> tuple[str, ...]:
        """The lemma of each word in lower case, or its mask."""
        return tuple(mask or lemma for lemma, mask in zip(self.lemmas, self._masks, strict=True))

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """Each word in lower case."""
        return tuple(word.text.lower() for word in self.words)

    @cached_property
    def _masks(self) -> tuple[str | None, ...]:
        return masks(self.words, self.entities)

    @cached_property
    def lexemes(self) -> tuple[str, ...]:
        """The lemma (or mask) and the first letter of the part of speech of each word: `say/V`."""
        return tuple(f"{lemma}/{word.upos[:1]}" for lemma, word in zip(self.masked, self.words, strict=True))

    @cached_property
    def classes(self) -> tuple[str, ...]:
        """The cue class of each word in the lexicon, with the prefix `n` for nouns; `-` and `n-` if it has none.

        Words that are neither verb nor noun have their part of speech instead.
        """
        return tuple(_class(word.lemma.lower(), word) for word in self.words)

    @cached_property
    def speech(self) -> WordSet:
        """The verbs of the classes `say`, `tell` and `announce`."""
        return sum(1 << position for position, kind in enumerate(self.classes) if kind in {"say", "tell", "announce"})

    @cached_property
    def subtrees(self) -> tuple[WordSet, ...]:
        """The subtree of each word, including the word."""
        return subtrees(self.sentence)

    @cached_property
    def children(self) -> tuple[WordSet, ...]:
        """The direct dependents of each word."""
        children = [0] * len(self.words)
        for position, head in enumerate(self.heads):
            if head != ROOT:
                children[head] |= 1 << position
        return tuple(children)

    @cached_property
    def governors(self) -> WordSet:
        """The words that have dependents."""
        return sum(1 << position for position, children in enumerate(self.children) if children)

    @cached_property
    def roots(self) -> WordSet:
        """The words without a governor."""
        return sum(1 << position for position, head in enumerate(self.heads) if head == ROOT)

    @cached_property
    def _by_tag(self) -> Mapping[str, WordSet]:
        return grouped([word.upos for word in self.words])

    @cached_property
    def _by_relation(self) -> Mapping[str, WordSet]:
        return grouped([word.relation for word in self.words])

    def _tagged(self, *tags: str) -> WordSet:
        return united(self._by_tag, tags)

    def _related(self, *relations: str) -> WordSet:
        return united(self._by_relation, relations)

    @cached_property
    def solid(self) -> WordSet:
        """The words that are not punctuation."""
        return between(0, len(self.words)) & ~self._tagged("PUNCT")

    @cached_property
    def verbs(self) -> WordSet:
        """The verbs and auxiliaries."""
        return self._tagged("VERB", "AUX")

    @cached_property
    def finite(self) -> WordSet:
        """The subjects and expletives, which make their governor a clause."""
        return self._related("nsubj", "csubj", "expl")

    @cached_property
    def subject_words(self) -> WordSet:
        """The nominal subjects."""
        return self._related("nsubj")

    @cached_property
    def nominals(self) -> WordSet:
        """The nouns, names and pronouns that head a phrase."""
        return self._tagged("PROPN", "NOUN", "PRON") & ~self._related("compound", "flat")

    @cached_property
    def past_opening(self) -> WordSet:
        """The words that cannot come before the head of a noun phrase at the start of the sentence."""
        return between(0, len(self.words)) & ~self._related("det", "amod", "compound")

    @cached_property
    def according(self) -> WordSet:
        """The words "according"."""
        return sum(1 << position for position, text in enumerate(self.texts) if text == "according")

    @cached_property
    def reporting(self) -> WordSet:
        """The verbs with a cue class that head a clause of their own, without "according"."""
        return ~self.according & sum(
            1 << position
            for position, kind in enumerate(self.classes)
            if kind in _OF_VERBS and self.words[position].relation in {"root", "parataxis", "conj"}
        )

    @cached_property
    def heads(self) -> tuple[int, ...]:
        """The position of the governor of each word, or `ROOT`."""
        return tuple(word.head for word in self.words)

    @cached_property
    def breaks(self) -> tuple[int, ...]:
        """The positions of punctuation."""
        return self.sentence.punctuation

    @cached_property
    def quoted_spans(self) -> dict[QuotedSpanIndex, WordSet]:
        """The words of each quoted span in the sentence, marks included, by index in the document."""
        result = {}
        for number in self.document.quoted_spans_in(self.sentence.span):
            words = self.words_in(self.document.quoted_spans[number].span)
            if words:
                result[number] = words
        return result

    @cached_property
    def quoted(self) -> WordSet:
        """The words inside quotation marks, including the marks."""
        quoted = 0
        for words in self.quoted_spans.values():
            quoted |= words
        return quoted

    @cached_property
    def section(self) -> str:
        """The section of the sentence's paragraph."""
        return self.document.paragraph_of(self.sentence).section

    @cached_property
    def follows_quote(self) -> bool:
        """Whether the text before the sentence ends with a quotation mark."""
        return self.document.before(self.sentence.span.start)[-1:] in {'"', "”", "'", "’"}

    @cached_property
    def precedes_quote(self) -> bool:
        """Whether the text after the sentence begins with a quotation mark."""
        end = self.sentence.span.end
        return self.document.article.text[end : end + 3].strip()[:1] in {'"', "“", "'", "‘"}

    @cached_property
    def entities(self) -> dict[int, EntityKind]:
        """The kind of entity of each word in a named entity, by position."""
        result: dict[int, EntityKind] = {}
        for entity in self.document.entities_in(self.sentence.span):
            for position in range(len(self.words)):
                if self.words[position].span.overlaps(entity.span):
                    result[position] = entity.kind
        return result

    @cached_property
    def _asides(self) -> dict[int, Aside | None]:
        return {}

    def aside(self, cue: int) -> Aside | None:
        """Return the aside of the word at `cue`, as in ", officials said," or "according to X", or None."""
        if cue not in self._asides:
            self._asides[cue] = reporting_aside(self.sentence, cue) or authority_aside(self.sentence, cue)
        return self._asides[cue]

    @cached_property
    def _cues(self) -> dict[int, CuePhrase]:
        return {}

    def cue(self, position: int) -> CuePhrase:
        """Return the cue whose head is the word at `position`."""
        if position not in self._cues:
            self._cues[position] = cue_at(self.sentence, position, cue_lexicon())
        return self._cues[position]

    @cached_property
    def _phrases(self) -> dict[int, list[int]]:
        return {}

    def phrase(self, head: int) -> list[int]:
        """Return the positions of the noun phrase of `head` (`sources.phrase`)."""
        if head not in self._phrases:
            self._phrases[head] = phrase(self.sentence, head)
        return self._phrases[head]

    @cached_property
    def reader_scores(self) -> "dict[int, ReaderScores | None]":
        """The reader's scores for each cue requested so far (`reader_scores.scores_for_cue`)."""
        return {}

    def words_in(self, span: Span) -> WordSet:
        """Return the words inside `span`."""
        return sum(1 << position for position, word in enumerate(self.words) if span.contains(word.span))

    def naming(self, position: int) -> str:
        """Return the pronoun itself, the kind of entity, or else the part of speech of a word."""
        word = self.words[position]
        if word.upos == "PRON":
            return word.text.lower()
        return self.entities.get(position) or word.upos

    def role(self, position: int, *deprels: str) -> str:
        """Return the lemma of the first dependent with one of the relations `deprels`, or an empty string."""
        child = self.sentence.child(position, *deprels)
        return "" if child is None else self.lemmas[child]

    @cached_property
    def introducers(self) -> tuple[int | None, ...]:
        """The first dependent of each word that introduces it, as a preposition or conjunction, or None."""
        return self.first_dependents("mark", "case")

    def first_dependents(self, *relations: str) -> tuple[int | None, ...]:
        """Return for each word its first dependent with one of the relations, or None."""
        result: list[int | None] = [None] * len(self.words)
        for position in positions(self._related(*relations)):
            head = self.heads[position]
            if head != ROOT and result[head] is None:
                result[head] = position
        return tuple(result)

    def text_at(self, position: int) -> str:
        """Return the word at `position` in lower case, or `#` outside the sentence."""
        return self.texts[position] if 0 <= position < len(self.texts) else "#"

    def masked_at(self, position: int) -> str:
        """Return the mask of the word at `position`, else the same as `text_at`."""
        return self.masked_texts[position] if 0 <= position < len(self.masked_texts) else "#"

    @cached_property
    def masked_texts(self) -> tuple[str, ...]:
        """The mask of each word, else the word in lower case."""
        return tuple(mask or text for text, mask in zip(self.texts, self._masks, strict=True))

    def subjects(self, position: int) -> WordSet:
        """Return the nominal subjects of the word at `position`."""
        return self.subject_words & self.children[position]

    @cached_property
    def _frames(self) -> dict[int, str]:
        return {}

    def frame(self, position: int) -> str:
        """Return the relations in `FRAME` of the dependents after the word at `position`, joined by `+`."""
        if position not in self._frames:
            after = {self.words[child].relation for child in self.sentence.children(position) if child > position}
            self._frames[position] = "+".join(sorted(after & FRAME))
        return self._frames[position]

    def tops(self, words: WordSet) -> WordSet:
        """Return the words whose governor is not in `words`."""
        governed, children = self.roots, self.children
        others = self.governors & ~words  # usually fewer than `words`
        while others:
            lowest = others & -others
            governed |= children[lowest.bit_length() - 1]
            others ^= lowest
        return words & governed

    @cached_property
    def _passive(self) -> dict[int, bool]:
        return {}

    def passive(self, position: int) -> bool:
        """Return whether the word at `position` has a passive auxiliary or subject."""
        if position not in self._passive:
            self._passive[position] = self.sentence.child(position, "aux:pass", "nsubj:pass") is not None
        return self._passive[position]

    @cached_property
    def _paths(self) -> dict[tuple[int, int], tuple[str, int]]:
        return {}

    def path(self, start: int, end: int, max_length: int) -> str:
        """Return the dependency path from `start` to `end`, through their lowest common ancestor: `obj^nsubj`.

        It is `far` if it has more than `max_length` relations, and `none` if there is no common ancestor.
        """
        result = self._paths.get((start, end))
        if result is None:
            result = self._paths[start, end] = self._path(start, end)
        path, length = result
        return path if length <= max_length else "far"

    def _path(self, start: int, end: int) -> tuple[str, int]:
        """Return the path, and the number of its relations."""
        words, heads, subtrees = self.words, self.heads, self.subtrees
        up, down, shared = [], [], start
        while not subtrees[shared] >> end & 1:
            up.append(words[shared].deprel)
            shared = heads[shared]
            if shared == ROOT:
                return "none", 0
        while end != shared:
            down.append(words[end].deprel)
            end = heads[end]
        down.reverse()
        return f"{'<'.join(up)}^{'>'.join(down)}", len(up) + len(down)


def _class(lemma: str, word: Word) -> str:
    lexicon = cue_lexicon()
    if word.upos == "VERB":
        return lexicon.verbs.get(lemma, "-")
    if word.upos == "NOUN":
        return "n" + lexicon.nouns.get(lemma, "-")
    return word.upos


def bucket(count: int) -> str:
    """Format a count as a feature: exact below 4, then in increasingly wide ranges."""
    return _BUCKETS[min(count, _EDGES[-1])]
