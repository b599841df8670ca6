"""Training examples of the reader: PolNeAR's articles as subwords, with the annotated cues, contents and sources.

The encoder reads words as they are written, so nothing masks names as the linear models do. Instead, names,
nationalities and parties are swapped for others of their kind, differently in each epoch, so that the reader does
not learn who says what.
"""

import hashlib
import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby
from typing import Final, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from service.parsing.embedded.reader import Window, WindowBatch, batched, windows
from training.recipe import recipe

_RECIPE: Final = recipe("reader_examples")
SWAPPED: Final[float] = _RECIPE["swapped"]  # share of the distinct names of an article that are swapped
HELD_OUT: Final[int] = _RECIPE["held_out"]  # one of so many articles
TEACHER_SHARE: Final[float] = _RECIPE["teacher_share"]  # weight of a teacher's labels next to the annotation
Pieces = Callable[[str], tuple[int, ...]]


class CueGold(NamedTuple):
    """An annotated cue, and the words of its content and of its source, as numbers of words in the article."""

    cue: int
    content: frozenset[int]
    source: frozenset[int]


@dataclass(frozen=True, eq=False)
class SoftLabels:
    """A teacher's probabilities for an article (`training.reader_teacher`).

    `cues` [words] are those of being a cue. For each likely cue, `pairs` has the number of the first word near it, and
    the probabilities that it and the following words are in the cue's content and source [words, 2].
    """

    cues: NDArray[np.float16]
    pairs: Mapping[int, tuple[int, NDArray[np.float16]]]


@dataclass(frozen=True)
class ReaderArticle:
    """An article with its annotation, as training data of the reader.

    `kinds` has the kind of name and the Penn tag of each word that can be swapped; None for all others. Whether the
    words in `unmarked` are cues is not annotated. An article that is not `annotated` has only `soft` labels.
    """

    id: str
    words: tuple[str, ...]
    lengths: tuple[int, ...]
    paragraphs: tuple[int, ...]
    quoted: tuple[int, ...]
    kinds: tuple[str | None, ...]
    golds: tuple[CueGold, ...]
    unmarked: frozenset[int] = frozenset()
    soft: SoftLabels | None = None
    annotated: bool = True

    @property
    def starts(self) -> list[int]:
        """The number of the first word of each sentence, and the number of words."""
        return [0, *accumulate(self.lengths)]


def is_held_out(article_id: str) -> bool:
    """Return whether the reader is not trained on the article. The result depends on its id alone."""
    return numbered_hash(article_id) % HELD_OUT == 0


def numbered_hash(text: str) -> int:
    """Return a number that depends on `text` alone."""
    return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16)


class NameSwapper:
    """Swaps names for others of their kind."""

    def __init__(self, articles: Sequence[ReaderArticle]) -> None:
        """Collect the names of `articles`, each once."""
        result: dict[str, dict[str, None]] = defaultdict(dict)
        for article in articles:
            for word, kind in zip(article.words, article.kinds, strict=True):
                if kind is not None and word[:1].isalpha():
                    result[kind][word] = None
        self._names = {kind: list(words) for kind, words in result.items()}

    def swapped(self, article: ReaderArticle, rng: random.Random) -> list[str]:
        """Return the words of `article` with names swapped: each name for the same one everywhere in the article."""
        replacements: dict[tuple[str, str], str] = {}
        swapped = []
        for word, kind in zip(article.words, article.kinds, strict=True):
            if kind is None or kind not in self._names:
                swapped.append(word)
                continue
            if (word, kind) not in replacements:
                replacements[word, kind] = rng.choice(self._names[kind]) if rng.random() < SWAPPED else word
            swapped.append(replacements[word, kind])
        return swapped


class ReaderBatch(NamedTuple):
    """Windows of several articles: the subwords of each sentence with the positions of its words' last ones, the words
    inside quotation marks, the windows, and the labels.

    `cues` [windows, width] are the probabilities of being a cue: 1 at an annotated one, or mixed with those of a
    teacher; only words in `windows.inside` are in the loss. (`rows`, `places`) are the cues whose content and source
    are labelled by `golds` [cues, width, 2], each with a weight in the loss, `weights` [cues].
    """

    sentences: list[tuple[list[int], list[int]]]
    quoted: Tensor
    windows: WindowBatch
    cues: Tensor
    rows: Tensor
    places: Tensor
    golds: Tensor
    weights: Tensor


CLS, SEP = 101, 102
LONGEST = 512  # subwords


def subwords(words: Sequence[str], pieces: Pieces) -> tuple[list[int], list[int]]:
    """Return a sentence's subwords between its marks, and the position of each word's last one."""
    result, last = [CLS], []
    for word in words:
        result += pieces(word)
        last.append(min(len(result) - 1, LONGEST - 1))
    return [*result[: LONGEST - 1], SEP], last


