"""The numbers that the embedded models compute with."""

from collections.abc import Mapping
from typing import Any, Final

import torch

_HAVE_INTEGERS: Final = ("avx2", "avx512_vnni")
_HAVE_BFLOAT16: Final = ("avx512_bf16", "amx_bf16", "bf16")  # torch's names: two of x86's, one of ARM's


def precision(capabilities: Mapping[str, Any] | None = None) -> torch.dtype:
    """bfloat16 on a processor that has products of them, by torch's names of what it can do; else float32.

    Without such products torch does them in loops, for a tenth of float32's speed: 124 words a second instead of
    1,250 on a Zen 3.
    """
    able = torch.cpu.get_capabilities() if capabilities is None else capabilities
    return torch.bfloat16 if any(able.get(name) for name in _HAVE_BFLOAT16) else torch.float32


def integers(capabilities: Mapping[str, Any] | None = None) -> bool:
    """Whether this processor multiplies integers of eight bits faster than floating point, by torch's names."""
    able = torch.cpu.get_capabilities() if capabilities is None else capabilities
    return any(able.get(name) for name in _HAVE_INTEGERS)
