"""The reader trained on a frozen encoder."""

from functools import partial
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor

from service.parsing.embedded.reader import Reader
from tests.training import made_up
from tests.training.conftest import interrupt
from tests.training.test_reader_examples import ARTICLE, WORDS, pieces
from training import train_reader
from training.reader_examples import all_windows, reader_batch
from training.reader_losses import encoded_words, losses


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(train_reader, "pieces_of", lambda file: pieces)
    monkeypatch.setattr(train_reader, "KEPT_EVERY", 1)
    save_file(made_up.weights(2, 1200), tmp_path / "encoder.safetensors")
    return tmp_path


def loss(pack: Path, weights: dict[str, Tensor]) -> dict[str, float]:
    encoder, layers = train_reader.frozen_encoder(pack)
    reader = Reader(encoder.config.hidden_size, layers)
    reader.load_state_dict(weights)
    with torch.no_grad():
        found = losses(
            partial(encoded_words, encoder), reader.eval(), reader_batch(all_windows([ARTICLE]), {"a": WORDS}, pieces)
        )
    return {name: value.item() for name, value in found.items()}


def test_training_lowers_each_loss(pack: Path) -> None:
    first = train_reader.train_reader(pack, [ARTICLE], 1, 1e-3, pack / "first.pt")
    further = train_reader.train_reader(pack, [ARTICLE], 60, 3e-3, pack / "further.pt", first)
    before, after = loss(pack, first), loss(pack, further)
    assert all(after[name] < 0.7 * before[name] for name in ("cues", "contents", "sources")), (before, after)


def test_resumed_training_gives_the_same_reader(pack: Path) -> None:
    whole = train_reader.train_reader(pack, [ARTICLE], 4, 1e-3, pack / "whole.pt")
    train = partial(train_reader.train_reader, pack, [ARTICLE], 4, 1e-3, pack / "interrupted.pt")
    interrupt(train, 2, train_reader)
    resumed = train()
    assert all(torch.allclose(values, whole[name], atol=1e-3) for name, values in resumed.items())
