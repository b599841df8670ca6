"""How torch computes here."""

import torch


def set_up_torch(threads: int) -> None:
    """Have torch use so many threads, and bfloat16 in products on processors that have it."""
    torch.set_num_threads(threads)
    torch.set_float32_matmul_precision("medium")
