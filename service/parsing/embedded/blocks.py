"""Rows of word pieces packed into blocks of one width, within which each row attends to itself alone.

Sentences are of all lengths, and torch's attention takes rows of one. Padding all to the longest would be half of the
work; blocks are filled to nine tenths. Products over them come in few sizes, for each of which oneDNN generates code.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional


@dataclass(frozen=True, slots=True)
class Blocks:
    """Rows in `count` blocks of `width` pieces. `starts` are the rows' places among the pieces of all blocks, `ids` and
    `places` each piece's number and place in its row, `owners` [count, width] each piece's row, -1 for padding."""

    count: int
    width: int
    starts: list[int]
    ids: Tensor
    places: Tensor
    owners: NDArray[np.int64]

    def mask(self, first: int, last: int, dtype: torch.dtype) -> Tensor:
        """0 where a piece of the blocks [first, last) may attend to another, -∞ where not: [blocks, 1, width, width].

        Padding attends to padding, so that no piece has nothing to attend to.
        """
        owners = self.owners[first:last]
        apart = owners[:, :, None] != owners[:, None]
        mask = torch.zeros(apart.shape, dtype=dtype).masked_fill_(torch.from_numpy(apart), -torch.inf)
        return mask[:, None]


def pack(rows: Sequence[Sequence[int]], width: int) -> Blocks:
    """`rows`, none longer than `width`, in as few blocks as are found by taking the longest first."""
    starts = [0] * len(rows)
    free: list[int] = []  # of each block
    for number in sorted(range(len(rows)), key=lambda number: (-len(rows[number]), number)):
        size = len(rows[number])
        block = next((block for block, left in enumerate(free) if size <= left), len(free))
        if block == len(free):
            free.append(width)
        starts[number] = (block + 1) * width - free[block]
        free[block] -= size
    ids, places = np.zeros((2, len(free) * width), dtype=np.int64)
    owners = np.full(len(free) * width, -1)
    for number, (start, row) in enumerate(zip(starts, rows, strict=True)):
        here = slice(start, start + len(row))
        ids[here], places[here], owners[here] = row, np.arange(len(row)), number
    return Blocks(
        len(free), width, starts, torch.from_numpy(ids), torch.from_numpy(places), owners.reshape(len(free), width)
    )


def attention(attended: Tensor, heads: int, mask: Tensor) -> Tensor:
    """What `heads` heads make of the pieces of blocks, given their queries, keys and values side by side [pieces, 3 ×
    size]: [pieces, size]."""
    count, _, width, _ = mask.shape
    query, key, value = attended.view(count, width, 3, heads, -1).permute(2, 0, 3, 1, 4)
    mixed = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
    return mixed.transpose(1, 2).reshape(len(attended), -1)
