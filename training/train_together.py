"""Train the narrow encoder, with fewer layers, jointly with its three heads and the reader.

    python -m training.train_together --work ../work --corpora ../shared [--pack FOLDER]

So far, the heads used a frozen encoder that only imitates the wide one. Now a third of its layers is dropped (upper
layers of a fine-tuned encoder can be dropped at little cost: Sajjad et al., On the Effect of Dropping Layers of
Pre-trained Transformer Models, 2023), and the rest is trained with the losses of parser, tagger and entity recognizer
together, with some subwords masked (as in Kondratyuk and Straka, 75 Languages, 1 Model: Parsing Universal Dependencies
Universally, 2019), on the treebanks and the silver data. Each step also has windows of PolNeAR's training articles,
on whose attributions the reader is trained. The result is the moving average of all weights (Polyak and Juditsky,
1992).

Reads `apart/`, the narrow encoder and the heads trained separately on it, and writes `narrow/` in the same format. With
`--pack`, a pack's encoder and heads are trained further instead, on all of its layers. The same command resumes an
interrupted run from `narrow/checkpoint.pt`.
"""

import os
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count, islice
from pathlib import Path
from typing import Any, Final

import torch
from safetensors.torch import load_file, save_file
from stanza.models.common.crf import viterbi_decode
from stanza.models.depparse import trainer as parser_trainer
from stanza.models.ner import trainer as names_trainer
from stanza.models.ner.scorer import score_by_entity
from stanza.models.pos import trainer as tagger_trainer
from torch import Tensor, nn

from service.parsing.embedded.reader import Reader
from training.attribution.parses import documents
from training.corpora import conllu
from training.encoder import WordPieces, half_precision
from training.frozen import head_arguments, training_data, use_encoder
from training.head_examples import ExampleBuilder, TrainingExample, for_names, for_parser, for_tagger, shuffled
from training.optimization import scheduled, swap, update_averages
from training.reader_articles import reader_article
from training.reader_examples import ReaderBatch, is_held_out
from training.reader_losses import encoded_words, pieces_of, reader_batches, weighed
from training.reader_losses import losses as reader_losses
from training.recipe import recipe
from training.shared_encoder import SharedEncoder, share, with_layers
from training.train_parser import score_gold_heads_only

_RECIPE: Final = recipe("train_together")
KEPT: Final[tuple[int, ...]] = tuple(_RECIPE["kept"])  # layers kept
FILES = {
    "parser": "parser/en_news_parser.pt",
    "tagger": "tagger/en_news_tagger.pt",
    "names": "ner/en_news_ner.pt",
}
SHARES: Final[dict[str, float]] = _RECIPE["shares"]  # weight of each head's loss per word
ENCODER_RATE: Final[float] = _RECIPE["encoder_rate"]
HEAD_RATE: Final[float] = _RECIPE["head_rate"]
READER_RATE: Final[float] = _RECIPE["reader_rate"]
FURTHER: Final[float] = _RECIPE["further"]  # factor of the first two rates if a pack is trained further
WARMUP: Final[int] = _RECIPE["warmup"]
FINAL_SHARE: Final[float] = _RECIPE["final_share"]
DECAY: Final[float] = _RECIPE["decay"]  # weight decay of the encoder
MAX_GRADIENT_NORM: Final[float] = _RECIPE["max_gradient_norm"]  # maximum norm of the gradient
MASKED: Final[float] = _RECIPE["masked"]  # share of masked subwords
BATCH: Final[int] = _RECIPE["batch"]  # words
READER_BATCH: Final[int] = _RECIPE["reader_batch"]  # words of windows, padding included
AVERAGED: Final[float] = _RECIPE["averaged"]  # the moving average of the weights spans this share of the steps
EVERY: Final[int] = _RECIPE["every"]  # steps between its updates
KEPT_EVERY = 100  # steps between checkpoints
SEED: Final[int] = _RECIPE["seed"]
DEV_PART: Final[int] = _RECIPE["dev_part"]  # one of so many dev sentences is used during training

Batch = Sequence[TrainingExample]


