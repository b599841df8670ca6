"""Train the light heads of tags and names (`service/parsing/embedded/light_heads.py`) on a pack's frozen encoder.

    python -m training.train_light_heads --work ../work --pack FOLDER

The states of all treebank and silver sentences are computed once and kept in memory (4 GB). Sentences of the treebanks
without names get those that the pack's own entity recognizer finds (as in Buciluǎ et al., 2006, Model Compression). The
names' loss is that of a linear-chain conditional random field (Lafferty et al., 2001). Writes `light_heads.safetensors`
and `light_heads.json` in the work folder, where `training.pack` finds them; `training.compare_heads` compares them with
the pack's heads.
"""

import argparse
import json
import time
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Final

import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn import functional

from service.parsing.embedded.arithmetic import arithmetic
from service.parsing.embedded.embedded_parser import open_pack
from service.parsing.embedded.entities import NameFinder
from service.parsing.embedded.light_heads import LightHead, Spelling, possible
from service.parsing.packs import read_pack
from training.frozen import training_data
from training.light_heads_data import (
    IGNORED,
    NAMES,
    VOCABULARY,
    WEIGHTS,
    Batch,
    TrainingSet,
    annotated,
    encoded,
    vocabularies,
)
from training.recipe import recipe

_RECIPE: Final = recipe("train_light_heads")
HIDDEN: Final[Mapping[str, int]] = _RECIPE["hidden"]
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


class Heads(nn.Module):
    """Both heads, and the scores of transitions between names as in `possible`."""

    def __init__(self, size: int, layers: int, features: int, tags: int) -> None:
        super().__init__()
        of_states = size, layers, features
        self.tagger = LightHead(*of_states, tags, HIDDEN["tagger"], EMBEDDED, DROPOUT)
        self.names = LightHead(*of_states, len(NAMES), HIDDEN["names"], EMBEDDED, DROPOUT)
        self.transitions = nn.Parameter(torch.zeros(len(NAMES) + 1, len(NAMES) + 1))
        self.possible: Tensor
        self.register_buffer("possible", possible(NAMES), persistent=False)

    def losses(self, batch: Batch, spelled: tuple[Tensor, Tensor, Tensor]) -> dict[str, Tensor]:
        """Return each head's loss per word."""
        weights = batch.weights / (batch.weights @ torch.tensor(batch.lengths, dtype=torch.float32))
        tags = self.tagger(mixed(batch.states, self.tagger), spelled, batch.lengths)
        of_words = functional.cross_entropy(tags, batch.tags, ignore_index=IGNORED, reduction="none")
        names = self.names(mixed(batch.states, self.names), spelled, batch.lengths)
        return {
            "tags": of_words @ torch.repeat_interleave(weights, torch.tensor(batch.lengths)),
            "names": sequence_losses(names, batch.names, batch.lengths, self.transitions + self.possible) @ weights,
        }


def mixed(states: Tensor, head: LightHead) -> Tensor:
    """Return the states [layers, words, size], mixed as `head` mixes them: [words, size]."""
    weights = head.mix.weight[0] + 1 / len(states)
    return (weights[None] @ states.flatten(1)).view(states.shape[1:])


