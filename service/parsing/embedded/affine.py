"""Linear layers of the encoder, in floating point or in int8.

int8 products take half the time of float32 ones on a processor with AVX2, and less with VNNI. Activations are quantized
per channel over their range [low, high], in as many steps as `arithmetic.py` defines, and weights per output to 255
steps. The bias is corrected for the expected effect of rounding the weights (Nagel et al., Data-Free Quantization,
2019).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import torch
from torch import Tensor
from torch.nn import functional

INPUTS: Final = ("low", "high", "mean")  # per input channel, measured by `training.input_ranges`

Affine = Callable[[Tensor], Tensor]


def affine(values: Mapping[str, Tensor], names: Sequence[str], steps: int) -> Affine:
    """Return the linear layers `names` of the weights `values` as one map with concatenated outputs.

    Activations are quantized to `steps` steps, if it is not 0 and their ranges are known; otherwise the weights' dtype
    is used.
    """
    weight, bias = (torch.cat([values[f"{name}.{part}"] for name in names]) for part in ("weight", "bias"))
    inputs = [values.get(f"{names[0]}.input_{part}") for part in INPUTS]
    if steps and all(part is not None for part in inputs):
        return _of_integers(steps, weight.float(), bias.float(), *(part.float() for part in inputs if part is not None))
    return lambda states: functional.linear(states, weight, bias)


def _of_integers(steps: int, weight: Tensor, bias: Tensor, low: Tensor, high: Tensor, mean: Tensor) -> Affine:
    step = ((high - low) / steps).clamp(min=1e-6)
    of_steps = weight * step
    scales = of_steps.abs().amax(1) / 127
    whole = (of_steps / scales[:, None]).round()
    bias = bias + weight @ mean - (whole * scales[:, None]) @ ((mean - low) / step)
    packed = torch.ops.onednn.qlinear_prepack(whole.to(torch.int8), None)
    zeros = torch.zeros(len(whole), dtype=torch.int32)
    steps_of_one, steps_of_none = 1 / step, -low / step

    def compute(states: Tensor) -> Tensor:
        quantized = torch.addcmul(steps_of_none, states, steps_of_one).round_().clamp_(0, steps).to(torch.uint8)
        return quantized_product(quantized, packed, scales, zeros, bias)

    return compute


def quantized_product(inputs: Tensor, packed: Tensor, scales: Tensor, zeros: Tensor, bias: Tensor) -> Tensor:
    """Multiply uint8 `inputs` [rows, inputs] by `packed` int8 weights with oneDNN; returns float32 [rows, outputs].

    `scales` and `zeros` are the quantization parameters of each output's weights.
    """
    product: Tensor = torch.ops.onednn.qlinear_pointwise(
        inputs, 1.0, 0, packed, scales, zeros, bias, 1.0, 0, torch.float32, "none", [], ""
    )
    return product
