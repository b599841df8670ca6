"""Problem documents for requests that gunicorn cannot parse, or that arrive too late."""

from http import HTTPStatus
from typing import Any, Final
from uuid import uuid4

from gunicorn.http.errors import LimitRequestHeaders, LimitRequestLine  # type: ignore[import-untyped]

from service.account import Account
from service.api.accounting import REQUEST_ID, close
from service.api.headers import EVERYWHERE
from service.api.problems import MIMETYPE, described, problem
from service.metrics import Metrics
from service.rendering import to_json

_HEAD_BYTES: Final = 65_536


def refusal(error: Exception, config: Any, metrics: Metrics) -> bytes:
    """Return the complete response, in bytes, to a request that failed with `error` under gunicorn's `config`.

    The connection is closed after it. The request is recorded like any other; its method and route are unknown.
    """
    opened = Account(uuid4().hex, "other")
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
            told = (
                f"There are more than {most} headers, one is longer than {longest} bytes, or the head is longer than "
            )
            return problem(
                431, f"{told}{longest_head(config)} bytes. These are the limits; send fewer or shorter headers."
            )
        case _:
            return described(error)
