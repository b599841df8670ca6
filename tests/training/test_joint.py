"""Fitting of the joint confidence of quote and speaker."""

from typing import Any

import pytest

from training.attribution.joint import WRONG_WEIGHT, Example, examples_of, fit, out_of_fold, report

TEXT = "Anna Holt said the pier would close. Eva Lund disagreed."
PIER = [15, 35]


def same(gold: Any, speaker: Any) -> bool:
    return bool(speaker and gold["speaker"] == speaker["name"])


def quote(speaker: str | None, spans: list[list[int]]) -> dict[str, Any]:
    return {"speaker": speaker, "spans": spans, "confidence": 0.9, "speaker_confidence": 0.8}


@pytest.mark.parametrize(
    ("speaker", "spans", "expected"),
    [
        ("s1", [PIER], [True]),
        ("s1", [[15, 25]], [True]),
        ("s1", [[37, 55]], [False]),
        ("s2", [PIER], [False]),
        (None, [PIER], []),
    ],
)
def test_example_is_right_with_content_and_speaker(
    speaker: str | None, spans: list[list[int]], expected: list[bool]
) -> None:
    speakers = [{"id": "s1", "name": "Anna Holt"}, {"id": "s2", "name": "Eva Lund"}]
    gold = [{"content": [PIER], "speaker": "Anna Holt", "kind": "indirect"}]
    found = examples_of("a", TEXT, [quote(speaker, spans)], speakers, gold, same)
    assert [one.right for one in found] == expected
    assert all((one.quote, one.speaker) == (0.9, 0.8) for one in found)


def made() -> list[Example]:
    """Examples in which the score decides: of those with 0.9, nine in ten are right, of the others half."""
    sure = [Example(f"a{number % 10}", 0.9, 0.95, number % 10 != 3) for number in range(100)]
    unsure = [Example(f"a{number % 10}", 0.5, 0.95, number % 2 == 0) for number in range(100)]
    return sure + unsure


def weighed(right: float) -> float:
    """The share of right examples if a wrong one counts `WRONG_WEIGHT` times."""
    return right / (right + WRONG_WEIGHT * (1 - right))


def test_fitted_weights_give_the_weighed_share_that_is_right() -> None:
    chances = out_of_fold(made())
    assert len(chances) == 200
    assert sum(chances[:100]) / 100 == pytest.approx(weighed(0.9), abs=0.04)
    assert sum(chances[100:]) / 100 == pytest.approx(weighed(0.5), abs=0.08)


def test_fit_has_a_weight_for_quote_and_speaker() -> None:
    model = fit(made())
    assert set(model.weights) == {"quote", "speaker"}
    assert model.weights["quote"] > 0


def test_report_counts_the_confident_ones() -> None:
    table = report(made(), out_of_fold(made())).splitlines()
    assert [len(row.split("|")) for row in table] == [10] * 4
    assert table[3].startswith("| lower of the two | 200 | 0.700 |")
    assert table[3].endswith("| 100 | 0.100 |")
