"""Check in the git history that each lowered floor has a reason in the commit that lowered it.

A floor can only be lower than its highest value after a commit whose message has a line `Floor lowered: NAME: reason`.
A removed floor counts as lowered. In a shallow clone, only the commits that are there count.
"""

import json
import os
import re
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

REASON = re.compile(r"^Floor lowered: (?P<name>[\w.-]+): \S", re.MULTILINE)


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
    found = []
    for entry in log.split("\x1e")[1:]:
        commit, _, message = entry.partition("\x1f")
        names = frozenset(match["name"] for match in REASON.finditer(message))
        found.append(Version(_floors_at(folder, commit, floors.name), names))
    return found


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
