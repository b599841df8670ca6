"""Training examples of the reader, and the models that weigh its numbers."""

import random

import pytest
import torch

from service.extraction.attribution.linear import LinearModel
from service.extraction.attribution.reader_scores import READER_CONTENT_FEATURES
from training.attribution.stacking import CandidateGroups, fit_listwise, fit_single
from training.reader_examples import (
    CueGold,
    NameSwapper,
    ReaderArticle,
    all_windows,
    is_held_out,
    reader_batch,
    shuffled_windows,
)

WORDS = ("Alder", "said", "rain", "falls", ".", "Oar", "and", "Alder", "agreed", ".")
PERSON = "<person> NNP"
ARTICLE = ReaderArticle(
    "a",
    WORDS,
    (5, 5),
    (0, 0),
    (0,) * 10,
    (PERSON, *[None] * 4, PERSON, None, PERSON, None, None),
    (CueGold(1, frozenset({2, 3}), frozenset({0})), CueGold(8, frozenset(), frozenset({5, 7}))),
)


def pieces(word: str) -> tuple[int, ...]:
    return tuple(1000 + ord(letter) for letter in word[:2])


def test_a_name_is_swapped_for_the_same_one_everywhere() -> None:
    other = ReaderArticle("b", ("Bligh", "Quill"), (2,), (0,), (0, 0), (PERSON, PERSON), ())
    swapper = NameSwapper([ARTICLE, other])
    found = {tuple(swapper.swapped(ARTICLE, random.Random(seed))) for seed in range(40)}
    assert len(found) > 5
    for words in found:
        assert words[0] == words[7]
        assert [word for word, kind in zip(words, ARTICLE.kinds, strict=True) if kind is None] == [
            word for word, kind in zip(WORDS, ARTICLE.kinds, strict=True) if kind is None
        ]
        assert {words[0], words[5]} <= {"Alder", "Oar", "Bligh", "Quill"}


def test_batch_has_the_annotation_of_its_cues() -> None:
    batch = reader_batch(all_windows([ARTICLE]), {"a": WORDS}, pieces)
    assert batch.cues.nonzero().tolist() == [[0, 1], [0, 8]]
    assert list(zip(batch.rows.tolist(), batch.places.tolist(), strict=True)) == [(0, 1), (0, 8)]
    assert batch.golds[0, :, 0].nonzero().flatten().tolist() == [2, 3]
    assert batch.golds[1, :, 1].nonzero().flatten().tolist() == [5, 7]
    assert [len(last) for _, last in batch.sentences] == [5, 5]


def test_words_of_several_articles_are_numbered_apart() -> None:
    some = all_windows([ARTICLE, ReaderArticle("b", WORDS[:5], (5,), (0,), (0,) * 5, (None,) * 5, ())])
    batch = reader_batch(some, {"a": WORDS, "b": WORDS[:5]}, pieces)
    assert batch.windows.words[1, :5].tolist() == [10, 11, 12, 13, 14]
    assert batch.windows.real.sum(1).tolist() == [10, 5]
    assert len(batch.quoted) == 15


def test_an_epoch_has_each_window_once() -> None:
    articles = [ARTICLE] * 30
    for most in (10, 45, 1000):
        batches = list(shuffled_windows(articles, most, seed=3))
        assert sum(map(len, batches)) == 30


def test_a_quarter_of_the_articles_is_held_out() -> None:
    assert 0.2 < sum(is_held_out(str(number)) for number in range(2000)) / 2000 < 0.3


def test_listwise_weights_rank_the_right_candidate_first() -> None:
    rng, rows = random.Random(5), CandidateGroups()
    for _ in range(200):
        group = [{name: rng.gauss(0, 1) for name in READER_CONTENT_FEATURES} for _ in range(4)]
        best = max(range(4), key=lambda place: group[place]["dice"] - group[place]["wrong inside"])
        rows.add(group, [place == best for place in range(4)], 1.0)
    model = fit_listwise(rows)
    assert model.weights["dice"] > 1.0
    assert model.weights["wrong inside"] < -1.0
    assert all(abs(model.weights.get(name, 0.0)) < 1.0 for name in ("sum", "mean", "first"))


def test_weights_of_single_candidates_are_log_odds() -> None:
    rows = CandidateGroups()
    generator = torch.Generator().manual_seed(1)
    for value in torch.randn(4000, generator=generator).tolist():
        chance = 1 / (1 + 2.718281828 ** -(2 * value - 1))
        rows.add([{"x": value}], [torch.rand((), generator=generator).item() < chance], 1.0)
    model: LinearModel = fit_single(rows)
    assert model.weights["x"] == pytest.approx(2.0, abs=0.2)
    assert model.bias == pytest.approx(-1.0, abs=0.2)
