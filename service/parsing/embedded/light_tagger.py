"""Tagging without recurrent layers: a feed-forward network on the encoder's states.

The encoder is uncased, so each word also has an embedding of its spelling: its shape (the pattern of capitals, digits
and punctuation), its affixes, and itself, if it is frequent. A convolution lets a word see two words on either side
in its sentence. `training.train_light_tagger` trains the network on a frozen encoder.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import safetensors.torch
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from service.parsing.embedded.taggers import Tag
from service.parsing.embedded.words import States
from service.parsing.packs import Pack

_KERNEL: Final = 5  # words
_SIDE: Final = _KERNEL // 2
_MAX_SHAPE_LENGTH: Final = 8
_CACHE_SIZE: Final = 50_000  # cached words
_HEADLINE: Final = 0.6  # share of a sentence's words with letters from which it is written like a headline
_MIN_WORDS_OF_HEADLINE: Final = 3  # words with letters for that
POSITIONS: Final = 6  # kinds of position: first word or not, in one of three kinds of sentence
_REPEATED: Final = re.compile(r"(.)\1{2,}")


def shape_of(word: str) -> str:
    """Return the pattern of a word: "X" for a capital, "x" for another letter, "d" for a digit, other characters as
    they are, and no more than two of the same in a row."""
    pattern = "".join(
        ("X" if letter.isupper() else "x") if letter.isalpha() else "d" if letter.isdigit() else letter
        for letter in word[: 4 * _MAX_SHAPE_LENGTH]
    )
    return _REPEATED.sub(r"\1\1", pattern)[:_MAX_SHAPE_LENGTH]


def spelling_of(word: str) -> tuple[str, ...]:
    """Return the features of a word's spelling, each of its own kind: shape, affixes, and the word itself."""
    small = word.lower()
    return (
        f"shape {shape_of(word)}", f"first2 {small[:2]}", f"first3 {small[:3]}", f"last1 {small[-1:]}",
        f"last2 {small[-2:]}", f"last3 {small[-3:]}", f"last4 {small[-4:]}", f"word {word}",
    )  # fmt: skip


class Spelling:
    """Maps words to the ids of their features. Unknown features of each kind have an id of their own."""

    def __init__(self, features: Sequence[str]) -> None:
        """`features` in the order of their ids; "shape ", "word " … stand for the unknown ones of their kind."""
        self._ids = {feature: number for number, feature in enumerate(features)}
        self._known: dict[str, tuple[list[int], int]] = {}

    def read(self, words: Sequence[str], lengths: Sequence[int]) -> tuple[Tensor, Tensor, Tensor]:
        """Read the words of sentences of these lengths, concatenated.

        Returns the features of each distinct word [distinct, features], which of these each word is [words], and the
        kind of each word's position [words].
        """
        if len(self._known) > _CACHE_SIZE:
            self._known.clear()
        distinct = {word: number for number, word in enumerate(dict.fromkeys(words))}
        for word in distinct:
            if word not in self._known:
                self._known[word] = self._features(word), _case(word)
        result = [self._known[word] for word in distinct]
        numbers = np.fromiter(map(distinct.__getitem__, words), np.int64, len(words))
        cases = np.array([case for _, case in result])[numbers]
        ids = torch.tensor([features for features, _ in result])
        return ids, torch.from_numpy(numbers), torch.from_numpy(_positions(cases, np.asarray(lengths)))

    def _features(self, word: str) -> list[int]:
        return [
            result if (result := self._ids.get(feature)) is not None else self._ids[feature[: feature.index(" ") + 1]]
            for feature in spelling_of(word)
        ]


def _case(word: str) -> int:
    """Return 0 without letters, 1 for a small first letter, 2 for a capital one, 3 for several letters, all capital."""
    letter = next(filter(str.isalpha, word), None)
    if letter is None:
        return 0
    return 1 if not letter.isupper() else 3 if len(word) > 1 and word.isupper() else 2


