"""Training examples for each choice: the features of every candidate, and whether it is the gold one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from service.extraction.attribution.content_candidates import content_candidates
from service.extraction.attribution.content_features import content_features
from service.extraction.attribution.cue_features import cue_candidates, cue_features
from service.extraction.attribution.proposals import Proposal
from service.extraction.attribution.sentence_batch import SentenceBatch
from service.extraction.attribution.sentence_view import SentenceView
from service.extraction.attribution.source_features import source_candidates, source_features
from service.extraction.attribution.word_sets import WordSet, positions
from service.extraction.quotations.span_cues import in_sentences, near_by
from service.extraction.quotations.span_features import AssignedSpan, no_cue_features, quotations_of, span_cue_features
from service.parsing.tree import WordKey
from training.attribution.gold import Gold, golds_of, quoted_span_cues, sizes
from training.attribution.parses import CorpusDocument
from training.recipe import recipe

_RECIPE: Final = recipe("attribution.examples")
EVERYDAY_WEIGHT: Final[float] = _RECIPE[
    "everyday_weight"
]  # weight of an everyday article relative to PolNeAR's, of which there are nine times as many
MIN_DOCUMENTS: Final[int] = _RECIPE["min_documents"]  # a lexeme other than a verb must be a cue in this many documents


@dataclass
class Vocabulary:
    """Maps features to ids."""

    index: dict[str, int] = field(default_factory=dict)

    def ids(self, features: Iterable[str]) -> NDArray[np.int32]:
        """Return the distinct ids of `features`; new features get the next id."""
        return np.unique(
            np.fromiter((self.index.setdefault(feature, len(self.index)) for feature in features), np.int32)
        )


@dataclass
class Examples:
    """Rows of feature ids with their labels. Each row has the weight `weight`."""

    weight: float = 1.0
    rows: list[NDArray[np.int32]] = field(default_factory=list)
    right: list[bool] = field(default_factory=list)

    def add(self, row: NDArray[np.int32], right: bool) -> None:
        """Add a candidate."""
        self.rows.append(row)
        self.right.append(right)


@dataclass(frozen=True)
class DocumentExamples:
    """A document's examples of the three choices made for a sentence."""

    cues: Examples
    contents: Examples
    sources: Examples


def cue_words(documents: Sequence[CorpusDocument]) -> frozenset[str]:
    """Return the lexemes, verbs excluded, that are cues in at least two documents."""
    documents_by_lexeme: dict[str, set[str]] = {}
    for document in documents:
        for gold in golds_of(document):
            if gold is None:
                continue
            view = SentenceView(document.parsed, gold.cue[0])
            word = view.words[gold.cue[1]]
            if word.upos not in {"VERB", "PROPN"} and any(map(str.isalpha, word.text)):
                documents_by_lexeme.setdefault(view.lexemes[gold.cue[1]], set()).add(document.id)
    return frozenset(lexeme for lexeme, ids in documents_by_lexeme.items() if len(ids) >= MIN_DOCUMENTS)


def weight_of(document: CorpusDocument) -> float:
    """Return the weight of the document's examples."""
    return EVERYDAY_WEIGHT if document.everyday else 1.0


def sentence_examples(
    document: CorpusDocument, words: frozenset[str], vocabularies: tuple[Vocabulary, Vocabulary, Vocabulary]
) -> DocumentExamples:
    """Return the examples of the document's cues, contents and sources; `words` come from `cue_words`."""
    by_cue: dict[WordKey, Gold] = {}
    for gold in golds_of(document):
        if gold is not None:  # of two attributions with one cue, keep the one with more content
            by_cue[gold.cue] = max(
                by_cue.get(gold.cue, gold), gold, key=lambda candidate: candidate.content.bit_count()
            )
    result = DocumentExamples(*(Examples(weight_of(document)) for _ in range(3)))
    for index, _ in document.parsed.parse.numbered():
        view = SentenceView(document.parsed, index)
        batch = SentenceBatch([view])
        places = cue_candidates(batch, words)
        for (_, position), features in zip(batch.positions(places), cue_features(batch, places), strict=True):
            result.cues.add(vocabularies[0].ids(features), (index, position) in by_cue)
        for position in range(len(view.words)):
            marked = by_cue.get((index, position))
            if marked is not None:
                _add_contents(result.contents, view, marked, vocabularies[1])
                _add_sources(result.sources, view, marked, vocabularies[2])
    return result


def _add_contents(examples: Examples, view: SentenceView, gold: Gold, vocabulary: Vocabulary) -> None:
    """Add the candidates for the content; those with the best overlap with gold, at least half, are positive."""
    if not gold.content and not gold.elsewhere:
        return
    letters = sizes(view.document, view.index)
    candidates = content_candidates(view, gold.cue[1])
    overlaps = {words: dice(words, gold.content, letters) for words in candidates}
    best = max(overlaps.values())
    if best < 0.5:
        return
    for words, features in zip(candidates, content_features(view, gold.cue[1], candidates), strict=True):
        examples.add(vocabulary.ids(features), overlaps[words] > best - 1e-9)


def dice(first: WordSet, second: WordSet, letters: Sequence[int]) -> float:
    """Return the Dice coefficient of two word sets, weighted by letters; 1 for two empty sets."""
    if not first or not second:
        return float(first == second)
    shared = sum(letters[place] for place in positions(first & second))
    total = sum(letters[place] for place in positions(first)) + sum(letters[place] for place in positions(second))
    return 2 * shared / total if total else 0.0


def _add_sources(examples: Examples, view: SentenceView, gold: Gold, vocabulary: Vocabulary) -> None:
    """Add the candidates for the source; positive is the head of the gold source, or no source if gold has none."""
    if gold.sourced and not gold.source:
        return  # the source is in another sentence
    cue = gold.cue[1]
    candidates = source_candidates(view, cue)
    marked = [position for position in candidates if position is not None and gold.source >> position & 1]
    if gold.source and not marked:
        return
    heads = [
        position
        for position in marked
        if view.words[position].head < 0 or not gold.source >> view.words[position].head & 1
    ]
    right = next(iter(heads or marked), None)
    for candidate, features in zip(candidates, source_features(view, cue, candidates, gold.content), strict=True):
        examples.add(vocabulary.ids(features), candidate == right)


def quoted_span_examples(document: CorpusDocument, proposals: Sequence[Proposal], vocabulary: Vocabulary) -> Examples:
    """Return the examples of the owner of each quoted span, among `proposals`."""
    examples = Examples(weight_of(document))
    by_sentence = in_sentences(proposals)
    cues = quoted_span_cues(document, golds_of(document))
    earlier: AssignedSpan | None = None
    for quotation in quotations_of(document.parsed):
        cue = cues[quotation.number]
        nearby = near_by(document.parsed, quotation, by_sentence, earlier)
        if cue is None or cue in {proposal.key for proposal in nearby}:
            examples.add(vocabulary.ids(no_cue_features(quotation, earlier)), cue is None)
            for proposal in nearby:
                row = vocabulary.ids(span_cue_features(quotation, proposal, earlier, nearby))
                examples.add(row, proposal.key == cue)
        if isinstance(cue, tuple):
            earlier = AssignedSpan(quotation, cue)
    return examples
