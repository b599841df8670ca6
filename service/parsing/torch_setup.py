"""How torch computes here."""

import os
from typing import Final

import torch

# oneDNN keeps a kernel, with the memory that it works in, for each size of product; every article has sizes of its own.
_KERNELS_KEPT: Final = "16"


def set_up_torch(threads: int) -> None:
    """Have torch use so many threads, bfloat16 in products on processors that have it, and few kernels.

    Call it before anything is computed: oneDNN asks the environment for its cache's size once.
    """
    os.environ.update(ONEDNN_PRIMITIVE_CACHE_CAPACITY=_KERNELS_KEPT)
    torch.set_num_threads(threads)
    torch.set_float32_matmul_precision("medium")
