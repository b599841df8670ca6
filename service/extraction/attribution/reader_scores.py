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

from service.extraction.attribution.sentence_view import SentenceView
from service.extraction.attribution.sources import phrase
from service.extraction.attribution.word_sets import WordSet
from service.parsing.tree import Reading

Numbers = NDArray[np.float64]

CLIP: Final = 7.0  # log-odds; what is beyond them says no more
_NEVER: Final = -9.0  # log-odds of a cue
LEAST_NEW_CUE: Final = -3.0  # log-odds from which a word is a candidate that is none for the linear model
READER: Final = "reader"  # the strategy that built a content: the words that the reader thinks likely
LINEAR: Final = "linear score"  # the name of the first model's score
_KNOWN: Final = frozenset({"say", "tell", "announce", "ask", "write"})
ATTITUDES: Final = frozenset({"think", "feel", "plan", "perceive"})
_EDGE: Final = 2.0  # log-odds that stand for a missing neighbour
_BOUNDARY: Final = 4.0  # log-odds at which boundaries are clipped

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


def cue_words(view: SentenceView, cue: int) -> CueWords | None:
    """Return what the reader says of the cue at `cue`; None if it thinks it too unlikely."""
    reading = _reading(view)
    start = reading.starts[view.index]
    found = reading.likely.get(start + cue)
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


