"""Train the reader of a pack further, with everyday articles, on its frozen encoder.

    python -m training.train_reader --work ../work --corpora ../shared --pack ../work/tuned

Until then the reader knows PolNeAR alone, which is American politics of one year (`training.tune_encoder`). Here it
sees windows of both. Thoughts and plans are not annotated in everyday articles, so words of these classes are left out
of the loss there.

Writes `narrow/trained.safetensors`, which the next `training.pack` puts into the pack. The choices that weigh the
reader's log-odds (`training.attribution.reader_choices`) are trained on articles that the reader has not seen: those of
PolNeAR that are held out here, and everyday articles by readers of their own. `--readers` gets a copy of the pack for
each part of the everyday articles, with a reader that has not seen that part. An interrupted run resumes.
"""

import argparse
import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from service.parsing.embedded.reader import Reader
from service.parsing.packs import MANIFEST
from training.attribution.folds import FOLDS, everyday_documents, in_processes
from training.attribution.parses import documents
from training.encoder import Encoder
from training.optimization import scheduled, update_averages
from training.pack import PIECES, READER, TRAINED_READER, write_manifest
from training.reader_articles import reader_article
from training.reader_examples import Pieces, ReaderArticle, ReaderBatch, is_held_out
from training.reader_losses import encoded_words, losses, pieces_of, reader_batches, weighed
from training.recipe import recipe
from training.soft_labels import with_labels

_RECIPE: Final = recipe("train_reader")
STEPS: Final[int] = _RECIPE["steps"]
RATE: Final[float] = _RECIPE["rate"]
WARMUP: Final[int] = _RECIPE["warmup"]
FINAL_SHARE: Final[float] = _RECIPE["final_share"]
DECAY: Final[float] = _RECIPE["decay"]
DROPOUT: Final[float] = _RECIPE["dropout"]
AVERAGED: Final[int] = _RECIPE["averaged"]  # steps that the moving average of the weights spans
MAX_GRADIENT_NORM: Final[float] = _RECIPE["max_gradient_norm"]  # maximum norm of the gradient
BATCH: Final[int] = _RECIPE["batch"]  # words of windows, padding included
TIMES: Final[int] = _RECIPE["times"]  # how often an epoch has each everyday article
KEPT_EVERY: Final = 50  # steps between checkpoints

Weights = dict[str, Tensor]


