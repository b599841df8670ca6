"""Labels that teachers of the reader give to articles: probabilities instead of an annotation."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from service.parsing.embedded.reader import Reader
from training.encoder import half_precision
from training.reader_examples import Pieces, ReaderArticle, ReaderBatch, SoftLabels, all_windows, reader_batch
from training.recipe import recipe

LIKELY: Final[float] = recipe("soft_labels")["likely"]  # probability from which a cue gets pairs


class Teacher(Protocol):
    """A reader, and the encoder that it reads from."""

    reader: Reader

    def words(self, batch: ReaderBatch, mix: nn.Linear) -> Tensor:
        """Return the mixed states of the words of a batch [words, size]."""
        ...


@torch.no_grad()
def soft_labels(teachers: Sequence[Teacher], article: ReaderArticle, pieces: Pieces) -> SoftLabels:
    """Return the mean of the teachers' probabilities for an article."""
    cues = np.zeros(len(article.words), dtype=np.float32)
    pairs: dict[int, tuple[int, NDArray[np.float16]]] = {}
    starts = article.starts
    for window in all_windows([article]):
        batch = reader_batch([window], {article.id: article.words}, pieces)
        begin = starts[window[1].start]
        inside = slice(starts[window[1].first] - begin, starts[window[1].last] - begin)
        with half_precision():
            states = [
                teacher.reader.contextual(teacher.words(batch, teacher.reader.mix), batch.quoted, batch.windows)
                for teacher in teachers
            ]
            found = mean([t.reader.cues(own).sigmoid() for t, own in zip(teachers, states, strict=True)])[0]
            cues[begin + inside.start : begin + inside.stop] = found[inside].cpu().numpy()
            likely = found >= LIKELY
            likely[: inside.start] = likely[inside.stop :] = False
            places = likely.nonzero().flatten()
            if not len(places):
                continue
            rows = torch.zeros_like(places)
            read = [t.reader.pairs(own, batch.windows, rows, places) for t, own in zip(teachers, states, strict=True)]
        positions, real, _ = read[0]
        scores = mean([one[2].sigmoid() for one in read])
        for cue, first, count, own in zip(
            places.tolist(), positions[:, 0].tolist(), real.sum(1).tolist(), scores.half().cpu().numpy(), strict=True
        ):
            pairs[begin + cue] = (begin + first, own[:count])
    return SoftLabels(cues.astype(np.float16), pairs)


def mean(values: Sequence[Tensor]) -> Tensor:
    """Return the mean, in float32."""
    return torch.stack([value.float() for value in values]).mean(0)


def save_labels(labels: Mapping[str, SoftLabels], file: Path) -> None:
    """Write the labels of articles, by their id."""
    arrays: dict[str, Any] = {}
    for name, own in labels.items():
        arrays[f"{name} cues"] = own.cues
        arrays[f"{name} places"] = np.array([(cue, first, len(of)) for cue, (first, of) in own.pairs.items()], np.int32)
        arrays[f"{name} pairs"] = np.concatenate([np.zeros((0, 2), np.float16), *(of for _, of in own.pairs.values())])
    np.savez_compressed(file, **arrays)


def load_labels(file: Path) -> dict[str, SoftLabels]:
    """Read what `save_labels` has written."""
    with np.load(file) as arrays:
        names = [name.removesuffix(" cues") for name in arrays.files if name.endswith(" cues")]
        return {name: SoftLabels(arrays[f"{name} cues"], dict(_pairs(arrays, name))) for name in names}


def _pairs(arrays: Any, name: str) -> Iterator[tuple[int, tuple[int, NDArray[np.float16]]]]:
    scores, done = arrays[f"{name} pairs"], 0
    for cue, first, count in arrays[f"{name} places"].reshape(-1, 3).tolist():
        yield cue, (first, scores[done : done + count])
        done += count


def with_labels(articles: Sequence[ReaderArticle], folder: Path) -> list[ReaderArticle]:
    """Return `articles` with their labels from `folder`: all that are annotated, and the others that have labels."""
    labels = {name: own for file in sorted(folder.glob("labels-*.npz")) for name, own in load_labels(file).items()}
    return [
        replace(article, soft=labels.get(article.id))
        for article in articles
        if article.annotated or article.id in labels
    ]