def sequence_losses(scores: Tensor, tags: Tensor, lengths: Sequence[int], transitions: Tensor) -> Tensor:
    """Return the negative log-likelihood of each sentence's `tags` [words], given `scores` [words, tags] and
    `transitions` as in `possible`."""
    padded = nn.utils.rnn.pad_sequence(list(torch.split(scores, list(lengths))), batch_first=True)
    right = nn.utils.rnn.pad_sequence(list(torch.split(tags, list(lengths))), batch_first=True)
    within = torch.arange(padded.shape[1]) < torch.tensor(lengths)[:, None]
    last = torch.tensor(lengths) - 1
    everyone = torch.arange(len(last))
    between, begin, end = transitions[:-1, :-1], transitions[-1, :-1], transitions[:-1, -1]
    reached = begin + padded[:, 0]
    for step in range(1, padded.shape[1]):
        further = torch.logsumexp(reached[:, :, None] + between, 1) + padded[:, step]
        reached = torch.where(within[:, step, None], further, reached)
    total = torch.logsumexp(reached + end, 1)
    own = (padded.gather(2, right[:, :, None]).squeeze(2) * within).sum(1)
    steps = (between[right[:, :-1], right[:, 1:]] * within[:, 1:]).sum(1)
    return total - own - steps - begin[right[:, 0]] - end[right[everyone, last]]


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
    pipeline, encoder, *_ = open_pack(pack, args.threads, arithmetic())
    finder = NameFinder(pipeline.processors["ner"].trainers[0])
    sentences, states = encoded(list(map(annotated, training_data(args.work / "data", True))), encoder, finder)
    print(f"{time.monotonic() - began:.0f} s: {len(sentences)} sentences, {states.shape[1]} words encoded", flush=True)
    features, tags = vocabularies(sentences)
    data = TrainingSet(sentences, states, tags)
    spelling = Spelling(features)
    torch.manual_seed(SEED)
    heads = Heads(states.shape[2], len(states), len(features), len(tags))
    train(heads, data, spelling, args.steps)
    save(heads, features, tags, pack.sha256[pack.encoder["weights"]], args.work)
    print(f"{time.monotonic() - began:.0f} s", flush=True)


def train(heads: Heads, data: TrainingSet, spelling: Spelling, steps: int) -> None:
    """Train for `steps` steps. At the end, the weights are the moving averages."""
    weights = dict(heads.named_parameters())
    optimizer = torch.optim.AdamW(weights.values(), weight_decay=DECAY, betas=(0.9, 0.98), fused=True)
    averages = {name: values.detach().clone() for name, values in weights.items()}
    decay = 1 - 1 / (AVERAGED * steps)
    recent: dict[str, float] = {}
    began = time.monotonic()
    heads.train()
    for done, batch in enumerate(islice(data.epochs(), steps), 1):
        for group in optimizer.param_groups:
            group["lr"] = RATE * min(done / WARMUP, max(FINAL_SHARE, 1 - done / steps))
        optimizer.zero_grad()
        losses = heads.losses(batch, forgetful(spelling, batch))
        sum(losses.values()).backward()  # type: ignore[union-attr]
        optimizer.step()
        with torch.no_grad():
            for name, values in weights.items():
                averages[name].lerp_(values, 1 - min(decay, done / (done + 50)))
        for name, value in losses.items():
            recent[name] = 0.98 * recent.get(name, value.item()) + 0.02 * value.item()
        if done % 100 == 0:
            now = " ".join(f"{name} {value:.4f}" for name, value in recent.items())
            print(f"{done}/{steps} {(time.monotonic() - began) / done:.3f} s {now}", flush=True)
    with torch.no_grad():
        for name, values in weights.items():
            values.copy_(averages[name])
    heads.eval()


def forgetful(spelling: Spelling, batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
    """Return what `spelling` says of a batch, with some features of distinct words replaced by unknown ones."""
    features, numbers, positions = spelling.read(batch.words, batch.lengths)
    unknown = torch.arange(features.shape[1]).expand_as(features)
    return torch.where(torch.rand(features.shape) < UNSPELLED, unknown, features), numbers, positions


def save(heads: Heads, features: Sequence[str], tags: Sequence[Sequence[str]], encoder: str, folder: Path) -> None:
    """Write the heads in half precision, their vocabularies, and the SHA-256 of the file of their `encoder`."""
    weights = {name: values.detach().half().contiguous() for name, values in heads.state_dict().items()}
    save_file(weights, folder / WEIGHTS)
    content = {"encoder": encoder, "features": features, "tags": tags, "names": NAMES}
    (folder / VOCABULARY).write_text(json.dumps(content, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
