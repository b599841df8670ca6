"""The numerics policy: which arithmetic the embedded models compute with on which processor.

Only the encoder's products differ. Everything around them, and all heads, compute in float32 through MKL, which
generates no code: oneDNN generates a kernel for each size of product, so what goes through it must come in few sizes.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import torch


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """How the encoder computes: its `dtype`, and whether its products are `quantized` to integers of eight bits."""

    name: str
    dtype: torch.dtype
    quantized: bool
    processors: tuple[str, ...]  # it is fast where the processor has one of these, by torch's names

    def suits(self, capabilities: Mapping[str, Any]) -> bool:
        """Whether a processor of these `capabilities` computes fast with it."""
        return not self.processors or any(capabilities.get(name) for name in self.processors)


# The first that suits the processor is used. On a Zen 4, which multiplies bfloat16 without AMX, integers are faster
# (74 µs a word instead of 101); without any products of bfloat16 torch does them in loops, at a tenth of the speed.
ARITHMETICS: Final = (
    Arithmetic("bf16-amx", torch.bfloat16, quantized=False, processors=("amx_bf16",)),
    Arithmetic("bf16-arm", torch.bfloat16, quantized=False, processors=("bf16",)),
    Arithmetic("int8-avx512", torch.float32, quantized=True, processors=("avx512_vnni",)),
    Arithmetic("int8-avx2", torch.float32, quantized=True, processors=("avx2",)),
    Arithmetic("float32", torch.float32, quantized=False, processors=()),
)
FLOAT32: Final = ARITHMETICS[-1]

# What oneDNN may not use under ONEDNN_MAX_CPU_ISA, of what the policy asks for.
_BARRED: Final = {
    "AVX2": ("amx_bf16", "avx512_vnni"),
    "AVX2_VNNI": ("amx_bf16", "avx512_vnni"),
    "AVX512_CORE": ("amx_bf16", "avx512_vnni"),
    "AVX512_CORE_VNNI": ("amx_bf16",),
    "AVX512_CORE_BF16": ("amx_bf16",),
    "AVX512_CORE_FP16": ("amx_bf16",),
}


def arithmetic(
    capabilities: Mapping[str, Any] | None = None, environment: Mapping[str, str] = os.environ
) -> Arithmetic:
    """Return the fastest arithmetic of this processor, or of one with these `capabilities` (torch's names).

    `environment` can hold oneDNN to an older processor, as its own variable ONEDNN_MAX_CPU_ISA does.
    """
    able = torch.cpu.get_capabilities() if capabilities is None else capabilities
    barred = _BARRED.get(environment.get("ONEDNN_MAX_CPU_ISA", "").upper(), ())
    allowed = {name: value for name, value in able.items() if name not in barred}
    return next(one for one in ARITHMETICS if one.suits(allowed))
