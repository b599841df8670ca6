"""Figures after each larger step (`history.json`), and the table in docs/accuracy.md.

The run that measures a step writes it: `python -m benchmarks.accuracy --step "what changed" --write`.
"""

import json
from pathlib import Path
from typing import Any

from benchmarks.pages import table

HISTORY = Path(__file__).parent / "history.json"
HEADER = ("step", "attribution F1", "P", "R", "content F1", "quoted F1", "quoted exact F1", "speaker")


def steps(path: Path = HISTORY) -> list[dict[str, Any]]:
    """Return the steps in order: {"step", "figures"}, the figures as the scorer returns them."""
    if not path.is_file():
        return []
    loaded: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def add_step(name: str, figures: dict[str, Any], path: Path = HISTORY) -> None:
    """Record `figures` after the step `name`; an existing step of that name is replaced."""
    history = steps(path)
    entry = {"step": name, "figures": figures}
    indices = [number for number, step in enumerate(history) if step["step"] == name]
    if indices:
        history[indices[0]] = entry
    else:
        history.append(entry)
    lines = ",\n".join(json.dumps(step, ensure_ascii=False) for step in history)
    path.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def steps_table(history: list[dict[str, Any]]) -> str:
    """Format the table of steps."""
    return table(HEADER, [(step["step"], *_row(step["figures"])) for step in history])


def _row(figures: dict[str, Any]) -> list[float]:
    precision, recall, f1 = figures["attribution"]
    others = [figures[name][2] for name in ("content", "quoted_attribution", "quoted_content_exact")]
    return [f1, precision, recall, *others, figures["speaker"]]
