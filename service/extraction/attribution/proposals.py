"""Proposals: the likely cues of each sentence, each with its best content and source."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Generic, TypeVar

from service.extraction.attribution.content_candidates import content_candidates
from service.extraction.attribution.content_features import content_features
from service.extraction.attribution.cue_features import cue_features, may_be_cue
from service.extraction.attribution.cues import pending, waiting
from service.extraction.attribution.lexicons import SPEECH
from service.extraction.attribution.linear import LinearModel, Models, ReaderModels
from service.extraction.attribution.reader_scores import (
    CONTENT_NUMBERS,
    LEAST_NEW_CUE,
    READER,
    CueWords,
    content_numbers,
    cue_numbers,
    cue_score,
    cue_words,
    likely_content,
    source_numbers,
)
from service.extraction.attribution.sentence_view import SentenceView
from service.extraction.attribution.source_features import source_candidates, source_features
from service.extraction.attribution.word_sets import WordSet, positions
from service.extraction.document import Document
from service.extraction.report import DecisionKind, Rule
from service.extraction.rules.content_ends import (
    completed_around_aside,
    with_coordinated_clause,
    with_first_words,
    with_resumed_clause,
    with_second_that,
    without_addressee,
    without_circumstance,
)
from service.input.article import NO_DEADLINE, Deadline

T = TypeVar("T")
MIN_CUE_SCORE: Final = -2.5  # log-odds; below it hardly any word is a cue
MAX_CUES: Final = 20  # per sentence; an average one has two, and only text that is not prose has more than a dozen
CERTAIN: Final = 2.5  # log-odds of a cue or source by construction
_DOUBTFUL: Final = 1.0
_NO_RIVAL: Final = -9.0  # score that stands for a missing second best
_MOST: Final = 30.0  # log-odds at which scores are clipped


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
    def key(self) -> tuple[int, int]:
        """The position of the cue: sentence index and word position."""
        return self.view.index, self.cue


def proposals_of(document: Document, models: Models, deadline: Deadline = NO_DEADLINE) -> list[Proposal]:
    """Find the proposals of every sentence, in text order.

    Raises `OutOfTime` if the deadline passes; it is checked before each sentence.
    """
    found: list[Proposal] = []
    for index in range(len(document.parse.sentences)):
        deadline.check(index, len(document.parse.sentences), "sentences searched for quotes")
        found += proposals_in(SentenceView(document, index), models)
    return found


def proposals_in(view: SentenceView, models: Models) -> Iterator[Proposal]:
    """Yield the proposals of one sentence, in text order, for at most `MAX_CUES` of its best cues."""
    scores = {position: score for position, (score, _) in scored_cues(view, models).items()}
    for position in _pending_verbs(view):
        scores[position] = max(scores.get(position, MIN_CUE_SCORE), CERTAIN)
        if pending(view.sentence, view.heads[position], position):
            scores.pop(view.heads[position], None)
    likely = sorted((position for position in scores if scores[position] >= MIN_CUE_SCORE), key=lambda p: -scores[p])
    for position in sorted(likely[:MAX_CUES]):
        yield propose(view, position, scores[position], models)


def reader_models(view: SentenceView, models: Models) -> ReaderModels | None:
    """Return the models with the reader's numbers, if the parse of the sentence has a reading."""
    return models.reader if view.document.parse.reading is not None else None


def scored_cues(view: SentenceView, models: Models) -> dict[int, tuple[float, dict[str, float]]]:
    """Return the score of each word that can be a cue, and the numbers that the reader's models weighed for it, if any.

    With a reading, so can any word that the reader thinks likely enough.
    """
    with_reader = reader_models(view, models)
    found: dict[int, tuple[float, dict[str, float]]] = {}
    for position in range(len(view.words)):
        usual = may_be_cue(view, position, models.cues)
        if usual or (with_reader is not None and cue_score(view, position) >= LEAST_NEW_CUE):
            score, numbers = models.cues.score(cue_features(view, position)), {}
            if with_reader is not None:
                numbers = cue_numbers(view, position, score, usual)
                score = with_reader.cues.weigh(numbers)
            found[position] = score, numbers
    return found


