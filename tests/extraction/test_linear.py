"""A linear model's score: exact, whatever the order, each feature once."""

import math
import random

from service.extraction.learned.linear import LinearModel, shipped_models
from service.extraction.learned.view import bucket


def test_a_score_is_the_exact_sum_rounded_once() -> None:
    chance = random.Random(6)
    for weights in (shipped_models().contents.weights, {str(place): chance.gauss(0, 3) for place in range(500)}):
        model = LinearModel(-1.55, weights)
        for _ in range(200):
            features = chance.sample(sorted(weights), 60)
            assert model.score(features) == -1.55 + math.fsum(weights[feature] for feature in features)


def test_a_feature_counts_once_and_an_unknown_one_not_at_all() -> None:
    model = LinearModel(0.5, {"a": 0.1, "b": 0.2})
    assert model.score(["a", "never seen", "b", "a"]) == model.score(["b", "a"]) == 0.5 + math.fsum([0.1, 0.2])
    assert model.score([]) == LinearModel(0.5, {}).score(["a"]) == 0.5


def test_counts_are_exact_while_small_then_ever_coarser() -> None:
    assert [bucket(count) for count in (0, 3, 4, 5, 6, 9, 10, 19, 20, 39, 40, 900)] == [
        "0", "3", "4", "4", "6", "6", "10", "10", "20", "20", "40", "40",
    ]  # fmt: skip
