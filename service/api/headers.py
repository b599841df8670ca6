"""The headers that every answer has, so that a browser does nothing with it that nobody asked for."""

from typing import Final

from flask import Response

EVERYWHERE: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",  # as frame-ancestors, for browsers that do not know it
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    # The screen copies what it has found; nothing else is asked of the browser.
    "Permissions-Policy": "camera=(), clipboard-read=(), clipboard-write=(self), display-capture=(), fullscreen=(), "
    "geolocation=(), microphone=(), payment=(), usb=()",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}


def secure(response: Response) -> Response:
    """Return `response` with the headers."""
    for name, value in EVERYWHERE.items():
        response.headers.setdefault(name, value)  # where it has none of its own
    return response
