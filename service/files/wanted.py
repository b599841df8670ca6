"""What is wanted of every article of a run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Literal

NO_FIELDS: Final[Mapping[str, str]] = MappingProxyType({})
FormatName = Literal["jsonl", "json", "csv", "html", "text"]


@dataclass(frozen=True, slots=True)
class Look:
    """How `text` looks: the width of a line in columns, whether in bold and dim, and whether in colours too."""

    width: int = 80
    styled: bool = False
    coloured: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """The format, the request's options as JSON has them (those that are given), and how `text` looks.

    `fields` maps fields of a request to those of a line, or columns, that are read in their place. `bom`: a table
    begins with a byte order mark.
    """

    format: FormatName
    options: dict[str, Any]
    look: Look
    fields: dict[str, str] = field(default_factory=dict)
    bom: bool = False