@dataclass(frozen=True)
class Models:
    """The encoder, Stanza's trainers of the three heads by name, and the reader."""

    encoder: SharedEncoder
    heads: Mapping[str, Any]
    reader: Reader

    def weights(self) -> dict[str, nn.Parameter]:
        """Return all trained parameters by name: the encoder's, the reader's, and each head's without the encoder."""
        result = {f"encoder.{name}": values for name, values in self.encoder.named_parameters() if values.requires_grad}
        result |= {f"reader.{name}": values for name, values in self.reader.named_parameters()}
        for head, trainer in self.heads.items():
            for name, values in trainer.model.named_parameters():
                if values.requires_grad and not name.startswith("bert_model."):
                    result[f"{head}.{name}"] = values
        return result

    def save(self, folder: Path) -> None:
        """Write the models as `training.pack` reads them."""
        weights = {name: values.detach().contiguous() for name, values in self.encoder.state_dict().items()}
        save_file(weights, folder / "encoder.safetensors")
        weights = {name: values.detach().contiguous() for name, values in self.reader.state_dict().items()}
        save_file(weights, folder / "reader.safetensors")
        for head, trainer in self.heads.items():
            trainer.save(str(folder / FILES[head]))


def main() -> None:
    """Run the command line."""
    arguments = head_arguments(__doc__, steps=2400, interval=400)
    arguments.add_argument("--corpora", type=Path, default=Path("../shared"))
    arguments.add_argument("--parses", type=Path, default=Path("../work/parses"), help="folder of cached parses")
    arguments.add_argument("--pack", type=Path, help="train this pack further")
    arguments.set_defaults(threads=2)
    args = arguments.parse_args()
    torch.set_num_threads(args.threads)
    folder: Path = args.work / "narrow"
    source: Path = args.work / "apart"
    layers: Sequence[int] = KEPT
    if args.pack is not None:
        source = args.work / "further"
        layers = range(unpack(args.pack, source))
    pieces = args.work / "frozen/tokenizer.json" if args.pack is None else args.pack / "pieces.json"
    models = load_models(source, folder, WordPieces(pieces), layers)
    train_set, dev = examples(args.work, models, WordPieces(pieces))
    if args.pack is not None:
        torch.save([example.pieces for example in train_set], source / "rows.pt")  # for the activation ranges
    articles = [
        reader_article(document)
        for document in documents(args.corpora, "train", args.parses)
        if not is_held_out(document.id)
    ]
    batches = reader_batches(articles, pieces_of(pieces), READER_BATCH)
    rates = FURTHER if args.pack is not None else 1.0
    train(models, train_set, dev, args.steps, args.eval_interval, folder / "checkpoint.pt", batches, rates)
    models.save(folder)


