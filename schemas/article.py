"""The article that an answer is about."""

from marshmallow import Schema, validate

from schemas.fields import Count, Text


class ArticleSchema(Schema):
    """What was sent. `length` is in the unit of `options.offsets`, `sha256` of the text in UTF-8.

    `byline`, `published_at` and `text` are told of a page only: there it is the service that found them.
    """

    id = Text(required=True, allow_none=True)
    title = Text(required=True, allow_none=True)
    url = Text(required=True, allow_none=True)
    language = Text(required=True, allow_none=True)
    length = Count(required=True)
    sha256 = Text(required=True, validate=validate.Regexp("[0-9a-f]{64}$"))
    byline = Text(allow_none=True)
    published_at = Text(allow_none=True)
    text = Text()
