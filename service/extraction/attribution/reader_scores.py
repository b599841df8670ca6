"""The output of the parser's reader for a sentence, and its combination with the scores of the linear models.

The reader (`service/parsing/embedded/reader.py`) does not use the tree: it returns log-odds for words. Candidates for
cues, contents and sources still come from the tree; a second linear model combines the score of the first with features
of the reader's output.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from service.extraction.attribution.lexicons import ATTITUDE, SPEECH
from service.extraction.attribution.sentence_batch import Flags, Indices, SentenceBatch
from service.extraction.attribution.sentence_view import SentenceView
from service.extraction.attribution.word_sets import WordSet, masks_of
from service.parsing.tree import ArticleWordIndex, ReaderOutput

Floats = NDArray[np.float64]

CLIP: Final = 7.0  # log-odds are clipped to ± this value
_MIN_CUE_LOG_ODDS: Final = -9.0  # log-odds of a cue
MIN_NEW_CUE_SCORE: Final = -3.0  # log-odds above which the reader adds a candidate
READER: Final = "reader"  # the strategy that built a content: the words that are likely by the reader
LINEAR: Final = "linear score"  # the name of the first model's score
# maximum of the expected number of content words outside the sentence: more would favour long quotes
_MAX_OUTSIDE: Final = 2.0
_EDGE: Final = 2.0  # log-odds that stand for a missing neighbour
_BOUNDARY: Final = 4.0  # log-odds at which boundaries are clipped

READER_CUE_FEATURES: Final = (
    LINEAR, "reader", "reader, if likely", "reader, verb", "reader, speech", "reader, attitude", "linear, verb",
    "linear, speech", "verb", "speech", "attitude", "noun", "punctuation", "unusual",
)  # fmt: skip
READER_SOURCE_FEATURES: Final = (
    LINEAR, "no source", "no source, best", "no source, elsewhere", "no source, linear score", "head", "mean", "best",
    "difference from best",
)  # fmt: skip
READER_CONTENT_FEATURES: Final = (
    LINEAR, "sum", "mean", "dice", "dice with outside", "wrong inside", "wrong outside", "first", "last", "before",
    "after", "exact", "empty", "empty, mass", "empty, outside", "empty, exact", "empty, linear score",
    "built by reader", "none wrong inside", "none wrong outside",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReaderScores:
    """The log-odds that each word of the cue's sentence is in its content, and in its source.

    `probabilities` are those of `content`. `outside` is the expected number of content words in the neighbouring
    sentences, `elsewhere` the log-odds of the likeliest source word there.
    """

    content: Floats
    source: Floats
    probabilities: Floats
    outside: float
    elsewhere: float


def cue_score(view: SentenceView, position: int) -> float:
    """Return the log-odds that the word at `position` is a cue, clipped. The parse must have a reader's output."""
    reader_output = _reader_output(view)
    return min(CLIP, max(_MIN_CUE_LOG_ODDS, float(reader_output.cues[reader_output.starts[view.index] + position])))


def cue_scores(batch: SentenceBatch) -> Floats:
    """Return `cue_score` of each word of the batch, and the lowest score for padding."""
    result = np.full(batch.size, _MIN_CUE_LOG_ODDS)
    for view in batch.views:
        first, start, size = _reader_output(view).starts[view.index], batch.start(view), len(view.words)
        result[start : start + size] = _reader_output(view).cues[first : first + size]
    clipped: Floats = np.clip(result, _MIN_CUE_LOG_ODDS, CLIP)
    return clipped


def scores_for_cue(view: SentenceView, cue: int) -> ReaderScores | None:
    """Return the reader's scores for the cue at `cue`; None if the reader finds the cue too unlikely."""
    if cue not in view.reader_scores:
        view.reader_scores[cue] = _scores_for_cue(view, cue)
    return view.reader_scores[cue]


