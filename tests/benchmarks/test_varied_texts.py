"""Generated texts are distinct, and equal in every run."""

import statistics

from benchmarks.soak_requests import kinds, mixed
from benchmarks.varied_texts import LONGEST, varied_text


def test_texts_are_distinct_and_reproducible() -> None:
    texts = [varied_text(number) for number in range(500)]
    assert len(set(texts)) == 500
    assert texts[17] == varied_text(17)
    assert texts[17] != varied_text(17, seed=21)


def test_lengths_are_typical_of_articles() -> None:
    lengths = [len(varied_text(number)) for number in range(500)]
    assert 1_500 < statistics.median(lengths) < 2_500
    assert max(lengths) < LONGEST + 2_000
    assert 1_000 < len(varied_text(1, characters=1_000)) < 2_000


def test_soak_requests_are_distinct_with_the_requested_texts() -> None:
    sent = list(mixed(300))
    assert 300 <= sum(request.kind.texts for request in sent) <= 301
    of_texts = [request.body for request in sent if request.kind.texts]
    assert len(set(of_texts)) == len(of_texts)
    assert [request.body for request in mixed(300)] == [request.body for request in sent]
    assert {kind.name for kind in kinds()} >= {request.kind.name for request in sent}
