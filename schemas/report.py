"""The response about one article, and those of the health endpoints."""

from typing import get_args

from marshmallow import Schema, fields, validate

from schemas.fields import Count, ListOf, Object, SpanField, Text, one_of
from schemas.quote import QuoteSchema
from service.extraction.report import SpeakerKind
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


class SpeakerSchema(Schema):
    """A quoted speaker. `quotes` are the ids of their quotes."""

    id = Text(required=True)
    name = Text(required=True)
    kind = Text(required=True, validate=one_of(get_args(SpeakerKind)))
    description = Text(required=True, allow_none=True)
    aliases = ListOf(Text(), required=True)
    mentions = ListOf(SpanField(), required=True)
    quotes = ListOf(Text(), required=True, validate=validate.Length(min=1))


class ModelSchema(Schema):
    """The model that parsed the article, and its arithmetic."""

    name = Text(required=True)
    version = Text(required=True)
    arithmetic = Text(required=True)


class ServiceSchema(Schema):
    """The versions of Pullquote and of the model."""

    version = Text(required=True)
    model = Object(ModelSchema, required=True)


class ReportSchema(Schema):
    """An article's quotes in text order, and their speakers in order of first quote."""

    article = Object(ArticleSchema, required=True)
    quotes = ListOf(Object(QuoteSchema), required=True)
    speakers = ListOf(Object(SpeakerSchema), required=True)
    warnings = ListOf(Object(WarningSchema), required=True)
    extra = fields.Dict(keys=Text())
    service = Object(ServiceSchema, required=True)


class HealthSchema(Schema):
    """The process is alive."""

    status = Text(required=True, validate=one_of(("alive",)))


class ReadinessSchema(Schema):
    """The model is loaded and ready."""

    status = Text(required=True, validate=one_of(("ready",)))
    service = Object(ServiceSchema, required=True)
