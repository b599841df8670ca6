"""Errors as answers: RFC 9457 problem details, each of a type that openapi.yaml describes."""

import re
from typing import Any, Final

from flask import Flask, Response, request
from gunicorn.http.errors import ParseException  # type: ignore[import-untyped]
from werkzeug.exceptions import HTTPException, InternalServerError, MethodNotAllowed, NotFound

from schemas.problem import ProblemSchema
from service.account import account
from service.api.answers import json_response
from service.errors import Invalid, NotHttp, NotJson, TooLarge, TooSlow, Unauthorized, Unavailable
from service.logs import without_words
from service.rendering import validated

MIMETYPE: Final = "application/problem+json"
# status → the name under components.responses in openapi.yaml, and the problem's title
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
NOT_HTTP: Final = ("NotHttp", "Not HTTP")  # a 400 too
_INTERNAL: Final = "Something went wrong here, not in the request. It has been logged."


def register(app: Flask) -> None:
    """Have `app` answer every error with a problem."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _answered)


def described(error: Exception, **members: Any) -> dict[str, Any]:
    """The problem that `error` is, with further fields. What the request did not cause is logged, not told."""
    match error:
        case NotJson():
            return problem(400, str(error), **members)
        case TooLarge():
            return problem(413, str(error), **members)
        case NotHttp():
            return problem(400, str(error), NOT_HTTP, **members)
        case ParseException():
            return problem(400, "The request is not HTTP/1.1 as RFC 9112 has it.", NOT_HTTP, **members)
        case TooSlow():
            return problem(408, str(error), **members)
        case Invalid():
            faults = [{"pointer": fault.pointer, "detail": fault.detail} for fault in error.faults]
            told = "The request is not as openapi.yaml describes it; see errors."
            return problem(422, told, errors=faults, **members)
        case Unauthorized():
            return problem(401, str(error), **members)
        case Unavailable():
            return problem(503, str(error), reason=_snake(type(error).__name__), **members)
        case _:
            account().failures.append(without_words(error))
            return problem(500, _INTERNAL, **members)


def problem(
    status: int, detail: str, kind: tuple[str, str] | None = None, *, reason: str | None = None, **members: Any
) -> dict[str, Any]:
    """A problem of the type that belongs to `status`, or of another `kind`. The account has it under its `reason`."""
    name, title = kind or TYPES[status]
    if status != 500:
        account().rejections[reason or _snake(name)] += 1
    about = {
        "type": f"/openapi.json#/components/responses/{name}",
        "title": title,
        "status": status,
        "detail": detail,
        **members,
    }
    return validated(ProblemSchema(), about)


def _snake(name: str) -> str:
    """A class's name as a reason in the log and the metrics: `QueueFull` is `queue_full`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def _response(document: dict[str, Any]) -> Response:
    return json_response(document | {"request_id": account().request_id}, document["status"], MIMETYPE)


def _answered(error: Exception) -> Response:
    response = _response(described(error))
    if isinstance(error, Unauthorized):
        response.headers["WWW-Authenticate"] = _CHALLENGE + (', error="invalid_token"' if error.given else "")
    if isinstance(error, Unavailable):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _http(error: HTTPException) -> Response:
    """What Flask and Werkzeug refuse by themselves, with the headers that belong to it (`Allow`)."""
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
        return "There is nothing at this address; /openapi.yaml lists what there is."
    if isinstance(error, MethodNotAllowed):
        return f"This address does not answer {request.method[:20]}; the Allow header lists what it answers."
    return error.description or error.name
