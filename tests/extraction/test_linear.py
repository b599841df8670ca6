"""Scores of linear models are exact; templates of feature names give the same scores as formatted strings."""

import math
import random
from decimal import Decimal

import numpy as np
import pytest

from service.extraction.attribution.content_candidates import content_candidates
from service.extraction.attribution.content_features import content_features
from service.extraction.attribution.linear import (
    HashedWeights,
    LinearModel,
    StringTable,
    Templates,
    shipped_models,
)
from service.extraction.attribution.name_table import NameTable, hashes_of
from service.extraction.attribution.sentence_view import SentenceView, bucket
from service.extraction.attribution.source_features import source_features
from service.extraction.document import build_document
from service.parsing.tree import FIRST_SENTENCE
from tests.trees import article, parse

TEMPLATES = Templates(["kind={kind}", "{word} path={kind}{path}", "{word}", "{path} of {word}: {kind}!"])
WORDS = ["", "say", "“", "naïve", "𝒳", "\0", None]


def test_score_is_the_exact_sum_rounded_once() -> None:
    chance = random.Random(6)
    weights = {str(place): chance.gauss(0, 3) for place in range(500)}
    model = LinearModel(-1.55, weights)
    for _ in range(200):
        features = chance.sample(sorted(weights), 60)
        total = -1.55 + math.fsum(weights[feature] for feature in features)
        assert [model.score(features)] == model.score_each([features]) == [total]


def test_weights_with_few_decimals_are_summed_as_decimals() -> None:
    chance, weights = random.Random(6), shipped_models().contents.weights
    model = LinearModel(-1.55, weights)
    for _ in range(200):
        features = chance.sample(sorted(weights), 60)
        total = -1.55 + float(sum(Decimal(str(weights[feature])) for feature in features))
        assert [model.score(features)] == model.score_each([features]) == [total]


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


def rows(number: int = 300) -> list[dict[str, str | None]]:
    chance = random.Random(4)
    return [{name: chance.choice(WORDS) for name in TEMPLATES.columns} for _ in range(number)]


def names(row: dict[str, str | None]) -> list[str]:
    kind, word, path = row["kind"], row["word"], row["path"]
    found = [] if kind is None else [f"kind={kind}"]
    found += [] if None in (kind, word, path) else [f"{word} path={kind}{path}"]
    found += [] if word is None else [word]
    return found + ([] if None in (kind, word, path) else [f"{path} of {word}: {kind}!"])


def columns(strings: StringTable, some: list[dict[str, str | None]]) -> dict[str, np.ndarray]:
    return {name: strings.ids([row[name] for row in some], len(some)) for name in TEMPLATES.columns}


def test_hash_of_a_text_follows_from_its_parts() -> None:
    hashes, powers = hashes_of(["path", "=naïve𝒳", "path=naïve𝒳", ""])
    assert hashes[:1] * powers[1:2] + hashes[1:2] == hashes[2:3]
    assert (hashes[3], powers[3]) == (0, 1)


def test_names_of_features_are_filled_templates() -> None:
    strings, some = StringTable(), rows()
    assert TEMPLATES.features(strings, columns(strings, some)) == [names(row) for row in some]


def test_rows_are_scored_as_the_names_of_their_features() -> None:
    strings, some, chance = StringTable(), rows(), random.Random(5)
    weights = {name: round(chance.gauss(0, 2), 2) for row in some for name in names(row) if chance.random() < 0.5}
    weights = {name: weight for name, weight in weights.items() if "\0" not in name and name}
    model = LinearModel(-0.5, weights)
    wanted = model.score_each([names(row) for row in some])
    assert model.score_rows(TEMPLATES, strings, columns(strings, some)) == wanted
    assert model.score_rows(TEMPLATES, strings, columns(strings, [])) == []


def test_features_of_several_rows_count_once() -> None:
    strings, some = StringTable(), rows(40)
    model = LinearModel(0.5, {"kind=say": 1.25, "naïve": 0.5, "say": -2.0})
    groups = [(TEMPLATES, columns(strings, some), np.arange(40) // 8)] * 2
    wanted = [model.score(name for row in some[at : at + 8] for name in names(row)) for at in range(0, 40, 8)]
    assert model.score_groups(groups, strings, 6) == [*wanted, 0.5]


def test_known_names_are_found_and_unknown_ones_are_not() -> None:
    known = [f"feature {number}" for number in range(5_000)]
    table = NameTable(known)
    hashes, _ = hashes_of([*known, *(f"other {number}" for number in range(5_000))])
    assert table.ids(hashes).tolist() == [*range(1, 5_001), *([0] * 5_000)]
    assert NameTable([]).ids(hashes).tolist() == [0] * 10_000


def test_hashed_weights_equal_those_of_a_dictionary() -> None:
    chance = random.Random(6)
    weights = {f"“feature” {number}": round(chance.gauss(0, 2), 3) for number in range(3_000)}
    plain, hashed = LinearModel(0.25, weights), LinearModel(0.25, HashedWeights(weights))
    assert dict(hashed.weights) == weights
    with pytest.raises(KeyError, match="unknown"):
        hashed.weights["unknown"]
    some = [chance.sample([*weights, "unknown", "another"], chance.randrange(40)) for _ in range(100)]
    assert hashed.score_each(some) == plain.score_each(some) == [hashed.score([*item, *item]) for item in some]
    values = dict.fromkeys(some[0], 0.5)
    assert hashed.top_features(values, 3) == plain.top_features(values, 3)
    assert dict(HashedWeights({})) == {}
    assert hashed.score_each([]) == []


def test_weights_that_are_not_rounded_are_refused() -> None:
    strings = StringTable()
    with pytest.raises(ValueError, match="decimals"):
        LinearModel(0.0, {"say": 1 / 3}).score_rows(TEMPLATES, strings, columns(strings, rows()))
