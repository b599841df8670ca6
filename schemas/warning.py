"""A warning about the article."""

from marshmallow import Schema

from schemas.fields import Text


class WarningSchema(Schema):
    """A reason why quotes are likely to be missed or wrong. Later versions can add codes; clients should ignore unknown
    ones."""

    code = Text(required=True)
    detail = Text(required=True)
