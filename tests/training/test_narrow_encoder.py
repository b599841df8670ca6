"""The narrow encoder approximates the wide one; activation ranges; windows of the neural tokenizer."""

import random

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from service.input.article import Span
from service.parsing.embedded import encoder
from service.parsing.embedded.arithmetic import ARITHMETICS, FLOAT32
from tests.training.made_up import SIZE, weights
from training.encoder import HEAD_SIZE, Encoder, with_ranges
from training.narrow_encoder import batched, layer_distances, pruned, refit, sample_states
from training.neural_tokenizer import _piece, _windows

LAYERS, HEADS, INNER = 2, 3, 40


def made_up() -> Encoder:
    """A random encoder."""
    return Encoder(weights(LAYERS, 50, INNER), LAYERS + 1)


def rows(count: int) -> list[list[int]]:
    rng = random.Random(5)
    return [[rng.randrange(50) for _ in range(rng.randint(3, 20))] for _ in range(count)]


def off(narrow: Encoder, wide: Encoder) -> list[float]:
    return [float(share) for share in layer_distances(narrow, wide, rows(40)).split()]


def test_keeping_all_heads_and_units_changes_nothing() -> None:
    wide = made_up()
    assert max(off(Encoder(pruned(wide, rows(60), HEADS, INNER), LAYERS + 1), wide)) < 0.001


def test_error_grows_as_heads_and_units_are_pruned() -> None:
    wide = made_up()
    narrow, narrower = (Encoder(pruned(wide, rows(60), heads, 32), LAYERS + 1) for heads in (3, 1))
    assert narrower.state_dict()["encoder.layer.1.attention.self.key.weight"].shape == (HEAD_SIZE, SIZE)
    assert narrower.state_dict()["encoder.layer.1.intermediate.dense.weight"].shape == (32, SIZE)
    assert 0 < off(narrow, wide)[-1] < off(narrower, wide)[-1] < 0.9


def test_redundant_inputs_are_pruned_without_loss() -> None:
    generator = torch.Generator().manual_seed(1)
    inputs = torch.randn(400, 6, generator=generator)
    inputs[:, 4] = inputs[:, 0] - 2 * inputs[:, 3]
    goal = inputs @ torch.randn(6, 3, generator=generator) + 1
    kept, weight, bias = refit(inputs, goal, width=1, kept=5)
    assert len(kept) == 5
    assert len({0, 3, 4} - set(kept.tolist())) == 1
    assert torch.allclose(inputs[:, kept] @ weight.T + bias, goal, atol=0.02)


def test_groups_are_pruned_together() -> None:
    generator = torch.Generator().manual_seed(1)
    inputs = torch.randn(400, 6, generator=generator)
    goal = inputs[:, 2:4] * torch.tensor([1.0, 0.01])
    assert refit(inputs, goal, width=2, kept=1)[0].tolist() == [2, 3]


@pytest.mark.parametrize("count", [1, 30])
def test_every_row_is_in_one_batch(count: int) -> None:
    found = [
        ids[place, : int(row.sum())].tolist()
        for ids, within in batched(rows(count))
        for place, row in enumerate(within)
    ]
    assert sorted(found) == sorted(rows(count))


def test_states_exclude_padding() -> None:
    some = rows(12)
    assert {len(layer) for layer in sample_states(made_up(), some)} == {sum(map(len, some))}


def test_layers_have_range_and_mean_of_their_inputs() -> None:
    wide = made_up()
    found = with_ranges(wide.state_dict(), rows(30))
    assert sum(name.endswith(".input_low") for name in found) == 4 * LAYERS
    with torch.no_grad():
        embedded = torch.cat([wide._encode(torch.tensor([row]), torch.tensor([len(row)]))[0][0] for row in rows(30)])
    first = "encoder.layer.0.attention.self.query.input_"
    torch.testing.assert_close(found[f"{first}low"], embedded.amin(0))
    torch.testing.assert_close(found[f"{first}high"], embedded.amax(0))
    torch.testing.assert_close(found[f"{first}mean"], embedded.mean(0), atol=1e-5, rtol=1e-4)
    assert (
        found["encoder.layer.1.output.dense.input_mean"].shape
        == wide.state_dict()["encoder.layer.1.output.dense.weight"].shape[1:]
    )
    assert found[f"{first}low"].shape[0] == SIZE


def test_quantized_encoder_is_close_to_float32() -> None:
    weights = with_ranges(made_up().state_dict(), rows(60))
    (int8,) = (one for one in ARITHMETICS if one.name == "int8-avx2")
    with torch.inference_mode():
        exact, whole = (encoder.Encoder(weights, HEADS, used).encode(rows(20)) for used in (FLOAT32, int8))
    assert exact.starts == whole.starts
    off = (exact.states[-1] - whole.states[-1]).square().sum(1).mean() / exact.states[-1].var(0).sum()
    assert 0 < off < 0.05


@given(st.lists(st.integers(1, 500), min_size=1, max_size=5))
def test_each_character_is_classified_once_with_context(lengths: list[int]) -> None:
    windows = [window for piece in _windows(lengths) for window in piece]
    decided = [place for window in windows for place in range(window.first, window.last)]
    assert decided == list(range(sum(lengths)))
    assert all(window.start <= window.first < window.last <= window.end for window in windows)
    assert len({window.end - window.start for piece in _windows([500]) for window in piece}) == 1


@given(st.text(st.sampled_from("ab \n\t\u00a0\u0085\u3000é😀"), min_size=1))
def test_spaces_are_collapsed_and_offsets_kept(text: str) -> None:
    piece = _piece(f"__{text}", Span(2, 2 + len(text)))
    assert "  " not in piece.letters
    for letter, place in zip(piece.letters, piece.places.tolist(), strict=True):
        assert letter == f"__{text}"[place] or letter == " "
    assert [letter for letter in text if not letter.isspace()] == [letter for letter in piece.letters if letter != " "]
