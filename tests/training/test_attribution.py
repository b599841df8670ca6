"""Training of the linear models, and their files."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.sparse
from sklearn.linear_model import LogisticRegression

from service.extraction.attribution.attributions import drafts_of
from service.extraction.attribution.linear import (
    LinearModel,
    Models,
    ReaderModels,
    probability,
    read_models,
    shipped_models,
)
from service.extraction.document import build_document
from tests import trees
from training.attribution.fit import fit_values, logistic
from training.attribution.folds import FOLDS, in_fold_order, in_processes, train_test_folds
from training.attribution.judge import best_threshold, verdicts_of
from training.attribution.parses import CorpusDocument
from training.attribution.weights import READER, by_name, write, write_card, write_reader

TEXT = "Alder says the bridge is safe."
TREE = (
    "Alder/PROPN/nsubj/2 says=say/VERB/root the/DET/det/bridge bridge/NOUN/nsubj/safe is=be/AUX/cop/safe "
    "safe/ADJ/ccomp/2 ./PUNCT/punct/2"
)
MARKED = {"content": [[11, 29]], "cue": [[6, 10]], "source": [[0, 5]], "speech": True}


def document(**changes: Any) -> CorpusDocument:
    page = build_document(trees.article(TEXT), trees.parse(TEXT, [TREE], {"Alder": "person"}))
    return CorpusDocument("a", page, [MARKED | changes], everyday=True)


def test_folds_are_disjoint_and_stratified() -> None:
    articles = [replace(document(), id=str(number), everyday=number < 8) for number in range(24)]
    order = in_fold_order(articles)
    features = [set(own) for _, own in train_test_folds(order)]
    assert set.union(*features) == set(range(24))
    assert sum(map(len, features)) == 24
    assert {sum(order[number].everyday for number in own) for own in features} == {8 // FOLDS}
    assert all(order[number] not in seen for seen, own in train_test_folds(order) for number in own)


@pytest.mark.parametrize(
    ("changes", "right", "speech"),
    [
        ({}, True, True),
        ({"speech": False}, True, False),
        ({"source": []}, False, False),
        ({"source": [[15, 21]]}, False, False),
        ({"content": [[0, 5]]}, False, False),
    ],
    ids=["right", "a thought", "no source", "another source", "another content"],
)
def test_a_draft_is_right_with_content_and_source(changes: dict[str, Any], right: bool, speech: bool) -> None:
    article = document(**changes)
    (draft,) = drafts_of(article.parsed, shipped_models())
    (verdict,) = verdicts_of(article, [draft])
    assert (verdict.right, verdict.speech) == (right, speech)


def test_part_of_a_long_content_is_neither_right_nor_wrong() -> None:
    article = document(content=[[0, 30]], cue=[])
    (draft,) = drafts_of(article.parsed, shipped_models())
    long = replace(article, attributions=[{**article.attributions[0], "content": [[0, len(TEXT)]]}])
    (verdict,) = verdicts_of(long, [draft])
    assert verdict.right or verdict.part


def test_the_threshold_is_where_f1_is_best() -> None:
    assert best_threshold([(0.9, True), (0.6, True), (0.4, False), (0.3, False)], golds=2) == (0.6, 1.0)


def test_the_special_domain_decides_where_domains_disagree() -> None:
    common: list[dict[str, float]] = [{"a": 1.0}, {"b": 1.0}] * 200
    right = [True, False] * 100 + [False, True] * 100
    special = [False] * 200 + [True] * 200
    weights = [1.0] * 400
    plain, adapted = fit_values(common, right, weights), fit_values(common, right, weights, special)
    assert abs(probability(plain.weighted_sum({"a": 1.0})) - 0.5) < 0.05
    assert probability(adapted.weighted_sum({"a": 1.0})) < 0.4 < 0.6 < probability(adapted.weighted_sum({"b": 1.0}))


def test_logistic_regression_finds_the_weights_of_scikit_learn() -> None:
    random = np.random.default_rng(1)
    matrix = scipy.sparse.csr_matrix((random.random((400, 12)) < np.linspace(0.02, 0.9, 12)).astype(np.float32))
    right = matrix @ random.normal(size=12) + random.normal(size=400) > 0
    weights = random.choice([1.0, 3.0], size=400)
    coefficients, bias = logistic(matrix, right, weights, strength=0.5, steps=300)
    reference = LogisticRegression(C=0.5, tol=1e-8, max_iter=1000).fit(matrix, right, weights)
    assert coefficients == pytest.approx(reference.coef_[0], abs=0.01)
    assert bias == pytest.approx(reference.intercept_[0], abs=0.01)


@pytest.mark.parametrize("jobs", [1, 2])
def test_work_is_done_in_order_in_several_processes(jobs: int) -> None:
    factor = 3
    assert in_processes(lambda number: number * factor, range(5), jobs) == [0, 3, 6, 9, 12]


def test_written_models_are_read_back_each_in_its_place(tmp_path: Path) -> None:
    names = ("cues", "contents", "sources", "quoted_spans", "confidence", "speech")
    cues, contents, *others = (LinearModel(float(number), {name: 0.5}) for number, name in enumerate(names))
    sources, quoted_spans, confidence, speech = others
    models = Models(cues, contents, sources, quoted_spans, confidence, speech)
    write(tmp_path / "folds", models)
    assert read_models(tmp_path / "folds") == models
    with_reader = ReaderModels(*(LinearModel(float(number), {"reader": 0.25}) for number in range(5)))
    write_reader(tmp_path / "folds", with_reader)
    assert read_models(tmp_path / "folds") == replace(models, reader=with_reader)
    assert by_name(models)["quoted_spans"] is models.quoted_spans


def test_the_card_describes_the_reader_once(tmp_path: Path) -> None:
    weight = LinearModel(0.0, {})
    write_card(tmp_path, Models(weight, weight, weight, weight, weight, weight), [])
    card = (tmp_path / "CARD.md").read_text(encoding="utf-8")
    for _ in range(2):
        write_reader(tmp_path, ReaderModels(*[weight] * 5))
    found = (tmp_path / "CARD.md").read_text(encoding="utf-8")
    assert "reader_choices" not in card
    assert found.count("reader_choices") == 1
    assert found.replace(READER, "") == card
