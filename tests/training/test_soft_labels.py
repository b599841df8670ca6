"""Labels from teachers of the reader, and an encoder fine-tuned with them."""

import json
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from service.parsing.embedded.reader import Reader
from tests.training import made_up
from tests.training.conftest import interrupt
from tests.training.test_reader_examples import ARTICLE, WORDS, pieces
from training import soft_labels as labelling
from training import train_reader, tune_encoder
from training.encoder import Encoder
from training.reader_articles import treebank_articles
from training.reader_examples import ReaderArticle, ReaderBatch, SoftLabels, all_windows, reader_batch
from training.reader_losses import encoded_words, losses
from training.soft_labels import load_labels, save_labels, soft_labels, with_labels

LIKELY, UNLIKELY = 0.75, 0.25
# A teacher that finds the cue of the first sentence, and another word in its content; and a third cue.
SOFT = SoftLabels(
    np.array([0, LIKELY, 0, 0, 0, 0, UNLIKELY, 0, 0, 0], np.float16),
    {1: (0, np.array([[0, 1], [0, 0], [1, 0], [0, 0], [1, 0]], np.float16)), 6: (5, np.zeros((5, 2), np.float16))},
)


@dataclass
class RandomTeacher:
    """A reader on a random encoder."""

    seed: int

    def __post_init__(self) -> None:
        torch.manual_seed(self.seed)
        encoder = Encoder(made_up.weights(2, 1200), 3)
        self._words = partial(encoded_words, encoder)
        self.reader = Reader(made_up.SIZE, 3).eval()
        nn.init.zeros_(self.reader.cue.bias)

    def words(self, batch: ReaderBatch, mix: nn.Linear) -> Tensor:
        return self._words(batch, mix)


def batch_of(article: ReaderArticle) -> ReaderBatch:
    return reader_batch(all_windows([article]), {"a": WORDS}, pieces)


def test_annotation_and_soft_labels_are_mixed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.reader_examples.TEACHER_SHARE", 0.5)
    batch = batch_of(replace(ARTICLE, soft=SOFT))
    assert batch.cues[0, [1, 6, 8]].tolist() == [0.5 + LIKELY / 2, UNLIKELY / 2, 0.5]
    assert dict(zip(batch.places.tolist(), batch.weights.tolist(), strict=True)) == {
        1: 0.5 + LIKELY / 2,
        6: UNLIKELY / 2,
        8: 0.5,
    }
    first = batch.places.tolist().index(1)
    assert batch.golds[first, :5, 0].tolist() == [0, 0, 1, 0.5, 0.5]
    assert batch.golds[first, :5, 1].tolist() == [1, 0, 0, 0, 0]


def test_labels_of_an_article_without_annotation_are_the_teachers() -> None:
    batch = batch_of(replace(ARTICLE, soft=SOFT, golds=(), annotated=False))
    assert batch.cues[0].nonzero().flatten().tolist() == [1, 6]
    assert batch.weights.tolist() == [LIKELY, UNLIKELY]


def test_cues_with_greater_weight_count_more() -> None:
    teacher = RandomTeacher(1)
    found = []
    for weights in ((1.0, 0.0), (0.0, 1.0), (1.0, 1.0)):
        batch = batch_of(ARTICLE)._replace(weights=torch.tensor(weights))
        with torch.no_grad():
            found.append(losses(teacher.words, teacher.reader, batch)["contents"].item())
    assert found[0] != pytest.approx(found[1], rel=0.01)
    assert found[2] == pytest.approx((found[0] + found[1]) / 2, rel=0.01)


def test_labels_are_the_mean_of_the_teachers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(labelling, "LIKELY", 0.0)
    teachers = RandomTeacher(1), RandomTeacher(2)
    first, second = (soft_labels([teacher], ARTICLE, pieces) for teacher in teachers)
    both = soft_labels(teachers, ARTICLE, pieces)
    assert set(both.pairs) == set(range(10))
    assert np.abs(first.cues - second.cues).max() > 0.01
    assert np.allclose(both.cues, (first.cues + second.cues) / 2, atol=2e-3)
    assert np.allclose(both.pairs[3][1], (first.pairs[3][1] + second.pairs[3][1]) / 2, atol=2e-3)


