"""What the parser's reader says of a sentence, and how its numbers join the scores of the linear models.

The reader (`service/parsing/embedded/reader.py`) has seen no tree: it gives log-odds for words. Candidates for cues,
contents and sources still come from the tree; a second linear model weighs the score of the first with these numbers.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from service.extraction.attribution.sentence_batch import Flags, Places, SentenceBatch
from service.extraction.attribution.sentence_view import SentenceView
from service.extraction.attribution.word_sets import WordSet, masks_of
from service.parsing.tree import ArticleWordIndex, Reading

Numbers = NDArray[np.float64]

CLIP: Final = 7.0  # log-odds; what is beyond them says no more
_NEVER: Final = -9.0  # log-odds of a cue
LEAST_NEW_CUE: Final = -3.0  # log-odds from which a word is a candidate that is none for the linear model
READER: Final = "reader"  # the strategy that built a content: the words that the reader thinks likely
LINEAR: Final = "linear score"  # the name of the first model's score
_KNOWN: Final = frozenset({"say", "tell", "announce", "ask", "write"})
ATTITUDES: Final = frozenset({"think", "feel", "plan", "perceive"})
# maximum of the expected number of content words outside the sentence: more would favour long quotes
_MAX_OUTSIDE: Final = 2.0
_EDGE: Final = 2.0  # log-odds that stand for a missing neighbour
_BOUNDARY: Final = 4.0  # log-odds at which boundaries are clipped

CUE_NUMBERS: Final = (
    LINEAR, "reader", "reader, if likely", "reader, verb", "reader, speech", "reader, attitude", "linear, verb",
    "linear, speech", "verb", "speech", "attitude", "noun", "punctuation", "unusual",
)  # fmt: skip
SOURCE_NUMBERS: Final = (
    LINEAR, "no source", "no source, best", "no source, elsewhere", "no source, linear score", "head", "mean", "best",
    "difference from best",
)  # fmt: skip
CONTENT_NUMBERS: Final = (
    LINEAR, "sum", "mean", "dice", "dice with outside", "wrong inside", "wrong outside", "first", "last", "before",
    "after", "exact", "empty", "empty, mass", "empty, outside", "empty, exact", "empty, linear score",
    "built by reader", "none wrong inside", "none wrong outside",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CueWords:
    """The log-odds that each word of the cue's sentence is in its content, and in its source.

    `outside` is the expected number of content words in the neighbouring sentences, `elsewhere` the log-odds of the
    likeliest source word there.
    """

    content: Numbers
    source: Numbers
    outside: float
    elsewhere: float


def cue_score(view: SentenceView, position: int) -> float:
    """Return the log-odds that the word at `position` is a cue, clipped. The parse must have a reading."""
    reading = _reading(view)
    return min(CLIP, max(_NEVER, float(reading.cues[reading.starts[view.index] + position])))


def cue_scores(batch: SentenceBatch) -> Numbers:
    """Return `cue_score` of each place, and the lowest score for places outside sentences."""
    found = np.full(batch.size, _NEVER)
    for view in batch.views:
        first, start, size = _reading(view).starts[view.index], batch.start(view), len(view.words)
        found[start : start + size] = _reading(view).cues[first : first + size]
    clipped: Numbers = np.clip(found, _NEVER, CLIP)
    return clipped


def cue_words(view: SentenceView, cue: int) -> CueWords | None:
    """Return what the reader says of the cue at `cue`; None if it thinks it too unlikely."""
    if cue not in view.readings:
        view.readings[cue] = _cue_words(view, cue)
    return view.readings[cue]


def _cue_words(view: SentenceView, cue: int) -> CueWords | None:
    reading = _reading(view)
    start = reading.starts[view.index]
    found = reading.likely.get(ArticleWordIndex(start + cue))
    if found is None:
        return None
    own = slice(start - found.first, start - found.first + len(view.words))
    content, source = (np.clip(part.astype(np.float64), -CLIP, CLIP) for part in (found.content, found.source))
    chances = _chance(content)
    others = np.delete(source, np.arange(own.start, own.stop))
    return CueWords(
        content[own],
        source[own],
        float(chances.sum() - chances[own].sum()),
        float(others.max()) if len(others) else -CLIP,
    )


def _reading(view: SentenceView) -> Reading:
    reading = view.document.parse.reading
    if reading is None:
        raise ValueError("The parse has no reading.")
    return reading


def _chance(log_odds: Numbers) -> Numbers:
    found: Numbers = 1 / (1 + np.exp(-log_odds))
    return found


def likely_content(view: SentenceView, cue: int, words: CueWords) -> WordSet:
    """Return the words that are more likely than not in the content, without punctuation and the cue."""
    found = sum(1 << int(position) for position in np.flatnonzero(words.content > 0))
    return found & view.solid & ~(1 << cue)


def cue_numbers(batch: SentenceBatch, places: Places, linear: Numbers, usual: Flags) -> Numbers:
    """Return the numbers `CUE_NUMBERS` of the words at `places` [words, numbers]. `linear` are the scores of the linear
    model, `usual` says whether each is one of its candidates."""
    reader, classes = cue_scores(batch)[places], batch.classes[places]
    verb, known, attitude = batch.tagged("VERB")[places], batch.are(classes, _KNOWN), batch.are(classes, ATTITUDES)
    return np.column_stack([
        linear, reader, np.maximum(reader, 0.0), reader * verb, reader * known, reader * attitude, linear * verb,
        linear * known, verb, known, attitude, batch.tagged("NOUN")[places], batch.punctuation[places], ~usual,
    ])  # fmt: skip


def content_numbers(
    cues: Sequence[tuple[SentenceView, int]],
    words: Sequence[CueWords],
    candidates: Sequence[Mapping[WordSet, str]],
    linear: Sequence[float],
) -> Numbers:
    """Return the numbers `CONTENT_NUMBERS` of the candidates of all cues [candidates, numbers]; `linear` are the linear
    model's scores of the candidates."""
    if not cues:
        return np.zeros((0, len(CONTENT_NUMBERS)))
    width = max(len(one.content) for one in words)
    log_odds = np.stack([np.pad(one.content, (0, width - len(one.content))) for one in words])  # [cues, width]
    solid = masks_of([view.solid & ~(1 << cue) for view, cue in cues], width)
    chances, likely = np.where(solid, _chance(log_odds), 0.0), (log_odds > 0) & solid
    edges = np.clip(_edges(log_odds, solid), -_BOUNDARY, _BOUNDARY)
    cue = np.repeat(np.arange(len(cues)), [len(own) for own in candidates])
    mass, outside = chances.sum(1)[cue], np.array([one.outside for one in words])[cue]
    chosen = masks_of([content for own in candidates for content in own], width) & solid[cue]  # [candidates, width]
    size = chosen.sum(1)
    inside = np.einsum("cw,cw->c", chosen, chances[cue])
    total = np.einsum("cw,cw->c", chosen, np.where(solid, log_odds, 0.0)[cue])
    wrong_in, wrong_out = (chosen & ~likely[cue]).sum(1), (~chosen & likely[cue]).sum(1)
    empty, right = size == 0, (wrong_in + wrong_out) == 0
    first, last = chosen.argmax(1), width - 1 - chosen[:, ::-1].argmax(1)
    of_edges = np.where(empty, 0.0, edges[[0, 0, 1, 2], cue[:, None], np.stack([first, last, first, last], 1)].T)
    scores = np.asarray(linear)
    return np.column_stack([
        scores,
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
        scores * empty,
        [strategy == READER for own in candidates for strategy in own.values()],
        wrong_in == 0,
        wrong_out == 0,
    ])  # fmt: skip


