"""The article of a response, and warnings about it."""

from typing import get_args

from marshmallow import Schema, validate

from schemas.fields import Count, Text, one_of
from service.input.article import ArticleForm


class ArticleSchema(Schema):
    """The article as sent or, for a web page, as extracted. `text` is present only for a page. `form` is what the
    text was taken for.

    `length` is in the unit of `options.offsets`; `sha256` is the hash of the text in UTF-8.
    """

    id = Text(required=True, allow_none=True)
    title = Text(required=True, allow_none=True)
    url = Text(required=True, allow_none=True)
    language = Text(required=True, allow_none=True)
    byline = Text(required=True, allow_none=True)
    published_at = Text(required=True, allow_none=True)
    site_name = Text(required=True, allow_none=True)
    form = Text(required=True, validate=one_of(get_args(ArticleForm)))
    length = Count(required=True)
    sha256 = Text(required=True, validate=validate.Regexp("[0-9a-f]{64}$"))
    text = Text()


class WarningSchema(Schema):
    """A reason why quotes are likely to be missed or wrong. Later versions can add codes; clients should ignore unknown
    ones."""

    code = Text(required=True)
    detail = Text(required=True)
