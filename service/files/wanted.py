"""The output options of a run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Literal

NO_FIELDS: Final[Mapping[str, str]] = MappingProxyType({})
FormatName = Literal["jsonl", "json", "csv", "html", "text"]


@dataclass(frozen=True, slots=True)
class Look:
    """The look of `text`: line width in columns, whether to use bold and dim, and whether to use colours."""

    width: int = 80
    styled: bool = False
    coloured: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """The format, the request's options as JSON (only those given), and the look of `text`.

    `fields` maps fields of a request to the columns or fields of a line that replace them. `bom`: CSV begins with a
    byte order mark.
    """

    format: FormatName
    options: dict[str, Any]
    look: Look
    fields: dict[str, str] = field(default_factory=dict)
    bom: bool = False
