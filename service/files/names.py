"""What files and articles are called in answers and messages."""

from typing import Final

import click

_LONGEST_NAME: Final = 200  # characters; what `id` may have


def shown(path: str) -> str:
    """A path in characters that can be written, the end of it where it is too long for an article's `id`."""
    name = click.format_filename(path)
    return name if len(name) <= _LONGEST_NAME else f"…{name[1 - _LONGEST_NAME :]}"
