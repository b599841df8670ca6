"""Reads a request body: its charset and its fields, as in a JSON request."""

import re
from collections.abc import Sequence
from typing import Final

from flask import Request
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge, UnsupportedMediaType

from schemas.request import completed, query_document
from service.errors import NotHttp, TooLarge
from service.input.decoding import Encoding, decode_html, decode_text, encoding_of, parse_json
from service.server.request_stats import request_stats
from service.settings import Settings

_SHOWN: Final = 100
_CHARSET: Final = re.compile(r";\s*charset\s*=", re.IGNORECASE)


def charset_of(request: Request) -> Encoding | None:
    """Return the encoding of the body, or None if the Content-Type has no charset.

    Raises Werkzeug's `UnsupportedMediaType` if the charset is not a label of the WHATWG Encoding Standard.
    """
    label = request.mimetype_params.get("charset")
    if label is None and _CHARSET.search(request.headers.get("Content-Type", "")) is None:
        return None
    label = label or ""  # Werkzeug drops a label that is not ASCII
    encoding = encoding_of(label)
    if encoding is None:
        shown = label if len(label) <= _SHOWN else f"{label[:_SHOWN]}…"
        raise UnsupportedMediaType(
            f"Unknown charset {shown}. Send UTF-8, or use a label of the WHATWG Encoding Standard."
        )
    return encoding


_JSON: Final = "application/json"
_PAGE: Final = "text/html"
_TEXT: Final = "text/plain"


def read_document(request: Request, limits: Settings) -> object:
    """Return body and query merged into one JSON document; a web page or plain text becomes `html` or `text`.

    Raises `NotJson`, `TooLarge`, `TooSlow`, `Invalid`, or Werkzeug's `UnsupportedMediaType`.
    """
    document: object
    if request.mimetype == _PAGE:
        encoding = charset_of(request)
        document = {"html": decode_html(read_bytes(request, limits.max_bytes), encoding)}
    elif request.mimetype == _TEXT:
        encoding = charset_of(request)
        document = {"text": decode_text(read_bytes(request, limits.max_bytes), encoding)}
    else:
        document = read_json(request, limits, (_JSON, _PAGE, _TEXT))
    return completed(document, query_document(request.args.to_dict(flat=False)))


def read_json(request: Request, limits: Settings, taken: Sequence[str] = (_JSON,)) -> object:
    """Parse a JSON body. `taken` lists the supported content types for the error message.

    Raises `NotJson`, `TooLarge`, `TooSlow`, or Werkzeug's `UnsupportedMediaType`.
    """
    if request.mimetype != _JSON:
        sent = f"is {request.mimetype}" if request.mimetype else "is missing"
        raise UnsupportedMediaType(f"The Content-Type {sent[:100]}. Send {', '.join(taken)}.")
    return parse_json(read_bytes(request, limits.max_bytes), limits.max_json_depth, limits.max_json_values)


def read_bytes(request: Request, max_bytes: int) -> bytes:
    """Read the body. A declared length is checked before reading.

    Raises `TooLarge`, `TooSlow`, `NotHttp` if the body is malformed or incomplete (or gunicorn's `ParseException`,
    which gets the same response), or Werkzeug's `UnsupportedMediaType` if it is compressed.
    """
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise UnsupportedMediaType("Compressed bodies are not supported. Send the body without Content-Encoding.")
    # Werkzeug silently truncates a body of unknown length at the maximum; one extra byte reveals it.
    request.max_content_length = max_bytes + 1
    try:
        body = request.get_data(cache=False)
        request_stats().bytes += len(body)
    except RequestEntityTooLarge:
        body = None
    except ClientDisconnected:
        raise NotHttp("The connection was closed before the end of the body.") from None
    if body is None or len(body) > max_bytes:
        sent = str(request.content_length or f"more than {max_bytes}")
        raise TooLarge(f"The body has {sent} bytes; the limit is {max_bytes}. Send it in parts.")
    if request.content_length is not None and len(body) < request.content_length:
        raise NotHttp(f"The body ended after {len(body)} bytes; its Content-Length is {request.content_length}.")
    return body