def _positions(cases: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the kind of each word's position, from the case of each word: in a usual sentence, in one with
    capitalized words like a headline, or in one in capitals; and whether it is the first word."""
    starts = np.cumsum(lengths) - lengths
    written, capitalized, capital = (np.add.reduceat((cases >= least).astype(np.int64), starts) for least in (1, 2, 3))
    fewest = np.where(written < _MIN_WORDS_OF_HEADLINE, np.inf, _HEADLINE * written)
    kinds = (capitalized >= fewest).astype(np.int64) + (capital >= fewest)
    positions: NDArray[np.int64] = np.repeat(2 * kinds, lengths)
    positions[starts] += 1
    return positions


class TaggerNetwork(nn.Module):
    """Scores the classes of each word, from its encoder states, its spelling and its neighbours."""

    def __init__(
        self, size: int, layers: int, features: int, classes: int, hidden: int = 128, embedded: int = 48,
        dropout: float = 0.0,
    ) -> None:  # fmt: skip
        """Take the `size` and number of the encoder's states, and the number of features of spelling."""
        super().__init__()
        self.mix = nn.Linear(layers, 1, bias=False)
        self.spelling = nn.Embedding(features, embedded)
        self.position = nn.Embedding(POSITIONS, hidden)
        self.of_state = nn.Linear(size, hidden)
        self.of_spelling = nn.Linear(embedded, hidden, bias=False)
        self.kernel = nn.Parameter(torch.full((_KERNEL, hidden), 1 / _KERNEL))
        self.middle = nn.Linear(hidden, hidden)
        self.scores = nn.Linear(hidden, classes)
        self.dropout = nn.Dropout(dropout)
        nn.init.zeros_(self.mix.weight)  # the states are mixed evenly, as in Stanza: `mix` is added to that
        nn.init.normal_(self.spelling.weight, std=0.1)
        nn.init.normal_(self.position.weight, std=0.1)

    @classmethod
    def load(cls, weights: Mapping[str, Tensor]) -> "TaggerNetwork":
        """Return the network with these weights."""
        hidden, size = weights["of_state.weight"].shape
        features, embedded = weights["spelling.weight"].shape
        layers, classes = weights["mix.weight"].shape[1], len(weights["scores.bias"])
        network = cls(size, layers, features, classes, hidden, embedded)
        network.load_state_dict({name: values.float() for name, values in weights.items()})
        return network.requires_grad_(False).eval()

    def forward(self, states: Tensor, spelled: tuple[Tensor, Tensor, Tensor], lengths: Sequence[int]) -> Tensor:
        """Return the score of each class for each word [words, classes].

        `states` [words, size] are mixed encoder states of sentences of these lengths, `spelled` is the
        result of `Spelling.read` for their words.
        """
        features, numbers, positions = spelled
        of_distinct = self.of_spelling(self.dropout(self.spelling(features).sum(1)))
        hidden = self.of_state(self.dropout(states)) + of_distinct.index_select(0, numbers) + self.position(positions)
        hidden = functional.gelu(hidden)
        hidden = hidden + functional.gelu(self.middle(self.dropout(self._around(hidden, lengths))))
        result: Tensor = self.scores(self.dropout(hidden))
        return result

    def _around(self, hidden: Tensor, lengths: Sequence[int]) -> Tensor:
        """Return the sum of each word and its neighbours, weighted by the kernel."""
        counts = torch.tensor(lengths)
        sentence = torch.repeat_interleave(torch.arange(len(lengths)), counts)
        places = torch.arange(len(hidden)) + _SIDE * (sentence + 1)
        # zeros between sentences, so that no word sees those of another
        apart = hidden.new_zeros(len(hidden) + _SIDE * (len(lengths) + 1), hidden.shape[1])
        apart = apart.index_copy(0, places, hidden)
        width = len(apart) - _KERNEL + 1
        around = apart[:width] * self.kernel[0]
        for step in range(1, _KERNEL):
            around = around.addcmul(apart[step : step + width], self.kernel[step])
        return around.index_select(0, places - _SIDE)


class LightTagger:
    """Tags words: one class for each combination of part of speech, Penn tag and features."""

    def __init__(self, network: TaggerNetwork, spelling: Spelling, tags: Sequence[Sequence[str]]) -> None:
        """`tags` are the combinations in the order of the network's classes."""
        self._network, self._spelling = network, spelling
        self._tags = [Tag(*tag) for tag in tags]

    @classmethod
    def load(cls, weights: Mapping[str, Tensor], vocabulary: Mapping[str, Any]) -> "LightTagger":
        """Return the tagger as `training.train_light_tagger` writes it."""
        return cls(TaggerNetwork.load(weights), Spelling(vocabulary["features"]), vocabulary["tags"])

    def tag(self, words: Sequence[str], states: States) -> list[Tag]:
        """Return a tag for each of `words`, those of all sentences concatenated."""
        spelled = self._spelling.read(words, states.lengths)
        scores = self._network(states.of_words(self._network.mix.weight[0]), spelled, states.lengths)
        return [self._tags[number] for number in scores.argmax(1).tolist()]


def open_light_tagger(pack: Pack) -> LightTagger | None:
    """Load the light tagger of a verified pack; None if it has none."""
    files = pack.encoder.get("light_tagger")
    if files is None:
        return None
    weights = safetensors.torch.load_file(pack.path(files["weights"]))
    return LightTagger.load(weights, json.loads(pack.path(files["vocabulary"]).read_bytes()))
