"""The light heads are trained with the losses that they should minimize, and stored as they are at run time."""

import hashlib
import itertools
import json
from pathlib import Path

import pytest
import safetensors.torch
import torch

from service.parsing.embedded.entities import Name
from service.parsing.embedded.light_heads import Spelling, from_weights, names_of, possible
from service.parsing.embedded.subwords import States
from training import light_heads_data, train_light_heads
from training.compare_heads import of_names, scores
from training.light_heads_data import IGNORED, NAMES, Annotated, TrainingSet, bioes, vocabularies
from training.pack import are_for
from training.train_light_heads import Heads, save, sequence_losses, train

LAYERS, SIZE = 2, 16


def test_loss_of_a_sequence_equals_exhaustive_search() -> None:
    torch.manual_seed(1)
    lengths, count = [3, 1, 2], 3
    tags = torch.tensor([0, 2, 1, 1, 0, 0])
    values, transitions = torch.randn(6, count), torch.randn(count + 1, count + 1)

    def worth(of_words: torch.Tensor, sequence: tuple[int, ...]) -> torch.Tensor:
        steps = itertools.pairwise((count, *sequence, count))
        return of_words[range(len(sequence)), sequence].sum() + sum(transitions[one, other] for one, other in steps)

    found = sequence_losses(values, tags, lengths, transitions)
    for loss, of_words, right in zip(found, torch.split(values, lengths), torch.split(tags, lengths), strict=True):
        every = [worth(of_words, one) for one in itertools.product(range(count), repeat=len(right))]
        expected = torch.logsumexp(torch.stack(every), 0) - worth(of_words, tuple(right.tolist()))
        assert loss.item() == pytest.approx(expected.item(), abs=1e-4)


def test_names_become_tags_and_back() -> None:
    names = [Name(0, 1, "place"), Name(2, 4, "person"), Name(4, 7, "organization")]
    tags = bioes(names, 8)
    assert tags == "S-place O B-person E-person B-organization I-organization E-organization O".split()
    assert names_of(tags) == names


def made_up(count: int) -> tuple[list[Annotated], torch.Tensor]:
    """Return sentences in which capitalized words are names of persons, and states that say which words are verbs."""
    generator = torch.Generator().manual_seed(2)
    verbs = torch.rand(count, 6, generator=generator) < 0.3
    capitals = torch.rand(count, 6, generator=generator) < 0.3
    states = torch.randn(LAYERS, count * 6, SIZE, generator=generator)
    states[:, :, 0] = verbs.flatten() * 6.0
    found = [
        Annotated(
            ["Lee" if capital else "walks" for capital in of_capitals.tolist()],
            [("VERB", "VBZ", "") if verb else ("NOUN", "NN", "Number=Sing") for verb in of_verbs.tolist()],
            ["S-person" if capital else "O" for capital in of_capitals.tolist()],
            light_heads_data.GOLD_WEIGHT,
        )
        for of_verbs, of_capitals in zip(verbs, capitals, strict=True)
    ]
    return found, states


def test_trained_heads_are_stored_as_run_time_reads_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(light_heads_data, "BATCH", 200)
    monkeypatch.setattr(train_light_heads, "WARMUP", 5)
    sentences, states = made_up(150)
    features, tags = vocabularies(sentences)
    torch.manual_seed(1)
    heads = Heads(SIZE, LAYERS, len(features), len(tags))
    train(heads, TrainingSet(sentences, states.half(), tags), Spelling(features), 40)
    save(heads, features, tags, "", tmp_path)
    weights = safetensors.torch.load_file(tmp_path / light_heads_data.WEIGHTS)
    stored = from_weights(weights, json.loads((tmp_path / light_heads_data.VOCABULARY).read_bytes()))

    some = sentences[:50]
    count = 6 * len(some)
    layers = torch.cat([torch.zeros(LAYERS, len(some), SIZE), states[:, :count]], 1)  # the sentences' starts first
    seen = States(layers, torch.arange(count) + len(some), torch.arange(len(some)), [6] * len(some))
    row = scores(*stored, [(some, seen)])
    assert row["UPOS"] > 95
    assert row["features"] > 95
    assert row["Names"] > 95


def test_rare_tags_are_not_learned() -> None:
    sentences, states = made_up(20)
    sentences[0].tags[0] = ("X", "GW", "")
    _, tags = vocabularies(sentences)
    assert tags == [("NOUN", "NN", "Number=Sing"), ("VERB", "VBZ", "")]
    batches = TrainingSet(sentences, states.half(), tags).epochs()
    assert (next(batches).tags == IGNORED).sum() == 1


def test_persons_taken_for_organizations_are_counted() -> None:
    gold = {Name(0, 2, "person"), Name(3, 4, "place"), Name(5, 6, "organization")}
    found = {Name(0, 2, "organization"), Name(3, 4, "person"), Name(5, 6, "organization")}
    assert of_names(gold, found) == {"gold": 3, "found": 3, "right": 1, "confused": 1}


def test_every_name_is_possible() -> None:
    allowed = possible(NAMES) == 0
    for tags in (["O"], ["S-person", "B-place", "E-place"], ["B-person", "I-person", "I-person", "E-person", "O"]):
        places = [len(NAMES), *map(NAMES.index, tags), len(NAMES)]
        assert all(allowed[one, other] for one, other in itertools.pairwise(places))


def test_a_pack_gets_only_heads_trained_on_its_encoder(tmp_path: Path) -> None:
    encoder, vocabulary = tmp_path / "encoder.safetensors", tmp_path / "light_heads.json"
    encoder.write_bytes(b"weights")
    assert not are_for(vocabulary, encoder)
    vocabulary.write_text(json.dumps({"encoder": hashlib.sha256(b"weights").hexdigest()}), encoding="utf-8")
    assert are_for(vocabulary, encoder)
    encoder.write_bytes(b"other weights")
    assert not are_for(vocabulary, encoder)
