"""Train the light tagger (`service/parsing/embedded/light_tagger.py`) on a pack's frozen encoder.

    python -m training.train_light_tagger --work ../work --pack FOLDER

The states of all treebank and silver sentences are computed once and kept in memory (4 GB). Writes
`light_tagger.safetensors` and `light_tagger.json` in the work folder, where `training.pack` finds them;
`training.compare_taggers` compares it with the pack's tagger from Stanza.
"""

import argparse
import json
import random
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice
from pathlib import Path
from typing import Final

import torch
from safetensors.torch import save_file
from torch import Tensor
from torch.nn import functional

from service.parsing.chunks import in_groups
from service.parsing.embedded.arithmetic import arithmetic
from service.parsing.embedded.embedded_parser import open_pack
from service.parsing.embedded.light_tagger import Spelling, TaggerNetwork, spelling_of
from service.parsing.embedded.words import WordEncoder
from service.parsing.packs import read_pack
from training.corpora.conllu import Sentence
from training.frozen import training_data
from training.optimization import scheduled, swap, update_averages
from training.pack import LIGHT_TAGGER
from training.recipe import recipe
from training.train_tagger import plain

_RECIPE: Final = recipe("train_light_tagger")
MIN_COUNT: Final[int] = _RECIPE["min_count"]  # occurrences of a feature of spelling
MIN_TAG_COUNT: Final[int] = _RECIPE["min_tag_count"]  # occurrences of a combination of tags in the treebanks
BATCH: Final[int] = _RECIPE["batch"]  # words
JITTER: Final[int] = _RECIPE["jitter"]  # words by which lengths in a batch differ
GOLD_WEIGHT: Final[float] = _RECIPE["gold_weight"]  # of a treebank's sentence; 1 of a silver one
HIDDEN: Final[int] = _RECIPE["hidden"]
EMBEDDED: Final[int] = _RECIPE["embedded"]  # size of the embedding of a word's spelling
DROPOUT: Final[float] = _RECIPE["dropout"]
UNSPELLED: Final[float] = _RECIPE["unspelled"]  # share of features of spelling that are replaced by unknown ones
STEPS: Final[int] = _RECIPE["steps"]
RATE: Final[float] = _RECIPE["rate"]
WARMUP: Final[int] = _RECIPE["warmup"]
FINAL_SHARE: Final[float] = _RECIPE["final_share"]
AVERAGED: Final[float] = _RECIPE["averaged"]  # the moving average of the weights spans this share of the steps
DECAY: Final[float] = _RECIPE["decay"]
SEED: Final[int] = _RECIPE["seed"]
IGNORED: Final = -100  # torch's class of words without one
ENCODED: Final = 8_000  # words encoded at once

Combination = tuple[str, str, str]  # part of speech, Penn tag, features


@dataclass(frozen=True, slots=True)
class TaggedSentence:
    """A sentence: its words, the combination of tags of each, and the sentence's weight."""

    words: list[str]
    tags: list[Combination]
    weight: float


@dataclass(frozen=True, slots=True)
class Batch:
    """Sentences, concatenated: `states` [layers, words, size]; each word's class, or `IGNORED`; the `weights` of
    sentences."""

    words: list[str]
    lengths: list[int]
    states: Tensor
    tags: Tensor
    weights: Tensor


class TrainingSet:
    """All training sentences with their states, in memory."""

    def __init__(self, sentences: Sequence[TaggedSentence], states: Tensor, tags: Sequence[Combination]) -> None:
        """`states` [layers, words, size] are those of all words, `tags` the classes."""
        numbers = {tag: number for number, tag in enumerate(tags)}
        self._sentences, self._states = sentences, states
        self._tags = torch.tensor([numbers.get(tag, IGNORED) for sentence in sentences for tag in sentence.tags])
        self._starts = [0, *accumulate(len(sentence.words) for sentence in sentences)]

    def epochs(self) -> Iterator[Batch]:
        """Yield batches of sentences of similar length, epoch after epoch."""
        rng = random.Random(SEED)
        while True:
            batches: list[list[int]] = []
            full = BATCH
            lengths = [len(sentence.words) for sentence in self._sentences]
            for number in sorted(range(len(lengths)), key=lambda number: lengths[number] + rng.uniform(0, JITTER)):
                if full + lengths[number] > BATCH:
                    batches.append([])
                    full = 0
                batches[-1].append(number)
                full += lengths[number]
            rng.shuffle(batches)
            yield from map(self._batch, batches)

    def _batch(self, numbers: Sequence[int]) -> Batch:
        some = [self._sentences[number] for number in numbers]
        places = torch.cat([torch.arange(self._starts[number], self._starts[number + 1]) for number in numbers])
        return Batch(
            [word for item in some for word in item.words], [len(item.words) for item in some],
            self._states[:, places].float(), self._tags[places], torch.tensor([item.weight for item in some]),
        )  # fmt: skip


