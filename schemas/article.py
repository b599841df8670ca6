"""The article of a response."""

from marshmallow import Schema, validate

from schemas.fields import Count, Text


class ArticleSchema(Schema):
    """The article as sent or, for a web page, as extracted. `text` is present only for a page.

    `length` is in the unit of `options.offsets`; `sha256` is the hash of the text in UTF-8.
    """

    id = Text(required=True, allow_none=True)
    title = Text(required=True, allow_none=True)
    url = Text(required=True, allow_none=True)
    language = Text(required=True, allow_none=True)
    byline = Text(required=True, allow_none=True)
    published_at = Text(required=True, allow_none=True)
    site_name = Text(required=True, allow_none=True)
    length = Count(required=True)
    sha256 = Text(required=True, validate=validate.Regexp("[0-9a-f]{64}$"))
    text = Text()
