"""A random encoder."""

import torch
from torch import Tensor

from training.encoder import HEAD_SIZE

SIZE = 3 * HEAD_SIZE


def weights(layers: int, pieces: int, inner: int = 40) -> dict[str, Tensor]:
    """Return the weights of `layers` layers with three heads, and `pieces` subwords."""
    generator = torch.Generator().manual_seed(3)

    def drawn(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=generator) * 0.3

    found = {
        "embeddings.word_embeddings.weight": drawn(pieces, SIZE),
        "embeddings.position_embeddings.weight": drawn(512, SIZE),
        "embeddings.token_type_embeddings.weight": drawn(2, SIZE),
    }
    norms = ["embeddings.LayerNorm"]
    for layer in (f"encoder.layer.{number}" for number in range(layers)):
        norms += [f"{layer}.attention.output.LayerNorm", f"{layer}.output.LayerNorm"]
        parts = {f"attention.self.{part}": (SIZE, SIZE) for part in ("query", "key", "value")} | {
            "attention.output.dense": (SIZE, SIZE),
            "intermediate.dense": (inner, SIZE),
            "output.dense": (SIZE, inner),
        }
        for part, shape in parts.items():
            found |= {f"{layer}.{part}.weight": drawn(*shape), f"{layer}.{part}.bias": drawn(shape[0])}
    for norm in norms:
        found |= {f"{norm}.weight": torch.ones(SIZE), f"{norm}.bias": torch.zeros(SIZE)}
    return found
