"""Train a new reader for a pack, then fine-tune the encoder with it, and keep what the other heads read.

    python -m training.tune_encoder --work ../work --corpora ../shared --pack ../work/pack

The labels are PolNeAR's annotation mixed with the probabilities of teachers that have not seen the article
(`training.train_teachers`), and these probabilities alone for the documents of GUM; without teachers, the annotation.
At first the encoder is frozen, and a step takes a third of the time. Then the encoder is trained with the reader. The
tagger, the parser and the entity recognizer each read a fixed mix of its layers; the squared difference of these mixes
from those before is part of the loss, so that the heads stay valid. The word embeddings stay frozen.

Writes the encoder and the reader to `narrow/`, where `training.pack` finds them, and the pack with both to `--to`.
`training.train_reader` trains the reader further. An interrupted run resumes.
"""

import argparse
import hashlib
import json
import random
import shutil
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional

from service.parsing.embedded.reader import Reader
from service.parsing.packs import MANIFEST
from training.attribution.parses import documents
from training.encoder import Encoder, batches, with_ranges
from training.pack import JOINT, LIGHT_TAGGER, PIECES, READER, ROWS, SEED, write_manifest
from training.reader_articles import reader_article, treebank_articles
from training.reader_examples import ReaderArticle, ReaderBatch, is_held_out, subwords
from training.reader_losses import losses, pieces_of, weighed
from training.recipe import recipe
from training.soft_labels import with_labels
from training.train_reader import Weights, fit, frozen_encoder, train_reader

_RECIPE: Final = recipe("tune_encoder")
FROZEN_STEPS: Final[int] = _RECIPE["frozen_steps"]
FROZEN_RATE: Final[float] = _RECIPE["frozen_rate"]
STEPS: Final[int] = _RECIPE["steps"]
ENCODER_RATE: Final[float] = _RECIPE["encoder_rate"]
RATE: Final[float] = _RECIPE["rate"]
KEPT: Final[float] = _RECIPE["kept"]  # weight of the difference of the mixes, relative to their variance
WEIGHTS: Final = "encoder.safetensors"

PIECES_AT_ONCE: Final = 4096  # subwords, padding included


def main() -> None:
    """Run the command line."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--work", type=Path, default=Path("../work"))
    arguments.add_argument("--corpora", type=Path, default=Path("../shared"))
    arguments.add_argument("--parses", type=Path, default=Path("../work/parses"), help="folder of cached parses")
    arguments.add_argument("--pack", type=Path, default=Path("../work/pack"))
    arguments.add_argument("--to", type=Path, help="folder of the new pack (default: tuned/ in --work)")
    arguments.add_argument("--frozen-steps", type=int, default=FROZEN_STEPS)
    arguments.add_argument("--steps", type=int, default=STEPS)
    args = arguments.parse_args()
    torch.set_num_threads(1)
    annotated = [
        reader_article(one) for one in documents(args.corpora, "train", args.parses) if not is_held_out(one.id)
    ]
    plain = treebank_articles(args.corpora / "treebanks/gum/train.conllu")
    articles = list(with_labels([*annotated, *plain], args.work / "teachers"))
    folder: Path = args.work / "narrow"
    first = train_reader(args.pack, articles, args.frozen_steps, FROZEN_RATE, folder / "frozen-checkpoint.pt")
    weights = tune(args.pack, articles, args.steps, folder / "tuned-checkpoint.pt", first)
    write_pack(weights, args.pack, args.to or args.work / "tuned", folder, articles)


def write_pack(weights: Weights, pack: Path, to: Path, narrow: Path, articles: Sequence[ReaderArticle]) -> None:
    """Write the encoder and the reader in `weights` to `narrow`, and a copy of `pack` with both to `to`. The activation
    ranges are determined from sentences of `articles`."""
    shutil.copytree(pack, to, dirs_exist_ok=True)
    encoder = {name: values for name, values in load_file(pack / WEIGHTS).items() if ".input_" not in name}
    encoder |= {f"encoder.{name}": values for name, values in _part(weights, "encoder.encoder.")}
    reader = dict(_part(weights, "reader."))
    pieces = pieces_of(pack / PIECES)
    sentences = [
        subwords(article.words[first:last], pieces)[0]
        for article in articles
        for first, last in pairwise(article.starts)
    ]
    rows = random.Random(SEED).sample(sentences, min(ROWS, len(sentences)))
    narrow.mkdir(parents=True, exist_ok=True)
    save_file(encoder, narrow / WEIGHTS)
    save_file(reader, narrow / JOINT)
    save_file(with_ranges(encoder, rows), to / WEIGHTS)
    save_file(reader, to / READER)
    changed = [WEIGHTS, READER]
    vocabulary = to / LIGHT_TAGGER["vocabulary"]
    if vocabulary.exists():  # it stays valid, like the other heads
        content = json.loads(vocabulary.read_bytes())
        content["encoder"] = hashlib.sha256((to / WEIGHTS).read_bytes()).hexdigest()
        vocabulary.write_text(json.dumps(content, ensure_ascii=False) + "\n", encoding="utf-8")
        changed.append(vocabulary.name)
    write_manifest(to, json.loads((to / MANIFEST).read_bytes()), changed)


def _part(weights: Weights, prefix: str) -> Iterator[tuple[str, Tensor]]:
    return ((name.removeprefix(prefix), values) for name, values in weights.items() if name.startswith(prefix))


def mixes(pack: Path, layers: int) -> Tensor:
    """Return the weights with which the other heads of `pack` mix the encoder's states [heads, layers]."""
    rows = []
    for name in ("depparse", "ner", "pos"):
        own = torch.load(pack / f"{name}.pt", weights_only=True)["model"]["bert_layer_mix.weight"][0].float()
        rows.append(functional.pad(own + 1 / len(own), (layers - len(own), 0)))
    light = pack / LIGHT_TAGGER["weights"]
    if light.exists():
        rows.append(load_file(light)["mix.weight"][0].float() + 1 / layers)
    return torch.stack(rows)


