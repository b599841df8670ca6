"""Proposals: the likely cues of each sentence, each with its best content and source."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final, Generic, TypeVar

import numpy as np

from service.extraction.attribution.content_candidates import content_candidates
from service.extraction.attribution.content_features import CONTENTS, content_columns, outside_features
from service.extraction.attribution.cue_features import (
    DEPENDENTS,
    WORDS,
    cue_candidates,
    dependent_columns,
    evidence,
    word_columns,
)
from service.extraction.attribution.cues import pending, waiting
from service.extraction.attribution.lexicons import SPEECH
from service.extraction.attribution.linear import LinearModel, Models, ReaderModels
from service.extraction.attribution.reader_scores import (
    MIN_NEW_CUE_SCORE,
    READER,
    READER_CONTENT_FEATURES,
    READER_CUE_FEATURES,
    READER_SOURCE_FEATURES,
    Floats,
    ReaderScores,
    cue_scores,
    likely_content,
    reader_content_features,
    reader_cue_features,
    reader_source_features,
    scores_for_cue,
)
from service.extraction.attribution.sentence_batch import SentenceBatch
from service.extraction.attribution.sentence_view import SentenceView
from service.extraction.attribution.source_features import (
    SOURCES,
    no_source_features,
    source_candidates,
    source_columns,
)
from service.extraction.attribution.word_sets import WordSet, positions
from service.extraction.document import Document
from service.extraction.report import DecisionKind, Rule
from service.extraction.rules.content_ends import (
    completed_around_aside,
    with_coordinated_clause,
    with_first_half,
    with_first_words,
    with_resumed_clause,
    with_second_that,
    without_addressee,
    without_circumstance,
)
from service.extraction.wordlists import word_list
from service.input.article import NO_DEADLINE, Deadline
from service.parsing.tree import WordKey

T = TypeVar("T")
MIN_CUE_SCORE: Final = -2.5  # log-odds; below it hardly any word is a cue
MAX_CUES: Final = 20  # per sentence; an average one has two, and only text that is not prose has more than a dozen
CERTAIN: Final = 2.5  # log-odds of a cue or source by construction
_DOUBTFUL: Final = 1.0
_NO_RIVAL: Final = -9.0  # score that stands for a missing second best
_WORDS_AT_ONCE: Final = 1_000  # words whose candidates are scored together
_MAX_TAG_WORDS: Final = 8  # words
_SENTENCE_END: Final = re.compile(r"[.!?…][”\"’']$")  # the end of a quoted sentence
_MAX_LOG_ODDS: Final = 30.0  # log-odds at which scores are clipped


@dataclass(frozen=True)
class Choice(Generic[T]):
    """The best of several options: its score, its margin over the second best, and the log of the sum of all odds."""

    best: T
    score: float
    margin: float
    mass: float


@dataclass(frozen=True)
class Proposal:
    """A word as a cue, with its best content and source. Scores are log-odds.

    `content` is a set of words in the cue's sentence, empty if the content is outside it. `strategy` built the
    content; `rules` are the rules of `rules/` that corrected the proposal.
    """

    view: SentenceView
    cue: int
    cue_score: float
    content: Choice[WordSet]
    strategy: str
    source: Choice[int | None]
    rules: tuple[Rule, ...] = ()
    decided: tuple[tuple[DecisionKind, str], ...] = ()  # which rule changed what, in order

    @property
    def key(self) -> WordKey:
        """The position of the cue: sentence index and word position."""
        return self.view.index, self.cue

    def has_rule(self, name: str) -> bool:
        """Return whether the rule `name` corrected the proposal."""
        return any(rule.name == name for rule in self.rules)


def by_sentence(proposals: Iterable[Proposal]) -> dict[int, list[Proposal]]:
    """Group proposals by the index of their sentence."""
    result: dict[int, list[Proposal]] = {}
    for proposal in proposals:
        result.setdefault(proposal.view.index, []).append(proposal)
    return result


@dataclass(frozen=True)
class Scored(Generic[T]):
    """The candidates of a choice with their scores; if a reader's models scored them, also the features of each
    [candidates, names]."""

    candidates: Sequence[T]
    scores: Sequence[float]
    names: tuple[str, ...] = ()
    values: Floats | None = None

    @property
    def reader_features(self) -> list[dict[str, float]]:
        """The reader's features of each candidate by name; empty without a reader."""
        return [] if self.values is None else [dict(zip(self.names, row, strict=True)) for row in self.values.tolist()]

    def choice(self) -> Choice[T]:
        """Return the best candidate."""
        return chosen(list(zip(self.scores, self.candidates, strict=True)))


