"""RFC 9457 problem details."""

from marshmallow import Schema, fields, validate

from schemas.fields import ListOf, Object, Text


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
