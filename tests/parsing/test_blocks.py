"""Attention within blocks equals attention within each row."""

import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional

from service.parsing.embedded.encoder import attention, pack, parts

HEADS, SIZE, WIDTH = 2, 6, 30


@given(st.lists(st.integers(1, WIDTH), min_size=1, max_size=20))
def test_rows_attend_only_to_themselves(lengths: list[int]) -> None:
    blocks = pack([[1] * length for length in lengths], WIDTH)
    attended = torch.randn(blocks.count * WIDTH, 3 * SIZE, generator=torch.Generator().manual_seed(0))
    found = attention(attended, HEADS, blocks.mask(0, blocks.count))
    assert not found.isnan().any()
    for start, length in zip(blocks.starts, lengths, strict=True):
        row = attended[start : start + length]
        query, key, value = (part.reshape(length, HEADS, -1).transpose(0, 1) for part in row.chunk(3, 1))
        alone = functional.scaled_dot_product_attention(query[None], key[None], value[None])[0]
        expected = alone.transpose(0, 1).flatten(1)
        torch.testing.assert_close(found[start : start + length], expected, atol=1e-5, rtol=1e-4)


@given(st.lists(st.integers(1, WIDTH), min_size=1, max_size=20))
def test_each_subword_has_one_place(lengths: list[int]) -> None:
    rows = [list(range(100 * number, 100 * number + length)) for number, length in enumerate(lengths, start=1)]
    blocks = pack(rows, WIDTH)
    for start, row in zip(blocks.starts, rows, strict=True):
        assert start // WIDTH == (start + len(row) - 1) // WIDTH
        assert blocks.ids[start : start + len(row)].tolist() == row
        assert blocks.places[start : start + len(row)].tolist() == list(range(len(row)))
    assert (blocks.ids > 0).sum() == sum(lengths)


def test_short_rows_fill_gaps_after_long_ones() -> None:
    blocks = pack([[1] * length for length in (10, 28, 2, 20, 1)], WIDTH)
    assert blocks.count == 3
    assert blocks.starts == [WIDTH + 20, 0, 28, WIDTH, 2 * WIDTH]


@given(st.integers(0, 100))
def test_blocks_are_encoded_in_parts_of_few_sizes(count: int) -> None:
    found = list(parts(count, most=16))
    assert [block for first, last in found for block in range(first, last)] == list(range(count))
    assert {last - first for first, last in found} <= {1, 2, 4, 8, 16}