def proposals_of(document: Document, models: Models, deadline: Deadline = NO_DEADLINE) -> list[Proposal]:
    """Find the proposals of every sentence, in text order.

    Raises `OutOfTime` if the deadline passes; it is checked before each part of the article.
    """
    result: list[Proposal] = []
    sentences = document.parse.sentences
    views: list[SentenceView] = []
    words = 0
    for index, sentence in document.parse.numbered():
        views.append(SentenceView(document, index))
        words += len(sentence.words)
        if words >= _WORDS_AT_ONCE or index + 1 == len(sentences):
            deadline.check(views[0].index, len(sentences), "sentences searched for quotes")
            result += proposals_in(SentenceBatch(views), models)
            views, words = [], 0
    return result


def proposals_in(batch: SentenceBatch, models: Models) -> list[Proposal]:
    """Return the proposals of some sentences, in text order, for at most `MAX_CUES` of the best cues of each."""
    cues = [
        (view, position, score)
        for view, scored in zip(batch.views, scored_cues(batch, models), strict=True)
        for position, score in _likely(view, dict(zip(scored.candidates, scored.scores, strict=True)))
    ]
    return propose(batch, cues, models)


def _likely(view: SentenceView, scores: dict[int, float]) -> list[tuple[int, float]]:
    """Return the best cues of a sentence, and their scores."""
    tag = _tag_verb(view)
    if tag is not None:
        scores[tag] = max(scores.get(tag, MIN_CUE_SCORE), CERTAIN)
    for position in _pending_verbs(view):
        scores[position] = max(scores.get(position, MIN_CUE_SCORE), CERTAIN)
        if pending(view.sentence, view.heads[position], position):
            scores.pop(view.heads[position], None)
    likely = sorted((position for position in scores if scores[position] >= MIN_CUE_SCORE), key=lambda p: -scores[p])
    return [(position, scores[position]) for position in sorted(likely[:MAX_CUES])]


def reader_models(view: SentenceView, models: Models) -> ReaderModels | None:
    """Return the models that use the reader's features, if the parse of the sentence has a reader's output."""
    return models.reader if view.document.parse.reader_output is not None else None


def scored_cues(batch: SentenceBatch, models: Models) -> list[Scored[int]]:
    """Score the words of each sentence that can be cues.

    With a reader, words that the reader finds likely enough are candidates too.
    """
    with_reader = reader_models(batch.views[0], models) if batch.views else None
    indices = usual = cue_candidates(batch, models.cues.words)
    if with_reader is not None:
        indices = np.union1d(usual, np.flatnonzero((cue_scores(batch) >= MIN_NEW_CUE_SCORE) & ~evidence(batch)))
    dependents, candidates = dependent_columns(batch, indices)
    groups = (WORDS, word_columns(batch, indices), np.arange(len(indices))), (DEPENDENTS, dependents, candidates)
    scores = np.array(models.cues.score_groups(groups, batch.strings, len(indices)))
    values = None
    if with_reader is not None:
        values = reader_cue_features(batch, indices, scores, np.isin(indices, usual))
        scores = with_reader.cues.weighted_sums(READER_CUE_FEATURES, values)
    result = []
    for view in batch.views:
        start = batch.start(view)
        own = slice(*np.searchsorted(indices, (start, start + len(view.words))).tolist())
        features = None if values is None else values[own]
        result.append(Scored((indices[own] - start).tolist(), scores[own].tolist(), READER_CUE_FEATURES, features))
    return result


