"""The reader's losses in joint training (`train_together`), on the encoder that the heads share.

In each step the reader gets windows of PolNeAR's training articles. A quarter of these articles is held out from it, to
train the choices that use the reader's scores (`training.attribution.run`).
"""

import random
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import count
from pathlib import Path
from typing import Final

import tokenizers
import torch
from torch import Tensor, nn
from torch.nn import functional

from service.parsing.embedded.reader import Reader
from training.encoder import Encoder, batches, half_precision
from training.reader_examples import (
    NameSwapper,
    Pieces,
    ReaderArticle,
    ReaderBatch,
    articles_of,
    reader_batch,
    shuffled_windows,
)
from training.recipe import recipe

_RECIPE: Final = recipe("reader_losses")
CUES: Final[float] = _RECIPE["cues"]  # weights of the losses
CONTENTS: Final[float] = _RECIPE["contents"]
SOURCES: Final[float] = _RECIPE["sources"]
PIECES_AT_ONCE: Final[int] = _RECIPE["pieces_at_once"]  # subwords, padding included
SEED: Final[int] = _RECIPE["seed"]
WordStates = Callable[[ReaderBatch, nn.Linear], Tensor]  # the mixed states of a batch's words [words, size]


def pieces_of(file: Path) -> Pieces:
    """Return a function that splits a word into subwords as at run time."""
    tokenizer = tokenizers.Tokenizer.from_file(str(file))

    @cache
    def split(word: str) -> tuple[int, ...]:
        result = tokenizer.encode([word], is_pretokenized=True, add_special_tokens=False).ids
        return tuple(result) or split("-")

    return split


def word_states(encoder: Encoder, sentences: Sequence[tuple[list[int], list[int]]], mix: nn.Linear) -> Tensor:
    """Return the mixed states of all words of `sentences`, given as subwords and positions: [words, size]."""
    weights = mix.weight[0] + 1 / mix.in_features
    numbers: list[int] = []
    result: list[Tensor] = []
    rows = [tuple(subwords) for subwords, _ in sentences]
    by_row: dict[tuple[int, ...], list[int]] = {}
    for number, row in enumerate(rows):
        by_row.setdefault(row, []).append(number)
    for batch, ids, lengths in batches(list(by_row), PIECES_AT_ONCE):
        states = encoder._encode(ids, lengths)
        mixed = sum(weight * layer for weight, layer in zip(weights, states, strict=True))
        assert isinstance(mixed, Tensor)
        for position, row in enumerate(batch):
            for number in by_row[row]:
                numbers.append(number)
                result.append(mixed[position, torch.tensor(sentences[number][1])])
    order = sorted(range(len(numbers)), key=numbers.__getitem__)
    return torch.cat([result[position] for position in order])


def encoded_words(encoder: Encoder, batch: ReaderBatch, mix: nn.Linear) -> Tensor:
    """Return the mixed states of a batch's words, whose sentences are encoded one by one."""
    return word_states(encoder, batch.sentences, mix)


def losses(words_of: WordStates, reader: Reader, batch: ReaderBatch) -> dict[str, Tensor]:
    """Return the losses of cues (per word), contents and sources (per cue)."""
    with half_precision():
        words = reader.dropout(words_of(batch, reader.mix))
        states = reader.contextual(words, batch.quoted, batch.windows)
        cues = reader.cues(states).float()
        inside = batch.windows.inside
        of_words = functional.binary_cross_entropy_with_logits(cues, batch.cues, reduction="none")
        result = {"cues": (of_words * inside).sum() / inside.sum()}
        if len(batch.rows):
            places, real, scores = reader.pairs(states, batch.windows, batch.rows, batch.places)
            labels = batch.golds.gather(1, places[..., None].expand(-1, -1, 2))
            pairs = functional.binary_cross_entropy_with_logits(scores.float(), labels, reduction="none")
            of_cues = (pairs * real[..., None]).sum(1) * batch.weights[:, None]
            sums = of_cues.sum(0) / batch.weights.sum()
            result |= {"contents": sums[0], "sources": sums[1]}
    return result


def weighed(found: dict[str, Tensor]) -> Tensor:
    """Return the weighted sum of the losses, which is minimized."""
    weights = {"cues": CUES, "contents": CONTENTS, "sources": SOURCES}
    total: Tensor = torch.stack([weights[name] * loss for name, loss in found.items()]).sum()
    return total


def reader_batches(
    articles: Sequence[ReaderArticle], pieces: Pieces, most: int, seed: int = SEED
) -> Iterator[ReaderBatch]:
    """Yield batches indefinitely, with other names in each epoch."""
    swapper = NameSwapper(articles)
    for epoch in count():
        for number, article_windows in enumerate(shuffled_windows(articles, most, seed + epoch)):
            rng = random.Random(f"{seed} {epoch} {number}")
            words = {article.id: swapper.swapped(article, rng) for article in articles_of(article_windows)}
            yield reader_batch(article_windows, words, pieces)
