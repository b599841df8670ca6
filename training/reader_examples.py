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

import torch
from torch import Tensor

from service.extraction.attribution.reader_scores import ATTITUDES
from service.extraction.attribution.sentence_view import SentenceView
from service.input.characters import straighten
from service.parsing.embedded.reader import Window, WindowBatch, batched, quotation_flags, windows
from training.attribution.gold import golds_of, places_of
from training.attribution.parses import CorpusDocument
from training.recipe import recipe

_RECIPE: Final = recipe("reader_examples")
SWAPPED: Final[float] = _RECIPE["swapped"]  # share of the distinct names of an article that are swapped
HELD_OUT: Final[int] = _RECIPE["held_out"]  # one of so many articles
Pieces = Callable[[str], tuple[int, ...]]


class CueGold(NamedTuple):
    """An annotated cue, and the words of its content and of its source, as numbers of words in the article."""

    cue: int
    content: frozenset[int]
    source: frozenset[int]


@dataclass(frozen=True)
class ReaderArticle:
    """An article with its annotation, as training data of the reader.

    `kinds` has the kind of name and the Penn tag of each word that can be swapped; None for all others. Whether the
    words in `unmarked` are cues is not annotated.
    """

    id: str
    words: tuple[str, ...]
    lengths: tuple[int, ...]
    paragraphs: tuple[int, ...]
    quoted: tuple[int, ...]
    kinds: tuple[str | None, ...]
    golds: tuple[CueGold, ...]
    unmarked: frozenset[int] = frozenset()

    @property
    def starts(self) -> list[int]:
        """The number of the first word of each sentence, and the number of words."""
        return [0, *accumulate(self.lengths)]


def reader_article(document: CorpusDocument) -> ReaderArticle:
    """Convert a parsed article. Attributions without a cue or content are skipped."""
    page = document.parsed
    sentences = page.parse.sentences
    starts = [0, *accumulate(len(sentence.words) for sentence in sentences)]
    paragraphs = [page.paragraph_at(sentence.span.start) for sentence in sentences]
    kinds: list[str | None] = []
    attitudes: set[int] = set()
    for index, sentence in page.parse.numbered():
        view = SentenceView(page, index)
        masked = view.masked
        attitudes |= {starts[index] + place for place, kind in enumerate(view.classes) if kind in ATTITUDES}
        kinds += [
            f"{mask} {word.xpos}" if mask.startswith("<") and mask.endswith(">") and len(mask) > 2 else None
            for mask, word in zip(masked, sentence.words, strict=True)
        ]
    sentence_starts = [sentence.span.start for sentence in sentences]
    golds: dict[int, CueGold] = {}
    for gold, marked in zip(golds_of(document), document.attributions, strict=True):
        if gold is None:
            continue
        cue = starts[gold.cue[0]] + gold.cue[1]
        content, source = (
            frozenset(starts[index] + place for index, place in places_of(page.parse, sentence_starts, spans))
            for spans in (marked["content"], marked.get("source", []))
        )
        if cue not in golds or len(content) > len(golds[cue].content):
            golds[cue] = CueGold(cue, content, source)
    words = [word.text for sentence in sentences for word in sentence.words]
    word_paragraphs = [
        paragraph for paragraph, sentence in zip(paragraphs, sentences, strict=True) for _ in sentence.words
    ]
    return ReaderArticle(
        document.id,
        tuple(map(straighten, words)),
        tuple(len(sentence.words) for sentence in sentences),
        tuple(paragraphs),
        tuple(quotation_flags(words, word_paragraphs)),
        tuple(kinds),
        tuple(golds.values()),
        frozenset(attitudes - golds.keys()) if document.everyday else frozenset(),
    )


def is_held_out(article_id: str) -> bool:
    """Return whether the reader is not trained on the article. The result depends on its id alone."""
    return int(hashlib.sha256(article_id.encode()).hexdigest()[:8], 16) % HELD_OUT == 0


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
    inside quotation marks, the windows, and the annotation of their cues.

    `cues` [windows, width] is 1 at an annotated cue; only words in `windows.inside` are in the loss. (`rows`, `places`)
    are the cues whose content and source are annotated by `golds` [cues, width, 2].
    """

    sentences: list[tuple[list[int], list[int]]]
    quoted: Tensor
    windows: WindowBatch
    cues: Tensor
    rows: Tensor
    places: Tensor
    golds: Tensor


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
    rows: list[int] = []
    places: list[int] = []
    annotated: list[tuple[int, CueGold]] = []
    cue_places: list[tuple[int, int]] = []
    for row, (article, window) in enumerate(article_windows):
        starts = article.starts
        begin, end = starts[window.start], starts[window.end]
        article_words = words[article.id]
        parts.append(
            batched(
                [Window(0, window.first - window.start, window.last - window.start, window.end - window.start)],
                article.lengths[window.start : window.end],
                len(quoted),
            )
        )
        quoted += article.quoted[begin:end]
        sentences += [
            subwords(article_words[starts[number] : starts[number + 1]], pieces)
            for number in range(window.start, window.end)
        ]
        for gold in article.golds:
            if begin <= gold.cue < end:
                cue_places.append((row, gold.cue - begin))
                if starts[window.first] <= gold.cue < starts[window.last]:
                    rows.append(row)
                    places.append(gold.cue - begin)
                    annotated.append((begin, gold))
    width = max(part.words.shape[1] for part in parts)
    window_batch = WindowBatch(
        *(
            torch.cat([torch.nn.functional.pad(part, (0, width - part.shape[1])) for part in column])
            for column in zip(*parts, strict=True)
        )
    )
    cues = torch.zeros(window_batch.words.shape)
    for row, place in cue_places:
        cues[row, place] = 1
    golds = torch.zeros(len(rows), width, 2)
    for number, (begin, gold) in enumerate(annotated):
        for column, numbers in enumerate((gold.content, gold.source)):
            positions = [word - begin for word in numbers if 0 <= word - begin < width]
            golds[number, positions, column] = 1
    for row, (article, window) in enumerate(article_windows):
        begin, end = article.starts[window.start], article.starts[window.end]
        window_batch.inside[row, [word - begin for word in article.unmarked if begin <= word < end]] = False
    golds *= window_batch.real[torch.tensor(rows, dtype=torch.long)][..., None]
    return ReaderBatch(
        sentences, torch.tensor(quoted), window_batch, cues, torch.tensor(rows, dtype=torch.long),
        torch.tensor(places, dtype=torch.long), golds,
    )  # fmt: skip


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