def main() -> None:
    """Run the command line."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--work", type=Path, default=Path("../work"))
    arguments.add_argument("--corpora", type=Path, default=Path("../shared"))
    arguments.add_argument("--parses", type=Path, default=Path("../work/parses"), help="folder of cached parses")
    arguments.add_argument("--pack", type=Path, default=Path("../work/pack"))
    arguments.add_argument("--readers", type=Path, default=Path("../work/attribution/readers"))
    arguments.add_argument("--jobs", type=int, default=2, help="number of processes")
    arguments.add_argument("--steps", type=int, default=STEPS)
    args = arguments.parse_args()
    torch.set_num_threads(1)
    polnear = [reader_article(one) for one in documents(args.corpora, "train", args.parses) if not is_held_out(one.id)]
    news = with_labels(polnear, args.work / "teachers")
    everyday = [reader_article(one) for one in everyday_documents(args.corpora, args.parses)]
    folder: Path = args.work / "narrow"
    first = load_file(args.pack / READER)

    def train(part: int | None) -> Weights:
        seen = [article for number, article in enumerate(everyday) if part is None or number % FOLDS != part]
        file = folder / f"reader-checkpoint-{'all' if part is None else part}.pt"
        return train_reader(args.pack, [*news, *seen * TIMES], args.steps, RATE, file, first)

    *of_parts, whole = in_processes(train, [*range(FOLDS), None], args.jobs)
    for part, weights in enumerate(of_parts):
        shutil.copytree(args.pack, args.readers / str(part), dirs_exist_ok=True)
        replace_reader(weights, args.readers / str(part))
    save_file(whole, folder / TRAINED_READER)


def train_reader(
    pack: Path,
    articles: Sequence[ReaderArticle],
    steps: int,
    rate: float,
    checkpoint: Path,
    first: Weights | None = None,
) -> Weights:
    """Return a reader's weights after training on `articles` with the encoder of `pack`: their moving average.

    Training starts from the weights `first`, if given, and continues from `checkpoint`, if that file exists.
    """
    encoder, layers = frozen_encoder(pack)
    words_of = partial(encoded_words, encoder)
    torch.manual_seed(0)
    reader = Reader(encoder.config.hidden_size, layers, dropout=DROPOUT)
    if first is not None:
        reader.load_state_dict(first)

    def losses_of(batch: ReaderBatch) -> tuple[Tensor, dict[str, Tensor]]:
        found = losses(words_of, reader.train(), batch)
        return weighed(found), found

    return fit(
        [(dict(reader.named_parameters()), rate)], losses_of, articles, pieces_of(pack / PIECES), steps, checkpoint
    )


def fit(
    groups: Sequence[tuple[Mapping[str, Tensor], float]],
    losses_of: Callable[[ReaderBatch], tuple[Tensor, dict[str, Tensor]]],
    articles: Sequence[ReaderArticle],
    pieces: Pieces,
    steps: int,
    checkpoint: Path,
) -> Weights:
    """Train on windows of `articles`, and return the moving average of the weights.

    Args:
        groups: Weights by name, and their peak learning rate.
        losses_of: The loss of a batch, and its parts, by the name under which they are printed.
        articles: The annotated or labelled articles.
        pieces: Splits a word into subwords.
        steps: The number of batches.
        checkpoint: The file from which training continues, if it exists.
    """
    optimizer = torch.optim.AdamW(
        [{"params": list(own.values()), "rate": rate} for own, rate in groups], weight_decay=DECAY, betas=(0.9, 0.98)
    )
    weights = {name: values for own, _ in groups for name, values in own.items()}
    averages = {name: values.detach().clone() for name, values in weights.items()}
    done = 0
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        for name, values in weights.items():
            values.data.copy_(state["weights"][name])
        optimizer.load_state_dict(state["optimizer"])
        averages, done = state["averages"], state["done"]
    recent: dict[str, float] = {}
    for batch in islice(reader_batches(articles, pieces, BATCH), done, steps):
        torch.manual_seed(done)
        for group in optimizer.param_groups:
            group["lr"] = group["rate"] * scheduled(done, steps, WARMUP, FINAL_SHARE)
        optimizer.zero_grad()
        loss, found = losses_of(batch)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(weights.values(), MAX_GRADIENT_NORM)
        optimizer.step()
        done += 1
        update_averages(averages, weights, max(1 / AVERAGED, 1 / (done + 1)))
        for name, value in found.items():
            recent[name] = 0.95 * recent.get(name, value.item()) + 0.05 * value.item()
        if done % KEPT_EVERY == 0 or done == steps:
            print(f"{done}/{steps}", *(f"{name} {value:.4f}" for name, value in recent.items()), flush=True)
            state = {"weights": weights, "averages": averages, "optimizer": optimizer.state_dict(), "done": done}
            torch.save(state, checkpoint.with_suffix(".new"))
            os.replace(checkpoint.with_suffix(".new"), checkpoint)
    return {name: values.half().contiguous() for name, values in averages.items()}


def frozen_encoder(pack: Path) -> tuple[Encoder, int]:
    """Return the encoder of `pack`, and the number of its states, embeddings included."""
    weights = load_file(pack / "encoder.safetensors")
    weights = {name: values for name, values in weights.items() if ".input_" not in name}
    layers = sum(name.endswith("intermediate.dense.weight") for name in weights) + 1
    return Encoder(weights, layers), layers


def replace_reader(weights: Weights, pack: Path) -> None:
    """Replace the reader of `pack`, and its entry in the manifest."""
    save_file(weights, pack / READER)
    write_manifest(pack, json.loads((pack / MANIFEST).read_bytes()), [READER])


if __name__ == "__main__":
    main()
