"""Call the application in this process, without a server, with a parser that caches its parses.

The runners next to the corpora (`eval/everyday.py`, `cases/check.py`) post to a running service. Here they call this
instead, so that a second run over the same articles takes seconds.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from service.app import create_app
from service.settings import Settings
from training.corpora.parses import PARSES, CachingParser

Post = Callable[[str, dict[str, Any]], tuple[int, dict[str, Any]]]  # path and body; status and JSON


def poster(parses: Path | None = None, settings: Settings | None = None) -> Post:
    """Return a function that posts JSON to the application of `settings` and returns status and JSON.

    The embedded model's parses are cached in `parses` (default: a temporary folder).
    """
    settings = settings or Settings()
    app = create_app(settings, CachingParser(settings, parses or PARSES))
    app.extensions["pullquote"].ready.set()
    client = app.test_client()

    def post(path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        response = client.post(path, json=body)
        return response.status_code, response.get_json(force=True)

    return post
