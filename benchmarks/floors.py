"""Floors of the accuracy gate (`floors.json`): comparing figures with them, raising and lowering them.

The name of a figure starts with its data: `dev` (PolNeAR's development articles), `golden` (this project's own
articles), `everyday` (annotated everyday articles) or `cases` (small cases, by kind). Shares are pinned a little lower
and rounded down to three decimals, because another processor sums in another order and changes a few close decisions.
Counts are pinned as they are, except for cases, where one of each kind can change; all controls are pinned.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

FLOORS = Path(__file__).parent / "floors.json"
# Four quotes of 373 in the golden articles (arithmetics differ in up to three), a few of 1,700 in dev and of 860 in
# everyday, two cases of 207.
SLACK = {"dev": 0.002, "golden": 0.01, "everyday": 0.005, "cases": 0.01, "own_cases": 0.01}
CASES, CONTROLS = "cases", "cases.control"

Figures = Mapping[str, float]  # an int is a count, a float a share


@dataclass(frozen=True, slots=True)
class Line:
    """A figure and its floor. None is an unmeasured figure or a missing floor."""

    name: str
    floor: float | None
    figure: float | None
    holds: bool

    def __str__(self) -> str:
        if self.floor is None:
            return f"NO FLOOR  {self.name}: figure {shown(self.figure)}; pin it with --raise"
        if self.figure is None and not self.holds:
            return f"MISSING   {self.name}: floor {shown(self.floor)}, but nothing measures it"
        if self.figure is None:
            return f"skipped   {self.name}: floor {shown(self.floor)}, not measured here"
        word = "holds    " if self.holds else "BELOW    "
        return f"{word} {self.name}: floor {shown(self.floor)}, figure {shown(self.figure)}"


def shown(value: float | None) -> str:
    """Format a count, or a share with four decimals, so that one just below its floor is visible."""
    return f"{value:.4f}" if isinstance(value, float) else str(value)


def read_floors(path: Path = FLOORS) -> dict[str, float]:
    """Read the floors by the figures' names."""
    floors: dict[str, float] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return floors


def write_floors(floors: Figures, path: Path = FLOORS) -> None:
    """Write the floors, sorted by name."""
    path.write_text(json.dumps(dict(sorted(floors.items())), indent=2) + "\n", encoding="utf-8")


def compare_with_floors(floors: Figures, figures: Figures) -> list[Line]:
    """Compare floors and figures, sorted by name. Floors of unavailable articles are skipped."""
    sets = {_set(name) for name in figures}
    lines = []
    for name in sorted({*floors, *figures}):
        floor, figure = floors.get(name), figures.get(name)
        holds = _set(name) not in sets if figure is None else floor is not None and figure >= floor
        lines.append(Line(name, floor, figure, holds))
    return lines


def raised(floors: Figures, figures: Figures) -> dict[str, float]:
    """Return `floors`, raised where `figures` exceed them, with a floor for each new figure."""
    return {
        **floors,
        **{name: max(floors.get(name, 0), floor_of(name, figure)) for name, figure in figures.items()},
    }


def lowered(floors: Figures, figures: Figures, name: str) -> dict[str, float]:
    """Return `floors` with `name` lowered to its figure. Raises ValueError if there is nothing to lower."""
    if name not in floors or name not in figures:
        known = ", ".join(sorted(set(floors) & set(figures)))
        raise ValueError(f"No floor with a measured figure is named {name!r}. Measured here: {known}.")
    if figures[name] >= floors[name]:
        raise ValueError(
            f"{name} holds (floor {shown(floors[name])}, figure {shown(figures[name])}): there is nothing to lower."
        )
    return {**floors, name: floor_of(name, figures[name])}


def floor_of(name: str, figure: float) -> float:
    """Return the floor for `figure`."""
    if isinstance(figure, int):
        return max(0, figure - 1) if _set(name) == CASES and name != CONTROLS else figure
    return max(0.0, math.floor(round((figure - SLACK[_set(name)]) * 1000, 6)) / 1000)


def _set(name: str) -> str:
    return name.partition(".")[0]
