"""The table of steps shows the measured figures."""

from pathlib import Path

from benchmarks.history import add_step, steps, steps_table
from benchmarks.pages import ACCURACY, read_between

FIGURES = {
    "attribution": [0.7, 0.6, 0.646],
    "content": [0.8, 0.7, 0.747],
    "quoted_attribution": [0.9, 0.8, 0.847],
    "quoted_content_exact": [0.8, 0.7, 0.747],
    "speaker": 0.91,
}


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
