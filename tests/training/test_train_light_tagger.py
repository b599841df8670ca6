"""The light tagger learns tags, and is stored as it is at run time."""

import hashlib
import json
from pathlib import Path

import pytest
import torch

from service.parsing.embedded.light_tagger import Spelling
from service.parsing.embedded.words import States
from training import train_light_tagger
from training.compare_taggers import scores, trained
from training.pack import fits
from training.train_light_tagger import (
    GOLD_WEIGHT,
    IGNORED,
    TaggedSentence,
    TrainingSet,
    new_network,
    save,
    train,
    vocabularies,
)

LAYERS, SIZE = 2, 16
NOUN, NAME, VERB = ("NOUN", "NN", "Number=Sing"), ("PROPN", "NNP", "Number=Sing"), ("VERB", "VBZ", "")


def made_up(count: int) -> tuple[list[TaggedSentence], torch.Tensor]:
    """Return sentences in which spelling tells names from other words, and states tell verbs from nouns."""
    generator = torch.Generator().manual_seed(2)
    verbs = torch.rand(count, 6, generator=generator) < 0.3
    capitals = torch.rand(count, 6, generator=generator) < 0.3
    states = torch.randn(LAYERS, count * 6, SIZE, generator=generator)
    states[:, :, 0] = verbs.flatten() * 6.0
    found = [
        TaggedSentence(
            ["Lee" if capital else "walks" for capital in of_capitals],
            [NAME if capital else VERB if verb else NOUN for capital, verb in zip(of_capitals, of_verbs, strict=True)],
            GOLD_WEIGHT,
        )
        for of_verbs, of_capitals in zip(verbs.tolist(), capitals.tolist(), strict=True)
    ]
    return found, states


def test_a_trained_tagger_is_stored_as_run_time_reads_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train_light_tagger, "BATCH", 200)
    monkeypatch.setattr(train_light_tagger, "WARMUP", 5)
    sentences, states = made_up(150)
    features, tags = vocabularies(sentences)
    torch.manual_seed(1)
    network = new_network(SIZE, LAYERS, len(features), len(tags))
    train(network, TrainingSet(sentences, states.half(), tags), Spelling(features), 40)
    save(network, features, tags, "", tmp_path)

    some = sentences[:50]
    count = 6 * len(some)
    layers = torch.cat([torch.zeros(LAYERS, len(some), SIZE), states[:, :count]], 1)  # the sentences' starts first
    seen = States(layers, torch.arange(count) + len(some), torch.arange(len(some)), [6] * len(some))
    row = scores(trained(tmp_path), [(some, seen)])
    assert row["UPOS"] > 95
    assert row["XPOS"] > 95
    assert row["features"] > 95


def test_rare_tags_are_not_learned() -> None:
    sentences, states = made_up(20)
    sentences[0].tags[0] = ("X", "GW", "")
    _, tags = vocabularies(sentences)
    assert tags == [NOUN, NAME, VERB]
    batches = TrainingSet(sentences, states.half(), tags).epochs()
    assert (next(batches).tags == IGNORED).sum() == 1


def test_a_pack_gets_only_a_tagger_trained_on_its_encoder(tmp_path: Path) -> None:
    encoder, vocabulary = tmp_path / "encoder.safetensors", tmp_path / "light_tagger.json"
    encoder.write_bytes(b"weights")
    assert not fits(vocabulary, encoder)
    vocabulary.write_text(json.dumps({"encoder": hashlib.sha256(b"weights").hexdigest()}), encoding="utf-8")
    assert fits(vocabulary, encoder)
    encoder.write_bytes(b"other weights")
    assert not fits(vocabulary, encoder)
