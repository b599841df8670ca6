"""The reader: windows of whole sentences, and scores that do not depend on how an article is batched."""

import json
import random
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional

from service.input.paragraphs import read_article
from service.parsing.embedded import article_reader as module
from service.parsing.embedded.arithmetic import FLOAT32, Arithmetic, arithmetic
from service.parsing.embedded.article_reader import ArticleReader, input_ranges
from service.parsing.embedded.reader import WINDOW, Reader, batched, quotation_flags, windows
from service.parsing.load import load_parser
from service.parsing.packs import embedded_folder
from service.parsing.parser import Parser
from service.parsing.tree import ArticleWordIndex, ReaderOutput
from service.settings import Settings

SIZE, LAYERS = 48, 3


@pytest.fixture
def small_reader() -> Reader:
    torch.manual_seed(4)
    return Reader(SIZE, LAYERS, attended=32, inner=64, hidden=16).requires_grad_(False).eval()


def article_of(sentences: int, seed: int = 1) -> tuple[list[int], list[int]]:
    """Return the lengths of sentences, and the paragraph of each."""
    rng = random.Random(seed)
    return [rng.randint(3, 40) for _ in range(sentences)], [number // 3 for number in range(sentences)]


@pytest.mark.parametrize("count", [1, 5, 60, 200])
def test_each_sentence_is_scored_by_one_window(count: int) -> None:
    lengths, paragraphs = article_of(count)
    found = list(windows(lengths, paragraphs))
    scored = [number for one in found for number in range(one.first, one.last)]
    assert scored == list(range(count))
    assert all(one.start <= one.first < one.last <= one.end for one in found)
    assert all(sum(lengths[one.first : one.last]) <= WINDOW for one in found)


def test_a_sentence_longer_than_a_window_is_a_window() -> None:
    assert list(windows([WINDOW + 50], [0])) == [(0, 0, 1, 1)]


def test_windows_end_with_a_paragraph() -> None:
    lengths, paragraphs = [40] * 12, [0] * 6 + [1] * 6
    first, second = windows(lengths, paragraphs)
    assert (first.last, second.first) == (6, 6)
    assert first.end > first.last  # words after it are context


def test_numbers_of_words_are_those_of_the_article() -> None:
    lengths, paragraphs = article_of(40)
    found = batched(list(windows(lengths, paragraphs)), lengths)
    inside = found.words[found.inside].tolist()
    assert sorted(inside) == list(range(sum(lengths)))
    assert not (found.inside & ~found.real).any()


def words_of(lengths: list[int]) -> tuple[Tensor, Tensor]:
    """Return the states of words [words, size], and which of them are inside quotation marks [words]."""
    states = torch.randn(sum(lengths), SIZE, generator=torch.Generator().manual_seed(2))
    return states, (torch.arange(sum(lengths)) % 7 < 2).long()


def read(reader: Reader, lengths: list[int], paragraphs: list[int], numbers: Arithmetic = FLOAT32) -> ReaderOutput:
    with torch.inference_mode():
        return ArticleReader(reader, numbers).read(*words_of(lengths), lengths, paragraphs)


def test_articles_are_read_as_in_training(small_reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LIKELY", -3.0)
    monkeypatch.setattr(module, "_PAIRS_AT_ONCE", 500)
    lengths, paragraphs = article_of(60)
    found = read(small_reader, lengths, paragraphs)
    batch = batched(list(windows(lengths, paragraphs)), lengths)
    states = small_reader.contextual(*words_of(lengths), batch)
    scores = small_reader.cues(states)
    cues = torch.zeros(sum(lengths)).index_put_((batch.words[batch.inside],), scores[batch.inside])
    assert np.allclose(found.cues, cues, atol=1e-5)
    rows, places = ((scores >= -3.0) & batch.inside).nonzero(as_tuple=True)
    near, real, pairs = small_reader.pairs(states, batch, rows, places)
    assert sorted(found.likely) == sorted(batch.words[rows, places].tolist()) != []
    for row, place, at, inside, own in zip(rows, places, near, real, pairs, strict=True):
        one = found.likely[ArticleWordIndex(int(batch.words[row, place]))]
        assert one.first == batch.words[row, at[0]]
        assert np.allclose(np.stack([one.content, one.source], 1), own[inside], atol=0.005)


@pytest.mark.parametrize("name", ["bf16-avx512", "int8-avx2"])
def test_other_arithmetics_change_scores_little(small_reader: Reader, name: str) -> None:
    lengths, paragraphs = article_of(20)
    exact = read(small_reader, lengths, paragraphs)
    found = read(small_reader, lengths, paragraphs, arithmetic(name))
    assert found.cues.dtype == np.float32
    assert np.abs(found.cues - exact.cues).max() < 0.1


def test_ranges_of_inputs_hold_nearly_all_of_them(small_reader: Reader) -> None:
    weights = small_reader.state_dict()
    ranges = input_ranges(weights)
    normal = torch.randn(5000, SIZE, generator=torch.Generator().manual_seed(3))
    states = normal * weights["attended_norm.weight"] + weights["attended_norm.bias"]
    for name, inputs in (("widen", states), ("narrow", functional.gelu(small_reader.widen(states)))):
        low, high, mean = (ranges[f"{name}.input_{part}"] for part in ("low", "high", "mean"))
        assert ((inputs < low) | (inputs > high)).float().mean() < 1e-4
        torch.testing.assert_close(inputs.mean(0), mean, atol=0.05, rtol=0.05)


def test_likely_cues_have_scores_for_their_sentence_and_its_neighbours(
    small_reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LIKELY", -100.0)
    lengths, paragraphs = [4, 5, 6, 7], [0, 0, 0, 1]
    found = read(small_reader, lengths, paragraphs)
    assert found.starts == (0, 4, 9, 15)
    assert sorted(found.likely) == list(range(22))
    for cue, (first, words) in {0: (0, 9), 5: (0, 15), 10: (4, 18), 20: (9, 13)}.items():
        reader_output = found.likely[ArticleWordIndex(cue)]
        assert (reader_output.first, len(reader_output.content), len(reader_output.source)) == (first, words, words)


def test_unlikely_cues_are_not_read(small_reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LIKELY", 50.0)
    assert not read(small_reader, *article_of(5)).likely


@pytest.mark.parametrize(
    ("words", "flags"),
    [
        ("“ Yes , ” she said .", "1111000"),
        ('" Yes , " she said , " today . "', "11110001111"),
        ("No marks .", "000"),
        ("“ It never ends ,", "11111"),
    ],
    ids=["curly", "straight", "none", "unclosed"],
)
def test_words_inside_quotation_marks(words: str, flags: str) -> None:
    found = quotation_flags(words.split(), [0] * len(words.split()))
    assert "".join(map(str, found)) == flags


def test_a_quotation_ends_with_its_paragraph() -> None:
    assert quotation_flags(["“", "open", "after"], [0, 0, 1]) == [1, 1, 0]


def without_reader(folder: Path) -> Path:
    """Copy the released pack to `folder` without its reader."""
    shutil.copytree(embedded_folder(), folder)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    name = manifest["encoder"].pop("reader")
    del manifest["files"][name]
    (folder / name).unlink()
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


@pytest.mark.model
def test_pack_without_reader_parses_the_same(embedded_parser: Parser, tmp_path: Path) -> None:
    article = read_article("“We can't wait,” said Ann Lee.\n\nThe mayor of Oarton will not run again.")
    (parse,) = embedded_parser.parse([article])
    plain_pack = Settings(model=str(without_reader(tmp_path / "pack")), arithmetic="float32")
    (plain,) = load_parser(plain_pack).parse([article])
    assert parse == plain
    assert plain.reader_output is None
    assert parse.reader_output is not None
    lengths = [len(sentence.words) for sentence in parse.sentences]
    assert len(parse.reader_output.cues) == sum(lengths)
    assert parse.reader_output.starts == tuple(sum(lengths[:number]) for number in range(len(lengths)))
