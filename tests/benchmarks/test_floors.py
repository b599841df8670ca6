"""Comparing figures with floors; floors are raised automatically and lowered only by name."""

from pathlib import Path

import pytest

from benchmarks.floors import compare_with_floors, floor_of, lowered, raised, read_floors, write_floors

FLOORS = {"dev.attribution": 0.633, "golden.seeds_quoted": 13}


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        (
            {"dev.attribution": 0.6331, "golden.seeds_quoted": 13},
            [
                "holds     dev.attribution: floor 0.6330, figure 0.6331",
                "holds     golden.seeds_quoted: floor 13, figure 13",
            ],
        ),
        (
            {"dev.attribution": 0.6329, "golden.seeds_quoted": 12},
            [
                "BELOW     dev.attribution: floor 0.6330, figure 0.6329",
                "BELOW     golden.seeds_quoted: floor 13, figure 12",
            ],
        ),
        (
            {"golden.seeds_quoted": 13},
            [
                "skipped   dev.attribution: floor 0.6330, not measured here",
                "holds     golden.seeds_quoted: floor 13, figure 13",
            ],
        ),
        (
            {"dev.attribution": 0.7, "golden.seeds_clean": 5},
            [
                "holds     dev.attribution: floor 0.6330, figure 0.7000",
                "NO FLOOR  golden.seeds_clean: figure 5; pin it with --raise",
                "MISSING   golden.seeds_quoted: floor 13, but nothing measures it",
            ],
        ),
    ],
    ids=["all hold", "all are below", "no corpora", "a floor of nothing, a figure without one"],
)
def test_each_floor_and_each_figure_has_a_line(figures: dict[str, float], expected: list[str]) -> None:
    lines = compare_with_floors(FLOORS, figures)
    assert [str(line) for line in lines] == expected
    assert [line.holds for line in lines] == [line.startswith(("holds", "skipped")) for line in expected]


@pytest.mark.parametrize(
    ("name", "figure", "floor"),
    [
        ("dev.attribution", 0.6359, 0.633),
        ("dev.attribution", 0.635, 0.633),
        ("golden.speakers_of_all", 0.7641, 0.754),
        ("golden.seeds_quoted", 13, 13),
        ("dev.speaker", 0.001, 0.0),
    ],
)
def test_shares_have_slack_and_counts_do_not(name: str, figure: float, floor: float) -> None:
    assert floor_of(name, figure) == floor


def test_raising_never_lowers_a_floor_and_pins_new_figures() -> None:
    figures = {"dev.attribution": 0.6349, "golden.seeds_quoted": 14, "golden.seeds_clean": 5}
    assert raised(FLOORS, figures) == {
        "dev.attribution": 0.633,
        "golden.seeds_quoted": 14,
        "golden.seeds_clean": 5,
    }


def test_lowering_sets_one_floor_to_its_figure() -> None:
    figures = {"dev.attribution": 0.6, "golden.seeds_quoted": 12}
    assert lowered(FLOORS, figures, "dev.attribution") == {**FLOORS, "dev.attribution": 0.598}


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("golden.seeds_quoted", "there is nothing to lower"),
        ("dev.attribution", "Measured here: golden.seeds_quoted"),
        ("accuracy", "is named 'accuracy'"),
    ],
    ids=["it holds", "not measured", "unknown"],
)
def test_a_floor_that_cannot_be_lowered_says_why(name: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        lowered(FLOORS, {"golden.seeds_quoted": 13}, name)


def test_floors_are_read_as_they_were_written(tmp_path: Path) -> None:
    path = tmp_path / "floors.json"
    assert read_floors(path) == {}
    write_floors(FLOORS, path)
    assert read_floors(path) == FLOORS
