"""An answer as an HTTP response."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Response

from service.rendering import to_json


def json_response(document: Mapping[str, Any], status: int = 200, mimetype: str = "application/json") -> Response:
    """`document` as one line of JSON."""
    return Response(to_json(document) + "\n", status=status, mimetype=mimetype)


def negotiated_response(text: bytes | Iterator[bytes], content_type: str) -> Response:
    """`text`, or its parts while they are made, in UTF-8, of a type that the request's `Accept` has chosen."""
    response = Response(text, content_type=content_type)
    response.vary.add("Accept")
    return response
