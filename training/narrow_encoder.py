"""Prune the frozen encoder to half the computation, with nearly the same states.

    python -m training.narrow_encoder --work ../work --corpora ../shared --pack ../work/wide

Each layer first loses the attention heads and intermediate units that the rest can best compensate for, and the
remaining weights are refit: optimal brain surgeon on groups of weights (Hassibi and Stork, 1993; for transformers,
Kurtic et al., ZipLM, 2023). Then the whole narrow encoder is distilled from the wide one, layer by layer, on news and
on the treebanks (as in Jiao et al., TinyBERT, 2020). Embeddings are unchanged. Only text is used, no annotation.

The same command resumes an interrupted run from `apart/checkpoint.pt`. Writes `apart/encoder.safetensors`, the input of
`training.train_together`.
"""

import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn import functional

from service.input.paragraphs import read_article
from service.parsing.embedded.embedded_parser import EmbeddedParser, open_pack
from service.parsing.packs import read_pack
from training.corpora import conllu
from training.corpora.news import documents, polnear
from training.encoder import HEAD_SIZE, Encoder, WordPieces, batches
from training.freeze_encoder import LAYERS
from training.recipe import recipe
from training.silver import news_arguments

_RECIPE: Final = recipe("narrow_encoder")
HEADS_KEPT: Final[int] = _RECIPE["heads_kept"]
INNER_KEPT: Final[int] = _RECIPE["inner_kept"]
SEED: Final[int] = _RECIPE["seed"]
CALIBRATION: Final[int] = _RECIPE["calibration"]  # sentences
HELD_OUT: Final[int] = _RECIPE["held_out"]
BATCH: Final[int] = _RECIPE["batch"]  # subwords
RATE: Final[float] = _RECIPE["rate"]
WARMUP: Final[int] = _RECIPE["warmup"]
AT_ONCE: Final[int] = _RECIPE["at_once"]  # intermediate units pruned before the rest are scored again
DAMPING: Final[float] = _RECIPE["damping"]  # relative to the mean of the diagonal

Rows = Sequence[Sequence[int]]


def main() -> None:
    """Prune, train and write the encoder."""
    arguments = news_arguments(__doc__)
    arguments.add_argument("--steps", type=int, default=2400)
    arguments.add_argument("--threads", type=int, default=2)
    args = arguments.parse_args()
    folder: Path = args.work / "apart"
    folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(args.threads)
    wide = Encoder.load(args.work / "frozen/encoder.safetensors", LAYERS, torch.float32)
    sentences = cached_sentences(folder / "rows.pt", args.work, args.corpora, args.pack)
    rng = random.Random(SEED)
    rng.shuffle(sentences)
    held_out, rows = sentences[:HELD_OUT], sentences[HELD_OUT:]
    start = folder / "start.safetensors"
    if not start.exists():
        save_file(pruned(wide, rows[:CALIBRATION], HEADS_KEPT, INNER_KEPT), start)
    narrow = Encoder.load(start, LAYERS, torch.float32)
    print("before training:", layer_distances(narrow, wide, held_out), flush=True)
    train(narrow, wide, rows, held_out, args.steps, folder / "checkpoint.pt")
    save_file(
        {name: values.contiguous() for name, values in narrow.state_dict().items()}, folder / "encoder.safetensors"
    )


def cached_sentences(file: Path, work: Path, corpora: Path, pack: Path) -> list[list[int]]:
    """Return the subwords of each sentence of PolNeAR's train set and of the treebanks; cached in `file`."""
    if not file.exists():
        parser = EmbeddedParser(*open_pack(read_pack(pack), 1))
        articles = (read_article(str(document["text"])) for document in documents(polnear(corpora, "train")))
        news = [
            [form.text for form in sentence]
            for article in articles
            for part in parser.split(article)
            for sentence in part
        ]
        banks = [[word[1] for word in sentence.words()] for sentence in conllu.read(work / "data/train.conllu")]
        pieces = WordPieces(work / "frozen/tokenizer.json")
        torch.save([ids[:512] for ids in pieces(news + banks, is_split_into_words=True).input_ids], file)
    rows: list[list[int]] = torch.load(file)
    return rows


