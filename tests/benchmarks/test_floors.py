"""Floors of the figures: compared, raised, lowered with a reason in the commit; the table of steps."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.floors import (
    FLOORS,
    NoHistory,
    Version,
    compare_with_floors,
    floor_of,
    lowered,
    owed,
    raised,
    read_floors,
    reason_line,
    unexplained,
    versions,
    write_floors,
)
from benchmarks.gate import lowered_without_reason
from benchmarks.pages import ACCURACY, add_step, read_between, steps, steps_table

HELD = {"dev.attribution": 0.633, "golden.seeds_quoted": 13}
FIGURES = {
    "attribution": [0.7, 0.6, 0.646],
    "content": [0.8, 0.7, 0.747],
    "quoted_attribution": [0.9, 0.8, 0.847],
    "quoted_content_exact": [0.8, 0.7, 0.747],
    "speaker": 0.91,
}
Commit = Callable[[dict[str, float], str], Path]

needs_git = pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")


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
    lines = compare_with_floors(HELD, figures)
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
        ("cases.control", 31, 31),
        ("cases.via", 3, 2),
        ("cases.via", 0, 0),
        ("everyday.quoted", 0.92, 0.915),
    ],
)
def test_floors_leave_room_for_another_processor(name: str, figure: float, floor: float) -> None:
    assert floor_of(name, figure) == floor


def test_raising_never_lowers_a_floor_and_pins_new_figures() -> None:
    figures = {"dev.attribution": 0.6349, "golden.seeds_quoted": 14, "golden.seeds_clean": 5}
    assert raised(HELD, figures) == {
        "dev.attribution": 0.633,
        "golden.seeds_quoted": 14,
        "golden.seeds_clean": 5,
    }


def test_lowering_sets_one_floor_to_its_figure() -> None:
    figures = {"dev.attribution": 0.6, "golden.seeds_quoted": 12}
    assert lowered(HELD, figures, "dev.attribution") == {**HELD, "dev.attribution": 0.598}


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("golden.seeds_quoted", "there is nothing to lower"),
        ("dev.attribution", "Measured here: golden.seeds_quoted"),
        ("accuracy", "is named 'accuracy'"),
    ],
    ids=["it holds", "not measured", "unknown"],
)
def test_a_floor_that_cannot_be_lowered_says_why(name: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        lowered(HELD, {"golden.seeds_quoted": 13}, name)


def test_floors_are_read_as_they_were_written(tmp_path: Path) -> None:
    path = tmp_path / "floors.json"
    assert read_floors(path) == {}
    write_floors(HELD, path)
    assert read_floors(path) == HELD


def test_the_page_s_table_of_steps_is_the_one_that_was_measured() -> None:
    assert steps()
    assert read_between(ACCURACY, "steps") == steps_table(steps())


def test_remeasured_step_keeps_its_place(tmp_path: Path) -> None:
    path = tmp_path / "history.json"
    for name in ("rules", "learned cues", "rules"):
        add_step(name, FIGURES | {"speaker": 0.92 if steps(path) else 0.91}, path)
    assert [(step["step"], step["figures"]["speaker"]) for step in steps(path)] == [
        ("rules", 0.92),
        ("learned cues", 0.92),
    ]


def test_a_step_s_row_has_the_figures_of_the_headlines() -> None:
    rows = steps_table([{"step": "rules", "figures": FIGURES}]).splitlines()
    assert [cell.strip() for cell in rows[2].strip("|").split("|")] == [
        "rules",
        "0.646",
        "0.700",
        "0.600",
        "0.747",
        "0.847",
        "0.747",
        "0.910",
    ]


def git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True, env=environment)


@pytest.fixture
def commit(tmp_path: Path) -> Commit:
    """Return a function that commits floors with a message in a new repository and returns their file."""
    floors = tmp_path / "clone/benchmarks/floors.json"
    floors.parent.mkdir(parents=True)
    git(tmp_path / "clone", "init", "-q", "-b", "main")

    def committed(content: dict[str, float], message: str) -> Path:
        floors.write_text(json.dumps(content), encoding="utf-8")
        git(floors.parent, "add", "floors.json")
        git(floors.parent, "commit", "-q", "--allow-empty", "-m", message)
        return floors

    return committed


LOWERED = f"Read less\n\n{reason_line('dev.content', 'the scorer changed')}\n"


@needs_git
def test_floor_lowered_without_a_reason_fails_the_gate(commit: Commit) -> None:
    commit({"dev.content": 0.7, "dev.speaker": 0.9}, "Pin the floors")
    floors = commit({"dev.content": 0.6, "dev.speaker": 0.91}, "Read less\n\nFloor lowered: dev.content:\n")
    assert lowered_without_reason(floors) == [
        "LOWERED   dev.content: it was 0.7; restore it, or lower it with --lower and --reason"
    ]


@needs_git
def test_floor_lowered_with_a_reason_passes_the_gate(commit: Commit) -> None:
    commit({"dev.content": 0.7, "dev.speaker": 0.9}, "Pin the floors")
    floors = commit({"dev.content": 0.6, "dev.speaker": 0.9}, LOWERED)
    assert lowered_without_reason(floors) == []


@needs_git
def test_reason_applies_to_one_floor_and_one_commit(commit: Commit) -> None:
    commit({"dev.content": 0.7, "dev.speaker": 0.9}, "Pin the floors")
    commit({"dev.content": 0.6, "dev.speaker": 0.8}, LOWERED)
    floors = commit({"dev.content": 0.5, "dev.speaker": 0.8}, "Read less still")
    assert unexplained(json.loads(floors.read_text()), versions(floors)) == {"dev.content": 0.6, "dev.speaker": 0.9}


@needs_git
def test_restored_floor_passes_the_gate(commit: Commit) -> None:
    commit({"dev.content": 0.7}, "Pin the floors")
    commit({"dev.content": 0.6}, "Read less")
    floors = commit({"dev.content": 0.7}, "Read as much as before")
    assert lowered_without_reason(floors) == []


@needs_git
def test_removed_floor_counts_as_lowered(commit: Commit) -> None:
    commit({"dev.content": 0.7}, "Pin the floors")
    floors = commit({}, "Measure less")
    assert unexplained({}, versions(floors)) == {"dev.content": 0.7}
    floors = commit({"dev.other": 0.1}, LOWERED)
    assert lowered_without_reason(floors) == []


@needs_git
def test_invalid_or_missing_version_does_not_hide_earlier_ones(commit: Commit) -> None:
    floors = commit({"dev.content": 0.7}, "Pin the floors")
    floors.write_text("<<<<<<<", encoding="utf-8")
    git(floors.parent, "commit", "-aqm", "Break the file")
    git(floors.parent, "rm", "-q", "floors.json")
    git(floors.parent, "commit", "-qm", "Take the file away")
    floors.parent.mkdir(exist_ok=True)
    commit({"dev.content": 0.6}, "Bring it back")
    assert unexplained({"dev.content": 0.6}, versions(floors)) == {"dev.content": 0.7}


@needs_git
def test_uncommitted_lowering_is_reported_but_passes(commit: Commit, capsys: pytest.CaptureFixture[str]) -> None:
    floors = commit({"dev.content": 0.7}, "Pin the floors")
    floors.write_text('{"dev.content": 0.6}', encoding="utf-8")
    assert lowered_without_reason(floors) == []
    assert "Floor lowered: dev.content: …" in capsys.readouterr().out


@needs_git
def test_shallow_clone_is_checked_by_its_own_commits(commit: Commit, tmp_path: Path) -> None:
    commit({"dev.content": 0.8}, "Pin the floors")
    commit({"dev.content": 0.7}, "Read less")
    floors = commit({"dev.content": 0.6}, "Read less still")
    clone = f"file://{floors.parent.parent}"
    for depth, expected in (("1", {}), ("2", {"dev.content": 0.7})):
        git(tmp_path, "clone", "-q", "--depth", depth, clone, f"shallow{depth}")
        history = versions(tmp_path / f"shallow{depth}/benchmarks/floors.json")
        assert unexplained({"dev.content": 0.6}, history) == expected


@needs_git
def test_outside_a_clone_there_is_no_history(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(NoHistory, match="not a git repository"):
        versions(tmp_path / "floors.json")
    assert lowered_without_reason(tmp_path / "floors.json") == []
    assert "Cannot check the history" in capsys.readouterr().out


def test_without_git_there_is_no_history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoHistory, match="git is not installed"):
        versions(FLOORS)


def test_minimum_is_the_highest_floor_since_a_reasoned_lowering() -> None:
    history = [
        Version({"a": 0.9, "b": 0.5}),
        Version({"a": 0.4, "b": 0.6}, frozenset({"a"})),
        Version({"a": 0.5, "b": 0.4}),
    ]
    assert owed(history) == {"a": 0.5, "b": 0.6}


def test_no_floor_of_this_project_was_lowered_without_a_reason() -> None:
    assert lowered_without_reason() == []
