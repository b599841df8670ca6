"""What is wanted of every article of a run."""

from dataclasses import dataclass
from typing import Any, Literal

FormatName = Literal["jsonl", "json", "csv", "html", "text"]


@dataclass(frozen=True, slots=True)
class Look:
    """How `text` looks: the width of a line in columns, whether in bold and dim, and whether in colours too."""

    width: int = 80
    styled: bool = False
    coloured: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """The format, the request's options as JSON has them (those that are given), and how `text` looks."""

    format: FormatName
    options: dict[str, Any]
    look: Look
