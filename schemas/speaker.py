"""A speaker of a response."""

from typing import get_args

from marshmallow import Schema, validate

from schemas.fields import ListOf, Text, one_of
from schemas.span import SpanField
from service.extraction.report import SpeakerKind


class SpeakerSchema(Schema):
    """A quoted speaker. `quotes` are the ids of their quotes."""

    id = Text(required=True)
    name = Text(required=True)
    kind = Text(required=True, validate=one_of(get_args(SpeakerKind)))
    description = Text(required=True, allow_none=True)
    aliases = ListOf(Text(), required=True)
    mentions = ListOf(SpanField(), required=True)
    quotes = ListOf(Text(), required=True, validate=validate.Length(min=1))