def _tag_verb(view: SentenceView) -> int | None:
    """Return the verb of a sentence that only names the speaker of the quoted sentence before it: “Why?” *Ann Hale
    queried*."""
    root, start = view.sentence.root(), view.sentence.span.start
    if len(view.words) > _MAX_TAG_WORDS or view.words[root].xpos not in {"VBD", "VBZ"} or view.quoted:
        return None
    speech = view.classes[root] in SPEECH or view.lemmas[root] in word_list("sentences", "wondering")
    subject = view.sentence.child(root, "nsubj")
    if not speech or subject is None or view.document.opens_line(start):
        return None
    if not _SENTENCE_END.search(view.document.before(start)):
        return None
    return root if view.subtrees[subject] | 1 << root | ~view.solid == ~0 else None


def _pending_verbs(view: SentenceView) -> Iterator[int]:
    """Yield the verbs of speech after "has yet to", which are cues although "has" is not."""
    for position in positions(view.verbs):
        if view.classes[position] in SPEECH and (
            pending(view.sentence, view.heads[position], position) or waiting(view.sentence, position) is not None
        ):
            yield position


def contents_of_cue(view: SentenceView, cue: int, models: Models) -> dict[WordSet, str]:
    """Return the candidates for the content of a cue, with the strategy that built each; the reader's own is one."""
    result = content_candidates(view, cue)
    words = _scores_for_cue(view, cue, models)
    likely = 0 if words is None else likely_content(view, cue, words)
    if likely:
        result.setdefault(likely, READER)
    return result


def scored_contents(
    batch: SentenceBatch,
    cues: Sequence[tuple[SentenceView, int]],
    candidates: Sequence[Mapping[WordSet, str]],
    models: Models,
) -> list[Scored[WordSet]]:
    """Score the candidates of `contents_of_cue` for each cue."""
    of_rows = iter(models.contents.score_rows(CONTENTS, batch.strings, content_columns(batch, cues, candidates)))
    empty = [outside_features(*cue) for cue, own in zip(cues, candidates, strict=True) if 0 in own]
    of_empty = iter(models.contents.score_each(empty))
    result = [Scored(list(own), [next(of_rows if words else of_empty) for words in own]) for own in candidates]
    return _with_reader_content_scores(cues, candidates, result, models)


def _with_reader_content_scores(
    cues: Sequence[tuple[SentenceView, int]],
    candidates: Sequence[Mapping[WordSet, str]],
    found: list[Scored[WordSet]],
    models: Models,
) -> list[Scored[WordSet]]:
    """Combine the scores with the reader's features, for the cues that the reader has scored."""
    words = [_scores_for_cue(view, cue, models) for view, cue in cues]
    read = [number for number, one in enumerate(words) if one is not None]
    if models.reader is None or not read:
        return found
    linear = [score for number in read for score in found[number].scores]
    of_cues = [word for word in words if word is not None]
    values = reader_content_features([cues[number] for number in read], of_cues, [candidates[n] for n in read], linear)
    scores, at = _weighted(models.reader.contents, READER_CONTENT_FEATURES, values), 0
    for number in read:
        own = slice(at, at := at + len(candidates[number]))
        found[number] = Scored(found[number].candidates, scores[own], READER_CONTENT_FEATURES, values[own])
    return found


def scored_sources(
    batch: SentenceBatch, cues: Sequence[tuple[SentenceView, int]], contents: Sequence[WordSet], models: Models
) -> list[Scored[int | None]]:
    """Score the candidates for the source of each cue with its content."""
    candidates = [source_candidates(view, cue) for view, cue in cues]
    heads = [[item for item in own if item is not None] for own in candidates]
    of_rows = iter(models.sources.score_rows(SOURCES, batch.strings, source_columns(batch, cues, heads, contents)))
    of_none = iter(
        models.sources.score_each([
            no_source_features(*cue, content) for cue, content, own in zip(cues, contents, candidates, strict=True)
            if None in own
        ])
    )  # fmt: skip
    result = [Scored(own, [next(of_none if item is None else of_rows) for item in own]) for own in candidates]
    return _with_reader_source_scores(cues, result, models)


