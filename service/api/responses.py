"""HTTP responses: content negotiation (RFC 9110, 12.5.1) and the headers that every response has."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from flask import Request, Response
from werkzeug.exceptions import NotAcceptable

from service.output.rendering import to_json

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


def negotiated(request: Request, offered: Sequence[str]) -> str:
    """Return the media type of `offered` that `Accept` prefers. Ties go to the more specific one, then to the first.

    Without `Accept`, the first is used. Parameters (`charset`, `profile`) are ignored: each type has one form. Raises
    Werkzeug's `NotAcceptable`, which lists the offered types.
    """
    accepted = request.accept_mimetypes
    if not accepted:
        return offered[0]
    plain = type(accepted)([(media_type.partition(";")[0].strip(), quality) for media_type, quality in accepted])
    best = plain.best_match(offered)
    if best is None:
        raise NotAcceptable(f"None of the types in Accept is available. Available: {', '.join(offered)}.")
    return best


def json_response(document: Mapping[str, Any], status: int = 200, mimetype: str = "application/json") -> Response:
    """Return `document` as one line of JSON."""
    return Response(to_json(document) + "\n", status=status, mimetype=mimetype)


def negotiated_response(text: bytes | Iterator[bytes], content_type: str) -> Response:
    """Return a response of a content type negotiated by `Accept`. `text` is UTF-8, whole or as an iterator of parts."""
    response = Response(text, content_type=content_type)
    response.vary.add("Accept")
    return response
