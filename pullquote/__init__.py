"""Find who said what in news articles, in this process: no server, no network.

    import pullquote

    report = pullquote.quotes("“We lost a winter,” Mayor Ruth Alder said.")

The functions share one `Reader`, which loads the embedded model for the first article. Make a `Reader` of your own for
other settings. Reports are dictionaries, as openapi.yaml describes them; `pullquote_client.read(Report, report)` makes
dataclasses of them.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from service.errors import Invalid, PullquoteError
from service.pipeline import Reader, Request
from service.settings import Settings

__all__ = ["Invalid", "PullquoteError", "Reader", "Settings", "quotes", "verify"]


def quotes(article: Request, **options: Any) -> dict[str, Any]:
    """Find who said what in an article: its text, or a request with `text` or `html`. See `Reader.quotes`."""
    return _reader().quotes(article, **options)


def verify(article: Request, quotes: Iterable[str | Mapping[str, Any]], **options: Any) -> dict[str, Any]:
    """Verify quotes as they are to be printed against an article. See `Reader.verify`."""
    return _reader().verify(article, quotes, **options)


@cache
def _reader() -> Reader:
    return Reader()
