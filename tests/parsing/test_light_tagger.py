"""The light tagger: spelling, neighbours, and tags that do not depend on how sentences are batched."""

import hashlib
import json
import random
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from service.input.paragraphs import read_article
from service.parsing.embedded.embedded_parser import PROCESSORS, open_pack
from service.parsing.embedded.light_tagger import LightTagger, Spelling, TaggerNetwork, shape_of, spelling_of
from service.parsing.embedded.taggers import Tag
from service.parsing.embedded.words import States
from service.parsing.load import load_parser
from service.parsing.packs import embedded_folder, read_pack
from service.parsing.parser import Parser
from service.settings import Settings
from training.pack import LIGHT_TAGGER

SIZE, LAYERS = 24, 3
TAGS = (("NOUN", "NN", "Number=Sing"), ("NOUN", "NNS", "Number=Plur"), ("VERB", "VBD", ""), ("PUNCT", ".", ""))
VOCABULARY = "Ann Lee saw the mayors of Oarton twice , in 2019 . HEADLINES McDonald U.S. don't".split()


def features() -> list[str]:
    unknown = [feature.partition(" ")[0] + " " for feature in spelling_of("-")]
    known = {feature for word in VOCABULARY[:10] for feature in spelling_of(word)}
    return unknown + sorted(known)


@pytest.fixture
def tagger() -> LightTagger:
    """A tagger with random weights, stored and loaded again."""
    torch.manual_seed(5)
    network = TaggerNetwork(SIZE, LAYERS, len(features()), len(TAGS), hidden=16, embedded=8)
    weights = {name: values * 3 for name, values in network.state_dict().items()}
    return LightTagger.load(weights, json.loads(json.dumps({"features": features(), "tags": TAGS})))


def sentences(count: int) -> list[list[str]]:
    rng = random.Random(3)
    return [rng.choices(VOCABULARY, k=rng.randint(1, 12)) for _ in range(count)]


def states_of(some: Sequence[Sequence[str]]) -> States:
    """Return random states of words that depend on the word and its place alone."""
    rows: list[torch.Tensor] = []
    places, starts = [], []
    for sentence in some:
        starts.append(len(rows))
        rows.append(torch.zeros(LAYERS, SIZE))
        for number, word in enumerate(sentence):
            places.append(len(rows))
            generator = torch.Generator().manual_seed(VOCABULARY.index(word) * 100 + number)
            rows.append(torch.randn(LAYERS, SIZE, generator=generator))
    return States(torch.stack(rows, 1), torch.tensor(places), torch.tensor(starts), [len(one) for one in some])


@torch.inference_mode()
def tagged(tagger: LightTagger, some: Sequence[Sequence[str]]) -> list[Tag]:
    return tagger.tag([word for sentence in some for word in sentence], states_of(some))


def test_each_word_has_a_tag(tagger: LightTagger) -> None:
    some = sentences(20)
    tags = tagged(tagger, some)
    assert len(tags) == sum(map(len, some))
    assert len(set(tags)) > 1
    assert set(tags) <= set(TAGS)


def test_tags_do_not_depend_on_the_batch(tagger: LightTagger) -> None:
    some = sentences(20)
    assert [tag for sentence in some for tag in tagged(tagger, [sentence])] == tagged(tagger, some)


def test_a_word_sees_two_neighbours_of_its_own_sentence(tagger: LightTagger) -> None:
    network, spelling = tagger._network, tagger._spelling
    words = ["the"] * 9
    states = torch.randn(9, SIZE)
    changed = states.clone()
    changed[3] += 1
    with torch.inference_mode():
        spelled = spelling.read(words, [4, 5])
        before, after = (network(one, spelled, [4, 5]) for one in (states, changed))
    different = (before - after).abs().amax(1) > 1e-6
    assert different.tolist() == [False, True, True, True] + [False] * 5


@pytest.mark.parametrize(
    ("word", "shape"),
    [
        ("Lee", "Xxx"),
        ("McDonald", "XxXxx"),
        ("U.S.", "X.X."),
        ("2019", "dd"),
        ("don't", "xx'x"),
        ("—", "—"),
        ("É1", "Xd"),
        ("a-b-c-d-e-f", "x-x-x-x-"),
    ],
)
def test_shape_of_a_word(word: str, shape: str) -> None:
    assert shape_of(word) == shape


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        ("the mayor saw Ann", [1, 0, 0, 0]),
        ("Mayor Sees Ann Lee", [3, 2, 2, 2]),
        ("MAYOR SEES ANN LEE", [5, 4, 4, 4]),
        ("Ann Lee", [1, 0]),  # too short for a headline
        ("2019 .", [1, 0]),
    ],
)
def test_position_and_case_of_the_sentence(words: str, kinds: list[int]) -> None:
    found = Spelling(features()).read(words.split(), [len(words.split())])
    assert found[2].tolist() == kinds


def test_unknown_features_have_ids_of_their_kind() -> None:
    ids, numbers, _ = Spelling(features()).read(["Qqqq", "Lee", "Qqqq"], [3])
    assert numbers.tolist() == [0, 1, 0]
    assert ids.shape == (2, len(spelling_of("Lee")))
    assert ids[0, -1] == ids.shape[1] - 1
    assert (ids[1] >= ids.shape[1]).all()


def with_light_tagger(folder: Path) -> Path:
    """Copy the released pack to `folder` with a light tagger of random weights."""
    shutil.copytree(embedded_folder(), folder)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    torch.manual_seed(7)
    network = TaggerNetwork(384, manifest["encoder"]["layers"], len(features()), len(TAGS))
    save_file({name: values.half() for name, values in network.state_dict().items()}, folder / LIGHT_TAGGER["weights"])
    content = json.dumps({"features": features(), "tags": TAGS})
    (folder / LIGHT_TAGGER["vocabulary"]).write_text(content, encoding="utf-8")
    manifest["encoder"]["light_tagger"] = LIGHT_TAGGER
    for file in LIGHT_TAGGER.values():
        stored = (folder / file).read_bytes()
        manifest["files"][file] = {"sha256": hashlib.sha256(stored).hexdigest(), "bytes": len(stored)}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


@pytest.mark.model
def test_a_light_tagger_replaces_stanza_s_and_leaves_the_trees(embedded_parser: Parser, tmp_path: Path) -> None:
    article = read_article("“We can't wait,” said Ann Lee.\n\nThe mayor of Oarton will not run again.")
    (plain,) = embedded_parser.parse([article])
    folder = with_light_tagger(tmp_path / "pack")
    (parse,) = load_parser(Settings(model=str(folder), arithmetic="float32")).parse([article])
    assert parse.entities == plain.entities
    for one, other in zip(parse.sentences, plain.sentences, strict=True):
        assert [(word.head, word.deprel) for word in one.words] == [(word.head, word.deprel) for word in other.words]
        assert {word.xpos for word in one.words} <= {xpos for _, xpos, _ in TAGS}


@pytest.mark.model
def test_stanza_s_tagger_is_not_loaded_next_to_a_light_one(tmp_path: Path) -> None:
    pipeline, *_ = open_pack(read_pack(with_light_tagger(tmp_path / "pack")), 1)
    assert set(PROCESSORS) - set(pipeline.processors) == {"pos"}
