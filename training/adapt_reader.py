"""Train the reader of a pack further on everyday articles, next to PolNeAR's.

    python -m training.adapt_reader --work ../work --corpora ../shared --pack ../work/pack

Joint training (`train_together`) shows the reader only PolNeAR, which is American politics of one year. Here the
encoder is frozen, and the layer over windows and the two heads see windows of both. Thoughts and plans are not
annotated in everyday articles, so words of these classes are left out of the loss there.

Writes `narrow/adapted.safetensors`, which the next `training.pack` puts into the pack. For cross-validation,
`--readers` gets a copy of the pack for each part of the everyday articles, with a reader that has not seen that part:
`training.attribution` and `benchmarks.everyday --folds` parse everyday articles with these.
"""

import argparse
import json
import shutil
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Final

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from service.parsing.embedded.reader import Reader
from service.parsing.packs import MANIFEST
from training.attribution.everyday import everyday_documents
from training.attribution.folds import FOLDS
from training.attribution.parses import documents
from training.attribution.side_by_side import in_processes
from training.encoder import Encoder
from training.optimization import scheduled
from training.pack import ADAPTED, JOINT, PIECES, READER, write_manifest
from training.reader_examples import ReaderArticle, is_held_out, reader_article
from training.reader_losses import losses, pieces_of, reader_batches, weighed
from training.recipe import recipe

_RECIPE: Final = recipe("adapt_reader")
STEPS: Final[int] = _RECIPE["steps"]
RATE: Final[float] = _RECIPE["rate"]
WARMUP: Final[int] = _RECIPE["warmup"]
FINAL_SHARE: Final[float] = _RECIPE["final_share"]
DECAY: Final[float] = _RECIPE["decay"]
LONGEST_STEP: Final[float] = _RECIPE["longest_step"]  # maximum norm of the gradient
BATCH: Final[int] = _RECIPE["batch"]  # words of windows, padding included
TIMES: Final[int] = _RECIPE["times"]  # how often an epoch has each everyday article


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
    news = [reader_article(one) for one in documents(args.corpora, "train", args.parses) if not is_held_out(one.id)]
    everyday = [reader_article(one) for one in everyday_documents(args.corpora, args.parses)]
    first = args.work / "narrow" / JOINT
    torch.set_num_threads(1)

    def train(part: int | None) -> dict[str, Tensor]:
        seen = [article for number, article in enumerate(everyday) if part is None or number % FOLDS != part]
        return adapt(args.pack, first, [*news, *seen * TIMES], args.steps)

    *of_parts, whole = in_processes(train, [*range(FOLDS), None], args.jobs)
    for part, weights in enumerate(of_parts):
        shutil.copytree(args.pack, args.readers / str(part), dirs_exist_ok=True)
        replace_reader(weights, args.readers / str(part))
    save_file(whole, args.work / "narrow" / ADAPTED)


def adapt(pack: Path, first: Path, articles: Sequence[ReaderArticle], steps: int) -> dict[str, Tensor]:
    """Return the weights of the reader in `first`, trained further on `articles` with the encoder of `pack`."""
    weights = {
        name: values for name, values in load_file(pack / "encoder.safetensors").items() if ".input_" not in name
    }
    layers = sum(name.endswith("intermediate.dense.weight") for name in weights) + 1
    encoder = Encoder(weights, layers)
    reader = Reader(encoder.config.hidden_size, layers)
    reader.load_state_dict(load_file(first))
    reader.mix.requires_grad_(False)
    optimizer = torch.optim.AdamW(
        [values for values in reader.parameters() if values.requires_grad], weight_decay=DECAY, betas=(0.9, 0.98)
    )
    torch.manual_seed(0)
    recent: dict[str, float] = {}
    batches = reader_batches(articles, pieces_of(pack / PIECES), BATCH)
    for step, batch in enumerate(islice(batches, steps)):
        for group in optimizer.param_groups:
            group["lr"] = RATE * scheduled(step, steps, WARMUP, FINAL_SHARE)
        optimizer.zero_grad()
        found = losses(encoder, reader.train(), batch)
        weighed(found).backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(reader.parameters(), LONGEST_STEP)
        optimizer.step()
        for name, value in found.items():
            recent[name] = 0.95 * recent.get(name, value.item()) + 0.05 * value.item()
        if (step + 1) % 50 == 0:
            print(f"{step + 1}/{steps}", *(f"{name} {value:.4f}" for name, value in recent.items()), flush=True)
    return {name: values.detach().half().contiguous() for name, values in reader.state_dict().items()}


def replace_reader(weights: dict[str, Tensor], pack: Path) -> None:
    """Replace the reader of `pack`, and its entry in the manifest."""
    save_file(weights, pack / READER)
    write_manifest(pack, json.loads((pack / MANIFEST).read_bytes()), [READER])


if __name__ == "__main__":
    main()
