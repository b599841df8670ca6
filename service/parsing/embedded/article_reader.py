"""Runs the reader's network on whole articles: the same computation as `reader.Reader`, without padding.

The words of several windows are rows of one matrix, so that all but the attention is computed for many words at once.
The scores of pairs of a cue and a word are computed only for the words near each cue.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from service.parsing.chunks import in_groups
from service.parsing.embedded.arithmetic import FLOAT32, Arithmetic
from service.parsing.embedded.encoder import DEVIATIONS, INPUTS, STEP, WIDEST, affine, parts
from service.parsing.embedded.reader import DISTANCES, HEAD, KERNEL, NEAR, SENTENCES, Reader, Window, windows
from service.parsing.tree import ArticleWordIndex, CueReaderOutput, ReaderOutput

LIKELY: Final = -3.5  # log-odds of a cue from which its content and source are read
_ROWS_AT_ONCE: Final = 1024  # rows of windows that are computed together, except for a single long window
_PAIRS_AT_ONCE: Final = 4096
_SIDE: Final = KERNEL // 2
_LOWEST_GELU: Final = -0.17
_MIXED_DEVIATIONS: Final = 3.0  # attention averages values, so that they reach less far than `DEVIATIONS`

Numbers = NDArray[np.int64]
Product = Callable[[Tensor], Tensor]


class WindowRows(NamedTuple):
    """The words of some windows, one after the other.

    `words` are their numbers in the article and `sentences` those of their sentences in the window, both padded with
    zeros [rows]; `firsts` is the first row of each window, and the first one after the last window.
    """

    windows: Sequence[Window]
    words: Numbers
    sentences: Numbers
    firsts: Sequence[int]


def window_rows(group: Sequence[Window], starts: Numbers, sentence_of: Numbers) -> WindowRows:
    """Return the rows of windows, given the first word of each sentence and the sentence of each word."""
    sizes = [int(starts[item.end] - starts[item.start]) for item in group]
    count = sum(sizes)
    words, sentences = np.zeros((2, -(-count // STEP) * STEP), dtype=np.int64)
    words[:count] = np.concatenate([np.arange(starts[item.start], starts[item.end]) for item in group])
    sentences[:count] = sentence_of[words[:count]] - np.repeat([item.start for item in group], sizes)
    return WindowRows(group, words, sentences, [0, *np.cumsum(sizes).tolist()])


class ArticleReader:
    """Reads articles with the weights of a `Reader`."""

    def __init__(self, network: Reader, arithmetic: Arithmetic = FLOAT32) -> None:
        """Prepare the large products in `arithmetic`; everything else is computed in float32.

        They are quantized, if `arithmetic` is: the ranges of their inputs follow from the weights.
        """
        self._network = network
        self.mix = network.mix.weight[0]
        dtype: torch.dtype = getattr(torch, arithmetic.dtype)
        weights = {name: values.to(dtype) for name, values in network.state_dict().items()}
        if arithmetic.quantized:
            weights |= input_ranges(weights)

        def product(*names: str, widest: int = 0) -> Product:
            of_dtype = affine(weights, names, arithmetic, widest)
            return lambda states: of_dtype(states.to(dtype))

        self._attend, self._attended = product("attend"), product("attended")
        self._widen, self._narrow = product("widen"), product("narrow", widest=WIDEST)
        self._cue_and_word = product("cue_hidden", "of_word")
        self._hidden = len(network.cue_hidden.bias)
        # the sum of both tables for each combination of distance and sentence
        self._places = (network.distance.weight[:, None] + network.sentence.weight).flatten(0, 1)

    def read(
        self,
        words: Tensor,
        quoted: Tensor,
        lengths: Sequence[int],
        paragraphs: Sequence[int],
        check: Callable[[], None] = lambda: None,
    ) -> ReaderOutput:
        """Read an article.

        Args:
            words: The mixed encoder states of all words [words, size].
            quoted: 1 for each word inside quotation marks [words].
            lengths: The words of each sentence.
            paragraphs: The paragraph of each sentence.
            check: Called before each group of windows, to stop the work.
        """
        starts: Numbers = np.concatenate([[0], np.cumsum(lengths)])
        sentence_of = np.repeat(np.arange(len(lengths)), lengths)
        result = np.zeros(len(words), dtype=np.float32)
        pairs: dict[ArticleWordIndex, CueReaderOutput] = {}

        def size_of(window: Window) -> int:
            return int(starts[window.end] - starts[window.start])

        for group in in_groups(windows(lengths, paragraphs), size_of, _ROWS_AT_ONCE):
            check()
            rows = window_rows(group, starts, sentence_of)
            states, scores, of_words = self._states(words, quoted, rows)
            cues: list[tuple[int, Window, int]] = []  # each likely cue, its window, and the first row of that
            for window, first in zip(group, rows.firsts, strict=False):
                inside = slice(starts[window.first], starts[window.last])
                offset = first - starts[window.start]
                result[inside] = own = scores[inside.start + offset : inside.stop + offset]
                cues += [(int(cue), window, first) for cue in inside.start + np.flatnonzero(own >= LIKELY)]
            if cues:
                pairs.update(self._pairs(states, of_words, cues, starts, sentence_of))
        return ReaderOutput(tuple(starts[:-1].tolist()), result, pairs)

    def _states(self, words: Tensor, quoted: Tensor, rows: WindowRows) -> tuple[Tensor, NDArray[np.float32], Tensor]:
        """Return the states of all rows [rows, size], the log-odds that each is a cue, and the vectors of words."""
        network = self._network
        numbers, sentences = torch.from_numpy(rows.words), torch.from_numpy(rows.sentences.clip(max=SENTENCES - 1))
        quotation = quoted.index_select(0, numbers)
        states = words.new_empty(len(numbers), words.shape[1])
        attended: list[Tensor] = []
        for part in parts(len(states)):
            own = words.index_select(0, numbers[part]).add_(network.quoted(quotation[part]))
            own = network.norm(own.add_(network.order(sentences[part])))
            states[part] = own
            attended.append(self._attend(own))
        mixed = _attention(torch.cat(attended).float(), rows.firsts)
        scores = words.new_empty(len(states))
        of_words = words.new_empty(len(states), len(network.of_word.bias))
        for part in parts(len(states)):
            own = network.attended_norm(self._attended(mixed[part]).float().add_(states[part]))
            own = network.narrow_norm(self._narrow(functional.gelu(self._widen(own))).float().add_(own))
            states[part] = own
            of_cue, of_words[part] = torch.split(self._cue_and_word(own).float(), [self._hidden, of_words.shape[1]], 1)
            scores[part] = network.cue(functional.gelu(of_cue)).squeeze(-1)
        return states, scores.numpy(), of_words

    def _pairs(
        self,
        states: Tensor,
        of_words: Tensor,
        cues: Sequence[tuple[int, Window, int]],
        starts: Numbers,
        sentence_of: Numbers,
    ) -> Iterator[tuple[ArticleWordIndex, CueReaderOutput]]:
        """Yield the network's output for the words near each of `cues`: those of its sentence and of the sentences next
        to it, in the cue's window."""
        numbers, offsets, own, first, last = np.array([
            (
                cue,
                row - starts[window.start],
                sentence := sentence_of[cue],
                starts[max(window.start, sentence - NEAR)],
                starts[min(window.end, sentence + NEAR + 1)],
            )
            for cue, window, row in cues
        ]).T  # fmt: skip
        of_cues = self._network.of_cue(states[torch.from_numpy(numbers + offsets)])
        sizes = last - first
        for group in _batches(sizes):
            # Rows: for each cue, `_SIDE` rows of zeros and its words; then `_SIDE` more.
            spaced = sizes[group] + _SIDE
            ends = np.cumsum(spaced)
            cue = np.repeat(np.arange(len(spaced)), spaced)
            words = np.arange(len(cue)) - (ends - spaced)[cue] - _SIDE + first[group][cue]
            apart = words < first[group][cue]
            words = np.maximum(words, first[group][cue])
            steps = words - numbers[group][cue]
            distance = _DISTANCE[np.minimum(np.abs(steps), len(_DISTANCE) - 1)] * np.sign(steps) + len(DISTANCES) + 1
            sentence = sentence_of[words] - own[group][cue] + NEAR
            hidden = self._joined(
                of_words.index_select(0, torch.from_numpy(words + offsets[group][cue])),
                of_cues[group].index_select(0, torch.from_numpy(cue)),
                torch.from_numpy(distance * (2 * NEAR + 1) + sentence),
            )
            hidden[torch.from_numpy(np.flatnonzero(apart))] = 0
            scores = self._scores(functional.pad(hidden, (0, 0, 0, _SIDE))).half().numpy()
            for number, word, size, end in zip(
                numbers[group].tolist(), first[group].tolist(), sizes[group].tolist(), ends.tolist(), strict=True
            ):
                of_cue = scores[end - size - _SIDE : end - _SIDE]
                yield ArticleWordIndex(number), CueReaderOutput(ArticleWordIndex(word), of_cue[:, 0], of_cue[:, 1])

    def _joined(self, of_words: Tensor, of_cues: Tensor, places: Tensor) -> Tensor:
        """Join the vectors of words, cues and places of pairs [pairs, hidden], the first two with a scale."""
        (plain, scaled), (of_cue, scale) = of_words.chunk(2, -1), of_cues.chunk(2, -1)
        joined = self._places.index_select(0, places).add_(plain).add_(of_cue).addcmul_(scaled, scale)
        return functional.gelu(joined)

    def _scores(self, hidden: Tensor) -> Tensor:
        """Return the log-odds of pairs [pairs, 2] from their `hidden` vectors, which have `_SIDE` more at each end."""
        network, count = self._network, len(hidden) - 2 * _SIDE
        around = hidden[:count] * network.kernel[0]
        for step in range(1, KERNEL):
            around.addcmul_(hidden[step : step + count], network.kernel[step])
        result: Tensor = network.pair(functional.gelu(network.middle(around)).add_(hidden[_SIDE : _SIDE + count]))
        return result