def _pending_verbs(view: SentenceView) -> Iterator[int]:
    """Yield the verbs of speech after "has yet to", which are cues although "has" is not."""
    for position in positions(view.verbs):
        if view.classes[position] in SPEECH and (
            pending(view.sentence, view.heads[position], position) or waiting(view.sentence, position) is not None
        ):
            yield position


@dataclass(frozen=True)
class Scored(Generic[T]):
    """The candidates of a choice with their scores, and the numbers that the reader's models weighed for each, if
    any."""

    candidates: Sequence[T]
    scores: Sequence[float]
    numbers: Sequence[Mapping[str, float]] = ()

    def choice(self) -> Choice[T]:
        """Return the best candidate."""
        return chosen(list(zip(self.scores, self.candidates, strict=True)))


def contents_of_cue(view: SentenceView, cue: int, models: Models) -> dict[WordSet, str]:
    """Return the candidates for the content of a cue, with the strategy that built each; the reader's own is one."""
    found = content_candidates(view, cue)
    words = _cue_words(view, cue, models)
    likely = 0 if words is None else likely_content(view, cue, words)
    if likely:
        found.setdefault(likely, READER)
    return found


def scored_contents(view: SentenceView, cue: int, candidates: Mapping[WordSet, str], models: Models) -> Scored[WordSet]:
    """Score the candidates of `contents_of_cue`."""
    scores = [
        models.contents.score_distinct(content_features(view, cue, words, strategy))
        for words, strategy in candidates.items()
    ]
    words = _cue_words(view, cue, models)
    if models.reader is None or words is None:
        return Scored(list(candidates), scores)
    numbers = content_numbers(view, cue, candidates, scores, words)
    rows = [dict(zip(CONTENT_NUMBERS, row, strict=True)) for row in numbers.tolist()]
    return Scored(list(candidates), _weighed(models.reader.contents, rows), rows)


def scored_sources(view: SentenceView, cue: int, content: WordSet, models: Models) -> Scored[int | None]:
    """Score the candidates for the source of a cue with `content`."""
    candidates = source_candidates(view, cue)
    scores = [models.sources.score_distinct(source_features(view, cue, one, content)) for one in candidates]
    words = _cue_words(view, cue, models)
    if models.reader is None or words is None:
        return Scored(candidates, scores)
    numbers = source_numbers(view, candidates, scores, words)
    return Scored(candidates, _weighed(models.reader.sources, numbers), numbers)


def _cue_words(view: SentenceView, cue: int, models: Models) -> CueWords | None:
    return None if reader_models(view, models) is None else cue_words(view, cue)


def _weighed(model: LinearModel, rows: Sequence[Mapping[str, float]]) -> list[float]:
    return [max(-_MOST, min(_MOST, model.weigh(row))) for row in rows]


def propose(view: SentenceView, cue: int, score: float, models: Models) -> Proposal:
    """Build the proposal of the cue at `cue`, whose score is `score`, with its best content and source."""
    ways = contents_of_cue(view, cue, models)
    content = scored_contents(view, cue, ways, models).choice()
    way = ways[content.best]
    whole = with_coordinated_clause(view, cue, completed_around_aside(view, cue, content.best))
    whole = with_first_words(view, cue, without_addressee(view, cue, whole))
    whole = without_circumstance(view, cue, with_resumed_clause(view, cue, with_second_that(view, cue, whole)))
    content = replace(content, best=whole)
    source = scored_sources(view, cue, content.best, models).choice()
    aside = view.aside(cue)
    doubtful = source.best is None or source.score < _DOUBTFUL
    if aside is not None and doubtful and source.best in {None, aside.source} and view.text_at(cue) != "according":
        source = replace(source, best=aside.source, score=CERTAIN, margin=CERTAIN)  # ", replied the mayor,"
    if source.best is None and (auxiliary := waiting(view.sentence, cue)) is not None:
        source = replace(source, best=view.sentence.child(auxiliary, "nsubj"))
    return Proposal(view, cue, score, content, way, source)


def chosen(scored: Sequence[tuple[float, T]]) -> Choice[T]:
    """Return the best of `scored`, which must not be empty; of equal scores, the first."""
    order = sorted(range(len(scored)), key=lambda place: (-scored[place][0], place))
    score, best = scored[order[0]]
    second = scored[order[1]][0] if len(order) > 1 else _NO_RIVAL
    return Choice(best, score, score - second, math.log(sum(math.exp(one) for one, _ in scored)))
