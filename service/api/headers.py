"""Security headers of every response."""

from typing import Final

from flask import Response

EVERYWHERE: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",  # like frame-ancestors, for browsers that do not support it
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    # The web page writes to the clipboard and needs no other browser feature.
    "Permissions-Policy": "camera=(), clipboard-read=(), clipboard-write=(self), display-capture=(), fullscreen=(), "
    "geolocation=(), microphone=(), payment=(), usb=()",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}


def secure(response: Response) -> Response:
    """Add the security headers to `response`."""
    for name, value in EVERYWHERE.items():
        response.headers.setdefault(name, value)  # unless the response sets it itself
    return response
