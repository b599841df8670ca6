"""How torch computes here."""

import os
from typing import Final

import torch

# oneDNN keeps a kernel, with the memory that it works in, for each size of product. Below "highest" torch sends it all
# products, of hundreds of sizes an article; to generate those kernels took half of the time and of the memory.
_KERNELS_KEPT: Final = "64"


def keep_few_kernels() -> None:
    """Have oneDNN keep few kernels. Call it before anything is computed: it asks the environment once."""
    os.environ.update(ONEDNN_PRIMITIVE_CACHE_CAPACITY=_KERNELS_KEPT)


def set_up_torch(threads: int) -> None:
    """Have torch use so many threads, MKL for products in float32, and keep few kernels of oneDNN."""
    keep_few_kernels()
    torch.set_num_threads(threads)
    torch.set_float32_matmul_precision("highest")
