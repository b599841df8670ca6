"""The teacher of the reader. Needs transformers, from `.[training]`."""

import random

import pytest
import torch

transformers = pytest.importorskip("transformers", reason="transformers is not installed: pip install -e .[training]")

from tests.training.test_reader_examples import ARTICLE, WORDS, pieces  # noqa: E402
from training import reader_teacher  # noqa: E402
from training.reader_examples import ReaderArticle, all_windows, reader_batch  # noqa: E402
from training.reader_losses import losses  # noqa: E402


@pytest.fixture(scope="module")
def weights() -> dict[str, torch.Tensor]:
    config = transformers.MPNetConfig(
        vocab_size=1200,
        hidden_size=64,
        num_hidden_layers=4,
        num_attention_heads=1,
        intermediate_size=32,
        max_position_embeddings=514,
    )
    torch.manual_seed(1)
    found: dict[str, torch.Tensor] = transformers.MPNetModel(config, add_pooling_layer=False).state_dict()
    return found


def test_teacher_learns_what_is_annotated(weights: dict[str, torch.Tensor], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader_teacher, "WARMUP", 1)
    batch = reader_batch(all_windows([ARTICLE]), {"a": WORDS}, pieces)
    found = []
    for steps in (1, 60):
        teacher = reader_teacher.train_teacher(weights, [ARTICLE], pieces, steps, seed=1)
        with torch.no_grad():
            found.append(losses(teacher.words, teacher.reader, batch))
    assert all(found[1][name] < 0.8 * found[0][name] for name in ("cues", "contents", "sources")), found


def test_states_are_those_of_the_words_of_each_window(weights: dict[str, torch.Tensor]) -> None:
    teacher = reader_teacher.Teacher(weights).eval()
    other = ReaderArticle("b", WORDS[:5], (5,), (0,), (0,) * 5, (None,) * 5, ())
    words = {"a": WORDS, "b": WORDS[:5]}
    with torch.no_grad():
        both = teacher.words(reader_batch(all_windows([ARTICLE, other]), words, pieces), teacher.reader.mix)
        alone = teacher.words(reader_batch(all_windows([other]), words, pieces), teacher.reader.mix)
    assert both.shape == (15, 64)
    assert torch.allclose(both[10:], alone, atol=1e-5)


def test_windows_longer_than_the_encoder_reads_have_states(weights: dict[str, torch.Tensor]) -> None:
    rng = random.Random(2)
    words = tuple(rng.choice(WORDS) for _ in range(340))
    article = ReaderArticle("c", words, (340,), (0,), (0,) * 340, (None,) * 340, ())
    batch = reader_batch(all_windows([article]), {"c": words}, pieces)
    teacher = reader_teacher.Teacher(weights).eval()
    with torch.no_grad():
        states = teacher.words(batch, teacher.reader.mix)
    assert states.shape == (340, 64)
    assert states.isfinite().all()