def reader_batch(
    article_windows: Sequence[tuple[ReaderArticle, Window]], words: Mapping[str, Sequence[str]], pieces: Pieces
) -> ReaderBatch:
    """Return the batch of `article_windows`. `words` has the words of each article, by its id."""
    sentences: list[tuple[list[int], list[int]]] = []
    quoted: list[int] = []
    parts: list[WindowBatch] = []
    for article, window in article_windows:
        starts = article.starts
        parts.append(
            batched(
                [Window(0, window.first - window.start, window.last - window.start, window.end - window.start)],
                article.lengths[window.start : window.end],
                len(quoted),
            )
        )
        quoted += article.quoted[starts[window.start] : starts[window.end]]
        sentences += [
            subwords(words[article.id][starts[number] : starts[number + 1]], pieces)
            for number in range(window.start, window.end)
        ]
    width = max(part.words.shape[1] for part in parts)
    columns = [
        np.concatenate([np.pad(part.numpy(), ((0, 0), (0, width - part.shape[1]))) for part in column])
        for column in zip(*parts, strict=True)
    ]
    real, inside = columns[2:]
    cues = np.zeros(real.shape, dtype=np.float32)
    pairs: list[tuple[int, int, float, NDArray[np.float32]]] = []
    for row, (article, window) in enumerate(article_windows):
        begin, end = article.starts[window.start], article.starts[window.end]
        cues[row, : end - begin], own = _labels(article, window)
        pairs += [
            (row, place, weight, np.pad(label, ((0, width - len(label)), (0, 0)))) for place, weight, label in own
        ]
        inside[row, [word - begin for word in article.unmarked if begin <= word < end]] = False
    device = torch.get_default_device()
    return ReaderBatch(
        sentences,
        torch.tensor(quoted),
        WindowBatch(*(torch.from_numpy(column).to(device) for column in columns)),
        torch.from_numpy(cues).to(device),
        torch.tensor([pair[0] for pair in pairs], dtype=torch.long),
        torch.tensor([pair[1] for pair in pairs], dtype=torch.long),
        torch.from_numpy(np.stack([pair[3] for pair in pairs]) if pairs else np.zeros((0, width, 2), np.float32)).to(
            device
        ),
        torch.tensor([pair[2] for pair in pairs]),
    )


def _labels(
    article: ReaderArticle, window: Window
) -> tuple[NDArray[np.float32], list[tuple[int, float, NDArray[np.float32]]]]:
    """Return the probabilities that each word of a window is a cue; and for each cue that is labelled in it, its
    position, its weight and the probabilities that each word is in its content and source [words, 2]."""
    starts = article.starts
    begin, end = starts[window.start], starts[window.end]
    size = end - begin
    soft = article.soft
    share = 0.0 if soft is None else TEACHER_SHARE if article.annotated else 1.0
    cues = np.zeros(size, dtype=np.float32)
    if soft is not None:
        cues += share * soft.cues[begin:end]
    labels: dict[int, NDArray[np.float32]] = {}
    for gold in article.golds:
        if not begin <= gold.cue < end:
            continue
        cues[gold.cue - begin] += 1 - share
        labels[gold.cue] = label = np.zeros((size, 2), dtype=np.float32)
        for column, numbers in enumerate((gold.content, gold.source)):
            label[[word - begin for word in numbers if begin <= word < end], column] = 1
    for cue, (first, scores) in (soft.pairs if soft is not None else {}).items():
        if begin <= cue < end and begin <= first and first + len(scores) <= end:
            own = np.zeros((size, 2), dtype=np.float32)
            own[first - begin : first - begin + len(scores)] = scores
            labels[cue] = (1 - share) * labels[cue] + share * own if cue in labels else own
    return cues, [
        (cue - begin, float(cues[cue - begin]), label)
        for cue, label in labels.items()
        if starts[window.first] <= cue < starts[window.last]
    ]


def all_windows(articles: Sequence[ReaderArticle]) -> list[tuple[ReaderArticle, Window]]:
    """Return every window of every article."""
    return [(article, window) for article in articles for window in windows(article.lengths, article.paragraphs)]


def shuffled_windows(
    articles: Sequence[ReaderArticle], most: int, seed: int
) -> Iterator[list[tuple[ReaderArticle, Window]]]:
    """Yield the windows of an epoch in batches of at most `most` words including padding; similar widths together."""
    rng = random.Random(seed)
    sized: list[tuple[float, int, ReaderArticle, Window]] = []
    for article, window in all_windows(articles):
        starts = article.starts
        sized.append((starts[window.end] - starts[window.start] + rng.uniform(0, 40), len(sized), article, window))
    sized.sort(key=lambda entry: entry[:2])
    batches: list[list[tuple[ReaderArticle, Window]]] = []
    for size, _, article, window in sized:
        if not batches or (len(batches[-1]) + 1) * size > most:
            batches.append([])
        batches[-1].append((article, window))
    rng.shuffle(batches)
    yield from batches


def articles_of(article_windows: Sequence[tuple[ReaderArticle, Window]]) -> list[ReaderArticle]:
    """Return the distinct articles of a batch."""
    return [
        next(group)[0]
        for _, group in groupby(sorted(article_windows, key=lambda pair: pair[0].id), key=lambda pair: pair[0].id)
    ]