def test_labels_can_be_saved_and_loaded(tmp_path: Path) -> None:
    none = SoftLabels(np.zeros(10, np.float16), {})
    save_labels({"a": SOFT, "b": none}, tmp_path / "labels-0.npz")
    found = load_labels(tmp_path / "labels-0.npz")
    assert np.array_equal(found["a"].cues, SOFT.cues)
    assert {cue: (first, own.tolist()) for cue, (first, own) in found["a"].pairs.items()} == {
        cue: (first, own.tolist()) for cue, (first, own) in SOFT.pairs.items()
    }
    assert not found["b"].pairs
    others = replace(ARTICLE, id="c"), replace(ARTICLE, id="d", annotated=False)
    first, second = with_labels([ARTICLE, *others], tmp_path)
    assert first.soft is not None
    assert (second.id, second.soft) == ("c", None)


def test_each_document_of_a_treebank_becomes_an_article(tmp_path: Path) -> None:
    rows = "\n".join(f"{number}\t{word}" + "\t_" * 8 for number, word in enumerate(["“", "Rain", "”"], 1))
    sentences = "".join(f"# newdoc id = {name}\n# newpar\n{rows}\n\n{rows}\n\n" for name in "ab")
    (tmp_path / "some.conllu").write_text(sentences, encoding="utf-8")
    first, second = treebank_articles(tmp_path / "some.conllu")
    assert (first.id, second.id) == ("a", "b")
    assert (first.lengths, first.paragraphs) == ((3, 3), (1, 1))
    assert first.quoted == (1,) * 6
    assert not first.annotated


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for module in (train_reader, tune_encoder):
        monkeypatch.setattr(module, "pieces_of", lambda file: pieces)
    monkeypatch.setattr(train_reader, "KEPT_EVERY", 1)
    folder = tmp_path / "pack"
    folder.mkdir()
    save_file(made_up.weights(2, 1200), folder / "encoder.safetensors")
    for name, layers in (("depparse", 2), ("pos", 2), ("ner", 3)):
        torch.save({"model": {"bert_layer_mix.weight": torch.zeros(1, layers)}}, folder / f"{name}.pt")
    (folder / "manifest.json").write_text('{"files": {}}', encoding="utf-8")
    return folder


def first_reader() -> dict[str, Tensor]:
    torch.manual_seed(5)
    return Reader(made_up.SIZE, 3).state_dict()


def test_tuning_keeps_what_the_other_heads_read(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    differences = []
    for kept in (0.0, 1000.0):
        monkeypatch.setattr(tune_encoder, "KEPT", kept)
        weights = tune_encoder.tune(pack, [ARTICLE], 30, pack / f"{kept}.pt", first_reader())
        tune_encoder.write_pack(weights, pack, pack.with_name(str(kept)), pack / "narrow", [ARTICLE])
        states = tune_encoder.TunedStates(
            train_reader.frozen_encoder(pack.with_name(str(kept)))[0],
            train_reader.frozen_encoder(pack)[0],
            tune_encoder.mixes(pack, 3),
        )
        with torch.no_grad():
            states(batch_of(ARTICLE), nn.Linear(3, 1))
        differences.append(states.difference.item())
    assert differences[1] < differences[0] / 5


def test_tuned_pack_has_the_new_encoder_and_reader(pack: Path) -> None:
    weights = tune_encoder.tune(pack, [ARTICLE], 4, pack / "whole.pt", first_reader())
    (pack / "light_tagger.json").write_text('{"encoder": "old", "tags": ["A"]}', encoding="utf-8")
    to = pack.with_name("tuned")
    tune_encoder.write_pack(weights, pack, to, pack / "narrow", [ARTICLE])
    manifest = json.loads((to / "manifest.json").read_bytes())
    assert set(manifest["files"]) == {"encoder.safetensors", "reader.safetensors", "light_tagger.json"}
    light = json.loads((to / "light_tagger.json").read_bytes())
    assert light == {"encoder": manifest["files"]["encoder.safetensors"]["sha256"], "tags": ["A"]}
    old, new = load_file(pack / "encoder.safetensors"), load_file(to / "encoder.safetensors")
    name = "embeddings.word_embeddings.weight"
    assert torch.allclose(new[name].float(), old[name], atol=1e-2)
    assert not torch.equal(new["encoder.layer.1.output.dense.weight"], old["encoder.layer.1.output.dense.weight"])
    assert "encoder.layer.0.output.dense.input_high" in new


def test_resumed_tuning_gives_the_same_weights(pack: Path) -> None:
    whole = tune_encoder.tune(pack, [ARTICLE], 4, pack / "whole.pt", first_reader())
    tune = partial(tune_encoder.tune, pack, [ARTICLE], 4, pack / "interrupted.pt", first_reader())
    interrupt(tune, 2, tune_encoder)
    resumed = tune()
    assert all(torch.allclose(values, whole[name], atol=1e-3) for name, values in resumed.items())
