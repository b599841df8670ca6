"""HTTP responses: media types of a report and their negotiation (RFC 9110, 12.5.1), gzip (12.5.3), common headers."""

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from flask import Flask, Request, Response, request
from werkzeug.exceptions import NotAcceptable

from service.extraction.report import Options, Report
from service.input.article import Article
from service.output.annotations import CONTEXT, to_annotations
from service.output.csv_table import to_csv
from service.output.marked_html import to_html
from service.output.rendering import render, to_json
from service.parsing.parser import ModelInfo

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
JSON: Final = "application/json"
JSON_LD: Final = "application/ld+json"
CSV: Final = "text/csv"
HTML: Final = "text/html"
# With the Content-Type of each. The first is the default.
MEDIA_TYPES: Final = {
    JSON: JSON,
    JSON_LD: f'{JSON_LD}; profile="{CONTEXT}"',
    CSV: f"{CSV}; charset=utf-8; header=present",
    HTML: f"{HTML}; charset=utf-8",
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


MIN_COMPRESSED: Final = 1000  # bytes; shorter bodies fit into one packet anyway
# zlib's window with gzip framing; zlib writes no timestamp, so the output is deterministic
_GZIP: Final = zlib.MAX_WBITS | 16
_LEVEL: Final = 6
_FILES: Final = frozenset({"pages"})  # blueprints with a small, fixed set of responses


def compress_responses(app: Flask) -> None:
    """Compress responses of `app`: whole bodies from `MIN_COMPRESSED` bytes, and streams part by part."""
    app.after_request(_compressed)


def _compressed(response: Response) -> Response:
    response.vary.add("Accept-Encoding")
    if response.status_code in {204, 304} or not _accepted():
        return response
    if response.is_streamed:
        response.response = _in_parts(response.iter_encoded())
    else:
        body = response.get_data()
        if len(body) < MIN_COMPRESSED:
            return response
        response.set_data(_of_file(body) if request.blueprint in _FILES else _whole(body))
    response.content_encoding = "gzip"
    tag, _ = response.get_etag()
    if tag is not None:  # the same content in different bytes, hence a weak tag
        response.set_etag(tag, weak=True)
    return response


def _accepted() -> bool:
    """Return whether gzip is accepted with at least the preference of the uncompressed body."""
    accepted = request.accept_encodings
    plain = next((quality for coding, quality in accepted if coding.lower() == "identity"), 0)
    return bool(0 < accepted.quality("gzip") >= plain)


def _whole(body: bytes) -> bytes:
    return zlib.compress(body, _LEVEL, _GZIP)


@lru_cache(maxsize=32)
def _of_file(body: bytes) -> bytes:
    """Compress a static file. Cached: Swagger UI takes 0.1 s and needs no API key."""
    return _whole(body)


def _in_parts(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Compress `parts` so that each can be decompressed as soon as it arrives."""
    compressor = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
    for part in parts:
        yield compressor.compress(part) + compressor.flush(zlib.Z_SYNC_FLUSH)
    yield compressor.flush()


def write(media_type: str, article: Article, report: Report, options: Options, model: ModelInfo) -> str:
    """Render the response about `article` as `media_type`, one of `MEDIA_TYPES`.

    Raises `BrokenPromise` if the report violates the contract, whatever the format.
    """
    document = render(article, report, options, model)
    match media_type:
        case "application/ld+json":
            return to_annotations(article, report, model)
        case "text/csv":
            return to_csv(article, report, options.offsets)
        case "text/html":
            return to_html(article, report)
        case _:
            return to_json(document) + "\n"