def mask_of(words: WordSet, count: int) -> NDArray[np.bool_]:
    """Return a word set of a sentence of `count` words as an array."""
    packed = np.frombuffer(words.to_bytes((count + 7) // 8, "little"), dtype=np.uint8)
    return np.unpackbits(packed, count=count, bitorder="little").astype(np.bool_)


def likely_content(view: SentenceView, cue: int, words: CueWords) -> WordSet:
    """Return the words that are more likely than not in the content, without punctuation and the cue."""
    found = sum(1 << int(position) for position in np.flatnonzero(words.content > 0))
    return found & view.solid & ~(1 << cue)


def cue_numbers(view: SentenceView, position: int, linear: float, usual: bool) -> dict[str, float]:
    """Return the numbers of a word as a cue. `linear` is the linear model's score, `usual` whether the word is one of
    its candidates."""
    reader, word, kind = cue_score(view, position), view.words[position], view.classes[position]
    verb, known, attitude = word.upos == "VERB", kind in _KNOWN, kind in ATTITUDES
    return {
        LINEAR: linear,
        "reader": reader,
        "reader, if likely": max(reader, 0.0),
        "reader, verb": reader * verb,
        "reader, speech": reader * known,
        "reader, attitude": reader * attitude,
        "linear, verb": linear * verb,
        "linear, speech": linear * known,
        "verb": float(verb),
        "speech": float(known),
        "attitude": float(attitude),
        "noun": float(word.upos == "NOUN"),
        "punctuation": float(word.upos == "PUNCT"),
        "unusual": float(not usual),
    }


def content_numbers(
    view: SentenceView, cue: int, candidates: Mapping[WordSet, str], linear: Sequence[float], words: CueWords
) -> Numbers:
    """Return the numbers `CONTENT_NUMBERS` of each candidate [candidates, numbers]; `linear` are the linear model's
    scores."""
    count = len(view.words)
    solid = mask_of(view.solid & ~(1 << cue), count)
    chances = np.where(solid, _chance(words.content), 0.0)
    mass = float(chances.sum())
    likely = (words.content > 0) & solid
    chosen = np.stack([mask_of(one, count) for one in candidates]) & solid
    size = chosen.sum(1)
    inside, total = chosen @ chances, chosen @ np.where(solid, words.content, 0.0)
    wrong_in, wrong_out = (chosen & ~likely).sum(1), (~chosen & likely).sum(1)
    empty = size == 0
    right = (wrong_in + wrong_out) == 0
    scores = np.asarray(linear)
    edges = np.clip(_edges(chosen, np.flatnonzero(solid), words.content), -_BOUNDARY, _BOUNDARY)
    return np.column_stack(
        [
            scores,
            total / 10,
            total / np.maximum(size, 1),
            2 * inside / np.maximum(size + mass, 0.5),
            2 * inside / np.maximum(size + mass + words.outside, 0.5),
            np.log1p(wrong_in),
            np.log1p(wrong_out),
            edges,
            right & ~empty,
            empty,
            empty * math.log(mass + 0.1),
            empty * math.log(words.outside + 0.1),
            right & empty,
            scores * empty,
            [strategy == READER for strategy in candidates.values()],
            wrong_in == 0,
            wrong_out == 0,
        ]
    )


def _edges(chosen: NDArray[np.bool_], solid: NDArray[np.int64], log_odds: Numbers) -> Numbers:
    """Return how likely each candidate begins and ends right [candidates, 4]: the log-odds of its first and last word
    to be inside, and of the words before and after to be outside."""
    found = np.zeros((len(chosen), 4))
    if not len(solid):
        return found
    own, of_words = chosen[:, solid], log_odds[solid]
    before = np.concatenate([[_EDGE], -of_words[:-1]])
    after = np.concatenate([-of_words[1:], [_EDGE]])
    first, last = own.argmax(1), len(solid) - 1 - own[:, ::-1].argmax(1)
    columns = np.column_stack([of_words[first], of_words[last], before[first], after[last]])
    some = own.any(1)
    found[some] = columns[some]
    return found


def source_numbers(
    view: SentenceView, candidates: Sequence[int | None], linear: Sequence[float], words: CueWords
) -> list[dict[str, float]]:
    """Return the numbers of each candidate for the source; `linear` are the linear model's scores."""
    best = float(words.source.max())
    found = []
    for candidate, score in zip(candidates, linear, strict=True):
        if candidate is None:
            no_source = {"no source": 1.0, "no source, best": best, "no source, elsewhere": words.elsewhere}
            found.append({LINEAR: score, **no_source, "no source, linear score": score})
            continue
        inside = words.source[phrase(view.sentence, candidate)]
        head = float(words.source[candidate])
        of_phrase = {"head": head, "mean": float(inside.mean()), "best": float(inside.max())}
        found.append({LINEAR: score, **of_phrase, "difference from best": head - best})
    return found


def draft_numbers(view: SentenceView, cue: int, content: WordSet, source: int | None) -> dict[str, float]:
    """Return the numbers of a whole proposal for its confidence. `content` has all its words in the cue's sentence."""
    score, words = cue_score(view, cue), cue_words(view, cue)
    found = {"cue": score, "cue, if likely": max(score, 0.0)}
    if words is None:
        return found | {"no reading": 1.0}
    count = len(view.words)
    solid = mask_of(view.solid & ~(1 << cue), count)
    chosen = mask_of(content, count) & solid
    chances = np.where(solid, _chance(words.content), 0.0)
    mass = float(chances.sum())
    dice = 2 * float(chances[chosen].sum()) / max(float(chosen.sum()) + mass, 0.5)
    some = bool(chosen.any())
    of_source = -float(words.source.max())
    if source is not None:
        of_source = float(words.source[phrase(view.sentence, source)].mean())
    return found | {
        "dice": dice,
        "dice, cue": dice * score,
        "mean": float(words.content[chosen].mean()) if some else -2.0,
        "mass": math.log(mass + 0.1),
        "outside": math.log(words.outside + 0.1),
        "empty": float(not some),
        "empty, outside": math.log(words.outside + 0.1) * (not some),
        "low": float(some and words.content[chosen].max() < 0),
        "wrong inside": math.log1p(float((chosen & (words.content < 0)).sum())),
        "wrong outside": math.log1p(float((~chosen & solid & (words.content > 0)).sum())),
        "source": of_source,
        "no source": float(source is None),
        "no source, best": of_source * (source is None),
        "difference from best source": 0.0 if source is None else float(words.source[source] - words.source.max()),
        "source elsewhere": words.elsewhere,
    }
