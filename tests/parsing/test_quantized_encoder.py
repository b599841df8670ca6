"""Which products of the encoder are quantized."""

from collections.abc import Mapping, Sequence

import pytest
import torch
from torch import Tensor

from service.parsing.embedded import encoder
from service.parsing.embedded.arithmetic import arithmetic
from service.parsing.embedded.encoder import Affine

_SIZE = 8


def a_layer() -> dict[str, Tensor]:
    """Return the weights of an encoder with one layer."""
    maps = ("attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense")
    shapes = dict.fromkeys([f"encoder.layer.0.{name}" for name in maps], (_SIZE, _SIZE))
    shapes |= {"encoder.layer.0.intermediate.dense": (4 * _SIZE, _SIZE)}
    shapes |= {"encoder.layer.0.output.dense": (_SIZE, 4 * _SIZE)}
    values = {f"{name}.weight": torch.ones(shape) for name, shape in shapes.items()}
    values |= {f"{name}.bias": torch.ones(shape[0]) for name, shape in shapes.items()}
    norms = ("embeddings.LayerNorm", "encoder.layer.0.attention.output.LayerNorm", "encoder.layer.0.output.LayerNorm")
    values |= {f"{name}.{part}": torch.ones(_SIZE) for name in norms for part in ("weight", "bias")}
    tables = ("word", "position", "token_type")
    return values | {f"embeddings.{name}_embeddings.weight": torch.ones(3, _SIZE) for name in tables}


@pytest.mark.parametrize(("name", "steps"), [("int8-vnni", 255), ("int8-avx2", 127), ("float32", 0)])
def test_last_product_of_a_layer_is_not_quantized(name: str, steps: int, monkeypatch: pytest.MonkeyPatch) -> None:
    made: dict[str, int] = {}

    def affine(values: Mapping[str, Tensor], names: Sequence[str], steps: int) -> Affine:
        made[names[0].removeprefix("encoder.layer.0.")] = steps
        return lambda states: states

    monkeypatch.setattr(encoder, "affine", affine)
    encoder.Encoder(a_layer(), 2, arithmetic(name, {"vnni", "avx2"}))
    assert made == {
        "attention.self.query": steps,
        "attention.output.dense": steps,
        "intermediate.dense": steps,
        "output.dense": 0,
    }