class TunedStates:
    """The states of a batch's words, and how much the mixes of the other heads differ from the first encoder's."""

    def __init__(self, encoder: Encoder, first: Encoder, heads: Tensor) -> None:
        self._encoder, self._first, self._heads = encoder, first, heads
        self.difference = torch.zeros(())

    def __call__(self, batch: ReaderBatch, mix: nn.Linear) -> Tensor:
        """Return the mixed states of all words of a batch [words, size], and set `difference`."""
        weights = mix.weight[0] + 1 / mix.in_features
        rows = list(dict.fromkeys(tuple(subwords) for subwords, _ in batch.sentences))
        places: dict[tuple[int, ...], Tensor] = {}
        differences, variances = [], []
        for group, ids, lengths in batches(rows, PIECES_AT_ONCE):
            states = torch.stack(self._encoder._encode(ids, lengths))
            with torch.no_grad():
                before = torch.stack(self._first._encode(ids, lengths))
            real = torch.arange(ids.shape[1]) < lengths[:, None]
            old, new = (torch.einsum("hl,lrps->hrps", self._heads, one)[:, real] for one in (before, states))
            differences.append((new - old).square().mean((1, 2)) * real.sum())
            variances.append(old.var(1).mean(1) * real.sum())
            mixed = torch.tensordot(weights, states, 1)
            places |= {row: mixed[number] for number, row in enumerate(group)}
        self.difference = (torch.stack(differences).sum(0) / torch.stack(variances).sum(0)).mean()
        return torch.cat([places[tuple(subwords)][torch.tensor(last)] for subwords, last in batch.sentences])


def tune(pack: Path, articles: Sequence[ReaderArticle], steps: int, checkpoint: Path, first: Weights) -> Weights:
    """Return the weights of the encoder of `pack` (`encoder.…`) and of a reader (`reader.…`), which starts from those
    in `first`, after training on `articles`: their moving average. Continues from `checkpoint`, if it exists."""
    encoder, layers = frozen_encoder(pack)
    states = TunedStates(encoder, frozen_encoder(pack)[0], mixes(pack, layers))
    torch.manual_seed(0)
    reader = Reader(encoder.config.hidden_size, layers)
    reader.load_state_dict(first)
    encoder.encoder.requires_grad_(True)
    of_encoder = {f"encoder.encoder.{name}": weight for name, weight in encoder.encoder.named_parameters()}
    of_reader = {f"reader.{name}": weight for name, weight in reader.named_parameters()}

    def losses_of(batch: ReaderBatch) -> tuple[Tensor, dict[str, Tensor]]:
        found = losses(states, reader.train(), batch)
        return weighed(found) + KEPT * states.difference, found | {"difference": states.difference}

    groups = [(of_encoder, ENCODER_RATE), (of_reader, RATE)]
    return fit(groups, losses_of, articles, pieces_of(pack / PIECES), steps, checkpoint)


if __name__ == "__main__":
    main()
