"""Attention within rows of word pieces that lie one behind the other.

torch's attention wants rows of one length. Padding all to the longest would be half of the work in an article, whose
sentences are of all lengths; so rows of like length attend together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

_LIKE: Final = 0.9  # of the longest of a group


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that attend together: `count` of them, padded to `width`. `padded` are the places of their pieces among all,
    `real` those among the padded ones that are no padding, `mask` has -∞ for padding; None if there is none."""

    count: int
    width: int
    padded: Tensor
    real: Tensor
    mask: Tensor | None


def groups(lengths: Sequence[int]) -> list[Group]:
    """Groups of rows of these lengths, the longest first, that lie one behind the other."""
    found = []
    first = begun = 0
    while first < len(lengths):
        width = lengths[first]
        count = sum(length >= _LIKE * width for length in lengths[first:])
        of_rows = np.array(lengths[first : first + count])
        step = np.arange(width)
        within = step < of_rows[:, None]
        starts = begun + np.cumsum(of_rows) - of_rows
        padded = starts[:, None] + np.minimum(step, of_rows[:, None] - 1)
        mask = None if within.all() else np.where(within, 0, -np.inf).astype(np.float32)[:, None, None]
        found.append(
            Group(
                count,
                width,
                torch.from_numpy(padded.ravel()),
                torch.from_numpy(np.flatnonzero(within)),
                mask if mask is None else torch.from_numpy(mask),
            )
        )
        first, begun = first + count, begun + int(of_rows.sum())
    return found


def attention(attended: Tensor, heads: int, rows: Sequence[Group]) -> Tensor:
    """What `heads` heads make of the pieces, given their queries, keys and values side by side [pieces, 3 × size]:
    [pieces, size]."""
    found = []
    for group in rows:
        laid_out = attended.index_select(0, group.padded).view(group.count, group.width, 3, heads, -1)
        query, key, value = laid_out.permute(2, 0, 3, 1, 4)
        mask = group.mask if group.mask is None else group.mask.to(attended.dtype)
        mixed = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        found.append(mixed.transpose(1, 2).flatten(2).flatten(0, 1).index_select(0, group.real))
    return torch.cat(found)
