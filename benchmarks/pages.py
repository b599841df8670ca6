"""Figures in the documentation and on HTML pages: the command that measured them writes them, nobody by hand.

Tables stand between two markers of a page; HTML pages and plots are rendered from `templates/`. `history.json` has the
figures after each larger step: `python -m benchmarks.accuracy --step "what changed" --write` adds one.
"""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
ACCURACY = ROOT / "docs/accuracy.md"
HISTORY = Path(__file__).parent / "history.json"
HEADER = ("step", "attribution F1", "P", "R", "content F1", "quoted F1", "quoted exact F1", "speaker")
TEMPLATES = Path(__file__).parent / "templates"


def write_between(page: Path, name: str, text: str) -> None:
    """Replace the text between `<!-- name:begin … -->` and `<!-- name:end -->` in `page`. Raises ValueError without
    them."""
    content = page.read_text(encoding="utf-8")
    start, end = _place(page, content, name)
    page.write_text(content[:start] + text.rstrip("\n") + "\n" + content[end:], encoding="utf-8")


def read_between(page: Path, name: str) -> str:
    """Return the text between the markers of `name` in `page`. Raises ValueError without them."""
    content = page.read_text(encoding="utf-8")
    start, end = _place(page, content, name)
    return content[start:end].rstrip("\n")


def _place(page: Path, content: str, name: str) -> tuple[int, int]:
    begin = content.find(f"<!-- {name}:begin")
    start = content.find("-->\n", begin) + len("-->\n")
    end = content.find(f"<!-- {name}:end -->", start)
    if begin < 0 or end < 0:
        raise ValueError(f"{page} has no markers for {name}. Add <!-- {name}:begin --> and <!-- {name}:end -->.")
    return start, end


def table(header: Sequence[str], rows: Iterable[Sequence[str | int | float | None]]) -> str:
    """Format a Markdown table with aligned columns: the first to the left, the others to the right."""
    cells = [list(header), *([_cell(value) for value in row] for row in rows)]
    widths = [max(2, *map(len, column)) for column in zip(*cells, strict=True)]
    rule = [":" + "-" * (widths[0] - 1), *("-" * (width - 1) + ":" for width in widths[1:])]
    lines = [
        [line[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True))]
        for line in cells
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in (lines[0], rule, *lines[1:]))


def _cell(value: str | int | float | None) -> str:
    if value is None:
        return ""
    return f"{value:.3f}" if isinstance(value, float) else str(value)


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


def filled(template: str, **values: Any) -> str:
    """Render `template` with `values`. Raises jinja2.UndefinedError for a missing value."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template(template).render(**values)
