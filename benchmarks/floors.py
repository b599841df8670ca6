"""Floors of the accuracy gate (`floors.json`): compared with figures, raised, and lowered with a reason.

The name of a figure starts with its data: `dev` (PolNeAR's development articles), `golden` (this project's own
articles), `everyday` (annotated everyday articles) or `cases` (small cases, by kind). Shares are pinned a little lower
and rounded down to three decimals, because another processor sums in another order and changes a few close decisions.
Counts are pinned as they are, except for cases, where one of each kind can change; all controls are pinned.

A floor can only be lower than its highest value after a commit whose message has a line `Floor lowered: NAME: reason`.
A removed floor counts as lowered. In a shallow clone, only the commits that are there count.
"""

import json
import math
import os
import re
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

FLOORS = Path(__file__).parent / "floors.json"
# Four quotes of 373 in the golden articles (arithmetics differ in up to three), a few of 1,700 in dev and of 860 in
# everyday, two cases of 207.
SLACK = {"dev": 0.002, "golden": 0.01, "everyday": 0.005, "cases": 0.01, "own_cases": 0.01}
CASES, CONTROLS = "cases", "cases.control"

Figures = Mapping[str, float]  # an int is a count, a float a share
REASON = re.compile(r"^Floor lowered: (?P<name>[\w.-]+): \S", re.MULTILINE)


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


class NoHistory(Exception):
    """The history is unavailable; the message says why."""


@dataclass(frozen=True, slots=True)
class Version:
    """The floors in a commit, and those that its message declares as lowered."""

    floors: Mapping[str, float]
    lowered: frozenset[str] = field(default_factory=frozenset)


def reason_line(name: str, reason: str) -> str:
    """Return the line that the commit message needs."""
    return f"Floor lowered: {name}: {' '.join(reason.split())}"


def versions(floors: Path) -> list[Version]:
    """Return every version of the file `floors` in the current branch's history, oldest first.

    Raises NoHistory without git, a clone, or a commit.
    """
    folder = floors.resolve().parent
    marks = "%x1e%H%x1f%B"
    log = _git(folder, "log", "--reverse", "--topo-order", f"--format={marks}", "--", floors.name)
    result = []
    for entry in log.split("\x1e")[1:]:
        commit, _, message = entry.partition("\x1f")
        names = frozenset(match["name"] for match in REASON.finditer(message))
        result.append(Version(_floors_at(folder, commit, floors.name), names))
    return result


def _floors_at(folder: Path, commit: str, name: str) -> dict[str, float]:
    try:
        floors: dict[str, float] = json.loads(_git(folder, "show", f"{commit}:./{name}"))
    except (NoHistory, ValueError):  # this commit deleted or broke the file
        return {}
    return floors


def _git(folder: Path, *arguments: str) -> str:
    # Git hooks set these to their own repository.
    environment = {name: value for name, value in os.environ.items() if name not in {"GIT_DIR", "GIT_INDEX_FILE"}}
    command = ["git", "-C", str(folder), *arguments]
    try:
        run = subprocess.run(
            command, capture_output=True, check=True, encoding="utf-8", errors="replace", env=environment
        )
    except FileNotFoundError:
        raise NoHistory("git is not installed") from None
    except subprocess.CalledProcessError as error:
        raise NoHistory((error.stderr.strip() or f"git {arguments[0]} failed").splitlines()[0]) from None
    return run.stdout


def owed(history: Iterable[Version]) -> dict[str, float]:
    """Return the minimum of each floor: its highest value since a commit last declared it as lowered."""
    least: dict[str, float] = {}
    for version in history:
        for name in version.lowered:
            least.pop(name, None)
        for name, floor in version.floors.items():
            least[name] = max(least.get(name, floor), floor)
    return least


def unexplained(floors: Mapping[str, float], history: Iterable[Version]) -> dict[str, float]:
    """Return the floors that are below their minimum, or missing, each with that minimum."""
    return {name: least for name, least in owed(history).items() if name not in floors or floors[name] < least}
