"""Cross-origin requests: which web pages can call the service from a browser (CORS, Fetch Standard)."""

import re
from typing import Final

from flask import Flask, Request, Response, request
from flask_cors import CORS

from service.api.accounting import REQUEST_ID
from service.server.allowed_origins import ANY_ORIGIN

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
