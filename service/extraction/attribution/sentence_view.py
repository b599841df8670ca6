"""A sentence as the learned choices see it: its tree as word sets, its quotation marks, names and reporting words.

Names, nationalities and parties are masked by their kind, so that no learned choice depends on who is named.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Final, get_args

from service.extraction.attribution.asides import Aside, authority_aside, reporting_aside
from service.extraction.attribution.cues import FoundCue, cue_at
from service.extraction.attribution.lexicons import cue_lexicon
from service.extraction.attribution.word_sets import WordSet, between, positions, subtrees
from service.extraction.document import Document
from service.extraction.report import CueClass
from service.extraction.wordlists import nations
from service.input.article import Span
from service.parsing.tree import ROOT, EntityKind, Sentence, Word

_CAPITALIZED: Final = frozenset({"NOUN", "ADJ", "X"})
_PARTIES: Final = frozenset(
    """
republican democrat democratic gop libertarian conservative labour tory socialist communist marxist maoist liberal
islamist christian muslim jewish catholic protestant hindu sikh buddhist evangelical mormon
""".split()
)


def masks(words: Sequence[Word], entities: Mapping[int, EntityKind]) -> tuple[str | None, ...]:
    """For each word the mask that features see in its place, None for a word that names nobody.

    `entities` are the kinds of the words that stand in named entities, by position.
    """
    return tuple(_mask(word, position, entities.get(position)) for position, word in enumerate(words))


def _mask(word: Word, position: int, kind: EntityKind | None) -> str | None:
    if word.upos == "PROPN":
        return f"<{kind or 'name'}>"
    if word.upos not in _CAPITALIZED:
        return None
    if kind is not None:
        return f"<{kind}>"
    lemma = word.lemma.lower()
    capital = position > 0 and word.text[:1].isupper()
    return f"<{word.upos.lower()}>" if capital or lemma in _PARTIES or lemma in nations() else None


NO_CLASS = frozenset({"-", "n-"})
FRAME = frozenset({"obj", "xcomp", "ccomp", "iobj", "obl", "advcl", "parataxis"})
_CLAUSAL = frozenset({"nsubj", "csubj", "expl"})
_OPENING = frozenset({"det", "amod", "compound"})
_OF_VERBS = frozenset(get_args(CueClass))
_EDGES = (6, 10, 20, 40)
_COARSE = ("4", *map(str, _EDGES))


@dataclass(frozen=True)
class SentenceView:
    """One sentence of a page, number `index` of its parse. What is dear to compute is computed once, when asked for."""

    document: Document
    index: int

    @cached_property
    def sentence(self) -> Sentence:
        """The sentence."""
        return self.document.parse.sentences[self.index]

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """Its words."""
        return self.sentence.words

    @cached_property
    def lemmas(self) -> tuple[str, ...]:
        """Each word's lemma, in lower case."""
        return tuple(word.lemma.lower() for word in self.words)

    @cached_property
    def masked(self) -> tuple[str, ...]:
        """Each word's lemma, in lower case, as features may see it: of a name only its mask."""
        return tuple(mask or lemma for lemma, mask in zip(self.lemmas, self._masks, strict=True))

    @cached_property
    def _texts(self) -> tuple[str, ...]:
        return tuple(word.text.lower() for word in self.words)

    @cached_property
    def _masks(self) -> tuple[str | None, ...]:
        return masks(self.words, self.entities)

    @cached_property
    def lexemes(self) -> tuple[str, ...]:
        """Each word's lemma and the first letter of its part of speech: `say/V`."""
        return tuple(f"{lemma}/{word.upos[:1]}" for lemma, word in zip(self.masked, self.words, strict=True))

    @cached_property
    def classes(self) -> tuple[str, ...]:
        """Each word's cue class: the lexicon's for a verb, the same with an `n` before it for a noun, `-` and `n-`
        where the lexicon has none; any other word's part of speech."""
        return tuple(_class(word.lemma.lower(), word) for word in self.words)

    @cached_property
    def speech(self) -> WordSet:
        """The verbs of speech."""
        return sum(1 << position for position, kind in enumerate(self.classes) if kind in {"say", "tell", "announce"})

    @cached_property
    def subtrees(self) -> tuple[WordSet, ...]:
        """For each word, the word and all that it governs."""
        return subtrees(self.sentence)

    @cached_property
    def children(self) -> tuple[WordSet, ...]:
        """For each word, the words whose governor it is."""
        children = [0] * len(self.words)
        for position, head in enumerate(self.heads):
            if head != ROOT:
                children[head] |= 1 << position
        return tuple(children)

    @cached_property
    def governors(self) -> WordSet:
        """The words that govern others."""
        return sum(1 << position for position, children in enumerate(self.children) if children)

    @cached_property
    def roots(self) -> WordSet:
        """The words without a governor."""
        return sum(1 << position for position, head in enumerate(self.heads) if head == ROOT)

    @cached_property
    def solid(self) -> WordSet:
        """The words that are not punctuation."""
        return sum(1 << position for position, word in enumerate(self.words) if word.upos != "PUNCT")

    @cached_property
    def verbs(self) -> WordSet:
        """The verbs and auxiliaries."""
        return sum(1 << position for position, word in enumerate(self.words) if word.upos in {"VERB", "AUX"})

    @cached_property
    def finite(self) -> WordSet:
        """The words that make what governs them a clause: subjects and expletives."""
        return sum(1 << position for position, word in enumerate(self.words) if word.relation in _CLAUSAL)

    @cached_property
    def subject_words(self) -> WordSet:
        """The subjects, of whatever."""
        return sum(1 << position for position, word in enumerate(self.words) if word.relation == "nsubj")

    @cached_property
    def nominals(self) -> WordSet:
        """The nouns, names and pronouns that head a phrase of their own."""
        return sum(
            1 << position
            for position, word in enumerate(self.words)
            if word.upos in {"PROPN", "NOUN", "PRON"} and word.relation not in {"compound", "flat"}
        )

    @cached_property
    def past_opening(self) -> WordSet:
        """The words that may not stand before the noun of the phrase that the sentence begins with."""
        return sum(1 << position for position, word in enumerate(self.words) if word.relation not in _OPENING)

    @cached_property
    def according(self) -> WordSet:
        """Each "according"."""
        return sum(1 << position for position, text in enumerate(self._texts) if text == "according")

    @cached_property
    def reporting(self) -> WordSet:
        """The other words that have a verb's cue class, and stand for a clause of their own."""
        return ~self.according & sum(
            1 << position
            for position, kind in enumerate(self.classes)
            if kind in _OF_VERBS and self.words[position].relation in {"root", "parataxis", "conj"}
        )

    @cached_property
    def heads(self) -> tuple[int, ...]:
        """The position of each word's governor."""
        return tuple(word.head for word in self.words)

    @cached_property
    def breaks(self) -> tuple[int, ...]:
        """The positions of the punctuation."""
        return tuple(position for position, word in enumerate(self.words) if word.upos == "PUNCT")

    @cached_property
    def quoted_spans(self) -> dict[int, WordSet]:
        """The quoted stretches that stand in the sentence, by their number on the page, marks included."""
        found = {}
        for number in self.document.quoted_spans_in(self.sentence.span):
            words = self.words_in(self.document.quoted_spans[number].span)
            if words:
                found[number] = words
        return found

    @cached_property
    def quoted(self) -> WordSet:
        """The words inside quotation marks, and the marks."""
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
        """Whether the text behind the sentence begins with a quotation mark."""
        end = self.sentence.span.end
        return self.document.article.text[end : end + 3].strip()[:1] in {'"', "“", "'", "‘"}

    @cached_property
    def entities(self) -> dict[int, EntityKind]:
        """The kind of each word that stands in a named entity."""
        found: dict[int, EntityKind] = {}
        for entity in self.document.entities_in(self.sentence.span):
            for position in range(len(self.words)):
                if self.words[position].span.overlaps(entity.span):
                    found[position] = entity.kind
        return found

    @cached_property
    def _asides(self) -> dict[int, Aside | None]:
        return {}

    def aside(self, cue: int) -> Aside | None:
        """The punctuated aside that the word at `cue` reports in, as in ", officials said," or "according to X"."""
        if cue not in self._asides:
            self._asides[cue] = reporting_aside(self.sentence, cue) or authority_aside(self.sentence, cue)
        return self._asides[cue]

    @cached_property
    def _cues(self) -> dict[int, FoundCue]:
        return {}

    def cue(self, position: int) -> FoundCue:
        """The cue whose head is the word at `position`, and what belongs to it."""
        if position not in self._cues:
            self._cues[position] = cue_at(self.sentence, position, cue_lexicon())
        return self._cues[position]

    def words_in(self, span: Span) -> WordSet:
        """The words that lie inside `span`."""
        return sum(1 << position for position, word in enumerate(self.words) if span.contains(word.span))

    def naming(self, position: int) -> str:
        """How a word names: which pronoun it is, the kind of its entity, else its part of speech."""
        word = self.words[position]
        if word.upos == "PRON":
            return word.text.lower()
        return self.entities.get(position) or word.upos

    def role(self, position: int, *deprels: str) -> str:
        """The lemma of the first child of `position` with one of the relations `deprels`; empty without one."""
        child = self.sentence.child(position, *deprels)
        return "" if child is None else self.lemmas[child]

    def text_at(self, position: int) -> str:
        """The word at `position`, in lower case; `#` beyond the sentence."""
        return self._texts[position] if 0 <= position < len(self._texts) else "#"

    def masked_at(self, position: int) -> str:
        """The word at `position` as features may see it: a name's mask, else what `text_at` says."""
        inside = 0 <= position < len(self._masks)
        return (self._masks[position] if inside else None) or self.text_at(position)

    def subjects(self, position: int) -> WordSet:
        """The subjects of the word at `position`."""
        return self.subject_words & self.children[position]

    @cached_property
    def _frames(self) -> dict[int, str]:
        return {}

    def frame(self, position: int) -> str:
        """The relations, of those that make a frame, of what the word at `position` governs behind itself."""
        if position not in self._frames:
            after = {self.words[child].relation for child in self.sentence.children(position) if child > position}
            self._frames[position] = "+".join(sorted(after & FRAME))
        return self._frames[position]

    def tops(self, words: WordSet) -> WordSet:
        """Those of `words` whose governor is none of them."""
        governed = self.roots
        for position in positions(self.governors & ~words):  # seldom as many as `words`
            governed |= self.children[position]
        return words & governed

    @cached_property
    def _passive(self) -> dict[int, bool]:
        return {}

    def passive(self, position: int) -> bool:
        """Whether the word at `position` is a passive with its auxiliary or subject."""
        if position not in self._passive:
            self._passive[position] = self.sentence.child(position, "aux:pass", "nsubj:pass") is not None
        return self._passive[position]

    @cached_property
    def _paths(self) -> dict[tuple[int, int], tuple[str, int]]:
        return {}

    def path(self, start: int, end: int, longest: int) -> str:
        """The relations from `start` up to the first governor it shares with `end`, and down to `end`: `obj^nsubj`;
        `far` where they are more than `longest`."""
        if (start, end) not in self._paths:
            self._paths[start, end] = self._path(start, end)
        path, length = self._paths[start, end]
        return path if length <= longest else "far"

    def _path(self, start: int, end: int) -> tuple[str, int]:
        """The whole path, and its length."""
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
        return "<".join(up) + "^" + ">".join(reversed(down)), len(up) + len(down)

    def marks_between(self, one: int, other: int) -> tuple[str, int]:
        """The first three punctuation marks between two words, and how many words stand there beside punctuation."""
        start, end = sorted((one, other))
        inside = between(start + 1, end)
        marks, gap = inside & ~self.solid, (inside & self.solid).bit_count()
        if not marks:
            return "", gap
        return "".join(self.words[position].text for position in islice(positions(marks), 3)), gap


def _class(lemma: str, word: Word) -> str:
    lexicon = cue_lexicon()
    if word.upos == "VERB":
        return lexicon.verbs.get(lemma, "-")
    if word.upos == "NOUN":
        return "n" + lexicon.nouns.get(lemma, "-")
    return word.upos


def bucket(count: int) -> str:
    """A count as a feature: exact while small, then ever coarser."""
    return str(count) if count < 4 else _COARSE[bisect_right(_EDGES, count)]
