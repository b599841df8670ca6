"""Build training batches for the parser, the tagger and the entity recognizer from the same examples.

Stanza has a loader for each head, and each orders and truncates the same sentences in its own way. Here a sentence is
converted once with the vocabularies of all heads, and a batch, longest sentence first, is converted to the inputs of
each of Stanza's models.
"""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import torch
from stanza.models.common.data import get_long_tensor, sort_all
from stanza.models.ner.utils import bio2_to_bioes
from torch import Tensor

from training.corpora.conllu import Sentence
from training.encoder import WordPieces
from training.recipe import recipe
from training.train_ner import tags_of
from training.train_tagger import plain

_RECIPE: Final = recipe("lessons")
JITTER: Final[int] = _RECIPE[
    "jitter"
]  # words: sentences of nearly the same length are shuffled among each other in each epoch


@dataclass(frozen=True, slots=True)
class TrainingExample:
    """A sentence as ids.

    `places` are the positions of its start, of each word's last subword and of its end. `names` is None if it is not
    annotated with names.
    """

    words: tuple[str, ...]
    pieces: list[int]
    places: list[int]
    heads: list[int]
    relations: list[int]
    tags: tuple[list[int], list[int], list[list[int]]]
    letters: list[list[int]]
    name_letters: list[list[int]]
    names: list[list[int]] | None


class ExampleBuilder:
    """Converts sentences to training examples."""

    def __init__(self, pieces: WordPieces, parser: Mapping[str, Any], tagger: Mapping[str, Any], ner: Any) -> None:
        """Take the subword tokenizer, and the vocabularies of the three heads."""
        begin, end = pieces([""]).input_ids[0]
        self._ends = begin, end
        self._relations = parser["deprel"]
        self._tags = [tagger[column] for column in ("upos", "xpos", "feats")]
        self._names = ner["tag"]

        @cache
        def pieces_of(word: str) -> tuple[int, ...]:
            (result,) = pieces([[word]], is_split_into_words=True).input_ids
            return tuple(result[1:-1]) or pieces_of("-")  # as at run time

        self._pieces_of = pieces_of
        self._letters_of = cache(lambda word: tagger["char"].map(list(word)))
        self._name_letters_of = cache(lambda word: ner["char"].map(list(word)))

    def examples(self, sentences: Iterable[Sentence]) -> Iterator[TrainingExample]:
        """Yield an example for each sentence that fits the encoder."""
        for sentence in sentences:
            example = self._example(sentence)
            if len(example.pieces) <= WordPieces.model_max_length:
                yield example

    def _example(self, sentence: Sentence) -> TrainingExample:
        rows = plain(sentence).words()
        words = tuple(row[1] for row in rows)
        begin, end = self._ends
        pieces, places = [begin], [0]
        for word in words:
            pieces += self._pieces_of(word)
            places.append(len(pieces) - 1)
        upos, xpos, feats = (
            vocabulary.map([row[column] for row in rows])
            for vocabulary, column in zip(self._tags, (3, 4, 5), strict=True)
        )
        names = tags_of(sentence)
        return TrainingExample(
            words,
            [*pieces, end],
            [*places, len(pieces)],
            [int(row[6]) for row in rows],
            self._relations.map([row[7] for row in rows]),
            (upos, xpos, feats),
            [self._letters_of(word) for word in words],
            [self._name_letters_of(word) for word in words],
            None if names is None else self._names.map([(tag,) for tag in bio2_to_bioes(names)]),
        )


def shuffled(examples: Sequence[TrainingExample], most: int, seed: int) -> list[list[TrainingExample]]:
    """Batch all examples, of at most `most` words each, except for a single longer one: similar lengths together, the
    batches in an order seeded by `seed`, the longest sentence of each first."""
    rng = random.Random(seed)
    batches: list[list[TrainingExample]] = []
    full = most
    for example in sorted(examples, key=lambda example: len(example.words) + rng.uniform(0, JITTER)):
        if full + len(example.words) > most:
            batches.append([])
            full = 0
        batches[-1].append(example)
        full += len(example.words)
    rng.shuffle(batches)
    return [sorted(batch, key=lambda example: -len(example.words)) for batch in batches]


def for_parser(batch: Sequence[TrainingExample]) -> tuple[Any, ...]:
    """Return the arguments of Stanza's graph parser, in order. It uses no character model, tags or lemmas."""
    lengths = [len(example.words) + 1 for example in batch]
    mask = torch.arange(lengths[0]) >= torch.tensor(lengths)[:, None]
    heads = get_long_tensor([example.heads for example in batch], len(batch))
    relations = get_long_tensor([example.relations for example in batch], len(batch))
    text = [example.words for example in batch]
    return mask.long(), mask, *[None] * 7, heads, relations, None, lengths, None, text


def for_tagger(batch: Sequence[TrainingExample]) -> dict[str, Any]:
    """Return the arguments of Stanza's tagger."""
    lengths = [len(example.words) for example in batch]
    mask = torch.arange(lengths[0]) >= torch.tensor(lengths)[:, None]
    return character_inputs([example.letters for example in batch]) | {
        "word": mask.long(),
        "word_mask": mask,
        "tags": [get_long_tensor([example.tags[column] for example in batch], len(batch)) for column in range(3)],
        "pretrained": None,
        "sentlens": lengths,
        "text": [example.words for example in batch],
    }


def for_names(batch: Sequence[TrainingExample]) -> dict[str, Any]:
    """Return the arguments of Stanza's entity tagger, for a batch with names."""
    unused = dict.fromkeys("chars charoffsets charlens char_orig_idx".split(), None)
    return character_inputs([example.name_letters for example in batch]) | unused | {
        "sentences": [example.words for example in batch],
        "tags": get_long_tensor([example.names for example in batch], len(batch)),
        "sentlens": [len(example.words) for example in batch],
    }  # fmt: skip


def character_inputs(sentences: Iterable[list[list[int]]]) -> dict[str, Any]:
    """Return the characters of each word, longest words first, as Stanza's character models take them."""
    words = [word for sentence in sentences for word in sentence]
    (words,), order = sort_all([words], list(map(len, words)))
    letters: Tensor = get_long_tensor(words, len(words))
    return {
        "wordchars": letters,
        "wordchars_mask": letters == 0,
        "word_orig_idx": order,
        "wordlens": list(map(len, words)),
    }
