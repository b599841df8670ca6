"""The light heads: spelling, neighbours, names, and scores that do not depend on how sentences are batched."""

import hashlib
import json
import random
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from service.input.paragraphs import read_article
from service.parsing.embedded.entities import Name
from service.parsing.embedded.light_heads import (
    IMPOSSIBLE,
    LightHead,
    LightHeads,
    Spelling,
    from_weights,
    names_of,
    possible,
    shape_of,
    spelling_of,
)
from service.parsing.embedded.subwords import States
from service.parsing.embedded.tagger import Tag
from service.parsing.load import load_parser
from service.parsing.packs import embedded_folder
from service.parsing.parser import Parser
from service.settings import Settings

SIZE, LAYERS = 24, 3
TAGS = (("NOUN", "NN", "Number=Sing"), ("NOUN", "NNS", "Number=Plur"), ("VERB", "VBD", ""), ("PUNCT", ".", ""))
NAMES = ("O", *(f"{part}-{kind}" for kind in ("person", "place") for part in "BIES"))
VOCABULARY = "Ann Lee saw the mayors of Oarton twice , in 2019 . HEADLINES McDonald U.S. don't".split()


def features() -> list[str]:
    unknown = [feature.partition(" ")[0] + " " for feature in spelling_of("-")]
    known = {feature for word in VOCABULARY[:10] for feature in spelling_of(word)}
    return unknown + sorted(known)


@pytest.fixture
def heads() -> LightHeads:
    """Random heads, stored and loaded again."""
    torch.manual_seed(5)
    spelled = features()
    weights = {"transitions": torch.randn(len(NAMES) + 1, len(NAMES) + 1)}
    for name, classes in (("tagger", len(TAGS)), ("names", len(NAMES))):
        head = LightHead(SIZE, LAYERS, len(spelled), classes, hidden=16, embedded=8)
        weights |= {f"{name}.{part}": values * 3 for part, values in head.state_dict().items()}
    return from_weights(weights, json.loads(json.dumps({"features": spelled, "tags": TAGS, "names": NAMES})))


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
def read(heads: LightHeads, some: Sequence[Sequence[str]]) -> tuple[list[Tag], list[list[Name]]]:
    words = [word for sentence in some for word in sentence]
    states = states_of(some)
    return heads.tagger.tag(words, states), heads.names.find(words, states)


def test_each_word_has_a_tag_and_each_sentence_names(heads: LightHeads) -> None:
    some = sentences(20)
    tags, names = read(heads, some)
    assert len(tags) == sum(map(len, some))
    assert set(tags) <= {(*tag,) for tag in TAGS}
    assert len(names) == len(some)
    assert any(names)
    for sentence, found in zip(some, names, strict=True):
        ends = [place for name in found for place in (name.start, name.end - 1)]
        assert ends == sorted(ends)
        assert all(0 <= place < len(sentence) for place in ends)


def test_results_do_not_depend_on_the_batch(heads: LightHeads) -> None:
    some = sentences(20)
    tags, names = read(heads, some)
    alone = [read(heads, [sentence]) for sentence in some]
    assert [tag for found, _ in alone for tag in found] == tags
    assert [found for _, (found,) in alone] == names


def test_a_word_sees_two_neighbours_of_its_own_sentence(heads: LightHeads) -> None:
    head, spelling = heads.tagger._head, heads.tagger._spelling
    words = ["the"] * 9
    states = torch.randn(9, SIZE)
    changed = states.clone()
    changed[3] += 1
    with torch.inference_mode():
        spelled = spelling.read(words, [4, 5])
        before, after = (head(one, spelled, [4, 5]) for one in (states, changed))
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


def test_only_complete_names_are_possible() -> None:
    allowed = possible(NAMES).numpy() > IMPOSSIBLE
    tags = dict(zip(NAMES, range(len(NAMES)), strict=True))
    edge = len(NAMES)
    assert allowed[tags["B-person"], tags["E-person"]]
    assert not allowed[tags["B-person"], tags["E-place"]]
    assert not allowed[tags["B-person"], edge]
    assert not allowed[tags["O"], tags["I-person"]]
    assert not allowed[edge, tags["E-place"]]
    assert allowed[tags["S-person"], tags["B-place"]]
    assert np.diag(allowed)[[tags["O"], tags["I-person"], tags["S-place"]]].all()


def test_names_of_tags() -> None:
    tags = ["B-person", "E-person", "O", "S-place", "B-person", "I-person", "E-person"]
    assert names_of(tags) == [(0, 2, "person"), (3, 4, "place"), (4, 7, "person")]


def with_light_heads(folder: Path) -> Path:
    """Copy the released pack to `folder` with random light heads."""
    shutil.copytree(embedded_folder(), folder)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    torch.manual_seed(7)
    weights = {"transitions": torch.zeros(len(NAMES) + 1, len(NAMES) + 1)}
    for name, classes in (("tagger", len(TAGS)), ("names", len(NAMES))):
        head = LightHead(384, manifest["encoder"]["layers"], len(features()), classes)
        weights |= {f"{name}.{part}": values.half() for part, values in head.state_dict().items()}
    save_file(weights, folder / "light_heads.safetensors")
    content = json.dumps({"features": features(), "tags": TAGS, "names": NAMES})
    (folder / "light_heads.json").write_text(content, encoding="utf-8")
    manifest["encoder"]["light_heads"] = {"weights": "light_heads.safetensors", "vocabulary": "light_heads.json"}
    for file in ("light_heads.safetensors", "light_heads.json"):
        stored = (folder / file).read_bytes()
        manifest["files"][file] = {"sha256": hashlib.sha256(stored).hexdigest(), "bytes": len(stored)}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


@pytest.mark.model
def test_a_pack_s_light_heads_replace_stanza_s_and_leave_trees(embedded_parser: Parser, tmp_path: Path) -> None:
    article = read_article("“We can't wait,” said Ann Lee.\n\nThe mayor of Oarton will not run again.")
    (plain,) = embedded_parser.parse([article])
    settings = Settings(model=str(with_light_heads(tmp_path / "pack")), arithmetic="float32")
    (parse,) = load_parser(settings).parse([article])
    for one, other in zip(parse.sentences, plain.sentences, strict=True):
        assert [(word.head, word.deprel) for word in one.words] == [(word.head, word.deprel) for word in other.words]
        assert {word.xpos for word in one.words} <= {xpos for _, xpos, _ in TAGS}
