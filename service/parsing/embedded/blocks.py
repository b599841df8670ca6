"""Pack rows of subwords into blocks of equal width, with attention restricted to each row.

Sentences differ in length, but torch's attention needs rows of one length. Padding them would double the work; blocks
are 90 % full. Blocks also limit the number of matrix sizes, for each of which oneDNN generates code.
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
    """Rows in `count` blocks of `width` subwords. `starts` are the rows' offsets among the subwords of all blocks;
    `ids` and `places` [count × width] each subword's id and position in its row; `owners` [count, width] each subword's
    row, -1 for padding."""

    count: int
    width: int
    starts: list[int]
    ids: Tensor
    places: Tensor
    owners: NDArray[np.int64]

    def mask(self, first: int, last: int, dtype: torch.dtype) -> Tensor:
        """Return the attention mask of the blocks [first, last): [blocks, 1, width, width], 0 within a row, -∞
        elsewhere.

        Padding attends to padding, so that no subword has nothing to attend to.
        """
        owners = self.owners[first:last]
        apart = owners[:, :, None] != owners[:, None]
        mask = torch.zeros(apart.shape, dtype=dtype).masked_fill_(torch.from_numpy(apart), -torch.inf)
        return mask[:, None]


def pack(rows: Sequence[Sequence[int]], width: int) -> Blocks:
    """Pack `rows`, none longer than `width`, into few blocks: first fit, longest first."""
    starts = [0] * len(rows)
    free: list[int] = []  # free width of each block
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
    """Return multi-head attention within blocks, given the concatenated queries, keys and values [subwords, 3 × size]:
    [subwords, size]."""
    count, _, width, _ = mask.shape
    query, key, value = attended.view(count, width, 3, heads, -1).permute(2, 0, 3, 1, 4)
    mixed = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
    return mixed.transpose(1, 2).reshape(len(attended), -1)
