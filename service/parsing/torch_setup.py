"""Set up torch for inference: threads, precision, oneDNN's kernel cache.

A module of its own because it imports torch, which must not happen before a process has set OMP_NUM_THREADS.
"""

import os
from typing import Final

import torch

# oneDNN caches a kernel and its work memory per matrix size. Below "highest" precision, torch sends it all products, of
# hundreds of sizes per article; generating those kernels took half of the time and memory.
_MAX_KERNELS: Final = "64"


def limit_kernel_cache() -> None:
    """Limit oneDNN's kernel cache. Call this before any computation: oneDNN reads the environment once."""
    os.environ.update(ONEDNN_PRIMITIVE_CACHE_CAPACITY=_MAX_KERNELS)


def set_up_torch(threads: int) -> None:
    """Set torch's number of threads, use MKL for float32 products, and limit oneDNN's kernel cache."""
    limit_kernel_cache()
    torch.set_num_threads(threads)
    torch.set_float32_matmul_precision("highest")
