"""Training data of the light heads: sentences with the encoder's states, which are computed once."""

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Final

import torch
from stanza.models.ner.utils import bio2_to_bioes
from torch import Tensor

from service.parsing.embedded.entities import Name, NameFinder
from service.parsing.embedded.light_heads import OUTSIDE, spelling_of
from service.parsing.embedded.subwords import WordEncoder
from training.corpora.conllu import Sentence
from training.recipe import recipe
from training.train_ner import tags_of
from training.train_tagger import plain

_RECIPE: Final = recipe("light_heads_data")
FEWEST: Final[int] = _RECIPE["fewest"]  # occurrences of a feature of spelling
FEWEST_TAGS: Final[int] = _RECIPE["fewest_tags"]  # occurrences of a combination of tags in the treebanks
BATCH: Final[int] = _RECIPE["batch"]  # words
JITTER: Final[int] = _RECIPE["jitter"]  # words by which lengths in a batch differ
GOLD_WEIGHT: Final[float] = _RECIPE["gold_weight"]  # of a treebank's sentence; 1 of a silver one
IGNORED: Final = -100  # torch's class of words without one
KINDS: Final = ("person", "organization", "place")
NAMES: Final = (OUTSIDE, *(f"{part}-{kind}" for kind in KINDS for part in "BIES"))
ENCODED: Final = 8_000  # words encoded at once
WEIGHTS: Final = "light_heads.safetensors"
VOCABULARY: Final = "light_heads.json"
SEED: Final[int] = _RECIPE["seed"]


@dataclass(frozen=True, slots=True)
class Annotated:
    """A sentence: its words, their combinations of tags, their BIOES tags if it has names, and its weight."""

    words: list[str]
    tags: list[tuple[str, str, str]]
    names: list[str] | None
    weight: float


@dataclass(frozen=True, slots=True)
class Batch:
    """Sentences, concatenated: `states` [layers, words, size]; the `weights` of sentences; each word's class for both
    heads, or `IGNORED`."""

    words: list[str]
    lengths: list[int]
    states: Tensor
    tags: Tensor
    names: Tensor
    weights: Tensor


class TrainingSet:
    """All training sentences with their states, in memory."""

    def __init__(self, sentences: Sequence[Annotated], states: Tensor, tags: Sequence[tuple[str, str, str]]) -> None:
        """`states` [layers, words, size] are those of all words, `tags` the classes."""
        numbers = {tag: number for number, tag in enumerate(tags)}
        self._sentences, self._states = sentences, states
        self._tags = torch.tensor([numbers.get(tag, IGNORED) for one in sentences for tag in one.tags])
        self._names = torch.tensor(
            [NAMES.index(name) for one in sentences for name in one.names or [OUTSIDE] * len(one.words)]
        )
        self._starts = [0, *accumulate(len(one.words) for one in sentences)]

    def epochs(self) -> Iterator[Batch]:
        """Yield batches of sentences of similar length, epoch after epoch."""
        rng = random.Random(SEED)
        while True:
            batches: list[list[int]] = []
            full = BATCH
            lengths = [len(one.words) for one in self._sentences]
            for number in sorted(range(len(lengths)), key=lambda number: lengths[number] + rng.uniform(0, JITTER)):
                if full + lengths[number] > BATCH:
                    batches.append([])
                    full = 0
                batches[-1].append(number)
                full += lengths[number]
            rng.shuffle(batches)
            yield from map(self._batch, batches)

    def words(self) -> int:
        """Return the number of words."""
        return self._states.shape[1]

    def _batch(self, numbers: Sequence[int]) -> Batch:
        some = [self._sentences[number] for number in numbers]
        places = torch.cat([torch.arange(self._starts[number], self._starts[number + 1]) for number in numbers])
        return Batch(
            [word for one in some for word in one.words], [len(one.words) for one in some],
            self._states[:, places].float(), self._tags[places], self._names[places],
            torch.tensor([one.weight for one in some]),
        )  # fmt: skip


def annotated(sentence: Sentence) -> Annotated:
    """Return a treebank's or a silver sentence as the heads are trained on it."""
    rows, names = plain(sentence).words(), tags_of(sentence)
    return Annotated(
        [row[1] for row in rows],
        [(row[3], row[4], "" if row[5] == "_" else row[5]) for row in rows],
        None if names is None else bio2_to_bioes(names),
        1.0 if sentence.words()[0][9].startswith("Name=") else GOLD_WEIGHT,
    )


def encoded(sentences: Sequence[Annotated], encoder: WordEncoder, finder: NameFinder) -> tuple[list[Annotated], Tensor]:
    """Return the sentences, all with names, and the states of all their words [layers, words, size]."""
    found: list[Annotated] = []
    states = torch.empty(0)
    first = 0
    with torch.inference_mode():
        for some in chunks(sentences):
            words = [word for one in some for word in one.words]
            seen = encoder.encode([one.words for one in some])
            layers = seen.of_layers()
            if not found:
                total = sum(len(one.words) for one in sentences)
                states = torch.empty(len(layers), total, layers.shape[2], dtype=torch.half)
            states[:, first : first + len(words)] = layers
            first += len(words)
            guessed = finder.find(words, seen) if any(one.names is None for one in some) else [[]] * len(some)
            found += [
                one if one.names is not None else replace(one, names=bioes(names, len(one.words)))
                for one, names in zip(some, guessed, strict=True)
            ]
    return found, states


def chunks(sentences: Iterable[Annotated]) -> Iterator[list[Annotated]]:
    """Group the sentences into chunks of about `ENCODED` words."""
    chunk: list[Annotated] = []
    words = 0
    for sentence in sentences:
        chunk.append(sentence)
        words += len(sentence.words)
        if words >= ENCODED:
            yield chunk
            chunk, words = [], 0
    if chunk:
        yield chunk


def bioes(names: Iterable[Name], words: int) -> list[str]:
    """Return the BIOES tags of a sentence with these names."""
    tags = [OUTSIDE] * words
    for start, end, kind in names:
        parts = "S" if end - start == 1 else "B" + "I" * (end - start - 2) + "E"
        tags[start:end] = [f"{part}-{kind}" for part in parts]
    return tags


def vocabularies(sentences: Sequence[Annotated]) -> tuple[list[str], list[tuple[str, str, str]]]:
    """Return the features of spelling and the combinations of tags that are frequent enough, unknown features of each
    kind first."""
    spelled = Counter(feature for one in sentences for word in one.words for feature in spelling_of(word))
    unknown = [feature.partition(" ")[0] + " " for feature in spelling_of("-")]
    features = unknown + sorted(feature for feature, count in spelled.items() if count >= FEWEST)
    tagged = Counter(tag for one in sentences if one.weight == GOLD_WEIGHT for tag in one.tags)
    return features, sorted(tag for tag, count in tagged.items() if count >= FEWEST_TAGS)
