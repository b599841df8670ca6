"""Activation ranges are those observed while the encoder runs."""

import torch

from service.parsing.embedded.arithmetic import ARITHMETICS, FLOAT32
from service.parsing.embedded.encoder import Encoder
from tests.training.made_up import SIZE
from tests.training.test_narrow_encoder import HEADS, LAYERS, made_up, rows
from training.input_ranges import with_ranges


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
        exact, whole = (Encoder(weights, HEADS, used).encode(rows(20)) for used in (FLOAT32, int8))
    assert exact.starts == whole.starts
    off = (exact.states[-1] - whole.states[-1]).square().sum(1).mean() / exact.states[-1].var(0).sum()
    assert 0 < off < 0.05
