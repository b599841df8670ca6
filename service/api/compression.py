"""Compress responses with gzip for clients whose `Accept-Encoding` allows it (RFC 9110, 12.5.3)."""

import zlib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from flask import Flask, Response, request

SMALLEST: Final = 1000  # bytes; shorter bodies fit into one packet anyway
# zlib's window with gzip framing; zlib writes no timestamp, so the output is deterministic
_GZIP: Final = zlib.MAX_WBITS | 16
_LEVEL: Final = 6
_FILES: Final = frozenset({"docs", "screen"})  # blueprints with a small, fixed set of responses


def compress_responses(app: Flask) -> None:
    """Compress responses of `app`: whole bodies from `SMALLEST` bytes, and streams part by part."""
    app.after_request(_compressed)


def _compressed(response: Response) -> Response:
    response.vary.add("Accept-Encoding")
    if response.status_code in {204, 304} or not _accepted():
        return response
    if response.is_streamed:
        response.response = _in_parts(response.iter_encoded())
    else:
        body = response.get_data()
        if len(body) < SMALLEST:
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