def _with_reader_source_scores(
    cues: Sequence[tuple[SentenceView, int]], found: list[Scored[int | None]], models: Models
) -> list[Scored[int | None]]:
    """Combine the scores with the reader's features, for the cues that the reader has scored."""
    words = [_scores_for_cue(view, cue, models) for view, cue in cues]
    features = [
        [] if one is None else reader_source_features(view, scored.candidates, scored.scores, one)
        for (view, _), scored, one in zip(cues, found, words, strict=True)
    ]
    if models.reader is None or not any(features):
        return found
    values = np.array(list(chain.from_iterable(features)))
    scores, at = _weighted(models.reader.sources, READER_SOURCE_FEATURES, values), 0
    for number, rows in enumerate(features):
        if rows:
            own = slice(at, at := at + len(rows))
            found[number] = Scored(found[number].candidates, scores[own], READER_SOURCE_FEATURES, values[own])
    return found


def _scores_for_cue(view: SentenceView, cue: int, models: Models) -> ReaderScores | None:
    return None if reader_models(view, models) is None else scores_for_cue(view, cue)


def _weighted(model: LinearModel, names: tuple[str, ...], values: Floats) -> list[float]:
    result: list[float] = np.clip(model.weighted_sums(names, values), -_MAX_LOG_ODDS, _MAX_LOG_ODDS).tolist()
    return result


def propose(batch: SentenceBatch, cues: Sequence[tuple[SentenceView, int, float]], models: Models) -> list[Proposal]:
    """Build the proposal of each cue, of which the score is given, with its best content and source."""
    indices = [(view, cue) for view, cue, _ in cues]
    candidates = [contents_of_cue(view, cue, models) for view, cue in indices]
    choices = [scored.choice() for scored in scored_contents(batch, indices, candidates, models)]
    contents = [
        replace(choice, best=completed_content(view, cue, choice.best))
        for (view, cue), choice in zip(indices, choices, strict=True)
    ]
    sources = scored_sources(batch, indices, [content.best for content in contents], models)
    return [
        Proposal(view, cue, score, content, own[choice.best], _source(view, cue, source.choice()))
        for (view, cue, score), own, choice, content, source in zip(
            cues, candidates, choices, contents, sources, strict=True
        )
    ]


def completed_content(view: SentenceView, cue: int, content: WordSet) -> WordSet:
    """Correct the boundaries of a content (`rules/content_ends.py`)."""
    whole = with_first_half(view, cue, completed_around_aside(view, cue, content))
    whole = with_coordinated_clause(view, cue, whole)
    whole = with_first_words(view, cue, without_addressee(view, cue, whole))
    return without_circumstance(view, cue, with_resumed_clause(view, cue, with_second_that(view, cue, whole)))


def _source(view: SentenceView, cue: int, source: Choice[int | None]) -> Choice[int | None]:
    """Correct the choice of a source where the words next to the cue name it."""
    aside = view.aside(cue)
    doubtful = source.best is None or source.score < _DOUBTFUL
    if aside is not None and doubtful and source.best in {None, aside.source} and view.text_at(cue) != "according":
        source = replace(source, best=aside.source, score=CERTAIN, margin=CERTAIN)  # ", replied the mayor,"
    if source.best is None and (auxiliary := waiting(view.sentence, cue)) is not None:
        source = replace(source, best=view.sentence.child(auxiliary, "nsubj"))
    return source


def chosen(scored: Sequence[tuple[float, T]]) -> Choice[T]:
    """Return the best of `scored`, which must not be empty; of equal scores, the first."""
    order = sorted(range(len(scored)), key=lambda place: (-scored[place][0], place))
    score, best = scored[order[0]]
    second = scored[order[1]][0] if len(order) > 1 else _NO_RIVAL
    return Choice(best, score, score - second, math.log(sum(math.exp(one) for one, _ in scored)))
