"""Responses in gzip, for clients whose `Accept-Encoding` asks for it (RFC 9110, 12.5.3)."""

import zlib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from flask import Flask, Response, request

SMALLEST: Final = 1000  # bytes; a shorter body fits a packet as it is
_GZIP: Final = zlib.MAX_WBITS | 16  # zlib's window, in gzip's frame; zlib writes no time, so the bytes repeat
_LEVEL: Final = 6
_FILES: Final = frozenset({"docs", "screen"})  # blueprints whose responses are always the same few


def compress_responses(app: Flask) -> None:
    """Have `app` compress what clients accept in gzip: whole bodies from `SMALLEST` bytes, and streams part by part."""
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
    if tag is not None:  # the same content in other bytes, which is what a weak tag says
        response.set_etag(tag, weak=True)
    return response


def _accepted() -> bool:
    """Whether gzip is accepted, and no less than the body as it is."""
    accepted = request.accept_encodings
    plain = next((quality for coding, quality in accepted if coding.lower() == "identity"), 0)
    return bool(0 < accepted.quality("gzip") >= plain)


def _whole(body: bytes) -> bytes:
    return zlib.compress(body, _LEVEL, _GZIP)


@lru_cache(maxsize=32)
def _of_file(body: bytes) -> bytes:
    """Compressed once a process: Swagger UI takes a tenth of a second, and needs no key to be asked for."""
    return _whole(body)


def _in_parts(parts: Iterable[bytes]) -> Iterator[bytes]:
    """`parts` in gzip, each of which can be read as soon as it has arrived."""
    compressor = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
    for part in parts:
        yield compressor.compress(part) + compressor.flush(zlib.Z_SYNC_FLUSH)
    yield compressor.flush()
