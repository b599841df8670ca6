"""What gunicorn cannot read, or has not got in time, answered with a problem as everything else is."""

from http import HTTPStatus
from typing import Any

from gunicorn.http.errors import LimitRequestHeaders, LimitRequestLine, ParseException  # type: ignore[import-untyped]

from service.api.problems import MIMETYPE, NOT_HTTP, described, problem
from service.rendering import to_json


def refusal(error: Exception, config: Any) -> bytes:
    """The whole answer, in bytes, to what has ended with `error` under gunicorn's `config`. The connection ends."""
    refused = _problem(error, config)
    body = (to_json(refused) + "\n").encode()
    head = (
        f"HTTP/1.1 {refused['status']} {HTTPStatus(refused['status']).phrase}",
        "Connection: close",
        f"Content-Type: {MIMETYPE}",
        f"Content-Length: {len(body)}",
        "X-Content-Type-Options: nosniff",
        "Cache-Control: no-store",
    )
    return "\r\n".join((*head, "", "")).encode() + body


def _problem(error: Exception, config: Any) -> dict[str, Any]:
    match error:
        case LimitRequestLine():
            return problem(414, f"The first line has {error.size} bytes; the limit is {config.limit_request_line}.")
        case LimitRequestHeaders():
            most, longest = config.limit_request_fields, config.limit_request_field_size
            told = f"The headers are more than {most}, or one is longer than {longest} bytes: these are the limits."
            return problem(431, told)
        case ParseException():
            return problem(400, "The request is not HTTP/1.1 as RFC 9112 has it.", NOT_HTTP)
        case _:
            return described(error)