def batched(rows: Rows) -> Iterator[tuple[Tensor, Tensor]]:
    """Group rows of similar length. Yields their subwords, and a mask of where each row has some."""
    for _, ids, lengths in batches(rows, BATCH):
        yield ids, torch.arange(ids.shape[1]) < lengths[:, None]


def states(encoder: Encoder, ids: Tensor, within: Tensor) -> list[Tensor]:
    """Return the states of each layer at each subword of a batch, without padding: each [subwords, size]."""
    return [layer[within] for layer in encoder._encode(ids, within.sum(1))]


def pruned(wide: Encoder, rows: Rows, heads: int, inner: int) -> dict[str, Tensor]:
    """Prune `wide` to `heads` attention heads and `inner` intermediate units per layer. Each layer is refit to its
    pruned input on `rows`. Returns the weights, before distillation."""
    weights = {name: values.clone() for name, values in wide.state_dict().items()}
    with torch.no_grad():
        masks = [within for _, within in batched(rows)]
        wide_states = [wide._encode(ids, within.sum(1))[0] for ids, within in batched(rows)]
        narrow_states = list(wide_states)
        layers: Any = wide.encoder["layer"]
        for number, layer in enumerate(layers):
            name = f"encoder.layer.{number}."
            attention, attention_output, ffn_output = layer.attention["self"], layer.attention["output"], layer.output
            wide_heads = [
                layer.attended(batch, mask[:, None, None, :]) for batch, mask in zip(wide_states, masks, strict=True)
            ]
            narrow_heads = [
                layer.attended(batch, mask[:, None, None, :]) for batch, mask in zip(narrow_states, masks, strict=True)
            ]
            goal = flat(
                [
                    attention_output["dense"](batch) + residual
                    for batch, residual in zip(wide_heads, wide_states, strict=True)
                ],
                masks,
            )
            kept, weight, bias = refit(flat(narrow_heads, masks), goal - flat(narrow_states, masks), HEAD_SIZE, heads)
            for part in ("query", "key", "value"):
                for kind in ("weight", "bias"):
                    weights[f"{name}attention.self.{part}.{kind}"] = getattr(attention[part], kind)[kept].clone()
            weights[f"{name}attention.output.dense.weight"], weights[f"{name}attention.output.dense.bias"] = (
                weight,
                bias,
            )
            narrow_states = [
                attention_output["LayerNorm"](functional.linear(batch[..., kept], weight, bias) + residual)
                for batch, residual in zip(narrow_heads, narrow_states, strict=True)
            ]
            wide_states = [
                attention_output["LayerNorm"](attention_output["dense"](batch) + residual)
                for batch, residual in zip(wide_heads, wide_states, strict=True)
            ]

            widen = layer.intermediate["dense"]
            units = flat([functional.gelu(widen(batch)) for batch in narrow_states], masks)
            goal = flat([ffn_output["dense"](functional.gelu(widen(batch))) + batch for batch in wide_states], masks)
            kept, weight, bias = refit(units, goal - flat(narrow_states, masks), 1, inner)
            weights[f"{name}intermediate.dense.weight"] = widen.weight[kept].clone()
            weights[f"{name}intermediate.dense.bias"] = widen.bias[kept].clone()
            weights[f"{name}output.dense.weight"], weights[f"{name}output.dense.bias"] = weight, bias
            narrow_states = [
                ffn_output["LayerNorm"](
                    functional.linear(functional.gelu(widen(batch))[..., kept], weight, bias) + batch
                )
                for batch in narrow_states
            ]
            wide_states = [
                ffn_output["LayerNorm"](ffn_output["dense"](functional.gelu(widen(batch))) + batch)
                for batch in wide_states
            ]
    return weights


def flat(values: Sequence[Tensor], masks: Sequence[Tensor]) -> Tensor:
    """Concatenate all subwords of all batches."""
    return torch.cat([batch[mask] for batch, mask in zip(values, masks, strict=True)])


