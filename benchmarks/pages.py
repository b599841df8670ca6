"""Tables in the documentation: the command that measured them writes them between two markers, never by hand."""

from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
ACCURACY = ROOT / "docs/accuracy.md"


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
