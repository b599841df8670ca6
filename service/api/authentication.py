"""API key authentication."""

from typing import Final

from flask import Flask, Request, request

from service.api.origins import is_preflight
from service.errors import Unauthorized
from service.server.keys import Key, whose
from service.server.request_stats import request_stats

_SCHEME: Final = "bearer "
# Served without a key: health checks, the contract, and the web pages, which contain no articles.
_OPEN: Final = frozenset({"operations.get_health", "operations.get_readiness"})
_OPEN_PARTS: Final = frozenset({"docs", "screen"})
_METRICS: Final = "operations.get_metrics"


def require_keys(app: Flask, keys: tuple[Key, ...], metrics_open: bool) -> None:
    """Make `app` respond 401 to requests without one of `keys`, except for public endpoints."""
    opened = _OPEN | {_METRICS} if metrics_open else _OPEN

    def check() -> None:
        if request.endpoint is None or request.endpoint in opened or request.blueprint in _OPEN_PARTS:
            return  # if None, the response is a 404
        if is_preflight(request):
            return
        given = _given(request)
        if given is None:
            raise Unauthorized("This endpoint needs an API key. Send one as Authorization: Bearer, or as X-API-Key.")
        request_stats().key = whose(given, keys)
        if request_stats().key is None:
            raise Unauthorized("Unknown API key. Contact the operator of this service.", given=True)

    app.before_request(check)


def _given(request: Request) -> str | None:
    said = request.headers.get("Authorization", "")
    if said.lower().startswith(_SCHEME):
        return said[len(_SCHEME) :].strip()
    return request.headers.get("X-API-Key")
