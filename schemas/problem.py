"""An error's answer: RFC 9457 problem details."""

from marshmallow import Schema, fields, validate

from schemas.fields import ListOf, Object, Text


class FaultSchema(Schema):
    """One thing that is wrong with a request. `pointer` (RFC 6901) says where in it."""

    pointer = Text(required=True)
    detail = Text(required=True)


class ProblemSchema(Schema):
    """What went wrong, for a program (`type`, `status`, `errors`) and for a person (`title`, `detail`). In a batch's
    answer `line` is the line of the batch that it is about; else `request_id` is the request's name in the log."""

    type = Text(required=True)
    title = Text(required=True)
    status = fields.Integer(required=True, strict=True, validate=validate.Range(min=400, max=599))
    detail = Text(required=True)
    errors = ListOf(Object(FaultSchema))
    request_id = Text()
    line = fields.Integer(strict=True, validate=validate.Range(min=1))
