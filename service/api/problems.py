"""Errors as responses: RFC 9457 problem details, each of a type that openapi.yaml describes."""

import re
from http import HTTPStatus
from typing import Any, Final
from uuid import uuid4

from flask import Flask, Response, request
from gunicorn.http.errors import (  # type: ignore[import-untyped]
    LimitRequestHeaders,
    LimitRequestLine,
    ParseException,
)
from werkzeug.exceptions import HTTPException, InternalServerError, MethodNotAllowed, NotFound

from schemas.responses import ProblemSchema
from service.api.accounting import REQUEST_ID, close
from service.api.responses import EVERYWHERE, json_response
from service.errors import Invalid, NotHttp, NotJson, TooLarge, TooSlow, Unauthorized, Unavailable
from service.output.rendering import to_json, validated
from service.server.logs import without_words
from service.server.metrics import Metrics
from service.server.request_stats import RequestStats, request_stats

MIMETYPE: Final = "application/problem+json"
# status → name under components.responses in openapi.yaml, and the problem's title
TYPES: Final = {
    400: ("NotJson", "Not JSON"),
    401: ("Unauthorized", "API key needed"),
    404: ("NotFound", "Not found"),
    405: ("MethodNotAllowed", "Method not allowed"),
    406: ("NotAcceptable", "Not acceptable"),
    408: ("TooSlow", "Too slow"),
    413: ("TooLarge", "Too large"),
    414: ("AddressTooLong", "Address too long"),
    415: ("UnsupportedMediaType", "Unsupported media type"),
    422: ("Invalid", "Invalid request"),
    431: ("HeadersTooLarge", "Headers too large"),
    500: ("InternalError", "Internal error"),
    503: ("Unavailable", "Unavailable"),
}
_CHALLENGE: Final = 'Bearer realm="pullquote"'
NOT_HTTP: Final = ("NotHttp", "Not HTTP")  # also a 400
_INTERNAL: Final = "An internal error occurred. It has been logged; use request_id to report it."


def register(app: Flask) -> None:
    """Make `app` respond to every error with a problem document."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _answered)


def described(error: Exception, **members: Any) -> dict[str, Any]:
    """Return the problem for `error`, with extra members. Internal errors are logged without details for the client."""
    match error:
        case NotJson():
            return problem(400, str(error), **members)
        case TooLarge():
            return problem(413, str(error), **members)
        case NotHttp():
            return problem(400, str(error), NOT_HTTP, **members)
        case ParseException():
            return problem(400, "The request is not valid HTTP/1.1 (RFC 9112).", NOT_HTTP, **members)
        case TooSlow():
            return problem(408, str(error), **members)
        case Invalid():
            faults = [{"pointer": fault.pointer, "detail": fault.detail} for fault in error.faults]
            message = "The request does not match openapi.yaml; see errors."
            return problem(422, message, errors=faults, **members)
        case Unauthorized():
            return problem(401, str(error), **members)
        case Unavailable():
            return problem(503, str(error), reason=_snake(type(error).__name__), **members)
        case _:
            request_stats().failures.append(without_words(error))
            return problem(500, _INTERNAL, **members)


def problem(
    status: int, detail: str, kind: tuple[str, str] | None = None, *, reason: str | None = None, **members: Any
) -> dict[str, Any]:
    """Return a problem of the type for `status`, or of another `kind`.

    It is counted in the request's stats under `reason`.
    """
    name, title = kind or TYPES[status]
    if status != 500:
        request_stats().rejections[reason or _snake(name)] += 1
    about = {
        "type": f"/openapi.json#/components/responses/{name}",
        "title": title,
        "status": status,
        "detail": detail,
        **members,
    }
    return validated(ProblemSchema(), about)


def _snake(name: str) -> str:
    """Convert a class name to a reason for the log and the metrics: `QueueFull` to `queue_full`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def _response(document: dict[str, Any]) -> Response:
    return json_response(document | {"request_id": request_stats().request_id}, document["status"], MIMETYPE)


def _answered(error: Exception) -> Response:
    response = _response(described(error))
    if isinstance(error, Unauthorized):
        response.headers["WWW-Authenticate"] = _CHALLENGE + (', error="invalid_token"' if error.given else "")
    if isinstance(error, Unavailable):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _http(error: HTTPException) -> Response:
    """Convert an error raised by Flask or Werkzeug, keeping its headers (`Allow`)."""
    if isinstance(error, InternalServerError):
        return _response(problem(500, _INTERNAL))
    status = error.code if error.code in TYPES else 400
    response = _response(problem(status, _detail(error)))
    for name, value in error.get_headers():
        if name not in {"Content-Type", "Content-Length"}:
            response.headers[name] = value
    return response


def _detail(error: HTTPException) -> str:
    if isinstance(error, NotFound):
        return "Unknown address. See /openapi.yaml for the available ones."
    if isinstance(error, MethodNotAllowed):
        return f"{request.method[:20]} is not supported here; the Allow header lists the supported methods."
    return error.description or error.name


_HEAD_BYTES: Final = 65_536


def refusal(error: Exception, config: Any, metrics: Metrics) -> bytes:
    """Return the complete response, in bytes, to a request that failed with `error` under gunicorn's `config`.

    The connection is closed after it. The request is recorded like any other; its method and route are unknown.
    """
    opened = RequestStats(uuid4().hex, "other")
    with opened.open():
        refused = _problem(error, config) | {"request_id": opened.request_id}
    opened.status = refused["status"]
    metrics.arrived()
    close(opened, metrics)
    body = (to_json(refused) + "\n").encode()
    head = (
        f"HTTP/1.1 {refused['status']} {HTTPStatus(refused['status']).phrase}",
        "Connection: close",
        f"Content-Type: {MIMETYPE}",
        f"Content-Length: {len(body)}",
        f"{REQUEST_ID}: {opened.request_id}",
        *(f"{name}: {value}" for name, value in EVERYWHERE.items()),
    )
    return "\r\n".join((*head, "", "")).encode() + body


def longest_head(config: Any) -> int:
    """Return the limit in bytes for the request line and headers together."""
    return int(_HEAD_BYTES + config.limit_request_line + config.limit_request_field_size)


def _problem(error: Exception, config: Any) -> dict[str, Any]:
    match error:
        case LimitRequestLine():
            return problem(
                414,
                f"The request line has {error.size} bytes; the limit is {config.limit_request_line}. "
                "Shorten the address or the query.",
            )
        case LimitRequestHeaders():
            most, longest = config.limit_request_fields, config.limit_request_field_size
            message = (
                f"There are more than {most} headers, one is longer than {longest} bytes, or the head is longer than "
            )
            return problem(
                431, f"{message}{longest_head(config)} bytes. These are the limits; send fewer or shorter headers."
            )
        case _:
            return described(error)
