"""Rows attend together as they would alone."""

import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional

from service.parsing.embedded.attention import attention, groups

HEADS, SIZE = 2, 6


@given(st.lists(st.integers(1, 30), min_size=1, max_size=20))
def test_each_row_attends_to_itself_alone(lengths: list[int]) -> None:
    lengths.sort(reverse=True)
    attended = torch.randn(sum(lengths), 3 * SIZE, generator=torch.Generator().manual_seed(0))
    alone = []
    for row in attended.split(lengths):  # type: ignore[no-untyped-call]
        query, key, value = (part.unflatten(1, (HEADS, -1)).transpose(0, 1) for part in row.split(SIZE, 1))
        mixed = functional.scaled_dot_product_attention(query[None], key[None], value[None])[0]
        alone.append(mixed.transpose(0, 1).flatten(1))
    torch.testing.assert_close(attention(attended, HEADS, groups(lengths)), torch.cat(alone), atol=1e-5, rtol=1e-4)


def test_rows_of_like_length_attend_together_and_little_is_padding() -> None:
    found = groups([40, 39, 37, 20, 20, 3])
    assert [(group.count, group.width, group.mask is None) for group in found] == [
        (3, 40, False),
        (2, 20, True),
        (1, 3, True),
    ]
