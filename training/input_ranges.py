"""Measure the activation ranges of the encoder's linear layers, which int8 arithmetic needs at run time.

Adds `….input_low`, `….input_high` and `….input_mean` of each linear layer to the encoder's weights, per input channel
[inputs], as `service.parsing.embedded.encoder` reads them.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import groupby
from typing import Any

import torch
from torch import Tensor, nn

from training.encoder import Encoder

# key and value have the query's input
LINEAR_LAYERS = ("attention.self.query", "attention.output.dense", "intermediate.dense", "output.dense")
AT_ONCE = 64  # rows

Ranges = dict[str, Tensor]


def with_ranges(weights: Mapping[str, Tensor], rows: Iterable[Sequence[int]]) -> dict[str, Tensor]:
    """Return `weights` with the ranges of the activations while `rows` are encoded in float32."""
    encoder = Encoder({name: values.float() for name, values in weights.items()}, 0)
    ranges: dict[str, Ranges] = {}
    modules = dict(encoder.named_modules())
    layers: Any = encoder.encoder["layer"]
    for name in (f"encoder.layer.{layer}.{part}" for layer in range(len(layers)) for part in LINEAR_LAYERS):
        modules[name].register_forward_pre_hook(partial(update_ranges, ranges.setdefault(name, {})))
    with torch.no_grad():
        for batch in batches_of_equal_length(rows):
            encoder._encode(batch, torch.full((len(batch),), batch.shape[1]))
    extended = dict(weights)
    for name, values in ranges.items():
        extended |= {f"{name}.input_{part}": values[part] for part in ("low", "high")}
        extended[f"{name}.input_mean"] = values["sum"] / values["count"]
    return extended


def batches_of_equal_length(rows: Iterable[Sequence[int]]) -> Iterable[Tensor]:
    """Group rows of equal length, so that none is padded: [rows, subwords]."""
    for _, group in groupby(sorted(rows, key=len), len):
        yield from torch.tensor(list(group)).split(AT_ONCE)  # type: ignore[no-untyped-call]


def update_ranges(ranges: Ranges, _map: nn.Module, inputs: tuple[Tensor]) -> None:
    """Record the ranges of a batch of activations [rows, subwords, inputs]."""
    states = inputs[0].flatten(0, 1)
    low, high = torch.aminmax(states, dim=0)
    if not ranges:
        ranges |= {"low": low, "high": high, "sum": torch.zeros_like(low), "count": torch.zeros(())}
    ranges["low"], ranges["high"] = torch.minimum(ranges["low"], low), torch.maximum(ranges["high"], high)
    ranges["sum"] += states.sum(0)
    ranges["count"] += len(states)
