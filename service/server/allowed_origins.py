"""Origins of the web pages that can call the service from a browser (`PULLQUOTE_ORIGINS`)."""

import re
from collections.abc import Sequence
from typing import Final

from service.errors import SettingsError

ANY_ORIGIN: Final = "*"
_ORIGIN: Final = re.compile(r"https?://([a-z0-9-]+(\.[a-z0-9-]+)*|\[[0-9a-f:.]+\])(:[0-9]{1,5})?", re.IGNORECASE)


def split_origins(text: str) -> tuple[str, ...]:
    """Split `text` at commas and white space."""
    return tuple(filter(None, re.split(r"[,\s]+", text)))


def check_origins(origins: Sequence[str]) -> None:
    """Raise `SettingsError` if one of `origins` is neither an origin nor `*`."""
    for origin in origins:
        if origin != ANY_ORIGIN and not _ORIGIN.fullmatch(origin):
            raise SettingsError(
                f"PULLQUOTE_ORIGINS has {origin!r}, which is not an origin. Use scheme, host and, unless "
                "it is the scheme's default, port, without a path, as in 'https://news.example'; or * "
                "for every origin."
            )