def refit(inputs: Tensor, goal: Tensor, width: int, kept: int) -> tuple[Tensor, Tensor, Tensor]:
    """Choose which inputs of a linear layer to keep, `kept` groups of `width` adjacent ones. Returns them, and the
    weight and bias that best approximate `goal`."""
    mean, goal_mean = inputs.mean(0).double(), goal.mean(0).double()
    gram = (inputs.T @ inputs).double() / len(inputs) - torch.outer(mean, mean)
    cross = (goal.T @ inputs).double() / len(inputs) - torch.outer(goal_mean, mean)
    size = len(gram)
    inverse = torch.linalg.inv(gram + DAMPING * gram.diagonal().mean() * torch.eye(size, dtype=torch.double))
    best = cross @ inverse
    remaining = torch.arange(size)
    while len(remaining) > kept * width:
        blocks = inverse.unflatten(0, (-1, width)).unflatten(2, (-1, width))
        diagonal_blocks = blocks[torch.arange(len(blocks)), :, torch.arange(len(blocks))]  # [groups, width, width]
        parts = best.unflatten(1, (-1, width)).transpose(0, 1)  # [groups, outputs, width]
        cost = torch.einsum("gow,gwv,gov->g", parts, torch.linalg.inv(diagonal_blocks), parts)
        count = min(AT_ONCE if width == 1 else 1, len(cost) - kept)
        dropped = (cost.argsort()[:count, None] * width + torch.arange(width)).flatten()
        is_kept = torch.ones(len(remaining), dtype=torch.bool).index_fill_(0, dropped, False)
        solve = torch.linalg.inv(inverse[dropped][:, dropped]) @ inverse[dropped]
        best = (best - best[:, dropped] @ solve)[:, is_kept]
        inverse = (inverse - inverse[:, dropped] @ solve)[is_kept][:, is_kept]
        remaining = remaining[is_kept]
    bias = goal_mean - best @ mean[remaining]
    return remaining, best.to(inputs.dtype).contiguous(), bias.to(inputs.dtype)


def train(narrow: Encoder, wide: Encoder, rows: Rows, held_out: Rows, steps: int, checkpoint: Path) -> None:
    """Train the layers of `narrow` towards the states of `wide`."""
    layers: Any = narrow.encoder["layer"]
    for values in layers.parameters():
        values.requires_grad_(True)
    optimizer = torch.optim.AdamW(layers.parameters(), betas=(0.9, 0.98), weight_decay=0)
    done = 0
    if checkpoint.exists():
        saved = torch.load(checkpoint)
        layers.load_state_dict(saved["layers"])
        optimizer.load_state_dict(saved["optimizer"])
        done = saved["done"]
    spread = torch.stack([layer.var(0).sum() for layer in sample_states(wide, held_out)[1:]])
    groups = list(batched(rows))
    goals: dict[int, Tensor] = {}  # cached states of `wide` for each batch, in half precision
    rng = random.Random(SEED + done)
    began = time.monotonic()
    while done < steps:
        for number in rng.sample(range(len(groups)), len(groups)):
            for group in optimizer.param_groups:
                group["lr"] = RATE * min((done + 1) / WARMUP, max(0.01, 1 - done / steps))
            if number not in goals:
                with torch.no_grad():
                    goals[number] = torch.stack(states(wide, *groups[number])[1:]).half()
            narrow_states = torch.stack(states(narrow, *groups[number])[1:])
            loss = ((narrow_states - goals[number].float()).square().sum(2).mean(1) / spread).mean()
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(layers.parameters(), 1.0)
            optimizer.step()
            done += 1
            if done % 200 == 0 or done == steps:
                state = {"layers": layers.state_dict(), "optimizer": optimizer.state_dict(), "done": done}
                torch.save(state, checkpoint)
                took = time.monotonic() - began
                print(f"{done} steps, {took:.0f} s: {layer_distances(narrow, wide, held_out)}", flush=True)
            if done == steps:
                break


def sample_states(encoder: Encoder, rows: Rows) -> list[Tensor]:
    """Return the states of each layer at all subwords of `rows`."""
    with torch.no_grad():
        result = [states(encoder, ids, within) for ids, within in batched(rows)]
    return [torch.cat(layer) for layer in zip(*result, strict=True)]


def layer_distances(narrow: Encoder, wide: Encoder, rows: Rows) -> str:
    """Format the distance of the layers of `narrow` from those of `wide`, as shares of their variance."""
    pairs = zip(sample_states(narrow, rows)[1:], sample_states(wide, rows)[1:], strict=True)
    return " ".join(
        f"{float((narrow_layer - wide_layer).square().sum(1).mean() / wide_layer.var(0).sum()):.4f}"
        for narrow_layer, wide_layer in pairs
    )


if __name__ == "__main__":
    main()
