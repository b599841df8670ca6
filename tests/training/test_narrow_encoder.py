"""The narrow encoder approximates the wide one."""

import random

import pytest
import torch

from tests.training.made_up import SIZE, weights
from training.encoder import HEAD_SIZE, Encoder
from training.narrow_encoder import batched, layer_distances, pruned, refit, some_states

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
    assert {len(layer) for layer in some_states(made_up(), some)} == {sum(map(len, some))}