def _edges(log_odds: Numbers, solid: Flags) -> Numbers:
    """Return for each word how likely it is inside, the word before it outside, and the word after it outside
    [3, cues, width]. Words that are not `solid` are passed over."""
    width = log_odds.shape[1]
    places = np.arange(width)
    before = np.maximum.accumulate(np.where(solid, places, -1), axis=1)
    after = np.minimum.accumulate(np.where(solid, places, width)[:, ::-1], axis=1)[:, ::-1]
    padded = np.pad(-log_odds, ((0, 0), (1, 1)), constant_values=_EDGE)  # the word at place p is in column p + 1
    previous = np.pad(before, ((0, 0), (1, 0)), constant_values=-1)[:, :-1]
    following = np.pad(after, ((0, 0), (0, 1)), constant_values=width)[:, 1:]
    around = [np.take_along_axis(padded, near + 1, axis=1) for near in (previous, following)]
    return np.stack([log_odds, *around])


def source_numbers(
    view: SentenceView, candidates: Sequence[int | None], linear: Sequence[float], words: CueWords
) -> list[tuple[float, ...]]:
    """Return the numbers `SOURCE_NUMBERS` of each candidate for the source of a cue; `linear` are the linear model's
    scores."""
    of_words = words.source.tolist()
    best = max(of_words)
    found: list[tuple[float, ...]] = []
    for candidate, score in zip(candidates, linear, strict=True):
        if candidate is None:
            found.append((score, 1.0, best, words.elsewhere, score, 0.0, 0.0, 0.0, 0.0))
        else:
            inside, head = [of_words[place] for place in view.phrase(candidate)], of_words[candidate]
            found.append((score, 0.0, 0.0, 0.0, 0.0, head, sum(inside) / len(inside), max(inside), head - best))
    return found


def draft_numbers(view: SentenceView, cue: int, content: WordSet, source: int | None) -> dict[str, float]:
    """Return the numbers of a whole proposal for its confidence. `content` has all its words in the cue's sentence."""
    score, words = cue_score(view, cue), cue_words(view, cue)
    found = {"cue": score, "cue, if likely": max(score, 0.0)}
    if words is None:
        return found | {"no reading": 1.0}
    count = len(view.words)
    solid, chosen = masks_of([view.solid & ~(1 << cue), content & view.solid & ~(1 << cue)], count)
    chances = np.where(solid, _chance(words.content), 0.0)
    mass = float(chances.sum())
    dice = 2 * float(chances[chosen].sum()) / max(float(chosen.sum()) + mass, 0.5)
    some = bool(chosen.any())
    of_source = -float(words.source.max())
    if source is not None:
        of_source = float(words.source[view.phrase(source)].mean())
    outside = math.log(min(words.outside, _MAX_OUTSIDE) + 0.1)
    return found | {
        "dice": dice,
        "dice, cue": dice * score,
        "mean": float(words.content[chosen].mean()) if some else -2.0,
        "mass": math.log(mass + 0.1),
        "outside": outside,
        "empty": float(not some),
        "empty, outside": outside * (not some),
        "low": float(some and words.content[chosen].max() < 0),
        "wrong inside": math.log1p(float((chosen & (words.content < 0)).sum())),
        "wrong outside": math.log1p(float((~chosen & solid & (words.content > 0)).sum())),
        "source": of_source,
        "no source": float(source is None),
        "no source, best": of_source * (source is None),
        "difference from best source": 0.0 if source is None else float(words.source[source] - words.source.max()),
        "source elsewhere": words.elsewhere,
    }
