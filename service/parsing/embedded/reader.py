"""The reader: a small network on the encoder's states that reads who said what, without the dependency tree.

It gives the log-odds that each word is a cue, and for each likely cue, the log-odds that each word of its sentence and
of the sentences next to it belongs to its content and to its source. One transformer layer over windows of whole
sentences lets words see beyond their sentence; everything below it is shared with the tagger and the parser.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

WINDOW: Final = 288  # words whose scores a window gives
BEFORE: Final = 32  # words of context before them, in whole sentences
AFTER: Final = 48
_FULL: Final = 0.55  # share of a window from which it ends with a paragraph
SENTENCES: Final = 32  # of a window that are told apart by number
DISTANCES: Final = (1, 2, 3, 4, 5, 6, 8, 10, 13, 17, 22, 30, 40, 60, 90)
NEAR: Final = 1  # sentences before and after the cue's whose words are scored
KERNEL: Final = 5  # words
HEAD: Final = 32  # size of an attention head
_WIDTH: Final = 64  # windows are padded to multiples of it, so that products have few sizes


class Window(NamedTuple):
    """A window of the sentences [start, end), which gives the scores of the sentences [first, last)."""

    start: int
    first: int
    last: int
    end: int


def windows(lengths: Sequence[int], paragraphs: Sequence[int]) -> Iterator[Window]:
    """Divide an article into windows, which end with a paragraph where one ends near.

    `lengths` are the words of each sentence, `paragraphs` the paragraph of each.
    """
    first = 0
    while first < len(lengths):
        last, words = first, 0
        while last < len(lengths) and (last == first or words + lengths[last] <= WINDOW):
            words += lengths[last]
            last += 1
        if last < len(lengths):
            edge = last
            while edge > first + 1 and paragraphs[edge] == paragraphs[edge - 1]:
                edge -= 1
            if edge > first + 1 and sum(lengths[first:edge]) > _FULL * WINDOW:
                last = edge
        start, before = first, 0
        while start > 0 and before + lengths[start - 1] <= BEFORE:
            start -= 1
            before += lengths[start]
        end, after = last, 0
        while end < len(lengths) and after + lengths[end] <= AFTER:
            after += lengths[end]
            end += 1
        yield Window(start, first, last, end)
        first = last


class WindowBatch(NamedTuple):
    """Windows of one width [windows, width], padded at their end.

    `words` are numbers of words in the article, `sentences` numbers of sentences in the window; `real` is false for
    padding. `inside` marks the words whose scores the window gives.
    """

    words: Tensor
    sentences: Tensor
    real: Tensor
    inside: Tensor


def batched(group: Sequence[Window], lengths: Sequence[int], offset: int = 0) -> WindowBatch:
    """Return the words of windows of an article; `offset` is added to their numbers."""
    starts = np.concatenate([[0], np.cumsum(lengths)])
    width = max(int(starts[item.end] - starts[item.start]) for item in group)
    width = -(-width // _WIDTH) * _WIDTH
    words, sentences = np.zeros((2, len(group), width), dtype=np.int64)
    real, inside = np.zeros((2, len(group), width), dtype=bool)
    for row, one in enumerate(group):
        begin, size = starts[one.start], int(starts[one.end] - starts[one.start])
        words[row, :size] = np.arange(begin, begin + size) + offset
        numbers = np.repeat(np.arange(one.end - one.start), lengths[one.start : one.end])
        sentences[row, :size] = numbers
        real[row, :size] = True
        inside[row, starts[one.first] - begin : starts[one.last] - begin] = True
    return WindowBatch(*map(torch.from_numpy, (words, sentences, real, inside)))


class Reader(nn.Module):
    """The layer over windows, the cue head and the pair head."""

    def __init__(
        self, size: int, layers: int, attended: int = 256, inner: int = 512, hidden: int = 128, dropout: float = 0.1
    ) -> None:
        """Take the `size` and number of the encoder's states, embeddings included."""
        super().__init__()
        self.mix = nn.Linear(layers, 1, bias=False)
        self.quoted = nn.Embedding(2, size)
        self.order = nn.Embedding(SENTENCES, size)
        self.norm = nn.LayerNorm(size)
        self.attend = nn.Linear(size, 3 * attended)
        self.attended = nn.Linear(attended, size)
        self.attended_norm = nn.LayerNorm(size)
        self.widen = nn.Linear(size, inner)
        self.narrow = nn.Linear(inner, size)
        self.narrow_norm = nn.LayerNorm(size)
        self.cue_hidden = nn.Linear(size, hidden)
        self.cue = nn.Linear(hidden, 1)
        self.of_word = nn.Linear(size, 2 * hidden)
        self.of_cue = nn.Linear(size, 2 * hidden)
        self.distance = nn.Embedding(2 * len(DISTANCES) + 3, hidden)
        self.sentence = nn.Embedding(2 * NEAR + 1, hidden)
        self.kernel = nn.Parameter(torch.full((KERNEL, hidden), 1 / KERNEL))
        self.middle = nn.Linear(hidden, hidden)
        self.pair = nn.Linear(hidden, 2)
        self.dropout = nn.Dropout(dropout)
        self._heads = attended // HEAD
        nn.init.zeros_(self.mix.weight)  # the states are mixed evenly, as in Stanza: `mix` is added to that
        for table in (self.quoted, self.order, self.distance, self.sentence):
            nn.init.normal_(table.weight, std=0.1)
        nn.init.constant_(self.cue.bias, -3.0)
        nn.init.constant_(self.pair.bias, -2.0)

    def contextual(self, words: Tensor, quoted: Tensor, batch: WindowBatch) -> Tensor:
        """Return the states of the words of each window [windows, width, size].

        `words` [words, size] are mixed encoder states; `quoted` [words] is 1 inside quotation marks.
        """
        states = words[batch.words] + self.quoted(quoted)[batch.words]
        states = self.norm(states + self.order(batch.sentences.clamp(max=SENTENCES - 1)))
        windows, width, _ = states.shape
        attended = self.attend(states).view(windows, width, 3, self._heads, HEAD)
        query, key, value = attended.permute(2, 0, 3, 1, 4)
        mask = batch.real[:, None, None, :]
        mixed = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask).transpose(1, 2).flatten(2)
        states = self.attended_norm(self.dropout(self.attended(mixed)) + states)
        states = self.narrow_norm(self.dropout(self.narrow(functional.gelu(self.widen(states)))) + states)
        result: Tensor = self.dropout(states)
        return result

    def cues(self, states: Tensor) -> Tensor:
        """Return the log-odds that each word is a cue, without the last dimension of `states`."""
        result: Tensor = self.cue(self.dropout(functional.gelu(self.cue_hidden(states)))).squeeze(-1)
        return result

    def pairs(self, states: Tensor, batch: WindowBatch, rows: Tensor, cues: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Read the content and source of the cues at (`rows`, `cues`) of `states` [windows, width, size].

        Returns the positions in the window of the words near each cue [cues, near], which of them are not padding, and
        their log-odds to be in the content and in the source [cues, near, 2].
        """
        width = states.shape[1]
        apart = batch.sentences[rows] - batch.sentences[rows, cues][:, None]
        near = (apart.abs() <= NEAR) & batch.real[rows]
        first, count = near.int().argmax(1), near.sum(1)
        positions = first[:, None] + torch.arange(int(count.max()))
        real = positions < (first + count)[:, None]
        positions = positions.clamp(max=width - 1)
        flat = rows[:, None] * width + positions
        plain, scaled = self.of_word(states).flatten(0, 1)[flat].chunk(2, -1)
        of_cue, scale = self.of_cue(states[rows, cues])[:, None].chunk(2, -1)
        steps = positions - cues[:, None]
        distance = torch.bucketize(steps.abs(), torch.tensor(DISTANCES), right=True) * steps.sign() + len(DISTANCES) + 1
        sentence = apart.gather(1, positions).clamp(-NEAR, NEAR) + NEAR
        joined = plain + of_cue + scaled * scale + self.distance(distance) + self.sentence(sentence)
        hidden = functional.gelu(joined) * real[..., None]
        padded = functional.pad(hidden, (0, 0, KERNEL // 2, KERNEL // 2))
        around = sum(padded[:, step : step + hidden.shape[1]] * self.kernel[step] for step in range(KERNEL))
        hidden = hidden + functional.gelu(self.middle(around))
        return positions, real, self.pair(self.dropout(hidden))


def quotation_flags(words: Sequence[str], paragraphs: Sequence[int]) -> list[int]:
    """Return 1 for each word inside quotation marks, marks included, and 0 for the others.

    `words` are as written; `paragraphs` is the paragraph of each word, at whose end every quotation ends.
    """
    result: list[int] = []
    inside, paragraph = False, -1
    for word, of_word in zip(words, paragraphs, strict=True):
        if of_word != paragraph:
            inside, paragraph = False, of_word
        before = inside
        if word in _OPENING:
            inside = True
        elif word in _CLOSING:
            inside = False
        elif word == '"':
            inside = not inside
        result.append(int(before or inside))
    return result


_OPENING: Final = frozenset({"“", "„", "«", "``"})
_CLOSING: Final = frozenset({"”", "»", "''"})
