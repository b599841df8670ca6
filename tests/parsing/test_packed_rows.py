"""Attention within groups of rows equals attention within each row."""

import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional

from service.parsing.embedded.encoder import STEP, attention, pack, parts

HEADS, SIZE = 2, 6


@given(st.lists(st.integers(1, 30), min_size=1, max_size=20))
def test_rows_attend_only_to_themselves(lengths: list[int]) -> None:
    packed = pack([[1] * length for length in lengths])
    attended = torch.randn(len(packed.ids), 3 * SIZE, generator=torch.Generator().manual_seed(0))
    found = attention(attended, HEADS, packed.groups)
    assert not found.isnan().any()
    for start, length in zip(packed.starts, lengths, strict=True):
        row = attended[start : start + length]
        query, key, value = (part.reshape(length, HEADS, -1).transpose(0, 1) for part in row.chunk(3, 1))
        alone = functional.scaled_dot_product_attention(query[None], key[None], value[None])[0]
        expected = alone.transpose(0, 1).flatten(1)
        torch.testing.assert_close(found[start : start + length], expected, atol=1e-5, rtol=1e-4)


@given(st.lists(st.integers(1, 30), min_size=1, max_size=20))
def test_each_subword_has_one_place(lengths: list[int]) -> None:
    rows = [list(range(100 * number, 100 * number + length)) for number, length in enumerate(lengths, start=1)]
    packed = pack(rows)
    for start, row in zip(packed.starts, rows, strict=True):
        assert packed.ids[start : start + len(row)].tolist() == row
        assert packed.places[start : start + len(row)].tolist() == list(range(len(row)))
    assert (packed.ids > 0).sum() == sum(lengths)
    assert len(packed.ids) % STEP == 0
    assert len(packed.ids) - sum(lengths) < STEP


def test_rows_of_the_same_length_are_together() -> None:
    packed = pack([[1] * length for length in (10, 28, 2, 10, 28)])
    assert packed.groups == [(0, 1, 2), (2, 2, 10), (22, 2, 28)]
    assert packed.starts == [2, 22, 0, 12, 50]


@given(st.integers(0, 100))
def test_rows_are_computed_in_parts_of_few_sizes(count: int) -> None:
    found = list(parts(count * STEP, most=16))
    assert [row for part in found for row in range(part.start, part.stop)] == list(range(count * STEP))
    assert {part.stop - part.start for part in found} <= {STEP * size for size in (1, 2, 4, 8, 16)}
