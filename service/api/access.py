"""Who can call the service: API keys, and the web pages that call it from a browser (CORS, Fetch Standard)."""

import re
from typing import Final

from flask import Flask, Request, Response, request
from flask_cors import CORS

from service.api.accounting import REQUEST_ID
from service.errors import Unauthorized
from service.server.callers import ANY_ORIGIN, Key, name_of_key
from service.server.request_stats import request_stats

_SCHEME: Final = "bearer "
# Served without a key: health checks, the contract, and the web pages, which contain no articles.
_OPEN: Final = frozenset({"operations.get_health", "operations.get_readiness"})
_OPEN_PARTS: Final = frozenset({"pages"})
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
        request_stats().key = name_of_key(given, keys)
        if request_stats().key is None:
            raise Unauthorized("Unknown API key. Contact the operator of this service.", given=True)

    app.before_request(check)


def _given(request: Request) -> str | None:
    header = request.headers.get("Authorization", "")
    if header.lower().startswith(_SCHEME):
        return header[len(_SCHEME) :].strip()
    return request.headers.get("X-API-Key")


# What browser scripts can send beyond what the Fetch Standard always allows, and what they can read of a response.
SENT: Final = ("Authorization", "Content-Type", "If-None-Match", "X-API-Key", REQUEST_ID)
EXPOSED: Final = ("Content-Disposition", "ETag", "Link", "Retry-After", "WWW-Authenticate", REQUEST_ID)
_SHARED: Final = re.compile(r"/(quotes|openapi\.|healthz|readyz)")  # neither the pages nor /metrics
_PREFLIGHT_SECONDS: Final = 7200  # Chromium's maximum


def share(app: Flask, origins: tuple[str, ...]) -> None:
    """Allow pages of `origins`, or of any origin if one is `*`, to call `app` from a browser. Credentials are never
    allowed."""
    anyone = ANY_ORIGIN in origins
    CORS(
        app,
        resources=_SHARED,
        # As regular expressions, because Flask-CORS would interpret the brackets of an IPv6 address as one.
        origins="*" if anyone else [re.compile(re.escape(origin) + r"\Z", re.IGNORECASE) for origin in origins],
        send_wildcard=anyone,
        always_send=False,
        methods=["GET", "HEAD", "POST"],
        allow_headers=SENT,
        expose_headers=EXPOSED,
        max_age=_PREFLIGHT_SECONDS,
        intercept_exceptions=False,  # errors have handlers, and pass through `after_request` like other responses
    )
    if not anyone:
        app.after_request(_vary)


def is_preflight(request: Request) -> bool:
    """Return whether this is a CORS preflight request, which has no API key."""
    headers = request.headers
    return request.method == "OPTIONS" and "Origin" in headers and "Access-Control-Request-Method" in headers


def _vary(response: Response) -> Response:
    if _SHARED.match(request.path):
        response.vary.add("Origin")  # also without an Origin header, where Flask-CORS adds nothing
    return response
