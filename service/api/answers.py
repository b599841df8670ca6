"""Build HTTP responses."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Response

from service.rendering import to_json


def json_response(document: Mapping[str, Any], status: int = 200, mimetype: str = "application/json") -> Response:
    """Return `document` as one line of JSON."""
    return Response(to_json(document) + "\n", status=status, mimetype=mimetype)


def negotiated_response(text: bytes | Iterator[bytes], content_type: str) -> Response:
    """Return a response of a content type negotiated by `Accept`. `text` is UTF-8, whole or as an iterator of parts."""
    response = Response(text, content_type=content_type)
    response.vary.add("Accept")
    return response