def _scores_for_cue(view: SentenceView, cue: int) -> ReaderScores | None:
    reader_output = _reader_output(view)
    start = reader_output.starts[view.index]
    result = reader_output.likely.get(ArticleWordIndex(start + cue))
    if result is None:
        return None
    own = slice(start - result.first, start - result.first + len(view.words))
    content, source = (np.clip(part.astype(np.float64), -CLIP, CLIP) for part in (result.content, result.source))
    probabilities = _probability(content)
    elsewhere = (source[: own.start], source[own.stop :])
    return ReaderScores(
        content[own],
        source[own],
        probabilities[own],
        float(probabilities.sum() - probabilities[own].sum()),
        max((float(part.max()) for part in elsewhere if len(part)), default=-CLIP),
    )


def _reader_output(view: SentenceView) -> ReaderOutput:
    reader_output = view.document.parse.reader_output
    if reader_output is None:
        raise ValueError("The parse has no output of a reader.")
    return reader_output


def _probability(log_odds: Floats) -> Floats:
    result: Floats = 1 / (1 + np.exp(-log_odds))
    return result


def likely_content(view: SentenceView, cue: int, words: ReaderScores) -> WordSet:
    """Return the words that are more likely than not in the content, without punctuation and the cue."""
    result = sum(1 << int(position) for position in np.flatnonzero(words.content > 0))
    return result & view.solid & ~(1 << cue)


def reader_cue_features(batch: SentenceBatch, indices: Indices, linear: Floats, is_candidate: Flags) -> Floats:
    """Return the `READER_CUE_FEATURES` of the words at `indices` [words, features].

    `linear` are the scores of the linear model, `is_candidate` says whether each word is one of its candidates.
    """
    reader, classes = cue_scores(batch)[indices], batch.classes[indices]
    verb, speech, attitude = batch.tagged("VERB")[indices], batch.are(classes, SPEECH), batch.are(classes, ATTITUDE)
    return np.column_stack([
        linear, reader, np.maximum(reader, 0.0), reader * verb, reader * speech, reader * attitude, linear * verb,
        linear * speech, verb, speech, attitude, batch.tagged("NOUN")[indices], batch.punctuation[indices],
        ~is_candidate,
    ])  # fmt: skip


def reader_content_features(
    cues: Sequence[tuple[SentenceView, int]],
    reader: Sequence[ReaderScores],
    candidates: Sequence[Mapping[WordSet, str]],
    linear: Sequence[float],
) -> Floats:
    """Return the `READER_CONTENT_FEATURES` of the candidates of all cues [candidates, features].

    `linear` are the linear model's scores of the candidates.
    """
    if not cues:
        return np.zeros((0, len(READER_CONTENT_FEATURES)))
    width = max(len(scores.content) for scores in reader)
    log_odds = np.stack(
        [np.pad(scores.content, (0, width - len(scores.content))) for scores in reader]
    )  # [cues, width]
    solid = masks_of([view.solid & ~(1 << cue) for view, cue in cues], width)
    probabilities, likely = np.where(solid, _probability(log_odds), 0.0), (log_odds > 0) & solid
    edges = np.clip(_edges(log_odds, solid), -_BOUNDARY, _BOUNDARY)
    cue = np.repeat(np.arange(len(cues)), [len(own) for own in candidates])
    mass, outside = probabilities.sum(1)[cue], np.array([scores.outside for scores in reader])[cue]
    chosen = masks_of([content for own in candidates for content in own], width) & solid[cue]  # [candidates, width]
    size = chosen.sum(1)
    inside = np.einsum("cw,cw->c", chosen, probabilities[cue])
    total = np.einsum("cw,cw->c", chosen, np.where(solid, log_odds, 0.0)[cue])
    wrong_in, wrong_out = (chosen & ~likely[cue]).sum(1), (~chosen & likely[cue]).sum(1)
    empty, right = size == 0, (wrong_in + wrong_out) == 0
    first, last = chosen.argmax(1), width - 1 - chosen[:, ::-1].argmax(1)
    of_edges = np.where(empty, 0.0, edges[[0, 0, 1, 2], cue[:, None], np.stack([first, last, first, last], 1)].T)
    linear_scores = np.asarray(linear)
    return np.column_stack([
        linear_scores,
        total / 10,
        total / np.maximum(size, 1),
        2 * inside / np.maximum(size + mass, 0.5),
        2 * inside / np.maximum(size + mass + outside, 0.5),
        np.log1p(wrong_in),
        np.log1p(wrong_out),
        of_edges.T,
        right & ~empty,
        empty,
        empty * np.log(mass + 0.1),
        empty * np.log(outside + 0.1),
        right & empty,
        linear_scores * empty,
        [strategy == READER for own in candidates for strategy in own.values()],
        wrong_in == 0,
        wrong_out == 0,
    ])  # fmt: skip