def input_ranges(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return the ranges of the inputs of each large product, named as `affine` reads them.

    Normalized states have the mean and the standard deviation of the norm's bias and weight. Those of linear layers
    follow if the channels are independent, which they are not quite; what is beyond the ranges is cut.
    """
    values = slice(-weights["attended.weight"].shape[1], None)  # of queries, keys and values
    mixed = _projected(weights["attend.weight"][values], weights["attend.bias"][values], *_normalized(weights, "norm"))
    mean, deviation = _projected(weights["widen.weight"], weights["widen.bias"], *_normalized(weights, "attended_norm"))
    highest = functional.gelu(mean + DEVIATIONS * deviation).clamp(min=0)
    result = {"narrow": (torch.full_like(mean, _LOWEST_GELU), highest, _mean_gelu(mean, deviation))}
    for name, (mean, deviation), reach in (
        ("attend", _normalized(weights, "norm"), DEVIATIONS),
        ("attended", mixed, _MIXED_DEVIATIONS),
        ("widen", _normalized(weights, "attended_norm"), DEVIATIONS),
        ("cue_hidden", _normalized(weights, "narrow_norm"), DEVIATIONS),
    ):
        result[name] = mean - reach * deviation, mean + reach * deviation, mean
    return {
        f"{name}.input_{part}": one for name, ranges in result.items() for part, one in zip(INPUTS, ranges, strict=True)
    }


def _normalized(weights: Mapping[str, Tensor], norm: str) -> tuple[Tensor, Tensor]:
    return weights[f"{norm}.bias"], weights[f"{norm}.weight"].abs()


def _projected(weight: Tensor, bias: Tensor, mean: Tensor, deviation: Tensor) -> tuple[Tensor, Tensor]:
    """Return the mean and standard deviation of a linear layer's outputs, given those of its inputs."""
    return weight @ mean + bias, (weight * deviation).square().sum(1).sqrt()


def _mean_gelu(mean: Tensor, deviation: Tensor) -> Tensor:
    """Return the mean of GELU of normally distributed values."""
    wider = (1 + deviation.square()).sqrt()
    at = mean / wider
    density = torch.exp(-at.square() / 2) / math.sqrt(2 * math.pi)
    result: Tensor = mean * torch.special.ndtr(at) + deviation.square() / wider * density
    return result


_DISTANCE: Final = np.searchsorted(DISTANCES, np.arange(DISTANCES[-1] + 1), side="right")


def _attention(attended: Tensor, firsts: Sequence[int]) -> Tensor:
    """Return multi-head attention within each window, given the queries, keys and values [rows, 3 × size] and the first
    row of each window: [rows, size]."""
    size = attended.shape[1] // 3
    result = attended.new_zeros(len(attended), size)
    for first, last in pairwise(firsts):
        query, key, value = attended[first:last].view(1, last - first, 3, -1, HEAD).permute(2, 0, 3, 1, 4)
        mixed = functional.scaled_dot_product_attention(query, key, value)
        result[first:last] = mixed[0].transpose(0, 1).flatten(1)
    return result


def _batches(sizes: Numbers) -> Iterator[slice]:
    """Divide cues with `sizes` pairs each into batches of about `_PAIRS_AT_ONCE`, of one cue at least."""
    number = np.cumsum(sizes) // _PAIRS_AT_ONCE
    cuts = [0, *(np.flatnonzero(np.diff(number)) + 1).tolist(), len(sizes)]
    return (slice(first, last) for first, last in pairwise(cuts))
