"""The origins of the web pages that can call the service from a browser (`PULLQUOTE_ORIGINS`)."""

import re
from collections.abc import Sequence
from typing import Final

from service.errors import SettingsError

ANY_ORIGIN: Final = "*"
_ORIGIN: Final = re.compile(r"https?://([a-z0-9-]+(\.[a-z0-9-]+)*|\[[0-9a-f:.]+\])(:[0-9]{1,5})?", re.IGNORECASE)


def split_origins(text: str) -> tuple[str, ...]:
    """The origins in `text`, with commas or white space between them."""
    return tuple(filter(None, re.split(r"[,\s]+", text)))


def check_origins(origins: Sequence[str]) -> None:
    """Raise `SettingsError` where one of `origins` is neither an origin nor `*`."""
    for origin in origins:
        if origin != ANY_ORIGIN and not _ORIGIN.fullmatch(origin):
            raise SettingsError(
                f"PULLQUOTE_ORIGINS has {origin!r}; an origin is a scheme and a host, with a port where it is not the "
                "scheme's own, and no path, as in 'https://news.example'. Use * for every origin."
            )