def _edges(log_odds: Floats, solid: Flags) -> Floats:
    """Return for each word the log-odds that it is inside, and that its neighbours are outside [3, cues, width].

    The neighbours are the next `solid` words before and after it.
    """
    width = log_odds.shape[1]
    indices = np.arange(width)
    before = np.maximum.accumulate(np.where(solid, indices, -1), axis=1)
    after = np.minimum.accumulate(np.where(solid, indices, width)[:, ::-1], axis=1)[:, ::-1]
    padded = np.pad(-log_odds, ((0, 0), (1, 1)), constant_values=_EDGE)  # the word at index i is in column i + 1
    previous = np.pad(before, ((0, 0), (1, 0)), constant_values=-1)[:, :-1]
    following = np.pad(after, ((0, 0), (0, 1)), constant_values=width)[:, 1:]
    around = [np.take_along_axis(padded, near + 1, axis=1) for near in (previous, following)]
    return np.stack([log_odds, *around])


def reader_source_features(
    view: SentenceView, candidates: Sequence[int | None], linear: Sequence[float], words: ReaderScores
) -> list[tuple[float, ...]]:
    """Return the `READER_SOURCE_FEATURES` of each candidate for the source of a cue.

    `linear` are the linear model's scores.
    """
    of_words = words.source.tolist()
    best = max(of_words)
    result: list[tuple[float, ...]] = []
    for candidate, score in zip(candidates, linear, strict=True):
        if candidate is None:
            result.append((score, 1.0, best, words.elsewhere, score, 0.0, 0.0, 0.0, 0.0))
        else:
            inside, head = [of_words[place] for place in view.phrase(candidate)], of_words[candidate]
            result.append((score, 0.0, 0.0, 0.0, 0.0, head, sum(inside) / len(inside), max(inside), head - best))
    return result


def reader_draft_features(view: SentenceView, cue: int, content: WordSet, source: int | None) -> dict[str, float]:
    """Return the reader's features for the confidence of a proposal.

    `content` has all its words in the cue's sentence.
    """
    score, words = cue_score(view, cue), scores_for_cue(view, cue)
    result = {"cue": score, "cue, if likely": max(score, 0.0)}
    if words is None:
        return result | {"no reading": 1.0}
    usable = view.solid & ~(1 << cue)
    size = (content & usable).bit_count()
    solid, chosen = masks_of([usable, content & usable], len(view.words))
    inside, left, best_source = words.content[chosen], words.content[solid & ~chosen], float(words.source.max())
    probabilities = np.where(solid, words.probabilities, 0.0)
    mass = float(probabilities.sum())
    dice = 2 * float(probabilities[chosen].sum()) / max(size + mass, 0.5)
    of_source = -best_source
    if source is not None:
        of_source = float(words.source[view.phrase(source)].mean())
    outside = math.log(min(words.outside, _MAX_OUTSIDE) + 0.1)
    return result | {
        "dice": dice,
        "dice, cue": dice * score,
        "mean": float(inside.mean()) if size else -2.0,
        "mass": math.log(mass + 0.1),
        "outside": outside,
        "empty": float(not size),
        "empty, outside": outside * (not size),
        "low": float(size > 0 and inside.max() < 0),
        "wrong inside": math.log1p(np.count_nonzero(inside < 0)),
        "wrong outside": math.log1p(np.count_nonzero(left > 0)),
        "source": of_source,
        "no source": float(source is None),
        "no source, best": of_source * (source is None),
        "difference from best source": 0.0 if source is None else float(words.source[source]) - best_source,
        "source elsewhere": words.elsewhere,
    }
