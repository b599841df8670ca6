"""Configure torch."""

import os
from typing import Final

import torch

# oneDNN caches a kernel and its work memory per matrix size. Below "highest" precision, torch sends it all products, of
# hundreds of sizes per article; generating those kernels took half of the time and memory.
_KERNELS_KEPT: Final = "64"


def keep_few_kernels() -> None:
    """Limit oneDNN's kernel cache. Call this before any computation: oneDNN reads the environment once."""
    os.environ.update(ONEDNN_PRIMITIVE_CACHE_CAPACITY=_KERNELS_KEPT)


def set_up_torch(threads: int) -> None:
    """Set torch's number of threads, use MKL for float32 products, and limit oneDNN's kernel cache."""
    keep_few_kernels()
    torch.set_num_threads(threads)
    torch.set_float32_matmul_precision("highest")
