"""What the training loops share: the schedule of the learning rate, and moving averages of the weights."""

from collections.abc import Mapping

import torch
from torch import Tensor


def scheduled(step: int, steps: int, warmup: int, final_share: float) -> float:
    """Return the share of the peak learning rate at `step`, counted from 0: it rises over `warmup` steps, and falls
    linearly over all `steps`, but not below `final_share`."""
    return min((step + 1) / warmup, max(final_share, 1 - step / steps))


@torch.no_grad()
def update_averages(averages: Mapping[str, Tensor], weights: Mapping[str, Tensor], part: float) -> None:
    """Move the averages by `part` of the way to the weights."""
    for name, values in weights.items():
        averages[name].lerp_(values, part)


def swap(weights: Mapping[str, Tensor], averages: Mapping[str, Tensor]) -> None:
    """Exchange the values of the two."""
    for name, values in weights.items():
        values.data, averages[name].data = averages[name].data, values.data
