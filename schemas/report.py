"""The response about one article."""

from marshmallow import Schema, fields

from schemas.article import ArticleSchema, WarningSchema
from schemas.fields import ListOf, Object, Text
from schemas.quote import QuoteSchema
from schemas.speaker import SpeakerSchema


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
