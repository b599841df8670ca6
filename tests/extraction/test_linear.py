"""Scores of a linear model are exact in any order and count each feature once; features have no duplicates."""

import math
import random
from decimal import Decimal

from service.extraction.attribution.content_candidates import content_candidates
from service.extraction.attribution.content_features import content_features
from service.extraction.attribution.linear import LinearModel, shipped_models
from service.extraction.attribution.sentence_view import SentenceView, bucket
from service.extraction.attribution.source_features import source_features
from service.extraction.document import build_document
from service.parsing.tree import FIRST_SENTENCE
from tests.trees import article, parse


def test_score_is_the_exact_sum_rounded_once() -> None:
    chance = random.Random(6)
    weights = {str(place): chance.gauss(0, 3) for place in range(500)}
    model = LinearModel(-1.55, weights)
    for _ in range(200):
        features = chance.sample(sorted(weights), 60)
        total = -1.55 + math.fsum(weights[feature] for feature in features)
        assert model.score(features) == model.score_distinct(features) == total


def test_weights_with_few_decimals_are_summed_as_decimals() -> None:
    chance, weights = random.Random(6), shipped_models().contents.weights
    model = LinearModel(-1.55, weights)
    for _ in range(200):
        features = chance.sample(sorted(weights), 60)
        total = -1.55 + float(sum(Decimal(str(weights[feature])) for feature in features))
        assert model.score(features) == model.score_distinct(features) == total


def test_content_and_source_features_are_distinct() -> None:
    text = "“He is fine,” said Ortiz, who left for a free port, far from Oslo, and they told her it was shut."
    trees = [
        "“/PUNCT/punct/fine He/PRON/nsubj/fine is/AUX/cop/fine "
        "fine/ADJ/ccomp/said ,/PUNCT/punct/fine ”/PUNCT/punct/fine "
        "said/VERB/root Ortiz/PROPN/nsubj/said ,/PUNCT/punct/left who/PRON/nsubj/left left/VERB/acl:relcl/Ortiz"
        " for/ADP/case/port a/DET/det/port free/PRON/amod/port port/NOUN/obl/left ,/PUNCT/punct/far far/ADV/advmod/left"
        " from/ADP/case/Oslo Oslo/PROPN/obl/far ,/PUNCT/punct/told and/CCONJ/cc/told they/PRON/nsubj/told"
        " told/VERB/conj/said her/PRON/iobj/told it/PRON/nsubj:pass/shut was/AUX/aux:pass/shut shut/VERB/ccomp/told"
        " ./PUNCT/punct/said"
    ]
    view = SentenceView(build_document(article(text), parse(text, trees)), FIRST_SENTENCE)
    for cue in (3, 6, 10, 22, 26):
        candidates = content_candidates(view, cue)
        found = content_features(view, cue, candidates)
        for words in candidates:
            found += source_features(view, cue, (None, *range(len(view.words))), words)
        assert [len(one) for one in found] == [len(set(one)) for one in found]


def test_duplicate_and_unknown_features_do_not_count() -> None:
    model = LinearModel(0.5, {"a": 0.1, "b": 0.2})
    assert model.score(["a", "never seen", "b", "a"]) == model.score(["b", "a"]) == 0.5 + math.fsum([0.1, 0.2])
    assert model.score([]) == LinearModel(0.5, {}).score(["a"]) == 0.5


def test_counts_are_bucketed_above_three() -> None:
    assert [bucket(count) for count in (0, 3, 4, 5, 6, 9, 10, 19, 20, 39, 40, 900)] == [
        "0", "3", "4", "4", "6", "6", "10", "10", "20", "20", "40", "40",
    ]  # fmt: skip
