"""The numerics policy: which arithmetic the embedded models compute with on which processor.

Only the encoder's products differ. Everything around them, and all heads, compute in float32 through MKL, which
generates no code: oneDNN generates a kernel for each size of product, so what goes through it must come in few sizes.

Nothing here imports torch before a processor is asked what it can do.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from service.errors import ModelMismatch

AUTO: Final = "auto"


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """How the encoder computes. Its `name` is part of an answer, and of what answers are kept under."""

    name: str
    dtype: Literal["float32", "bfloat16"]
    steps: int  # that an input of a product is quantized to; 0: it is not
    needs: str  # what `abilities` must have for it to be fast; "": nothing
    exact: bool = False  # without what it needs it is not only slow, but wrong


# The first that the processor has what it needs for is used. bfloat16 is nearest to float32 (docs/models.md); without
# products of it torch does them in loops, at a tenth of float32's speed. On a Zen 4, which has them without AMX, the
# encoder takes 95 µs a word with bfloat16, 79 with int8. AVX2 adds two products of eight bits in sixteen: inputs must
# have seven.
ARITHMETICS: Final = (
    Arithmetic("bf16-amx", "bfloat16", 0, "amx_bf16"),
    Arithmetic("bf16-avx512", "bfloat16", 0, "avx512_bf16"),
    Arithmetic("bf16-arm", "bfloat16", 0, "bf16"),
    Arithmetic("int8-vnni", "float32", 255, "vnni", exact=True),
    Arithmetic("int8-avx2", "float32", 127, "avx2"),
    Arithmetic("float32", "float32", 0, ""),
)
FLOAT32: Final = ARITHMETICS[-1]
NAMES: Final = (AUTO, *(one.name for one in ARITHMETICS))


def arithmetic(name: str = AUTO, able: Collection[str] | None = None) -> Arithmetic:
    """Return the arithmetic of this `name`; by `AUTO` the fastest of this processor, or of one that is `able`.

    Raises `ModelMismatch` where it would be wrong here.
    """
    able = abilities() if able is None else able
    if name == AUTO:
        return next(one for one in ARITHMETICS if not one.needs or one.needs in able)
    (found,) = (one for one in ARITHMETICS if one.name == name)
    if found.exact and found.needs not in able:
        raise ModelMismatch(f"The arithmetic {name} needs a processor with {found.needs}; set {AUTO} or another.")
    return found


@cache
def abilities() -> frozenset[str]:
    """What this processor can do that the policy asks for, as far as torch and oneDNN may use it.

    ATEN_CPU_CAPABILITY and ONEDNN_MAX_CPU_ISA hold them to less than it can.
    """
    import torch

    from service.parsing.torch_setup import keep_few_kernels

    keep_few_kernels()
    known = torch.cpu.get_capabilities()
    able = {name for name in ("bf16", "avx2") if known.get(name)}
    if torch.backends.cpu.get_cpu_capability() not in ("DEFAULT", "AVX2"):
        able |= {name for name in ("amx_bf16", "avx512_bf16") if known.get(name)}
    if "avx2" in able and _wide_products_are_exact():
        able.add("vnni")
    return frozenset(able)


@cache
def processor_kind() -> str:
    """A name for all that this processor can do: on another kind, sums can be rounded differently."""
    import torch

    known = {**torch.cpu.get_capabilities(), "torch": torch.backends.cpu.get_cpu_capability()}
    told = [name if value is True else f"{name} {value}" for name, value in sorted(known.items()) if value]
    counts = ("num_", "l1d_", "l2_", "l3_")
    return ", ".join(one for one in told if not one.startswith(counts))


def _wide_products_are_exact() -> bool:
    """Whether oneDNN adds products of eight bits without overflow: by trial, since no name says what it may use."""
    import torch

    from service.parsing.embedded.affine import quantized_product

    size = 64
    weight = torch.full((size, size), 127, dtype=torch.int8)
    inputs = torch.full((1, size), 255, dtype=torch.uint8)
    scales, zeros, bias = torch.ones(size), torch.zeros(size, dtype=torch.int32), torch.zeros(size)
    packed = torch.ops.onednn.qlinear_prepack(weight, None)
    found = quantized_product(inputs, packed, scales, zeros, bias)
    return bool((found == 255 * 127 * size).all())
