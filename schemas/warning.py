"""A warning about the article that was sent."""

from marshmallow import Schema

from schemas.fields import Text


class WarningSchema(Schema):
    """Why quotes are likely to be missed or wrong. Later versions can have more codes: clients ignore unknown ones."""

    code = Text(required=True)
    detail = Text(required=True)
