"""What the service says about itself."""

from marshmallow import Schema

from schemas.fields import Object, Text, one_of
from schemas.report import ServiceSchema


class HealthSchema(Schema):
    """The process answers."""

    status = Text(required=True, validate=one_of(("alive",)))


class ReadinessSchema(Schema):
    """The model is loaded and has parsed."""

    status = Text(required=True, validate=one_of(("ready",)))
    service = Object(ServiceSchema, required=True)
