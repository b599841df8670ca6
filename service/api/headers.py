"""The headers that every answer has, so that a browser does nothing with it that nobody asked for."""

from typing import Final

from flask import Response

_ALWAYS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",  # as frame-ancestors, for browsers that do not know it
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    # The screen copies what it has found; nothing else is asked of the browser.
    "Permissions-Policy": "camera=(), clipboard-read=(), clipboard-write=(self), display-capture=(), fullscreen=(), "
    "geolocation=(), microphone=(), payment=(), usb=()",
}
_POLICY: Final = "default-src 'none'; frame-ancestors 'none'"  # where a page has none of its own


def secure(response: Response) -> Response:
    """Return `response` with the headers."""
    response.headers.update(_ALWAYS)
    response.headers.setdefault("Cache-Control", "no-store")  # where an answer does not say how it may be kept
    response.headers.setdefault("Content-Security-Policy", _POLICY)
    return response