def unpack(pack: Path, target: Path) -> int:
    """Copy a pack's encoder and heads to `target`, as the separate trainings write them. Returns its number of
    layers."""
    for file, name in zip(FILES.values(), ("depparse.pt", "pos.pt", "ner.pt"), strict=True):
        (target / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(pack / name, target / file)
    weights = load_file(pack / "encoder.safetensors")
    weights = {name: values.float() for name, values in weights.items() if ".input_" not in name}
    save_file(weights, target / "encoder.safetensors")
    return sum(name.endswith("intermediate.dense.weight") for name in weights)


def load_models(source: Path, folder: Path, pieces: WordPieces, layers: Sequence[int]) -> Models:
    """Load the separately trained models, on the layers `layers` of their encoder."""
    weights = with_layers(load_file(source / "encoder.safetensors"), layers)
    encoder = SharedEncoder(weights, len(layers) + 1)
    share()
    score_gold_heads_only()
    for trainer in (parser_trainer, tagger_trainer, names_trainer):
        use_encoder(trainer, encoder, pieces)
    for file in FILES.values():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        torch.save(with_fewer_layers(torch.load(source / file, weights_only=True), len(layers)), folder / file)
    parser, tagger, names = (str(folder / file) for file in FILES.values())
    heads = {
        "parser": parser_trainer.Trainer.load(parser, None, device="cpu"),
        "tagger": tagger_trainer.Trainer(model_file=tagger, device="cpu"),
        "names": names_trainer.Trainer(model_file=names, device="cpu"),
    }
    encoder.requires_grad_(True)
    # trained word embeddings would let the reader memorize rare words
    encoder.embeddings["word_embeddings"].requires_grad_(False)
    torch.manual_seed(SEED)
    return Models(encoder, heads, Reader(encoder.config.hidden_size, len(layers) + 1))


def with_fewer_layers(checkpoint: dict[str, Any], layers: int) -> dict[str, Any]:
    """Return a head's checkpoint for an encoder of `layers` layers and the embeddings. If it mixed more states, it now
    mixes them evenly, as heads trained separately do."""
    mixed_states = checkpoint["config"]["bert_hidden_layers"]
    if mixed_states > layers + 1:
        checkpoint["config"]["bert_hidden_layers"] = layers + 1
        checkpoint["model"]["bert_layer_mix.weight"] = torch.zeros(1, layers + 1)
    return checkpoint


def examples(work: Path, models: Models, pieces: WordPieces) -> tuple[list[TrainingExample], list[TrainingExample]]:
    """Return the training examples, and a part of the dev set."""
    vocabularies = [trainer.vocab for trainer in models.heads.values()]
    builder = ExampleBuilder(pieces, *vocabularies)
    train_set = list(builder.examples(training_data(work / "data", True)))
    dev = list(builder.examples(islice(conllu.read(work / "data/dev.conllu"), 0, None, DEV_PART)))
    print(
        f"{len(train_set)} sentences, {sum(len(example.words) for example in train_set)} words of training data",
        flush=True,
    )
    return train_set, dev


def train(
    models: Models, train_set: Batch, dev: Batch, steps: int, interval: int, checkpoint: Path,
    windows: Iterator[ReaderBatch], rates: float = 1.0,
) -> None:  # fmt: skip
    """Train for `steps` steps, each on a batch of `train_set` and one of `windows`. At the end, the models' weights are
    the averages. The rates of the encoder and of Stanza's heads are multiplied by `rates`."""
    weights = models.weights()
    encoder_weights = [values for name, values in weights.items() if name.startswith("encoder.")]
    reader_weights = [values for name, values in weights.items() if name.startswith("reader.")]
    head_weights = [values for name, values in weights.items() if not name.startswith(("encoder.", "reader."))]
    optimizer = torch.optim.AdamW(
        [
            {"params": encoder_weights, "weight_decay": DECAY, "peak": ENCODER_RATE * rates},
            {"params": reader_weights, "weight_decay": DECAY, "peak": READER_RATE},
            {"params": head_weights, "weight_decay": 0.0, "peak": HEAD_RATE * rates},
        ],
        betas=(0.9, 0.98),
        fused=True,
    )
    averages = {name: values.detach().clone() for name, values in weights.items()}
    done = load_checkpoint(checkpoint, weights, averages, optimizer) if checkpoint.exists() else 0
    recent: dict[str, float] = {}
    began, first = time.monotonic(), done
    decay = max(0.0, 1 - 1 / (AVERAGED * steps)) ** EVERY
    for batch, window_batch in zip(islice(epochs(train_set), done, steps), islice(windows, done, None), strict=False):
        torch.manual_seed(SEED + done)
        for group in optimizer.param_groups:
            group["lr"] = group["peak"] * scheduled(done, steps, WARMUP, FINAL_SHARE)
        optimizer.zero_grad()
        result = losses(models, batch)
        sum(SHARES[head] * loss for head, loss in result.items()).backward()  # type: ignore[union-attr]
        reader_loss = reader_losses(partial(encoded_words, models.encoder), models.reader.train(), window_batch)
        weighed(reader_loss).backward()  # type: ignore[no-untyped-call]
        result |= reader_loss
        result["norm"] = nn.utils.clip_grad_norm_(weights.values(), MAX_GRADIENT_NORM)
        optimizer.step()
        done += 1
        if done % EVERY == 0:
            update_averages(averages, weights, 1 - min(decay, done / (done + 50)))
        for name, value in result.items():
            recent[name] = 0.98 * recent.get(name, value.item()) + 0.02 * value.item()
        if done % 20 == 0:
            pace = (time.monotonic() - began) / (done - first)
            averaged_losses = " ".join(f"{name} {value:.4f}" for name, value in recent.items())
            print(f"{done}/{steps} {pace:.2f} s {averaged_losses}", flush=True)
        if done % KEPT_EVERY == 0 or done == steps:
            state = {"weights": weights, "averages": averages, "optimizer": optimizer.state_dict(), "done": done}
            torch.save(state, checkpoint.with_suffix(".new"))
            os.replace(checkpoint.with_suffix(".new"), checkpoint)
        if done % interval == 0 and done < steps:
            swap(weights, averages)
            print(formatted(scores(models, dev)), flush=True)
            swap(weights, averages)
    swap(weights, averages)
    print(formatted(scores(models, dev)), flush=True)


def load_checkpoint(
    checkpoint: Path, weights: Mapping[str, Tensor], averages: Mapping[str, Tensor], optimizer: torch.optim.Optimizer
) -> int:
    """Load the checkpoint. Returns the number of steps done."""
    state = torch.load(checkpoint, weights_only=True)
    with torch.no_grad():
        for name, values in weights.items():
            values.copy_(state["weights"][name])
            averages[name].copy_(state["averages"][name])
    optimizer.load_state_dict(state["optimizer"])
    return int(state["done"])


def epochs(train_set: Batch) -> Iterator[list[TrainingExample]]:
    """Yield batches indefinitely."""
    for epoch in count():
        yield from shuffled(train_set, BATCH, SEED + epoch)


def losses(models: Models, batch: Batch) -> dict[str, Tensor]:
    """Return each head's loss per word."""
    parser, tagger, names = (trainer.model.train() for trainer in models.heads.values())
    with half_precision():
        models.encoder.read(batch, MASKED)
    result = {"parser": parser(*for_parser(batch))[0], "tagger": tagger(**for_tagger(batch))[0]}
    with_names = [example for example in batch if example.names is not None]
    if with_names:
        result["names"] = (
            names(**for_names(with_names))[0] * len(with_names) / sum(len(example.words) for example in with_names)
        )
    return result


@torch.no_grad()
def scores(models: Models, dev: Batch) -> dict[str, float]:
    """Return UAS, LAS and part-of-speech accuracy on gold words, and F1 of names."""
    parser, tagger, names = (trainer.model.eval() for trainer in models.heads.values())
    total = heads = relations = tags = 0
    result: list[list[str]] = []
    gold: list[list[str]] = []
    for batch in shuffled(dev, BATCH, SEED):
        models.encoder.read(batch)
        trees = parser.predict(*for_parser(batch))
        parts = tagger(**for_tagger(batch))[1][0].tolist()
        for example, tree, part in zip(batch, trees, parts, strict=True):
            kinds = parser.vocab["deprel"].unmap(example.relations)
            for (head, kind), right, right_kind in zip(tree, example.heads, kinds, strict=True):
                heads += head == right
                relations += head == right and kind == right_kind
            tags += sum(
                predicted_tag == gold_tag for predicted_tag, gold_tag in zip(part, example.tags[0], strict=False)
            )
            total += len(example.words)
        with_names = [example for example in batch if example.names is not None]
        if with_names:
            _, (logits,), (transitions,) = names(**for_names(with_names))
            for example, of_words in zip(with_names, logits.numpy(), strict=True):
                best, _ = viterbi_decode(of_words[: len(example.words)], transitions.numpy())
                result.append([tag for (tag,) in names.vocab["tag"].unmap([[number] for number in best])])
                gold.append([tag for (tag,) in names.vocab["tag"].unmap(example.names)])
    f1 = score_by_entity(result, gold)[2]
    return {"UAS": heads / total, "LAS": relations / total, "UPOS": tags / total, "names": f1}


def formatted(of_dev: Mapping[str, float]) -> str:
    """Format scores in percent."""
    return "dev: " + " ".join(f"{name} {100 * value:.2f}" for name, value in of_dev.items())


if __name__ == "__main__":
    main()
