"""A stretch of the article's text."""

from marshmallow import Schema

from schemas.fields import Count, Text


class ExtentSchema(Schema):
    """Where a stretch lies: offsets into the text, end exclusive, in the unit of `options.offsets`."""

    start = Count(required=True)
    end = Count(required=True)


class SpanSchema(ExtentSchema):
    """A stretch and its characters: `text` is the article's own `[start:end]`."""

    text = Text(required=True)
