"""A teacher of the reader: MPNet (all-mpnet-base-v2, Apache-2.0) under a reader of its own, fine-tuned on PolNeAR.

It encodes whole windows of sentences, has ten times the weights of the pack's encoder and is never released: the
probabilities that it gives to articles which it has not seen are labels for the reader (`training.tune_encoder`).
"""

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any, Final

import torch
from torch import Tensor, nn
from transformers import MPNetConfig, MPNetModel

from service.parsing.embedded.reader import Reader
from training.optimization import scheduled
from training.reader_examples import Pieces, ReaderArticle, ReaderBatch
from training.reader_losses import losses, reader_batches, weighed
from training.recipe import recipe

_RECIPE: Final = recipe("reader_teacher")
STEPS: Final[int] = _RECIPE["steps"]
ENCODER_RATE: Final[float] = _RECIPE["encoder_rate"]
RATE: Final[float] = _RECIPE["rate"]
WARMUP: Final[int] = _RECIPE["warmup"]
FINAL_SHARE: Final[float] = _RECIPE["final_share"]
DECAY: Final[float] = _RECIPE["decay"]
MAX_GRADIENT_NORM: Final[float] = _RECIPE["max_gradient_norm"]
BATCH: Final[int] = _RECIPE["batch"]  # words of windows, padding included
LAYERS: Final[int] = _RECIPE["layers"]  # last layers of MPNet that are mixed

# MPNet has BERT's vocabulary after four marks of its own.
START, PADDING, END, OFFSET = 0, 1, 2, 4
LONGEST = 512  # subwords
HEAD_SIZE = 64


class Teacher(nn.Module):
    """MPNet, and a reader on its last layers."""

    def __init__(self, weights: Mapping[str, Tensor]) -> None:
        super().__init__()
        words = weights["embeddings.word_embeddings.weight"]
        inner = weights["encoder.layer.0.intermediate.dense.weight"]
        config: Any = MPNetConfig(
            vocab_size=len(words),
            hidden_size=words.shape[1],
            num_hidden_layers=sum(name.endswith("intermediate.dense.weight") for name in weights),
            num_attention_heads=words.shape[1] // HEAD_SIZE,
            intermediate_size=len(inner),
            max_position_embeddings=len(weights["embeddings.position_embeddings.weight"]),
            layer_norm_eps=1e-5,
        )
        self.encoder: Any = MPNetModel(config, add_pooling_layer=False)
        self.encoder.load_state_dict(
            {name: values for name, values in weights.items() if not name.startswith("pooler")}, strict=False
        )
        self.reader = Reader(words.shape[1], LAYERS)

    def words(self, batch: ReaderBatch, mix: nn.Linear) -> Tensor:
        """Return the mixed states of the words of a batch, whose windows are encoded as a whole [words, size]."""
        rows: list[list[int]] = []
        places: list[tuple[int, int]] = []
        remaining = iter(batch.sentences)
        for row, count in enumerate((batch.windows.sentences.amax(1) + 1).tolist()):
            ids = [START]
            for subwords, last in islice(remaining, count):
                places += [(row, min(len(ids) + place - 1, LONGEST - 2)) for place in last]
                ids += [piece + OFFSET for piece in subwords[1:-1]]
            rows.append([*ids[: LONGEST - 1], END])
        width = max(map(len, rows))
        ids_of_rows = torch.tensor([row + [PADDING] * (width - len(row)) for row in rows])
        found = self.encoder(ids_of_rows, attention_mask=(ids_of_rows != PADDING).long(), output_hidden_states=True)
        weights = mix.weight[0] + 1 / mix.in_features
        mixed = sum(weight * layer for weight, layer in zip(weights, found.hidden_states[-LAYERS:], strict=True))
        row_numbers, positions = torch.tensor(places).T
        result: Tensor = mixed[row_numbers, positions]
        return result


def train_teacher(
    weights: Mapping[str, Tensor], articles: Sequence[ReaderArticle], pieces: Pieces, steps: int, seed: int
) -> Teacher:
    """Return a teacher trained on `articles`, from MPNet's `weights`."""
    torch.manual_seed(seed)
    teacher = Teacher(weights)
    teacher.encoder.embeddings.word_embeddings.requires_grad_(False)
    parts = [(teacher.encoder, ENCODER_RATE), (teacher.reader, RATE)]
    groups = [{"params": [p for p in part.parameters() if p.requires_grad], "rate": rate} for part, rate in parts]
    optimizer = torch.optim.AdamW(groups, weight_decay=DECAY, betas=(0.9, 0.98))
    teacher.train()
    recent: dict[str, float] = {}
    for step, batch in enumerate(islice(reader_batches(articles, pieces, BATCH, seed), steps)):
        for group in optimizer.param_groups:
            group["lr"] = group["rate"] * scheduled(step, steps, WARMUP, FINAL_SHARE)
        optimizer.zero_grad()
        found = losses(teacher.words, teacher.reader, batch)
        weighed(found).backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(teacher.parameters(), MAX_GRADIENT_NORM)
        optimizer.step()
        if (step + 1) % 50 == 0:
            for name, value in found.items():
                recent[name] = 0.5 * recent.get(name, value.item()) + 0.5 * value.item()
            print(f"{step + 1}/{steps}", *(f"{name} {value:.4f}" for name, value in recent.items()), flush=True)
    return teacher.eval()
