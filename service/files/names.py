"""Names of files and articles in results and messages."""

from typing import Final

import click

_LONGEST_NAME: Final = 200  # characters, the limit of `id`


def shown(path: str) -> str:
    """Return a path in printable characters, truncated to its end if it is too long for an article's `id`."""
    name = click.format_filename(path)
    return name if len(name) <= _LONGEST_NAME else f"…{name[1 - _LONGEST_NAME :]}"