def main() -> None:
    """Run the command line."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--work", type=Path, default=Path("../work"))
    arguments.add_argument("--pack", type=Path, default=Path("service/parsing/packs/en_news"))
    arguments.add_argument("--steps", type=int, default=STEPS)
    arguments.add_argument("--threads", type=int, default=1)
    args = arguments.parse_args()
    began = time.monotonic()
    pack = read_pack(args.pack)
    _, encoder, *_ = open_pack(pack, args.threads, arithmetic())
    sentences = list(map(tagged, training_data(args.work / "data", True)))
    states = encoded(sentences, encoder)
    print(f"{time.monotonic() - began:.0f} s: {len(sentences)} sentences, {states.shape[1]} words encoded", flush=True)
    features, tags = vocabularies(sentences)
    torch.manual_seed(SEED)
    network = new_network(states.shape[2], len(states), len(features), len(tags))
    train(network, TrainingSet(sentences, states, tags), Spelling(features), args.steps)
    save(network, features, tags, pack.sha256[pack.encoder["weights"]], args.work)
    print(f"{time.monotonic() - began:.0f} s", flush=True)


def tagged(sentence: Sentence) -> TaggedSentence:
    """Return a treebank's or a silver sentence as the tagger is trained on it."""
    rows = plain(sentence).words()
    return TaggedSentence(
        [row[1] for row in rows],
        [(row[3], row[4], "" if row[5] == "_" else row[5]) for row in rows],
        1.0 if sentence.words()[0][9].startswith("Name=") else GOLD_WEIGHT,
    )


def vocabularies(sentences: Sequence[TaggedSentence]) -> tuple[list[str], list[Combination]]:
    """Return the features of spelling and the combinations of tags that are frequent enough, unknown features of each
    kind first."""
    spelled = Counter(feature for sentence in sentences for word in sentence.words for feature in spelling_of(word))
    unknown = [feature.partition(" ")[0] + " " for feature in spelling_of("-")]
    features = unknown + sorted(feature for feature, count in spelled.items() if count >= MIN_COUNT)
    in_gold = Counter(tag for sentence in sentences if sentence.weight == GOLD_WEIGHT for tag in sentence.tags)
    return features, sorted(tag for tag, count in in_gold.items() if count >= MIN_TAG_COUNT)


@torch.inference_mode()
def encoded(sentences: Sequence[TaggedSentence], encoder: WordEncoder) -> Tensor:
    """Return the states of the sentences' words, in half precision: [layers, words, size]."""
    total = sum(len(sentence.words) for sentence in sentences)
    states = torch.empty(0)
    done = 0
    for some in chunks(sentences):
        layers = encoder.encode([item.words for item in some]).of_layers()
        if not done:
            states = torch.empty(len(layers), total, layers.shape[2], dtype=torch.half)
        states[:, done : done + layers.shape[1]] = layers
        done += layers.shape[1]
    return states


def chunks(sentences: Iterable[TaggedSentence]) -> Iterator[list[TaggedSentence]]:
    """Group the sentences into chunks of at most `ENCODED` words."""
    return in_groups(sentences, lambda sentence: len(sentence.words), ENCODED)


def new_network(size: int, layers: int, features: int, tags: int) -> TaggerNetwork:
    """Return an untrained network with the recipe's sizes."""
    return TaggerNetwork(size, layers, features, tags, HIDDEN, EMBEDDED, DROPOUT)


def train(network: TaggerNetwork, data: TrainingSet, spelling: Spelling, steps: int) -> None:
    """Train for `steps` steps. At the end, the weights are the moving averages."""
    weights = dict(network.named_parameters())
    optimizer = torch.optim.AdamW(weights.values(), weight_decay=DECAY, betas=(0.9, 0.98), fused=True)
    averages = {name: values.detach().clone() for name, values in weights.items()}
    decay = 1 - 1 / (AVERAGED * steps)
    recent: float | None = None
    began = time.monotonic()
    network.train()
    for done, batch in enumerate(islice(data.epochs(), steps), 1):
        for group in optimizer.param_groups:
            group["lr"] = RATE * scheduled(done - 1, steps, WARMUP, FINAL_SHARE)
        optimizer.zero_grad()
        loss = loss_of(network, batch, forgetful(spelling, batch))
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        update_averages(averages, weights, 1 - min(decay, done / (done + 50)))
        recent = loss.item() if recent is None else 0.98 * recent + 0.02 * loss.item()
        if done % 100 == 0:
            print(f"{done}/{steps} {(time.monotonic() - began) / done:.3f} s, loss {recent:.4f}", flush=True)
    swap(weights, averages)
    network.eval()


def loss_of(network: TaggerNetwork, batch: Batch, spelled: tuple[Tensor, Tensor, Tensor]) -> Tensor:
    """Return the cross-entropy per word, weighted by sentence."""
    mix = network.mix.weight[0] + 1 / len(batch.states)  # as in `States`
    states = (mix[None] @ batch.states.flatten(1)).view(batch.states.shape[1:])
    scores = network(states, spelled, batch.lengths)
    losses = functional.cross_entropy(scores, batch.tags, ignore_index=IGNORED, reduction="none")
    weights = torch.repeat_interleave(batch.weights, torch.tensor(batch.lengths))
    return losses @ weights / weights.sum()


def forgetful(spelling: Spelling, batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
    """Return the spelling of a batch, with some features of distinct words replaced by unknown ones."""
    features, numbers, positions = spelling.read(batch.words, batch.lengths)
    unknown = torch.arange(features.shape[1]).expand_as(features)
    return torch.where(torch.rand(features.shape) < UNSPELLED, unknown, features), numbers, positions


def save(
    network: TaggerNetwork, features: Sequence[str], tags: Sequence[Combination], encoder: str, folder: Path
) -> None:
    """Write the network in half precision, its vocabularies, and the SHA-256 of the file of its `encoder`."""
    weights = {name: values.detach().half().contiguous() for name, values in network.state_dict().items()}
    save_file(weights, folder / LIGHT_TAGGER["weights"])
    content = {"encoder": encoder, "features": features, "tags": tags}
    (folder / LIGHT_TAGGER["vocabulary"]).write_text(json.dumps(content, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
