"""Training data and features of the narrow tokenizer."""

import numpy as np
import pytest
import torch
from stanza.models.tokenization.model import Tokenizer
from stanza.models.tokenization.vocab import Vocab
from torch.nn import functional

from training import train_narrow_tokenizer
from training.train_narrow_tokenizer import BATCH, WINDOW, log_probabilities, tokenizer_data, train, windows

SHAPE = {
    "feat_dim": 5, "rnn_layers": 1, "conv_res": None, "hierarchical": True, "hier_invtemp": 0.5, "tok_noise": 0.0,
    "use_mwt": True,
}  # fmt: skip
PARAGRAPHS = [("He said: 4 cats. Yes.", "010001100010000110012"), ("Don't.", "000031")] * 40


def learned(paragraphs: list[tuple[str, str]]) -> tuple[Tokenizer, object]:
    torch.manual_seed(2)
    vocabulary = Vocab(["".join(text for text, _ in paragraphs)], "en")
    return Tokenizer(SHAPE, len(vocabulary), 8, 16, dropout=0.0, feat_dropout=0.0), vocabulary


def test_windows_are_processed_as_in_stanza() -> None:
    model, vocabulary = learned(PARAGRAPHS)
    found = tokenizer_data(PARAGRAPHS, vocabulary)
    units, features = found.units[:40].view(2, 20), found.features[:40].view(2, 20, 5)
    with torch.no_grad():
        torch.testing.assert_close(log_probabilities(model.eval(), units, features), model(units, features, [20, 20]))


def test_characters_have_shape_and_boundary_features() -> None:
    _, vocabulary = learned(PARAGRAPHS)
    found = tokenizer_data(PARAGRAPHS[:2], vocabulary)
    assert found.features[0].tolist() == [0, 1, 0, 0, 1]  # H
    assert found.features[2].tolist() == [1, 0, 0, 0, 0]
    assert found.features[9].tolist() == [0, 0, 1, 0, 0]  # 4
    assert found.features[20].tolist() == [0, 0, 0, 1, 0]
    assert (found.starts.tolist(), found.ends.tolist()) == ([0, 21], [21, 27])
    assert found.classes[20:].tolist() == [2, 0, 0, 0, 0, 3, 1]


def test_thirds_of_windows_start_and_end_with_paragraphs() -> None:
    _, vocabulary = learned(PARAGRAPHS)
    found = tokenizer_data(PARAGRAPHS, vocabulary)
    places = windows(found, np.random.default_rng(1))
    assert places.shape == (BATCH // 3 * 3, WINDOW)
    assert places.min() >= 0
    assert places.max() < len(found.units)
    inside = found.starts[found.starts <= len(found.units) - WINDOW]
    assert np.isin(places[:, 0], inside).sum() >= BATCH // 6


def test_training_reduces_the_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, smaller in {"BATCH": 12, "WINDOW": 24, "WARMUP": 1}.items():
        monkeypatch.setattr(train_narrow_tokenizer, name, smaller)
    model, vocabulary = learned(PARAGRAPHS)
    found = tokenizer_data(PARAGRAPHS, vocabulary)

    def surprise() -> float:
        with torch.no_grad():
            scores = log_probabilities(model.eval(), found.units[None, :WINDOW], found.features[None, :WINDOW])
        return functional.nll_loss(scores[0], found.classes[:WINDOW]).item()

    before = surprise()
    train(model, found, 30)
    assert surprise() < 0.8 * before
