"""RFC 9457 problem details, and the errors that marshmallow found as their faults."""

from collections.abc import Iterator
from typing import Any, Final

from marshmallow import Schema, fields, validate

from schemas.fields import ListOf, Object, Text
from service.errors import Fault

_MOST: Final = 20  # faults in a response


class FaultSchema(Schema):
    """One error in a request. `pointer` is its JSON pointer (RFC 6901)."""

    pointer = Text(required=True)
    detail = Text(required=True)


class ProblemSchema(Schema):
    """What went wrong, for programs (`type`, `status`, `errors`) and people (`title`, `detail`). In a batch's response,
    `line` is the number of the line; otherwise `request_id` identifies the request in the log."""

    type = Text(required=True)
    title = Text(required=True)
    status = fields.Integer(required=True, strict=True, validate=validate.Range(min=400, max=599))
    detail = Text(required=True)
    errors = ListOf(Object(FaultSchema))
    request_id = Text()
    line = fields.Integer(strict=True, validate=validate.Range(min=1))


def faults_of(messages: Any) -> list[Fault]:
    """Return the faults of marshmallow's tree of messages; of more than twenty, the first twenty and their number."""
    faults = list(_faults(messages, ""))
    return faults if len(faults) <= _MOST else [*faults[:_MOST], Fault("", f"and {len(faults) - _MOST} more errors.")]


def _faults(messages: Any, pointer: str) -> Iterator[Fault]:
    """Flatten marshmallow's tree of messages to a list, each with its JSON pointer."""
    if isinstance(messages, list):
        yield from (Fault(pointer, message) for message in messages)
        return
    for key, below in messages.items():
        yield from _faults(below, pointer if key == "_schema" else f"{pointer}/{_token(str(key))}")


def _token(key: str) -> str:
    """Return a step of a JSON pointer: a name from the request, shortened and made safe to return."""
    shown = key if len(key) <= 100 else f"{key[:100]}…"
    return shown.encode("utf-8", "replace").decode().replace("~", "~0").replace("/", "~1")
