"""Select the arithmetic of the embedded models by processor.

Only the large products of the encoder and the reader differ. Everything else computes in float32 with MKL, which
generates no code at run time. oneDNN generates a kernel for each matrix size, so its inputs are kept to a few sizes.

torch is not imported until the processor's capabilities are checked.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from service.errors import ModelMismatch

AUTO: Final = "auto"


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """An arithmetic of the encoder. Its `name` is part of every response and of its cache key."""

    name: str
    dtype: Literal["float32", "bfloat16"]
    needs: str  # the entry of `abilities` that makes it fast; "" if none
    quantized: bool = False  # activations and weights to 8 bits
    exact: bool = False  # without that ability, results are wrong and not only slow
    pairwise: bool = False  # sums of two quantized products have 16 bits
    heads: bool = False  # quantized: also the heads' first products


# The first supported one is used. bfloat16 is the closest to float32 (docs/models.md); without hardware support torch
# emulates it at a tenth of float32's speed. On a Zen 4, which supports it without AMX, the encoder takes 95 µs a word
# with bfloat16 and 79 µs with int8. AVX2 adds two 8-bit products in 16 bits, so each pair of weights is limited.
ARITHMETICS: Final = (
    Arithmetic("bf16-amx", "bfloat16", "amx_bf16"),
    Arithmetic("bf16-avx512", "bfloat16", "avx512_bf16"),
    Arithmetic("bf16-arm", "bfloat16", "bf16"),
    Arithmetic("int8-vnni", "float32", "vnni", quantized=True, exact=True),
    Arithmetic("int8-avx2", "float32", "avx2", quantized=True, pairwise=True, heads=True),
    Arithmetic("float32", "float32", ""),
)
FLOAT32: Final = ARITHMETICS[-1]
NAMES: Final = (AUTO, *(one.name for one in ARITHMETICS))


def arithmetic(name: str = AUTO, able: Collection[str] | None = None) -> Arithmetic:
    """Return the arithmetic named `name`; for `AUTO`, the fastest that this processor (or `able`) supports.

    Raises `ModelMismatch` if its results would be wrong here.
    """
    if name == AUTO:
        able = abilities() if able is None else able
        return next(item for item in ARITHMETICS if not item.needs or item.needs in able)
    result = named(name)
    if result.exact and result.needs not in (abilities() if able is None else able):
        raise ModelMismatch(
            f"The arithmetic {name} needs a processor with {result.needs}. Set PULLQUOTE_ARITHMETIC to "
            f"{AUTO} or another one."
        )
    return result


def named(name: str) -> Arithmetic:
    """Return the arithmetic of this name, whether or not this processor supports it."""
    (result,) = (item for item in ARITHMETICS if item.name == name)
    return result


@cache
def abilities() -> frozenset[str]:
    """Return the relevant capabilities of this processor that torch and oneDNN can use.

    ATEN_CPU_CAPABILITY and ONEDNN_MAX_CPU_ISA restrict them.
    """
    import torch

    from service.parsing.library_setup import limit_kernel_cache

    limit_kernel_cache()
    known = torch.cpu.get_capabilities()
    able = {name for name in ("bf16", "avx2") if known.get(name)}
    if torch.backends.cpu.get_cpu_capability() not in ("DEFAULT", "AVX2"):
        able |= {name for name in ("amx_bf16", "avx512_bf16") if known.get(name)}
    if "avx2" in able and _wide_products_are_exact():
        able.add("vnni")
    return frozenset(able)


@cache
def processor_kind() -> str:
    """Return a name for the processor's capabilities: on processors with another name, sums can be rounded
    differently."""
    import torch

    known = {**torch.cpu.get_capabilities(), "torch": torch.backends.cpu.get_cpu_capability()}
    described = [name if value is True else f"{name} {value}" for name, value in sorted(known.items()) if value]
    counts = ("num_", "l1d_", "l2_", "l3_")
    return ", ".join(item for item in described if not item.startswith(counts))


def _wide_products_are_exact() -> bool:
    """Test whether oneDNN sums 8-bit products without overflow; no capability flag reports it."""
    import torch

    from service.parsing.embedded.encoder import quantized_product

    size = 64
    weight = torch.full((size, size), 127, dtype=torch.int8)
    inputs = torch.full((1, size), 255, dtype=torch.uint8)
    scales, zeros, bias = torch.ones(size), torch.zeros(size, dtype=torch.int32), torch.zeros(size)
    packed = torch.ops.onednn.qlinear_prepack(weight, None)
    result = quantized_product(inputs, packed, scales, zeros, bias)
    return bool((result == 255 * 127 * size).all())
