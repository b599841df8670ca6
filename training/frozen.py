"""Shared by the trainings on top of the frozen encoder: the encoder with a cache, and the learning rates."""

import argparse
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import torch

from training.corpora import conllu
from training.corpora.conllu import Sentence
from training.encoder import Encoder, WordPieces
from training.freeze_encoder import ENCODER
from training.recipe import recipe

_RECIPE: Final = recipe("frozen")
FINAL_SHARE: Final[float] = _RECIPE["final_share"]
MAX_CACHED = 60_000  # cached sentences: all of the training and dev data, with Stanza's variations of some


class CachingEncoder(Encoder):
    """An encoder with a permanent cache of half-precision states: later epochs need no encoding."""

    def _encode(self, ids: torch.Tensor, lengths: torch.Tensor) -> list[torch.Tensor]:
        if len(self._cache) > MAX_CACHED:
            self.forget()
        return [states.bfloat16() for states in super()._encode(ids, lengths)]


def use_frozen_encoder(trainer: ModuleType, work: Path, folder: Path, layers: int) -> None:
    """Make the models of Stanza's `trainer` module use the encoder in `folder`, and save its name with them."""
    encoder = CachingEncoder.load(folder / "encoder.safetensors", layers, torch.float32)
    use_encoder(trainer, encoder, WordPieces(work / "frozen/tokenizer.json"))


def use_encoder(trainer: ModuleType, encoder: Encoder, pieces: WordPieces) -> None:
    """Make the models of Stanza's `trainer` module use `encoder`, and save its name with them."""

    def load_bert(name: str, *_unused: object, **_unused_too: object) -> tuple[Encoder, WordPieces]:
        if name != ENCODER:
            raise ValueError(f"The model requests the encoder {name!r}, but only {ENCODER!r} is available.")
        return encoder, pieces

    trainer.load_bert = load_bert  # type: ignore[attr-defined]


def head_arguments(description: str | None, steps: int, interval: int) -> argparse.ArgumentParser:
    """Return the argument parser shared by the heads' trainings.

    `description` is the module's docstring; `steps` and `interval` are defaults.
    """
    arguments = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--work", type=Path, default=Path("../work"))
    arguments.add_argument("--steps", type=int, default=steps)
    arguments.add_argument("--eval-interval", type=int, default=interval)
    arguments.add_argument("--threads", type=int, default=1)
    return arguments


def folders(work: Path, narrow: bool, model: str) -> tuple[Path, Path]:
    """Return the folder of the encoder that a head uses, and a folder for the head's `model`."""
    models = work / "apart" / model if narrow else work / model
    models.mkdir(parents=True, exist_ok=True)
    return work / ("apart" if narrow else "frozen"), models


def training_data(data: Path, narrow: bool) -> Iterator[Sentence]:
    """Yield the treebanks' sentences, and the silver ones for a narrow head."""
    files = ["train.conllu", "silver.conllu"] if narrow else ["train.conllu"]
    return chain.from_iterable(conllu.read(data / file) for file in files)


def decay_linearly(trainer: Any, rate: float, steps: int) -> None:
    """Make the learning rate of Stanza's `trainer` class decay linearly from `rate` to almost 0 over `steps`
    updates."""
    update, done = trainer.update, [0]

    def decaying_update(self: Any, batch: Any, eval: bool = False) -> Any:
        optimizers = self.optimizers if hasattr(self, "optimizers") else self.optimizer
        for optimizer in optimizers.values() if isinstance(optimizers, dict) else [optimizers]:
            for group in optimizer.param_groups:
                group["lr"] = rate * max(FINAL_SHARE, 1 - done[0] / steps)
        done[0] += not eval
        return update(self, batch, eval)

    trainer.update = decaying_update
